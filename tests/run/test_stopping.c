/* When a run looks at what it has, and what goes on after that. */
#include "run/stopping.h"

#include "check.h"

/* Goes through a run of `rounds` rounds; returns how many looks it had, and their shares. */
static size_t walk(double alpha, unsigned rounds, double *ret_shares)
{
    struct tb_looks looks = {.alpha = alpha};
    size_t count = 0;

    for (unsigned done = 1; done <= rounds; done++) {
        double share = tb_looks_take(&looks, (double)done / rounds, done);

        if (share > 0)
            ret_shares[count++] = share;
    }
    return count;
}

static void all_looks_together_spend_alpha_once(void **state)
{
    static const unsigned rounds[] = {1, 12, 30, 100, 999, 10000};

    (void)state;
    for (size_t i = 0; i < sizeof rounds / sizeof *rounds; i++) {
        double shares[100], sum = 0;
        size_t count = walk(0.05, rounds[i], shares);

        for (size_t k = 0; k < count; k++)
            sum += shares[k];
        assert_near(sum, rounds[i] > 5 ? 1 : 0); /* one round allows no verdict */
    }
}

/* What was decided with a share is decided with that of a later look. */
static void no_look_has_less_than_an_earlier_one(void **state)
{
    (void)state;
    for (unsigned rounds = 6; rounds < 300; rounds++) {
        double shares[100];
        size_t count = walk(0.01, rounds, shares);

        for (size_t k = 1; k < count; k++)
            assert_true(shares[k] >= shares[k - 1] - 1e-12);
    }
}

/* Of a hundred rounds, by hand: 1.3^-8 = 0.123, ... 1.3^-1 = 0.769. The first one's share is that
 * which ln(1 + 1.71828 t) grows by from 1.3^-9 = 0.094 on, 0.0410, of 0.8498 to the end. */
static void looks_come_later_and_later(void **state)
{
    static const unsigned expected[] = {13, 16, 21, 27, 36, 46, 60, 77, 100};
    struct tb_looks looks = {.alpha = 0.0125};
    size_t place = 0;

    (void)state;
    for (unsigned done = 8; done <= 100; done++) {
        double share = tb_looks_take(&looks, done / 100.0, done);

        if (share > 0)
            assert_int_equal(done, expected[place++]);
        if (place == 1 && share > 0)
            assert_true(fabs(share - 0.0410 / 0.8498) < 1e-4);
    }
    assert_int_equal(place, 9);
}

/* Two-sided, n rounds that agree give 2^(1-n): 2^-17 < 1e-5 * 0.9 < 2^-16 at the end, less before.
 */
static void a_look_that_can_show_nothing_is_left_out(void **state)
{
    struct tb_looks looks = {.alpha = 1e-5};

    (void)state;
    assert_near(tb_looks_take(&looks, 0.5, 18), 0);
    assert_near(tb_looks_take(&looks, 1, 17), 0);
    assert_near(tb_looks_take(&looks, 1, 18), 1);
    assert_near(tb_looks_take(&looks, 1, 19), 0);
    assert_near(tb_looks_take_last(&looks), 0);
}

static void an_end_looks_with_what_is_left(void **state)
{
    struct tb_looks looks = {.alpha = 1};
    double first = tb_looks_take(&looks, 0.6, 30);

    (void)state;
    assert_true(first > 0 && first < 1);
    assert_near(tb_looks_take_last(&looks), 1 - first);
    assert_near(tb_looks_take_last(&looks), 0);
    looks = (struct tb_looks){.alpha = 1};
    assert_near(tb_looks_take_last(&looks), 1); /* however few the rounds */
}

/* Cases 0 and 2 are one group, and so are 1, 3 and 4. */
static void assert_open(const bool *given, bool any, const bool *expected)
{
    static const size_t groups[] = {2, 3, 2, 3, 3};
    struct tb_row rows[5];

    for (size_t i = 0; i < 5; i++)
        rows[i] = (struct tb_row){.group = groups[i], .open = given[i]};
    assert_int_equal(tb_open_groups(rows, 5), any);
    for (size_t i = 0; i < 5; i++)
        assert_int_equal(rows[i].open, expected[i]);
}

#define FIVE(...) ((const bool[5]){__VA_ARGS__})

static void a_group_goes_on_as_a_whole(void **state)
{
    (void)state;
    assert_open(FIVE(0, 0, 0, 0, 0), false, FIVE(0, 0, 0, 0, 0));
    assert_open(FIVE(1, 0, 0, 0, 0), true, FIVE(1, 0, 1, 0, 0));
    assert_open(FIVE(0, 0, 0, 0, 1), true, FIVE(0, 1, 0, 1, 1));
    assert_open(FIVE(0, 1, 1, 0, 0), true, FIVE(1, 1, 1, 1, 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_looks_together_spend_alpha_once),
        cmocka_unit_test(no_look_has_less_than_an_earlier_one),
        cmocka_unit_test(looks_come_later_and_later),
        cmocka_unit_test(a_look_that_can_show_nothing_is_left_out),
        cmocka_unit_test(an_end_looks_with_what_is_left),
        cmocka_unit_test(a_group_goes_on_as_a_whole),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
