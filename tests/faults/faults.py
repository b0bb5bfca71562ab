#!/usr/bin/env python3
"""Lets every call of the harness to the system fail once, and looks how each run ends.

usage: faults.py THREADBENCH LIBRARY FAKE [--all] [--jobs N] [--most N] [--only SCENARIO,...[/KIND]]
                 [--say]
       faults.py THREADBENCH LIBRARY FAKE --one SCENARIO/KIND/NAME/ERROR/N

A scenario is a command in a folder made beforehand. It is run once to count its calls, and then once
for each call, which fails: an allocation, a clock or a close by LIBRARY (faults.c), which also cuts
reads and writes short; every other system call by strace. Each run has to end
  - as the one without a fault, with the same output (what is only noted is counted apart), or
  - with another documented exit code, and a message of a line or a few;
within the time, with no good file lost or broken, and with nothing left over. All else is a DEFECT.

Without --all: one call of each place in the program, and of these at most --most of a kind. --one
repeats one run and shows what it printed; --say names the ends, too, that are no defects.
"""
import argparse
import collections
import concurrent.futures
import os
import pathlib
import re
import signal
import struct
import subprocess
import sys
import tempfile

import scenarios

TIMEOUT_S = 120
MOST_LINES = 4
HWLOC = "tb_topology_probe"          # which makes sure beforehand that libhwloc will have some
POPT = "virtual memory exhausted."   # libpopt's own end where it has none

# What a kind of call is to the library, or to strace: the system calls, and what each may fail with.
LIBRARY = {"memory": ("once", "limit"), "clock": ("once",), "close": ("once",),
           "short-read": ("once",), "short-write": ("once",)}
CALLS = {
    "open": ("open openat", "EMFILE EACCES"),
    "read": ("read pread64 readlink readlinkat", "EIO EINTR"),
    "write": ("write pwrite64 writev ftruncate", "ENOSPC EINTR"),
    "fsync": ("fsync fdatasync", "EIO"),
    "rename": ("rename renameat renameat2 link linkat", "EIO"),
    "remove": ("unlink unlinkat rmdir", "EACCES"),
    "make": ("mkdir mkdirat mknod mknodat fchmod", "ENOSPC"),
    "list": ("getdents64", "EIO"),
    "stat": ("stat lstat fstat newfstatat statx access faccessat faccessat2 getcwd", "EIO"),
    "vfork": ("vfork fork clone clone3", "EAGAIN"),
    "pipe": ("pipe pipe2 signalfd4 pidfd_open", "EMFILE"),
    "wait": ("wait4 waitid poll ppoll", "EINTR"),
    "lock": ("flock fcntl", "ENOLCK"),
    "random": ("getrandom", "EIO"),
    "map": ("mmap", "ENOMEM"),
}
KINDS = [*LIBRARY, *CALLS]

Fault = collections.namedtuple("Fault", "kind name error number about", defaults=("",))
End = collections.namedtuple("End", "code out err files hung delivered callers", defaults=("",))


def trace_options(fault, trace):
    if not fault:
        names = [name for calls, _ in CALLS.values() for name in calls.split()]
    else:
        names = [fault.name]
    options = ["strace", "-qq", "-y", "-o", str(trace), "-e", "trace=" + ",".join("?" + n for n in names)]
    if fault:
        options += ["-e", f"inject={fault.name}:error={fault.error}:when={fault.number}"]
    return options


class Walk:
    def __init__(self, options, work):
        self.program = os.path.realpath(options.threadbench)
        self.library = os.path.realpath(options.library)
        self.work = pathlib.Path(work)
        self.options = options
        self.made = scenarios.make(self.program, os.path.realpath(options.fake), self.work)

    def command(self, words, fault, calls, trace):
        """The command under a fault; without one, under what counts: by the library or by strace."""
        preload = [f"LD_PRELOAD={self.library}", f"FAULT_CALLS={calls}"]
        words = [self.program, *words]
        if fault and fault.kind in LIBRARY:
            limit = ":limit" if fault.error == "limit" else ""
            return ["env", *preload, f"FAULT_STACK={calls}.stack", f"FAULT={fault.kind}:{fault.number}{limit}", *words]
        if not trace:
            return ["env", *preload, *words]
        return [*trace_options(fault, trace), *(word for pair in preload for word in ("-E", pair)), *words]

    def run(self, scenario, fault=None, trace=False, locale="C.UTF-8"):
        """Runs in a copy of the folder. Without a fault `delivered` is what was counted."""
        with tempfile.TemporaryDirectory(dir=self.work, ignore_cleanup_errors=True) as place:
            folder = scenarios.copy(self.made, place)
            calls, log = pathlib.Path(place, "calls"), pathlib.Path(place, "trace")
            traced = trace or (fault and fault.kind in CALLS)
            command = self.command(scenario.words, fault, calls, log if traced else None)
            code, out, err, hung = start(command, folder, locale)
            delivered = log.read_text(errors="replace") if traced else read_calls(calls)
            if fault:
                delivered = "(INJECTED)" in delivered if traced else any(kind & 0x100 for kind, _ in delivered)
            callers = pathlib.Path(f"{calls}.stack")
            return End(code, out, err, scenarios.files(folder), hung, delivered,
                       self.callers(callers.read_text()) if callers.exists() else "")

    def callers(self, stack):
        """The program's functions in a stack of the library's, the innermost first."""
        places = re.findall(rf"^{re.escape(self.program)}\(\+(0x[0-9a-f]+)\)", stack, re.M)
        if not places:
            return ""
        found = subprocess.run(["addr2line", "-fse", self.program, *places], capture_output=True, text=True,
                               check=False)
        return " < ".join(found.stdout.splitlines()[::2])

    def faults(self, scenario):
        """What is to fail in a scenario, each with its kind, and how much could: all, or one of each place."""
        entries = self.run(scenario).delivered
        trace = self.run(scenario, trace=True).delivered
        found = [*library_faults(entries), *call_faults(trace)]
        wanted = self.options.only.partition("/")[2]
        found = [(fault, place) for fault, place in found if fault.kind == (wanted or fault.kind)]
        by_kind = collections.defaultdict(list)
        seen = set()
        orders = []
        for fault, place in found:
            if self.options.all or (fault[:3], place) not in seen:
                by_kind[fault.kind].append(fault)
            seen.add((fault[:3], place))
        for kind, chosen in by_kind.items():
            step = 1 if self.options.all else max(1, -(-len(chosen) // self.options.most))
            # Others in each scenario, so that a few of each are many of all.
            orders += [(kind, fault) for fault in chosen[len(scenario.name) % step::step]]
        return orders, len(found)


def start(command, folder, locale):
    """Exit code (negative: a signal), stdout, stderr, whether it hung."""
    process = subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, env=scenarios.environment(folder, locale),
                               start_new_session=True)
    try:
        out, err = process.communicate(timeout=TIMEOUT_S)
        hung = False
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        out, err = process.communicate()
        hung = True
    return process.returncode, out.decode(errors="replace"), err.decode(errors="replace"), hung


def read_calls(path):
    entries = []
    with open(path, "rb") as file:
        while block := file.read(1 << 16):
            for kind, place in struct.iter_unpack("=II", block):
                if not kind:
                    return entries
                entries.append((kind, place))
    return entries


def library_faults(entries):
    numbers = collections.Counter()
    for kind, place in entries:
        name = list(LIBRARY)[(kind & 0xff) - 1]
        numbers[name] += 1
        for how in LIBRARY[name]:
            yield Fault(name, name, how, numbers[name]), place


def call_faults(trace):
    """Of a trace by strace: the Nth call of each name, and what it was about, from the library's mark on."""
    numbers = collections.Counter()
    begun = False
    kinds = {name: kind for kind, (names, _) in CALLS.items() for name in names.split()}
    for line in trace.splitlines():
        name, _, rest = line.partition("(")
        if name not in kinds:
            continue
        numbers[name] += 1
        if "/dev/null/faults" in rest:
            begun = True
        elif begun:
            about = re.sub(r"[0-9a-f]{6,}|\d+|(?<=tmp/threadbench-)[-\w]+", "#", rest.partition(" = ")[0])
            about = re.sub(r'(".{0,40}).*?"', r"\1", about) if name in ("read", "write") else about
            for error in CALLS[kinds[name]][1].split():
                yield Fault(kinds[name], name, error, numbers[name], about), about


def judge(scenario, bases, end, fault):
    """ "success", "noted" or "message", or "DEFECT" and what is wrong; ASCII where there is no locale."""
    base = bases[0]
    known = scenarios.steady_text(base.err).splitlines()
    new = [line for line in scenarios.steady_text(end.err).splitlines() if line not in known]
    if re.search(r"tmp/threadbench-|\.tmp-", fault.about):   # it may not remove it
        end = end._replace(files=scenarios.without_leftovers(end.files))
    if end.hung:
        return "DEFECT", f"not finished after {TIMEOUT_S} s"
    if end.code == -signal.SIGSEGV and HWLOC in end.callers:
        return "noted", "libhwloc crashes without memory"
    if end.code < 0:
        return "DEFECT", f"signal {-end.code}"
    if end.code not in (base.code, 1, 2):
        return "DEFECT", f"exit code {end.code}, not {base.code}"
    if len(new) > MOST_LINES:
        return "DEFECT", f"{len(new)} lines of messages"
    if any(not line.startswith("threadbench: ") and line != POPT for line in new):
        return "DEFECT", f"a line on stderr that is no message: {new[0]}"
    wrong = scenarios.damage(base, end, new or scenarios.explained(base, end))
    if wrong:
        return "DEFECT", wrong
    if end.code == base.code:
        other = scenarios.difference(scenario, base, end) and scenarios.difference(scenario, bases[1], end)
        if not other:
            return ("noted", new[0]) if new else ("success", "")
        if new or scenarios.explained(base, end):
            return "noted", f"{new[0] if new else 'in the output'} ({other})"
        return "DEFECT", f"exit code {end.code}, but {other}"
    if not new and not scenarios.explained(base, end):
        return "DEFECT", f"exit code {end.code} without a message"
    return "message", new[0] if new else "in the table"


def show(end):
    print(end.out, end="")
    print(end.err, end="", file=sys.stderr)
    print(f"exit code {end.code}; files: {', '.join(sorted(end.files))}")


def walk(options, work):
    """Prints a row for each kind; how many defects there were."""
    walker = Walk(options, work)
    ends = collections.defaultdict(collections.Counter)
    texts = collections.Counter()
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for scenario in scenarios.ALL:
            if options.only and options.only[0] != "/" and scenario.name not in options.only.partition("/")[0].split(","):
                continue
            base = walker.run(scenario)
            again = scenarios.difference(scenario, base, walker.run(scenario)) or \
                scenarios.difference(scenario, base, walker.run(scenario, trace=True))
            if again or base.code != scenario.code:
                sys.exit(f"{scenario.name}: ends with {base.code}, {again or base.err}: no base to compare with")

            plain = walker.run(scenario, locale="C")

            def one(order, scenario=scenario, bases=(base, plain)):
                end = walker.run(scenario, order[1])
                return order, end, judge(scenario, bases, end, order[1])
            orders, total = walker.faults(scenario)
            for (kind, fault), end, (verdict, what) in pool.map(one, orders):
                ends[kind]["walked"] += 1
                ends[kind][verdict if end.delivered else "not reached"] += 1
                name = "/".join((scenario.name, *map(str, fault[:4])))
                what = re.sub(r"\d+|'[^']*'", "#", what) if verdict != "DEFECT" else what
                texts[verdict, what] += 1
                if verdict == "DEFECT" or (options.say and texts[verdict, what] == 1 and what):
                    print(f"{verdict} {name}: {what}", end.callers and f"({end.callers})", flush=True)
            print(f"{scenario.name}: walked {len(orders)} of {total} faults", flush=True)
    print_table(ends)
    return sum(of["DEFECT"] for of in ends.values())


def print_table(ends):
    columns = ["walked", "success", "noted", "message", "not reached", "DEFECT"]
    total = sum(ends.values(), collections.Counter())
    print(f"{'call':<12}" + "".join(f"{column:>12}" for column in columns))
    for kind, of in [*((kind, ends[kind]) for kind in KINDS if kind in ends), ("all", total)]:
        print(f"{kind:<12}" + "".join(f"{of[column]:>12}" for column in columns))


def repeat(options, work):
    name, kind, call, error, number = options.one.split("/")
    scenario = next(s for s in scenarios.ALL if s.name == name)
    walker = Walk(options, work)
    end = walker.run(scenario, Fault(kind, call, error, int(number)))
    show(end)
    bases = walker.run(scenario), walker.run(scenario, locale="C")
    print(*judge(scenario, bases, end, Fault(kind, call, error, int(number))))
    return 0


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    for name in ("threadbench", "library", "fake"):
        parser.add_argument(name)
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--say", action="store_true")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--most", type=int, default=12)
    parser.add_argument("--only", default="")
    parser.add_argument("--one")
    options = parser.parse_args()
    try:
        subprocess.run(["strace", "-qq", "-o", "/dev/null", "true"], check=True, stderr=subprocess.DEVNULL)
    except (OSError, subprocess.CalledProcessError):
        print("strace cannot trace here")
        return 77
    with tempfile.TemporaryDirectory() as work:
        return 1 if (repeat if options.one else walk)(options, work) else 0


if __name__ == "__main__":
    sys.exit(main())
