#!/usr/bin/env python3
"""Whether the gate can fire, and does not when nothing differs.

usage: selftest.py THREADBENCH DELAY.so [BUDGET_S]

The same suite twice must give no alarm (exit code 0), and one whose creating and joining calls take
2 us longer must give one (3). Fails if either comes out otherwise, and says which.
"""
import subprocess
import sys

FILTER = "^(create/call|lifecycle/serial)/cpu:same/posix$"
SIDES = {"the same twice": (0, 0), "2 us more on one side": (2000, 3)}


def subject(label, delay, ns):
    return f"{label}: LD_PRELOAD='{delay}' DELAY_CREATE_NS={ns} DELAY_JOIN_NS={ns} @suite"


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    program, delay, budget = sys.argv[1], sys.argv[2], (sys.argv[3:] or ["60"])[0]
    failed = 0
    for name, (ns, expected) in SIDES.items():
        print(f"== {name}", flush=True)
        code = subprocess.run([program, "ab", "-f", FILTER, "--budget", budget,
                               subject("old", delay, 0), subject("new", delay, ns)],
                              check=False).returncode
        good = code == expected
        print(f"exit code {code}: {'as it should be' if good else f'should be {expected}'}\n",
              flush=True)
        failed += not good
    sys.exit(failed != 0)


if __name__ == "__main__":
    main()
