/* The order of a round: the published sequence, and shuffles that the seed reproduces. */
#include "stats/shuffle.h"

#include "check.h"

static void the_sequence_is_splitmix64(void **state)
{
    /* The sequence that other implementations publish for this seed. */
    static const uint64_t expected[] = {
        UINT64_C(6457827717110365317), UINT64_C(3203168211198807973), UINT64_C(9817491932198370423),
        UINT64_C(4593380528125082431), UINT64_C(16408922859458223821)};
    uint64_t random = 1234567;

    (void)state;
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++)
        assert_true(tb_random(&random) == expected[i]);
}

static void draws_stay_below_their_limit_and_reach_it(void **state)
{
    uint64_t random = 1;
    unsigned counts[3] = {0};

    (void)state;
    for (int i = 0; i < 30000; i++)
        counts[tb_random_below(&random, 3)]++;
    /* Five standard deviations of a fair draw. */
    for (int i = 0; i < 3; i++)
        assert_in_range(counts[i], 10000 - 410, 10000 + 410);
    assert_int_equal(tb_random_below(&random, 1), 0);
    /* Half of what is drawn would come up twice as often: it is drawn again. */
    for (int i = 0; i < 100; i++)
        assert_true(tb_random_below(&random, UINT64_C(1) << 63 | 1) <= UINT64_C(1) << 63);
}

static void a_seed_reproduces_its_shuffles(void **state)
{
    uint64_t one = 42, same = 42, other = 43;
    size_t a[50], b[50], c[50], seen[50] = {0};

    (void)state;
    tb_shuffle(&one, a, 50);
    tb_shuffle(&same, b, 50);
    tb_shuffle(&other, c, 50);
    assert_memory_equal(a, b, sizeof a);
    assert_memory_not_equal(a, c, sizeof a);
    for (size_t i = 0; i < 50; i++)
        seen[a[i]]++;
    for (size_t i = 0; i < 50; i++)
        assert_int_equal(seen[i], 1);
    tb_shuffle(&one, a, 50);
    assert_memory_not_equal(a, b, sizeof a);
}

static void every_order_is_equally_likely(void **state)
{
    uint64_t random = 7;
    unsigned counts[6] = {0};

    (void)state;
    for (int i = 0; i < 60000; i++) {
        size_t order[3];

        tb_shuffle(&random, order, 3);
        counts[order[0] * 2 + (order[1] > order[2])]++;
    }
    for (int i = 0; i < 6; i++)
        assert_in_range(counts[i], 10000 - 460, 10000 + 460);
}

static void few_places_are_shuffled_too(void **state)
{
    uint64_t random = 1;
    size_t order[1] = {9};

    (void)state;
    tb_shuffle(&random, order, 0);
    assert_int_equal(order[0], 9);
    tb_shuffle(&random, order, 1);
    assert_int_equal(order[0], 0);
}

static void a_group_stands_where_its_first_member_does(void **state)
{
    size_t order[7] = {3, 0, 5, 1, 6, 2, 4};
    const size_t groups[7] = {0, 1, 1, 3, 0, 1, 6};
    const size_t gathered[7] = {3, 0, 4, 5, 1, 2, 6};

    (void)state;
    tb_gather(order, groups, 7);
    assert_memory_equal(order, gathered, sizeof order);
    tb_gather(order, groups, 0);
    assert_memory_equal(order, gathered, sizeof order);
}

static void a_seed_gives_the_order_of_each_round(void **state)
{
    /* Two groups of three, one of two and two cases alone; the next round differs. */
    const size_t groups[10] = {0, 1, 0, 3, 1, 0, 6, 7, 7, 1};
    const size_t expected[2][10] = {{0, 5, 2, 9, 4, 1, 8, 7, 6, 3}, {0, 2, 5, 9, 1, 4, 3, 7, 8, 6}};
    uint64_t random = 42, same = 42;

    (void)state;
    for (int round = 0; round < 2; round++) {
        size_t order[10], shuffled[10];

        tb_round_order(&random, groups, order, 10);
        tb_shuffle(&same, shuffled, 10);
        assert_memory_equal(order, expected[round], sizeof order);
        assert_int_equal(order[0], shuffled[0]);
        assert_true(random == same);
    }
}

static void groups_stay_together_in_every_round(void **state)
{
    const size_t groups[10] = {0, 1, 0, 3, 1, 0, 6, 7, 7, 1};
    uint64_t random = 3;

    (void)state;
    for (int round = 0; round < 1000; round++) {
        size_t order[10], seen[10] = {0}, changes = 0;

        tb_round_order(&random, groups, order, 10);
        for (size_t i = 0; i < 10; i++)
            seen[order[i]]++;
        for (size_t i = 0; i < 10; i++)
            assert_int_equal(seen[i], 1);
        for (size_t i = 1; i < 10; i++)
            changes += groups[order[i]] != groups[order[i - 1]];
        assert_int_equal(changes, 4); /* between five groups */
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_sequence_is_splitmix64),
        cmocka_unit_test(draws_stay_below_their_limit_and_reach_it),
        cmocka_unit_test(a_seed_reproduces_its_shuffles),
        cmocka_unit_test(every_order_is_equally_likely),
        cmocka_unit_test(a_group_stands_where_its_first_member_does),
        cmocka_unit_test(a_seed_gives_the_order_of_each_round),
        cmocka_unit_test(groups_stay_together_in_every_round),
        cmocka_unit_test(few_places_are_shuffled_too),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
