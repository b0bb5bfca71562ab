#!/usr/bin/env python3
"""Takes the tables of docs/evidence/python-claims.md, one after the other, as Markdown.

usage: python_claims.py [--share PERCENT] [--only TABLE] THREADBENCH FOLDER NAME=PYTHON...

FOLDER gets claims.md, with date, command, and what disturbed it at each table, and the documents,
which threadbench shows again and python_spread.py reads. Names are words such as 3.14t. The others
are set beside the first interpreter; in a table of what that is too old for, beside the first one
that is not. PERCENT is the share of the rounds that are taken, six at least: with 100, the default,
five interpreters take a quarter of an hour on two CPUs that are left alone.
"""
import argparse
import json
import pathlib
import shlex
import subprocess
import sys
import time

# A table: its name, from which Python 3 on, rounds, samples in each process, and the cases.
TABLES = (
    ("threads", 9, 24, 200, r"^(python/(object|start|join-finished|join-running|serial|local|tss|"
     r"lock|lock-handed|state|attach)/cpu:(same|free)|(create/call|lifecycle/serial)/"
     r"cpu:(same|free)/posix)$"),
    ("joinable", 13, 24, 200, r"^python/start-joinable/cpu:(same|free)$"),
    ("allocations", 9, 24, 200, r"^(python/alloc-(first|next)/cpu:same(/warm:cold)?|"
     r"alloc/(first|next)/cpu:same/posix)$"),
    ("pools", 9, 24, 200, r"^python/(submit|result|pool)/cpu:(same|free)$"),
    ("interpreters", 13, 12, 10, r"^python/interpreter-.*/cpu:same$"),
    ("pools of interpreters", 14, 12, 20, r"^python/(submit|result|pool)-interpreter/"
     r"cpu:(same|free)$"),
    ("contexts", 14, 24, 200, r"^python/start-(empty|inherit)/cpu:same$"),
    ("joins of a hundred", 9, 6, 20, r"^python/join-last/alive:100/cpu:same$"),
    ("the study's script", 9, 7, 4, r"^python/batch/alive:1000/cpu:(same|free)$"),
    ("scaling", 9, 12, 10, r"^python/(scaling|lock-contended)/alive:[124]/cpu:free$"),
    ("memory", 9, 6, 2, r"^(python/memory-[a-z-]*/alive:256|memory/thread-[a-z-]*/(alive:[0-9]+/)?posix)$"),
)


def later_than(pythons, minor):
    """Those of Python 3.MINOR or later."""
    ask = f"import ctypes, sys; sys.exit(2 * (sys.version_info < (3, {minor})))"
    found = []
    for each in pythons:
        path = each.partition("=")[2]
        code = subprocess.run([path, "-I", "-c", ask], check=False).returncode
        if code == 1:
            sys.exit(f"python_claims.py: {path}: cannot import ctypes: give another interpreter")
        if not code:
            found.append(each)
    return found


def command_of(threadbench, pythons, rounds, samples, cases):
    subjects = [word for name, path in (each.split("=", 1) for each in pythons)
                for word in ("--python", f"{name}: {path}")]
    return [threadbench, "run", *subjects, "--rounds", str(rounds), "--samples", str(samples),
            "--filter", cases]


def circumstances(document):
    """Of a table's document: host, date, and what disturbed it."""
    ours = json.loads(document.read_text(encoding="utf-8"))["context"]["threadbench"]
    host = ours["host"]
    disturbed = [each["text"] for each in ours["warnings"] if each["severity"] == "warning"]
    return (f"{ours['started_utc']}, {host['cpu']}, {host['kernel']['name']} "
            f"{host['kernel']['release']}; disturbed by: {'; '.join(disturbed) or 'nothing'}")


def take(page, options, name, minor, rounds, samples, cases):
    rounds = max(6, round(rounds * options.share / 100))
    pythons = later_than(options.pythons, minor)
    if not pythons:
        return
    print(f"{name}: {len(pythons)} interpreters, {rounds} rounds", file=sys.stderr, flush=True)
    command = command_of(options.threadbench, pythons, rounds, samples, cases)
    document = options.folder / (name.replace(" ", "-") + ".json")
    begun = time.monotonic()
    table = subprocess.run([*command, "--quiet", "--format", "markdown", "-o", document],
                           stdout=subprocess.PIPE, text=True, check=True).stdout
    minutes = (time.monotonic() - begun) / 60
    first = document if len(pythons) == 1 else document.with_name(
        f"{document.stem}-{pythons[0].partition('=')[0]}.json")
    page.write(f"\n## {name}\n\n    {shlex.join(command)}\n\n{table}\n"
               f"{circumstances(first)}; {minutes:.0f} minutes\n")
    page.flush()


def main():
    parser = argparse.ArgumentParser(usage=__doc__.split("usage: ")[1].split("\n")[0])
    parser.add_argument("--share", type=int, default=100, metavar="PERCENT")
    parser.add_argument("--only", action="append", choices=[table[0] for table in TABLES])
    parser.add_argument("threadbench")
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("pythons", nargs="+", metavar="NAME=PYTHON")
    options = parser.parse_args()
    if not all("=" in each for each in options.pythons):
        parser.error("give interpreters as NAME=PYTHON")
    options.folder.mkdir(parents=True, exist_ok=True)
    with open(options.folder / "claims.md", "a", encoding="utf-8") as page:
        for table in TABLES:
            if not options.only or table[0] in options.only:
                take(page, options, *table)


if __name__ == "__main__":
    main()
