"""Text as scdoc takes it."""
import re

NAME = re.compile(r"\b(bm_\w*\w|BM_[A-Z_0-9]*[A-Z0-9])\b|`([^`]+)`")


def escape(text):
    """Characters that would be marks are none."""
    return re.sub(r"([\\*_`|\[\]#])", r"\\\1", text)


def bold(text):
    return f"*{escape(text)}*"


def sentence_of(text):
    """A sentence as the line of NAME has it."""
    return text[0].lower() + text[1:].rstrip(".")


def definition(term, text):
    return [term, "\t" + text, ""]


def literal(lines):
    return ["```", *lines, "```", ""]


def marked(match):
    return bold(match[1]) if match[1] else f"_{escape(match[2])}_"


def paragraph(text):
    """With the names of functions and macros in bold, and what stands in backquotes underlined."""
    pieces, at = [], 0
    for match in NAME.finditer(text):
        pieces += [escape(text[at:match.start()]), marked(match)]
        at = match.end()
    return "".join(pieces) + escape(text[at:])


def wrapped(text):
    """A comment of a header: paragraphs, points that begin with "- ", code that is indented, headings underlined with
    dashes. Line by line, as scdoc joins them."""
    lines, code, before = [], [], ""
    for line in (text + "\n").split("\n"):
        if line.startswith("    ") or (code and not line):
            code.append(line[4:])
            continue
        if code:
            lines += literal("\n".join(code).rstrip().split("\n"))
            code = []
        if re.fullmatch("-{3,}", line):
            lines[-1] = "## " + lines[-1]
            lines.append("")
        elif line.startswith("- ") and before and not before.startswith(("- ", "  ")):
            lines += ["", "- " + paragraph(line[2:])]
        elif line.startswith("- "):
            lines.append("- " + paragraph(line[2:]))
        elif line.startswith("  "):
            lines.append("  " + paragraph(line[2:]))
        else:
            lines.append(paragraph(line))
        before = line
    return "\n".join(lines).strip("\n").split("\n") + [""]
