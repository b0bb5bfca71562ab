/* The test for a change of level by ranks: on chances that can be counted. */
#include "stats/rank_split.h"

#include "check.h"

#include <stdlib.h>

#include "stats/rank_sum.h"
#include "stats/stats.h"

enum { most = 40 };

static const struct tb_dependence independent = {0, INFINITY};
static double evenly[most];

/* A window of values with weights, of which `x` is given. */
static struct tb_rank_split best_of(const double *x, const double *weights, size_t count,
                                    size_t nearest, const struct tb_dependence *dependence)
{
    size_t order[most];

    for (size_t i = 0; i < count; i++)
        order[i] = i;
    for (size_t i = 1; i < count; i++) {
        for (size_t k = i; k && x[order[k]] < x[order[k - 1]]; k--) {
            size_t kept = order[k];

            order[k] = order[k - 1];
            order[k - 1] = kept;
        }
    }
    return tb_rank_split_best(&(struct tb_window){x, weights, order, 0, count}, nearest,
                              dependence);
}

static void sides_apart_have_the_chance_of_one_order(void **state)
{
    (void)state;
    for (size_t at = 3; at < 18; at++) {
        double x[20];
        struct tb_rank_split split;

        for (size_t i = 0; i < 20; i++)
            x[i] = (double)(i * 7 % 20) + (i < at ? 0 : 100);
        x[at - 1] = -1; /* next to the cut, what is furthest from it */
        x[at] = 200;
        split = best_of(x, evenly, 20, 3, &independent);
        assert_int_equal(split.at, at);
        assert_true(fabs(tb_normal_p(split.z) / tb_rank_sum_p(at * (20 - at), at, 20 - at) - 1) <
                    1e-6);
    }
}

/* Against the exact distribution: of all places only the middle is looked at. */
static void the_chance_of_a_cut_is_that_of_its_ranks(void **state)
{
    (void)state;
    for (size_t swaps = 1; swaps < 12; swaps++) {
        double x[30];
        size_t wins = 0;
        struct tb_rank_split split;
        double exact;

        for (size_t i = 0; i < 30; i++)
            x[i] = (double)i;
        for (size_t i = 0; i < swaps; i++) {
            double kept = x[i];

            x[i] = x[29 - i];
            x[29 - i] = kept;
        }
        for (size_t i = 0; i < 15; i++) {
            for (size_t k = 15; k < 30; k++)
                wins += x[k] > x[i];
        }
        split = best_of(x, evenly, 30, 15, &independent);
        wins = wins > 112 ? wins : 225 - wins;
        exact = tb_rank_sum_p(wins, 15, 15);
        if (exact < 0.05)
            assert_true(tb_normal_p(split.z) > 0.7 * exact && tb_normal_p(split.z) < 2 * exact);
    }
}

static void equal_values_have_no_place(void **state)
{
    double x[20] = {0};

    (void)state;
    assert_near(best_of(x, evenly, 20, 3, &independent).z, 0);
    assert_near(best_of(x, evenly, 4, 3, &independent).z, 0);
}

/* Three values that weigh little are no level. */
static void light_values_show_nothing(void **state)
{
    double x[20], weights[20];
    struct tb_rank_split heavy, light;

    (void)state;
    for (size_t i = 0; i < 20; i++) {
        x[i] = (double)(i * 7 % 20) + (i < 17 ? 0 : 100);
        weights[i] = i < 17 ? 1 : 0.1;
    }
    heavy = best_of(x, evenly, 20, 3, &independent);
    light = best_of(x, weights, 20, 3, &independent);
    assert_int_equal(heavy.at, 17);
    assert_true(heavy.z > 3);
    assert_true(light.z < 2);
}

static void dependence_makes_less_clear(void **state)
{
    double x[20], last = INFINITY;

    (void)state;
    for (size_t i = 0; i < 20; i++)
        x[i] = (double)(i * 7 % 20) + (i < 10 ? 0 : 100);
    for (int i = 0; i < 5; i++) {
        struct tb_rank_split split =
            best_of(x, evenly, 20, 3, &(struct tb_dependence){0.2 * i, INFINITY});
        struct tb_rank_split unsure =
            best_of(x, evenly, 20, 3, &(struct tb_dependence){0.2 * i, 20});

        assert_int_equal(split.at, 10);
        assert_true(split.z < last && unsure.z < split.z);
        last = split.z;
    }
}

/* One place has its own chance, twice, as it has two sides; many have more, but not more than
 * their sum. */
static void many_places_cost(void **state)
{
    (void)state;
    for (int i = 4; i < 12; i++) {
        double z = 0.5 * i, one = tb_rank_split_p(z, 20, 10), many = tb_rank_split_p(z, 20, 3);

        assert_near(one, 2 * tb_normal_p(z));
        assert_true(many > one && many <= 15 * one);
        assert_true(tb_rank_split_p(z + 0.1, 20, 3) < many);
    }
    assert_near(tb_rank_split_p(9, 5, 3), 1);
}

/* 2 / C(20, 3) = 1.75e-3, 2 / C(20, 4) = 4.1e-4, 2 / C(4, 2) = 1 / 3. */
static void the_fewest_can_reach_the_level(void **state)
{
    (void)state;
    assert_int_equal(tb_rank_split_fewest(20, 0.002), 3);
    assert_int_equal(tb_rank_split_fewest(20, 0.001), 4);
    assert_int_equal(tb_rank_split_fewest(4, 0.1), 0);
    assert_int_equal(tb_rank_split_fewest(4, 0.34), 2);
}

/* A table of Student's t: one in 200 to either side with 10 degrees of freedom, and with 30. */
static void students_t_is_that_of_tables(void **state)
{
    (void)state;
    assert_true(fabs(tb_student_of(2.5758, 10) - 3.1693) < 0.01);
    assert_true(fabs(tb_student_of(2.5758, 30) - 2.7500) < 0.002);
    assert_near(tb_student_of(2, INFINITY), 2);
    assert_near(tb_normal_of(2, INFINITY), 2);
    for (int t = 1; t < 40; t++)
        assert_near(tb_student_of(tb_normal_of(t, 7), 7), t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sides_apart_have_the_chance_of_one_order),
        cmocka_unit_test(the_chance_of_a_cut_is_that_of_its_ranks),
        cmocka_unit_test(equal_values_have_no_place),
        cmocka_unit_test(light_values_show_nothing),
        cmocka_unit_test(dependence_makes_less_clear),
        cmocka_unit_test(many_places_cost),
        cmocka_unit_test(the_fewest_can_reach_the_level),
        cmocka_unit_test(students_t_is_that_of_tables),
    };

    for (size_t i = 0; i < most; i++)
        evenly[i] = 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
