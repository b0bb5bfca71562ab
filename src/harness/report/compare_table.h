/*
 * A comparison, for readers and programs.
 */
#ifndef TB_REPORT_COMPARE_TABLE_H
#define TB_REPORT_COMPARE_TABLE_H

#include "compare/compare.h"
#include "report/page.h"

/*
 * A table, what would decide each inconclusive case, and the sum of it all; in Markdown, for a pull
 * request, each note stands in its row.
 */
void tb_comparison_put(const struct tb_page *page, const struct tb_comparison *comparison);

/* All of them on stdout, in a format, the conclusion first; `head` is called after it in a table,
 * for what the reader has to know besides, unless it is NULL. Whether stdout took it all is for
 * ferror() to tell. */
void tb_comparisons_put(const struct tb_comparisons *comparisons, enum tb_format format,
                        void (*head)(const struct tb_page *page, const void *user),
                        const void *user);

/* As an object, the caller's: docs/reference/compare.md lists its members. */
cJSON *tb_comparison_json(const struct tb_comparison *comparison);

#endif
