#!/usr/bin/env python3
"""How many sessions find a known delay, and in which rows.

usage: power.py THREADBENCH DELAY.so SESSIONS BUDGET_S CREATE_NS JOIN_NS [EVERY [AB-OPTION...]]

Runs 'threadbench ab --margin 0' SESSIONS times with the suite on both sides, on one of which the
creating call takes CREATE_NS longer and the joining one JOIN_NS: every EVERY-th call alone, if that
is given. Prints the sessions with an alarm, the rows that were called slower, or their tails, and
any row that was called so although it contains neither call.
"""
import collections
import json
import subprocess
import sys

CLEAN = ("/clone", "/null", "tls/set-first", "stack/map")


def session(program, delay, budget, create, join, every, options):
    def side(label, create, join):
        # Of one length on both sides: the environment's moves the stack.
        return (f"{label}: LD_PRELOAD='{delay}' DELAY_CREATE_NS={create:06} "
                f"DELAY_JOIN_NS={join:06} DELAY_EVERY={every} @suite")
    done = subprocess.run([program, "ab", "--margin", "0", "--budget", budget, "--format", "json",
                           *options, side("old", 0, 0), side("new", create, join)],
                          stdout=subprocess.PIPE, check=False)
    if done.returncode not in (0, 3, 4):
        sys.exit(f"threadbench ab: exit code {done.returncode}")
    return [case for case in json.loads(done.stdout)[0]["cases"] if not case["reason"]]


def found_in(cases):
    for case in cases:
        if case["verdict"] == "slower":
            yield case["name"]
        if case.get("tail", {}).get("verdict") == "slower":
            yield case["name"] + " (tail)"


def main():
    program, delay, sessions, budget, create, join = sys.argv[1:7]
    every = int((sys.argv[7:] or ["1"])[0])
    rows, pairs, hits, wrong = collections.Counter(), [], 0, collections.Counter()
    for _ in range(int(sessions)):
        cases = session(program, delay, budget, int(create), int(join), every, sys.argv[8:])
        found = list(found_in(cases))
        rows.update(found)
        wrong.update(name for name in found if any(part in name for part in CLEAN))
        wrong.update(case["name"] + " (faster)" for case in cases if case["verdict"] == "faster")
        hits += bool(found)
        pairs.append(max(case["pairs"] for case in cases))
    print(f"{hits} of {sessions} sessions of at most {budget} s have an alarm, "
          f"after {min(pairs)} to {max(pairs)} rounds")
    for name, count in rows.most_common():
        print(f"    {name}: {count}")
    print(f"    wrongly: {sum(wrong.values())} {dict(wrong) if wrong else ''}")


if __name__ == "__main__":
    if len(sys.argv) < 7:
        sys.exit(__doc__)
    main()
