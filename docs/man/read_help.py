#!/usr/bin/env python3
"""Writes what the programs' own help says as JSON, for the manual pages and the completions.

usage: read_help.py THREADBENCH SUITE VERSION >help.json

    {"version": …,
     "commands": [{"name", "summary", "forms": [form, …]}, …],      one form, or one for each of its verbs
     "suite": [{"name", "argument", "words"}, …]}

A form has "name" (one word or two), "operands", "examples" (lines) and "options": each with "letter" (or null), "name",
"argument" (or null), "text" and "words", which its text says the argument may be. Fails where the help has another shape.
"""
import json
import os
import re
import subprocess
import sys

COMMAND = re.compile(r"^  ([a-z]+) {2,}(\S.*)$", re.M)
FORM = re.compile(r"^(?:Usage: | {7})?threadbench ([a-z]+(?: [a-z]+)?) \[OPTION\.\.\.\](?: (.+))?$", re.M)
OPTION = re.compile(r"^  (?:-(\w), |    )--([\w-]+)(?:[= ](\S+))? +(\S.*)$")
CHOICE = re.compile(r"((?:[\w-]+, )*[\w-]+),? or ([\w-]+)")
FLAG = re.compile(r"\[--(\w+)=?([^\]]*)\]")
NO_CHOICE = {"REGEX", "PATH", "FILE", "DIR", "NAME", "PREFIX", "COMMAND", "N", "SECONDS", "PERCENT", "REVISION"}


def ask(*words):
    """What a program prints; popt breaks lines by the terminal, where there is one."""
    return subprocess.run(words, capture_output=True, text=True, check=True, stdin=subprocess.DEVNULL,
                          env={**os.environ, "LC_ALL": "C"}).stdout


def words_of(argument, text):
    choice = None if not argument or argument in NO_CHOICE else CHOICE.search(text)
    return choice[1].split(", ") + [choice[2]] if choice else []


def read_options(lines):
    options = []
    for line in lines:
        match = OPTION.match(line)
        if match:
            options.append(dict(zip(("letter", "name", "argument", "text"), match.groups())))
        elif line.startswith(" " * 10) and options:
            options[-1]["text"] += " " + line.strip()
        elif line:
            raise ValueError(f"neither an option nor more of its text: {line!r}")
    for option in options:
        option["words"] = words_of(option["argument"], option["text"])
    return options


def read_form(threadbench, name):
    text = ask(threadbench, "help", *name.split())
    head, _, examples = text.partition("\nExamples:\n")
    first, *lines = head.split("\n")
    form = FORM.fullmatch(first)
    if not form or form[1] != name or not examples:
        raise ValueError(f"'threadbench help {name}' begins with {first!r}, and has examples: {bool(examples)}")
    options = read_options(lines)
    if not any(option["name"] == "help" for option in options):
        raise ValueError(f"'threadbench help {name}' has no --help")
    return {"name": name, "operands": form[2] or "", "options": options,
            "examples": [line.strip() for line in examples.strip().split("\n")]}


def read_command(threadbench, name, summary):
    forms = [form[0] for form in FORM.findall(ask(threadbench, "help", name))]
    if not forms or any(form.split()[0] != name for form in forms):
        raise ValueError(f"'threadbench help {name}' is about {forms}")
    return {"name": name, "summary": summary, "forms": [read_form(threadbench, form) for form in forms]}


def read_suite(suite):
    flags = FLAG.findall(ask(suite, "--help"))
    return [{"name": name, "argument": argument or None,
             "words": re.sub("[{}<>]", "", argument).split("|") if "|" in argument else []}
            for name, argument in flags]


def main(threadbench, suite, version):
    commands = [read_command(threadbench, *command) for command in COMMAND.findall(ask(threadbench, "help"))]
    flags = read_suite(suite)
    if not commands or not flags:
        raise ValueError(f"{len(commands)} commands and {len(flags)} flags of the suite were found")
    json.dump({"version": version, "commands": commands, "suite": flags}, sys.stdout, indent=1)
    print()


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    main(*sys.argv[1:])
