/*
 * A test whether values in a row change their level somewhere, by ranks. Pure.
 *
 * For each place that cuts the row in two, the ranks of the two sides are held against each other,
 * as the test of Mann, Whitney and Wilcoxon does; the clearest place counts, and pays for all the
 * others that were looked at. The chance of the clearest of many follows D. Siegmund, Boundary
 * crossing probabilities and statistical applications, Annals of Statistics 14, 1986.
 */
#ifndef TB_STATS_RANK_SPLIT_H
#define TB_STATS_RANK_SPLIT_H

#include <stddef.h>

#include "stats/noise.h"

/* Values begin ... end-1 of a series. */
struct tb_window {
    const double *x;      /* of the whole series */
    const double *weight; /* above 0: how much each counts */
    const size_t *order;  /* the window's positions, ascending in x */
    size_t begin, end;
};

struct tb_rank_split {
    size_t at; /* the first position of the second side */
    double z;  /* of a normal distribution: how clear it is; 0 where no place can be looked at */
};

/* The clearest place that leaves `nearest` values or more (not 0) on either side. */
struct tb_rank_split tb_rank_split_best(const struct tb_window *window, size_t nearest,
                                        const struct tb_dependence *dependence);

/* P(the clearest of `count` values' places, at least `nearest` from either end, has z or more). */
double tb_rank_split_p(double z, size_t count, size_t nearest);

/* The z where all of `after` values are to one side of all others, of `count` in all. */
double tb_rank_split_most(size_t count, size_t after, const struct tb_dependence *dependence);

/* How few of `count` values one side may have for ranks to reach a p as small as `level`, all on
 * one side of the others; 0: not even half of them can. */
size_t tb_rank_split_fewest(size_t count, double level);

/* Deviations of the normal distribution, as many of Student's t that leave as much to either side,
 * and back. */
double tb_student_of(double z, double freedom);
double tb_normal_of(double t, double freedom);

#endif
