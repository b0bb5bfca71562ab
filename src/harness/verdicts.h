/*
 * A comparison, for readers and programs.
 */
#ifndef TB_HARNESS_VERDICTS_H
#define TB_HARNESS_VERDICTS_H

#include "compare.h"
#include "text.h"

/* What it is of: names of the two sides as the reader knows them. */
struct tb_caption {
    const char *old, *new;
};

/* A table, what is unsure with what would settle it, and the sum of it all. */
void tb_verdicts_put(const struct tb_page *page, const struct tb_caption *caption,
                     const struct tb_comparison *comparison);

/* The same as a table in Markdown, for a pull request. */
void tb_verdicts_markdown(FILE *out, const struct tb_caption *caption,
                          const struct tb_comparison *comparison);

/* As an object, the caller's: docs/compare.md lists its members. */
cJSON *tb_verdicts_json(const struct tb_caption *caption, const struct tb_comparison *comparison);

#endif
