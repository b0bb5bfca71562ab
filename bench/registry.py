#!/usr/bin/env python3
"""Writes the registry from the families named in bench/meson.build.

usage: registry.py OUTPUT FAMILY.c ...

A family's version is a digest of its source, and of the headers beside it that it includes, without
comments and layout, so that only a change of what is measured changes it. A header that explains
what was measured is no part of it.
"""
import hashlib
import pathlib
import re
import sys

COMMENT_OR_STRING = re.compile(r'/\*.*?\*/|//[^\n]*|("(?:\\.|[^"\\])*"|\'(?:\\.|[^\'\\])*\')', re.S)
EXPLAINS = ("first.h",)
INCLUDE = re.compile(r'^#include "([^"]+)"', re.M)


def code_of(source):
    text = source.read_text()
    beside = [source.parent / name for name in INCLUDE.findall(text) if name not in EXPLAINS]
    headers = [code_of(header) for header in beside if header.exists()]
    return " ".join([*headers, COMMENT_OR_STRING.sub(lambda match: match.group(1) or " ", text)])


def version(source):
    code = code_of(source)
    return hashlib.sha256(" ".join(code.split()).encode()).hexdigest()[:12]


def main(output, *sources):
    sources = [pathlib.Path(source) for source in sources]
    lines = ["/* Written by bench/registry.py from the families in bench/meson.build. */",
             "#include <threadbench/bench.h>", ""]
    lines += [f"extern const struct tb_bench tb_bench_{s.stem}[];" for s in sources]
    lines += ["", "const struct tb_family tb_families[] = {"]
    lines += [f'    {{"{s.stem}", "{version(s)}", tb_bench_{s.stem}}},' for s in sources]
    lines += ["    {0},", "};", ""]
    pathlib.Path(output).write_text("\n".join(lines))


main(*sys.argv[1:])
