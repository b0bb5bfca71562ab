#!/usr/bin/env python3
"""What the manual is made by, on texts that are right and wrong. Prints TAP."""
import json
import pathlib
import tempfile

import header
import pages
import read_help
import scd

HEADER = """/*
 * a: b.
 *
 * What it is.
 */
#define BM_API x
#ifdef __cplusplus
extern "C" {
#endif

/* ------ one */

/* About all of them. */

/* Makes `it`. See bm_end(). */
BM_API int bm_make(int it,
                   int *other);
BM_API void bm_make_more(void);

/* A kind. */
enum bm_kind {
    BM_ONE, /* of two */

    BM_TWO,
};

BM_API void bm_set_kind(int kind);

/* Behind BM_LOOP. */
BM_API void bm_hidden(void);

/* Ends. */
static inline void bm_end(void)
{
    bm_hidden();
}

#ifdef __cplusplus
}
#endif
"""
HELP = ["  -f, --filter=REGEX      Choose only cases", "                          that match.",
        "      --format=FORMAT     Print a table, json or csv (default: table).", "      --python PATH       Measure.",
        "  -h, --help              Show this help.", ""]


def is_refused(call, *words):
    try:
        call(*words)
    except ValueError:
        return True
    return False


def problems(folder, templates, source, text):
    folder = pathlib.Path(folder)
    for name, content in templates.items():
        (folder / name).write_text(content, encoding="utf-8")
    (folder / source).write_text(text, encoding="utf-8")
    return pages.missing_of(*pages.prepare(folder / source, [folder / name for name in templates]))


def found(templates, source, text):
    with tempfile.TemporaryDirectory() as folder:
        return problems(folder, templates, source, text)


def cases():
    blocks = header.read(HEADER)
    make = blocks[0]
    yield "functions that share a comment are one block", make.names() == ["bm_make", "bm_make_more"]
    yield "a comment with nothing below it is about what follows", make.before == "About all of them."
    yield "a prototype keeps its lines", make.prototypes()[:2] == ["int bm_make(int it,", "    int *other);"]
    yield "what follows a type without a comment belongs to it", blocks[1].names() == ["bm_kind", "bm_set_kind"]
    yield "a type is whole", blocks[1].definitions()[-1] == "};" and "    BM_TWO," in blocks[1].definitions()
    yield "an inline function has no body", blocks[3].prototypes() == ["void bm_end(void);"]
    yield "the overview is the first comment", header.overview(HEADER) == "What it is."
    yield "names are bold, marks are none", scd.paragraph("bm_end() `it` a_b *") == "*bm\\_end*() _it_ a\\_b \\*"
    yield "code within a comment stays as it is", scd.wrapped("a:\n\n    b_c\n\nd") == ["a:", "", "```", "b_c", "```", "", "d", ""]

    options = read_help.read_options(HELP)
    yield "options of the help", [option["name"] for option in options] == ["filter", "format", "python", "help"]
    yield "a text of two lines", options[0]["text"] == "Choose only cases that match."
    yield "words of an argument", options[1]["words"] == ["table", "json", "csv"] and not options[0]["words"]
    yield "an argument behind a blank", options[2]["argument"] == "PATH" and options[3]["argument"] is None
    yield "a help of another shape is refused", is_refused(read_help.read_options, ["something else"])

    text = {"a.3.scd": "@names make it: bm_make bm_make_more bm_kind bm_set_kind bm_end\n"}
    yield "each function has a page", not found(text, "a.h", HEADER)
    yield "one that has none is named", found({"a.3.scd": "@names make it: bm_make\n"}, "a.h", HEADER)[:1] == [
        "bm_make_more is in 0 pages of docs/man"]
    twice = {**text, "b.3.scd": "@names end it: bm_end\n"}
    yield "one that has two is named", found(twice, "a.h", HEADER) == ["bm_end is in 2 pages of docs/man"]
    gone = {"a.3.scd": text["a.3.scd"].replace("bm_end", "bm_end bm_gone")}
    yield "one that is gone is named", found(gone, "a.h", HEADER) == ["docs/man: bm_gone is not in a.h"]

    help_ = json.dumps({"version": "1", "suite": [], "commands": [{"name": "run", "summary": "Run.", "forms": []}]})
    yield "each command has a page", not found({"threadbench-run.1.scd": ""}, "help.json", help_)
    yield "one that has none is named", "no page docs/man/threadbench/threadbench-run.1.scd" in str(
        found({"threadbench.1.scd": ""}, "help.json", help_))
    yield "a page about no command is named", len(
        found({"threadbench-run.1.scd": "", "threadbench-walk.1.scd": ""}, "help.json", help_)) == 1


if __name__ == "__main__":
    results = list(cases())
    print(f"1..{len(results)}")
    for i, (what, right) in enumerate(results, 1):
        print(f"{'ok' if right else 'not ok'} {i} - {what}")
