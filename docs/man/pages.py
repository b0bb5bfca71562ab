#!/usr/bin/env python3
"""Makes manual pages of the templates in this folder: prose by hand, the rest from where it is said already.

usage: pages.py make SCDOC FOLDER SOURCE TEMPLATE ...
       pages.py source FOLDER SOURCE TEMPLATE ...         what scdoc would get, in NAME.scd
       pages.py check SOURCE TEMPLATE ...                 is there a page for each command, or each function?
       pages.py aliases SOURCE TEMPLATE ...               prints "ALIAS PAGE" for each further name of a page

SOURCE is what read_help.py wrote, for section 1, or benchmark_c.h, for section 3. A template NAME.SECTION.scd is scdoc,
but for lines that begin with @:

    @name [TEXT]             NAME; TEXT where the program's help does not say what the page is about
    @names TEXT: NAME ...    NAME and SYNOPSIS of functions and macros of the header, which the page describes
    @synopsis @options @examples     of the command, or of each of its verbs
    @commands                all commands, and what they do
    @flags                   of threadbench-suite
    @describe                what the header says of the page's names
    @overview                what the header says before all of them
    @pages                   the pages of the header's functions
"""
import json
import pathlib
import re
import subprocess
import sys

import header
from scd import bold, definition, escape, literal, sentence_of, wrapped


class Commands:
    """The pages about programs."""

    def __init__(self, path):
        self.help = json.loads(path.read_text(encoding="utf-8"))
        self.commands = {command["name"]: command for command in self.help["commands"]}

    def foot(self):
        return f"threadbench {self.help['version']}", "threadbench"

    def missing(self, pages):
        """What has no page, and pages about what is not there."""
        wanted = {f"threadbench-{name}.1" for name in self.commands}
        have = {page.file for page in pages if page.name.startswith("threadbench-")} - {"threadbench-suite.1"}
        for name in sorted(wanted - have):
            yield f"no page docs/man/threadbench/{name}.scd: write it, and add it to docs/man/meson.build"
        for name in sorted(have - wanted):
            yield f"docs/man/threadbench/{name}.scd: there is no such command"

    def aliases(self, _):
        return []

    def forms(self, page):
        return self.commands[page.name.removeprefix("threadbench-")]["forms"]

    def name(self, page, text):
        summary = text or sentence_of(self.commands[page.name.removeprefix("threadbench-")]["summary"])
        return ["# NAME", "", f"{escape(page.name)} - {escape(summary)}", ""]

    def synopsis(self, page, _):
        lines = ["# SYNOPSIS", ""]
        for form in self.forms(page):
            operands = re.sub(r"[A-Z]+", lambda word: f"_{word[0]}_", escape(form["operands"]))
            lines += [f"{bold('threadbench ' + form['name'])} [_OPTION_...] {operands}".rstrip(), ""]
        return lines

    @staticmethod
    def option(option):
        argument = f"=_{escape(option['argument'])}_" if option["argument"] else ""
        letter = bold("-" + option["letter"]) + ", " if option["letter"] else ""
        return definition(f"{letter}{bold('--' + option['name'])}{argument}", escape(option["text"]))

    def options(self, page, _):
        lines = ["# OPTIONS", ""]
        forms = self.forms(page)
        for form in forms:
            lines += [f"## threadbench {form['name']}", ""] if len(forms) > 1 else []
            for option in form["options"]:
                lines += self.option(option)
        return lines

    def examples(self, page, _):
        return ["# EXAMPLES", ""] + literal([line for form in self.forms(page) for line in form["examples"]])

    def list_commands(self, _page, _):
        lines = ["# COMMANDS", ""]
        for name, command in self.commands.items():
            lines += definition(f"{bold('threadbench-' + name)}(1)", escape(command["summary"]))
        return lines

    def flags(self, _page, _):
        lines = []
        for flag in self.help["suite"]:
            lines += [f"{bold('--' + flag['name'])}" + (f"={escape(flag['argument'])}" if flag["argument"] else ""), ""]
        return lines

    DIRECTIVES = {"name": name, "synopsis": synopsis, "options": options, "examples": examples,
                  "commands": list_commands, "flags": flags}


class Functions:
    """The pages about a header."""

    def __init__(self, path):
        self.path = path
        self.blocks = header.read(path.read_text(encoding="utf-8"))
        self.about = {}  # page: (summary, names)

    def foot(self):
        return "benchmark_c", "Google Benchmark for C"

    def learn(self, pages):
        for page in pages:
            match = re.search(r"^@names (.*): (.*)$", page.text, re.M)
            if match:
                self.about[page.name] = (match[1], match[2].split())

    def missing(self, _):
        named = [name for _, names in self.about.values() for name in names]
        there = [name for block in self.blocks if not block.internal for name in block.names()]
        for name in there:
            if named.count(name) != 1:
                yield f"{name} is in {named.count(name)} pages of docs/man"
        for name in sorted(set(named) - set(there)):
            yield f"docs/man: {name} is not in {self.path.name}"

    def aliases(self, page):
        return self.about[page.name][1][1:] if page.name in self.about else []

    def described(self, page):
        names = set(self.about[page.name][1])
        return [block for block in self.blocks if names & set(block.names()) and not block.internal]

    def name(self, page, text):
        return ["# NAME", "", f"{escape(page.name)} - {escape(text)}", ""]

    def names(self, page, _):
        summary, names = self.about[page.name]
        lines = ["# NAME", "", f"{escape(', '.join(names))} - {escape(summary)}", "", "# SYNOPSIS", ""]
        prototypes = [line for block in self.described(page) for line in block.prototypes()]
        return lines + literal([f"#include <{self.path.name}>", ""] + prototypes)

    def describe(self, page, _):
        lines = []
        for block in self.described(page):
            lines += wrapped(block.before) if block.before else []
            lines += ["## " + ", ".join(map(escape, block.names())), ""]
            lines += wrapped(block.comment) if block.comment else []
            code = block.definitions() + block.flags()
            lines += literal(code) if code else []
        return lines

    def overview(self, _page, _):
        return wrapped(header.overview(self.path.read_text(encoding="utf-8")))

    def list_pages(self, _page, _):
        lines = []
        for name, (summary, names) in sorted(self.about.items()):
            lines += definition(f"{bold(name)}(3)", escape(f"{summary}: {', '.join(names)}"))
        return lines

    DIRECTIVES = {"name": name, "names": names, "describe": describe, "overview": overview, "pages": list_pages}


class Page:
    def __init__(self, path):
        self.file = path.name.removesuffix(".scd")
        self.name, _, self.section = self.file.rpartition(".")
        self.text = path.read_text(encoding="utf-8")

    def source(self, maker):
        foot, head = maker.foot()
        lines = [f'{self.name}({self.section}) "{foot}" "{head}"', ""]
        for line in self.text.rstrip("\n").split("\n"):
            if line.startswith("@"):
                directive, _, rest = line[1:].partition(" ")
                if directive not in maker.DIRECTIVES:
                    sys.exit(f"docs/man: {self.file}.scd has @{directive}, which is none of {', '.join(maker.DIRECTIVES)}")
                lines += maker.DIRECTIVES[directive](maker, self, rest)
            else:
                lines.append(line)
        return re.sub("\n{3,}", "\n\n", "\n".join(lines).rstrip("\n") + "\n")


def prepare(source, templates):
    source = pathlib.Path(source)
    maker = (Commands if source.suffix == ".json" else Functions)(source)
    pages = [Page(pathlib.Path(template)) for template in templates]
    if isinstance(maker, Functions):
        maker.learn(pages)
    return maker, pages


def missing_of(maker, pages):
    return list(maker.missing(pages))


def write(folder, maker, pages, scdoc=None):
    for page in pages:
        source = page.source(maker)
        if scdoc:
            made = subprocess.run([scdoc], input=source, capture_output=True, text=True, check=False)
            if made.returncode:
                sys.exit(f"docs/man/{page.file}.scd: {made.stderr.strip()}")
            pathlib.Path(folder, page.file).write_text(made.stdout, encoding="utf-8")
        else:
            pathlib.Path(folder, page.file + ".scd").write_text(source, encoding="utf-8")


def main(task, *words):
    if task == "make":
        write(words[1], *prepare(words[2], words[3:]), scdoc=words[0])
    elif task == "source":
        write(words[0], *prepare(words[1], words[2:]))
    elif task == "check":
        problems = missing_of(*prepare(words[0], words[1:]))
        sys.exit("\n".join(problems) if problems else 0)
    elif task == "aliases":
        maker, pages = prepare(words[0], words[1:])
        print(*(f"{alias} {page.name}" for page in pages for alias in maker.aliases(page)), sep="\n")
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main(*(sys.argv[1:] or [""]))
