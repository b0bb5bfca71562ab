#include "stats.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

double tb_median(const double *sorted, size_t count)
{
    if (!count)
        return NAN;
    return count % 2 ? sorted[count / 2] : (sorted[count / 2 - 1] + sorted[count / 2]) / 2;
}

/* P(B = hits) for B binomial (count, 1/2); through logarithms, as 2^-count would underflow. */
static double chance(size_t count, size_t hits)
{
    double n = (double)count, k = (double)hits;

    return exp(lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1) - n * log(2));
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

struct tb_spread tb_spread(double *values, size_t count)
{
    struct tb_spread spread = {.count = count, .low = NAN, .high = NAN};
    size_t rank = tb_median_rank(count, 0.05);

    if (count) /* else there may be no array at all */
        qsort(values, count, sizeof *values, ascending);
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

static double nothing(double x)
{
    (void)x; /* there is no growth */
    return 0;
}

static double itself(double x)
{
    return x;
}

static double log_above(double x)
{
    return log2(1 + x);
}

/* What a law is a line in: of some function of x, and of y or its logarithm. */
static const struct line {
    const char *formula;
    double (*of)(double x);
    bool logs;
    size_t parameters;
} lines[] = {
    {"a", nothing, false, 1},
    {"a + b*x", itself, false, 2},
    {"a + b*log2(1+x)", log_above, false, 2},
    {"a*x^b", log, true, 2},
};

/* The line through the points' weighted middle that has the least squares. */
static struct tb_law fit(const struct line *line, const struct tb_point *points, size_t count)
{
    double weights = 0, u = 0, v = 0, uu = 0, uv = 0;
    struct tb_law law = {.formula = line->formula};

    for (int centred = 0; centred < 2; centred++) {
        for (size_t i = 0; i < count; i++) {
            double w = line->logs ? 1 : 1 / (points[i].y * points[i].y);
            double x = line->of(points[i].x), y = line->logs ? log(points[i].y) : points[i].y;

            weights += centred ? 0 : w;
            u += centred ? 0 : w * x;
            v += centred ? 0 : w * y;
            uu += centred ? w * (x - u / weights) * (x - u / weights) : 0;
            uv += centred ? w * (x - u / weights) * (y - v / weights) : 0;
        }
    }
    law.b = uu > 0 ? uv / uu : 0;
    law.a = (v - law.b * u) / weights;
    return law;
}

static double residual_of(const struct line *line, const struct tb_law *law,
                          const struct tb_point *points, size_t count)
{
    double sum = 0;

    for (size_t i = 0; i < count; i++) {
        double y = law->a + law->b * line->of(points[i].x);
        double off = (line->logs ? exp(y) : y) / points[i].y - 1;

        sum += off * off;
    }
    return sqrt(sum / (double)(count - line->parameters));
}

struct tb_law tb_law(const struct tb_point *points, size_t count)
{
    struct tb_law best = {NULL, NAN, NAN, NAN};

    for (size_t i = 0; i < count; i++) {
        if (!(points[i].y > 0))
            return best;
    }
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        struct tb_law law = fit(&lines[i], points, count);

        law.residual = residual_of(&lines[i], &law, points, count);
        if (lines[i].logs)
            law.a = exp(law.a);
        if (isfinite(law.residual) && !(best.residual <= law.residual))
            best = law;
    }
    return best;
}

size_t tb_largest_step(const struct tb_point *points, size_t count)
{
    size_t largest = 0;
    double most = -1;

    for (size_t i = 0; i + 1 < count; i++) {
        double ratio = fabs(log(points[i + 1].y / points[i].y));

        if (ratio > most) {
            most = ratio;
            largest = i;
        }
    }
    return largest;
}
