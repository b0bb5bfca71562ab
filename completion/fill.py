#!/usr/bin/env python3
"""Writes a completion: a template, with what the programs' help says in the place of the line that is @help@.

usage: fill.py HELP_JSON TEMPLATE >COMPLETION

The template's name says for which shell: threadbench.bash.in, _threadbench.in (zsh), threadbench.fish.in. HELP_JSON is
what docs/man/read_help.py wrote. So an option that a program has is completed, and no other.
"""
import json
import pathlib
import re
import sys

# What an option's argument, or an operand, is completed with. What is not here, and is no list of words, is not.
KINDS = {
    "REGEX": "cases", "FILTER": "cases", "FILE": "files", "PATH": "files", "DIR": "folders", "REVISION": "documents",
    "DOCUMENT": "documents", "OLD": "documents", "NEW": "documents", "PREFIX": "revisions", "SUBJECT": "subjects",
}


def kind_of_option(option):
    """One of the above, "words", "hosts", or "nothing"."""
    if option["words"]:
        return "words"
    if option["name"] == "host":
        return "hosts"
    return KINDS.get(option["argument"], "nothing")


def kind_of_operands(form):
    kinds = {KINDS[word] for word in re.findall("[A-Z]+", form["operands"]) if word in KINDS}
    for kind in ("subjects", "documents", "files", "folders", "cases"):     # the first offers what the later ones do
        if kind in kinds:
            return kind
    return "nothing"


def quoted(text):
    """As bash and zsh take it literally."""
    return "'" + text.replace("'", "'\\''") + "'"


def kind_of_flag(flag):
    """Of threadbench-suite."""
    if flag["words"]:
        return "words"
    return {"benchmark_filter": "cases", "benchmark_out": "files"}.get(flag["name"], "nothing")


def forms(help_):
    return [form for command in help_["commands"] for form in command["forms"]]


def verbs(command):
    return [form["name"].split()[1] for form in command["forms"] if " " in form["name"]]


# ---- bash ----

def bash_array(name, rows):
    return [f"declare -gA {name}=("] + [f"    [{quoted(key)}]={quoted(value)}" for key, value in rows] + [")"]


def bash(help_):
    options, kinds, words = [], [], []
    for form in forms(help_):
        offered = []
        for option in form["options"]:
            offered.append(f"--{option['name']}" + ("=" if option["argument"] else ""))
            names = [f"--{option['name']}"] + ([f"-{option['letter']}"] if option["letter"] else [])
            offered += names[1:]
            kinds += [(f"{form['name']} {name}", kind_of_option(option)) for name in names if option["argument"]]
            words += [(f"{form['name']} {name}", " ".join(option["words"])) for name in names if option["words"]]
        options.append((form["name"], " ".join(offered)))
    flags = " ".join(f"--{flag['name']}" + ("=" if flag["argument"] else "") for flag in help_["suite"])
    commands = [(command["name"], " ".join(verbs(command))) for command in help_["commands"]]
    return (bash_array("_threadbench_commands", commands) + bash_array("_threadbench_options", options) +
            bash_array("_threadbench_operands", [(form["name"], kind_of_operands(form)) for form in forms(help_)]) +
            bash_array("_threadbench_kinds", kinds) + bash_array("_threadbench_words", words) +
            bash_array("_threadbench_flags", [("all", flags)] + [
                (f"--{flag['name']}=", " ".join([kind_of_flag(flag)] + flag["words"])) for flag in help_["suite"]]))


# ---- zsh ----

def zsh_text(text):
    return re.sub(r"([\[\]\\:])", r"\\\1", text)


def zsh_action(kind, words):
    return {"words": f"({' '.join(words)})", "nothing": " "}.get(kind, f"_threadbench_{kind}")


def zsh_option(option):
    """A word of _arguments."""
    text = f"[{zsh_text(option['text'])}]"
    message = f":{option['argument']}:{zsh_action(kind_of_option(option), option['words'])}" if option["argument"] else ""
    long = f"--{option['name']}" + ("=" if option["argument"] else "")
    if not option["letter"]:
        return quoted(long + text + message)
    letter = f"-{option['letter']}" + ("+" if option["argument"] else "")
    return f"'(-{option['letter']} --{option['name']})'{{{letter},{long}}}{quoted(text + message)}"


def zsh(help_):
    lines = ["typeset -gA _threadbench_verbs=("]
    lines += [f"    {command['name']} {quoted(' '.join(verbs(command)))}" for command in help_["commands"]]
    lines += [")", "typeset -ga _threadbench_summaries=("]
    lines += [f"    {quoted(command['name'] + ':' + command['summary'])}" for command in help_["commands"]]
    lines += [")", "", "# The options and operands of a command.", "_threadbench_arguments() {", "    case $1 in"]
    for form in forms(help_):
        lines += [f"    {quoted(form['name'])})", "        _arguments -s : \\"]
        lines += [f"            {zsh_option(option)} \\" for option in form["options"]]
        lines += [f"            {quoted('*:' + zsh_text(form['operands']) + ':' + zsh_action(kind_of_operands(form), []))} ;;"]
    lines += ["    esac", "}", "", "_threadbench_suite() {", "    _arguments : \\"]
    rows = []
    for flag in help_["suite"]:
        message = f"=:{flag['name']}:{zsh_action(kind_of_flag(flag), flag['words'])}" if flag["argument"] else ""
        rows.append("        " + quoted(f"--{flag['name']}{message}"))
    return lines + " \\\n".join(rows).split("\n") + ["}"]


# ---- fish ----

def fish_quoted(text):
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def fish_arguments(kind, words):
    if kind == "words":
        return f" -x -a {fish_quoted(' '.join(words))}"
    if kind == "files":
        return " -r -F"
    return " -x" if kind == "nothing" else f" -x -a '(__threadbench_{kind})'"


def fish_form(form):
    at = f"complete -c threadbench -n '__threadbench_is {form['name']}'"
    kind = kind_of_operands(form)
    yield at + (" -F" if kind == "files" else " -f" if kind == "nothing" else f" -f -a '(__threadbench_{kind})'")
    for option in form["options"]:
        letter = f" -s {option['letter']}" if option["letter"] else ""
        arguments = fish_arguments(kind_of_option(option), option["words"]) if option["argument"] else ""
        yield f"{at}{letter} -l {option['name']}{arguments} -d {fish_quoted(option['text'])}"


def fish(help_):
    with_verbs = [command["name"] for command in help_["commands"] if verbs(command)]
    lines = [f"set -g __threadbench_with_verbs {' '.join(with_verbs)}"]
    for command in help_["commands"]:
        lines.append(f"complete -c threadbench -n '__threadbench_is' -f -a {command['name']} "
                     f"-d {fish_quoted(command['summary'])}")
        if verbs(command):
            lines.append(f"complete -c threadbench -n '__threadbench_is {command['name']}' -f "
                         f"-a {fish_quoted(' '.join(verbs(command)))}")
    for form in forms(help_):
        lines += fish_form(form)
    lines.append("complete -c threadbench-suite -f")
    for flag in help_["suite"]:
        lines.append(f"complete -c threadbench-suite -l {flag['name']}" +
                     (fish_arguments(kind_of_flag(flag), flag["words"]) if flag["argument"] else ""))
    return lines


def main(help_path, template):
    help_ = json.loads(pathlib.Path(help_path).read_text(encoding="utf-8"))
    path = pathlib.Path(template)
    shell = {"threadbench.bash.in": bash, "_threadbench.in": zsh, "threadbench.fish.in": fish}[path.name]
    text = path.read_text(encoding="utf-8")
    if text.count("\n@help@\n") != 1:
        sys.exit(f"{template}: there must be one line @help@")
    sys.stdout.write(text.replace("\n@help@\n", "\n" + "\n".join(shell(help_)) + "\n"))


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
