#!/usr/bin/env python3
"""Looks through the text of the tree for what does not belong there.

usage: words.py ROOT | words.py --self-test

Prints FILE:LINE: what is wrong, and fails if anything is; ends with 77 where git does not say which
files the tree consists of.
"""
import pathlib
import re
import subprocess
import sys

import checking

MOST_LINES_OF_FILE = 500
MOST_LINES_OF_FUNCTION = 40

# A tree says nothing of the machine that it was written on, nor of whom it was written with.
PATH = re.compile(r"(?<![\w.>})\]*%:…~#-])/([a-z_]+)/\w")
COMMON_ROOTS = {"bin", "dev", "etc", "lib", "nonexistent", "proc", "run", "sbin", "sys", "tmp",
                "usr", "var"}
HOST = re.compile(r"\b(?:https?|git|ssh)://(?:[^/@\s]*@)?([^/\s:\"')>]+)")
KNOWN_HOSTS = {"bugs.openjdk.org", "cmocka.org", "dist.libuv.org", "download.gnome.org", "github.com", "google.github.io",
               "json-schema.org", "mesonbuild.com", "packages.debian.org", "wrapdb.mesonbuild.com",
               "www.sqlite.org", "zlib.net"}
MAIL = re.compile(r"\b[\w.+-]+@[\w-]+\.[\w.]+\b")
SCRIPTS = re.compile("[^\t -~°±²³µ·¼-¾×÷–—‘’“”…←↑→↓≈≠≤≥⌈⌉⌊⌋√σα─-▟■-◿]")
UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")

# Why not: a shell in between; no way to see an error; sleep instead of waiting for the event; no
# ordering; a name that hides what it is.
BANNED = re.compile(r"\b(?:system|popen|ato[ilf]|atoll|gets|sprintf|vsprintf|u?sleep)\s*\("
                    r"|(?<!__asm__ )\bvolatile\b|\btypedef\s+(?:struct|union|enum)\b")

COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*", re.S)
QUOTED = re.compile(r'"(?:\\.|[^"\\\n])*"')
TYPE = re.compile(r"(class|struct|union|enum|namespace)\b[^()]*$")
C_SUFFIXES = (".c", ".cc", ".h", ".hh")
NO_PATHS = (".gitignore",)                  # its paths begin at the tree's top
FREE = ("LICENSE", "tests/tree/words.py")   # not ours to word; the words themselves
MADE_UP = "tests/fuzz/seeds/"                # what a reader gets may be anything


def code_only(text):
    text = COMMENT.sub(lambda m: "\n" * m.group(0).count("\n"), text)
    return QUOTED.sub('""', text)


def check_line(line):
    if line != line.rstrip():
        yield "white space at the end"
    if UNFINISHED.search(line):
        yield "unfinished"
    for match in SCRIPTS.finditer(line):
        yield f"character U+{ord(match.group(0)):04X}"


def check_places(line):
    for match in PATH.finditer(line):
        if match.group(1) not in COMMON_ROOTS:
            yield f"a path of one machine: /{match.group(1)}"
    for match in HOST.finditer(line):
        if match.group(1) not in KNOWN_HOSTS:
            yield f"host {match.group(1)} is not known to tests/tree/words.py"
    if MAIL.search(line):
        yield "a mail address"


def check_functions(lines):
    """A function begins with a brace of its own in the first column, and ends with one there."""
    begin = None
    for number, line in enumerate(lines, 1):
        if line == "{" and not TYPE.match(lines[number - 2]):
            begin = number
        elif line.startswith("}") and begin:
            if number - begin - 1 > MOST_LINES_OF_FUNCTION:
                yield begin, f"a function of {number - begin - 1} lines"
            begin = None
        elif begin and re.match(r"\s*#\s*(if|else|elif|endif)", line):
            yield number, "a conditional within a function"


def check_code(text):
    lines = code_only(text).split("\n")
    if text.count("\n") > MOST_LINES_OF_FILE:
        yield 1, f"a file of {text.count(chr(10))} lines"
    for number, line in enumerate(lines, 1):
        for match in BANNED.finditer(line):
            yield number, f"{match.group(0).rstrip('( ')} is not used here"
    yield from check_functions(lines)


def check(name, text):
    """(line, what is wrong) of one file."""
    if name in FREE:
        return
    for number, line in enumerate(text.split("\n"), 1):
        yield from ((number, wrong) for wrong in check_line(line))
        if name not in NO_PATHS:
            yield from ((number, wrong) for wrong in check_places(line))
    if text and not text.endswith("\n"):
        yield text.count("\n") + 1, "no end of line at the end of the file"
    if name.endswith(C_SUFFIXES):
        yield from check_code(text)


def tracked(root):
    command = ["git", "-C", str(root), "ls-files", "-z"]
    listing = subprocess.run(command, capture_output=True, text=True, check=False)
    if listing.returncode:
        sys.exit(77)
    return [name for name in listing.stdout.split("\0")
            if name and not name.startswith(MADE_UP) and (root / name).is_file()]


def check_tree(root):
    names = tracked(root)
    if not names:
        yield "no file in the tree"
    for name in names:
        try:
            text = (root / name).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # a picture or the like
        for number, wrong in check(name, text):
            yield f"{name}:{number}: {wrong}"


RIGHT = ("a.c", "/* popen() of /proc/self */\n"
                "int f(void)\n{\n    return g(\"system(1)\") / h / i;\n}\n"
                "class c : d\n{\n" + "    int e;\n" * 41 + "};\n")
WRONG = {
    "a home directory": ("a.md", "see /home" "/someone/x\n"),
    "another machine's folder": ("a.sh", "cd /somewhere" "/else\n"),
    "an unknown host": ("a.md", "https://registry." "example.net/x\n"),
    "a mail address": ("a.md", "to someone" "@example.net\n"),
    "a letter of another script": ("a.md", "\u0436\n"),
    "something to do": ("a.c", "/* TO" "DO */\n"),
    "white space at the end": ("a.c", "int a; \n"),
    "no last end of line": ("a.c", "int a;"),
    "a shell": ("a.c", "int a = system(\"x\");\n"),
    "an unchecked number": ("a.c", "int a = atoi(b);\n"),
    "a sleep": ("a.c", "int a = usleep (5);\n"),
    "volatile": ("a.h", "extern volatile int a;\n"),
    "a hidden struct": ("a.h", "typedef struct a a;\n"),
    "a conditional in a function": ("a.c", "int f(void)\n{\n#ifdef A\n}\n"),
    "a long function": ("a.c", "int f(void)\n{\n" + "    a++;\n" * 41 + "}\n"),
    "a long file": ("a.c", "\n" * 501),
}


def self_test():
    cases = [("a file that is right", not list(check(*RIGHT)))]
    cases += [(what, len(list(check(*file))) == 1) for what, file in WRONG.items()]
    return cases


if __name__ == "__main__":
    checking.run(__doc__, check_tree, self_test)
