#!/usr/bin/env python3
"""Whether a known delay comes out as what it is, and only in the rows that contain it.

usage: accuracy.py THREADBENCH DELAY.so [ROUNDS]

Adds 0.5, 2 and 10 us to the creating call, then to the joining one, against the same shim without a
delay, interleaved; prints what each row grew by: the median over pairs of new - old, in ns.
"""
import json
import statistics
import subprocess
import sys
import tempfile

ROWS = "^(create/call|start/first-instruction|join/running|lifecycle/serial|tls/set-first)" \
       "/cpu:same/posix$"


def values(path):
    found = {}
    with open(path) as file:
        for entry in json.load(file)["benchmarks"]:
            if "round" in entry:
                found.setdefault(entry["name"], {})[entry["round"]] = entry["real_time"]
    return found


def growth(program, delay, variable, ns, rounds, folder):
    def side(label, value):
        # Of one length on both sides: the environment's moves the stack.
        return f"{label}: LD_PRELOAD='{delay}' {variable}={value:05} @suite"
    subprocess.run([program, "ab", "--margin", "0", "--alpha", "0.0000001", "-f", ROWS, "--rounds",
                    str(rounds), "--budget", "600", "-o", f"{folder}/x.json", side("old", 0),
                    side("new", ns)], stdout=subprocess.DEVNULL, check=False)
    old, new = values(f"{folder}/x-old.json"), values(f"{folder}/x-new.json")
    return {name: statistics.median(new[name][r] - old[name][r] for r in old[name]
                                    if r in new[name]) for name in old}


def main():
    program, delay = sys.argv[1:3]
    rounds = int(sys.argv[3]) if len(sys.argv) > 3 else 20
    with tempfile.TemporaryDirectory() as folder:
        for variable in ("DELAY_CREATE_NS", "DELAY_JOIN_NS"):
            for ns in (500, 2000, 10000):
                grown = growth(program, delay, variable, ns, rounds, folder)
                print(f"{variable}={ns}: " + ", ".join(
                    f"{name.split('/cpu')[0]} {value:+.0f}" for name, value in grown.items()))


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    main()
