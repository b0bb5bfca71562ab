/*
 * Numbers of any kind through all that is worked out from them: chances stay chances, intervals
 * hold what they are about, and no value, however large or none at all, leads out of an array.
 */
#include "fuzz.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "stats/change_points.h"
#include "stats/fit.h"
#include "stats/histogram.h"
#include "stats/rank_sum.h"
#include "stats/sign_flip.h"
#include "stats/stats.h"
#include "stats/verdict.h"
#include "util/memory.h"

enum { most_values = 64 };

/* Values as they are in memory, of which a share is not finite. */
struct values {
    double each[most_values];
    size_t count;
};

static struct values values_of(const char *text, size_t size)
{
    struct values values = {.count = size / sizeof(double)};

    if (values.count > most_values)
        values.count = most_values;
    memcpy(values.each, text, values.count * sizeof(double));
    return values;
}

/* As documents have them: positive and finite, of at most 300 digits. */
static struct values measured(const struct values *all)
{
    struct values values = {.count = 0};

    for (size_t i = 0; i < all->count; i++) {
        if (all->each[i] > 0 && isfinite(all->each[i]))
            values.each[values.count++] = all->each[i];
    }
    return values;
}

static bool is_chance(double p)
{
    return p >= 0 && p <= 1;
}

static void check_statistics(struct values values)
{
    struct tb_statistics found = tb_statistics(values.each, values.count);

    assert(found.count == values.count && isnan(found.median) == !values.count);
    if (!isnan(found.low))
        assert(found.low <= found.median && found.median <= found.high);
    assert(isnan(found.stddev) || found.stddev >= 0);
    assert(tb_median_rank(values.count, 0.05) <= values.count / 2);
    for (size_t i = 1; i < values.count; i++)
        assert(values.each[i - 1] <= values.each[i]);
    if (values.count) {
        struct tb_sides sides = tb_sign_flip_test(values.each, values.count, values.each[0]);

        assert(is_chance(sides.p_above) && is_chance(sides.p_below));
    }
}

static void check_effect(const struct tb_effect *effect)
{
    assert(is_chance(effect->p_slower) && is_chance(effect->p_faster) && is_chance(effect->p_same));
    if (!isnan(effect->low))
        assert(effect->low <= effect->ratio && effect->ratio <= effect->high);
}

static void check_verdicts(struct values values)
{
    const struct tb_rule rule = {.margin = 0.02, .alpha = 0.01};
    size_t half = values.count / 2;
    struct tb_effect effects[2];
    enum tb_verdict verdicts[2];

    effects[0] = tb_effect_of_pairs(values.each, values.each + half, half, rule.margin);
    effects[1] = tb_effect_of_sides(values.each, half, values.each + half, half, rule.margin);
    for (size_t i = 0; i < 2; i++)
        check_effect(&effects[i]);
    tb_judge(effects, 2, &rule, verdicts);
    for (size_t i = 0; i < 2; i++)
        assert(verdicts[i] <= TB_FASTER);
}

static void check_fit(const struct values *values)
{
    struct tb_point points[most_values / 2];
    size_t count = values->count / 2;
    struct tb_fit fit;

    for (size_t i = 0; i < count; i++)
        points[i] = (struct tb_point){(double)i, values->each[i]};
    if (count >= 2)
        assert(tb_largest_step(points, count) < count - 1);
    if (count < 3)
        return;
    fit = tb_fit(points, count);
    assert(!fit.formula || fit.residual >= 0 || isnan(fit.residual));
}

/* The first half of the values, and then the second one, in bins of their own. */
static void check_histogram(const struct values *values)
{
    tb_auto(tb_histogram_finish) struct tb_histogram sum = {0};
    uint64_t total = 0;
    double last = 0;

    for (size_t i = 0; i < values->count; i++) {
        struct tb_bin bin = {values->each[i], 1 + i % 7};
        const struct tb_histogram one = {&bin, 1, bin.count};

        tb_histogram_add(&sum, &one);
        total += bin.count;
    }
    assert(sum.total == total && sum.size <= values->count);
    for (size_t i = 0; i < sum.size; i++) {
        assert(!i || sum.bins[i - 1].lower_ns < sum.bins[i].lower_ns);
        total -= sum.bins[i].count;
    }
    assert(!total);
    for (int percent = 1; percent < 100; percent += 7) {
        double value = tb_histogram_quantile(&sum, percent / 100.0);

        assert(isnan(value) || value >= last);
        last = isnan(value) ? last : value;
    }
}

static void check_rank_sum(size_t first, size_t second, size_t wins)
{
    double p;

    if (!first || !second)
        return;
    wins %= first * second + 1;
    p = tb_rank_sum_p(wins, first, second);
    assert(is_chance(p) && (wins || p >= 1));
    assert(first + second > 200 || tb_rank_sum_p(first * second, first, second) > 0);
}

void tb_fuzz_stats(char *text, size_t size)
{
    struct values all = values_of(text, size), values = measured(&all);

    (void)tb_median_of(all.each, all.count); /* of whatever there is: what counts is that it ends */
    (void)tb_normal_p(all.count ? all.each[0] : NAN);
    check_statistics(values);
    check_verdicts(values);
    check_fit(&values);
    check_histogram(&values);
    check_rank_sum(all.count ? (unsigned char)text[0] : 0, all.count ? (unsigned char)text[1] : 0,
                   size);
}

static void check_points(const struct tb_change_points *found, size_t count)
{
    assert(found->used <= count && found->correlation >= 0 && found->correlation < 1);
    for (size_t i = 0; i < found->count; i++) {
        const struct tb_change_point *point = &found->points[i];

        assert(point->first <= point->at && point->at <= point->last && point->last < count);
        assert(is_chance(point->p) && point->ratio > 0);
        assert(point->low <= point->ratio && point->ratio <= point->high);
        assert(!i || found->points[i - 1].at < point->at);
    }
}

/* A run for each two bytes, of values that are near each other; any number for every eighth byte
 * of 255. */
void tb_fuzz_changes(char *text, size_t size)
{
    enum { most_runs = 32 };
    static const double odd[] = {0, -1, 1e-300, 1e300, 5e-324, HUGE_VAL, -HUGE_VAL, NAN};
    struct tb_run_value values[most_runs];
    size_t count = size / 2 < most_runs ? size / 2 : most_runs;
    const struct tb_runs family[] = {{values, count}, {values, count / 2}};
    struct tb_change_points found[2];

    for (size_t i = 0; i < count; i++) {
        unsigned char level = (unsigned char)text[2 * i], width = (unsigned char)text[2 * i + 1];

        values[i].value = level == 255 ? odd[width % 8] : 1000.0 + level;
        values[i].half_width = width > 247 ? odd[width % 8] : width / 16.0;
    }
    tb_change_points_of_family(family, 2, 0.05, found);
    for (size_t i = 0; i < 2; i++) {
        check_points(&found[i], family[i].count);
        tb_change_points_finish(&found[i]);
    }
}
