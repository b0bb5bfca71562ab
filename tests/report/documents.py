#!/usr/bin/env python3
"""Writes documents as a run would leave them, of made-up measurements that are always the same.

usage: documents.py FOLDER

plain.json      the core of a run: a cost card, a breakdown, a sweep, what was skipped and failed
old.json, new.json    two subjects of one session that was measured to be compared
one.json, two.json    two sessions
first.json, second.json, third.json    subjects of one session that differ
python-a.json, python-b.json    interpreters of one session
suite.json, py-1.json, py-2.json, py-3.json    interpreters beside another subject, each with what the others lack
few-1.json, few-2.json    interpreters of too few rounds
tasks.json, few-tasks.json    threads and what is set against them, of a few rounds, too
growths.json    curves of every kind, of two families
late-old.json, late-new.json    two subjects, of which a budget left out most, and what could not be run
small.json      as plain.json, of few samples, with what a budget left out
full.json       1,054 cases
hostile.json    a document in which every text would like to be obeyed
odd.json        names and numbers of curves that a suite seldom has
foreign.json    a file of Google Benchmark's own
"""
import json
import math
import pathlib
import random
import sys

ROUNDS = 24
TB_HUES = 8   # as in ruler.h: the curves of one figure
HOSTILE = "<script>document.title='obeyed'</script>\"'&]]>\u202etxt\u2066<img src=x onerror=alert(1)>\x07"


def bins_of(values):
    """Bounds that are 1 % apart, and how many values are in each."""
    counts = {}
    for value in values:
        place = math.floor(math.log(value) / math.log(1.01))
        counts[place] = counts.get(place, 0) + 1
    places = sorted(counts)
    return {"placement": "same", "lower_ns": [round(1.01 ** place, 4) for place in places],
            "count": [counts[place] for place in places]}


def quantile(ordered, share):
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def samples_of(rng, count, middle, tail):
    """Skewed to the right, as times of operations are, and some that something disturbed."""
    return [middle * (1 + abs(rng.gauss(0, 0.04)) + (rng.random() < 0.03) * tail * rng.expovariate(1))
            for _ in range(count)]


class Document:
    """One subject of one session."""

    def __init__(self, seed, label=None, place=0, subjects=1, session="5e55104e00000000",
                 rounds=ROUNDS, samples=400, **ours):
        self.rng = random.Random(seed)
        self.rounds, self.samples = rounds, samples
        self.cases, self.entries = [], []
        self.ours = {
            "schema": "threadbench-result", "version": 2, "program_version": "0.1.0",
            "run_id": f"{seed:016x}", "session": session, "subjects": subjects, "place": place,
            "started_utc": "2026-01-02T03:04:05Z", "seed": 123456789, "rounds": rounds, "resumed": 0,
            "rounds_finished": rounds, "stopped_by": "rounds", "interrupted": False, "signal": None,
            "look_alpha_share": 0, "precision": 0, "interval_alpha": 0.05, "budget_s": 0,
            "time_s": 0.1, "samples": 0, "timeout_s": 30, "repetitions": 5, "margin": 0.02,
            "alarm_alpha": 0, "forced": False,
            "command": ["threadbench", "run", "-f", "^(create|join)/"], "other_run": None,
            "other_run_unknown": None,
            "subject": {"label": label, "argv": ["./threadbench-suite"], "cleaned": False,
                        "knows_threadbench": True, "environment": {}, "files": [], "loaded": None,
                        "stderr": [], "without_effect": []},
            "revision": {"commit": "0123456789abcdef0123456789abcdef01234567", "dirty": False,
                         "describe": "v1.2-3-g0123456"},
            "clock": {"name": "CLOCK_MONOTONIC", "resolution_ns": 1, "cost_ns": 20},
            "build": {"compiler": "gcc 12.2.0", "optimised": True, "asserts": True, "sanitizers": None},
            "runtimes": None, "axes": [{"name": "alive", "unit": "threads", "zero": 1}],
            "host": {"name": "machine", "machine": "x86_64", "cpu": "a processor",
                     "kernel": {"name": "Linux", "release": "6.1.0", "version": "#1"},
                     "topology": {"pus": 8, "caches": []}, "virtualisation": {"hypervisor": False},
                     "limits": {}, "settings": {}, "mitigations": {}},
            "before": {"load_avg": []}, "after": {"load_avg": []},
            "warnings": [{"id": "governor", "severity": "warning", "text": "the governor is powersave",
                          "advice": "cpupower frequency-set -g performance"},
                         {"id": "smt", "severity": "note", "text": "two threads share a core",
                          "advice": "pin to one of them"}],
        }
        self.ours.update(ours)

    def case(self, name, middle, tail=2.0, **spec):
        """A case that was measured; `phases` are shares of a sample."""
        phases = spec.pop("phases", {})
        everything = []
        for number in range(self.rounds):
            values = sorted(samples_of(self.rng, self.samples, middle * (1 + self.rng.gauss(0, 0.005)), tail))
            mean = sum(values) / len(values)
            low = sum(values[:self.samples // 2]) / (self.samples // 2)
            everything += values
            entry = {"name": name, "run_name": name, "run_type": "iteration", "repetitions": self.rounds,
                     "repetition_index": number, "threads": 1, "iterations": len(values),
                     "real_time": quantile(values, .1), "cpu_time": mean, "time_unit": "ns",
                     "mean": mean, "round": number, "order": 0, "wall_ms": 100,
                     "p10": quantile(values, .1), "p50": quantile(values, .5),
                     "p90": quantile(values, .9), "p99": quantile(values, .985),
                     "lower_half_mean": low, "vcsw": 1, "ivcsw": 0, "samples": len(values)}
            for phase, share in phases.items():
                entry[f"{phase}_mean"] = share * mean
                entry[f"{phase}_lower_half_mean"] = share * low
            self.entries.append(entry)
        self.list(name, "ok", None, [bins_of(everything)], **spec)
        self.cases[-1]["phases"] = [{"name": phase} for phase in phases]

    def unmeasured(self, name, outcome, reason, **spec):
        self.entries.append({"name": name, "run_name": name, "run_type": "iteration", "repetitions": 0,
                             "repetition_index": 0, "threads": 1, "error_occurred": True,
                             "error_message": reason, "skipped": outcome == "skipped",
                             "iterations": 0, "real_time": 0, "cpu_time": 0, "time_unit": "ns"})
        self.list(name, outcome, reason, [], **spec)

    def list(self, name, outcome, reason, histograms, **spec):
        parts = name.split("/")
        axes = dict(part.split(":") for part in parts if ":" in part)
        case = {"case": name, "name": name, "benchmark_name": name, "benchmark": "/".join(parts[:2]),
                "doc": "what one sample of it is", "unit": "ns", "runtime": parts[-1],
                "axes": {key: int(value) if value.isdigit() else value for key, value in axes.items()},
                "core": True, "standard": True, "block": 1, "role": "selected", "statistic": "p10",
                "primary_statistic": "p10", "outcome": outcome, "reason": reason, "samples": 400,
                "phases": [], "histograms": histograms}
        case.update(spec)
        self.cases.append(case)

    def write(self, path):
        context = {"date": "2026-01-02T03:04:05+00:00", "host_name": "machine", "executable": "suite",
                   "num_cpus": 8, "mhz_per_cpu": 1000, "cpu_scaling_enabled": False, "caches": [],
                   "load_avg": [], "library_build_type": "release", "json_schema_version": 1,
                   "threadbench": self.ours}
        path.write_text(json.dumps({"context": context, "benchmarks": self.entries,
                                    "threadbench_cases": self.cases}), encoding="utf-8")


def core(document, slower=1.0, tail=2.0):
    for cpu, factor in (("same", 1), ("free", 1.3)):
        for runtime, share in (("posix", 1.2), ("clone", 1)):
            role = "selected" if runtime == "posix" else "floor"
            floor = {"floor": f"create/call/cpu:{cpu}/clone", "card": "the creating call"}
            document.case(f"create/call/cpu:{cpu}/{runtime}", 4500 * factor * share * slower, role=role,
                          **(floor if runtime == "posix" else {}))
    document.case("join/running/cpu:same/posix", 8000, tail=tail, card="its exit and the join")
    document.case("join/running/cpu:same/c11", 8200)


def plain(path, **other):
    document = Document(1, **other)
    core(document)
    document.case("lifecycle/phases/cpu:same/posix", 15000, card="one life, phase by phase",
                  phases={"call": .4, "start": .2, "join": .4})
    document.case("part/mask/null", 250, role="part")
    document.cases[-2]["breakdown"] = {"phases": [
        {"name": "call", "parts": [
            {"what": "signals blocked", "times": 2, "case": "part/mask/null", "field": "lower_half_mean"}]},
        {"name": "start", "parts": []}, {"name": "join", "parts": []}]}
    for runtime, cost in (("posix", 9000), ("c11", 11000)):
        for alive in (1, 10, 100, 1000):
            document.case(f"lifecycle/batch/alive:{alive}/{runtime}", 3000 + cost * alive)
    document.unmeasured("start/first/cpu:other/posix", "skipped", "this process may use no other CPU")
    document.unmeasured("start/first/cpu:other/c11", "skipped", "this process may use no other CPU")
    document.unmeasured("tls/setup/posix", "failed", "exit status 3: out of luck")
    document.write(path)


def small(path):
    plain(path, rounds=6, samples=8, precision=0.01, budget_s=60, stopped_by="budget", alarm_alpha=0.01)
    whole = json.loads(path.read_text(encoding="utf-8"))
    for case in whole["threadbench_cases"]:
        if case["name"].startswith("join/"):  # of the one some rounds, of the other none
            case.update(outcome="pending", reason="the budget does not hold it")
    whole["benchmarks"] = [entry for entry in whole["benchmarks"]
                           if entry["name"] != "join/running/cpu:same/c11" and
                           (entry["name"] != "join/running/cpu:same/posix" or entry["round"] < 3)]
    path.write_text(json.dumps(whole), encoding="utf-8")


def late(folder):
    for place, label in enumerate(("old", "new")):
        document = Document(12 + place, label, place, 2, session="5e55104e0000000c", rounds=6, samples=8,
                            stopped_by="budget", budget_s=9, command=["./run it", "", "it's", "--seed=7"])
        document.case("first/posix", 1000, role="selected", floor="first/clone")
        for number in range(6):
            document.list(f"late{number}/posix", "pending", None, [])
        for number in range(5):
            document.unmeasured(f"gone{number}/posix", "skipped", f"no room for {number * 100}")
        document.unmeasured("first/clone", "failed", "exit status 3", role="floor")
        document.list("first/null", "pending", "it was not its turn", [], role="overhead")
        document.write(folder / f"late-{label}.json")


def compared(folder):
    """Of one session: one case is slower, one has another tail, the others are the same."""
    for place, (label, slower, tail) in enumerate((("old", 1.0, 2.0), ("new", 1.12, 9.0))):
        document = Document(20 + place, label, place, 2, alarm_alpha=0.01, look_alpha_share=1)
        core(document, slower, tail)
        document.unmeasured("tls/setup/posix", "skipped", "no such thing here")
        document.write(folder / f"{label}.json")


def sessions(folder):
    for number, name in enumerate(("one", "two")):
        document = Document(30 + number, session=f"5e55104e0000000{number + 1}")
        core(document, 1 + .05 * number)
        document.write(folder / f"{name}.json")


def several(folder):
    """Of one session, of which the last differs in all that it may."""
    for place, label in enumerate(("first", "second", "third")):
        last = label == "third"
        document = Document(60 + place, label, place, 3, session="5e55104e00000006",
                            command=["threadbench", "run", "other" if last else "same"])
        document.case("both/posix", 1000)
        if last:
            document.ours["host"]["cpu"] = "another processor"
            document.ours["warnings"][0] = {"id": "load", "severity": "warning", "text": "it is busy",
                                            "advice": "wait"}
            document.unmeasured("once/posix", "skipped", "for a reason")
        else:
            document.unmeasured(f"{label}/posix", "failed", "exit status 3")
            document.case("once/posix", 1000)
        document.write(folder / f"{label}.json")


def interpreters(folder):
    for place, label in enumerate(("a", "b")):
        python = {"version": f"3.1{place + 1}", "implementation": "cpython", "free_threaded": False,
                  "gil_enabled": True, "compiler": "gcc", "flags": f"-O{place + 2}", "configured": "",
                  "debug": False}
        document = Document(40 + place, f"python-{label}", place, 2, session="5e55104e00000009",
                            python=python)
        document.case("python/start/python", 20000 * (1 + .3 * place))
        document.case("python/lock/python", 40)
        document.write(folder / f"python-{label}.json")


def python(version, **other):
    return {"version": version, "implementation": "cpython", "free_threaded": False, "gil_enabled": True,
            "compiler": "gcc", "flags": "-O2", "configured": "", "debug": False, **other}


def more_interpreters(folder):
    """After a suite: of the second a case is missing, of the third one more is there, and was not of the first."""
    session = {"subjects": 4, "session": "5e55104e0000000a"}
    document = Document(70, "suite", 0, **session)
    core(document)
    document.write(folder / "suite.json")
    builds = (python("3.12"), python("3.13", free_threaded=True, compiler="clang"),
              python("3.14", free_threaded=True, gil_enabled=False, compiler=None))
    for place, identity in enumerate(builds, 1):
        document = Document(70 + place, f"py-{place}", place, python=identity, **session)
        document.case("python/lock/cpu:same", 40)
        document.case("python/start/cpu:same", 20000 * (1, 1.3, .7)[place - 1], card="it starts")
        if place != 2:
            document.case("python/local/cpu:same", 900)
        if place == 1:
            document.unmeasured("python/late/cpu:same", "skipped", "not in this version")
        else:
            document.case("python/late/cpu:same", 700)
        document.unmeasured("python/never/cpu:same", "skipped", "in no version")
        document.write(folder / f"py-{place}.json")
    for place in (1, 2):
        document = Document(75 + place, f"few-{place}", place - 1, 2, session="5e55104e0000000b", rounds=3,
                            python=python(f"3.{place}"))
        document.case("python/lock/cpu:same", 40 * place)
        document.write(folder / f"few-{place}.json")


def tasks(path, **other):
    """Threads that cost 20 µs; pools that cost half, nearly as much, and more."""
    document = Document(8, **other)
    for length in (0, 100000):
        for name, cost in (("thread", 20000), ("pool", 10000), ("near", 19950), ("loop", 25000), ("tiny", 1)):
            spec = {"alternatives": True, "runtime": name, "benchmark": "task", "axes": {"work": length}}
            if name != "thread":
                spec["break_even"] = {"thread": f"task/work:{length}/thread", "empty": f"task/work:0/{name}",
                                      "length_ns": length}
            document.case(f"task/work:{length}/{name}", cost + length, **spec)
    for name, reason in (("gone", "no such pool"), ("lost", "no such pool"), ("left", "no room")):
        document.unmeasured(f"task/work:0/{name}", "skipped", reason, alternatives=True, runtime=name, benchmark="task",
                            break_even={"thread": "task/work:0/thread", "empty": f"task/work:0/{name}", "length_ns": 0})
    document.write(path)


def growths(path):
    document = Document(9)
    document.ours["axes"] += [{"name": "depth", "unit": None, "zero": 0}, {"name": "shift"}]
    curves = {"flat": lambda x: 5000, "line": lambda x: 5000 + 300 * x, "log": lambda x: 100 + 5000 * math.log2(1 + x),
              "power": lambda x: 50 * x ** 2.5, "steps": lambda x: 100 * 30 ** (x > 9) * (1 + x % 3)}
    for family in ("one", "two"):
        for name, curve in curves.items():
            for alive in (1, 2, 4, 8, 16, 32, 64):
                document.case(f"{family}/{name}/alive:{alive}/posix", curve(alive), benchmark=f"{family}/{name}")
        for depth in (0, 1, 10, 100):
            document.case(f"{family}/zero/depth:{depth}", 1000 + depth, runtime=None, benchmark=f"{family}/zero")
        for shift in (-1, 0, 1, 2):
            document.case(f"{family}/below/shift:{shift}/posix", 4000 + 1000 * shift, benchmark=f"{family}/below",
                          axes={"shift": shift})
    document.write(path)


def full(path):
    document = Document(5, rounds=3, samples=100)
    runtimes = ("posix", "c11", "clone", "glib")
    names = [f"family{family}/row{row}/size:{size}/{runtime}" for family in range(20)
             for row in range(7) for size in (0, 64) for runtime in runtimes][:1054]
    while len(names) < 1054:
        names.append(f"last/row{len(names)}/posix")
    for name in names:
        document.case(name, document.rng.uniform(20, 90000))
    document.write(path)


def hostile(path):
    document = Document(6, command=["threadbench", HOSTILE], other_run=HOSTILE)
    document.ours["host"].update(name=HOSTILE, cpu=HOSTILE, machine=HOSTILE)
    document.ours["host"]["kernel"].update(name=HOSTILE, release=HOSTILE)
    document.ours["revision"]["describe"] = HOSTILE
    document.ours["subject"].update(label=HOSTILE, argv=[HOSTILE], stderr=[HOSTILE])
    document.ours["build"]["compiler"] = HOSTILE
    document.ours["warnings"] = [dict.fromkeys(("id", "severity", "text", "advice"), HOSTILE)]
    name = f"create/call/{HOSTILE}".replace("/script", "\\script")
    for alive in (1, 2, 4):
        document.case(f"{name}/alive:{alive}/posix", 5000 * alive, doc=HOSTILE, card=HOSTILE,
                      unit=HOSTILE, runtime=HOSTILE, axes={HOSTILE: alive}, benchmark=HOSTILE,
                      phases={HOSTILE: 1})
        document.cases[-1]["breakdown"] = {"phases": [{"name": HOSTILE, "parts": [
            {"what": HOSTILE, "times": 1, "case": name, "field": "lower_half_mean"}]}]}
    document.unmeasured(f"{name}/posix", "skipped", HOSTILE)
    document.unmeasured(f"{name}/c11", "failed", HOSTILE)
    document.write(path)


def odd(path):
    document = Document(7)
    for alive in (1, 10, 100, 1000):  # of the first the name ends with the runtime, but in a value
        document.case(f"odd/alive:{alive}", 3000 * alive, runtime="1", benchmark="odd")
    for number in range(TB_HUES + 2):
        for alive in (1, 10, 100):
            document.case(f"many/alive:{alive}/runtime{number}", 1000 * (number + alive), benchmark="many")
    for alive in range(1, 71):
        document.case(f"long/alive:{alive}/posix", 1000 * alive, benchmark="long")
    document.write(path)


def foreign(path):
    entries = [{"name": f"BM_{name}", "run_name": f"BM_{name}", "run_type": "iteration", "repetitions": 8,
                "repetition_index": number, "threads": 1, "iterations": 1000,
                "real_time": cost + number, "cpu_time": cost, "time_unit": "us"}
               for name, cost in (("sort", 40), ("copy", 7)) for number in range(8)]
    path.write_text(json.dumps({"context": {"host_name": "machine", "num_cpus": 4},
                                "benchmarks": entries}), encoding="utf-8")


def write_all(folder):
    plain(folder / "plain.json")
    compared(folder)
    sessions(folder)
    several(folder)
    interpreters(folder)
    more_interpreters(folder)
    tasks(folder / "tasks.json")
    tasks(folder / "few-tasks.json", label="few", rounds=3)
    growths(folder / "growths.json")
    small(folder / "small.json")
    late(folder)
    full(folder / "full.json")
    hostile(folder / "hostile.json")
    odd(folder / "odd.json")
    foreign(folder / "foreign.json")


if __name__ == "__main__":
    write_all(pathlib.Path(sys.argv[1]))
