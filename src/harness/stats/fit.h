/*
 * How a cost grows: the curve that is nearest to some points. Pure.
 */
#ifndef TB_STATS_FIT_H
#define TB_STATS_FIT_H

#include <stddef.h>

/* A cost at an amount of something. */
struct tb_point {
    double x, y;
};

/*
 * The law that is nearest to three points or more, ascending in x: "a", "a + b*x",
 * "a + b*log2(1+x)" or "a*x^b". Least squares of what it is off by as a share of each y, for the
 * power on logarithms; `residual` is the root of their sum over the degrees of freedom, so that
 * what grows not at all is nearest to "a". NULL and NaN where some y is not above 0.
 */
struct tb_fit {
    const char *formula;
    double a, b, residual;
};

struct tb_fit tb_fit(const struct tb_point *points, size_t count);

/* A law that is off by more than this is none: see whether the cost has a step. */
#define TB_FIT_LIMIT 0.1

/* The point after which y changes by the largest ratio, up or down; of two points or more. */
size_t tb_largest_step(const struct tb_point *points, size_t count);

#endif
