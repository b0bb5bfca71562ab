#!/usr/bin/env python3
"""Writes the reference of what threadbench-suite measures, from the suite's own registry.

usage: tables.py SUITE PAGE            writes the page
       tables.py --check SUITE PAGE    fails, and prints the difference, if the page is not current

`ninja -C build tables` writes docs/reference/benchmarks.md. Nothing on the page depends on the machine: a case
that cannot run here, and a runtime that was built without its library, are on it all the same.
"""
import difflib
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

HEAD = """# Benchmarks, axes and runtimes

<!-- Written by bench/tables.py: ninja -C build tables -->

What `threadbench-suite` measures. [suite.md](suite.md) explains how, and what to know about single benchmarks. A benchmark is
crossed with each runtime of the kinds named. It has a case at its base, the first value of each axis, and one for each further
value of an axis, the others at their base. A dash stands for a benchmark that makes no thread: it has one case at each point.
"""


def registry(suite):
    """The sidecar that lists every case."""
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "sidecar.json"
        subprocess.run([suite, "--benchmark_list_tests"], check=True, stdout=subprocess.DEVNULL,
                       env={**os.environ, "THREADBENCH_SIDECAR": str(path)})
        return json.loads(path.read_text(encoding="utf-8"))


def benchmarks(cases):
    """The cases of each benchmark; the first one is its base, on the first runtime."""
    by_name = {}
    for case in cases:
        by_name.setdefault(case["benchmark"], []).append(case)
    return by_name


def values(cases, axis):
    """In the order of the cases."""
    return list(dict.fromkeys(case["axes"][axis] for case in cases if axis in case["axes"]))


def joined(items):
    return ", ".join(map(str, items))


def axes_of(cases):
    return "; ".join(f"{axis}: {joined(values(cases, axis))}" for axis in cases[0]["axes"])


def all_values(cases, axis):
    """Numbers in their order, names as their benchmarks have them."""
    found = values(cases, axis)
    return joined(found if any(isinstance(value, str) for value in found) else sorted(found))


def kinds_of(cases, kinds):
    return joined(dict.fromkeys(kinds[c["runtime"]] for c in cases if c["runtime"])) or "–"


def statistics_of(cases):
    """The base's, and at which values of an axis it is another one."""
    base, others = cases[0], {}
    for case in cases:
        if case["primary_statistic"] != base["primary_statistic"]:
            others.setdefault(case["primary_statistic"], []).append(case)
    text = base["primary_statistic"]
    for statistic, at in others.items():
        moved = [f"{axis}:{value}" for axis, value in at[0]["axes"].items()
                 if value != base["axes"][axis]]
        text += f"; {statistic} at {joined(moved)}"
    return text


def beside_their_base(cases):
    """Those of the standard set that are in it for themselves, by a benchmark's `standard`."""
    bases = {(case["benchmark"], case["runtime"]): case["case"] for case in reversed(cases)}
    return [case["case"] for case in cases
            if case["standard"] and not case["core"]
            and bases[case["benchmark"], case["runtime"]] != case["case"]]


def escaped(text):
    return re.sub(r"([|<])", r"\\\1", text)


def table(heads, rows):
    lines = [heads, ["---"] * len(heads), *([escaped(cell) for cell in row] for row in rows)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def page(catalogue):
    kinds = {runtime["name"]: runtime["kind"] for runtime in catalogue["runtimes"]}
    by_name = benchmarks(catalogue["cases"])
    parts = [HEAD]
    for family in dict.fromkeys(name.split("/")[0] for name in by_name):
        rows = [[name, cases[0]["doc"], axes_of(cases), kinds_of(cases, kinds), statistics_of(cases)]
                for name, cases in by_name.items() if name.split("/")[0] == family]
        parts.append(f"## {family}\n\n" + table(
            ["benchmark", "one sample", "axes, the base first", "kinds", "primary statistic"], rows))
    parts.append("## Axes\n\n" + table(
        ["axis", "what is varied", "unit", "values"],
        [[axis["name"], axis["doc"], axis["unit"] or "",
          all_values(catalogue["cases"], axis["name"])] for axis in catalogue["axes"]]))
    parts.append("## Runtimes\n\n" + table(
        ["runtime", "kind", "create and join"],
        [[r["name"], r["kind"], r["doc"]] for r in catalogue["runtimes"]]))
    parts.append("## The core set\n\n" + "\n".join(
        f"- `{case['case']}`" for case in catalogue["cases"] if case["core"]))
    parts.append("## Beside their base in the standard set\n\nWhat differs from the base so much that it surprises.\n\n"
                 + "\n".join(f"- `{case}`" for case in beside_their_base(catalogue["cases"])))
    return "\n\n".join(part.strip("\n") for part in parts) + "\n"


def check(path, wanted):
    given = path.read_text(encoding="utf-8")
    difference = list(difflib.unified_diff(
        given.splitlines(), wanted.splitlines(), str(path), "the registry", lineterm=""))
    if difference:
        print("\n".join([*difference, "Write it anew: ninja -C build tables"]))
    return 1 if difference else 0


def main(arguments):
    checking = arguments[0] == "--check"
    suite, path = arguments[1:] if checking else arguments
    wanted = page(registry(suite))
    if checking:
        return check(pathlib.Path(path), wanted)
    pathlib.Path(path).write_text(wanted, encoding="utf-8")
    return 0


if __name__ == "__main__":
    if len(sys.argv) - (sys.argv[1:2] == ["--check"]) != 3:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1:]))
