#!/usr/bin/env python3
"""Runs the examples of the documentation, and holds what is printed to what the pages show.

usage: examples.py ROOT BUILD [PAGE...]

Prints TAP: a line for each block of a page. The blocks of a page run in order, in one shell, in a folder of their own: a
repository whose commits were measured (world.py). A command has to end with 0; `ab`, `compare` and `show` may end with any
verdict's code, and a search or a history that could not decide is skipped. Each line that a page shows has to be printed, in its
order, after figures, bars, ids, paths and verdicts are made alike (shape.py). `…` stands for any lines, or within a line for any text.

So that this takes seconds: `run` and `ab` take few rounds of short processes where the page does not set them, `ninja` and
`meson` look only whether what they are to build is there, and targets that measure are run (stand_in.py).

A block below `<!-- not run: REASON -->` is looked at: its programs, options, targets and files have to be there
(programs.py). Blocks of other languages are compiled or parsed where that is cheap. A command outside of a block is an error.
Ends with 77 where git does not say which pages there are.
"""
import json
import os
import pathlib
import resource
import shutil
import signal
import subprocess
import sys
import tempfile

import page
import programs
import shape
import world

VERDICTS = {"ab": (0, 3, 4), "compare": (0, 3, 4), "doctor": (0, 1)}    # doctor: 1 if nothing could be measured
NET_S = 600     # for a page that hangs: before meson ends the test
FOREIGN = {"sqlite3", "jq", "make"}     # a machine may lack them
# What these print where the machine is too noisy for what a page shows.
UNDECIDED = {"git bisect run": "git skips this revision (125)", "threadbench history": "NO CHANGE"}


class Examples:
    def __init__(self, root, build, folder):
        self.root = root
        self.tree = programs.Tree(root, build)
        self.world = world.World(root, build, folder)

    def check(self, name, text):
        """(line, what it is, what is wrong with it) of each block."""
        for line in page.unfenced(text):
            yield line, "a command in no block", ["put it between ```sh or ```console and ```"]
        blocks = page.read(text)
        run = [block for block in blocks if block.language in ("sh", "console") and not block.not_run]
        problems, skipped = self.run_blocks(name, run)
        for block in blocks:
            wrong = problems[block.line] if block in run else self.look(block)
            reason = skipped.get(block.line) if not wrong else None
            yield block.line, block.language + (f" # SKIP {reason}" if reason else ""), wrong

    def look(self, block):
        """What is wrong with a block that is not run."""
        text = "\n".join(block.lines)
        if block.language in ("sh", "console"):
            return [problem for command in page.commands(block) for problem in self.tree.complaints(command.text)]
        if block.language == "text":
            return list(self.tree.usage_complaints(block.lines))
        if block.language in ("c", "cpp"):
            return self.compiled(block.language, text)
        if block.language == "json" and "…" not in text:
            return parsed(json.loads, text)
        return [] if block.language else ["a block names its language"]

    def compiled(self, language, text):
        compiler = ["cc", "-x", "c"] if language == "c" else ["c++", "-x", "c++"]
        answer = subprocess.run([*compiler, "-fsyntax-only", "-Wall", "-Werror", f"-I{self.root}/include", "-"], input=text,
                                text=True, capture_output=True, check=False)
        return answer.stderr.split("\n") if answer.returncode else []

    def run_blocks(self, name, blocks):
        """Line of each block -> what is wrong with it, and line -> why it was skipped."""
        if not blocks:
            return {}, {}
        commands = [(block, command) for block in blocks for command in page.commands(block)]
        tree = self.world.copy(name.replace("/", "-"), "\n".join(command.text for _, command in commands))
        outputs = tree / ".git" / "examples"
        outputs.mkdir()
        for i, (_, command) in enumerate(commands):
            (outputs / f"{i}.sh").write_text(command.text + "\n", encoding="utf-8")
        lines = [f'. "{outputs}/{i}.sh" >"{outputs}/{i}.out" 2>&1; echo $? >"{outputs}/{i}.code"' for i in range(len(commands))]
        with open(outputs / "errors", "w", encoding="utf-8") as errors:
            run_all(["sh", "-c", "\n".join(lines)], cwd=tree, env=self.world.environment(), stdin=subprocess.DEVNULL,
                    stdout=errors, stderr=errors)
        problems = {block.line: [] for block in blocks}
        skipped = {block.line: f"no {', '.join(lost)}" for block in blocks if (lost := lacking(block))}
        for i, (block, command) in enumerate(commands):
            if is_undecided(command, outputs / f"{i}.out"):
                skipped[block.line] = "too noisy here for what is shown"
            else:
                problems[block.line] += judge(command, outputs / f"{i}.code", outputs / f"{i}.out")
        shutil.rmtree(tree)
        return problems, skipped


def run_all(words, **how):
    """To the end, or until NET_S is over: then nothing of it is left. Which command was reached shows in what it leaves."""
    with subprocess.Popen(words, start_new_session=True, **how) as shell:
        try:
            shell.wait(NET_S)
        except subprocess.TimeoutExpired:
            os.killpg(shell.pid, signal.SIGKILL)


def parsed(parse, text):
    try:
        parse(text)
        return []
    except ValueError as error:
        return [str(error)]


def codes(text):
    """The exit codes that a command may have."""
    allowed = {0}
    for words in programs.simple_commands(text):
        for at, word in enumerate(words[:-1]):
            if word.split("/")[-1] in ("threadbench", "bench-ab"):
                allowed.update(VERDICTS.get(words[at + 1], ()))
        if words[0] == "ninja" and words[-1] in ("bench-ab", "bench-compare"):
            allowed.update(VERDICTS["ab"])
    return allowed


def foreign(command):
    """Its programs that this machine lacks."""
    return [words[0] for words in programs.simple_commands(command.text) if words[0] in FOREIGN and not shutil.which(words[0])]


def lacking(block):
    return sorted({word for command in page.commands(block) for word in foreign(command)})


def is_undecided(command, output_file):
    printed = output_file.read_text(encoding="utf-8", errors="replace") if output_file.exists() else ""
    shown = "\n".join(command.shown or ())
    return shown != "" and any(words in command.text and mark in printed and mark not in shown for words, mark in UNDECIDED.items())


def judge(command, code_file, output_file):
    if not code_file.exists():
        return [f"line {command.line}: not reached: {command.text}"]
    code = int(code_file.read_text(encoding="utf-8"))
    printed = output_file.read_text(encoding="utf-8", errors="replace").split("\n")
    if foreign(command):
        return []
    if code not in codes(command.text):
        return [f"line {command.line}: exit code {code}: {command.text}", *printed[-12:]]
    if command.shown is None:
        return []
    line = shape.missing(command.shown, printed)
    return [] if line is None else [f"line {command.line}: not printed by {command.text}:", line, "but:", *printed]


def cpu_time_s():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def pages_of(root):
    listing = subprocess.run(["git", "-C", root, "ls-files", "*.md"], capture_output=True, text=True, check=False)
    if listing.returncode:
        sys.exit(77)
    return [name for name in listing.stdout.split() if name.startswith("docs/") or "/" not in name]


def main(root, build, names):
    root, build = pathlib.Path(root).resolve(), pathlib.Path(build).resolve()
    number, not_run = 0, {}
    with tempfile.TemporaryDirectory(prefix="threadbench-examples-") as folder:
        examples = Examples(root, build, pathlib.Path(folder))
        for name in names or pages_of(root):
            before = cpu_time_s()
            text = (root / name).read_text(encoding="utf-8")
            for line, what, problems in examples.check(name, text):
                number += 1
                print(f"{'not ok' if problems else 'ok'} {number} - {name}:{line}: {what}", flush=True)
                print("".join(f"# {problem}\n" for problem in problems), end="")
            print(f"# {name}: {cpu_time_s() - before:.1f} s of CPU", flush=True)
            not_run.update({f"{name}:{block.line}": block.not_run for block in page.read(text) if block.not_run})
    for place, reason in not_run.items():
        print(f"# not run: {place}: {reason}")
    print(f"# {len(not_run)} blocks are looked at, but not run\n1..{number}")


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
