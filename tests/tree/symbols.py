#!/usr/bin/env python3
"""Holds the global symbols of static libraries to a prefix: what is not shared is static.

usage: symbols.py NM PREFIX LIBRARY ...

Names that begin with two underscores are the compiler's.
"""
import subprocess
import sys


def defined(nm, library):
    command = [nm, "--format=posix", "--defined-only", "--extern-only", library]
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return [line.split()[0] for line in output.splitlines() if len(line.split()) > 2]


def main(nm, prefix, *libraries):
    status = 0
    for library in libraries:
        names = [name for name in defined(nm, library) if not name.startswith("__")]
        if not names:
            print(f"{library}: no symbol in it")
            status = 1
        for name in names:
            if not name.startswith(prefix):
                print(f"{library}: {name} is without {prefix}")
                status = 1
    return status


if __name__ == "__main__":
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
