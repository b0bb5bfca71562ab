/*
 * Wilcoxon's tests by ranks, of pairs and of two sides, one-sided. Pure.
 *
 * Few values are counted: p is exact, ties included. For many the sum of ranks is taken for normal,
 * which far from its middle gives more than is true.
 *
 * F. Wilcoxon, Individual Comparisons by Ranking Methods, Biometrics Bulletin 1, 1945.
 */
#ifndef TB_STATS_WILCOXON_H
#define TB_STATS_WILCOXON_H

#include <stddef.h>

/* How likely a sum of ranks like this one, or a clearer one, would be by chance. */
struct tb_sides {
    double p_above; /* on the side above the line */
    double p_below;
};

/*
 * Of `count` ascending values, ranked by their distance from a line, each as likely above it as
 * below. Those on it count for neither side; equal distances share the mean of their ranks.
 */
struct tb_sides tb_signed_rank_test(const double *sorted, size_t count, double line);

/*
 * P(U >= wins) where U counts, for two samples of one distribution, the pairs that the second
 * wins.
 */
double tb_rank_sum_p(size_t wins, size_t first, size_t second);

#endif
