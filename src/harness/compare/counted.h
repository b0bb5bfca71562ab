/*
 * A case compared by what was counted of it, and not by its times. Pure.
 */
#ifndef TB_COMPARE_COUNTED_H
#define TB_COMPARE_COUNTED_H

#include "compare/compare.h"
#include "compare/values.h"

/*
 * Fills in values, effect and statistic of a row that both sides have measured. Counts that repeat
 * on both sides, within a quarter of the margin, are compared as they are (stats/repeat.h); others
 * as times are, by rounds or by sides, and the row says how much they vary. What was not counted,
 * or not by the same counter, is the row's reason.
 */
void tb_compare_counts(const struct tb_found *old, const struct tb_found *new,
                       const struct tb_demand *demand, enum tb_unit unit, struct tb_compared *row);

#endif
