/*
 * Lines for a reader: how wide they are, which characters and colours they may have.
 */
#ifndef TB_REPORT_PAGE_H
#define TB_REPORT_PAGE_H

#include <stdbool.h>
#include <stdio.h>

#include "report/figures.h"

enum tb_format {
    TB_TABLE,
    TB_JSON,
    TB_CSV,
    TB_MARKDOWN,
    TB_HTML,
};

enum tb_color {
    TB_COLOR_AUTO,
    TB_COLOR_ALWAYS,
    TB_COLOR_NEVER,
};

/* What a text is shown in, where the page has colours; each adds to the text and replaces none of
 * it. */
enum tb_ink {
    TB_INK_NONE,
    TB_INK_STRONG, /* what is read first */
    TB_INK_FAINT,  /* what is read last */
    TB_INK_BAD,
    TB_INK_GOOD,
    TB_INK_DOUBT,
};

/* Where text goes. Whether writing failed is for ferror() to tell, at the end. */
struct tb_page {
    FILE *out;
    size_t width;       /* columns of a line of text */
    size_t table_width; /* of a table; 0: whatever it needs */
    bool terminal;      /* which would break a line anywhere */
    bool utf8;          /* else ASCII alone */
    bool markdown;      /* tables are Markdown's, and what it would obey is escaped in texts */
    bool code;          /* lines stand in a block of code, as Markdown takes them as they are */
    bool colored;
};

/*
 * Whether pages have colours from now on. By TB_COLOR_AUTO, as at the start, they have them on a
 * terminal whose TERM is not "dumb", and not if NO_COLOR is set; CLICOLOR_FORCE, but "0", is taken
 * for a terminal.
 */
void tb_page_color(enum tb_color color);

/*
 * A file with the width that COLUMNS in the environment says, or that of its terminal, 40 columns
 * at least. Lines of text are broken at 100; where no width is known tables are not, so that names
 * stay whole for who searches them.
 */
struct tb_page tb_page(FILE *out);

/* One in Markdown, in which lines are as long as they are; it has no colours. */
struct tb_page tb_page_markdown(FILE *out);

/* The page of stdout for a table or Markdown. */
struct tb_page tb_page_of(enum tb_format format);

/* The page for lines that say nothing to Markdown: in a block of code there, else the page. */
struct tb_page tb_page_verbatim(const struct tb_page *page);

/* An empty line, where Markdown needs one between a table and lines. */
void tb_page_gap(const struct tb_page *page);

/* A text of others for a line of the page; the caller's. Tables see to their own. */
char *tb_page_text(const struct tb_page *page, const char *text);

/* What begins and ends a text in that ink: "" where the page has no colours. */
const char *tb_ink_begin(const struct tb_page *page, enum tb_ink ink);
const char *tb_ink_end(const struct tb_page *page, enum tb_ink ink);

/* The columns that the first `size` bytes of a text take: continuation bytes of UTF-8 take none. */
size_t tb_columns(const char *text, size_t size);

/*
 * Writes a line, broken at blanks where it would be too long; what follows a break is indented.
 * The text may be another program's, and is cleaned.
 */
void tb_page_line(const struct tb_page *page, size_t indent, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The same with its first `marked` bytes in that ink, or all of them. */
void tb_page_line_in(const struct tb_page *page, enum tb_ink ink, size_t marked, size_t indent,
                     const char *format, ...) __attribute__((format(printf, 5, 6)));

#endif
