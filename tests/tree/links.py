#!/usr/bin/env python3
"""Follows the links of the documentation, within the tree.

usage: links.py ROOT | links.py --self-test

Each link of a page in Markdown leads to a file, and to a heading if it names one. Each page of docs/ is reached from
docs/index.md. A page of docs/ that any file names is there. Prints FILE:LINE: what is wrong, and fails if
anything is; ends with 77 where git does not say which files the tree consists of.
"""
import pathlib
import posixpath
import re
import subprocess
import sys

import checking

LINK = re.compile(r"\]\(([^()\s]+)\)")
ELSEWHERE = re.compile(r"[a-z]+:")
HEADING = re.compile(r"#{1,6} (.*)")
NAMED = re.compile(r"(?<![\w/.-])docs/[\w./-]*\w\.(?:md|json|png|yml)\b")
INDEX = "docs/index.md"


def prose(text):
    """(number, line) of what is no code: in fenced blocks and within backquotes nothing is a link."""
    fenced = False
    for number, line in enumerate(text.split("\n"), 1):
        if line.lstrip().startswith("```"):
            fenced = not fenced
        elif not fenced and not line.startswith("    "):
            yield number, line


def links(text):
    for number, line in prose(text):
        for match in LINK.finditer(re.sub(r"`[^`]*`", "``", line)):
            if not ELSEWHERE.match(match.group(1)):
                yield number, match.group(1)


def anchors(text):
    """As GitHub makes them of headings: small letters, dashes for blanks, no other signs, a number for the second."""
    seen = {}
    for _, line in prose(text):
        heading = HEADING.match(line)
        if heading:
            name = re.sub(r"[^\w\- ]", "", re.sub(r"\]\([^)]*\)", "", heading.group(1)).lower()).replace(" ", "-")
            seen[name] = seen.get(name, -1) + 1
            yield name if seen[name] == 0 else f"{name}-{seen[name]}"


def target(name, link):
    """The file and the anchor of a link on a page."""
    path, _, anchor = link.partition("#")
    return posixpath.normpath(posixpath.join(posixpath.dirname(name), path)) if path else name, anchor


def check_links(root, name, text):
    for number, link in links(text):
        path, anchor = target(name, link)
        if not (root / path).exists():
            yield f"{name}:{number}: {link} is not there"
        elif anchor and anchor not in anchors((root / path).read_text(encoding="utf-8")):
            yield f"{name}:{number}: {link}: {path} has no such heading"


def check_named(root, name, text):
    for number, line in enumerate(text.split("\n"), 1):
        for match in NAMED.finditer(line):
            if not (root / match.group(0)).exists():
                yield f"{name}:{number}: {match.group(0)} is not there"


def check_index(texts):
    reached = {target(INDEX, link)[0] for _, link in links(texts.get(INDEX, ""))}
    for name in texts:
        if name.startswith("docs/") and name.endswith(".md") and name not in reached | {INDEX}:
            yield f"{INDEX}: {name} is not on it"


def check_texts(root, texts):
    for name, text in texts.items():
        if name.endswith(".md"):
            yield from check_links(root, name, text)
        if name != "tests/tree/links.py":
            yield from check_named(root, name, text)
    yield from check_index(texts)


def read(root, names):
    for name in names:
        try:
            yield name, (root / name).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            pass  # a picture or the like


def check_tree(root):
    listing = subprocess.run(["git", "-C", str(root), "ls-files", "-z"], capture_output=True, text=True, check=False)
    if listing.returncode:
        sys.exit(77)
    names = [name for name in listing.stdout.split("\0") if name and (root / name).is_file()]
    yield from check_texts(root, dict(read(root, names)))


def check_folder(root):
    names = [str(path.relative_to(root)) for path in sorted(root.rglob("*")) if path.is_file()]
    return check_texts(root, dict(read(root, names)))


RIGHT = {
    "README.md": "[a](docs/index.md), [b](docs/a.md#in-short), `[c](d)`, [e](https://github.com/x)\n\n    [f](g)\n"
                 "```\n[h](i)\n```\n",
    "docs/index.md": "[a](a.md)\n",
    "docs/a.md": "# A\n\n## In `short`\n\n[top](#a), [up](../README.md), [two](#in-short-1)\n\n## In short\n",
    "a.c": "/* docs/a.md */\n",
}
WRONG = {
    "a file that is not there": {"README.md": "[a](b.md)\n"},
    "a heading that is not there": {"README.md": "[a](docs/a.md#long)\n"},
    "a heading of this page that is not there": {"docs/a.md": "# A\n\n[a](#b) [b](#a)\n", "README.md": ""},
    "a page that is not on the index": {"docs/b.md": "# B\n"},
    "a page that is gone, in a comment": {"a.c": "/* docs/b.md */\n"},
    "a page that is gone, in words": {"README.md": "as `docs/b.md` has it\n"},
}


def self_test():
    cases = [("a tree that is right", not checking.found(check_folder, RIGHT))]
    cases += [(what, len(checking.found(check_folder, {**RIGHT, **files})) == 1) for what, files in WRONG.items()]
    return cases


if __name__ == "__main__":
    checking.run(__doc__, check_tree, self_test)
