#!/usr/bin/env python3
"""Whether an export has the form that its reader expects; prints how many values it has.

usage: export_shape.py FORMAT PATH

The forms are written down here from the readers' documentation. tests/evidence/consumers.py asks the
readers themselves.
"""
import csv
import json
import math
import pathlib
import re
import sqlite3
import sys

import jsonschema

NUMBER = {"type": "number"}
TEXT = {"type": "string", "minLength": 1}


def every(members, **more):
    return {"type": "object", "properties": members, "required": list(members),
            "additionalProperties": False, **more}


SHAPES = {
    "github-action-benchmark": {
        "type": "array", "minItems": 1,
        "items": {"type": "object", "required": ["name", "unit", "value"],
                  "properties": {"name": TEXT, "unit": TEXT, "value": NUMBER,
                                 "range": {"type": "string", "pattern": "^± "}, "extra": TEXT},
                  "additionalProperties": False}},
    "bencher": {
        "type": "object", "minProperties": 1,
        "additionalProperties": {
            "type": "object", "minProperties": 1,
            "additionalProperties": {
                "type": "object", "required": ["value"], "additionalProperties": False,
                "properties": {"value": NUMBER, "lower_value": NUMBER, "upper_value": NUMBER}}}},
    "perfherder": every({
        "framework": every({"name": TEXT}),
        "suites": {"type": "array", "minItems": 1, "items": every({
            "name": TEXT,
            "subtests": {"type": "array", "items": every({
                "name": TEXT, "value": NUMBER, "unit": {**TEXT, "maxLength": 20},
                "lowerIsBetter": {"const": True},
                "replicates": {"type": "array", "minItems": 1, "items": NUMBER}})}})}}),
    "google-benchmark": {
        "type": "object", "required": ["context", "benchmarks"],
        "properties": {
            "context": {"type": "object", "not": {"required": ["threadbench"]}},
            "benchmarks": {"type": "array", "minItems": 1, "items": {
                "type": "object", "required": ["name", "real_time", "cpu_time", "iterations"],
                "properties": {"name": {"type": "string", "pattern": "/real_time$"},
                               "real_time": NUMBER, "cpu_time": NUMBER,
                               "run_type": {"const": "iteration"}, "time_unit": {"const": "ns"}}}}}},
}
ROW = ["host", "commit", "dirty", "time", "run_id", "session", "label", "case", "benchmark", "runtime",
       "role", "round", "value", "unit", "statistic", "samples", "instructions", "syscalls", "faults",
       "version", "axes", "fields", "machine", "cpu", "kernel", "libc", "compiler", "library", "program"]


def refuse(name):
    raise ValueError(name)


def read_json(text):
    return json.loads(text, parse_constant=refuse)


def one_document(form, path):
    export = read_json(path.read_text())
    jsonschema.validate(export, SHAPES[form])
    return {"perfherder": lambda: sum(len(s["subtests"]) for s in export["suites"]),
            "google-benchmark": lambda: len(export["benchmarks"])}.get(form, lambda: len(export))()


def rows_csv(path):
    with open(path, newline="") as file:
        rows = list(csv.reader(file, strict=True))
    assert rows[0] == ROW
    database = sqlite3.connect(":memory:")
    database.execute(f"create table rows ({', '.join(ROW)})".replace("commit", '"commit"').replace(
        "case", '"case"'))
    database.executemany(f"insert into rows values ({', '.join('?' * len(ROW))})", rows[1:])
    assert database.execute("select count(*) from rows where json_valid(axes) and json_valid(fields)"
                            " and cast(value as real) > 0").fetchone()[0] == len(rows) - 1
    return len(rows) - 1


def rows_ndjson(path):
    rows = [read_json(line) for line in path.read_text().splitlines()]
    for row in rows:
        assert list(row) == ROW
        assert isinstance(row["axes"], dict) and isinstance(row["fields"], dict)
        assert math.isfinite(row["value"])
    return len(rows)


def otava(path):
    with open(path, newline="") as file:
        head, *rows = csv.reader(file, strict=True)
    assert head[:2] == ["time", "commit"] and len(set(head)) == len(head)
    assert [row[0] for row in rows] == sorted(row[0] for row in rows)
    for row in rows:
        assert len(row) == len(head) and all(math.isfinite(float(cell)) for cell in row[2:])
    return len(rows) * (len(head) - 2)


SAMPLE = re.compile(r'([a-z_:]+)\{((?:[a-z_]+="(?:[^"\\\n]|\\["\\n])*",?)*)\} (-?[0-9.e+-]+)(?: ([0-9]+))?$')


def openmetrics(path):
    text = path.read_text()
    assert text.endswith("\n# EOF\n")
    families, seen = [], set()
    for line in text.splitlines()[:-1]:
        if line.startswith("# "):
            _, kind, name, _ = line.split(" ", 3)
            assert (kind == "TYPE") != (name in families), "a family begins once"
            families += [name] if kind == "TYPE" else []
            continue
        name, labels, value, time = SAMPLE.match(line).groups()
        assert name.removesuffix("_info") == families[-1]
        assert math.isfinite(float(value)) and (name, labels, time) not in seen
        seen.add((name, labels, time))
    return len(seen)


def asv(path):
    benchmarks = read_json((path / "benchmarks.json").read_text())
    assert benchmarks.pop("version") == 2
    for name, benchmark in benchmarks.items():
        assert benchmark["name"] == name and benchmark["params"] == benchmark["param_names"] == []
    count = 0
    for file in path.glob("*/*.json"):
        content = read_json(file.read_text())
        if file.name == "machine.json":
            assert content["version"] == 1 and content["machine"] == file.parent.name
            continue
        assert content["version"] == 2 and file.name.startswith(content["commit_hash"][:8] + "-")
        for name, row in content["results"].items():
            assert name in benchmarks and len(row) == len(content["result_columns"])
            assert len(row[0]) == 1 and row[0][0] > 0
            count += 1
    return count


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    form, path = sys.argv[1], pathlib.Path(sys.argv[2])
    if form in SHAPES:
        print(one_document(form, path))
    else:
        print({"rows-csv": rows_csv, "rows-ndjson": rows_ndjson, "otava": otava,
               "openmetrics": openmetrics, "asv": asv}[form](path))
