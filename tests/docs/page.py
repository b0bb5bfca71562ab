"""The blocks of a page in Markdown, and the commands in them."""
import dataclasses
import re
import subprocess

FENCE = re.compile(r"( *)```(\w*)$")
NOT_RUN = re.compile(r" *<!-- not run: (.+) -->$")
COMMAND = re.compile(r"( {4,}|\t)\$? ?([A-Z_]+=\S+ )*(threadbench(-suite)?|ninja|meson|git|cc|c\+\+|jq|\S*(build|tests)/\S+|"
                     r"\.[/\w]\S+) ")


@dataclasses.dataclass
class Block:
    line: int           # of the page, where its text begins
    language: str
    lines: list
    not_run: str = ""   # the reason


@dataclasses.dataclass
class Command:
    line: int
    text: str
    shown: list         # the lines of output; None where the page shows none


def read(text):
    """The page's blocks in order."""
    lines, blocks, block = text.split("\n"), [], None
    for i, line in enumerate(lines):
        fence = FENCE.match(line)
        if block is None and fence:
            reason = NOT_RUN.match(lines[i - 1]) if i else None
            block = Block(i + 2, fence.group(2), [], reason.group(1) if reason else "")
            indent = len(fence.group(1))
        elif block is not None and fence:
            blocks.append(block)
            block = None
        elif block is not None:
            block.lines.append(line[indent:])
    return blocks


def unfenced(text):
    """The lines that have a command and are in no fenced block."""
    fenced = False
    for number, line in enumerate(text.split("\n"), 1):
        if FENCE.match(line):
            fenced = not fenced
        elif not fenced and COMMAND.match(line + " "):
            yield number


def is_whole(text):
    """Whether the shell needs no further line."""
    answer = subprocess.run(["bash", "-n"], input=text, text=True, capture_output=True, check=False)
    return answer.returncode == 0 and not answer.stderr and not text.endswith("\\")


def commands_of_sh(block):
    text, first = [], 0
    for i, line in enumerate(block.lines):
        first = first if text else i
        text.append(line)
        if is_whole("\n".join(text)):
            yield Command(block.line + first, "\n".join(text), None)
            text = []
    if text:
        yield Command(block.line + first, "\n".join(text), None)


def commands_of_console(block):
    command = None
    for i, line in enumerate(block.lines):
        if line.startswith("$ "):
            if command:
                yield command
            command = Command(block.line + i, line[2:], [])
        elif line.startswith("> ") and command and not command.shown:
            command.text += "\n" + line[2:]
        elif command:
            command.shown.append(line)
    if command:
        yield command


def commands(block):
    return list({"sh": commands_of_sh, "console": commands_of_console}[block.language](block))
