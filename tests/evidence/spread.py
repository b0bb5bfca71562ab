#!/usr/bin/env python3
"""Which statistic of a process is steady: the CV of each over a document's processes.

usage: spread.py DOCUMENT [DOCUMENT ...]

For each case, the coefficient of variation over processes of the mean, the 10th percentile, the
median and the minimum of its samples, in per cent, and the case's primary statistic. Make a document with

    threadbench run --set core --rounds 60 -o idle.json
"""
import collections
import json
import statistics
import sys

STATISTICS = ("mean", "p10", "p50", "min")


def spread(entries, statistic):
    values = [entry[statistic] for entry in entries if statistic in entry]
    if len(values) < 2 or len(values) < len(entries):
        return "      -"
    return f"{100 * statistics.stdev(values) / statistics.fmean(values):7.2f}"


def main(paths):
    for path in paths:
        with open(path) as file:
            document = json.load(file)
        cases = {case["name"]: case for case in document["threadbench_cases"]}
        runs = collections.defaultdict(list)
        for entry in document["benchmarks"]:
            if entry.get("run_type") == "iteration" and not entry.get("error_occurred"):
                runs[entry["name"]].append(entry)
        print(f"\n{path}\n{'case':46}   n " + "".join(f"{s:>8}" for s in STATISTICS) + "  primary statistic")
        for name, entries in runs.items():
            case = cases.get(name, {})
            print(f"{name:46} {len(entries):3} " +
                  " ".join(spread(entries, s) for s in STATISTICS) +
                  f"  {case['primary_statistic']}" +
                  (f"  ({case['role']})" if case["role"] != "selected" else ""))


if len(sys.argv) < 2:
    sys.exit(__doc__)
main(sys.argv[1:])
