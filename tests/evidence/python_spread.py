#!/usr/bin/env python3
"""How even the times are in each interpreter, and what an operation used, from documents of one run.

usage: python_spread.py FIRST.json OTHER.json...

Takes what 'threadbench run --python A --python B ... -o x.json' wrote. For each case it prints the
spread p90 / p10 within a process, as the median over processes; for the other documents also its
ratio to the first one's in the same round, with a 95 % interval from order statistics. Below stand
each one's medians of switches, faults and CPU time per operation, the set-up included.
"""
import json
import math
import os
import statistics
import sys

USED = ("vcsw", "ivcsw", "minflt", "user_ns", "sys_ns", "child_cpu_ns")


def rounds_of(path):
    """{case: {round: entry}}"""
    found = {}
    with open(path, encoding="utf-8") as file:
        for entry in json.load(file)["benchmarks"]:
            if "round" in entry and entry["run_type"] == "iteration":
                found.setdefault(entry["name"], {})[entry["round"]] = entry
    return found


def summary(values):
    """The median, and the k-th values from both ends with at most 2.5 % beyond each."""
    values, n, below, k = sorted(values), len(values), 0.0, 0
    while below + math.comb(n, k) / 2 ** n <= 0.025:
        below += math.comb(n, k) / 2 ** n
        k += 1
    between = f" [{values[k - 1]:.2f}, {values[-k]:.2f}]" if k else ""
    return f"{statistics.median(values):.2f}{between}"


def spread(entries):
    return {number: entry["p90"] / entry["p10"] for number, entry in entries.items()
            if entry.get("p10") and entry.get("p90")}


def main(paths):
    labels = [os.path.splitext(os.path.basename(path))[0] for path in paths]
    documents = [rounds_of(path) for path in paths]
    for case in documents[0]:
        print(case)
        first = spread(documents[0][case])
        for label, document in zip(labels, documents):
            entries = document.get(case, {})
            own = spread(entries)
            pairs = [own[number] / first[number] for number in own if number in first]
            if own:
                print(f"    {label}: p90 / p10 {statistics.median(own.values()):.2f}" +
                      (f", {summary(pairs)} times {labels[0]}'s" if document is not documents[0]
                       and pairs else ""))
            used = {key: [entry[key] for entry in entries.values() if key in entry] for key in USED}
            print(f"    {label}: " + ", ".join(f"{key} {statistics.median(values):.4g}"
                                               for key, values in used.items() if values))


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    main(sys.argv[1:])
