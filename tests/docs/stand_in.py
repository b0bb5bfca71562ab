#!/usr/bin/env python3
"""Stands for ninja and meson in the examples: looks whether what is to be built, tested or installed is there.

usage: stand_in.py ROOT BUILD REAL ninja|meson WORDS...

A target that measures is run, by the command that it has. In a folder with sources of its own, which is a revision's, the
real program runs.
"""
import os
import re
import shlex
import subprocess
import sys

import programs


def measuring(build, words):
    """The command of a target such as `bench`, here instead of in the project's folder; None of another target."""
    target = words[-1]
    if not target.startswith("bench"):
        return None
    answer = subprocess.run(["ninja", "-t", "commands", "-s", f"meson-internal__{target}"], cwd=build, text=True,
                            capture_output=True, check=True)
    found = re.search(r"src/harness/threadbench (.*)", answer.stdout)
    return ["threadbench"] + shlex.split(found.group(1)) if found else None


def main(root, build, real, name, *words):
    own, _, os.environ["PATH"] = os.environ["PATH"].partition(":")     # without the stand-ins
    if os.path.exists("suite.sh") and not os.path.isdir("bench-results"):
        os.execv(real, [real, *words])
    tree = programs.Tree(root, build)
    complaint = getattr(tree, name)(list(words))
    if complaint:
        sys.exit(f"{name}: {complaint}")
    command = measuring(build, words) if name == "ninja" else None
    os.environ["PATH"] = f"{own}:{os.environ['PATH']}"
    if command:
        os.execvp(command[0], [word.replace(root, ".") for word in command])


if __name__ == "__main__":
    main(*sys.argv[1:])
