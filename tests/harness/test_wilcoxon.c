/* Rank tests on answers that are known. */
#include "wilcoxon.h"

#include "check.h"

#include "random.h"

static double uniform(uint64_t *random)
{
    return (double)(tb_random(random) >> 11) * 0x1p-53;
}

static void signed_rank_sums_are_exact(void **state)
{
    /* By the generating function, the product of (1 + x^rank) / 2, in numpy. */
    static const struct {
        double sum;
        size_t count;
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
        assert_true(fabs(tb_signed_rank_p(known[i].sum, known[i].count) / known[i].p - 1) < 1e-9);
}

static void larger_sums_are_never_likelier(void **state)
{
    (void)state;
    for (size_t n = 1; n < 30; n++) {
        for (size_t twice = 0; twice < n * (n + 1); twice++)
            assert_true(tb_signed_rank_p((double)twice / 2, n) >=
                        tb_signed_rank_p((double)(twice + 1) / 2, n));
    }
}

/* Where counting ends and the normal distribution begins. */
static void the_two_ways_of_it_meet(void **state)
{
    (void)state;
    for (int percent = 50; percent < 72; percent += 2) {
        double share = percent / 100.0;
        double counted = tb_signed_rank_p(share * 100 * 101 / 2, 100);
        double normal = tb_signed_rank_p(share * 101 * 102 / 2, 101);

        assert_true(fabs(log(normal / counted)) < 0.06 - 0.02 * log(counted));
    }
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
        double values[25], sum = 0;
        uint64_t random = seed;

        for (size_t i = 0; i < 25; i++)
            values[i] = (i ? values[i - 1] : -1.2) + 0.1 * uniform(&random);
        for (size_t i = 0; i < 25; i++) {
            size_t rank = 0;

            for (size_t k = 0; k < 25; k++)
                rank += fabs(values[k]) <= fabs(values[i]);
            sum += values[i] > 0 ? (double)rank : 0;
        }
        assert_near(tb_signed_rank_test(values, 25, 0).p_above, tb_signed_rank_p(sum, 25));
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
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
