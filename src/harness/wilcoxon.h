/*
 * Wilcoxon's tests by ranks, of pairs and of two sides, one-sided and exact. Pure.
 *
 * F. Wilcoxon, Individual Comparisons by Ranking Methods, Biometrics Bulletin 1, 1945.
 */
#ifndef TB_HARNESS_WILCOXON_H
#define TB_HARNESS_WILCOXON_H

#include <stddef.h>

/*
 * P(W >= sum) where W is the sum of the ranks of those of `count` values that lie above a line,
 * each as likely as not: by counting, up to 100 values; beyond, W is as good as normal.
 */
double tb_signed_rank_p(double sum, size_t count);

/* How likely a sum of ranks like this one, or a clearer one, would be by chance. */
struct tb_sides {
    double p_above; /* on the side above the line */
    double p_below;
};

/*
 * Of `count` ascending values, ranked by their distance from a line. Those on it count for neither
 * side; where distances are equal, p is a little larger than it need be.
 */
struct tb_sides tb_signed_rank_test(const double *sorted, size_t count, double line);

/*
 * P(U >= wins) where U counts, for two samples of one distribution, the pairs that the second
 * wins: by counting the orders in which they can stand.
 */
double tb_rank_sum_p(size_t wins, size_t first, size_t second);

#endif
