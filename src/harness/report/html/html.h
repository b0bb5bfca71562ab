/*
 * A page of HTML: one file that asks for no other, reads well without its script, in light and in
 * dark, on paper and on a telephone. The style is page.css, the script page.js; both are part of
 * the program.
 *
 *     struct tb_html html;
 *     size_t size;
 *
 *     tb_html_begin(&html, "threadbench history");
 *     tb_html_section(&html, "points", "Change points");
 *     tb_html_table(&html, (struct tb_html_column[]){{"case"}, {"change", .number = true}}, 2);
 *     tb_html_row(&html, name, TB_HTML_CHANGED);
 *     tb_html_row_name(&html, "<a href=\"%s\">%s</a>", path, name);
 *     tb_html_number(&html, 6.4, "%s", "+6.4 %");
 *     tb_html_table_end(&html);
 *     tb_autofree char *page = tb_html_end(&html, &size);
 *
 * Texts are anyone's. The functions with a format know %s, %zu, %u, %d and %% alone, and escape
 * what %s stands for: so a format is ours, and what is not ours is an argument. What a reader would
 * obey or not see (control characters, those that turn the direction of writing) is shown as its
 * number.
 */
#ifndef TB_REPORT_HTML_HTML_H
#define TB_REPORT_HTML_HTML_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "report/html/ruler.h"

/* Zeroed by tb_html_end(), which frees all of it. */
struct tb_html {
    FILE *out;        /* the body so far, in memory */
    char *body;       /* what that has written, once it is flushed */
    size_t body_size; /* of it */
    char *title;
    FILE *links; /* to the sections, likewise, as are the notices */
    char *nav;
    size_t nav_size;
    FILE *notices;
    char *noted;
    size_t noted_size;
    char *about;             /* what a table is about: the last section, group or details */
    bool in_section, in_row; /* what is open */
};

/* Begins a page in memory, the title being its first heading as well. */
void tb_html_begin(struct tb_html *html, const char *title);

/* Ends what is open; returns the whole page, the caller's, which ends with a NUL as well. */
char *tb_html_end(struct tb_html *html, size_t *ret_size);

/* Writes the format, which is HTML, with its texts escaped: also for an attribute in "" or ''. */
void tb_html_put(struct tb_html *html, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* The same for a stream of one's own. */
void tb_html_print(FILE *out, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Adds a line below the page's title, wherever the page is by now. */
void tb_html_notice(struct tb_html *html, const char *text);

/* Begins a section with a heading and an entry in the list at the top; it ends where the next one
 * begins. `id` is a word of ours, unique on the page. */
void tb_html_section(struct tb_html *html, const char *id, const char *title);

/* The same without an entry, where there are too many for a list. */
void tb_html_unlisted_section(struct tb_html *html, const char *id, const char *title);

/*
 * Begins what a reader opens, and the filter hides when no row or block in it is left; `note`
 * stands beside the name in small print, NULL: none. May be nested.
 */
void tb_html_group(struct tb_html *html, bool open, const char *name, const char *note);
void tb_html_group_end(struct tb_html *html);

/* How a row or a block answers to the boxes above the page. */
enum tb_html_kind {
    TB_HTML_PLAIN,
    TB_HTML_CHANGED, /* stays when only what changed is asked for */
    TB_HTML_SLOWER,  /* as that, and marked as bad */
    TB_HTML_FASTER,  /* as that, and marked as good */
};

/* Begins something that the filter takes by its name as a whole: a figure with its table. */
void tb_html_block(struct tb_html *html, const char *name, enum tb_html_kind kind);
void tb_html_block_end(struct tb_html *html);

/* A column, which has a name even where its marks speak for themselves. The hint is shown where the
 * pointer rests; NULL: none. */
struct tb_html_column {
    const char *name;
    bool number; /* to the right, and sorted by the number */
    const char *hint;
    const struct tb_ruler *ruler; /* on which its marks stand (tb_html_marks()); NULL: it has none;
                                     a table has one ruler at most */
};

/* Begins a table that is sorted by a click on a heading, and scrolls by itself where it is wider
 * than the page. */
void tb_html_table(struct tb_html *html, const struct tb_html_column *columns, size_t count);

/* Begins a row, which ends where the next one begins. The filter looks for the name; a row without
 * one (NULL) belongs to the row before it, and moves and hides with it. */
void tb_html_row(struct tb_html *html, const char *name, enum tb_html_kind kind);

/* The first cell of a row, which is its heading: what it is called, as by tb_html_put(). */
void tb_html_row_name(struct tb_html *html, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* A cell, its content as by tb_html_put(). */
void tb_html_cell(struct tb_html *html, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* A cell to the right, sorted by the value: NaN comes last. */
void tb_html_number(struct tb_html *html, double value, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* What stands on a ruler: a dot, a bar, or an interval with both; an arrow says that it is, or goes
 * on, beyond the end. */
struct tb_mark {
    double low, high; /* NaN: no bar */
    double at;        /* NaN: no dot */
    size_t hue;       /* as of curves, from 0 */
    bool thin;        /* the bar is a line */
};

/* A cell with marks, sorted by the value; the hint is shown where the pointer rests. */
void tb_html_marks(struct tb_html *html, const struct tb_ruler *ruler, double value,
                   const struct tb_mark *marks, size_t count, const char *hint);

void tb_html_table_end(struct tb_html *html);

/* Begins a closed "details" with that summary: where a figure keeps its table. */
void tb_html_details(struct tb_html *html, const char *summary);
void tb_html_details_end(struct tb_html *html);

#endif
