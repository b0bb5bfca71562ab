#!/usr/bin/env python3
"""Types into real shells, presses Tab, and looks at what stands on their lines. Prints TAP; a shell that is missing is
skipped.

usage: terminal.py FOLDER THREADBENCH FAKE       FOLDER has the completions, FAKE is a subject
"""
import os
import pathlib
import pty
import re
import select
import shutil
import subprocess
import sys
import tempfile
import time

PATIENCE_S = 60
SHOW = "\x05 'the end'\x01printf '<%s>' 'the begin' "    # Ctrl-E and Ctrl-A go to either end of the line

HOSTILE = "x$(touch${IFS}pwned)"     # git takes it as the name of a branch

# What is typed before Tab and after it, and the words that stand there then.
LINES = [
    ("threadbench com", "", ["threadbench", "compare"]),
    ("threadbench archive ver", "", ["threadbench", "archive", "verify"]),
    ("threadbench run --stri", "", ["threadbench", "run", "--strict"]),
    ("threadbench run --set=st", "", ["threadbench", "run", "--set=standard"]),
    ("threadbench run --set st", "", ["threadbench", "run", "--set", "standard"]),
    ("threadbench run --format=m", "", ["threadbench", "run", "--format=markdown"]),
    ("threadbench run -f tls/setu", "x", ["threadbench", "run", "-f", "tls/setup/x"]),
    ("threadbench run -f ^tls/setu", "x", ["threadbench", "run", "-f", "^tls/setup/x"]),
    ("threadbench run -f '^tls/setu", "x'", ["threadbench", "run", "-f", "^tls/setup/x"]),
    ("threadbench run --filter=^lifecycle/phases-u", "x", ["threadbench", "run", "--filter=^lifecycle/phases-uncached/x"]),
    ("threadbench run -f create/call/cpu:fre", "x", ["threadbench", "run", "-f", "create/call/cpu:free/x"]),
    ("threadbench ab @rev:v1", "", ["threadbench", "ab", "@rev:v1.2"]),
    ("threadbench run -o docu", "", ["threadbench", "run", "-o", "document.json"]),
    ("threadbench compare docu", "", ["threadbench", "compare", "document.json"]),
    ("threadbench compare {commit}", "", ["threadbench", "compare", "{whole}"]),
    ("threadbench-suite --benchmark_format=js", "", ["threadbench-suite", "--benchmark_format=json"]),
]


def start_bash(folder, home):
    (home / "bashrc").write_text(f"PS1='$ '\n. {folder}/threadbench.bash\nbind 'set enable-bracketed-paste off'\n",
                                 encoding="utf-8")
    return ["bash", "--noprofile", "--rcfile", str(home / "bashrc"), "-i"]


def start_zsh(folder, home):
    (home / ".zshrc").write_text(
        f"PROMPT='$ '\nfpath=({folder} $fpath)\nautoload -Uz compinit\ncompinit -u -D\nbindkey -e\n"
        "unset zle_bracketed_paste\nsetopt no_auto_remove_slash\n", encoding="utf-8")
    return ["zsh", "-d", "-i"]


def start_fish(folder, home):
    target = home / "config" / "fish" / "completions"
    target.mkdir(parents=True)
    shutil.copy(pathlib.Path(folder, "threadbench.fish"), target / "threadbench.fish")
    shutil.copy(pathlib.Path(folder, "threadbench.fish"), target / "threadbench-suite.fish")
    return ["fish", "--interactive"]


class Terminal:
    """A shell, and what it has written so far."""

    def __init__(self, command, environment, folder):
        self.pid, self.fd = pty.fork()
        if not self.pid:
            os.chdir(folder)
            os.execvpe(command[0], command, environment)
        self.seen = ""

    def wait(self, pattern):
        """What matches in what comes next."""
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            match = re.search(pattern, self.seen)
            if match:
                self.seen = self.seen[match.end():]
                return match
            if select.select([self.fd], [], [], 0.2)[0]:
                try:
                    self.seen += os.read(self.fd, 65536).decode("utf-8", "replace")
                except OSError:
                    break
        raise AssertionError(f"there was no {pattern!r} in {self.seen[-2000:]!r}")

    def type(self, text):
        os.write(self.fd, text.encode())

    def end(self):
        os.close(self.fd)
        os.waitpid(self.pid, 0)


def complete(terminal, typed, more):
    """The words of the line that comes of it."""
    terminal.type(typed + "\t")
    terminal.type(more + SHOW + "\r")
    line = terminal.wait("<the begin>((?:<[^<>]*>)+)<the end>")[1]
    return re.findall("<([^<>]*)>", line)


def prepare(work, threadbench, fake):
    """A folder with a repository, an archive and a document; what `{commit}` and `{whole}` stand for."""
    run = lambda *words: subprocess.run(words, cwd=work, check=True, capture_output=True, text=True).stdout.strip()
    run("git", "init", "-q", "-b", "main", ".")
    run("git", "-c", "user.name=x", "-c", "user.email=x", "commit", "-q", "--allow-empty", "-m", "x")
    run("git", "tag", "v1.2")
    run("git", "branch", HOSTILE)
    run(threadbench, "run", "--rounds", "1", "--samples", "1", "-f", "same/null", "-q", "--archive", "bench-results", fake)
    (work / "document.json").touch()
    whole = run("git", "rev-parse", "HEAD")[:12]
    return {"commit": whole[:5], "whole": whole}


def try_shell(name, start, folder, threadbench, fake):
    """(what, right, why not) for each line."""
    with tempfile.TemporaryDirectory(prefix="completion-") as scratch:
        home, work = pathlib.Path(scratch, "home"), pathlib.Path(scratch, "work")
        home.mkdir()
        work.mkdir()
        names = prepare(work, threadbench, fake)
        build = pathlib.Path(threadbench).parent
        environment = {
            "HOME": str(home), "ZDOTDIR": str(home), "XDG_CONFIG_HOME": str(home / "config"), "LC_ALL": "C.UTF-8",
            "XDG_DATA_HOME": str(home / "data"), "TERM": "dumb" if name != "fish" else "xterm", "HISTFILE": "",
            "PATH": f"{build}:{build.parent / 'suite'}:{os.environ['PATH']}"}
        terminal = Terminal(start(folder, home), environment, work)
        try:
            terminal.type("printf '<%s>\\n' 're''ady'\r")
            terminal.wait("<ready>")
            for typed, more, words in LINES:
                typed, words = typed.format(**names), [word.format(**names) for word in words]
                stands = complete(terminal, typed, more)
                yield f"{name}: {typed}", stands == words, f"there stands {stands}"
            stands = complete(terminal, "threadbench ab @rev:x", "")
            right = stands[-1] in ("@rev:x", f"@rev:{HOSTILE}") and not (work / "pwned").exists()
            yield f"{name}: a hostile branch is text, or not offered", right, f"there stands {stands}"
        finally:
            terminal.end()


def main(folder, threadbench, fake):
    folder = pathlib.Path(folder).resolve()
    shells = {"bash": start_bash, "zsh": start_zsh, "fish": start_fish}
    number = 0
    for name, start in shells.items():
        if not shutil.which(name):
            number += 1
            print(f"ok {number} - {name} # SKIP {name} is missing", flush=True)
            continue
        for what, right, why in try_shell(name, start, folder, threadbench, fake):
            number += 1
            print(f"{'ok' if right else 'not ok'} {number} - {what}", flush=True)
            if not right:
                print(f"# {why}", flush=True)
    print(f"1..{number}")


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    main(*sys.argv[1:])
