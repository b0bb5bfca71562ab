#!/usr/bin/env python3
"""Checks a document's break-evens: computes them again from its processes, in another way.

usage: break_even.py DOCUMENT

For each alternative and margin are printed: the length of task from which on a thread costs no more, as the
document has it and as this script does, from tasks of length 0; and by the lengths measured alone, where the
ratio thread / alternative of each round falls to 1 + margin for good, between two lengths on a straight line in
the logarithms. Fails where the first two differ. Make the document with

    threadbench run --set alternatives -o FILE
"""
import collections
import json
import math
import statistics
import sys


def read(document):
    """{case: {round: value}}, by each case's statistic."""
    found = collections.defaultdict(dict)
    for entry in document["benchmarks"]:
        if entry["run_type"] == "iteration" and not entry.get("error_occurred"):
            found[entry["run_name"]][entry["round"]] = entry["real_time"]
    return found


def interval(values):
    """The narrowest symmetric pair of order statistics that covers the median with >= 95 %; or None."""
    n, values = len(values), sorted(values)
    below, rank = 0.0, 0
    while below + math.comb(n, rank) / 2 ** n <= 0.025:
        below += math.comb(n, rank) / 2 ** n
        rank += 1
    return (values[rank - 1], values[n - rank]) if rank else (None, None)


def crossing(ratios, margin):
    """Where the ratio falls to 1 + margin for good; `ratios` by ascending length."""
    points = [(max(length, 1), ratio - 1) for length, ratio in ratios]
    last = max((i for i, point in enumerate(points) if point[1] > margin), default=None)
    if last is None:
        return 0
    if last == len(points) - 1:
        return math.inf
    (short, more), (long, less) = points[last], points[last + 1]
    share = math.log(more / margin) / math.log(more / max(less, margin / 10))
    return short * (long / short) ** share


def text(ns):
    return "-" if ns is None else "longer" if math.isinf(ns) else f"{ns / 1000:.1f}"


def shown(values):
    return "{:>9} ({} .. {})".format(*map(text, values))


def sides(found, cases, item):
    """[(length, {round: (thread, alternative)})] of an alternative, by ascending length."""
    names = [(0, item["case"])] + [(point["length_ns"], point["case"]) for point in item["points"]]
    for length, name in sorted(names):
        thread = found[cases[name]["break_even"]["thread"]]
        yield length, {r: (thread[r], value) for r, value in found[name].items() if r in thread}


def compare(item, measured):
    """Prints the margins of an alternative; returns how many differ."""
    wrong = 0
    empty = [pair for _, pair in sorted(measured[0][1].items())]
    rounds = set.intersection(*(set(pairs) for _, pairs in measured))
    print(f"{item['case']}, {len(empty)} rounds")
    for given in item["margins"]:
        margin = given["margin"]
        own = [max((t - a) / margin - a, 0) for t, a in empty]
        own = (statistics.median(own), *interval(own))
        told = (given["length_ns"], given["low_ns"], given["high_ns"])
        alone = [crossing([(length, pairs[r][0] / pairs[r][1]) for length, pairs in measured], margin)
                 for r in rounds]
        same = all(a == b or None not in (a, b) and math.isclose(a, b, rel_tol=1e-5) for a, b in zip(own, told))
        wrong += not same
        print(f"  {100 * margin:4g} %: document {shown(told)} µs, here {shown(own)} µs"
              f"{'' if same else ': DIFFERENT'}; measured alone {shown((statistics.median(alone), *interval(alone)))}")
    return wrong


def main(path):
    with open(path) as file:
        document = json.load(file)
    found, cases = read(document), {case["name"]: case for case in document["threadbench_cases"]}
    items = [item for item in document["threadbench_break_even"] if item["reason"] is None]
    if not items:
        sys.exit(f"{path}: no break-even")
    sys.exit(sum(compare(item, list(sides(found, cases, item))) for item in items) > 0)


if len(sys.argv) != 2:
    sys.exit(__doc__)
main(sys.argv[1])
