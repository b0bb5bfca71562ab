#!/usr/bin/env python3
"""What the readers of exports make of them: each is asked by its own code or schema.

usage: consumers.py THREADBENCH FOLDER [NAME=CHECKOUT...]

FOLDER gets the exports, of a run of the suite and of an archive of ten runs that is made from it, the
last five 20 % slower. Each NAME is a reader, CHECKOUT its source: github (github-action-benchmark,
after npm ci and npm run build), bencher (its schema), otava, treeherder (its schema), asv
(CHECKOUT:CHECKOUT, the other of asv_runner), arrow, llvm (llvm-test-suite); or where its program is:
compare (the path of Google Benchmark's compare.py), postgres (as psql's --dbname); prometheus (the
parser of python3-prometheus-client) and sqlite need none. otava and asv need packages of Python;
clients of services that no CSV needs are left out. Prints a line for each: its word on the export.
"""
import importlib.util
import json
import os
import pathlib
import re
import subprocess
import sys
import types

ONE = ("github-action-benchmark", "bencher", "perfherder", "google-benchmark")
SERIES = ("otava", "openmetrics", "rows-csv", "rows-ndjson")


def run(*words, **more):
    return subprocess.run([str(word) for word in words], check=True, text=True, capture_output=True, **more).stdout


def git(folder, *words):
    return run("git", "-C", folder, "-c", "user.name=n", "-c", "user.email=n@localhost", *words).strip()


def slower(document, factor):
    for entry in document["benchmarks"]:
        for key, value in entry.items():
            if key in ("real_time", "mean", "min", "max", "p10", "p50", "p90", "p99") and entry.get("time_unit") == "ns":
                entry[key] = value * factor
    return document


def make(program, folder):
    """The exports, in files named for their formats."""
    folder.mkdir(parents=True, exist_ok=True)
    work, text = folder / "work", folder / "result.json"
    if not text.exists():
        text.write_text(run(program, "run", "-q", "--rounds", "12", "--time", "0.02", "--format", "json"))
        git(folder, "init", "-q", "work")
    for number in range(10):
        git(work, "commit", "-q", "--allow-empty", "-m", f"commit {number}")
        document = slower(json.loads(text.read_text()), (1.2 if number > 4 else 1) * (1 + number % 3 / 500))
        ours = document["context"]["threadbench"]
        ours.update(run_id=f"{number:016x}", session=f"{number:016x}", started_utc=f"2026-01-{number + 1:02}T01:02:03Z",
                    revision={"commit": git(work, "rev-parse", "HEAD"), "dirty": False, "describe": None})
        path = folder / "one.json"
        path.write_text(json.dumps(document))
        run(program, "archive", "add", folder / "archive", path)
    for form in ONE:
        (folder / form).write_text(run(program, "show", "--format", form, text))
    for form in SERIES:
        run(program, "archive", "export", "--format", form, "-o", folder / form, folder / "archive")
    run(program, "archive", "export", "--format", "asv", "-o", folder / "asv", folder / "archive")


def load(path, name, **stubs):
    for stub, content in stubs.items():
        sys.modules[stub.replace("__", ".")] = content
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


GITHUB = """
const root = process.argv[1], built = root + '/dist';
const { extractResult } = require(`${built}/src/extract.js`);
const { normalizeBenchmark } = require(`${built}/src/normalizeBenchmark.js`);
const { extractRangeInfo } = require(`${built}/src/extractRangeInfo.js`);
const { context } = require(root + '/node_modules/@actions/github');
context.payload = { head_commit: { id: 'x', message: '', timestamp: '', url: '', author: {}, committer: {} } };
extractResult({ tool: 'customSmallerIsBetter', outputFilePath: process.argv[2] }).then((result) => {
    const bad = result.benches.filter((b) => !(b.name && Number.isFinite(b.value) && b.unit));
    const again = normalizeBenchmark(result, result);
    const ranges = again.benches.filter((b) => Number.isFinite(extractRangeInfo(b.range)?.value));
    console.log(`${result.benches.length} points, ${bad.length} without name, value or unit; ` +
                `${ranges.length} with a range`);
});"""


def ask_github(folder, checkout):
    return run("node", "-e", GITHUB, checkout, folder / "github-action-benchmark")


def ask_bencher(folder, checkout):
    import jsonschema
    report = json.loads((folder / "bencher").read_text())
    jsonschema.validate(report, json.loads((pathlib.Path(checkout) / "services/console/public/v0/bmf.json").read_text()))
    bounded = sum("lower_value" in metric for measures in report.values() for metric in measures.values())
    return f"valid, {len(report)} benchmarks, {bounded} with bounds"


# Otava imports clients of every service that it can read from, whichever is used.
OTAVA = """
import sys
from unittest.mock import MagicMock
for name in "google google.cloud google.cloud.bigquery google.oauth2 slack_sdk pg8000".split():
    sys.modules[name] = MagicMock()
from otava.main import main
main()
"""


def ask_otava(folder, checkout):
    head = (folder / "otava").read_text().split("\n", 1)[0].split(",")[2:]
    metrics = "".join(f"      m{i}:\n        column: '{name}'\n        direction: -1\n" for i, name in enumerate(head))
    (folder / "otava.yaml").write_text(
        f"tests:\n  threadbench:\n    type: csv\n    file: {folder / 'otava'}\n    time_column: time\n"
        f"    attributes: [commit]\n    metrics:\n{metrics}")
    text = run(sys.executable, "-c", OTAVA, "analyze", "--config-file", folder / "otava.yaml", "threadbench",
               "--since", "2025-12-01", env={**os.environ, "PYTHONPATH": str(checkout)})
    changes = re.findall(r"[-+][0-9.]+%", text)
    return f"{len(head)} metrics, {len(changes)} change points: {' '.join(changes[:6])}"


def ask_treeherder(folder, checkout):
    import jsonschema
    schema = json.loads((pathlib.Path(checkout) / "schemas/performance-artifact.json").read_text())
    export = json.loads((folder / "perfherder").read_text())
    jsonschema.validate(export, schema)
    return f"valid, {sum(len(suite['subtests']) for suite in export['suites'])} subtests"


# asv asks for its own version, which a checkout does not have.
ASV = """
import sys, importlib_metadata
from unittest.mock import MagicMock
importlib_metadata.version = lambda name: "0.6"
for name in ("pympler", "pympler.asizeof"):
    sys.modules[name] = MagicMock()
from asv.main import main
main()
"""


def ask_asv(folder, checkouts):
    environment = {**os.environ, "PYTHONPATH": checkouts}
    config = folder / "asv.conf.json"
    config.write_text(json.dumps({
        "version": 1, "project": "threadbench", "project_url": "", "repo": str(folder / "work"), "branches": [git(folder / "work", "branch", "--show-current")],
        "environment_type": "existing", "results_dir": str(folder / "asv"), "html_dir": str(folder / "html")}))
    asv = [sys.executable, "-c", ASV]
    told = run(*asv, "publish", "--config", config, "--no-pull", env=environment)
    graphs = [path for path in (folder / "html" / "graphs").rglob("*.json") if "summary" not in str(path)]
    points = sorted({len(json.loads(path.read_text())) for path in graphs})
    steps = json.loads((folder / "html" / "regressions.json").read_text())["regressions"]
    machine = next((folder / "asv").glob("*/machine.json")).parent.name
    old, new = (git(folder / "work", "rev-parse", name) for name in ("HEAD~9", "HEAD"))
    table = run(*asv, "compare", "--config", config, "--machine", machine, old, new, env=environment)
    worse = re.findall(r"^\| \+ ", table, re.M)
    return (f"{len(graphs)} graphs of {points} points, {len(steps)} regressions; compare: {len(worse)} worse"
            + "".join(f"; {line}" for line in told.splitlines() if "warn" in line.lower()))


def ask_arrow(folder, checkout):
    google = pathlib.Path(checkout) / "dev/archery/archery/benchmark/google.py"
    package = types.ModuleType("archery")
    package.__path__ = [str(google.parents[1])]
    sys.modules["archery"] = package
    benchmark = types.ModuleType("archery.benchmark")
    benchmark.__path__ = [str(google.parent)]
    sys.modules["archery.benchmark"] = benchmark
    module = load(google, "archery.benchmark.google")
    found = module.GoogleBenchmark.from_json(json.loads((folder / "google-benchmark").read_text())["benchmarks"])
    return f"{len(found)} benchmarks of {sorted({len(b.values) for b in found})} values, least {min(b.values[0] for b in found):.4g} {found[0].unit}"


def ask_llvm(folder, checkout):
    class Result:
        def __init__(self, _):
            self.metrics = {}

        def addMetric(self, name, value):
            self.metrics[name] = value

    test = types.SimpleNamespace(PASS=0, Result=Result, toMetricValue=lambda value: value)
    lit = types.ModuleType("lit")
    lit.Test = test
    support = types.ModuleType("litsupport")
    support.shellcommand = support.testplan = None
    module = load(pathlib.Path(checkout) / "litsupport/modules/microbenchmark.py", "microbenchmark", lit=lit,
                  lit__Test=test, litsupport=support)
    context = types.SimpleNamespace(micro_results={}, read_result_file=lambda _, path: path.read_text())
    module._collectMicrobenchmarkTime(context, [folder / "google-benchmark"])
    times = [result.metrics["exec_time"] for result in context.micro_results.values()]
    return f"{len(times)} results, least {min(times):.4g}"


def ask_prometheus(folder, _):
    from prometheus_client.openmetrics.parser import text_string_to_metric_families as parse
    families = list(parse((folder / "openmetrics").read_text()))
    return f"{len(families)} families, {sum(len(family.samples) for family in families)} samples"


def ask_compare(folder, script):
    lean = folder / "google-benchmark"
    text = run("/usr/bin/python3", script, "--no-color", "benchmarks", lean, lean)
    return f"{text.count('/real_time')} rows"


def ask_sqlite(folder, _):
    database = folder / "rows.db"
    database.unlink(missing_ok=True)
    run("sqlite3", database, f".import --csv {folder / 'rows-csv'} rows")
    return run("sqlite3", database, "select count(*) || ' rows, ' || count(distinct \"case\") || ' cases, '"
               " || sum(json_extract(fields, '$.samples') > 0) || ' with samples' from rows")


def ask_postgres(folder, dsn):
    columns = ("host text, commit text, dirty boolean, time timestamptz, run_id text, session text, label text, "
               "\"case\" text, benchmark text, runtime text, role text, round integer, value double precision, "
               "unit text, statistic text, samples bigint, instructions double precision, "
               "syscalls double precision, faults double precision, version text, axes jsonb, fields jsonb, machine text, "
               "cpu text, kernel text, libc text, compiler text, library text, program text")
    return run("psql", dsn, "-Atq", "-v", "ON_ERROR_STOP=1", "-c", f"create temp table rows ({columns})",
               "-c", f"\\copy rows from {folder / 'rows-csv'} csv header",
               "-c", "create temp table lines (line jsonb)",
               "-c", f"\\copy lines from {folder / 'rows-ndjson'} csv quote e'\\x01' delimiter e'\\x02'",
               "-c", "select count(*) || ' rows, ' || count(distinct \"case\") || ' cases, ' || "
               "count(*) filter (where (fields->>'samples')::float > 0) || ' with samples' from rows",
               "-c", "select count(*) || ' lines, ' || count(distinct line->>'case') || ' cases' from lines")


def main():
    program, folder = sys.argv[1], pathlib.Path(sys.argv[2]).resolve()
    if not (folder / "rows-csv").exists():
        make(program, folder)
    for word in sys.argv[3:]:
        name, checkout = word.split("=", 1)
        try:
            print(f"{name}: {' '.join(globals()['ask_' + name](folder, checkout).split())}")
        except subprocess.CalledProcessError as error:
            print(f"{name}: failed: {' '.join((error.stderr or error.stdout).split()[-40:])}")


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    main()
