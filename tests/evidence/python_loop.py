#!/usr/bin/env python3
"""What a sample of the suite inside an interpreter has more, or less, than a loop in plain Python.

usage: python_loop.py PYTHON threadbench-python.so [ROUNDS]

Both in fresh processes on one CPU, one after the other in each round and in turn the first; both run
a thread that calls a function written in C. Prints for the 10th percentile and the median of a
process the median over rounds of suite - loop in ns and of suite / loop, with a 95 % interval from
order statistics.
"""
import json
import math
import os
import statistics
import subprocess
import sys

SAMPLES = 500
LOOP = """
import os, sys, threading, time
clock, times = time.perf_counter_ns, []
for _ in range(%d + 16):
    t = threading.Thread(None, dict)
    if sys.argv[1] == "start":
        a = clock(); t.start(); b = clock()
        t.join()
    elif sys.argv[1] == "serial":
        a = clock(); t = threading.Thread(None, dict); t.start(); t.join(); b = clock()
    else:
        t.start()
        while os.access(f'/proc/self/task/{t.native_id}', os.F_OK): time.sleep(0)
        a = clock(); t.join(); b = clock()
    times.append(b - a)
times = sorted(times[16:])
print(times[len(times) // 10], times[len(times) // 2])
""" % SAMPLES
ROWS = {"start": "python/start", "join": "python/join-finished", "serial": "python/serial"}


def run(command, **more):
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                          env=dict(os.environ, **more)).stdout


def loop(python, row):
    return [float(word) for word in run([python, "-I", "-S", "-c", LOOP, row]).split()]


def hosted(python, module, row):
    here = os.path.dirname(os.path.abspath(__file__))
    out = run([python, "-I", "-S", os.path.join(here, "hosted.py"), module,
               f"--benchmark_filter=^{ROWS[row]}/cpu:same/manual_time$", "--benchmark_min_time=0",
               "--benchmark_format=json"], THREADBENCH_SAMPLES=str(SAMPLES))
    entry = json.loads(out)["benchmarks"][0]
    return [entry["p10"], entry["p50"]]


def summary(values):
    """The median, and the k-th values from both ends with at most 2.5 % beyond each."""
    values, n, below, k = sorted(values), len(values), 0.0, 0
    while below + math.comb(n, k) / 2 ** n <= 0.025:
        below += math.comb(n, k) / 2 ** n
        k += 1
    if not k:
        return f"{statistics.median(values):.4g}"
    return f"{statistics.median(values):.4g} [{values[k - 1]:.4g}, {values[-k]:.4g}]"


def main(python, module, rounds=20):
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    for row in ROWS:
        pairs = []
        for number in range(int(rounds)):
            sides = {}
            for side in ("loop", "suite") if number % 2 else ("suite", "loop"):
                sides[side] = loop(python, row) if side == "loop" else hosted(python, module, row)
            pairs.append((sides["suite"], sides["loop"]))
        for index, name in enumerate(("p10", "p50")):
            more = summary([suite[index] - plain[index] for suite, plain in pairs])
            ratio = summary([suite[index] / plain[index] for suite, plain in pairs])
            plain = statistics.median(plain[index] for _, plain in pairs)
            print(f"{row} {name}: loop {plain:.0f} ns, suite - loop {more} ns, suite / loop {ratio}",
                  flush=True)


if __name__ == "__main__":
    if len(sys.argv) not in (3, 4):
        sys.exit(__doc__)
    main(*sys.argv[1:])
