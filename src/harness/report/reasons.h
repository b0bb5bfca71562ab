/*
 * Cases without a figure, each with its reason.
 */
#ifndef TB_REPORT_REASONS_H
#define TB_REPORT_REASONS_H

#include "document/result.h"
#include "report/page.h"

/*
 * A line for each reason why cases of a session's results were skipped, failed, or had no turn:
 * "3 cases skipped: needs CAP_SYS_NICE: a, b, c". Reasons that differ in digits alone are one.
 * Cases that were not asked for are named with why they were to be measured. Of many some are
 * named, and the others counted.
 */
void tb_reasons_put(const struct tb_page *page, const struct tb_result *results, size_t count);

#endif
