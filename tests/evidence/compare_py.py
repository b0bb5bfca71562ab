#!/usr/bin/env python3
"""The same programs through Google Benchmark's own repetitions and its compare.py, for as long.

usage: compare_py.py SUITE DELAY.so COMPARE.py TIMES [NS]

TIMES times: every repetition of the old side, then of the new one, as compare.py has it, once with the
same program on both sides and once with NS (default 480: 2 % of a thread's life) added to each join;
then counts where compare.py's U test on real_time is below 5 %. COMPARE.py is what Debian's
libbenchmark-tools installs, and needs scipy.
"""
import json
import os
import subprocess
import sys
import tempfile
import time

ROWS = "^(create/call|join/running|lifecycle/serial)/cpu:same/posix/manual_time$"


def measure(suite, delay, ns, path):
    environment = {**os.environ, "LD_PRELOAD": delay, "DELAY_JOIN_NS": str(ns)}
    subprocess.run([suite, f"--benchmark_filter={ROWS}", "--benchmark_repetitions=10",
                    "--benchmark_min_time=0.1", f"--benchmark_out={path}"], env=environment,
                   check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def alarms(script, old, new, out):
    subprocess.run(["/usr/bin/python3", script, "--no-color", "-d", out, "benchmarks", old, new],
                   check=True, stdout=subprocess.DEVNULL)
    with open(out) as file:
        return {b["name"]: b["utest"]["time_pvalue"] < 0.05 for b in json.load(file)
                if b.get("utest")}


def main():
    suite, delay, script, times = sys.argv[1:4] + [int(sys.argv[4])]
    injected = int(sys.argv[5]) if len(sys.argv) > 5 else 480
    with tempfile.TemporaryDirectory() as folder:
        old, new, out = (f"{folder}/{name}.json" for name in ("old", "new", "diff"))
        for ns in (0, injected):
            found, any_of, began = {}, 0, time.monotonic()
            for _ in range(times):
                measure(suite, delay, 0, old)
                measure(suite, delay, ns, new)
                hits = alarms(script, old, new, out)
                any_of += any(hits.values())
                for name, hit in hits.items():
                    found[name] = found.get(name, 0) + hit
            print(f"{ns} ns: {any_of} of {times} comparisons have an alarm, "
                  f"{(time.monotonic() - began) / times:.1f} s each")
            for name, count in sorted(found.items()):
                print(f"    {name}: {count}")


if __name__ == "__main__":
    if len(sys.argv) < 5:
        sys.exit(__doc__)
    main()
