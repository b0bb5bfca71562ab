#!/usr/bin/env python3
"""What one operation of a case does, counted apart from any measurement of time.

usage: counts.py calls|EVENT[,EVENT...] SUITE FILTER [FEWER MORE]

`calls` counts system calls with strace; anything else are events for perf, such as
cycles,instructions,cache-misses,dTLB-load-misses or page-faults,context-switches.
SUITE is a program, or the command of one, such as 'PYTHON -I -S tests/evidence/hosted.py
build/src/python/threadbench-python.so'.

Each case is run twice, with FEWER and with MORE samples; the difference in counts over that in
operations is what one operation makes, with what sets it up, follows it and waits for it: parent
and children together, the kernel's share included where perf may see it. What the program does
besides cancels out. Counts of calls that are not whole come from waits that did not have to sleep,
and from loops that wait for another thread; `exit` never returns and is not counted.
"""
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile


def run(command, samples, **more):
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                          env=dict(os.environ, THREADBENCH_SAMPLES=str(samples), **more)).stdout


def clean(name):
    """As threadbench tells it: without what Google Benchmark adds."""
    return name.removesuffix("/manual_time")


def names(suite, pattern):
    with tempfile.TemporaryDirectory() as folder:
        sidecar = os.path.join(folder, "sidecar.json")
        run([*suite, "--benchmark_list_tests"], 1, THREADBENCH_SIDECAR=sidecar)
        with open(sidecar, encoding="utf-8") as file:
            cases = json.load(file)["cases"]
    return [(case["name"], case.get("block", 1)) for case in cases
            if re.search(pattern, clean(case["name"]))]


def strace(path):
    return ["strace", "-f", "-qq", "-c", "-U", "calls,name", "-o", path]


def strace_counts(lines):
    counts = dict(reversed(line.split()) for line in lines if line.split()[0].isdigit())
    return {call: int(count) for call, count in counts.items() if call != "total"}


def perf(events):
    return lambda path: ["perf", "stat", "-x", ";", "-e", events, "-o", path, "--"]


def perf_counts(lines):
    """What the host cannot count is told once, and left out."""
    found = {}
    for count, _, event, *_ in (line.split(";") for line in lines if line.count(";") > 2):
        if count.replace(".", "").isdigit():
            found[event] = float(count)
        else:
            sys.exit(f"counts.py: {event}: {count.strip('<>')} here")
    return found


def counts(counter, suite, name, samples):
    """{what: how often}, and how many samples the case gave."""
    command, read = counter
    with tempfile.NamedTemporaryFile("r", encoding="utf-8") as table:
        out = run([*command(table.name), *suite, "--benchmark_min_time=0",
                   "--benchmark_format=json", f"--benchmark_filter=^{name}$"], samples)
        found = read(table)
    entry = json.loads(out)["benchmarks"][0]
    return found, entry.get("samples", 0) + entry.get("misplaced", 0)


def per_operation(counter, suite, name, block, fewer, more):
    few, taken = counts(counter, suite, name, fewer)
    many, taken_more = counts(counter, suite, name, more)
    operations = (taken_more - taken) * block
    if operations <= 0:
        return None
    found = {what: (many[what] - few.get(what, 0)) / operations for what in many}
    return {what: each for what, each in found.items() if abs(each) >= 0.01}


def main(what, suite, pattern, fewer=100, more=600):
    counter = (strace, strace_counts) if what == "calls" else (perf(what), perf_counts)
    tool = counter[0]("")[0]
    if not shutil.which(tool):
        sys.exit(f"counts.py: {tool} is not installed")
    for name, block in names(suite, pattern):
        found = per_operation(counter, suite, name, block, int(fewer), int(more))
        if found is None:
            print(f"{clean(name)}: no samples here")
            continue
        listed = sorted(found.items(), key=lambda item: -item[1])
        sum_of_calls = f" {sum(found.values()):.2f}:" if what == "calls" else ""
        print(f"{clean(name)}:{sum_of_calls}", *(f"{what} {each:.2f}" for what, each in listed))


if len(sys.argv) not in (4, 6):
    sys.exit(__doc__)
main(sys.argv[1], shlex.split(sys.argv[2]), *sys.argv[3:])
