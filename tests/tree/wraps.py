#!/usr/bin/env python3
"""Holds subprojects/ to what the meson.build files ask for: each wrap is whole, each dependency has one or is named
as one that has none, and no wrap is left over.

usage: wraps.py ROOT | wraps.py --self-test

Prints FILE: what is wrong, and fails if anything is.
"""
import configparser
import pathlib
import re

import checking

# What comes with the compiler or the C library; and what the build can do without, where WrapDB does not have it or
# has no build of it for that release. What it does not have and the build needs is in the table `packages` of meson.build.
WITHOUT_WRAP = {"threads", "openmp", "dl", "m", "boost_context", "tbb", "liburing"}

HASH = re.compile(r"[0-9a-f]{64}")
NEEDED = re.compile(r"\b(?:dependency|find_library)\(\s*'([^']+)'")
PACKAGES = re.compile(r"^packages = \{\n(.*?)^\}", re.M | re.S)
ROW = re.compile(r"^  '([^']+)': '([^']+)',$", re.M)


def provided(wrap):
    """The names of dependencies; a key is one, but for the two that list names."""
    section = dict(wrap["provide"]) if wrap.has_section("provide") else {}
    section.pop("program_names", None)
    listed = section.pop("dependency_names", "")
    return {name.strip() for name in listed.split(",") if name.strip()} | set(section)


def check_download(section, what):
    """`what` is source or patch."""
    if not section.get(f"{what}_url", "").startswith("https://"):
        yield f"no {what}_url that is https"
    if not section.get(f"{what}_filename"):
        yield f"no {what}_filename"
    if not HASH.fullmatch(section.get(f"{what}_hash", "")):
        yield f"{what}_hash is not a SHA-256"


def check_wrap(wrap):
    if not wrap.has_section("wrap-file"):
        yield "no section [wrap-file]"
        return
    section = wrap["wrap-file"]
    if not section.get("directory"):
        yield "no directory"
    yield from check_download(section, "source")
    if any(key.startswith("patch_") for key in section):
        yield from check_download(section, "patch")
    if not provided(wrap):
        yield "provides nothing"


def read_wraps(root):
    """(name, wrap or None, why it cannot be read) of each."""
    for path in sorted((root / "subprojects").glob("*.wrap")):
        wrap = configparser.ConfigParser(interpolation=None)
        try:
            wrap.read_string(path.read_text(encoding="utf-8"))
            yield path.name, wrap, None
        except configparser.Error as error:
            yield path.name, None, str(error).split("\n", maxsplit=1)[0]


def meson_files(root):
    return [root / "meson.build"] + sorted(
        path for folder in ("bench", "src", "tests") for path in (root / folder).rglob("meson.build"))


def needed(root):
    return {name: path.relative_to(root) for path in meson_files(root)
            for name in NEEDED.findall(path.read_text(encoding="utf-8"))}


def packages(root):
    """Of the table in meson.build: (dependency, its packages as "NAME (DISTRIBUTION, …), …")."""
    table = PACKAGES.search((root / "meson.build").read_text(encoding="utf-8"))
    return dict(ROW.findall(table.group(1))) if table else {}


def check_packages(root):
    rows = [line.split() for line in (root / "bootstrap.sh").read_text(encoding="utf-8").split("\n")]
    for name, sentence in packages(root).items():
        named = re.findall(r"([\w.+-]+) \(", sentence)
        if not any(row[4:] == ["build"] and set(row[:4]) == set(named) for row in rows):
            yield f"meson.build: packages of {name} are not those of bootstrap.sh"


def check(root):
    wraps = list(read_wraps(root))
    for name, wrap, error in wraps:
        for wrong in [error] if error else check_wrap(wrap):
            yield f"subprojects/{name}: {wrong}"
    provides = {name: provided(wrap) for name, wrap, _ in wraps if wrap}
    wanted = needed(root)
    for name, path in sorted(wanted.items()):
        if name not in WITHOUT_WRAP | set().union(*provides.values()):
            yield f"{path}: {name} has no wrap"
    for name, names in provides.items():
        if names and not names & set(wanted):
            yield f"subprojects/{name}: nothing asks for it"
    yield from check_packages(root)


# ---- the self-test: a tree that is right, and each way of being wrong ----

WRAP = ("[wrap-file]\ndirectory = a-1\nsource_url = https://github.com/a/a.tar.gz\nsource_filename = a.tar.gz\n"
        f"source_hash = {'0' * 64}\npatch_url = https://wrapdb.mesonbuild.com/a\npatch_filename = a.zip\n"
        f"patch_hash = {'1' * 64}\n\n[provide]\ndependency_names = liba, liba_more\n")
RIGHT = {
    "meson.build": "a = dependency('liba')\npackages = {\n  'b': 'b-dev (Debian), b-devel (Fedora), b (Arch, Homebrew)',\n}\n",
    "src/meson.build": "m = cc.find_library('m')\nz = dependency(\n  'zlib')\n",
    "bootstrap.sh": "Debian Fedora Arch Homebrew for\nb-dev b-devel b b build\n",
    "subprojects/a.wrap": WRAP,
    "subprojects/z.wrap": WRAP.replace("dependency_names = liba, liba_more", "zlib = zlib_dep"),
}
WRONG = {   # file, what it holds, what is said of it
    "a file that is no wrap": ("subprojects/a.wrap", WRAP + "and more\n", "contains parsing errors"),
    "a wrap of another kind": ("subprojects/a.wrap", WRAP.replace("wrap-file", "wrap-git"), "no section [wrap-file]"),
    "no folder": ("subprojects/a.wrap", WRAP.replace("directory = a-1\n", ""), "no directory"),
    "no source": ("subprojects/a.wrap", WRAP.replace("source_url = https:", "source_url = http:"), "no source_url"),
    "no file for the source":
        ("subprojects/a.wrap", WRAP.replace("source_filename = a.tar.gz\n", ""), "no source_filename"),
    "a hash that is cut off": ("subprojects/a.wrap", WRAP.replace("0" * 64, "0" * 63), "source_hash is not"),
    "a patch without its hash": ("subprojects/a.wrap", WRAP.replace("patch_hash", "hash"), "patch_hash is not"),
    "a wrap that provides nothing":
        ("subprojects/c.wrap", WRAP.split("[provide]", maxsplit=1)[0], "provides nothing"),
    "a wrap that nobody wants":
        ("subprojects/c.wrap", WRAP.replace("liba, liba_more", "libc"), "nothing asks for it"),
    "a dependency without a wrap":
        ("src/meson.build", RIGHT["src/meson.build"] + "c = dependency('libc')\n", "libc has no wrap"),
    "a library without a wrap":
        ("src/meson.build", RIGHT["src/meson.build"] + "c = cc.find_library('c')\n", "c has no wrap"),
    "another package than is installed": ("bootstrap.sh", "b1-dev b-devel b b build\n", "packages of b are not"),
}


def self_test():
    cases = [("a tree that is right", checking.found(check, RIGHT) == [])]
    for what, (name, text, said) in WRONG.items():
        cases.append((what, any(said in problem for problem in checking.found(check, {**RIGHT, name: text}))))
    return cases


if __name__ == "__main__":
    checking.run(__doc__, check, self_test)
