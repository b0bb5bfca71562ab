#!/usr/bin/env python3
"""From which length of task on a thread made for it is no dearer than a pool's thread.

usage: break_even.py DOCUMENT [MARGIN_PERCENT]

No dearer: by less than the margin (default 5 %) of what the task takes in the pool. In each round
the ratio thread / pool of each length gives the length at which it falls to 1 + margin, between two
lengths on a straight line in the logarithms; printed are the median over rounds and the interval of
the median from order statistics (exact, at least 95 % where there are six rounds or more).

Tasks that are waited for one at a time also give it without their work, as what a task costs besides
does not depend on its length: (thread - pool) / margin - pool, each of length 0. On a busy machine
that is the steadier of the two. Make documents with

    threadbench run -f '^task/wait/cpu:same/.*(posix|glib|uv|openmp)$' --samples 25 -r 8 -o FILE
    threadbench run -f '^task/batch/alive:100/cpu:free/.*(posix|glib|uv)$' --samples 5 -r 8 -o FILE
"""
import collections
import json
import math
import re
import statistics
import sys

THREAD, POOLS = "posix", ("glib", "uv", "openmp", "uv-async", "uv-idle")
BASES = {"task/wait/cpu:same": 1, "task/batch/alive:100/cpu:free": 100}  # how many tasks a sample is


def read(path):
    """{(base, runtime, work): {round: entry}}"""
    with open(path) as file:
        document = json.load(file)
    found = collections.defaultdict(dict)
    for entry in document["benchmarks"]:
        match = re.fullmatch(r"(.*?)(?:/work:(\d+))?/([\w-]+)", entry.get("run_name", ""))
        if match and match[1] in BASES and entry["run_type"] == "iteration" \
                and not entry.get("error_occurred"):
            found[match[1], match[3], int(match[2] or 0)][entry["round"]] = entry
    return found


def interval(values):
    """The narrowest symmetric pair of order statistics that covers the median with >= 95 %."""
    n, values = len(values), sorted(values)
    below, rank = 0.0, 0
    while below + math.comb(n, rank) / 2 ** n <= 0.025:
        below += math.comb(n, rank) / 2 ** n
        rank += 1
    return (values[rank - 1], values[n - rank]) if rank else (values[0], values[-1])


def crossing(ratios, margin):
    """Where the ratio falls to 1 + margin for good; `ratios` by ascending length."""
    points = [(max(work, 1), ratio - 1) for work, ratio in ratios]
    last = max((i for i, point in enumerate(points) if point[1] > margin), default=None)
    if last is None:
        return 0
    if last == len(points) - 1:
        return math.inf
    (short, more), (long, less) = points[last], points[last + 1]
    share = math.log(more / margin) / math.log(more / max(less, margin / 10))
    return short * (long / short) ** share


def length(ns):
    return "longer than measured" if math.isinf(ns) else f"{ns / 1000:.1f} µs"


def tell(what, values):
    low, high = (length(ns) for ns in interval(values))
    print(f"{what} {length(statistics.median(values))} on ({low} to {high})")


def compare(found, base, pool, margin):
    works = sorted(work for b, r, work in found if (b, r) == (base, pool))
    sides = [[found[base, runtime, work] for work in works] for runtime in (THREAD, pool)]
    rounds = set.intersection(*(set(entries) for side in sides for entries in side))
    thread, other = ([[entry[r].get("p50", entry[r]["mean"]) / BASES[base] for entry in side]
                      for r in sorted(rounds)] for side in sides)
    print(f"\n{base}, {THREAD} / {pool}, {len(rounds)} rounds\n"
          "  length      thread ns      pool ns    ratio")
    for i, work in enumerate(works):
        a, b = ([row[i] for row in side] for side in (thread, other))
        ratio = statistics.median(x / y for x, y in zip(a, b))
        print(f"{work:8} {statistics.median(a):14.0f} {statistics.median(b):12.0f} {ratio:8.3f}")
    found_at = [crossing([(work, x / y) for work, x, y in zip(works, a, b)], margin)
                for a, b in zip(thread, other)]
    tell(f"  no dearer than {100 * margin:g} % from", found_at)
    if BASES[base] == 1:
        tell("  by tasks of length 0 from",
             [max((a[0] - b[0]) / margin - b[0], 0) for a, b in zip(thread, other)])


def main(path, percent=5):
    found = read(path)
    for base in BASES:
        for pool in POOLS:
            if (base, pool, 0) in found and (base, THREAD, 0) in found:
                compare(found, base, pool, float(percent) / 100)


if len(sys.argv) < 2:
    sys.exit(__doc__)
main(*sys.argv[1:])
