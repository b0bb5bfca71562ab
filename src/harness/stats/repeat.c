#include "stats/repeat.h"

#include <math.h>

#include "stats/stats.h"

struct range {
    double least, most;
};

static struct range range_of(const double *values, size_t count)
{
    struct range range = {INFINITY, -INFINITY};

    for (size_t i = 0; i < count; i++) {
        range.least = fmin(range.least, values[i]);
        range.most = fmax(range.most, values[i]);
    }
    return range;
}

static bool is_within(double a, double b, double share)
{
    return fabs(a - b) <= fmax(TB_COUNT_GRAIN, share * fmax(a, b));
}

bool tb_counts_repeat(const double *values, size_t count, double share)
{
    struct range range = range_of(values, count);

    return count && is_within(range.least, range.most, share);
}

double tb_counts_spread(const double *values, size_t count)
{
    struct range range = range_of(values, count);

    return range.most > 0 ? (range.most - range.least) / range.most : 0;
}

static double ratio_of(double new, double old)
{
    return is_within(new, old, TB_COUNT_SHARE)
               ? 1
               : fmax(new, TB_COUNT_GRAIN) / fmax(old, TB_COUNT_GRAIN);
}

struct tb_effect tb_effect_of_counts(const double *old, size_t old_count, const double *new,
                                     size_t new_count, double margin)
{
    struct range before = range_of(old, old_count), after = range_of(new, new_count);
    struct tb_effect effect = {
        .pairs = old_count < new_count ? old_count : new_count,
        .ratio = ratio_of(tb_median_of(new, new_count), tb_median_of(old, old_count)),
        .low = ratio_of(after.least, before.most),
        .high = ratio_of(after.most, before.least),
        .least_p = 0,
        .mde = NAN,
    };
    double line = tb_margin_line(margin);

    effect.p_slower = effect.low > line ? 0 : 1;
    effect.p_faster = effect.high < 1 / line ? 0 : 1;
    effect.p_same = effect.high <= line && effect.low >= 1 / line ? 0 : 1;
    return effect;
}
