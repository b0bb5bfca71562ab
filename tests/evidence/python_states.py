#!/usr/bin/env python3
"""How often threads take up their thread state, for each thread that is made, in interpreters.

usage: python_states.py [-n FEWER MORE] PYTHON...

Counts calls by the kernel's uprobes, which stop a thread for a microsecond or two, once with FEWER
and once with MORE threads; the difference is what one thread takes, with the parent's part in it:
the median, least and greatest of five times. `attached` is _PyThreadState_Attach, or before 3.13
take_gil, which then does the same; `gil` is take_gil, which a free-threaded interpreter calls and
leaves at once; `parked` counts waits in the interpreter's own locks. Every attachment is ended by a
detachment or by the thread's end. The interpreter must have its symbol table, the kernel uprobes
and tracefs at /sys/kernel/tracing; it takes root, perf, and binutils.
"""
import os
import re
import statistics
import subprocess
import sys

NAMES = {"attached": "_PyThreadState_Attach", "gil": "take_gil", "parked": "_PyParkingLot_Park"}
PROBES = "/sys/kernel/tracing/uprobe_events"
GROUP = f"threadbench{os.getpid()}"
TIMES = 5

WORK = {
    "start and join": "for _ in range(n):\n    t = threading.Thread(target=work)\n"
                      "    t.start()\n    t.join()\n",
    "start_joinable and join": "for _ in range(n):\n"
                               "    _thread.start_joinable_thread(work).join()\n",
    "the study's batch": "ts = [threading.Thread(target=time.sleep, args=(0.001,)) for _ in range(n)]\n"
                         "for t in ts: t.start()\nfor t in ts: t.join()\n",
    "a thread that computes": "def work():\n    for _ in range(2000000): pass\n"
                              "ts = [threading.Thread(target=work) for _ in range(n)]\n"
                              "for t in ts: t.start()\nfor t in ts: t.join()\n",
    "a free lock": "lock = threading.Lock()\nfor _ in range(n):\n    with lock: pass\n",
}
START = "import sys, threading, time, _thread\nn = int(sys.argv[1])\ndef work(): pass\n"


def output(*command):
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


def home(python):
    """The file that the interpreter's functions are in: itself, or its library."""
    library = re.search(r"libpython\S+ => (\S+)", output("ldd", python))
    return os.path.realpath(library[1] if library else python)


def offsets(python):
    """{name: where its function begins in the file}, of those that it has."""
    loads = [tuple(int(word, 16) for word in match.groups()) for match in
             re.finditer(r"^ +LOAD +(\S+) (\S+) \S+ (\S+)", output("readelf", "-lW", python), re.M)]
    symbols = {words[2]: int(words[0], 16) for words in
               (line.split() for line in output("nm", python).splitlines())
               if len(words) == 3 and words[1] in "tT"}
    return {name: symbols[function] - address + offset for name, function in NAMES.items()
            if function in symbols for offset, address, size in loads
            if address <= symbols[function] < address + size}


def probe(line):
    file = os.open(PROBES, os.O_WRONLY | os.O_APPEND)  # it refuses what comes after a seek
    try:
        os.write(file, line.encode() + b"\n")
    finally:
        os.close(file)


def counts(python, names, work, threads):
    """{name: calls}, or None where the work fails."""
    events = ",".join(f"{GROUP}:{name}" for name in names)
    done = subprocess.run(["perf", "stat", "-x", ";", "-e", events, "--", python, "-I", "-S", "-c",
                           START + work, str(threads)], stdout=subprocess.DEVNULL,
                          stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        return None
    found = re.findall(rf"^(\d+);.*;{GROUP}:(\w+);", done.stderr, re.M)
    return {name: int(count) for count, name in found}


def show(python, names, few, many):
    for what, work in WORK.items():
        runs = [(counts(python, names, work, few), counts(python, names, work, many))
                for _ in range(TIMES)]
        if not all(low and high for low, high in runs):
            print(f"{python}: {what}: missing")
            continue
        each = {name: [(high[name] - low[name]) / (many - few) for low, high in runs]
                for name in names}
        print(f"{python}: {what}:", ", ".join(
            f"{name} {statistics.median(found):.2f} [{min(found):.2f}, {max(found):.2f}]"
            for name, found in each.items()), flush=True)


def main():
    words = sys.argv[1:]
    few, many = (int(words[1]), int(words[2])) if words[:1] == ["-n"] else (20, 120)
    for python in words[3:] if words[:1] == ["-n"] else words:
        file = home(python)
        found = offsets(file)
        if not found:
            sys.exit(f"python_states.py: {file} has no symbol table")
        try:
            for name, offset in found.items():
                probe(f"p:{GROUP}/{name} {file}:{offset:#x}")
            show(python, found, few, many)
        except OSError as error:
            sys.exit(f"python_states.py: {PROBES}: {error.strerror}")
        finally:
            for name in found:
                try:
                    probe(f"-:{GROUP}/{name}")
                except OSError:
                    pass  # it was never there


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    main()
