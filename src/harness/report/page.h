/*
 * Figures and lines for a reader.
 */
#ifndef TB_REPORT_PAGE_H
#define TB_REPORT_PAGE_H

#include <libsmartcols/libsmartcols.h>
#include <stdbool.h>
#include <stdio.h>

enum tb_format {
    TB_TABLE,
    TB_JSON,
    TB_CSV,
    TB_MARKDOWN,
};

/* A figure from here on has an exponent: all its digits would be wider than a table. */
#define TB_LARGE 1e7

/* Where text goes. Whether writing failed is for ferror() to tell, at the end. */
struct tb_page {
    FILE *out;
    size_t width;       /* columns of a line of text */
    size_t table_width; /* of a table; 0: whatever it needs */
    bool utf8;          /* else ASCII alone */
    bool markdown;      /* tables are Markdown's, and what it would obey is escaped in texts */
};

/*
 * A file with the width of its terminal, 40 columns at least. Lines of text are broken at 100;
 * where there is no terminal tables are not, so that names stay whole for who searches them.
 */
struct tb_page tb_page(FILE *out);

/* One in Markdown, in which lines are as long as they are. */
struct tb_page tb_page_markdown(FILE *out);

/* A text of others for a line or a cell of the page; the caller's. */
char *tb_page_text(const struct tb_page *page, const char *text);

/* Each returns text in a buffer of its own kind: "-" where the value is not a number. */
struct tb_text {
    char text[40];
};

/* Printed as by printf, where it is `known`. */
struct tb_text tb_text_print(bool known, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

struct tb_text tb_text_time(const struct tb_page *page, double ns); /* "6.421 µs" */
/* "6.421 µs" of "ns", "12.40 kB" of "bytes", "12.40 UNIT" of any other. */
struct tb_text tb_text_value(const struct tb_page *page, const char *unit, double value);
struct tb_text tb_text_percent(double share);                 /* "1.3%" */
struct tb_text tb_text_number(double value);                  /* "1.45" */
struct tb_text tb_text_count(size_t count, const char *noun); /* "1 pair", "2 pairs" */

/*
 * Writes a line, broken at blanks where it would be too long; what follows a break is indented.
 * The text may be another program's, and is cleaned.
 */
void tb_page_line(const struct tb_page *page, size_t indent, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* An empty table that fits the page, or NULL. */
struct libscols_table *tb_page_table(const struct tb_page *page);

/* Adds a column; flags are libsmartcols's. */
void tb_table_column(struct libscols_table *table, const char *name, int flags);

/* Sets one cell of a line; the text is copied, control characters as above, NULL is empty. */
void tb_table_set(struct libscols_line *line, size_t column, const char *text);

/* Writes the table without blanks at the end of lines, and frees it. */
void tb_page_put_table(const struct tb_page *page, struct libscols_table *table);

#endif
