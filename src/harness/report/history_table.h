/*
 * A history for a reader's terminal, and for programs.
 */
#ifndef TB_REPORT_HISTORY_TABLE_H
#define TB_REPORT_HISTORY_TABLE_H

#include "report/history_view.h"

/* The conclusion, each change with its commit, each case with its trend, and what is not in it. */
void tb_history_table_put(const struct tb_page *page, const struct tb_history_view *view);

/* As an object, a series after the other: docs/reference/history.schema.json has its members.
 * Whether writing failed is for ferror() to tell, here and below. */
void tb_history_json_put(FILE *out, const struct tb_history_view *view);

/* A header, and a line for each value; texts are safe in a spreadsheet. */
void tb_history_csv_put(FILE *out, const struct tb_history_view *view);

#endif
