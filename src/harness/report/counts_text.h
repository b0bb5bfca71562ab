/*
 * What was counted of cases, in words.
 */
#ifndef TB_REPORT_COUNTS_TEXT_H
#define TB_REPORT_COUNTS_TEXT_H

#include "document/counts.h"
#include "report/page.h"

/* "2152"; "~2152" where rounds differ; "-" where nothing was counted. */
struct tb_text tb_count_text(const struct tb_record *record, enum tb_metric metric);

/* What the counts mean and who has counted, where there are any, and a line for each reason why a
 * case was not counted. */
void tb_count_notes_put(const struct tb_page *page, const struct tb_result *results, size_t count);

#endif
