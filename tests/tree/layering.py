#!/usr/bin/env python3
"""Holds the folders to the order in which the data flows: a stage includes headers of earlier
stages only, and the engine names nothing that it measures.

usage: layering.py ROOT | layering.py --self-test

Prints FILE:LINE: what is wrong, and fails if anything is.
"""
import pathlib
import re

import checking

# The C library's and the kernel's headers: all that benchmarks and runtimes may use beside ours.
SYSTEM = re.compile(r"(sys|linux|asm)/\w+\.h|(assert|ctype|dirent|dlfcn|errno|fcntl|float|inttypes"
                    r"|limits|link|locale|math|poll|pthread|sched|semaphore|setjmp|signal|spawn|std\w+"
                    r"|string|strings|threads|time|ucontext|unistd|unwind|wchar)\.h$")
OURS = re.compile(r"benchmark_c\.h|threadbench/\w+\.h")

# folder: which of our headers its files may include with <>, and whether others than the system's
STAGES = {
    "include/threadbench": (r"threadbench/\w+\.h", False),
    "src/benchmark_c": (r"benchmark_c\.h", True),
    "src/runtime": (r"threadbench/(runtime|clock)\.h", False),
    "src/alternatives": (r"threadbench/(runtime|clock)\.h", True),
    "bench": (r"threadbench/\w+\.h", False),
    "src/suite": (r"threadbench/\w+\.h|benchmark_c\.h", True),
}
ORDERED = ("src/suite",)  # by the list of files in their meson.build

# The rooms of the harness, the first of which stands on nothing. Their files include each other as "room/file.h".
HARNESS = "src/harness"

INCLUDE = re.compile(r'^\s*#\s*include\s*(?:<([^>]+)>|"([^"]+)")', re.M)
STRING = r'"((?:\\.|[^"\\\n])*)"'
COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*|(" + STRING + r"|'(?:\\.|[^'\\\n])+')", re.S)


def without_comments(text):
    """Comments become empty, their lines stay."""
    return COMMENT.sub(lambda m: m.group(1) or "\n" * m.group(0).count("\n"), text)


def sources(folder):
    return sorted(f for f in folder.glob("*") if f.suffix in (".c", ".cc", ".h", ".hh", ".S"))


def includes(path):
    """(line, name, whether it was given in quotes) of each."""
    text = without_comments(path.read_text())
    for match in INCLUDE.finditer(text):
        yield text.count("\n", 0, match.start(1 if match.group(1) else 2)) + 1, \
            match.group(1) or match.group(2), match.group(2) is not None


def listed(meson_build, variable):
    match = re.search(variable + r"\s*=\s*\[(.*?)\]", meson_build.read_text(), re.S)
    return re.findall(r"'(\w+)'", match.group(1)) if match else []


def file_order(folder):
    names = re.findall(r"'(\w+)\.c'", re.sub("#.*", "", (folder / "meson.build").read_text()))
    return list(dict.fromkeys(names))


def position(order, name):
    """A header without a file of its name belongs to the first file of its name and more."""
    if name in order:
        return order.index(name)
    return next((i for i, other in enumerate(order) if other.startswith(name + "_")), None)


def check_angled(stage, name):
    ours, others = STAGES[stage]
    if OURS.fullmatch(name):
        return None if re.fullmatch(ours, name) else f"<{name}> is not for {stage}"
    return None if others or SYSTEM.match(name) else f"<{name}> is neither ours nor the system's"


def check_quoted(folder, path, name, order):
    if "/" in name or not (folder / name).is_file():
        return f'"{name}" is not in this folder'
    if order is None:
        return None
    mine, other = position(order, path.stem), position(order, pathlib.Path(name).stem)
    if mine is None or other is None:
        return f'"{name}": this file or that one is not listed in meson.build'
    return f'"{name}" comes later in meson.build' if other > mine else None


def check_includes(root, stage):
    folder = root / stage
    order = file_order(folder) if stage in ORDERED else None
    for path in sources(folder):
        for line, name, quoted in includes(path):
            wrong = check_quoted(folder, path, name, order) if quoted else check_angled(stage, name)
            if wrong:
                yield f"{path.relative_to(root)}:{line}: {wrong}"


def rooms_of(root):
    """In the order in which they are entered."""
    return re.findall(r"^subdir\('(\w+)'\)", (root / HARNESS / "meson.build").read_text(), re.M)


def check_room_include(root, rooms, room, name, quoted):
    other = name.split("/")[0]
    if not quoted:
        return f"<{name}> is not for {HARNESS}" if OURS.fullmatch(name) else None
    if other not in rooms or not (root / HARNESS / name).is_file():
        return f'"{name}" is in no room'
    return f'"{name}": {room} is below {other}' if rooms.index(other) > rooms.index(room) else None


def check_rooms(root):
    rooms = rooms_of(root)
    for folder in sorted(f for f in (root / HARNESS).iterdir() if f.is_dir() and f.name not in rooms):
        yield f"{folder.relative_to(root)}: a room that meson.build does not enter"
    for room in rooms:
        if not sources(root / HARNESS / room):
            yield f"{HARNESS}/{room}: no source in it"
        for path in sources(root / HARNESS / room):
            for line, name, quoted in includes(path):
                wrong = check_room_include(root, rooms, room, name, quoted)
                if wrong:
                    yield f"{path.relative_to(root)}:{line}: {wrong}"


def check_public(root):
    for line, name, quoted in includes(root / "include/benchmark_c.h"):
        if quoted or not SYSTEM.match(name):
            yield f"include/benchmark_c.h:{line}: {name} is not the system's"


def measured_names(root):
    """What nobody but its own table may name: identifiers, whole strings, how strings begin."""
    families = listed(root / "bench/meson.build", "families")
    runtimes = listed(root / "src/runtime/meson.build", "runtimes") + \
        listed(root / "src/alternatives/meson.build", "alternatives")
    header = without_comments((root / "include/threadbench/bench.h").read_text())
    axes = re.findall(r"extern const struct tb_axis\s+tb_axis_(\w+);", header)
    if not (families and runtimes and axes):
        raise SystemExit("layering.py: no families, no runtimes or no axes found")
    identifiers = [f"tb_axis_{a}" for a in axes] + [f"tb_runtime_{r}" for r in runtimes] + \
        [f"tb_bench_{f}" for f in families]
    compared = r"\bstr\w*cmp\s*\([^;]*" + f'"(?:{"|".join(families)})"'
    return re.compile("|".join([
        rf"\b(?:{'|'.join(identifiers)})\b",
        rf'"(?:{"|".join(axes + runtimes)})"',
        rf'"/?(?:{"|".join(families)})/',
        rf'"[^"\n]*\b(?:{"|".join(axes)}):',
        compared,
    ]))


def check_engine(root):
    """All but the axes themselves, and what writes JSON, whose null is called as a runtime is."""
    names = measured_names(root)
    for path in sources(root / "src/suite"):
        if re.fullmatch(r"(axes(_\w+)?|write)\.c", path.name):
            continue
        text = without_comments(path.read_text())
        for match in names.finditer(text):
            line = text.count("\n", 0, match.start()) + 1
            yield f"{path.relative_to(root)}:{line}: names {match.group(0)}"


def check(root):
    for stage in STAGES:
        if not sources(root / stage):
            yield f"{stage}: no source in it"
        yield from check_includes(root, stage)
    yield from check_rooms(root)
    yield from check_public(root)
    yield from check_engine(root)


# ---- the self-test: a tree that is right, and each way of being wrong ----

RIGHT = {
    "include/benchmark_c.h": "#include <stdint.h>\n",
    "include/threadbench/runtime.h": "#include <stdint.h>\n",
    "include/threadbench/bench.h":
        "#include <threadbench/runtime.h>\nextern const struct tb_axis tb_axis_cpu;\n",
    "src/benchmark_c/state.cc": "#include <benchmark/benchmark.h>\n#include <benchmark_c.h>\n",
    "src/alternatives/meson.build": "alternatives = ['glib']\n",
    "src/alternatives/glib.c": "#include <threadbench/runtime.h>\n#include <glib.h>\n",
    "src/runtime/meson.build": "runtimes = ['posix', 'null']\n",
    "src/runtime/posix.c": "#include <threadbench/runtime.h>\n#include <pthread.h>\n",
    "bench/meson.build": "families = ['create', 'join']\n",
    "bench/create.c": '#include <threadbench/bench.h>\n#include <errno.h>\n/* "cjson.h" */\n',
    "src/suite/meson.build": "'series.c', # 'engine.c'\n'engine.c', 'axes.c', 'axes_attributes.c'\n'main.c'\n",
    "src/suite/series.c": '#include "series.h"\n',
    "src/suite/series.h": "#include <threadbench/bench.h>\n",
    "src/suite/engine.c": '#include "engine.h"\n/* tb_axis_cpu */\nint e = tb_fail("join");\n',
    "src/suite/engine.h": '#include "series.h"\n',
    "src/suite/axes.c": '#include "engine.h"\nconst struct tb_axis tb_axis_cpu = {"cpu"};\n',
    "src/suite/axes_attributes.c": 'const struct tb_axis tb_axis_cpu = {"cpu"};\n',
    "src/suite/main.c": '#include <benchmark_c.h>\n#include "engine.h"\n',
    "src/harness/meson.build": "subdir('util')\nsubdir('run')\nsubdir('cli')\n",
    "src/harness/util/error.c": '#include "util/error.h"\n',
    "src/harness/util/error.h": "",
    "src/harness/run/worker.c": '#include "run/worker.h"\n',
    "src/harness/run/worker.h": '#include "util/error.h"\n',
    "src/harness/cli/main.c": '#include <cjson/cJSON.h>\n#include "run/worker.h"\n',
}

WRONG = {
    "a public header that needs another library":
        ("include/benchmark_c.h", "#include <benchmark/benchmark.h>\n"),
    "the shim knows of threads": ("src/benchmark_c/state.cc", "#include <threadbench/clock.h>\n"),
    "a runtime knows of benchmarks": ("src/runtime/posix.c", "#include <threadbench/bench.h>\n"),
    "a pool knows of benchmarks": ("src/alternatives/glib.c", "#include <threadbench/bench.h>\n"),
    "the engine knows a pool": ("src/suite/engine.c", 'char *p = "glib";\n'),
    "a benchmark uses the engine": ("bench/create.c", '#include "../src/suite/engine.h"\n'),
    "a benchmark uses Google Benchmark": ("bench/create.c", "#include <benchmark_c.h>\n"),
    "a benchmark uses a library": ("bench/create.c", "#include <hwloc.h>\n"),
    "an earlier file uses a later one": ("src/suite/series.c", '#include "engine.h"\n'),
    "a room reaches up": ("src/harness/util/error.c", '#include "run/worker.h"\n'),
    "a room's header reaches up": ("src/harness/run/worker.h", '#include "cli/orphan.h"\n'),
    "a header of no room": ("src/harness/cli/main.c", '#include "worker.h"\n'),
    "a header that is not there": ("src/harness/cli/main.c", '#include "run/gone.h"\n'),
    "the harness uses the suite": ("src/harness/cli/main.c", '#include "../suite/series.h"\n'),
    "the harness uses the runtimes":
        ("src/harness/cli/main.c", "#include <threadbench/runtime.h>\n"),
    "the harness uses the shim": ("src/harness/cli/main.c", "#include <benchmark_c.h>\n"),
    "the engine knows an axis": ("src/suite/engine.c", "void *p = &tb_axis_cpu;\n"),
    "the engine knows a runtime": ("src/suite/engine.c", "void *p = &tb_runtime_posix;\n"),
    "the engine knows a runtime's name": ("src/suite/engine.c", 'char *p = "posix";\n'),
    "the engine knows a family": ("src/suite/engine.c", 'int i = !strcmp(name, "join");\n'),
    "the engine knows a row": ("src/suite/main.c", 'char *p = "create/call";\n'),
    "the engine knows a point": ("src/suite/engine.c", 'char *p = "/cpu:same";\n'),
}


def self_test():
    cases = [("a tree that is right", not checking.found(check, RIGHT))]
    for what, (name, text) in WRONG.items():
        problems = checking.found(check, {**RIGHT, "src/harness/cli/orphan.h": "", name: RIGHT[name] + text})
        cases.append((what, len(problems) == 1 and problems[0].startswith(name + ":")))
    cases.append(("a tree that is empty of a stage",
                  checking.found(check, {k: v for k, v in RIGHT.items() if k != "bench/create.c"})
                  == ["bench: no source in it"]))
    cases.append(("a room that nobody enters",
                  checking.found(check, {**RIGHT, "src/harness/attic/a.c": ""})
                  == ["src/harness/attic: a room that meson.build does not enter"]))
    return cases


if __name__ == "__main__":
    checking.run(__doc__, check, self_test)
