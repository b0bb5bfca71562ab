#include "stats/stats.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "util/memory.h"

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

void tb_sort_values(double *values, size_t count)
{
    qsort(values, count, sizeof *values, ascending);
}

double tb_median(const double *sorted, size_t count)
{
    if (!count)
        return NAN;
    return count % 2 ? sorted[count / 2] : (sorted[count / 2 - 1] + sorted[count / 2]) / 2;
}

double tb_median_of(const double *values, size_t count)
{
    tb_autofree double *sorted = tb_alloc(count, sizeof *sorted);

    if (count)
        memcpy(sorted, values, count * sizeof *sorted);
    tb_sort_values(sorted, count);
    return tb_median(sorted, count);
}

/* P(B = hits) for B binomial (count, 1/2); through logarithms, as 2^-count would underflow. */
static double chance(size_t count, size_t hits)
{
    double n = (double)count, k = (double)hits;

    return exp(lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1) - n * log(2));
}

double tb_normal_p(double z)
{
    return erfc(z * M_SQRT1_2) / 2;
}

size_t tb_median_rank(size_t count, double alpha)
{
    double below = 0;
    size_t rank = 0;

    for (; rank < count / 2; rank++) {
        below += chance(count, rank);
        if (below > alpha / 2)
            break;
    }
    return rank;
}

static double mean_of(const double *values, size_t count)
{
    double sum = 0;

    for (size_t i = 0; i < count; i++)
        sum += values[i];
    return count ? sum / (double)count : NAN;
}

static double stddev_of(const double *values, size_t count, double mean)
{
    double sum = 0;

    for (size_t i = 0; i < count; i++)
        sum += (values[i] - mean) * (values[i] - mean);
    return count > 1 ? sqrt(sum / (double)(count - 1)) : NAN;
}

double tb_statistics_half(const struct tb_statistics *value)
{
    return (value->high - value->low) / 2;
}

struct tb_statistics tb_statistics(double *values, size_t count)
{
    return tb_statistics_at(values, count, 0.05);
}

struct tb_statistics tb_statistics_at(double *values, size_t count, double alpha)
{
    struct tb_statistics spread = {.count = count, .low = NAN, .high = NAN};
    size_t rank = tb_median_rank(count, alpha);

    if (count) /* else there may be no array at all */
        tb_sort_values(values, count);
    spread.median = tb_median(values, count);
    if (rank) {
        spread.low = values[rank - 1];
        spread.high = values[count - rank];
    }
    spread.mean = mean_of(values, count);
    spread.stddev = stddev_of(values, count, spread.mean);
    spread.cv = spread.mean != 0 ? spread.stddev / spread.mean : NAN;
    return spread;
}
