#!/usr/bin/env python3
"""How often threads take up their thread state, for each thread that is made, in interpreters.

usage: python_states.py [-n FEWER MORE] PYTHON...

Counts calls with breakpoints of gdb that let the program go on, once with FEWER and once with MORE
threads; the difference is what one thread takes, with the parent's part in it. `attached` is
_PyThreadState_Attach, or before 3.13 take_gil, which then does the same; `gil` is take_gil, which a
free-threaded interpreter calls and leaves at once; `parked` counts waits in the interpreter's own locks.
Every attachment is ended by a detachment or by the thread's end. Each stop costs a thread far more
than the call does, so that these are counts of what the code does and no times; what depends on who
comes first can come out otherwise at full speed. The interpreter must have its symbol table.
"""
import re
import subprocess
import sys

NAMES = {"attached": "_PyThreadState_Attach", "gil": "take_gil", "parked": "_PyParkingLot_Park"}

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


def counts(python, work, threads):
    """{name: calls}, or None where the work fails."""
    command = ["gdb", "-q", "-nx", "-batch", "-ex", "set debuginfod enabled off",
               "-ex", "set print thread-events off", "-ex", "break main", "-ex", "run"]
    for function in NAMES.values():  # by address: a name can stand for inlined copies as well
        command += ["-ex", f"break *{function}", "-ex", "ignore $bpnum 1000000000"]
    command += ["-ex", "continue", "-ex", "info breakpoints", "--args", python, "-I", "-S", "-c",
                START + work, str(threads)]
    out = subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                         text=True).stdout
    if "exited normally" not in out:
        return None
    found = {}
    for name, function in NAMES.items():
        row = re.search(rf"^\d+ +breakpoint .*\b{function}\b.*\n(?:\tbreakpoint already hit (\d+) time)?",
                        out, re.M)
        if row:
            found[name] = int(row[1] or 0)
    return found


def main():
    words = sys.argv[1:]
    few, many = (int(words[1]), int(words[2])) if words[:1] == ["-n"] else (20, 120)
    for python in words[3:] if words[:1] == ["-n"] else words:
        for name, work in WORK.items():
            first, second = counts(python, work, few), counts(python, work, many)
            if first is None or second is None:
                print(f"{python}: {name}: not in this interpreter")
                continue
            each = {key: (second[key] - first[key]) / (many - few) for key in second}
            each.setdefault("attached", each.get("gil"))
            if each["attached"] is None:
                print(f"{python}: has no symbol table")
                break
            print(f"{python}: {name}: " +
                  ", ".join(f"{key} {value:.2f}" for key, value in sorted(each.items())))


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    main()
