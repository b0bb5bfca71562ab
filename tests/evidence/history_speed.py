#!/usr/bin/env python3
"""How long the commands over a large archive take, and how much memory.

usage: history_speed.py THREADBENCH [DOCUMENTS [ROUNDS]]

Measures the core set once, in 12 rounds unless told otherwise, and makes of that document an archive
of so many, with other values, each of a commit of its own in a scratch repository: 1000, 3000 and
10000, unless told otherwise. For each command the least wall time, the least CPU time, git's included, and
the most memory of three runs.
"""
import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile
import time
import zlib

IDENTITY = "x <x@localhost> {} +0000"


def measure(threadbench, path, rounds):
    subprocess.run([threadbench, "run", "--set", "core", "--rounds", str(rounds), "--time", "0.02", "--quiet",
                    "-o", path], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def make_repository(path, count):
    """Its commits, the oldest first."""
    subprocess.run(["git", "init", "-q", path], check=True)
    stream = "".join(f"commit refs/heads/main\ncommitter {IDENTITY.format(1700000000 + i)}\n"
                     f"data <<END\nsubject {i}\nEND\n\n" for i in range(count))
    subprocess.run(["git", "-C", path, "fast-import", "--quiet"], input=stream, text=True, check=True)
    subprocess.run(["git", "-C", path, "symbolic-ref", "HEAD", "refs/heads/main"], check=True)
    listing = subprocess.run(["git", "-C", path, "rev-list", "--reverse", "main"], check=True,
                             capture_output=True, text=True)
    return listing.stdout.split()


def vary(document, number, commit, changed):
    """Another run of the same: about the same values, but for a case that a commit has changed."""
    ours = document["context"]["threadbench"]
    ours["run_id"], ours["session"] = f"{number:016x}", f"{number:016x}"
    ours["revision"] = {"commit": commit, "dirty": False, "describe": commit[:7]}
    ours["started_utc"] = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(1700000000 + number))
    run = random.gauss(1, 0.01)
    for entry, values in document["varied"]:
        ratio = run * random.gauss(1, 0.01) * (1.1 if changed and entry["name"].startswith("create/call") else 1)
        entry.update((key, float(f"{value * ratio:.7g}")) for key, value in values.items())


def make_archive(source, folder, commits):
    """The bytes it takes."""
    document = json.loads(pathlib.Path(source).read_text(encoding="utf-8"))
    document["varied"] = [(e, {k: e[k] for k in ("real_time", "p10", "mean") if k in e})
                          for e in document["benchmarks"] if e.get("run_type") == "iteration"]
    host, size = document["context"]["host_name"], 0
    for number, commit in enumerate(commits):
        vary(document, number, commit, number >= 2 * len(commits) // 3)
        parts = {key: value for key, value in document.items() if key != "varied"}
        data = json.dumps(parts, separators=(",", ":")).encode()
        stamp = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(1700000000 + number))
        path = pathlib.Path(folder, host, commit, f"{stamp}-{number:016x}-{zlib.crc32(data):08x}.json")
        path.parent.mkdir(parents=True)
        path.write_bytes(data)
        size += len(data)
    return size


def run(words):
    """Seconds, CPU seconds and MB of a command."""
    began = time.monotonic()
    worker = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(worker.pid, 0)
    worker.returncode = os.waitstatus_to_exitcode(status)
    if worker.returncode not in (0, 3, 4):
        sys.exit(f"{' '.join(words)} ended with {worker.returncode}")
    return time.monotonic() - began, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def show(what, words, times=3):
    wall, cpu, memory = zip(*(run(words) for _ in range(times)))
    print(f"    {what:32} {min(wall):8.2f} s {min(cpu):7.2f} s CPU {max(memory):5.0f} MB", flush=True)


def try_size(threadbench, source, count, folder):
    repository, archive = f"{folder}/repository", f"{folder}/archive"
    os.environ["XDG_CACHE_HOME"] = f"{folder}/cache"
    commits = make_repository(repository, count)
    child = os.fork()  # a child's peak is never below its parent's memory
    if not child:
        print(f"{count} documents, {make_archive(source, archive, commits) / 1e6:.0f} MB", flush=True)
        os._exit(0)
    if os.waitpid(child, 0)[1]:
        sys.exit(1)
    places = ["--repo", repository, "--archive", archive]
    history = [threadbench, "history"] + places
    show("archive list, no index yet", [threadbench, "archive", "list", archive], 1)
    show("history, which makes the index", history, 1)
    show("history", history)
    show("history, one case", history + ["^create/call/cpu:same/posix$"])
    show("history --format json", history + ["--format", "json"])
    show("history --format html", history + ["--format", "html"])
    show("archive list", [threadbench, "archive", "list", archive])
    show("compare REV REV", [threadbench, "compare"] + places + [commits[0], commits[-1]])
    show("compare --ancestor REV", [threadbench, "compare"] + places + ["--ancestor", commits[-1]])


def main():
    threadbench = sys.argv[1]
    sizes = [int(sys.argv[2])] if len(sys.argv) > 2 else [1000, 3000, 10000]
    random.seed(1)
    with tempfile.TemporaryDirectory() as folder:
        source = f"{folder}/document.json"
        measure(threadbench, source, int(sys.argv[3]) if len(sys.argv) > 3 else 12)
        for count in sizes:
            os.mkdir(f"{folder}/{count}")
            try_size(threadbench, source, count, f"{folder}/{count}")


if not 2 <= len(sys.argv) <= 4:
    sys.exit(__doc__)
main()
