"""A C header as blocks: what a comment is about, and what it says of it."""
import re

COMMENT = re.compile(r"/\*(?P<text>.*?)\*/", re.S)
FUNCTION = re.compile(r"^(?:BM_API|static inline) [^;{]*?\b(bm_\w+)\(", re.M)
FLAG = re.compile(r"^#define (BM_\w+) +\S")
MACRO = re.compile(r"^#define (BM_\w+)(\([^)]*\))?", re.M)
TYPE = re.compile(r"^(?:struct|enum) (bm_\w+) \{.*?^\};|^typedef [^;]*?\b(bm_\w+)\([^;]*;", re.M | re.S)


def plain(comment):
    """The text of a comment, without what frames it; empty for a line that parts sections."""
    lines = [re.sub(r"^ ?\*? ?", "", line).rstrip() if i else line.strip()
             for i, line in enumerate(comment.split("\n"))]
    text = "\n".join(lines).strip("\n").rstrip()
    return "" if text.startswith("---") else text


class Block:
    """Some lines of code, and the comment above them."""

    def __init__(self, before, comment, code, internal):
        self.before = before    # a comment that has nothing below it: about all that follows
        self.comment = comment
        self.code = code
        self.internal = internal

    def types(self):
        """Those that are defined here."""
        return [match[1] or match[2] for match in TYPE.finditer(self.code)]

    def names(self):
        return self.types() + FUNCTION.findall(self.code) + [name for name, _ in MACRO.findall(self.code)]

    def definitions(self):
        return "\n\n".join(match[0] for match in TYPE.finditer(self.code)).split("\n") if self.types() else []

    def flags(self):
        return [match for match in self.code.split("\n") if FLAG.match(match)]

    def prototypes(self):
        lines = [name + arguments for name, arguments in MACRO.findall(self.code) if arguments]
        for match in FUNCTION.finditer(self.code):
            text = re.split(r"[;{]", self.code[match.start():], maxsplit=1)[0]
            text = re.sub(r"^(?:BM_API|static inline) |\s*__attribute__.*", "", text, flags=re.S).strip()
            lines += re.sub(r"\s*\n\s*", "\n    ", text).split("\n")
            lines[-1] += ";"
        return lines


def body(text):
    """Of a header: what stands between its `#define BM_API` and the end of its extern "C"."""
    return text.split("#define BM_API", maxsplit=1)[1].split("\n", maxsplit=1)[1].rpartition("#ifdef __cplusplus")[0]


def pieces(text):
    """(comment, the code below it), in turn. A comment within a line or within braces belongs to the code."""
    starts = [match for match in COMMENT.finditer(text)
              if text[:match.start()].rsplit("\n", 1)[-1] == ""]
    ends = [match.start() for match in starts[1:]] + [len(text)]
    return [(plain(match["text"]), text[match.end():end].strip("\n")) for match, end in zip(starts, ends)]


def paragraphs(code):
    """Code is parted by blank lines, but for those within braces."""
    return re.split(r"\n\n(?=\S)(?![^{}]*^\})", code, flags=re.M) if code else []


def read(text):
    blocks, before = [], ""
    for comment, code in pieces(body(text)):
        if comment and not code:
            before = comment
            continue
        internal = comment.startswith("Behind ")
        for i, part in enumerate(paragraphs(code)):
            if i and not TYPE.match(part):
                blocks[-1].code += "\n\n" + part
            else:
                blocks.append(Block("" if i else before, "" if i else comment, part, internal))
        before = ""
    return blocks


def overview(text):
    """The first comment, without the line that says what the header is."""
    return plain(COMMENT.search(text)["text"]).partition("\n\n")[2]
