#!/usr/bin/env python3
"""How close the suite is to a hand-written loop around the same calls.

usage: closeness.py SUITE HAND_LOOP [PAIRS [SAMPLES]]

Pairs of fresh processes, the order within a pair alternating; the ratio suite / hand of each pair's
statistic; its median, and the interval of the median from order statistics (exact, at least 95 %).
"""
import json
import math
import os
import statistics
import subprocess
import sys

ROWS = {"create": "create/call/cpu:same/posix", "lifecycle": "lifecycle/serial/cpu:same/posix"}


def suite(program, row, samples):
    out = subprocess.run(
        [program, f"--benchmark_filter=^{ROWS[row]}/manual_time$", "--benchmark_min_time=0",
         "--benchmark_format=json"], env={**os.environ, "THREADBENCH_SAMPLES": str(samples)},
        check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout
    return json.loads(out)["benchmarks"][0]


def hand(program, row, samples):
    return json.loads(subprocess.run([program, row, str(samples)], check=True,
                                     stdout=subprocess.PIPE).stdout)


def interval(values):
    """The narrowest symmetric pair of order statistics that covers the median with >= 95 %."""
    n, values = len(values), sorted(values)
    below, rank = 0.0, 0
    while below + math.comb(n, rank) / 2 ** n <= 0.025:
        below += math.comb(n, rank) / 2 ** n
        rank += 1
    return (values[rank - 1], values[n - rank]) if rank else (values[0], values[-1])


def main(suite_program, hand_program, pairs=40, samples=2000):
    pairs, samples = int(pairs), int(samples)
    print(f"{pairs} pairs of processes, {samples} samples each\n")
    print("row                              statistic  suite ns   hand ns   ratio  95 % interval")
    for row, name in ROWS.items():
        ours, theirs = [], []
        for pair in range(pairs):
            runs = [lambda: ours.append(suite(suite_program, row, samples)),
                    lambda: theirs.append(hand(hand_program, row, samples))]
            for run in runs if pair % 2 else reversed(runs):
                run()
        for statistic in ("p10", "p50"):
            ratios = [a[statistic] / b[statistic] for a, b in zip(ours, theirs)]
            low, high = interval(ratios)
            print(f"{name:32} {statistic:9} {statistics.median(a[statistic] for a in ours):9.0f} "
                  f"{statistics.median(b[statistic] for b in theirs):9.0f} "
                  f"{statistics.median(ratios):8.4f}  {low:.4f} - {high:.4f}")


if len(sys.argv) < 3:
    sys.exit(__doc__)
main(*sys.argv[1:])
