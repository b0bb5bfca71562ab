/*
 * What is counted, and not timed, is the same each time: such values are compared as they are, with
 * nothing left to chance. Pure: docs/reference/counts.md states it in words.
 */
#ifndef TB_STATS_REPEAT_H
#define TB_STATS_REPEAT_H

#include <stdbool.h>

#include "stats/verdict.h"

/* What differs by less than this share, or by less than so much, is the same count: the start of a
 * process, of which two are subtracted, is not always the same. */
#define TB_COUNT_SHARE 2e-3
#define TB_COUNT_GRAIN 0.02

/* Whether they are all the same count, or differ by less than that share; one value does not
 * differ, and none are not the same. */
bool tb_counts_repeat(const double *values, size_t count, double share);

/* By how much they differ, as a share of the largest; 0 for none above 0. */
double tb_counts_spread(const double *values, size_t count);

/*
 * The effect of counts that repeat on each side, of which there is one at least: its interval is
 * that of all ratios of a new one to an old one, and each p is 0 or 1, for tb_judge(). A count of
 * less than the grain is taken for the grain, so that there is a ratio to nothing.
 */
struct tb_effect tb_effect_of_counts(const double *old, size_t old_count, const double *new,
                                     size_t new_count, double margin);

#endif
