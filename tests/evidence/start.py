#!/usr/bin/env python3
"""What it takes to start a process and see it end: of several programs, beside the first one.

usage: start.py ROUNDS COMMAND ...

A command is given in one word and split as a shell would. Each round starts every command once, all
pinned to one CPU, and in turn the first. Printed are the medians over rounds of the time from the
start to the end, of the CPU time, and of the ratio of each to the first command's in the same round,
with a 95 % interval from order statistics. What threadbench-suite takes to start, beside an older
build and a Google Benchmark program that does nothing:

    start.py 400 "OLD/threadbench-suite FLAGS" "NEW/threadbench-suite FLAGS" "empty-benchmark FLAGS"

where FLAGS are `--benchmark_format=json --benchmark_min_time=0`, with a filter `^CASE/manual_time$`
for the suite, as the harness has them.
"""
import math
import os
import shlex
import statistics
import sys
import time

ENVIRONMENT = {**os.environ, "THREADBENCH_SAMPLES": "1"}


def start(words):
    """(wall, CPU) in µs."""
    nowhere = [(os.POSIX_SPAWN_OPEN, fd, "/dev/null", os.O_RDWR, 0) for fd in (1, 2)]
    begin = time.perf_counter_ns()
    pid = os.posix_spawnp(words[0], words, ENVIRONMENT, file_actions=nowhere)
    _, status, used = os.wait4(pid, 0)
    wall = (time.perf_counter_ns() - begin) / 1e3
    if status:
        sys.exit(f"start.py: {shlex.join(words)}: wait status {status}")
    return wall, (used.ru_utime + used.ru_stime) * 1e6


def interval(values):
    """The median, and the k-th values from both ends with at most 2.5 % beyond each."""
    values, n, below, k = sorted(values), len(values), 0.0, 0
    while (below + math.comb(n, k) / 2.0**n) <= 0.025:
        below += math.comb(n, k) / 2.0**n
        k += 1
    return statistics.median(values), values[max(k - 1, 0)], values[n - max(k, 1)]


def show(word, own, first):
    wall, cpu = ([pair[i] for pair in own] for i in (0, 1))
    ratios = ["{:5.3f} [{:5.3f}, {:5.3f}]".format(*interval([a[i] / b[i] for a, b in zip(own, first)]))
              for i in (0, 1)]
    print(f"{statistics.median(wall):8.0f} {statistics.median(cpu):8.0f}   {ratios[0]}   "
          f"{ratios[1]}   {word}")


def main(rounds, *commands):
    words = [shlex.split(command) for command in commands]
    times = [[] for _ in commands]
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    for which in words:
        start(which)  # from the disk, the first time
    for turn in range(int(rounds)):
        for i in range(len(words)):
            which = (turn + i) % len(words)
            times[which].append(start(words[which]))
    print(" wall µs   CPU µs   wall, ratio            CPU, ratio             command")
    for command, own in zip(commands, times):
        show(command, own, times[0])


if len(sys.argv) < 3:
    sys.exit(__doc__)
main(*sys.argv[1:])
