#include "stats/verdict.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "stats/rank_sum.h"
#include "stats/sign_flip.h"
#include "stats/stats.h"
#include "util/memory.h"

enum { hopelessly_many = 2000 };

const char *const tb_verdict_names[] = {"inconclusive", "same", "slower", "faster"};

/* To a multiple of 2^-40, of which sums are exact: what lies equally far from a line, or on it, is
 * not set apart by the last bit of a logarithm. */
static double grain_of(double log)
{
    return rint(log * 0x1p40) * 0x1p-40;
}

/* Ratios that differ by no larger factor may differ by rounding alone. */
static const double grain = 1 + 0x1p-39;

static void test_pairs(const double *sorted, size_t count, double margin, struct tb_effect *effect)
{
    double line = grain_of(log1p(margin));
    struct tb_sides upper = tb_sign_flip_test(sorted, count, line);
    struct tb_sides lower = tb_sign_flip_test(sorted, count, -line);

    effect->p_slower = upper.p_above;
    effect->p_faster = lower.p_below;
    /* No ratio is within a margin of nothing. */
    effect->p_same = margin > 0 ? fmax(upper.p_below, lower.p_above) : 1;
}

/* How many of `sorted` are below a value, those equal to it by half. */
static double rank_of(const double *sorted, size_t count, double value)
{
    size_t below = 0, above = count;

    while (below < count && sorted[below] < value)
        below++;
    while (above > 0 && sorted[above - 1] > value)
        above--;
    return (double)(below + above) / 2;
}

/*
 * Of neighbours' ranks. That their mean is taken from the same values costs the sum -1 of `count`,
 * which is put back.
 */
static double correlation_of(const double *values, const double *sorted, size_t count)
{
    double sum = 0, size = 0, last = 0;

    for (size_t i = 0; i < count; i++) {
        double rank = rank_of(sorted, count, values[i]) - (double)count / 2;

        sum += rank * last;
        size += rank * rank;
        last = rank;
    }
    return size > 0 ? sum / size + 1 / (double)count : 0;
}

struct tb_effect tb_effect_of_pairs(const double *old, const double *new, size_t count,
                                    double margin)
{
    struct tb_effect effect = {.pairs = count, .least_p = pow(2, -(double)count), .mde = NAN};
    double *logs = tb_alloc(count, 2 * sizeof *logs), *sorted = logs + count;
    struct tb_statistics spread;

    for (size_t i = 0; i < count; i++)
        logs[i] = sorted[i] = grain_of(log(new[i]) - log(old[i]));
    spread = tb_statistics(sorted, count);
    effect.ratio = exp(spread.median);
    effect.low = exp(spread.low);
    effect.high = exp(spread.high);
    test_pairs(sorted, count, margin, &effect);
    effect.correlation = correlation_of(logs, sorted, count);
    free(logs);
    return effect;
}

/* How likely it is that the second wins as many pairs, by more than a factor; a tie is none. Both
 * ascend. */
static double wins_p(const double *first, size_t first_count, const double *second,
                     size_t second_count, double factor)
{
    size_t wins = 0, least = 0; /* of the second, the first that wins */

    for (size_t i = 0; i < first_count; i++) {
        while (least < second_count && !(second[least] > first[i] * factor * grain))
            least++;
        wins += second_count - least;
    }
    return tb_rank_sum_p(wins, first_count, second_count);
}

struct tb_effect tb_effect_of_sides(double *old, size_t old_count, double *new, size_t new_count,
                                    double margin)
{
    struct tb_effect effect = {
        .pairs = old_count < new_count ? old_count : new_count,
        .low = NAN,
        .high = NAN,
        .p_slower = 1,
        .p_faster = 1,
        .p_same = 1,
        .least_p = 1,
        .mde = NAN,
    };
    double factor = 1 + margin;

    /* It sorts them, too. */
    effect.ratio = tb_statistics(new, new_count).median / tb_statistics(old, old_count).median;
    if (!effect.pairs)
        return effect;
    effect.least_p = tb_rank_sum_p(old_count * new_count, old_count, new_count);
    effect.p_slower = wins_p(old, old_count, new, new_count, factor);
    effect.p_faster = wins_p(new, new_count, old, old_count, factor);
    if (margin > 0)
        effect.p_same = fmax(wins_p(new, new_count, old, old_count, 1 / factor),
                             wins_p(old, old_count, new, new_count, 1 / factor));
    return effect;
}

/* Chance gives a correlation a deviation of 1 / sqrt(pairs). What the largest of `count` of them
 * exceeds in one family of twenty by chance is none. */
static double beyond_chance(double correlation, double pairs, size_t count)
{
    bool shown = tb_normal_p(correlation * sqrt(pairs)) < 0.05 / (double)count;

    return shown ? fmin(correlation, 0.95) : 0;
}

/* What pairs are worth that correlate: this share of as many that do not. */
static double worth_of(double correlation)
{
    return (1 - correlation) / (1 + correlation);
}

/*
 * Few pairs do not show their correlation, but the machine that they come from is the same for the
 * whole family: what all show together counts for each. p falls with the number of pairs as a power
 * does, 2^-pairs where all agree, so a share of the pairs is that share of the exponent.
 */
static void discount(struct tb_effect *effects, size_t count)
{
    double pairs = 0, sum = 0, all;

    for (size_t i = 0; i < count; i++) {
        pairs += (double)effects[i].pairs;
        sum += (double)effects[i].pairs * effects[i].correlation;
    }
    all = beyond_chance(sum / pairs, pairs, 1);
    for (size_t i = 0; i < count; i++) {
        struct tb_effect *effect = &effects[i];
        double own = beyond_chance(effect->correlation, (double)effect->pairs, count), worth;

        effect->correlation = fmax(all, own);
        worth = worth_of(effect->correlation);
        effect->p_slower = pow(effect->p_slower, worth);
        effect->p_faster = pow(effect->p_faster, worth);
        effect->p_same = pow(effect->p_same, worth);
    }
}

double tb_margin_line(double margin)
{
    return (1 + margin) * grain;
}

/*
 * Scores tell of the middle of ratios that scatter to both sides alike. Where they do not the
 * median may well lie beyond the line, and that is what is told: then nothing is the same.
 */
static bool is_within(const struct tb_effect *effect, double margin)
{
    double line = tb_margin_line(margin);
    double low = fmin(effect->ratio, effect->low), high = fmax(effect->ratio, effect->high);

    return low >= 1 / line && high <= line; /* fmin takes the number where there is no interval */
}

/*
 * Two-sided. The tests leave out the pairs that are on the line; the others may well lie to one
 * side of it while the median pair, which is what is told, does not: that is no alarm.
 */
static double alarm_p(const struct tb_effect *effect, double margin)
{
    double line = tb_margin_line(margin);
    double slower = effect->ratio > line ? effect->p_slower : 1;
    double faster = effect->ratio < 1 / line ? effect->p_faster : 1;

    return fmin(1, 2 * fmin(slower, faster));
}

struct ranked {
    double p;
    size_t index;
};

static int by_p(const void *a, const void *b)
{
    const struct ranked *x = a, *y = b;

    return (x->p > y->p) - (x->p < y->p);
}

/* Holm: the smallest p is held against level / count, the next against level / (count - 1), ...
 * until one fails. Returns the level that the next one would have to meet. */
static double find_alarms(const struct tb_effect *effects, size_t count, double margin,
                          double level, enum tb_verdict *verdicts)
{
    tb_autofree struct ranked *order = tb_alloc(count, sizeof *order);
    size_t passed = 0;

    for (size_t i = 0; i < count; i++)
        order[i] = (struct ranked){alarm_p(&effects[i], margin), i};
    qsort(order, count, sizeof *order, by_p);
    while (passed < count && order[passed].p <= level / (double)(count - passed)) {
        size_t index = order[passed++].index;

        verdicts[index] = effects[index].ratio > 1 ? TB_SLOWER : TB_FASTER;
    }
    return level / (double)(passed < count ? count - passed : 1);
}

/* A p as a squared distance from the middle of a normal distribution, by Polya's approximation and
 * but for a factor; 0 for what shows nothing. */
static double distance_of(double p)
{
    return p < 0.5 ? -log(4 * p * (1 - p)) : 0;
}

/*
 * The change whose interval, at the level it is tested at, would just lie beyond the margin: told
 * from half the median's 95 % interval. Of normal ratios the sign-flip test leaves about four
 * fifths of that, as it uses their distances.
 */
static double seen_with(const struct tb_effect *effect, double margin, double level)
{
    double width = fmax(log(effect->high / effect->ratio), log(effect->ratio / effect->low));
    double worth = worth_of(effect->correlation);

    if (pow(2, -(double)effect->pairs * worth) > level / 2) /* not if all pairs agreed */
        return NAN;
    width *= 0.8 * sqrt(distance_of(level / 2) / distance_of(0.025) / worth);
    return (1 + margin) * exp(width);
}

/* The number of pairs, if further ones are like these, that brings p to a level; INFINITY: none.
 * A squared distance grows with their number. */
static double enough_pairs(size_t pairs, double p, double level)
{
    return (double)pairs * distance_of(level) / distance_of(p);
}

static size_t wanted_for(const struct tb_effect *effect, double margin, double alarm_level,
                         double alike_level)
{
    double p = alarm_p(effect, margin), have = (double)effect->pairs;
    double enough = fmin(enough_pairs(effect->pairs, p / 2, alarm_level / 2),
                         enough_pairs(effect->pairs, effect->p_same, alike_level));

    if (!(enough - have < hopelessly_many))
        return 0;
    return enough > have ? (size_t)ceil(enough - have) : 1;
}

void tb_judge(struct tb_effect *effects, size_t count, const struct tb_rule *rule,
              enum tb_verdict *ret_verdicts)
{
    double strict;

    discount(effects, count);
    for (size_t i = 0; i < count; i++)
        ret_verdicts[i] = effects[i].p_same <= rule->alpha && is_within(&effects[i], rule->margin)
                              ? TB_SAME
                              : TB_INCONCLUSIVE;
    strict = find_alarms(effects, count, rule->margin, rule->alpha, ret_verdicts);
    for (size_t i = 0; i < count; i++) {
        effects[i].mde = seen_with(&effects[i], rule->margin, strict);
        if (ret_verdicts[i] == TB_INCONCLUSIVE)
            effects[i].pairs_needed = wanted_for(&effects[i], rule->margin, strict, rule->alpha);
    }
}
