/*
 * A result as a table for a reader.
 */
#ifndef TB_REPORT_RESULT_TABLE_H
#define TB_REPORT_RESULT_TABLE_H

#include "document/result.h"
#include "report/page.h"

/*
 * A row for each selected case of each of a session's results, and what its columns mean; nothing
 * without such a case. Columns that no row fills are left out. Where it
 * has room, with each case's distribution (report/bar.h); where it has too little, without the
 * switches, the CV, the p99, the statistic and the multiple of the floor, which go in this order.
 */
void tb_result_table_put(const struct tb_page *page, const struct tb_result *results, size_t count);

#endif
