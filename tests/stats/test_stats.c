/* Statistics over processes, and histograms, on answers that are known. */
#include "stats/stats.h"

#include "check.h"

#include "stats/fit.h"
#include "stats/histogram.h"
#include "stats/shuffle.h"

static void medians_are_exact(void **state)
{
    static const double values[] = {1, 2, 4, 8}, unsorted[] = {8, 1, 2};

    (void)state;
    assert_true(isnan(tb_median(values, 0)));
    assert_near(tb_median(values, 1), 1);
    assert_near(tb_median(values, 2), 1.5);
    assert_near(tb_median(values, 3), 2);
    assert_near(tb_median(values, 4), 3);
    assert_near(tb_median_of(unsorted, 3), 2);
    assert_near(unsorted[0], 8);
    assert_true(isnan(tb_median_of(unsorted, 0)));
}

static void ranks_are_those_of_the_binomial_distribution(void **state)
{
    /* Computed with another implementation of the distribution. */
    static const struct {
        size_t count, rank;
    } known[] = {{0, 0},   {1, 0},   {5, 0},   {6, 1},    {8, 1},     {9, 2},
                 {12, 3},  {15, 4},  {17, 5},  {20, 6},   {25, 8},    {30, 10},
                 {40, 14}, {50, 18}, {60, 22}, {100, 40}, {1000, 469}};

    (void)state;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        assert_int_equal(tb_median_rank(known[i].count, 0.05), known[i].rank);
    /* 10 of 2^10 is the share of the two outermost intervals: just above 1 %. */
    assert_int_equal(tb_median_rank(8, 0.01), 1);
    assert_int_equal(tb_median_rank(7, 0.01), 0);
    /* Where 2^-n is no number any more. */
    assert_in_range(tb_median_rank(10000, 0.05), 4900, 4903);
}

static void a_spread_is_that_of_its_values(void **state)
{
    double values[] = {8, 1, 7, 2, 6, 3, 5, 4};
    struct tb_statistics spread = tb_statistics(values, 8);

    (void)state;
    assert_int_equal(spread.count, 8);
    assert_near(spread.median, 4.5);
    assert_near(spread.low, 1);
    assert_near(spread.high, 8);
    assert_near(spread.mean, 4.5);
    assert_near(spread.stddev, sqrt(6));
    assert_near(spread.cv, sqrt(6) / 4.5);
}

static void too_few_values_give_no_interval(void **state)
{
    double values[] = {3, 1};
    struct tb_statistics one = tb_statistics(values, 1), none = tb_statistics(values, 0);
    struct tb_statistics two = tb_statistics(values, 2);

    (void)state;
    assert_true(isnan(none.median) && isnan(none.mean) && isnan(none.low) && isnan(none.cv));
    assert_near(one.median, 3);
    assert_true(isnan(one.stddev) && isnan(one.cv) && isnan(one.low));
    assert_near(two.median, 2);
    assert_near(two.stddev, sqrt(2));
    assert_true(isnan(two.high));
}

static double uniform(uint64_t *random)
{
    return (double)(tb_random(random) >> 11) * 0x1p-53;
}

/* On values as skewed as latencies are, the interval holds at least as often as it says. */
static void the_interval_covers_the_median(void **state)
{
    uint64_t random = 99;
    int covered = 0, trials = 4000;

    (void)state;
    for (int i = 0; i < trials; i++) {
        double values[12];
        struct tb_statistics spread;

        for (int k = 0; k < 12; k++)
            values[k] = pow(uniform(&random), -2);
        spread = tb_statistics(values, 12);
        covered += spread.low <= 4 && 4 <= spread.high; /* the median: 0.5^-2 */
    }
    /* 96.1 % is exact for twelve values; five standard deviations around it. */
    assert_in_range(covered, (int)(0.946 * trials), (int)(0.977 * trials));
}

static void add(struct tb_histogram *histogram, const struct tb_bin *bins, size_t size)
{
    struct tb_bin copy[8];
    struct tb_histogram other = {copy, size, 0};

    memcpy(copy, bins, size * sizeof *bins);
    for (size_t i = 0; i < size; i++)
        other.total += bins[i].count;
    tb_histogram_add(histogram, &other);
}

static void histograms_are_pooled_bin_by_bin(void **state)
{
    struct tb_histogram histogram = {0};

    (void)state;
    add(&histogram, (struct tb_bin[]){{-1, 1}, {10, 5}, {20, 1}}, 3);
    add(&histogram, (struct tb_bin[]){{5, 2}, {10, 5}, {30, 7}}, 3);
    add(&histogram, (struct tb_bin[]){{0, 0}}, 0);
    assert_int_equal(histogram.size, 5);
    assert_int_equal(histogram.total, 21);
    assert_near(histogram.bins[0].lower_ns, -1);
    assert_near(histogram.bins[2].lower_ns, 10);
    assert_int_equal(histogram.bins[2].count, 10);
    assert_int_equal(histogram.bins[4].count, 7);
    /* As a document rounds them. */
    add(&histogram, (struct tb_bin[]){{-1.0000004, 1}, {9.9999996, 2}, {20.000004, 1}}, 3);
    assert_int_equal(histogram.size, 5);
    assert_int_equal(histogram.bins[0].count, 2);
    assert_int_equal(histogram.bins[2].count, 12);
    add(&histogram, (struct tb_bin[]){{20.00004, 1}}, 1);
    assert_int_equal(histogram.size, 6);
    tb_histogram_finish(&histogram);
    assert_null(histogram.bins);
}

static void quantiles_need_ten_samples_beyond(void **state)
{
    struct tb_histogram histogram = {0};

    (void)state;
    assert_true(isnan(tb_histogram_quantile(&histogram, 0.5)));
    add(&histogram, (struct tb_bin[]){{1, 10}, {2, 980}, {3, 9}}, 3);
    assert_true(isnan(tb_histogram_quantile(&histogram, 0.99))); /* 999 samples: 9 beyond */
    add(&histogram, (struct tb_bin[]){{3, 1}}, 1);
    assert_near(tb_histogram_quantile(&histogram, 0.99), 2); /* the 990th of 1000 */
    assert_near(tb_histogram_quantile(&histogram, 0.5), 2);
    assert_near(tb_histogram_quantile(&histogram, 0.011), 2); /* the 11th */
    assert_true(isnan(tb_histogram_quantile(&histogram, 0.01)));
    assert_true(isnan(tb_histogram_quantile(&histogram, 1)));
    tb_histogram_finish(&histogram);
}

static void assert_law(const char *formula, double a, double b, const double (*of)[2], size_t n)
{
    struct tb_point points[8];
    struct tb_fit law;

    for (size_t i = 0; i < n; i++)
        points[i] = (struct tb_point){of[i][0], of[i][1]};
    law = tb_fit(points, n);
    assert_string_equal(law.formula, formula);
    assert_true(law.residual < 1e-9);
    assert_near(law.a, a);
    assert_near(law.b, b);
}

static void laws_are_found_where_points_obey_them(void **state)
{
    (void)state;
    assert_law("a", 7, 0, (const double[][2]){{0, 7}, {1, 7}, {100, 7}}, 3);
    assert_law("a + b*x", 5, 2, (const double[][2]){{0, 5}, {10, 25}, {1000, 2005}}, 3);
    assert_law("a + b*log2(1+x)", 5, 2, (const double[][2]){{0, 5}, {1, 7}, {7, 11}, {1023, 25}},
               4);
    assert_law("a*x^b", 3, 0.5, (const double[][2]){{1, 3}, {4, 6}, {100, 30}, {10000, 300}}, 4);
}

static void no_law_fits_a_step(void **state)
{
    const struct tb_point cliff[] = {{1, 10}, {8, 10}, {64, 11}, {512, 90}, {1000, 92}};
    const struct tb_point down[] = {{1, 10}, {2, 1}, {3, 5}};
    const struct tb_point below[] = {{1, 10}, {2, -1}, {3, 5}};

    (void)state;
    assert_true(tb_fit(cliff, 5).residual > TB_FIT_LIMIT);
    assert_int_equal(tb_largest_step(cliff, 5), 2);
    assert_int_equal(tb_largest_step(down, 3), 0);
    assert_null(tb_fit(below, 3).formula);
    assert_true(isnan(tb_fit(below, 3).residual));
}

static void noise_is_no_growth(void **state)
{
    const struct tb_point flat[] = {{0, 100}, {16, 101}, {256, 99}, {4096, 100}};

    (void)state;
    assert_string_equal(tb_fit(flat, 4).formula, "a");
    assert_near(tb_fit(flat, 4).b, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(medians_are_exact),
        cmocka_unit_test(ranks_are_those_of_the_binomial_distribution),
        cmocka_unit_test(a_spread_is_that_of_its_values),
        cmocka_unit_test(too_few_values_give_no_interval),
        cmocka_unit_test(the_interval_covers_the_median),
        cmocka_unit_test(histograms_are_pooled_bin_by_bin),
        cmocka_unit_test(quantiles_need_ten_samples_beyond),
        cmocka_unit_test(laws_are_found_where_points_obey_them),
        cmocka_unit_test(no_law_fits_a_step),
        cmocka_unit_test(noise_is_no_growth),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
