/*
 * Statistics over processes: one value from each. Pure.
 */
#ifndef TB_STATS_STATS_H
#define TB_STATS_STATS_H

#include <stddef.h>

struct tb_statistics {
    size_t count;
    double median; /* NaN for no values at all */
    double low;    /* the interval of the median; NaN where there are too few values for one */
    double high;
    double mean;
    double stddev; /* of the sample (n - 1); NaN below two values */
    double cv;     /* stddev / mean; NaN where the mean is 0 */
};

/* Into ascending order. */
void tb_sort_values(double *values, size_t count);

/* The middle of ascending values, or the mean of the two middle ones; NaN for none. */
double tb_median(const double *sorted, size_t count);

/* The same of values in any order, which keep theirs. */
double tb_median_of(const double *values, size_t count);

/* P(Z >= z) for a normal Z. */
double tb_normal_p(double z);

/*
 * The rank k for which the k-th smallest and the k-th largest of `count` independent values enclose
 * the median of what they are drawn from, whatever its distribution, in at least 1 - alpha of all
 * cases: the largest k with P(B < k) <= alpha / 2, where B is binomial (count, 1/2). 0: too few.
 */
size_t tb_median_rank(size_t count, double alpha);

/* Half the width of the interval; NaN where there is none. */
double tb_statistics_half(const struct tb_statistics *value);

/* Sorts `values` in place and sums them up; the interval is the 95 % one, for this case alone. */
struct tb_statistics tb_statistics(double *values, size_t count);

/* The same with an interval that misses with a chance of `alpha` at most. */
struct tb_statistics tb_statistics_at(double *values, size_t count, double alpha);

#endif
