/*
 * What a comparison says of a case, in words: alike on a terminal and on a page. Pure.
 */
#ifndef TB_REPORT_VERDICT_TEXT_H
#define TB_REPORT_VERDICT_TEXT_H

#include "compare/compare.h"
#include "report/figures.h"

/* "same", "slower", "tail slower", "missing", ... */
const char *tb_verdict_text(const struct tb_compared *row);

/* "+12%": the change, with as many digits as its interval gives. */
struct tb_text tb_effect_text(const struct tb_effect *effect);

/* What would decide an inconclusive case; `whole`: also what it could have shown. The caller's. */
char *tb_doubt_text(const struct tb_comparison *comparison, const struct tb_test *test, bool whole);

/* Why a case has the verdict that it has, where that is not plain; NULL: it is. `whole` as above.
 * The caller's. */
char *tb_verdict_note(const struct tb_comparison *comparison, const struct tb_compared *row,
                      bool whole);

#endif
