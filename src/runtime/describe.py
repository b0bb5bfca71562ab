#!/usr/bin/env python3
"""Writes what the suite knows of runtimes whose functions it does not have, from their own tables.

usage: describe.py OUTPUT [SOURCE WHY]...

Of the table `tb_runtime_NAME` in each source those fields are taken that hold data. Where WHY is empty the
rest is in the shared module threadbench-NAME.so; else there is no rest, and WHY is the reason.
"""
import pathlib
import re
import sys

TABLE = re.compile(r"^const struct tb_runtime (tb_runtime_(\w+)) = \{\n(.*?)^\};", re.M | re.S)
FIELD = re.compile(r"^    \.(\w+) = (?:.*?),$\n?", re.M | re.S)
DATA = ("name", "doc", "role", "kind", "can", "lasting")

MODULE = '    .module = {{"threadbench-{shown}.so", "{table}"}},\n'
ABSENT = "    .unavailable = no_{name},\n"
REASON = """static const char *no_{name}(void)
{{
    return "{why}";
}}

"""


def describe(source, why):
    table, name, fields = TABLE.search(pathlib.Path(source).read_text()).groups()
    data = "".join(field.group(0) for field in FIELD.finditer(fields) if field.group(1) in DATA)
    names = {"table": table, "name": name, "shown": name.replace("_", "-"), "why": why}
    return (REASON.format(**names) if why else "") + \
        f"const struct tb_runtime {table} = {{\n{data}" + \
        (ABSENT if why else MODULE).format(**names) + "};\n"


def main(output, *words):
    texts = [describe(*pair) for pair in zip(words[::2], words[1::2])]
    pathlib.Path(output).write_text("\n".join([
        "/* Written by src/runtime/describe.py from the runtimes' own tables. */",
        "#include <threadbench/runtime.h>\n", *texts]))


if len(sys.argv) < 2 or len(sys.argv) % 2:
    sys.exit(__doc__)
main(*sys.argv[1:])
