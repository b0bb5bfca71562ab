#!/usr/bin/env python3
"""How steady the ratio to the floor is: lifecycle/serial of posix over clone, run after run.

usage: floor.py THREADBENCH [RUNS]

Each run is a whole `threadbench run` of both cases, pinned to one CPU; printed are both values and
the median over its rounds of the ratio within a round.
"""
import json
import subprocess
import sys


def main(program, runs=5):
    print("run   posix ns   clone ns   ratio")
    for run in range(int(runs)):
        document = json.loads(subprocess.run(
            [program, "run", "--quiet", "--format", "json", "--rounds", "12",
             "--filter", "^lifecycle/serial/cpu:same/(posix|clone)$"],
            check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout)
        case = {c["name"]: c for c in document["threadbench_cases"]}
        posix = case["lifecycle/serial/cpu:same/posix"]["summary"]
        clone = case["lifecycle/serial/cpu:same/clone"]["summary"]
        print(f"{run + 1:3} {posix['value_ns']:10.0f} {clone['value_ns']:10.0f} "
              f"{posix['floor_ratio']:7.3f}")


if len(sys.argv) < 2:
    sys.exit(__doc__)
main(*sys.argv[1:])
