#!/usr/bin/env python3
"""Writes C that holds a stylesheet and a script, for html_assets.h.

usage: embed.py OUTPUT page.css page.js

Fails where a file holds what would end its element early.
"""
import base64
import hashlib
import pathlib
import sys

ENDS = ("</style", "</script", "<!--")


def read(path):
    text = pathlib.Path(path).read_text(encoding="utf-8")
    for end in ENDS:
        if end in text.lower():
            sys.exit(f"{path}: holds '{end}', which ends what it stands in")
    return text.encode()


def array(name, data):
    # As a character a byte is a char whether that is signed or, as on ARM, not.
    numbers = [f"'\\{byte:o}'" if byte > 127 else str(byte) for byte in data] + ["0"]
    lines = (",".join(numbers[i:i + 24]) for i in range(0, len(numbers), 24))
    return f"const char {name}[] = {{\n" + ",\n".join(lines) + "};\n"


def main():
    output, style, script = sys.argv[1:]
    code = read(script)
    digest = base64.b64encode(hashlib.sha256(code).digest())
    pathlib.Path(output).write_text(
        '#include "report/html/html_assets.h"\n' + array("tb_html_style", read(style)) +
        array("tb_html_script", code) + array("tb_html_script_sha256", digest), encoding="utf-8")


if __name__ == "__main__":
    main()
