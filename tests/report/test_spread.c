/* Distributions as curves, of samples whose shares are known. */
#include "report/html/spread.h"

#include "check.h"
#include "util/memory.h"

/* 100, 200, ..., 1000 ns, so many each. */
static struct tb_spread even(uint64_t each)
{
    struct tb_spread spread = {.samples = {tb_alloc(10, sizeof(struct tb_bin)), 10, 10 * each}};

    for (size_t i = 0; i < 10; i++)
        spread.samples.bins[i] = (struct tb_bin){100 * (double)(i + 1), each};
    return spread;
}

static void values_are_the_smallest_that_a_share_does_not_exceed(void **state)
{
    tb_auto(tb_spread_finish) struct tb_spread spread = even(1);
    const struct tb_spread none = {0};

    (void)state;
    assert_near(tb_spread_value(&spread, 0.1), 100);
    assert_near(tb_spread_value(&spread, 0.5), 500);
    assert_near(tb_spread_value(&spread, 0.51), 600);
    assert_near(tb_spread_value(&spread, 1), 1000);
    assert_true(isnan(tb_spread_value(&none, 0.5)));
}

static void rulers_hold_what_is_between_two_quantiles(void **state)
{
    tb_auto(tb_spread_finish) struct tb_spread spread = even(10);
    struct tb_ruler ruler = tb_spreads_ruler(&spread, 1, 0.1, 0.9);

    (void)state;
    assert_true(ruler.log && ruler.count > 0);
    assert_true(ruler.low < 100 && ruler.low > 80);
    assert_true(ruler.high > 900 && ruler.high < 1100);
    assert_int_equal(tb_spreads_ruler(&spread, 0, 0.1, 0.9).count, 0);
}

static void steps_rise_to_the_whole(void **state)
{
    tb_auto(tb_spread_finish) struct tb_spread spread = even(1);
    struct tb_ruler ruler = tb_ruler(50, 2000, true);
    struct tb_point points[TB_SPREAD_POINTS];
    size_t count = tb_spread_steps(&spread, &ruler, points);

    (void)state;
    assert_near(points[0].y, 0);
    assert_near(points[count - 1].y, 1);
    assert_near(points[count - 1].x, 2000);
    for (size_t i = 1; i < count; i++)
        assert_true(points[i].x > points[i - 1].x && points[i].y >= points[i - 1].y);
    /* Ten steps of two points each and a level stretch at either end: not one for each place. */
    assert_in_range(count, 11, 24);
}

static void outlines_hold_what_is_inside(void **state)
{
    tb_auto(tb_spread_finish) struct tb_spread spread = even(1);
    struct tb_ruler ruler = tb_ruler(90, 10 * 90, true); /* without 900 and 1000 ns */
    struct tb_point points[TB_SPREAD_POINTS];
    size_t bins = 9, count = tb_spread_outline(&spread, &ruler, bins, points);
    double inside = 0, width = log(10) / (double)bins;

    (void)state;
    for (size_t i = 0; i + 1 < count; i += 2) {
        assert_near(points[i].y, points[i + 1].y);
        inside += points[i].y * log(points[i + 1].x / points[i].x) / width;
    }
    assert_near(inside, 0.8);
    assert_in_range(tb_spread_bins(&ruler), 9, TB_SPREAD_POINTS / 2);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_the_smallest_that_a_share_does_not_exceed),
        cmocka_unit_test(rulers_hold_what_is_between_two_quantiles),
        cmocka_unit_test(steps_rise_to_the_whole),
        cmocka_unit_test(outlines_hold_what_is_inside),
    };

    return cmocka_run_group_tests_name("spread", tests, NULL, NULL);
}
