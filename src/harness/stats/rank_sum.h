/*
 * The test of Mann, Whitney and Wilcoxon: whether values of one side tend to be above another's.
 * Pure.
 *
 * F. Wilcoxon, Individual Comparisons by Ranking Methods, Biometrics Bulletin 1, 1945.
 */
#ifndef TB_STATS_RANK_SUM_H
#define TB_STATS_RANK_SUM_H

#include <stddef.h>

/*
 * P(U >= wins), one-sided, where U counts, for two samples of one distribution, the pairs that the
 * second wins. Exact up to 200 values in all; beyond, U is taken for normal, which far from its
 * middle gives more than is true.
 */
double tb_rank_sum_p(size_t wins, size_t first, size_t second);

/* How many values a side, at least, can bring that chance down to `p`: where they win every pair.
 */
size_t tb_rank_sum_fewest(double p);

#endif
