"""Whether the words of a command are those of a program of this project: options, targets, names of tests, files.
Nothing is measured or built."""
import json
import os
import pathlib
import re
import shlex
import subprocess

KEYWORDS = {"for", "do", "done", "if", "then", "fi", "while", "in", "!", "{", "}", "exec"}
ASSIGNMENT = re.compile(r"[A-Za-z_]\w*=")
PLACE = re.compile(r"(tests|build[\w-]*|bench|examples|docs|\.ci|\.)/")
PLACEHOLDER = re.compile(r"(?<![A-Za-z_])[A-Z][A-Z_]+(?![A-Za-z_])")
OPTION_IN_USAGE = re.compile(r"--[a-z][\w-]*")


def simple_commands(text):
    """The words of each command, without redirections, variables and keywords of the shell."""
    lexer = shlex.shlex(text.replace("\\\n", " ").replace("\n", " ; "), posix=True, punctuation_chars=";&|()<>")
    lexer.whitespace_split = True
    words, redirected, looped = [], False, False
    for token in lexer:
        if token and token[0] in ";&|()":
            if words:
                yield words
            words, looped = [], False
        elif token and token[0] in "<>":
            redirected = True
        elif redirected:
            redirected = False
        elif not words and (token in KEYWORDS or ASSIGNMENT.match(token)):
            looped = looped or token == "for"
        elif not looped:
            words.append(token)
    if words:
        yield words


class Tree:
    """The sources and what is built of them."""

    def __init__(self, root, build):
        self.root, self.build = pathlib.Path(root), pathlib.Path(build)
        self.kept = {}

    def printed(self, *words):
        """What a command prints; empty where it fails."""
        if words not in self.kept:
            answer = subprocess.run(words, cwd=self.build, text=True, capture_output=True, check=False)
            self.kept[words] = answer.stdout if answer.returncode == 0 else ""
        return self.kept[words]

    def targets(self):
        lines = self.printed("ninja", "-t", "targets", "all").split("\n")
        return {line.split(":")[0] for line in lines} | {"test", "install", "dist"}

    def tests(self):
        """Also those that this machine has no program for."""
        names = [test["name"] for test in self.introspected("tests")]
        for file in (self.root / "tests").rglob("meson.build"):
            names += re.findall(r"\btest\('([^']+)'", file.read_text(encoding="utf-8"))
        return names + [suite.split(":")[-1] for test in self.introspected("tests") for suite in test["suite"]]

    def introspected(self, what):
        return json.loads((self.build / "meson-info" / f"intro-{what}.json").read_text(encoding="utf-8"))

    def threadbench(self, words):
        """Its own complaint about the words; nothing is run, as a --help behind them has the last word."""
        answer = subprocess.run([str(self.build / "src/harness/threadbench"), *words, "--help"], text=True,
                                capture_output=True, check=False, cwd="/", stdin=subprocess.DEVNULL)
        return "" if answer.returncode == 0 else answer.stderr.strip()

    def ninja(self, words):
        if "build" not in words:
            return ""   # a build with other options has other targets
        for word in operands(words, ("-C", "-k", "-j")):
            if not any(same(word, target) for target in self.targets()):
                return f"there is no target {word}"
        return ""

    def meson(self, words):
        kind, rest = words[0], words[1:]
        options = {option["name"] for option in self.introspected("buildoptions")}
        if kind == "setup":
            given = [word[2:].split("=")[0].split(":")[-1] for word in rest if word.startswith("-D")]
            return "".join(f"there is no option {name}" for name in given if name not in options)
        if kind == "test":
            for word in operands(rest, ("-C", "-t", "--setup", "--print-errorlogs")):
                family = word.replace(word.split()[-1], "NAME") if word.startswith("every case ") else word   # may be a new one
                if not any(same(family, name) for name in self.tests()):
                    return f"there is no test {word}"
            return ""
        return "" if kind in ("install", "compile", "introspect") else f"meson {kind} is not known here"

    def place(self, word):
        """A file of the sources, or what a target makes."""
        path = os.path.normpath(word)
        if (self.root / path).exists() or PLACEHOLDER.search(path):
            return ""
        built = re.sub(r"^build/", "", path)
        return "" if built in self.targets() or (self.build / built).exists() else f"there is no {word}"

    def complaint(self, words):
        """What is wrong with a command; empty if nothing is, or if the program is another one's."""
        name = words[0].split("/")[-1]
        if name == "threadbench" and not words[0].startswith("/"):
            return self.threadbench(words[1:])
        if name in ("ninja", "meson"):
            return getattr(self, name)(words[1:])
        if name == "git" and words[1:3] == ["bisect", "run"]:
            return self.complaint(words[3:])
        if PLACE.match(words[0]) and not words[0].startswith("./my-"):
            return self.place(words[0])
        return ""

    def complaints(self, text):
        for words in simple_commands(text):
            text = self.complaint(words)
            if text:
                yield f"{' '.join(words)[:80]}: {text}"

    def usage_complaints(self, lines):
        """A synopsis: a line that begins with `threadbench COMMAND`; its options are in the help."""
        for line in lines:
            words = line.split()
            if words[:1] != ["threadbench"] or not words[1:]:
                continue
            command = [word for word in words[1:3] if re.fullmatch("[a-z]+", word)]
            known = OPTION_IN_USAGE.findall(self.printed("src/harness/threadbench", "help", *command))
            if not known:
                yield f"{line}: no such command"
            for option in OPTION_IN_USAGE.findall(line):
                if option not in known:
                    yield f"{line}: {command[0]} has no option {option}"


def operands(words, with_value):
    skip = False
    for word in words:
        if not skip and not word.startswith("-"):
            yield word
        skip = word in with_value


def same(word, name):
    """`every case NAME` is any test whose name begins so."""
    parts = PLACEHOLDER.split(word)
    return re.fullmatch(".+".join(re.escape(part) for part in parts), name) is not None if len(parts) > 1 else word == name
