/*
 * The first line of a comparison: what a reader wants to know, and what decides it where it is not
 * known.
 */
#ifndef TB_REPORT_HEADLINE_H
#define TB_REPORT_HEADLINE_H

#include "compare/conclusion.h"
#include "report/page.h"

/* "rounds", "run a side": what so many are called. */
const char *tb_units_text(enum tb_unit unit, size_t count);

/* "REGRESSION in 2 of 12: create/call +6.4 % [5.9, 7.1], join/running +3.0 % [2.5, 3.4]"; the
 * caller's, and as the page wants it: names are escaped in Markdown. */
char *tb_headline_text(const struct tb_page *page, const struct tb_comparisons *comparisons);

/* The same, as a line of the page: a single one, unless the page is a terminal's. */
void tb_headline_put(const struct tb_page *page, const struct tb_comparisons *comparisons);

/* The conclusion of one comparison, as docs/reference/compare.md lists its members; the caller's.
 */
cJSON *tb_headline_json(const struct tb_comparison *comparison);

#endif
