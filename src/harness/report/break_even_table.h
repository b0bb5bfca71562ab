/*
 * From which length of task on a thread made for it costs no more than an alternative.
 */
#ifndef TB_REPORT_BREAK_EVEN_TABLE_H
#define TB_REPORT_BREAK_EVEN_TABLE_H

#include "document/result.h"
#include "report/page.h"

/* A table of the alternatives, and one of the lengths that were measured, as its check. Nothing
 * where no case was set against a thread's. */
void tb_break_even_put(const struct tb_page *page, const struct tb_result *result);

/* Of an object of its margins the answer: "304 (261 .. 340) µs", "always", or "none up to 1 ms";
 * the caller's. */
char *tb_break_even_text(const struct tb_page *page, const cJSON *margin);

/* Of an object of its points what was measured: "1.12 (1.10 .. 1.14)". */
struct tb_text tb_break_even_ratio(const cJSON *point);

/* "5 % more": the heading of a column. */
struct tb_text tb_break_even_margin(const cJSON *margin);

#endif
