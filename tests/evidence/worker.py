#!/usr/bin/env python3
"""What a worker takes within a run, beyond its measuring: the suite's, beside another program's.

usage: worker.py THREADBENCH BLOCKS ROUNDS EMPTY-BENCHMARK [CASE [SUITE]]

A block runs CASE (default: create/call/cpu:same/null) of SUITE (default: @suite) with one sample,
and in turn the other program, for as short as it can: once for a few rounds and once for ROUNDS
more, of which the difference is taken. Printed are, as medians over blocks, what a worker takes from
its start to the next one's, of that what lies between its start and its end, and the CPU time of
worker and harness; and the ratios to the other program within a block, with the least and the most.
"""
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time

FEW = 10


def run(command, rounds, out):
    """Of a whole run: seconds from start to end, within workers, and of CPU time; and how many there were."""
    before, begin = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run([*command, "--rounds", str(rounds), "-o", out], check=True, stdout=subprocess.DEVNULL)
    wall, after = time.perf_counter() - begin, resource.getrusage(resource.RUSAGE_CHILDREN)
    with open(out) as file:
        within = [entry["wall_ms"] / 1e3 for entry in json.load(file)["benchmarks"] if "wall_ms" in entry]
    return (wall, sum(within), after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, len(within))


def per_worker(command, rounds, folder):
    """The same of one worker, in milliseconds."""
    few, many = (run(command, count, os.path.join(folder, f"{count}.json")) for count in (FEW, FEW + rounds))
    *taken, workers = [b - a for a, b in zip(few, many)]
    return [1e3 * seconds / workers for seconds in taken]


def main(program, blocks, rounds, empty, case="create/call/cpu:same/null", suite="@suite"):
    start = [program, "run", "-q"]
    commands = {case: [*start, "--set", "full", "--samples", "1", "-f", f"^{case}$", suite],
                "another program": [*start, "-t", "1e-6", "--repetitions", "1", empty]}
    blocks = int(blocks)
    taken = {name: [] for name in commands}
    for _ in range(blocks):
        with tempfile.TemporaryDirectory() as folder:
            for name, command in commands.items():
                taken[name].append(per_worker(command, int(rounds), folder))
    print("to the next   start to end   CPU time   (ms)")
    for name, rows in taken.items():
        print("{:11.2f} {:14.2f} {:10.2f}   {}".format(*map(statistics.median, zip(*rows)), name))
    ratios = [[a / b for a, b in zip(*pair)] for pair in zip(*taken.values())]
    print("ratios: " + ", ".join(f"{statistics.median(column):.2f} ({min(column):.2f} to {max(column):.2f})"
                                 for column in zip(*ratios)))


if len(sys.argv) < 5:
    sys.exit(__doc__)
main(*sys.argv[1:])
