#!/usr/bin/env python3
"""System calls per operation of a case, counted apart from any measurement of time.

usage: syscalls.py SUITE FILTER [FEWER MORE]

SUITE is a program, or the command of one, such as 'PYTHON -I -S tests/evidence/hosted.py
build/src/python/threadbench-python.so'.

Each case is run twice under `strace -f -c`, with FEWER and with MORE samples; the difference in
calls over that in operations is what one operation makes, with what sets it up, follows it and
waits for it: parent and children together. What the program does besides cancels out. Counts that
are not whole come from waits that did not have to sleep, and from loops that wait for another
thread. `exit` never
returns and is not counted. Needs strace, and a machine that lets one process trace another.
"""
import json
import os
import shlex
import shutil
import subprocess
import sys
import tempfile


def run(command, samples, **more):
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                          env=dict(os.environ, THREADBENCH_SAMPLES=str(samples), **more)).stdout


def names(suite, pattern):
    with tempfile.TemporaryDirectory() as folder:
        detail = os.path.join(folder, "detail.json")
        listed = run([*suite, "--benchmark_list_tests", "--benchmark_filter=" + pattern], 1,
                     THREADBENCH_DETAIL=detail).decode().split()
        with open(detail, encoding="utf-8") as file:
            blocks = {case["name"]: case.get("block", 1) for case in json.load(file)["cases"]}
    return [(name, blocks[name]) for name in listed]


def calls(suite, name, samples):
    """{system call: how often}, and whether the case gave samples."""
    with tempfile.NamedTemporaryFile("r", encoding="utf-8") as table:
        out = run(["strace", "-f", "-qq", "-c", "-U", "calls,name", "-o", table.name,
                   *suite, "--benchmark_min_time=0", "--benchmark_format=json",
                   f"--benchmark_filter=^{name}$"], samples)
        counts = dict(reversed(line.split()) for line in table if line.split()[0].isdigit())
    entry = json.loads(out)["benchmarks"][0]
    taken = entry.get("samples", 0) + entry.get("misplaced", 0)
    return {call: int(count) for call, count in counts.items() if call != "total"}, taken


def per_operation(suite, name, block, fewer, more):
    few, taken = calls(suite, name, fewer)
    many, taken_more = calls(suite, name, more)
    operations = (taken_more - taken) * block
    if operations <= 0:
        return None
    found = {call: (many[call] - few.get(call, 0)) / operations for call in many}
    return {call: each for call, each in found.items() if abs(each) >= 0.01}


def main(suite, pattern, fewer=100, more=600):
    if not shutil.which("strace"):
        sys.exit("syscalls.py: strace is not installed")
    for name, block in names(suite, pattern):
        found = per_operation(suite, name, block, int(fewer), int(more))
        if found is None:
            print(f"{name}: no samples here")
            continue
        listed = sorted(found.items(), key=lambda item: -item[1])
        print(f"{name}: {sum(found.values()):.2f}:", *(f"{c} {n:.2f}" for c, n in listed))


if len(sys.argv) not in (3, 5):
    sys.exit(__doc__)
main(shlex.split(sys.argv[1]), *sys.argv[2:])
