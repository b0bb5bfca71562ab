/*
 * An exact test of pairs: whether their differences lie about a line, or to one side of it. Pure.
 *
 * Where either side of the line is as likely at each distance, the signs are coins that know
 * nothing of the distances. So any score that is made of the distances alone gives an exact test:
 * the sum of the scores above the line is held against all sums that coins can pick.
 *
 * Between two processes that ran next to each other most differences are small, and a few, where
 * something else ran, are large and tell nothing. So a score rises with the distance d and falls
 * again. In units of the spread s (the median distance / 0.6745, a normal distribution's
 * deviation),
 *
 *     score(u = d / s) = u / (1 + u^2 / nu),  nu = 1 + 0.2 / max(mean d / median d - 1.19, 0.05)^2
 *
 * which has its top at sqrt(nu): far out, and hardly any fall, for what is as tight as a normal
 * distribution (mean / median = 1.18), close by for wild tails.
 *
 * The score is that of a t distribution's location (Fisher 1925 has its influence); that of a sign
 * test is constant, that of Wilcoxon's signed ranks rises to the end. docs/evidence/verdicts.md
 * compares them.
 */
#ifndef TB_STATS_SIGN_FLIP_H
#define TB_STATS_SIGN_FLIP_H

#include <stddef.h>

/* How likely a sum of scores like this one, or a clearer one, would be by chance. */
struct tb_sides {
    double p_above; /* above the line */
    double p_below;
};

/*
 * Of `count` ascending values. Those on the line count for neither side. Up to 500 values p is
 * exact; beyond, the sum is taken for normal, which far from its middle gives more than is true.
 */
struct tb_sides tb_sign_flip_test(const double *sorted, size_t count, double line);

#endif
