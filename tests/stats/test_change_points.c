/* Change points: of series whose points are known, and what must hold whatever the values. */
#include "stats/change_points.h"

#include "check.h"

#include <stdlib.h>

#include "stats/shuffle.h"

enum { many = 60 };

static double normal(uint64_t *random)
{
    double sum = -6;

    for (int i = 0; i < 12; i++)
        sum += (double)(tb_random(random) >> 11) * 0x1p-53;
    return sum;
}

/* Runs about 100 with 1 % noise, from `at` on times `ratio`. */
static void fill(struct tb_run_value *values, size_t count, size_t at, double ratio, uint64_t seed)
{
    for (size_t i = 0; i < count; i++)
        values[i] =
            (struct tb_run_value){100 * (i < at ? 1 : ratio) * exp(0.01 * normal(&seed)), NAN};
}

static void assert_no_points_at(const struct tb_run_value *values, size_t count, double alpha)
{
    struct tb_change_points found = tb_change_points(values, count, alpha);

    assert_int_equal(found.count, 0);
    tb_change_points_finish(&found);
}

static void assert_no_points(const struct tb_run_value *values, size_t count)
{
    assert_no_points_at(values, count, 0.01);
}

static void a_step_is_found_where_it_is(void **state)
{
    struct tb_run_value values[many];
    int holds = 0;

    (void)state;
    for (size_t at = 15; at <= 45; at += 5) {
        struct tb_change_points found;

        fill(values, many, at, 1.06, at);
        found = tb_change_points(values, many, 0.01);
        assert_int_equal(found.count, 1);
        assert_int_equal(found.points[0].at, at);
        assert_true(found.points[0].first <= at && found.points[0].last >= at);
        assert_true(found.points[0].last - found.points[0].first < 3);
        holds += found.points[0].low < 1.06 && found.points[0].high > 1.06;
        assert_true(found.points[0].low < found.points[0].ratio &&
                    found.points[0].ratio < found.points[0].high);
        assert_true(found.points[0].p > 0 && found.points[0].p <= 0.01);
        assert_int_equal(found.used, many);
        assert_true(found.noise > 0.005 && found.noise < 0.015);
        tb_change_points_finish(&found);
    }
    assert_true(holds >= 5); /* of seven, at 95 % */
}

static void steps_up_and_down_are_found(void **state)
{
    struct tb_run_value values[many];
    struct tb_change_points found;

    (void)state;
    fill(values, many, 20, 1.08, 3);
    for (size_t i = 40; i < many; i++)
        values[i].value /= 1.08;
    found = tb_change_points(values, many, 0.01);
    assert_int_equal(found.count, 2);
    assert_int_equal(found.points[0].at, 20);
    assert_int_equal(found.points[1].at, 40);
    assert_true(found.points[0].ratio > 1.06 && found.points[1].ratio < 0.95);
    tb_change_points_finish(&found);
}

static void few_runs_have_none(void **state)
{
    struct tb_run_value values[] = {{100, 1}, {200, 1}, {300, 1}, {400, 1}};
    struct tb_change_points found;

    (void)state;
    for (size_t count = 0; count <= 4; count++)
        assert_no_points(values, count);
    found = tb_change_points(values, 1, 0.01);
    assert_int_equal(found.used, 1);
    assert_true(isnan(found.noise));
    assert_near(found.correlation, 0);
    tb_change_points_finish(&found);
}

static void what_does_not_change_has_none(void **state)
{
    struct tb_run_value values[many];

    (void)state;
    for (size_t i = 0; i < many; i++)
        values[i] = (struct tb_run_value){100, NAN};
    assert_no_points(values, many);
    for (size_t i = 0; i < many; i++)
        values[i].value = 100 + (double)(i % 2);
    assert_no_points(values, many);
}

static void an_outlier_is_none(void **state)
{
    struct tb_run_value values[many];

    (void)state;
    for (size_t at = 0; at < many; at += 7) {
        fill(values, many, many, 1, at + 1);
        values[at].value *= 3;
        assert_no_points(values, many);
        for (size_t i = 0; i < many; i++)
            values[i].value = i == at ? 300 : 100;
        assert_no_points(values, many);
    }
}

static void two_plain_levels_are_one_step(void **state)
{
    struct tb_run_value values[many];
    struct tb_change_points found;

    (void)state;
    for (size_t i = 0; i < many; i++)
        values[i] = (struct tb_run_value){i < 25 ? 100 : 101, NAN};
    found = tb_change_points(values, many, 0.01);
    assert_int_equal(found.count, 1);
    assert_int_equal(found.points[0].at, 25);
    assert_int_equal(found.points[0].first, 25);
    assert_int_equal(found.points[0].last, 25);
    assert_near(found.points[0].ratio, 1.01);
    tb_change_points_finish(&found);
}

/* The two levels above, a per cent apart. */
static void runs_that_are_less_sure_than_that_have_none(void **state)
{
    struct tb_run_value values[many];
    struct tb_change_points found;

    (void)state;
    for (size_t i = 0; i < many; i++)
        values[i] = (struct tb_run_value){i < 25 ? 100 : 101, 5};
    assert_no_points(values, many);
    for (size_t i = 0; i < many; i++)
        values[i].half_width = 0.5;
    found = tb_change_points(values, many, 0.01);
    assert_int_equal(found.count, 1);
    assert_true(found.points[0].low < 1.01 && found.points[0].high > 1.01);
    assert_true(found.points[0].high - found.points[0].low < 0.004);
    tb_change_points_finish(&found);
}

static void runs_without_a_value_count_for_nothing(void **state)
{
    struct tb_run_value values[many];
    struct tb_change_points found;

    (void)state;
    fill(values, many, 30, 1.1, 5);
    values[3].value = INFINITY;
    values[10].value = -1;
    values[28].value = values[29].value = values[30].value = NAN;
    values[50].value = 0;
    found = tb_change_points(values, many, 0.01);
    assert_int_equal(found.used, many - 6);
    assert_int_equal(found.count, 1);
    assert_int_equal(found.points[0].at, 31);
    assert_int_equal(found.points[0].first,
                     28); /* the change may be in any that was not measured */
    assert_int_equal(found.points[0].last, 31);
    tb_change_points_finish(&found);
    for (size_t i = 0; i < many; i++)
        values[i].value = NAN;
    assert_no_points(values, many);
}

static void assert_same(const struct tb_change_points *one, const struct tb_change_points *other)
{
    assert_int_equal(one->count, other->count);
    for (size_t i = 0; i < one->count; i++) {
        assert_int_equal(one->points[i].at, other->points[i].at);
        assert_int_equal(one->points[i].first, other->points[i].first);
        assert_int_equal(one->points[i].last, other->points[i].last);
        assert_near(one->points[i].ratio, other->points[i].ratio);
        assert_near(one->points[i].low, other->points[i].low);
        assert_near(one->points[i].p, other->points[i].p);
    }
}

/* Powers of two: as logarithms, they move all by the same. */
static void the_unit_does_not_matter(void **state)
{
    struct tb_run_value values[many];
    struct tb_change_points found, again, other;

    (void)state;
    fill(values, many, 35, 1.05, 7);
    for (size_t i = 0; i < many; i++)
        values[i].half_width = 0.5;
    found = tb_change_points(values, many, 0.01);
    again = tb_change_points(values, many, 0.01);
    assert_int_equal(found.count, 1);
    assert_same(&found, &again);
    for (size_t i = 0; i < many; i++) {
        values[i].value *= 1024;
        values[i].half_width *= 1024;
    }
    other = tb_change_points(values, many, 0.01);
    assert_same(&found, &other);
    tb_change_points_finish(&found);
    tb_change_points_finish(&again);
    tb_change_points_finish(&other);
}

/* Faster instead of slower: the same place, the inverse size. */
static void both_directions_are_the_same(void **state)
{
    struct tb_run_value values[many], inverse[many];
    struct tb_change_points up, down;

    (void)state;
    fill(values, many, 35, 1.05, 8);
    for (size_t i = 0; i < many; i++)
        inverse[i] = (struct tb_run_value){1 / values[i].value, NAN};
    up = tb_change_points(values, many, 0.01);
    down = tb_change_points(inverse, many, 0.01);
    assert_int_equal(up.count, 1);
    assert_int_equal(down.count, 1);
    assert_int_equal(up.points[0].at, down.points[0].at);
    assert_near(up.points[0].ratio * down.points[0].ratio, 1);
    assert_near(up.points[0].low * down.points[0].high, 1);
    tb_change_points_finish(&up);
    tb_change_points_finish(&down);
}

/* Of values in any order none comes first: points are as rare as alpha says. */
static void shuffled_runs_have_hardly_any(void **state)
{
    struct tb_run_value values[many], shuffled[many];
    size_t order[many], alarms = 0;
    uint64_t seed = 1;

    (void)state;
    fill(values, many, 40, 1.3, 9); /* two thirds low, a third high */
    for (int t = 0; t < 400; t++) {
        struct tb_change_points found;

        tb_shuffle(&seed, order, many);
        for (size_t i = 0; i < many; i++)
            shuffled[i] = values[order[i]];
        found = tb_change_points(shuffled, many, 0.01);
        alarms += found.count > 0;
        tb_change_points_finish(&found);
    }
    assert_true(alarms <= 4);
}

static void a_family_shares_alpha(void **state)
{
    enum { cases = 40 };
    static struct tb_run_value values[cases][many];
    struct tb_runs family[cases];
    struct tb_change_points found[cases], alone;

    (void)state;
    for (size_t i = 0; i < cases; i++) {
        fill(values[i], many, i == 7 ? 30 : many, 1.06, 100 + i);
        family[i] = (struct tb_runs){values[i], many};
    }
    tb_change_points_of_family(family, cases, 0.01, found);
    for (size_t i = 0; i < cases; i++)
        assert_int_equal(found[i].count, i == 7);
    assert_int_equal(found[7].points[0].at, 30);
    assert_true(found[7].points[0].p <= 0.01 / cases);
    alone = tb_change_points(values[7], many, 0.01);
    assert_int_equal(alone.count, 1);
    tb_change_points_finish(&alone);
    for (size_t i = 0; i < cases; i++)
        tb_change_points_finish(&found[i]);
}

static void a_family_may_have_cases_without_runs(void **state)
{
    struct tb_run_value values[many];
    struct tb_runs family[6] = {{values, many}};
    struct tb_change_points found[6];

    (void)state;
    fill(values, many, 30, 1.1, 11);
    tb_change_points_of_family(family, 6, 0.01, found);
    assert_int_equal(found[0].count, 1);
    assert_near(tb_change_points_share(family, 6, 0.01), 0.01); /* of one that can show any */
    family[3] = family[0];
    assert_near(tb_change_points_share(family, 6, 0.01), 0.005);
    assert_near(tb_change_points_share(family + 1, 2, 0.01), 0.01);
    for (size_t i = 0; i < 6; i++) {
        assert_int_equal(found[i].used, i ? 0 : many);
        tb_change_points_finish(&found[i]);
    }
    tb_change_points_of_family(family, 0, 0.01, found);
}

/* However few runs ranks leave when neighbours correlate, and however small the share of alpha. */
static void a_jump_is_found_beside_a_drift(void **state)
{
    static const double alphas[] = {0.01, 1e-5, 1e-7};
    struct tb_run_value values[33];

    (void)state;
    for (size_t i = 0; i < 33; i++)
        values[i].value = (i < 21 ? 100 : 220) * (1 + 0.001 * (double)i);
    for (size_t i = 0; i < 3; i++) {
        struct tb_change_points found = tb_change_points(values, 33, alphas[i]);

        assert_int_equal(found.count, 1);
        assert_int_equal(found.points[0].at, 21);
        assert_true(found.points[0].p <= alphas[i]);
        tb_change_points_finish(&found);
    }
}

static void a_jump_and_back_is_two_points(void **state)
{
    struct tb_run_value values[40];
    struct tb_change_points found;

    (void)state;
    fill(values, 40, 40, 1, 5);
    for (size_t i = 15; i < 25; i++)
        values[i].value *= 1.3;
    found = tb_change_points(values, 40, 0.0001);
    assert_int_equal(found.count, 2);
    assert_int_equal(found.points[0].at, 15);
    assert_int_equal(found.points[1].at, 25);
    tb_change_points_finish(&found);
}

/* A jump takes five runs. */
static void outliers_are_no_jump(void **state)
{
    struct tb_run_value values[40];

    (void)state;
    fill(values, 40, 40, 1, 6);
    for (size_t i = 0; i < 4; i++)
        values[20 + i].value *= 1.5;
    values[5].value *= 1.5;
    assert_no_points_at(values, 40, 1e-4);
}

/* After how many runs a change is seen at the soonest; 0: never. */
static size_t soonest(size_t before, double alpha)
{
    for (size_t after = 1; after <= 1000; after++) {
        if (tb_change_points_possible(before, after, alpha))
            return after;
    }
    return 0;
}

/* So many runs at two levels show it, one fewer do not. */
static void the_soonest_is_the_soonest(void **state)
{
    static const size_t befores[] = {12, 20, 40, 100};
    static const double alphas[] = {0.01, 0.0001};

    (void)state;
    for (size_t i = 0; i < 8; i++) {
        size_t before = befores[i / 2], after = soonest(before, alphas[i % 2]);

        assert_true(after >= 3);
        for (size_t less = 0; less < 2; less++) {
            struct tb_run_value values[200];
            struct tb_change_points found;

            /* rising within a level and falling from run to run: no ties, no correlation */
            for (size_t k = 0; k < before + after - less; k++)
                values[k] = (struct tb_run_value){
                    (k < before ? 100 : 200) + 0.001 * (double)(k * 7919 % 101), NAN};
            found = tb_change_points(values, before + after - less, alphas[i % 2]);
            if (less)
                assert_int_equal(found.count, 0);
            else if (found.correlation < 1e-9)
                assert_int_equal(found.count, 1);
            tb_change_points_finish(&found);
        }
    }
    assert_int_equal(soonest(2, 0.01), 0);
    assert_true(soonest(40, 0.01) >= soonest(400, 0.01));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_step_is_found_where_it_is),
        cmocka_unit_test(steps_up_and_down_are_found),
        cmocka_unit_test(few_runs_have_none),
        cmocka_unit_test(what_does_not_change_has_none),
        cmocka_unit_test(an_outlier_is_none),
        cmocka_unit_test(two_plain_levels_are_one_step),
        cmocka_unit_test(runs_that_are_less_sure_than_that_have_none),
        cmocka_unit_test(runs_without_a_value_count_for_nothing),
        cmocka_unit_test(the_unit_does_not_matter),
        cmocka_unit_test(both_directions_are_the_same),
        cmocka_unit_test(shuffled_runs_have_hardly_any),
        cmocka_unit_test(a_family_shares_alpha),
        cmocka_unit_test(a_family_may_have_cases_without_runs),
        cmocka_unit_test(a_jump_is_found_beside_a_drift),
        cmocka_unit_test(a_jump_and_back_is_two_points),
        cmocka_unit_test(outliers_are_no_jump),
        cmocka_unit_test(the_soonest_is_the_soonest),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
