/*
 * Tables that fit their page: names stay whole, and columns go instead.
 */
#ifndef TB_REPORT_TABLE_H
#define TB_REPORT_TABLE_H

#include <libsmartcols/libsmartcols.h>

#include "report/page.h"

/* An empty table for the page; never NULL. In Markdown what is in its cells and in the names of its
 * columns is text, whoever wrote it: nothing of it is obeyed. */
struct libscols_table *tb_page_table(const struct tb_page *page);

/* Adds a column; flags are libsmartcols's. */
void tb_table_column(struct libscols_table *table, const char *name, int flags);

/* Sets one cell of a line; the text is copied, control characters as in a line of the page, NULL is
 * empty. */
void tb_table_set(struct libscols_line *line, size_t column, const char *text);

/* In Markdown it is bold. */
void tb_table_bold(struct libscols_line *line, size_t column);

/* What is in a cell that was set is shown in that ink. */
void tb_table_ink(const struct tb_page *page, struct libscols_line *line, size_t column,
                  enum tb_ink ink);

/* The columns of the page that the table takes, but for its hidden ones. */
size_t tb_table_width(struct libscols_table *table);

/*
 * Makes it fit the page: columns go first that hold nothing, then what all names of the first
 * column begin or end with, then one column after the other, in the order that is given, of which
 * the first go first; at last names are broken, at slashes as far as that is possible. Nothing goes
 * where all has room, or the page knows no width. Returns what has gone, as words for a note below
 * the table; the caller's, or NULL.
 */
char *tb_table_fit(const struct tb_page *page, struct libscols_table *table, const size_t *order,
                   size_t count);

/* Whether the column has a place, and takes it away. */
bool tb_table_shows(struct libscols_table *table, size_t column);
void tb_table_hide(struct libscols_table *table, size_t column);

/* Hides all columns but the first in which no line has more than "-". */
void tb_table_hide_blank(struct libscols_table *table);

/* The note below a table that was made to fit; nothing for NULL. */
void tb_page_put_gone(const struct tb_page *page, const char *gone);

/* Writes the table without blanks at the end of lines, and frees it. */
void tb_page_put_table(const struct tb_page *page, struct libscols_table *table);

/* The same of one that is made to fit, with the note. */
void tb_page_put_fitted(const struct tb_page *page, struct libscols_table *table,
                        const size_t *order, size_t count);

#endif
