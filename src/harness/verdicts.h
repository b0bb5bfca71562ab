/*
 * A comparison, for readers and programs.
 */
#ifndef TB_HARNESS_VERDICTS_H
#define TB_HARNESS_VERDICTS_H

#include "compare.h"
#include "text.h"

/*
 * A table, what is unsure with what would settle it, and the sum of it all; in Markdown, for a pull
 * request, each note stands in its row.
 */
void tb_verdicts_put(const struct tb_page *page, const struct tb_comparison *comparison);

/* As an object, the caller's: docs/compare.md lists its members. */
cJSON *tb_verdicts_json(const struct tb_comparison *comparison);

#endif
