#!/usr/bin/env python3
"""How long the comparison of two large documents takes, and how much memory.

usage: compare_speed.py THREADBENCH [CASES [REPETITIONS [TIMES]]]

Makes a document of a short run of the core set into two of one session with 1000 cases of 30
repetitions each, unless told otherwise, and compares them 10 times. The least wall time and CPU time
are the ones to go by: the rest is the machine's.
"""
import json
import multiprocessing
import os
import random
import subprocess
import sys
import tempfile
import time


def measure(threadbench, path):
    subprocess.run([threadbench, "run", "--set", "core", "--rounds", "1", "--quiet", "-o", path],
                   check=True, stdout=subprocess.DEVNULL)
    with open(path) as file:
        return json.load(file)


def enlarge(document, cases, repetitions, path):
    entries = {e["name"]: e for e in document["benchmarks"] if e["run_type"] == "iteration"}
    known = [c for c in document["threadbench_cases"]
             if c["role"] == "selected" and c["outcome"] == "ok"]
    benchmarks, described = [], []
    for i in range(cases):
        case = known[i % len(known)]
        name = f"{case['name']}/k:{i}"
        entry = entries[case["name"]]
        described.append({**case, "case": name, "name": name, "benchmark_name": name})
        for k in range(repetitions):
            factor = random.uniform(0.99, 1.01)
            # With seven digits, as documents have them.
            varied = {key: float(f"{value * factor:.7g}") if isinstance(value, float) else value
                      for key, value in entry.items()}
            benchmarks.append({**varied, "name": name, "run_name": name, "repetition_index": k,
                               "round": k})
    with open(path, "w") as file:
        lines = [",\n".join(json.dumps(item, separators=(",", ":")) for item in items)
                 for items in (benchmarks, described)]
        file.write(f'{{"context":{json.dumps(document["context"])},"benchmarks":[\n{lines[0]}],'
                   f'"threadbench_cases":[\n{lines[1]}]}}')


def make(threadbench, cases, repetitions, paths):
    document = measure(threadbench, paths[0])
    for run, path in enumerate(paths):
        document["context"]["threadbench"]["run_id"] = str(run)  # else it were one with itself
        enlarge(document, cases, repetitions, path)


def compare(threadbench, old, new):
    """Seconds, CPU seconds and peak memory in MB."""
    began = time.monotonic()
    worker = subprocess.Popen([threadbench, "compare", old, new], stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(worker.pid, 0)
    took = time.monotonic() - began
    worker.returncode = os.waitstatus_to_exitcode(status)
    if worker.returncode not in (0, 3, 4):
        sys.exit(f"compare ended with {worker.returncode}")
    return took, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def main():
    threadbench = sys.argv[1]
    cases, repetitions, times = map(int, sys.argv[2:] + ["1000", "30", "10"][len(sys.argv) - 2:])
    random.seed(1)
    with tempfile.TemporaryDirectory() as folder:
        old, new = f"{folder}/old.json", f"{folder}/new.json"
        # In a process of its own: a child's peak is never below its parent's memory.
        maker = multiprocessing.Process(target=make,
                                        args=(threadbench, cases, repetitions, (old, new)))
        maker.start()
        maker.join()
        if maker.exitcode:
            sys.exit(1)
        print(f"two documents of {cases} cases, {repetitions} repetitions each: "
              f"{os.path.getsize(old) / 1e6:.1f} and {os.path.getsize(new) / 1e6:.1f} MB")
        wall, cpu, memory = zip(*(compare(threadbench, old, new) for _ in range(times)))
        print(f"of {times} times: {min(wall):.2f} to {max(wall):.2f} s, {min(cpu):.2f} to "
              f"{max(cpu):.2f} s of CPU time, {max(memory):.0f} MB at most")


if not 2 <= len(sys.argv) <= 5:
    sys.exit(__doc__)
main()
