/* Rank tests on answers that are known. */
#include "stats/wilcoxon.h"

#include "check.h"

#include "stats/shuffle.h"

static double uniform(uint64_t *random)
{
    return (double)(tb_random(random) >> 11) * 0x1p-53;
}

enum { most_values = 200 };

/* P(W >= sum) for `count` values at distances 1, 2, ... from 0, of which such are above it that
 * their ranks sum up to `sum`. */
static double p_of(size_t sum, size_t count)
{
    double values[2 * most_values + 1] = {0}, sorted[most_values];
    size_t filled = 0;

    for (size_t rank = count; rank > 0; rank--) {
        bool above = sum >= rank;

        values[above ? most_values + rank : most_values - rank] = 1;
        sum -= above ? rank : 0;
    }
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        if (values[i] != 0)
            sorted[filled++] = (double)i - most_values;
    }
    return tb_signed_rank_test(sorted, count, 0).p_above;
}

static void signed_rank_sums_are_exact(void **state)
{
    /* By the generating function, the product of (1 + x^rank) / 2, in numpy. */
    static const struct {
        size_t sum, count;
        double p;
    } known[] = {
        {0, 0, 1},
        {0, 7, 1},
        {1, 1, 0.5},
        {10, 4, 0.0625},
        {120, 15, 3.0517578125e-05},
        {100, 15, 0.010772705078125},
        {68, 16, 0.5100250244140625},
        {350, 30, 0.007269008085131645},
        {465, 30, 9.313225746154785e-10},
        {3000, 100, 0.05148273280137071},
    };

    (void)state;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        assert_true(fabs(p_of(known[i].sum, known[i].count) / known[i].p - 1) < 1e-9);
}

static void larger_sums_are_never_likelier(void **state)
{
    (void)state;
    for (size_t n = 1; n < 30; n++) {
        for (size_t sum = 0; sum < n * (n + 1) / 2; sum++)
            assert_true(p_of(sum, n) >= p_of(sum + 1, n));
    }
}

/* Where counting ends and the normal distribution begins; far out that gives more. */
static void the_two_ways_of_it_meet(void **state)
{
    (void)state;
    for (size_t percent = 50; percent < 72; percent += 2) {
        double counted = p_of(percent * 100 * 101 / 200, 100);
        double normal = p_of(percent * 101 * 102 / 200, 101);

        assert_true(fabs(log(normal / counted)) < 0.06 - 0.02 * log(counted));
    }
    /* In numpy, as above. */
    assert_true(p_of(3605, 101) > 0.00020270870447932954);
    assert_true(p_of(3605, 101) < 0.00020270870447932954 * 1.25);
}

/* Values at equal distances share the mean of their ranks, and chance shares them out as well: by
 * the generating function of these ranks, in numpy. */
static void ties_are_exact(void **state)
{
    /* Distances 1 (three above), 2 (one below), 3 (two of each), 4 (four above). */
    static const double x[] = {-3, -3, -2, 1, 1, 1, 3, 3, 4, 4, 4, 4};
    struct tb_sides sides = tb_signed_rank_test(x, 12, 0);

    (void)state;
    assert_near(sides.p_above, 0.046875);
    assert_near(sides.p_below, 0.962890625);
}

/* scipy.stats.wilcoxon(x, alternative=..., method='exact'); and that of x - 1.02. */
static void signed_rank_tests_are_exact(void **state)
{
    static const double x[] = {-0.9, -0.3, -0.1, 0.4, 0.7, 1.1, 1.6, 1.9, 2.2, 3.0};
    struct tb_sides zero = tb_signed_rank_test(x, 10, 0), one = tb_signed_rank_test(x, 10, 1.02);

    (void)state;
    assert_near(zero.p_above, 0.0244140625);
    assert_near(zero.p_below, 0.9814453125);
    assert_near(one.p_above, 0.5771484375);
    assert_near(one.p_below, 0.4609375);
}

/* The same sum, of ranks that are looked up one by one. */
static void sums_are_those_of_the_ranks(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed < 100; seed++) {
        double values[25];
        uint64_t random = seed;
        size_t sum = 0;

        for (size_t i = 0; i < 25; i++)
            values[i] = (i ? values[i - 1] : -1.2) + 0.1 * uniform(&random);
        for (size_t i = 0; i < 25; i++) {
            size_t rank = 0;

            for (size_t k = 0; k < 25; k++)
                rank += fabs(values[k]) <= fabs(values[i]);
            sum += values[i] > 0 ? rank : 0;
        }
        assert_near(tb_signed_rank_test(values, 25, 0).p_above, p_of(sum, 25));
    }
}

/* In whole numbers: the Gaussian binomial coefficient's, in Python. */
static void rank_sums_are_exact(void **state)
{
    static const struct {
        size_t wins, first, second;
        double p;
    } known[] = {
        {0, 3, 4, 1.0},
        {12, 3, 4, 0.02857142857142857},
        {3750, 50, 150, 0.5005609502025643},
        {5000, 50, 150, 0.00018308846570214414},
        {5200, 60, 140, 0.0037344186580918347},
        {6000, 100, 100, 0.007188544260578844},
        {1500, 190, 10, 0.000676909118023501},
    };

    (void)state;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        double p = tb_rank_sum_p(known[i].wins, known[i].first, known[i].second);

        assert_true(fabs(p / known[i].p - 1) < 1e-9);
        assert_near(tb_rank_sum_p(known[i].wins, known[i].second, known[i].first), p);
    }
}

/* A tail of it, and the rest. */
static void rank_sums_mirror_each_other(void **state)
{
    (void)state;
    for (size_t first = 1; first < 120; first += 17) {
        for (size_t second = 1; second < 120; second += 13) {
            size_t most = first * second;

            for (size_t wins = 1; wins <= most; wins += most / 7 + 1)
                assert_near(tb_rank_sum_p(wins, first, second) +
                                tb_rank_sum_p(most - wins + 1, first, second),
                            1);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(signed_rank_sums_are_exact),
        cmocka_unit_test(larger_sums_are_never_likelier),
        cmocka_unit_test(the_two_ways_of_it_meet),
        cmocka_unit_test(signed_rank_tests_are_exact),
        cmocka_unit_test(sums_are_those_of_the_ranks),
        cmocka_unit_test(ties_are_exact),
        cmocka_unit_test(rank_sums_are_exact),
        cmocka_unit_test(rank_sums_mirror_each_other),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
