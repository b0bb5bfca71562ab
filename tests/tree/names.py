#!/usr/bin/env python3
"""Holds each shared name to one meaning: what the suite defines, neither the harness nor benchmark_c
defines, and the other way round; no part defines a type or a value of an enumeration twice. So a
jump to a definition finds one.

usage: names.py ROOT | names.py --self-test

Looks at types, values of enumerations, macros and functions whose names have a prefix of the
project. The others are static, or local to a file; symbols.py sees to that. Prints NAME: FILE:LINE
of each definition, and fails if any has more than one.
"""
import pathlib
import re

import checking

PARTS = {
    "the suite": ("include/threadbench", "bench", "src/suite", "src/runtime", "src/alternatives",
                  "src/python"),
    "the harness": ("src/harness",),
    "benchmark_c": ("include/benchmark_c.h", "src/benchmark_c"),
}

SHARED = r"(?:tb|bm|TB|BM)_\w+"
COMMENT_OR_STRING = re.compile(r"/\*.*?\*/|//[^\n]*|\"(?:\\.|[^\"\\\n])*\"", re.S)
TYPE = re.compile(rf"\b(?:struct|union|enum)\s+({SHARED})\s*\{{")
ENUM = re.compile(r"\benum\b[^{};()=]*\{([^}]*)\}")
VALUE = re.compile(rf"(?:^|,)\s*({SHARED})")
MACRO = re.compile(rf"^#\s*define\s+({SHARED})", re.M)
# A function's declaration begins in the first column and names it before the first parenthesis.
FUNCTION = re.compile(rf"^(?!static\b|return\b|typedef\b)[A-Za-z_][^;={{}}()#]*?\b({SHARED})\(", re.M)
# Its files stand in the place of others, and are never linked beside them.
STANDS_IN = "musl"

SUFFIXES = (".c", ".cc", ".h", ".hh")


def blank(match):
    return "\n" * match.group(0).count("\n")


def types_and_values(text):
    """(position, name) of each."""
    yield from ((match.start(1), match.group(1)) for match in TYPE.finditer(text))
    for enum in ENUM.finditer(text):
        for value in VALUE.finditer(enum.group(1)):
            yield enum.start(1) + value.start(1), value.group(1)


def macros_and_functions(text):
    """The same. A part may have several: alternatives, or a declaration; a type may share its name."""
    for pattern in (MACRO, FUNCTION):
        yield from ((match.start(1), match.group(1)) for match in pattern.finditer(text))


def files(root, place):
    if (root / place).is_file():
        return [root / place]
    return sorted(f for f in (root / place).rglob("*") if f.suffix in SUFFIXES and f.parent.name != STANDS_IN)


def line_of(root, path, text, position):
    return f"{path.relative_to(root)}:{text.count(chr(10), 0, position) + 1}"


def names_of(root, places):
    """By name, the places where it is defined; of macros and functions the first alone."""
    once, found = {}, {}
    for path in (path for place in places for path in files(root, place)):
        text = COMMENT_OR_STRING.sub(blank, path.read_text())
        for position, name in types_and_values(text):
            found.setdefault(name, []).append(line_of(root, path, text, position))
        for position, name in macros_and_functions(text):
            once.setdefault(name, [line_of(root, path, text, position)])
    return {**once, **found}


def check(root):
    defined = {part: names_of(root, places) for part, places in PARTS.items()}
    for part, names in defined.items():
        if not names:
            yield f"{part}: no name in it"
    for name in sorted(set().union(*defined.values())):
        places = [place for names in defined.values() for place in names.get(name, ())]
        if len(places) > 1:
            yield f"{name}: {', '.join(places)}"


# ---- the self-test: a tree that is right, and each way of being wrong ----

RIGHT = {
    "include/benchmark_c.h": "struct bm_state;\nvoid bm_skip(struct bm_state *state);\n",
    "include/threadbench/bench.h": "enum tb_status { TB_DONE, TB_SKIP = 4 };\n#define TB_SWEEP(a) a\n"
                                   "enum tb_status\ntb_fail(int err);\n",
    "src/suite/engine.h": "struct tb_engine {\n    int (*tb_hook)(int a);\n};\n",
    "src/harness/run/plan.h": "/* struct tb_engine { */\nstruct tb_job {\n    int a;\n};\n"
                              "enum { TB_JOBS = 8 };\nint tb_plan(struct tb_job *job);\n"
                              "struct tb_job tb_job(void);\n",
    "src/harness/run/plan.c": 'static int tb_done(void)\n{\n    return tb_plan("enum { TB_DONE }");\n}\n'
                              "static const enum tb_job_kind kinds[] = {TB_JOBS};\n",
}

WRONG = {
    "a type of two parts": "struct tb_engine {\n",
    "an enumeration of two parts": "enum tb_status {\n    TB_OTHER,\n};\n",
    "a value of two parts": "enum tb_end { TB_ENDED, TB_DONE };\n",
    "a value with a number": "enum {\n    TB_SKIP = 1,\n};\n",
    "a macro of two parts": "#define TB_SWEEP 1\n",
    "a function of two parts": "int tb_fail(int a);\n",
    "a function that begins on the line before": "struct tb_job *tb_fail(int a);\n",
    "a type twice in a part": "struct tb_job {\n",
    "a value twice in a part": "enum { TB_JOBS = 9 };\n",
    "a function of benchmark_c": "void bm_skip(int a)\n{\n}\n",
}


def self_test():
    cases = [("a tree that is right", not checking.found(check, RIGHT))]
    for what, text in WRONG.items():
        problems = checking.found(check, {**RIGHT, "src/harness/run/wrong.c": text})
        cases.append((what, len(problems) == 1 and "src/harness/run/wrong.c:" in problems[0]))
    cases.append(("a part without a name",
                  checking.found(check, {k: v for k, v in RIGHT.items() if "benchmark_c" not in k})
                  == ["benchmark_c: no name in it"]))
    return cases


if __name__ == "__main__":
    checking.run(__doc__, check, self_test)
