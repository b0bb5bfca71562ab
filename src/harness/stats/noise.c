#include "stats/noise.h"

#include <math.h>
#include <stdlib.h>

#include "stats/stats.h"
#include "util/memory.h"

enum { least_family = 4 }; /* fewer rows say nothing of how much they differ */

static const double normal_quartile = 0.6745; /* half of all are nearer, in deviations */

static double middle_size(const double *values, size_t count)
{
    tb_autofree double *sizes = tb_alloc(count, sizeof *sizes);

    for (size_t i = 0; i < count; i++)
        sizes[i] = fabs(values[i]);
    return tb_median_of(sizes, count) / normal_quartile;
}

struct tb_noise tb_noise_of_steps(const double *values, size_t count)
{
    tb_autofree double *steps = tb_alloc(count, sizeof *steps);

    for (size_t i = 1; i < count; i++)
        steps[i - 1] = values[i] - values[i - 1];
    return (struct tb_noise){count > 1 ? middle_size(steps, count - 1) / M_SQRT2 : NAN, 0, count};
}

/* Of neighbours of which neither is an outlier; there are none where more than half are equal. */
static double raw_correlation(const double *residuals, size_t count, double deviation)
{
    double far = deviation > TB_LEAST_NOISE ? TB_OUTLIER * deviation : INFINITY;
    double products = 0, squares = 0, pairs = 0, singles = 0, last = NAN;

    for (size_t i = 0; i < count; i++) {
        double size = fabs(residuals[i]);
        double u = size > far ? NAN : size > TB_LEAST_NOISE ? residuals[i] : 0;

        if (!isnan(u)) {
            squares += u * u;
            singles++;
        }
        if (!isnan(u * last)) {
            products += u * last;
            pairs++;
        }
        last = u;
    }
    return squares > 0 && pairs > 0 ? products / pairs / (squares / singles) : 0;
}

struct tb_noise tb_noise_of(const double *residuals, size_t count, size_t levels)
{
    double n = (double)count, gone = (double)levels / n;
    struct tb_noise noise = {NAN, 0, count};

    if (count < 2 || count <= levels)
        return noise;
    noise.deviation = middle_size(residuals, count) / sqrt(1 - gone);
    /* Levels take (1 + 3 r) / n each away from it (F. H. C. Marriott and J. A. Pope, Biometrika 41,
     * 1954), which is put back. */
    if (gone < 0.3)
        noise.correlation =
            (raw_correlation(residuals, count, noise.deviation) + gone) / (1 - 3 * gone);
    noise.correlation = fmax(fmin(noise.correlation, 0.95), -0.95);
    return noise;
}

/*
 * A correlation of n values is known within 1 / sqrt(n). What that takes from a test is as if it
 * had estimated a deviation. With how many degrees of freedom is by simulation: as many as keep
 * false alarms below alpha for correlations up to 0.3.
 */
static struct tb_dependence dependence_of(double correlation, double values)
{
    return (struct tb_dependence){fmax(correlation, 0), fmax(1.25 * values, 30)};
}

struct tb_dependence tb_dependence_of(const struct tb_noise *noise)
{
    return dependence_of(noise->correlation, (double)noise->count);
}

/* Rows together. */
struct family {
    double rows, values; /* how many */
    double mean;         /* correlation */
    double variance;     /* of one row's true correlation about the mean of all, at most */
};

/* Rows differ by chance, with a variance of 1 / values each; what is beyond that is theirs. As far
 * as chance goes there, one deviation, it may be theirs, too. */
static struct family family_of(const struct tb_noise *noises, size_t count)
{
    struct family family = {0};
    double squares = 0, by_chance;

    for (size_t i = 0; i < count; i++) {
        family.rows += noises[i].count > 0;
        family.values += (double)noises[i].count;
        family.mean += (double)noises[i].count * noises[i].correlation;
    }
    family.mean /= family.values;
    for (size_t i = 0; i < count; i++) {
        double off = noises[i].correlation - family.mean;

        squares += (double)noises[i].count * off * off;
    }
    by_chance = family.rows / family.values;
    family.variance = fmax(squares / family.values - by_chance, 0) +
                      by_chance * sqrt(2 / family.rows) + 1 / family.values;
    return family;
}

void tb_share_dependence(const struct tb_noise *noises, size_t count,
                         struct tb_dependence *ret_dependences)
{
    struct family family = family_of(noises, count);

    for (size_t i = 0; i < count; i++) {
        double own = (double)noises[i].count, others = 1 / family.variance;

        if (family.rows < least_family)
            others = 0;
        ret_dependences[i] = dependence_of(
            own > 0 ? (own * noises[i].correlation + others * family.mean) / (own + others) : 0,
            own + others);
    }
}
