#!/usr/bin/env python3
"""What other tools' own code finds in series of which the truth is known.

usage: change_points_others.py CHANGE-POINT-SERIES COUNT OTAVA ASV TREEHERDER

CHANGE-POINT-SERIES is the program of that name, and draws COUNT series of each kind; the others are
source trees of Apache Otava, airspeed velocity and Treeherder (which has Perfherder). Otava needs
numpy and scipy. Each tool runs with its defaults:
  - threadbench: alpha 1 %;
  - Otava: p < 0.001, windows of 50 runs;
  - asv: detect_steps, detect_regressions with its 5 % threshold, which looks for steps up;
  - Perfherder: t > 7 between the 12 to 24 runs before and the 12 after, and 2 % or more.
Prints the per cent of the series with any point, and with one within one run of the step at run 40.
"""
import importlib.util
import pathlib
import subprocess
import sys

STEP_AT = 40


def load(name, path):
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def otava(tree):
    sys.path.insert(0, str(tree))
    from otava.analysis import compute_change_points
    return lambda values: [point.index for point in compute_change_points(values)[0]]


def asv(tree):
    module = load("asv_steps", tree / "asv/step_detect.py")

    def find(values):
        jumps = module.detect_regressions(module.detect_steps(values), 0.05)[2]
        return [jump[1] for jump in jumps or []]
    return find


def perfherder(tree):
    module = load("perfalert", tree / "treeherder/perfalert/perfalert/__init__.py")

    def find(values):
        data = [module.RevisionDatum(at, at, [value]) for at, value in enumerate(values)]
        return [point.push_id for point in module.detect_changes(data)
                if point.change_detected
                and abs(point.forward_stats["avg"] / point.historical_stats["avg"] - 1) >= 0.02]
    return find


def series_of(program, count):
    run = subprocess.run([program, str(count)], check=True, stdout=subprocess.PIPE, text=True)
    for line in run.stdout.splitlines():
        head, values = line.split("|")
        noise, step, correlation, *points = head.split()
        kind = (float(noise), float(step), float(correlation))
        yield kind, [int(point) for point in points], [float(value) for value in values.split()]


def main():
    if len(sys.argv) != 6:
        sys.exit(__doc__)
    finders = {"Otava": otava, "asv": asv, "Perfherder": perfherder}
    tools = {name: make(pathlib.Path(tree))
             for (name, make), tree in zip(finders.items(), sys.argv[3:])}
    tallies = {}
    for kind, ours, values in series_of(sys.argv[1], int(sys.argv[2])):
        found = {"threadbench": ours, **{name: find(list(values)) for name, find in tools.items()}}
        for name, points in found.items():
            tally = tallies.setdefault(kind, {}).setdefault(name, [0, 0, 0])
            tally[0] += 1
            tally[1] += bool(points)
            tally[2] += any(abs(point - STEP_AT) <= 1 for point in points)
    print("noise, step, correlation    " + "".join(f"{name:>16}" for name in found))
    for (noise, step, correlation), row in tallies.items():
        cells = [f"{100 * any_ / count:.1f} / {100 * near / count:.1f}" if step
                 else f"{100 * any_ / count:.1f}" for count, any_, near in row.values()]
        print(f"{noise:4.0%}  {step:4.0%}  {correlation:11.1f}    "
              + "".join(f"{cell:>16}" for cell in cells))


main()
