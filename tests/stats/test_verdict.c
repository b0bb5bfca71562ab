/* Verdicts: on answers that are known, and by what must hold whatever the values. */
#include "stats/verdict.h"

#include "check.h"

#include <stdlib.h>

#include "stats/shuffle.h"

enum { PAIRS = 40 };

struct pairs {
    double old[PAIRS], new[PAIRS];
};

static double uniform(uint64_t *random)
{
    return (double)(tb_random(random) >> 11) * 0x1p-53;
}

/* Pairs whose ratio is about `factor`, skewed as times are. */
static struct pairs draw(uint64_t seed, double factor)
{
    struct pairs pairs;

    for (size_t i = 0; i < PAIRS; i++) {
        pairs.old[i] = 1000 * pow(uniform(&seed) + 0.001, -0.1);
        pairs.new[i] = pairs.old[i] * factor *pow(uniform(&seed) + 0.001, -0.05);
    }
    return pairs;
}

static struct tb_effect effect_of(const struct pairs *pairs, double margin)
{
    return tb_effect_of_pairs(pairs->old, pairs->new, PAIRS, margin);
}

/* `count` pairs, of which the new side is greater by a factor in the first `up` ones, and smaller
 * by it in the next `down` ones. */
static struct tb_effect effect_with(size_t count, size_t up, size_t down, double margin)
{
    double old[100], new[100];

    for (size_t i = 0; i < count; i++) {
        /* Scattered, so that neighbours have nothing to do with each other. */
        size_t place = i * 37 % count;

        old[i] = 5;
        new[i] = place < up ? 5.5 : place < up + down ? 4.5 : 5;
    }
    return tb_effect_of_pairs(old, new, count, margin);
}

static enum tb_verdict judge_one(struct tb_effect *effect, double margin)
{
    enum tb_verdict verdict;

    tb_judge(effect, 1, &(struct tb_rule){margin, 0.01}, &verdict);
    return verdict;
}

/* Counted by the values' ranks: scipy.stats.mannwhitneyu(x, y, alternative=..., method='exact'). */
static void rank_tests_are_exact(void **state)
{
    double x[] = {19, 22, 16, 29, 24}, y[] = {20, 11, 17, 12};
    struct tb_effect effect = tb_effect_of_sides(x, 5, y, 4, 0);

    (void)state;
    assert_near(effect.p_faster, 0.05555555555555555);
    assert_near(effect.p_slower, 0.9682539682539684);
    assert_near(effect.p_same, 1);
    assert_near(effect.least_p, 1.0 / 126); /* 9 over 4, not what four and four can show */
    assert_near(effect.ratio, 14.5 / 22);
    assert_true(isnan(effect.low) && isnan(effect.high));
}

/* Exactly, in whole numbers: 60 against 60 with 3500 of 3600 wins, 1.6985638631730544e-26. */
static void rank_tests_hold_at_their_end(void **state)
{
    double old[60], new[60];
    struct tb_effect effect;

    (void)state;
    for (size_t i = 0; i < 60; i++) {
        old[i] = (i < 5 ? 1000 : 1) + (double)i; /* each of the five loses to 40 */
        new[i] = (i < 20 ? 500 : 2000) + (double)i;
    }
    effect = tb_effect_of_sides(old, 60, new, 60, 0);
    assert_true(fabs(effect.p_slower / 1.6985638631730544e-26 - 1) < 1e-9);
    assert_near(effect.p_faster, 1);
}

static void sides_may_be_empty_or_many(void **state)
{
    static double many[500];
    double one[] = {3};
    struct tb_effect none = tb_effect_of_sides(one, 1, NULL, 0, 0.02);
    struct tb_effect crowd;
    enum tb_verdict verdict;

    (void)state;
    assert_true(isnan(none.ratio));
    assert_int_equal(none.pairs, 0);
    assert_near(none.p_slower, 1);
    for (size_t i = 0; i < 500; i++)
        many[i] = 1 + (double)i;
    crowd = tb_effect_of_sides(many, 250, many + 250, 250, 0); /* more than is counted */
    assert_true(crowd.p_slower > 0 && crowd.p_slower < 1e-80);
    assert_near(crowd.p_faster, 1);
    assert_true(crowd.ratio > 2);
    tb_judge(&crowd, 1, &(struct tb_rule){0, 0.001}, &verdict);
    assert_int_equal(verdict, TB_SLOWER);
}

/* As a file of many repetitions has them; counting each pair would take hours. */
static void sides_may_be_huge(void **state)
{
    static const size_t many = 300000;
    double *values = calloc(2 * many, sizeof *values);
    struct tb_effect effect;

    (void)state;
    assert_non_null(values);
    for (size_t i = 0; i < 2 * many; i++)
        values[i] = 1 + (double)(i % many) / (double)many + (i < many ? 0 : 0.5);
    effect = tb_effect_of_sides(values, many, values + many, many, 0);
    assert_true(fabs(effect.ratio - 2 / 1.5) < 1e-5);
    assert_true(effect.p_slower < 1e-300);
    free(values);
}

/* A coarse clock: what is not on the median lies on one side of it, and that alone is no kinship.
 */
static void many_on_the_median_are_no_correlation(void **state)
{
    struct tb_effect effect = effect_with(20, 15, 5, 0);

    (void)state;
    (void)judge_one(&effect, 0);
    assert_near(effect.correlation, 0);
    /* The five are a little farther: scores of 11 each, and fifteen of 10. */
    assert_near(effect.p_slower, 0.020694732666015625);
}

static void pairs_on_the_line_count_for_neither(void **state)
{
    struct tb_effect effect = effect_with(50, 20, 10, 0), wide = effect_with(50, 20, 10, 0.02);

    (void)state;
    /* Of the other 30, the ten that fell are a little farther. By counting all sums of the scores,
     * 10 and 11, in Python, as below. */
    assert_near(effect.p_slower, 0.04952499829232693);
    assert_near(effect.p_faster, 0.9506314275786281);
    assert_near(effect.p_same, 1);
    assert_near(effect.ratio, 1);
    assert_near(effect.low, 1);
    /* From its upper line twenty are near and below, twenty farther and above, ten farthest. */
    assert_near(wide.p_slower, 0.6217151500256852); /* scores of 3, 10 and 16 */
    assert_near(wide.p_same, 0.39363468797320156);
}

/* A clock's tick up is as far as the same tick down, also in the last bit of a logarithm: then
 * nothing but their numbers counts, and it is the test of signs: scipy.stats.binom.sf(37, 74, 0.5).
 */
static void ticks_up_and_down_are_ties(void **state)
{
    static const double ticks[][2] = {{1000, 1001}, {6021, 6022}, {37, 38}, {0.3, 0.4}};

    (void)state;
    for (size_t i = 0; i < sizeof ticks / sizeof *ticks; i++) {
        double old[74], new[74];
        struct tb_effect effect;

        for (size_t k = 0; k < 74; k++) {
            old[k] = ticks[i][k % 37 >= 19]; /* 38 up, 36 down */
            new[k] = ticks[i][k % 37 < 19];
        }
        effect = tb_effect_of_pairs(old, new, 74, 0);
        assert_near(effect.p_slower, 0.4537803088062492);
        assert_near(effect.p_faster, 0.6362264582552651);
    }
}

/* Scores know of the middle of what scatters to both sides alike. Here it is more than half of the
 * pairs that lie beyond the margin, by little, and the others within it, by more. */
static void what_lies_beyond_by_its_median_is_not_the_same(void **state)
{
    double old[100], new[100];
    struct tb_effect effect;

    (void)state;
    for (size_t i = 0; i < 100; i++) {
        old[i] = 1000;
        new[i] = 1020 * exp(i * 37 % 100 < 52 ? 0.0002 * (double)(i * 37 % 100 + 1) : -0.013);
    }
    effect = tb_effect_of_pairs(old, new, 100, 0.02);
    assert_true(effect.p_same < 1e-3);
    assert_int_equal(judge_one(&effect, 0.02), TB_INCONCLUSIVE);
    for (size_t i = 0; i < 100; i++)
        new[i] = i * 37 % 100 < 56 ? 1015 : 981;
    effect = tb_effect_of_pairs(old, new, 100, 0.02);
    assert_int_equal(judge_one(&effect, 0.02), TB_SAME);
}

static void a_change_by_the_margin_is_on_the_line(void **state)
{
    static const double margins[] = {0.01, 0.02, 0.05, 0.1, 0.25};

    (void)state;
    for (size_t i = 0; i < sizeof margins / sizeof *margins; i++) {
        double old[PAIRS], new[PAIRS];
        struct tb_effect up, down;

        for (size_t k = 0; k < PAIRS; k++) {
            old[k] = 100 * (double)(k + 1);
            new[k] = old[k] + old[k] * margins[i];
        }
        up = tb_effect_of_pairs(old, new, PAIRS, margins[i]);
        down = tb_effect_of_pairs(new, old, PAIRS, margins[i]);
        assert_near(up.p_slower, 1);
        assert_near(down.p_faster, 1);
        assert_int_equal(judge_one(&up, margins[i]), TB_INCONCLUSIVE);
        assert_int_equal(judge_one(&down, margins[i]), TB_INCONCLUSIVE);
        up = tb_effect_of_sides(old, 1, new, 1, margins[i]);
        assert_near(up.p_slower, 1);
    }
}

static void equal_values_are_the_same_but_for_no_margin(void **state)
{
    struct tb_effect strict = effect_with(20, 0, 0, 0), wide = effect_with(20, 0, 0, 0.02);

    (void)state;
    assert_int_equal(judge_one(&strict, 0), TB_INCONCLUSIVE);
    assert_near(strict.p_slower, 1);
    assert_near(strict.mde, 1);
    assert_int_equal(strict.pairs_needed, 0);
    assert_int_equal(judge_one(&wide, 0.02), TB_SAME);
    assert_near(wide.p_same, pow(2, -20));
}

static void few_pairs_settle_nothing(void **state)
{
    static const size_t counts[] = {0, 1, 5};

    (void)state;
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        struct tb_effect effect = effect_with(counts[i], counts[i], 0, 0);

        assert_int_equal(judge_one(&effect, 0), TB_INCONCLUSIVE);
        assert_int_equal(effect.pairs, counts[i]);
        assert_true(counts[i] ? effect.ratio > 1 : isnan(effect.ratio));
        assert_true(isnan(effect.low) && isnan(effect.high) && isnan(effect.mde));
        assert_near(effect.p_slower, pow(2, -(double)counts[i]));
        assert_near(effect.p_faster, 1);
    }
}

/* Eight pairs of one sign give 2^-8, twice that for two sides: the first below 1 %. */
static void the_verdict_falls_where_its_p_does(void **state)
{
    struct tb_effect seven = effect_with(7, 7, 0, 0), eight = effect_with(8, 8, 0, 0);
    struct tb_effect down = effect_with(8, 0, 8, 0), within = effect_with(8, 8, 0, 0.2);

    (void)state;
    assert_int_equal(judge_one(&seven, 0), TB_INCONCLUSIVE);
    assert_int_equal(seven.pairs_needed, 1);
    assert_int_equal(judge_one(&eight, 0), TB_SLOWER);
    assert_int_equal(judge_one(&down, 0), TB_FASTER);
    assert_int_equal(judge_one(&within, 0.2), TB_SAME);
}

static void thousands_of_pairs_are_fine(void **state)
{
    enum { many = 5000 };
    static double old[many], new[many];
    uint64_t random = 5;
    struct tb_effect effect;

    (void)state;
    for (size_t i = 0; i < many; i++) {
        old[i] = 1 + uniform(&random);
        new[i] = (1 + uniform(&random)) * 1.05;
    }
    effect = tb_effect_of_pairs(old, new, many, 0.02);
    assert_int_equal(judge_one(&effect, 0.02), TB_SLOWER);
    assert_true(effect.low < 1.05 && 1.05 < effect.high && effect.high / effect.low < 1.03);
}

static void swapped_sides_mirror_it(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed < 100; seed++) {
        struct pairs pairs = draw(seed, 0.95 + 0.001 * (double)seed), swapped;
        struct tb_effect a = effect_of(&pairs, 0.02), b;

        memcpy(swapped.old, pairs.new, sizeof pairs.new);
        memcpy(swapped.new, pairs.old, sizeof pairs.old);
        b = effect_of(&swapped, 0.02);
        assert_near(a.ratio, 1 / b.ratio);
        assert_near(a.low, 1 / b.high);
        assert_near(a.correlation, b.correlation);
        assert_near(a.p_slower, b.p_faster);
        assert_near(a.p_faster, b.p_slower);
        assert_near(a.p_same, b.p_same);
    }
}

static void a_unit_changes_nothing(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed < 100; seed++) {
        struct pairs pairs = draw(seed, 1.01);
        struct tb_effect a = effect_of(&pairs, 0.02), b;

        for (size_t i = 0; i < PAIRS; i++) {
            pairs.old[i] /= 1000;
            pairs.new[i] /= 1000;
        }
        b = effect_of(&pairs, 0.02);
        assert_near(a.ratio, b.ratio);
        assert_near(a.p_slower, b.p_slower);
        assert_near(a.p_same, b.p_same);
    }
}

static void order_matters_to_the_correlation_alone(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed < 200; seed++) {
        struct pairs pairs = draw(seed, 1.01), mixed;
        struct tb_effect a = effect_of(&pairs, 0.02), b;
        size_t order[PAIRS];
        uint64_t random = seed;

        tb_shuffle(&random, order, PAIRS);
        for (size_t i = 0; i < PAIRS; i++) {
            mixed.old[i] = pairs.old[order[i]];
            mixed.new[i] = pairs.new[order[i]];
        }
        b = effect_of(&mixed, 0.02);
        assert_near(a.ratio, b.ratio);
        assert_near(a.high, b.high);
        assert_near(a.p_slower, b.p_slower);
        assert_near(a.p_faster, b.p_faster);
    }
}

/* Where the clock is coarse most pairs are equal: those that are not move no median. */
static void a_median_on_the_line_is_no_alarm(void **state)
{
    struct tb_effect effect = effect_with(100, 0, 40, 0);

    (void)state;
    assert_true(effect.p_faster < 1e-6);
    assert_true(effect.ratio == 1);
    assert_int_equal(judge_one(&effect, 0), TB_INCONCLUSIVE);
    effect = effect_with(100, 0, 60, 0);
    assert_int_equal(judge_one(&effect, 0), TB_FASTER);
}

static void a_larger_margin_never_makes_an_alarm(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed < 100; seed++) {
        struct pairs pairs = draw(seed, 0.95 + 0.001 * (double)seed);
        struct tb_effect none = effect_of(&pairs, 0);
        enum tb_verdict first = judge_one(&none, 0);

        for (int step = 1; step < 40; step++) {
            struct tb_effect effect = effect_of(&pairs, 0.005 * step);
            enum tb_verdict verdict = judge_one(&effect, 0.005 * step);

            assert_true(verdict < TB_SLOWER || verdict == first);
            assert_true(verdict != TB_SAME || effect.p_same < 0.01);
        }
    }
}

/* Blocks of rounds, of that length, in which the machine favours one side, then the other. */
static struct tb_effect effect_in_blocks(size_t length)
{
    struct pairs pairs;

    for (size_t i = 0; i < PAIRS; i++) {
        pairs.old[i] = 100;
        pairs.new[i] = i / length % 2 ? 110 : 101;
    }
    return effect_of(&pairs, 0);
}

/* Of 40 signs in blocks of four, 30 of 39 neighbours agree: (30 - 9) / 40 + 1 / 40. */
static void rounds_that_go_together_count_for_fewer(void **state)
{
    struct tb_effect effect = effect_in_blocks(4), other = effect_in_blocks(1);

    (void)state;
    assert_near(effect.correlation, 22.0 / 40);
    assert_near(effect.p_slower, pow(2, -PAIRS));
    assert_int_equal(judge_one(&effect, 0), TB_SLOWER);
    assert_near(effect.correlation, 22.0 / 40);
    assert_near(effect.p_slower, pow(2, -PAIRS * (1 - 0.55) / (1 + 0.55)));
    assert_near(effect.p_faster, 1);
    /* That neighbours differ more than by chance makes nothing surer. */
    assert_true(other.correlation < -0.9);
    assert_int_equal(judge_one(&other, 0), TB_SLOWER);
    assert_near(other.correlation, 0);
    assert_near(other.p_slower, pow(2, -PAIRS));
}

/* 0.2 may be chance in one case of 40 pairs, where 0.26 would not, but not in six of them. */
static void a_family_shows_what_one_case_cannot(void **state)
{
    struct tb_effect effects[6];
    enum tb_verdict verdicts[6];

    (void)state;
    for (size_t i = 0; i < 6; i++) {
        effects[i] = effect_with(40, 20, 20, 0);
        effects[i].correlation = 0.2;
    }
    tb_judge(effects, 1, &(struct tb_rule){0, 0.01}, verdicts);
    assert_near(effects[0].correlation, 0);
    effects[0].correlation = 0.2;
    tb_judge(effects, 6, &(struct tb_rule){0, 0.01}, verdicts);
    assert_near(effects[0].correlation, 0.2);
    assert_near(effects[5].p_slower, pow(0.6506087633606512, 0.8 / 1.2));
}

/*
 * Holm by hand. All pairs agree, so two-sided p = 2 * 2^-pairs: 2^-9, 2^-7, 2^-6, 2^-5. At 3 % the
 * first is held against 0.0075 (0.00195: alarm), the second against 0.01 (0.0078: alarm), the third
 * against 0.015 (0.0156: none), and there it ends. At 1 % it is the first alone.
 */
static void alarms_are_shared_out_by_holms_method(void **state)
{
    struct tb_effect effects[] = {effect_with(6, 6, 0, 0), effect_with(8, 0, 8, 0),
                                  effect_with(7, 7, 0, 0), effect_with(10, 10, 0, 0)};
    enum tb_verdict verdicts[4];

    (void)state;
    tb_judge(effects, 4, &(struct tb_rule){0, 0.03}, verdicts);
    assert_int_equal(verdicts[0], TB_INCONCLUSIVE);
    assert_int_equal(verdicts[1], TB_FASTER);
    assert_int_equal(verdicts[2], TB_INCONCLUSIVE);
    assert_int_equal(verdicts[3], TB_SLOWER);
    tb_judge(effects, 4, &(struct tb_rule){0, 0.01}, verdicts);
    assert_int_equal(verdicts[1], TB_INCONCLUSIVE);
    assert_int_equal(verdicts[3], TB_SLOWER);
    tb_judge(effects, 4, &(struct tb_rule){0, 0.005}, verdicts); /* each look has its share */
    assert_int_equal(verdicts[3], TB_INCONCLUSIVE);
    tb_judge(NULL, 0, &(struct tb_rule){0, 0.005}, verdicts);
}

/* 17 of 20 rise, by about as much as three fall: 3.0 deviations from the middle. 3.9, which
 * p <= 5e-5 takes, are 34 pairs. */
static void what_is_wanted_is_told_about_right(void **state)
{
    struct tb_effect effect = effect_with(20, 17, 3, 0), hopeless = effect_with(20, 10, 9, 0);
    enum tb_verdict verdict;

    (void)state;
    tb_judge(&effect, 1, &(struct tb_rule){0, 1e-4}, &verdict);
    assert_int_equal(verdict, TB_INCONCLUSIVE);
    assert_in_range(effect.pairs_needed, 11, 17);
    assert_int_equal(judge_one(&hopeless, 0), TB_INCONCLUSIVE);
    assert_int_equal(hopeless.pairs_needed, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rank_tests_are_exact),
        cmocka_unit_test(rank_tests_hold_at_their_end),
        cmocka_unit_test(sides_may_be_empty_or_many),
        cmocka_unit_test(sides_may_be_huge),
        cmocka_unit_test(what_lies_beyond_by_its_median_is_not_the_same),
        cmocka_unit_test(many_on_the_median_are_no_correlation),
        cmocka_unit_test(pairs_on_the_line_count_for_neither),
        cmocka_unit_test(ticks_up_and_down_are_ties),
        cmocka_unit_test(a_change_by_the_margin_is_on_the_line),
        cmocka_unit_test(equal_values_are_the_same_but_for_no_margin),
        cmocka_unit_test(few_pairs_settle_nothing),
        cmocka_unit_test(the_verdict_falls_where_its_p_does),
        cmocka_unit_test(thousands_of_pairs_are_fine),
        cmocka_unit_test(swapped_sides_mirror_it),
        cmocka_unit_test(a_unit_changes_nothing),
        cmocka_unit_test(order_matters_to_the_correlation_alone),
        cmocka_unit_test(a_median_on_the_line_is_no_alarm),
        cmocka_unit_test(a_larger_margin_never_makes_an_alarm),
        cmocka_unit_test(rounds_that_go_together_count_for_fewer),
        cmocka_unit_test(a_family_shows_what_one_case_cannot),
        cmocka_unit_test(alarms_are_shared_out_by_holms_method),
        cmocka_unit_test(what_is_wanted_is_told_about_right),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
