/*
 * Statistics over processes: one value from each. Pure.
 */
#ifndef TB_HARNESS_STATS_H
#define TB_HARNESS_STATS_H

#include <stddef.h>

struct tb_spread {
    size_t count;
    double median; /* NaN for no values at all */
    double low;    /* the interval of the median; NaN where there are too few values for one */
    double high;
    double mean;
    double stddev; /* of the sample (n - 1); NaN below two values */
    double cv;     /* stddev / mean; NaN where the mean is 0 */
};

/* The middle of ascending values, or the mean of the two middle ones; NaN for none. */
double tb_median(const double *sorted, size_t count);

/*
 * The rank k for which the k-th smallest and the k-th largest of `count` independent values enclose
 * the median of what they are drawn from, whatever its distribution, in at least 1 - alpha of all
 * cases: the largest k with P(B < k) <= alpha / 2, where B is binomial (count, 1/2). 0: too few.
 */
size_t tb_median_rank(size_t count, double alpha);

/* Sorts `values` in place and sums them up; the interval is the 95 % one, for this case alone. */
struct tb_spread tb_spread(double *values, size_t count);

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
struct tb_law {
    const char *formula;
    double a, b, residual;
};

struct tb_law tb_law(const struct tb_point *points, size_t count);

/* A law that is off by more than this is none: see whether the cost has a step. */
#define TB_LAW_FITS 0.1

/* The point after which y changes by the largest ratio, up or down; of two points or more. */
size_t tb_largest_step(const struct tb_point *points, size_t count);

#endif
