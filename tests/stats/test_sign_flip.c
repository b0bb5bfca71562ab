/* The sign-flip test: on answers that are known, and by what must hold whatever the values. */
#include "stats/sign_flip.h"

#include "check.h"

#include <stdlib.h>

#include "stats/shuffle.h"

enum { most_values = 600 };

static double uniform(uint64_t *random)
{
    return (double)(tb_random(random) >> 11) * 0x1p-53;
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

/* From the formula of the header, in units of the top, to whole 64ths. */
static unsigned score_of(double distance, double median, double mean)
{
    double beyond = fmax(mean / median - 1.19, 0.05), nu = 1 + 0.2 / (beyond * beyond);
    double u = distance / median * 0.6745;

    return (unsigned)fmax(rint(64 * (u / (1 + u * u / nu)) / (sqrt(nu) / 2)), 1);
}

/* P(S >= the sum above 0), all signs counted one by one. */
static double counted_p(const double *values, size_t count)
{
    double distances[16] = {0}, sum = 0, least = 0, hits = 0;
    unsigned scores[16];

    for (size_t i = 0; i < count; i++)
        sum += distances[i] = fabs(values[i]);
    qsort(distances, count, sizeof *distances, ascending);
    for (size_t i = 0; i < count; i++) {
        double median = (distances[(count - 1) / 2] + distances[count / 2]) / 2;

        scores[i] = score_of(fabs(values[i]), median, sum / (double)count);
        least += values[i] > 0 ? scores[i] : 0;
    }
    for (unsigned signs = 0; signs < 1U << count; signs++) {
        double picked = 0;

        for (size_t i = 0; i < count; i++)
            picked += signs >> i & 1 ? scores[i] : 0;
        hits += picked >= least;
    }
    return ldexp(hits, -(int)count);
}

static void it_is_the_share_of_all_signs(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed < 60; seed++) {
        uint64_t random = seed;
        size_t count = 2 + seed % 11;
        double values[16], mirrored[16];

        for (size_t i = 0; i < count; i++)
            values[i] = (uniform(&random) - 0.3) * (i % 4 ? 1 : 20);
        qsort(values, count, sizeof *values, ascending);
        for (size_t i = 0; i < count; i++)
            mirrored[i] = -values[count - 1 - i];
        assert_near(tb_sign_flip_test(values, count, 0).p_above, counted_p(values, count));
        assert_near(tb_sign_flip_test(values, count, 0).p_below, counted_p(mirrored, count));
    }
}

static void where_all_agree_only_their_number_counts(void **state)
{
    double values[20];

    (void)state;
    for (size_t i = 0; i < 20; i++)
        values[i] = exp((double)i);
    for (size_t count = 0; count <= 20; count++) {
        struct tb_sides sides = tb_sign_flip_test(values, count, 0);

        assert_near(sides.p_above, pow(2, -(double)count));
        assert_near(sides.p_below, 1);
    }
}

/* One wild value weighs less than one of the usual size. */
static void what_is_far_out_tells_little(void **state)
{
    double wild[21], mild[21];

    (void)state;
    for (size_t i = 0; i < 21; i++)
        wild[i] = mild[i] = (double)i + 5;
    wild[0] = -1000;
    mild[0] = -15;
    assert_true(tb_sign_flip_test(wild, 21, 0).p_above < 2e-6);
    assert_true(tb_sign_flip_test(mild, 21, 0).p_above > 5e-6);
}

static void values_on_the_line_count_for_neither(void **state)
{
    static const double with[] = {-2, 1, 1, 1, 1, 3, 4, 5}, without[] = {-3, 2, 3, 4};
    struct tb_sides a = tb_sign_flip_test(with, 8, 1), b = tb_sign_flip_test(without, 4, 0);

    (void)state;
    assert_near(a.p_above, b.p_above);
    assert_near(a.p_below, b.p_below);
    assert_near(tb_sign_flip_test(with + 1, 4, 1).p_above, 1);
}

/* Where counting ends and the normal distribution begins; far out that gives more. */
static void the_two_ways_of_it_meet(void **state)
{
    uint64_t random = 7;
    double values[most_values];

    (void)state;
    for (int step = 0; step < 6; step++) {
        double counted, normal;

        for (size_t i = 0; i < 501; i++)
            values[i] = uniform(&random) - 0.5 + 0.02 * step;
        qsort(values, 501, sizeof *values, ascending);
        normal = tb_sign_flip_test(values, 501, 0).p_above;
        counted = tb_sign_flip_test(values + 1, 500, 0).p_above; /* without the lowest */
        assert_true(fabs(log(normal / counted)) < 0.3 - 0.1 * log(counted));
    }
}

/* What the levels stand for: of many draws without a shift, as many are below one as it says. */
static void it_is_wrong_as_often_as_it_says(void **state)
{
    enum { trials = 20000 };
    uint64_t random = 1;
    size_t below[2] = {0};

    (void)state;
    for (size_t t = 0; t < trials; t++) {
        double values[15], p;

        for (size_t i = 0; i < 15; i++) {
            double scale = uniform(&random) < 0.2 ? 20 : 1;

            values[i] = scale * (uniform(&random) + uniform(&random) - 1);
        }
        qsort(values, 15, sizeof *values, ascending);
        p = tb_sign_flip_test(values, 15, 0).p_above;
        below[0] += p <= 0.1;
        below[1] += p <= 0.01;
    }
    assert_in_range(below[0], trials * 0.09, trials * 0.105);
    assert_in_range(below[1], trials * 0.007, trials * 0.0115);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_the_share_of_all_signs),
        cmocka_unit_test(where_all_agree_only_their_number_counts),
        cmocka_unit_test(what_is_far_out_tells_little),
        cmocka_unit_test(values_on_the_line_count_for_neither),
        cmocka_unit_test(the_two_ways_of_it_meet),
        cmocka_unit_test(it_is_wrong_as_often_as_it_says),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
