/* The rank-sum test on answers that are known. */
#include "stats/rank_sum.h"

#include "check.h"

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

/* Where one value fewer a side could not reach it. */
static void the_fewest_values_reach_their_chance(void **state)
{
    (void)state;
    assert_int_equal(tb_rank_sum_fewest(1), 0);
    assert_int_equal(tb_rank_sum_fewest(0.5), 1);
    for (int i = 1; i < 25; i++) {
        double p = pow(3, -i);
        size_t fewest = tb_rank_sum_fewest(p);

        assert_true(tb_rank_sum_p(fewest * fewest, fewest, fewest) <= p);
        assert_true(tb_rank_sum_p((fewest - 1) * (fewest - 1), fewest - 1, fewest - 1) > p);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rank_sums_are_exact),
        cmocka_unit_test(rank_sums_mirror_each_other),
        cmocka_unit_test(the_fewest_values_reach_their_chance),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
