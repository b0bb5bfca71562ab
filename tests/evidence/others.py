#!/usr/bin/env python3
"""What other tools would have said of the same processes.

usage: others.py THREADBENCH DELAY.so SESSIONS BUDGET_S CREATE_NS JOIN_NS [AB-OPTION...]

Records SESSIONS sessions of 'threadbench ab --margin 0' in which nothing differs, and as many in
which the creating call takes CREATE_NS longer and the joining one JOIN_NS. Each case of each session
is then judged
  - by threadbench: paired processes, all cases together at 0.1 %;
  - as compare.py of Google Benchmark and benchstat do: a U test of the processes' real_time, each
    case by itself at 5 % (the processes were interleaved here, which these tools do not do);
  - as readers of hyperfine do: mean + standard deviation of one side below mean - deviation of the
    other.
Prints how many sessions had any alarm, and how many cases were called slower that are, and changed
that are not.
"""
import json
import math
import statistics
import subprocess
import sys
import tempfile

from power import CLEAN

HEADS = ("threadbench", "U test, 5 %", "mean +- sigma")


def u_test(old, new):
    """Two-sided p by the normal approximation, ties included."""
    ranked = sorted([(v, 0) for v in old] + [(v, 1) for v in new])
    ranks, ties, at = [0.0, 0.0], 0, 0
    while at < len(ranked):
        end = at
        while end < len(ranked) and ranked[end][0] == ranked[at][0]:
            end += 1
        for _, side in ranked[at:end]:
            ranks[side] += (at + end + 1) / 2
        ties += (end - at) ** 3 - (end - at)
        at = end
    a, b, n = len(old), len(new), len(ranked)
    u = ranks[1] - b * (b + 1) / 2
    deviation = math.sqrt(a * b / 12 * (n + 1 - ties / (n * (n - 1))))
    return math.erfc(max(abs(u - a * b / 2) - 0.5, 0) / deviation / math.sqrt(2)) if deviation else 1


def change(old, new, alarm):
    if not alarm:
        return "same"
    return "slower" if statistics.median(new) > statistics.median(old) else "faster"


def by_u_test(old, new):
    return change(old, new, u_test(old, new) < 0.05)


def by_sigma(old, new):
    apart = abs(statistics.mean(new) - statistics.mean(old))
    return change(old, new, apart > statistics.stdev(new) + statistics.stdev(old))


def times(path):
    found = {}
    for entry in json.load(open(path))["benchmarks"]:
        if entry["run_type"] == "iteration" and "round" in entry and "error_occurred" not in entry:
            found.setdefault(entry["run_name"], []).append(entry["real_time"])
    return found


def session(program, delay, budget, create, join, options):
    """The verdicts of the three on each case."""
    def side(label, create, join):
        return (f"{label}: LD_PRELOAD='{delay}' DELAY_CREATE_NS={create:06} "
                f"DELAY_JOIN_NS={join:06} DELAY_EVERY=1 @suite")
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run([program, "ab", "-q", "--margin", "0", "--budget", budget, "--format",
                               "json", "-o", folder + "/x.json", *options, side("old", 0, 0),
                               side("new", create, join)], stdout=subprocess.PIPE, check=False)
        if done.returncode not in (0, 3, 4):
            sys.exit(f"threadbench ab: exit code {done.returncode}")
        old, new = times(folder + "/x-old.json"), times(folder + "/x-new.json")
    for case in json.loads(done.stdout)[0]["cases"]:
        name = case["name"]
        a, b = (next((v for k, v in side.items() if k.removesuffix("/manual_time") == name), [])
                for side in (old, new))
        if case["reason"] or min(len(a), len(b)) < 2:
            continue
        tail = case.get("tail", {}).get("verdict")
        own = tail if tail in ("slower", "faster") else case["verdict"]
        yield name, (own, by_u_test(a, b), by_sigma(a, b))


def main():
    program, delay, sessions, budget = sys.argv[1:5]
    for create, join in ((0, 0), (int(sys.argv[5]), int(sys.argv[6]))):
        alarms, right, wrong, delayed, clean = [0] * 3, [0] * 3, [0] * 3, 0, 0
        for _ in range(int(sessions)):
            cases = list(session(program, delay, budget, create, join, sys.argv[7:]))
            for tool in range(3):
                alarms[tool] += any(v[tool] in ("slower", "faster") for _, v in cases)
            for name, verdicts in cases:
                is_clean = not create or any(part in name for part in CLEAN)
                delayed += not is_clean
                clean += is_clean
                for tool, verdict in enumerate(verdicts):
                    right[tool] += not is_clean and verdict == "slower"
                    wrong[tool] += verdict == "faster" or (is_clean and verdict == "slower")
        print(f"{create} ns for each creation, {join} ns for each join: {sessions} sessions of {budget} s")
        for tool, head in enumerate(HEADS):
            print(f"    {head:14} sessions with an alarm {alarms[tool]:3}; called slower {right[tool]:3} "
                  f"of {delayed} cases that are; wrongly {wrong[tool]:3} of {clean + delayed}")


if __name__ == "__main__":
    if len(sys.argv) < 7:
        sys.exit(__doc__)
    main()
