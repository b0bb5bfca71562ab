#!/usr/bin/env python3
"""Whether two builds of threadbench behave alike, on a few hundred command lines.

usage: behaviour.py OLD NEW [--only REGEX] [--show] [--words FILE]

OLD and NEW are threadbench binaries. Each command line of behaviour_cases.py runs once with either,
in a copy of one folder of subjects, documents and archives; exit code, stdout, stderr and the files
that it wrote are compared, byte for byte but for what is random: ids of runs, today's date, times of
processes, and how busy the machine was. What differs is grouped by the words that changed: one word
that changed in two hundred places is shown once, with an example.

--only   runs the command lines that match
--show   prints them in full: both sides, and the difference
--words  FILE of intended changes, a line each, REGEX → REPLACEMENT. They are made in what OLD
         printed and wrote, so that only what nobody intended is left. After a line "[arguments]" they
         are made in NEW's command lines, for options that have another name there.

Ends with 0 whatever it found; with 1 where it could not run.
"""
import argparse
import collections
import datetime
import difflib
import fcntl
import os
import pathlib
import pty
import re
import shlex
import shutil
import signal
import stat
import struct
import subprocess
import sys
import tempfile
import termios

import behaviour_cases

MOST_SECONDS = 60
MOST_EXAMPLES = 6

TODAY = datetime.datetime.now(datetime.timezone.utc).date()
DAYS = [TODAY, TODAY + datetime.timedelta(days=1)]
BUSY = "load|pressure|memory-pressure|memory|swap|steal"  # findings that come and go by themselves

# What is random, in the order in which it is replaced.
RANDOM = [(re.compile(pattern, re.M), replacement) for pattern, replacement in [
    (r'"(run_id|session)":(\s*)"[0-9a-f]{16}"', r'"\1":\2"ID"'),
    (r"\bthreadbench-[0-9a-f]{16}\b", "threadbench-ID"),
    (r"\bthreadbench-[A-Za-z0-9]{6}\b", "threadbench-FOLDER"),
    ("(?:" + "|".join(d.strftime("%Y%m%d") for d in DAYS) +
     r")T\d{6}Z-[0-9a-f]{8,16}(-[^/]+)?-[0-9a-f]{8}\b", r"NAME\1"),
    ("(?:" + "|".join(map(str, DAYS)) + r")T\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)?", "TIME"),
    # Beside a worker, and in the moments before and after: some are left out where unknown.
    (r',?\s*"(wall_ms|cpu_pressure_us|other_cpu_share|steal_share|steal_percent'
     r'|cpu_some_avg10_percent|memory_some_avg10_percent|memory_available_kib|swap_cached_kib'
     r'|majflt)":\s*[-+.\de]+', ""),
    (r'"load_avg":(\s*)\[[^]]*\]', r'"load_avg":\1[N]'),
    (r'\{\s*"id":\s*"(' + BUSY + r')"[^{}]*\}(,\s*)?', ""),
    (r'"cost_ns":(\s*)[\d.]+', r'"cost_ns":\1N'),
    (r'("path":\s*"BUILD[^"]*",\s*"size":\s*)\d+(,\s*"crc32":\s*)\d+', r"\1N\2N"),
    (r"^(note|warning) +(" + BUSY + r"): .*\n(?:         .*\n)*", ""),
    (r"not finished after [\d.]+ s", "not finished after N s"),
    (r"\d+ s left: (.*?) *\r", r"N s left: \1\r"),
    (r"seed \d{4,}", "seed N"),
    (r'"seed":(\s*)\d{4,}', r'"seed":\1N'),
]]


def environment(work):
    return {
        "PATH": os.environ["PATH"], "HOME": str(work), "TMPDIR": str(work), "LC_ALL": "C.UTF-8",
        "XDG_CACHE_HOME": str(work / "cache"), "TERM": "dumb",
        "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_SYSTEM": "/dev/null",
        **{f"GIT_{who}_{what}": value for who in ("AUTHOR", "COMMITTER") for what, value in
           (("NAME", "x"), ("EMAIL", "x"), ("DATE", "2020-01-02T03:04:05Z"))},
    }


class Case:
    """[NAME=VALUE...] WORD... [>PLACE]: PLACE is closed, full, gone (nobody reads) or tty:COLUMNS."""

    def __init__(self, line):
        self.line = line
        words = shlex.split(line)
        self.place = words.pop()[1:] if words and words[-1].startswith(">") else "pipe"
        self.variables = {}
        while words and re.match(r"[A-Z_]+=", words[0]):
            name, value = words.pop(0).split("=", 1)
            self.variables[name] = value
        self.words = words


def on_terminal(columns, argv, **settings):
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    child = subprocess.Popen(argv, stdin=theirs, stdout=theirs, stderr=theirs,
                             start_new_session=True, **settings)
    os.close(theirs)
    text = b""
    while True:
        try:
            part = os.read(ours, 65536)
        except OSError:  # all others have closed it
            part = b""
        if not part:
            break
        text += part
    os.close(ours)
    return child.wait(MOST_SECONDS), text, b""


def stdout_of(place):
    if place == "gone":
        reader, writer = os.pipe()
        os.close(reader)
        return writer
    return os.open("/dev/full" if place == "full" else "/dev/null", os.O_WRONLY)


def execute(binary, case, words, work):
    """(exit code, stdout, stderr)"""
    argv = ["threadbench", *words]
    settings = {"executable": binary, "cwd": work,
                "env": {**environment(work), **case.variables}}
    if case.place.startswith("tty:"):
        return on_terminal(int(case.place[4:]), argv, **settings)
    if case.place == "closed":
        argv = ["sh", "-c", 'exec "$0" "$@" >&-', binary, *words]
        settings["executable"] = "/bin/sh"
    elsewhere = None if case.place == "pipe" else stdout_of(case.place)
    try:
        done = subprocess.run(argv, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE,
                              stdout=subprocess.PIPE if elsewhere is None else elsewhere,
                              timeout=MOST_SECONDS, check=False, **settings)
    except subprocess.TimeoutExpired as late:
        return "over time", late.stdout or b"", late.stderr or b""
    finally:
        if elsewhere is not None:
            os.close(elsewhere)
    return done.returncode, done.stdout or b"", done.stderr


def content(path):
    if path.is_symlink():
        return b"a link to " + os.fsencode(os.readlink(path)) + b"\n"
    if path.is_file():
        return path.read_bytes()
    return b"a folder\n" if path.is_dir() else b"neither file nor folder\n"


def snapshot(folder):
    """{path: what changes when it is written}, without git's own folders."""
    found = {}
    for root, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if name != ".git"]
        for name in folders + files:
            path = pathlib.Path(root, name)
            status = path.lstat()
            found[str(path.relative_to(folder))] = \
                os.readlink(path) if path.is_symlink() else \
                (status.st_ino, status.st_size, status.st_mtime_ns, status.st_mode) \
                if stat.S_ISREG(status.st_mode) else stat.S_IFMT(status.st_mode)
    return found


def normal(text, binary, work):
    """As text, JSON with a member on each line, and without what is random."""
    text = text.decode("utf-8", "backslashreplace").replace(str(work), "WORK")
    text = text.replace(str(pathlib.Path(binary).parents[2]), "BUILD")
    for pattern, replacement in RANDOM:
        text = pattern.sub(replacement, text)
    lines = (re.sub(r'(?<=[,{\[])(?=["{])', "\n", line) if line[:1] in "{[" else line
             for line in text.split("\n"))
    return "\n".join(lines)


def link(source, target, **_):
    """Instead of a copy: a writer gives its file to the folder when it is whole."""
    os.link(source, target, follow_symlinks=False)


def observe(binary, case, words, fixture):
    """{stream: text}: all that a command line does."""
    work = fixture.with_name("work")
    shutil.rmtree(work, ignore_errors=True)
    shutil.copytree(fixture, work, symlinks=True, copy_function=link)
    for name in {"fake.sh", "program"} & set(os.listdir(work)):
        (work / name).unlink()  # a link to the fixture's
        shutil.copy(behaviour_cases.fake_of(binary), work / name)
    before = snapshot(work)
    code, out, err = execute(binary, case, words, work)
    streams = {"exit code": f"{code}\n", "stdout": normal(out, binary, work), "stderr": normal(err, binary, work)}
    after = snapshot(work)
    for path in sorted(before.keys() | after.keys()):
        if before.get(path) != after.get(path):
            text = normal(content(work / path), binary, work) if path in after else "removed\n"
            name = normal(os.fsencode(path), binary, work)
            while f"file {name}" in streams:  # several of a name that is random
                name += "'"
            streams[f"file {name}"] = text
    return streams


# ---- what differs ----

def read_words(path):
    """([(pattern, replacement)] for what was printed, the same for command lines)"""
    lists = {"": [], "[arguments]": []}
    current = ""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line in lists:
            current = line
        elif line.strip() and not line.startswith("#"):
            pattern, separator, replacement = line.partition(" → ")
            if not separator:
                sys.exit(f"behaviour.py: {path}: '{line}': give REGEX → REPLACEMENT")
            lists[current].append((re.compile(pattern, re.M), replacement))
    return lists[""], lists["[arguments]"]


def substitute(text, words):
    for pattern, replacement in words:
        text = pattern.sub(replacement, text)
    return text


def changed_words(old, new):
    """(old words, new words) of each place, or that only spaces and ends of lines differ."""
    a, b = (re.findall(r"[\w.%/+-]+|[^\w\s]", text) for text in (old, new))
    if a == b:
        return (("(spaces and ends of lines)", "(others)"),)
    matcher = difflib.SequenceMatcher(None, a, b, autojunk=False)
    return tuple((" ".join(a[i:j]), " ".join(b[k:m]))
                 for kind, i, j, k, m in matcher.get_opcodes() if kind != "equal")


def hunks(old, new):
    """(old lines, new lines) of each place; lines that correspond stand for themselves."""
    a, b = old.splitlines(), new.splitlines()
    few = len(a) + len(b) < 2000  # else lines that are frequent are not looked at, to be in time
    for kind, i, j, k, m in difflib.SequenceMatcher(None, a, b, autojunk=not few).get_opcodes():
        if kind == "equal":
            continue
        if j - i == m - k:
            yield from ((a[i + n:i + n + 1], b[k + n:k + n + 1]) for n in range(j - i))
        else:
            yield a[i:j], b[k:m]


def differences(old, new):
    """(changed words, stream, old lines, new lines)"""
    for stream in sorted(old.keys() | new.keys()):
        if stream not in old or stream not in new:
            yield ((f"{stream}: {'there' if stream in old else 'not there'}",
                    "there" if stream in new else "not there"),), stream, [], []
            continue
        for before, after in hunks(old[stream], new[stream]) if old[stream] != new[stream] else ():
            yield changed_words("\n".join(before), "\n".join(after)), stream, before, after


def cut(line):
    return line if len(line) <= 300 else line[:300] + "…"


def show(case, words, old, new):
    print(f"==== {case.line}")
    if words != case.words:
        print(f"     NEW: {shlex.join(words)}")
    for stream in sorted(old.keys() | new.keys()):
        a, b = old.get(stream, ""), new.get(stream, "")
        print(f"---- {stream}{' (both)' if a == b else ''}\n{a}", end="")
        if a != b:
            print("".join(line if line.endswith("\n") else line + "\n" for line in
                          difflib.unified_diff(a.splitlines(True), b.splitlines(True), "old",
                                               "new")))


def report(groups, equal, count):
    print(f"{equal} of {count} command lines are equal; {len(groups)} kinds of difference")
    for key, found in sorted(groups.items(), key=lambda item: -len(item[1])):
        lines = list(dict.fromkeys(case.line for case, *_ in found))
        case, stream, before, after = found[0]
        print(f"\n== {len(found)} times, on {len(lines)} command lines")
        for a, b in key:
            print(f"   {cut(a) or '(nothing)'}  →  {cut(b) or '(nothing)'}")
        print(f"@@ {stream} of: {case.line}")
        for mark, side in (("-", before), ("+", after)):
            print("".join(f"{mark}{cut(line)}\n" for line in side[:20]), end="")
        for line in lines[1:MOST_EXAMPLES]:
            print(f"   also: {line}")


def main():
    parser = argparse.ArgumentParser(usage=__doc__.split("\n")[2][7:], add_help=False)
    parser.add_argument("old", type=pathlib.Path)
    parser.add_argument("new", type=pathlib.Path)
    parser.add_argument("--only", type=re.compile, default=re.compile(""))
    parser.add_argument("--show", action="store_true")
    parser.add_argument("--words", type=pathlib.Path)
    options = parser.parse_args()
    printed, arguments = read_words(options.words) if options.words else ([], [])
    binaries = [str(path.resolve(strict=True)) for path in (options.old, options.new)]
    groups, equal = collections.defaultdict(list), 0
    with tempfile.TemporaryDirectory(prefix="behaviour-") as root:
        fixture = pathlib.Path(root, "fixture")
        behaviour_cases.furnish(fixture, binaries, environment(fixture))
        cases = [Case(line) for line in behaviour_cases.lines(fixture) if options.only.search(line)]
        for number, case in enumerate(cases, 1):
            if sys.stderr.isatty():
                print(f"\r{number} of {len(cases)}", end="", file=sys.stderr)
            words = [substitute(word, arguments) for word in case.words]
            old = observe(binaries[0], case, case.words, fixture)
            old = {substitute(k, printed): substitute(v, printed) for k, v in old.items()}
            new = observe(binaries[1], case, words, fixture)
            if options.show:
                show(case, words, old, new)
            found = list(differences(old, new))
            equal += not found
            for key, *where in found:
                groups[key].append((case, *where))
    report(groups, equal, len(cases))


if __name__ == "__main__":
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # whoever reads the report may have enough of it
    main()
