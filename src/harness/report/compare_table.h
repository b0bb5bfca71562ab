/*
 * A comparison, for readers and programs.
 */
#ifndef TB_REPORT_COMPARE_TABLE_H
#define TB_REPORT_COMPARE_TABLE_H

#include "compare/compare.h"
#include "report/page.h"

/*
 * A table, what is unsure with what would settle it, and the sum of it all; in Markdown, for a pull
 * request, each note stands in its row.
 */
void tb_comparison_put(const struct tb_page *page, const struct tb_comparison *comparison);

/* As an object, the caller's: docs/compare.md lists its members. */
cJSON *tb_comparison_json(const struct tb_comparison *comparison);

#endif
