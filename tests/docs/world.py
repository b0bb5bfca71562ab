"""Where the examples of a page run: a folder that is a repository with an archive, and the programs on PATH."""
import os
import pathlib
import re
import shutil
import subprocess
import sys

COMMITS, CHANGE, UNDER_TEST = 17, 9, "^create/call/cpu:same/posix$"
MESON = """project('suite', meson_version: '>=1.0')
install_data('suite.sh', rename: 'threadbench-suite', install_dir: 'bin', install_mode: 'rwxr-xr-x')
"""
OPTIONS = "option('tests', type: 'boolean')\n"
BENCH_CC = """#include <benchmark/benchmark.h>
static void nothing(benchmark::State &state) { for (auto _ : state) benchmark::DoNotOptimize(state.iterations()); }
BENCHMARK(nothing);
BENCHMARK_MAIN();
"""
MAKEFILE = "bench: bench.cc\n\t$(CXX) -O2 bench.cc -o bench -lbenchmark -lpthread\n"
FILES = {"meson.build": MESON, "meson_options.txt": OPTIONS, "bench.cc": BENCH_CC, "Makefile": MAKEFILE}
# Where a page sets no rounds and no time of its own, few rounds of short processes.
SHORT = """#!/bin/sh
few='-r 6' brief='-t 0.005' noise=
[ "$1" != ab ] || few='-r 8' brief='-t 0.005'
for word do
    case $word in
    -r* | --rounds* | --budget* | --precision* | --continue* ) few= ;;
    --bisect) few='-r 60' ;;
    -t | -t[0-9]* | --time | --time=*) brief= ;;
    --noise) noise="--budget 5 -f ^create/call/" ;;
    esac
done
case $1 in
run | ab) set -- "$@" $few $brief ;;
doctor) set -- "$@" $noise ;;
esac
exec PROGRAM "$@"
"""


def script(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    path.chmod(0o755)


class World:
    """Made once; each page gets a copy."""

    def __init__(self, root, build, folder):
        self.root, self.build, self.folder = root, build, folder
        self.tree = folder / "tree"
        self.bin = folder / "bin"
        self.make_programs()
        self.make_commits()

    def environment(self):
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("THREADBENCH_", "MESON", "COLUMNS"))}
        for name in ("HOME", "XDG_CACHE_HOME", "TMPDIR"):
            (self.folder / name).mkdir(exist_ok=True)
            kept[name] = str(self.folder / name)
        path = f"{self.bin}:{os.environ['PATH']}"
        libraries = str(self.build / "src" / "benchmark_c")
        return {**kept, "PATH": path, "LC_ALL": "C.UTF-8", "GIT_CONFIG_GLOBAL": "/dev/null",
                "GIT_AUTHOR_NAME": "x", "GIT_AUTHOR_EMAIL": "x", "GIT_COMMITTER_NAME": "x", "GIT_COMMITTER_EMAIL": "x",
                "PKG_CONFIG_PATH": str(self.build / "meson-uninstalled"), "LD_LIBRARY_PATH": libraries,
                "THREADBENCH_LOCK": str(self.folder / "lock")}

    def make_programs(self):
        """Programs that build only look at what they are to build: building is other tests' concern."""
        harness = self.build / "src" / "harness" / "threadbench"
        suite = self.build / "src" / "suite" / "threadbench-suite"
        script(self.bin / "threadbench", SHORT.replace("PROGRAM", str(harness)))
        (self.bin / "true").symlink_to(shutil.which("true"))
        (self.bin / "threadbench-suite").symlink_to(suite)
        (self.folder / "lock").touch()
        here = pathlib.Path(__file__).resolve().parent
        for name in ("ninja", "meson"):
            real = shutil.which(name)
            script(self.bin / name, f'#!/bin/sh\nexec {sys.executable} "{here}/stand_in.py" "{self.root}" "{self.build}" '
                                    f'{real} {name} "$@"\n')

    def run(self, *words):
        answer = subprocess.run(words, cwd=self.tree, env=self.environment(), text=True, capture_output=True, check=False)
        if answer.returncode not in (0, 3, 4):
            sys.exit(f"{' '.join(words)}: {answer.stderr}")

    def make_commits(self):
        """Each is measured and archived, but for the one that makes threads dearer."""
        self.tree.mkdir()
        self.run("git", "init", "-q", "-b", "main")
        (self.tree / ".git" / "info" / "exclude").write_text("*\n", encoding="utf-8")
        for name, text in FILES.items():
            (self.tree / name).write_text(text, encoding="utf-8")
        for number in range(COMMITS):
            tunable = "GLIBC_TUNABLES=glibc.pthread.stack_cache_size=0 " if number >= CHANGE else ""
            script(self.tree / "suite.sh", f'#!/bin/sh\n# {number}\n{tunable}exec threadbench-suite "$@"\n')
            self.run("git", "add", "-f", "suite.sh", *FILES)
            self.run("git", "commit", "-q", "-m", "keep no stacks" if number == CHANGE else f"work on something else, {number}")
            if number != CHANGE:
                self.run("threadbench", "run", "-q", "-r", "6", "-t", "0.002", "-f", UNDER_TEST, "--archive", "bench-results",
                         "./suite.sh")
            if number in (0, 4):
                self.run("git", "tag", {0: "v1.0", 4: "good"}[number])
        self.run("git", "tag", "v1.2", "good")
        self.run("make", "bench")
        self.run("threadbench", "ab", "-r", "2", "-f", UNDER_TEST, "-o", "ab.json", "a: ./suite.sh", "b: ./suite.sh")

    def places(self):
        """What pages take for granted in the folder where their commands are: name -> what it is."""
        old, new = "ab-a.json", "ab-b.json"
        return {"work": ".", "tests": self.root / "tests", "examples": self.root / "examples", "docs": self.root / "docs",
                "build/src/harness/threadbench": self.bin / "threadbench", "build/src/suite": self.build / "src" / "suite",
                "build/tests": self.build / "tests", "bootstrap.sh": self.bin / "true",
                "search.c": self.root / "examples" / "benchmark_c" / "search.c",
                "result.json": old, "old.json": old, "new.json": new,
                **{name: "bench" for name in ("my-benchmark", "bench-old", "bench-new")}}

    def copy(self, name, text):
        """A copy for the page with those commands, with the places that they name."""
        copy = self.folder / name
        shutil.copytree(self.tree, copy, symlinks=True)
        for place, target in self.places().items():
            if re.search(rf"(?<![\w.-]){place}(?![\w-])", text):
                (copy / place).parent.mkdir(parents=True, exist_ok=True)
                (copy / place).symlink_to(target)
        return copy
