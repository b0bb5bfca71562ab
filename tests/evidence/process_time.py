#!/usr/bin/env python3
"""How long a process should measure: what a second of a comparison tells, by a process's time (-t).

usage: process_time.py THREADBENCH BLOCKS ROUNDS MILLISECONDS,... [CASE...]

Each block is a run of ROUNDS rounds for each time, in random order, with the suite on both sides. A
longer process has a steadier statistic, a shorter one leaves time for more pairs. Printed are, for
each case and time, what a pair takes; the spread of the pairs' log-ratios as the median distance
from their median / 0.67, and as the score test of a comparison has it, which wild pairs move little:
the standard deviation of the centre that its scores estimate, times the root of the number of pairs;
and the information a second, 1 / (variance x time), beside that of the first time. Its geometric
mean over the cases, with a 95 % interval over blocks drawn again, says which time is the best.
"""
import collections
import json
import math
import os
import random
import statistics
import subprocess
import sys
import tempfile

CASES = ("create/call/cpu:same/posix", "start/first-instruction/cpu:same/posix", "join/running/cpu:same/posix",
         "lifecycle/serial/cpu:same/posix", "tls/setup/bytes:65536/cpu:same/posix",
         "stack/map/stack:8388608/cpu:same")
DRAWS = 1000


def block(program, rounds, milliseconds, cases):
    """{case: [(log-ratio of a pair, its time in ms), ...]}"""
    pairs = collections.defaultdict(list)
    with tempfile.TemporaryDirectory() as folder:
        out = [os.path.join(folder, side + ".json") for side in "ab"]
        subprocess.run([program, "run", "-q", "--set", "full", "-f", "^(" + "|".join(cases) + ")$",
                        "--rounds", str(rounds), "-t", str(milliseconds / 1e3),
                        "-o", os.path.join(folder, "out"), "a: @suite", "b: @suite"],
                       check=True, stdout=subprocess.DEVNULL)
        out = sorted(os.path.join(path, name) for path, _, names in os.walk(folder) for name in names)
        sides = [read(path) for path in out]
    for key in sides[0].keys() & sides[1].keys():
        (a, a_ms), (b, b_ms) = sides[0][key], sides[1][key]
        pairs[key[0]].append((math.log(b / a), a_ms + b_ms))
    return pairs


def read(path):
    """{(case, round): (primary statistic, ms)}"""
    with open(path) as file:
        document = json.load(file)
    primary = {case["name"]: case["primary_statistic"] for case in document["threadbench_cases"]
               if case["role"] == "selected"}
    return {(entry["name"], entry["round"]): (entry[primary[entry["name"]]], entry["wall_ms"])
            for entry in document["benchmarks"]
            if entry.get("run_type") == "iteration" and entry["name"] in primary}


def spreads(ratios):
    """Of the distances from the median: the middle one / 0.67; and the scores' standard deviation."""
    centre = statistics.median(ratios)
    distances = [ratio - centre for ratio in ratios]
    scale = statistics.median(map(abs, distances)) / 0.6745
    if not scale:
        sys.exit("process_time.py: half of a case's pairs are equal, as its statistic moves in steps: leave it out")
    scores = [d / (1 + (d / scale) ** 2 / 2) for d in distances]
    slopes = [(1 - (d / scale) ** 2 / 2) / (1 + (d / scale) ** 2 / 2) ** 2 for d in distances]
    return scale, math.sqrt(statistics.fmean(s * s for s in scores)) / statistics.fmean(slopes)


def figures(blocks, case):
    """(ms of a pair, spread, the scores' spread, information a second) of one case at one time."""
    pairs = [pair for one in blocks for pair in one.get(case, ())]
    scale, deviation = spreads([ratio for ratio, _ in pairs])
    milliseconds = statistics.fmean(ms for _, ms in pairs)
    return milliseconds, scale, deviation, 1e3 / (deviation ** 2 * milliseconds)


def gain(measured, cases, milliseconds, first, drawn):
    """Information a second beside that of the first time: the geometric mean over the cases."""
    def log_information(ms, case):
        return math.log(figures([measured[ms][i] for i in drawn], case)[3])
    return math.exp(statistics.fmean(log_information(milliseconds, case) - log_information(first, case)
                                     for case in cases))


def show(measured, cases):
    first, count = next(iter(measured)), len(next(iter(measured.values())))
    print("      -t   a pair   spread   by scores   information/s   case")
    for case in cases:
        base = figures(measured[first], case)[3]
        for ms, blocks in measured.items():
            pair, scale, deviation, information = figures(blocks, case)
            print(f"{ms:5g} ms {pair:5.1f} ms {100 * scale:6.2f} % {100 * deviation:8.2f} % "
                  f"{information / base:15.2f}   {case}")
    draws = [random.choices(range(count), k=count) for _ in range(DRAWS)]
    for ms in measured:
        drawn = sorted(gain(measured, cases, ms, first, one) for one in draws)
        print(f"{ms:5g} ms: information a second {gain(measured, cases, ms, first, range(count)):.2f} "
              f"of that of {first:g} ms ({drawn[DRAWS // 40]:.2f} to {drawn[-DRAWS // 40 - 1]:.2f})")


def main(program, blocks, rounds, times, *cases):
    cases = cases or CASES
    measured = {float(ms): [] for ms in times.split(",")}
    for _ in range(int(blocks)):
        for ms in random.sample(list(measured), len(measured)):
            measured[ms].append(block(program, int(rounds), ms, cases))
    found = [case for case in cases if all(one.get(case) for which in measured.values() for one in which)]
    for case in set(cases) - set(found):
        print(f"{case}: no pairs")
    show(measured, found)


if len(sys.argv) < 5:
    sys.exit(__doc__)
main(*sys.argv[1:])
