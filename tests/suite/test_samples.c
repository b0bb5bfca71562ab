/* Samples in, statistics out: against answers worked out by hand. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "samples.h"

static struct tb_samples series_of(size_t count, const int64_t *ns)
{
    struct tb_samples series;

    assert_int_equal(tb_samples_init(&series, count, 0), 0);
    for (size_t i = 0; i < count; i++)
        series.samples[series.count++] = (struct tb_sample){ns[i], 0, (int16_t)((int)(i % 3) - 1)};
    return series;
}

static struct tb_sorted sorted_of(size_t count, const int64_t *ns, int block)
{
    struct tb_samples series = series_of(count, ns);
    struct tb_sorted sorted;

    assert_int_equal(tb_sort(&series, block, TB_CHILD_ANY, &sorted), 0);
    tb_samples_finish(&series);
    return sorted;
}

static void test_sorts_and_divides_by_the_block(void **state)
{
    struct tb_sorted sorted = sorted_of(4, (int64_t[]){40, 10, 30, 20}, 4);

    (void)state;
    assert_int_equal(sorted.count, 4);
    assert_true(sorted.values[0] == 2.5 && sorted.values[3] == 10);
    assert_true(tb_mean(&sorted) == 6.25);
    free(sorted.values);
}

static void test_means_of_the_lower_half_add_up(void **state)
{
    struct tb_samples series;

    (void)state;
    assert_int_equal(tb_samples_init(&series, 3, 2), 0);
    for (int64_t i = 0; i < 3; i++) {
        series.phases[0][i] = i;
        series.phases[1][i] = 100 * (3 - i) - i;
        series.samples[series.count++] = (struct tb_sample){.ns = 100 * (3 - i)};
    }
    assert_true(tb_mean_up_to(&series, 1, 200, TB_MAX_PHASES) == 150);
    assert_true(tb_mean_up_to(&series, 1, 200, 0) == 1.5);
    assert_true(tb_mean_up_to(&series, 1, 200, 1) == 148.5);
    assert_true(tb_mean_up_to(&series, 2, 50, TB_MAX_PHASES) == 50);
    assert_true(isnan(tb_mean_up_to(&series, 1, 99, 0)));
    tb_samples_finish(&series);
}

static void test_a_quantile_is_the_sample_of_its_rank(void **state)
{
    int64_t ns[10] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
    struct tb_sorted sorted = sorted_of(10, ns, 1);

    (void)state;
    assert_true(tb_quantile(&sorted, 0.1) == 1);
    assert_true(tb_quantile(&sorted, 0.11) == 2);
    assert_true(tb_quantile(&sorted, 0.5) == 5);
    assert_true(tb_quantile(&sorted, 0.9) == 9);
    assert_true(tb_quantile(&sorted, 0.99) == 10);
    assert_true(tb_quantile(&sorted, 0) == 1);
    assert_true(tb_quantile(&sorted, 1) == 10);
    free(sorted.values);
}

static void test_a_quantile_holds_with_ten_samples_beyond_it(void **state)
{
    (void)state;
    assert_false(tb_quantile_holds(0, 0.5));
    assert_false(tb_quantile_holds(1, 0.5));
    assert_true(tb_quantile_holds(20, 0.5));
    assert_false(tb_quantile_holds(19, 0.5));
    assert_false(tb_quantile_holds(99, 0.9));
    assert_true(tb_quantile_holds(100, 0.9));
    assert_false(tb_quantile_holds(999, 0.99));
    assert_true(tb_quantile_holds(1000, 0.99));
    assert_false(tb_quantile_holds(9999, 0.999));
    assert_true(tb_quantile_holds(10000, 0.999));
    assert_false(tb_quantile_holds(100, 0.1)); /* rank 10: nine below it */
    assert_true(tb_quantile_holds(110, 0.1));
}

static void test_placements_are_told_apart(void **state)
{
    struct tb_samples series = series_of(6, (int64_t[]){1, 2, 3, 4, 5, 6}); /* child: -1 0 1 … */
    struct tb_sorted sorted;

    (void)state;
    assert_int_equal(tb_sort(&series, 1, TB_CHILD_SAME, &sorted), 0);
    assert_int_equal(sorted.count, 2);
    assert_true(sorted.values[0] == 2 && sorted.values[1] == 5);
    free(sorted.values);
    assert_int_equal(tb_sort(&series, 1, TB_CHILD_OTHER, &sorted), 0);
    assert_true(sorted.values[0] == 3 && sorted.values[1] == 6);
    free(sorted.values);
    assert_int_equal(tb_sort(&series, 1, TB_CHILD_UNKNOWN, &sorted), 0);
    assert_true(sorted.values[0] == 1 && sorted.values[1] == 4);
    free(sorted.values);
    tb_samples_finish(&series);
}

static void test_a_bucket_is_within_one_percent_below(void **state)
{
    (void)state;
    for (int i = 0; i < 2500; i++) {
        double ns = 0.002 * pow(1.0137, i); /* up to 1e12 */
        double lower = tb_bucket_lower_ns(ns);

        assert_true(lower <= ns + 0.0005);
        assert_true(ns - lower <= ns / 128 + 0.0005);
        assert_true(tb_bucket_lower_ns(lower) == lower);
    }
    assert_true(tb_bucket_lower_ns(0) == 0);
    assert_true(tb_bucket_lower_ns(-1000) == -tb_bucket_lower_ns(1000));
}

static void test_a_histogram_counts_every_sample_once(void **state)
{
    int64_t ns[6] = {1000, 1001, 1000000, 1000, 2000, 1000000};
    struct tb_sorted sorted = sorted_of(6, ns, 1);
    struct tb_buckets histogram;

    (void)state;
    assert_int_equal(tb_buckets_init(&histogram, &sorted), 0);
    assert_int_equal(histogram.count, 3);
    assert_int_equal(histogram.counts[0], 3);
    assert_int_equal(histogram.counts[1], 1);
    assert_int_equal(histogram.counts[2], 2);
    assert_true(histogram.lower_ns[0] < histogram.lower_ns[1]);
    tb_buckets_finish(&histogram);
    tb_buckets_finish(&histogram); /* a zeroed one is accepted */
    free(sorted.values);
}

static void test_an_impossible_series_is_an_error(void **state)
{
    struct tb_samples series;

    (void)state;
    assert_int_not_equal(tb_samples_init(&series, SIZE_MAX / 64, 1), 0);
    tb_samples_finish(&series);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sorts_and_divides_by_the_block),
        cmocka_unit_test(test_means_of_the_lower_half_add_up),
        cmocka_unit_test(test_a_quantile_is_the_sample_of_its_rank),
        cmocka_unit_test(test_a_quantile_holds_with_ten_samples_beyond_it),
        cmocka_unit_test(test_placements_are_told_apart),
        cmocka_unit_test(test_a_bucket_is_within_one_percent_below),
        cmocka_unit_test(test_a_histogram_counts_every_sample_once),
        cmocka_unit_test(test_an_impossible_series_is_an_error),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
