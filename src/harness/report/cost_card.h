/*
 * What one thread costs, where its time goes, and how that grows.
 */
#ifndef TB_REPORT_COST_CARD_H
#define TB_REPORT_COST_CARD_H

#include "document/result.h"
#include "report/page.h"

/*
 * What one thread costs here: the cases that name a row of the card, pinned to one CPU and free,
 * each also as a multiple of its floor; below, what explains the phases of a case whose subject
 * says so. Nothing where no measured case names one.
 */
void tb_card_put(const struct tb_page *page, const struct tb_result *result);

/* In Markdown a block of code. A line for each axis along which a cost was measured at three values
 * or more: how it grows. */
void tb_scaling_put(const struct tb_page *page, const struct tb_result *result);

#endif
