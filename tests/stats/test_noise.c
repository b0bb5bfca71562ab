/* Noise and levels of values in a row: on answers that are known. */
#include "stats/noise.h"

#include "check.h"

#include "stats/levels.h"

enum { count = 100 };

static void the_deviation_is_that_of_the_middle_half(void **state)
{
    double values[count];
    struct tb_noise noise;

    (void)state;
    for (size_t i = 0; i < count; i++)
        values[i] = (i % 2 ? 1 : -1) * (i < 10 ? 1000 : 1);
    noise = tb_noise_of(values, count, 1);
    assert_near(noise.deviation, 1 / 0.6745 / sqrt(0.99));
    assert_int_equal(noise.count, count);
    noise = tb_noise_of_steps(values + 10, count - 10);
    assert_near(noise.deviation, 2 / 0.6745 / M_SQRT2);
    assert_near(noise.correlation, 0);
    assert_true(isnan(tb_noise_of_steps(values, 1).deviation));
    assert_true(isnan(tb_noise_of(values, 1, 1).deviation));
    assert_true(isnan(tb_noise_of(values, 0, 1).deviation));
    assert_true(isnan(tb_noise_of(values, 3, 3).deviation)); /* each value has its own level */
}

/* Neighbours + + - - + + - - ...: 0; + - + -: -1; an outlier does not count. */
static void the_correlation_is_that_of_neighbours(void **state)
{
    double values[count];

    (void)state;
    for (size_t i = 0; i < count; i++)
        values[i] = i / 2 % 2 ? 1 : -1;
    values[40] = 1000;
    assert_true(fabs(tb_noise_of(values, count, 1).correlation) < 0.03);
    for (size_t i = 0; i < count; i++)
        values[i] = i % 2 ? 1 : -1;
    assert_near(tb_noise_of(values, count, 1).correlation, -0.95);
    for (size_t i = 0; i < count; i++)
        values[i] = i / 10 % 2 ? 1 : -1;
    assert_true(fabs(tb_noise_of(values, count, 1).correlation - 0.83) < 0.03);
}

/* What levels take away is put back: (0 + gone) / (1 - 3 gone) of what shows none. */
static void levels_take_correlation_away(void **state)
{
    double values[count];

    (void)state;
    for (size_t i = 0; i < count; i++)
        values[i] = i / 2 % 2 ? 1 : -1;
    assert_true(tb_noise_of(values, count, 20).correlation >
                tb_noise_of(values, count, 1).correlation + 0.4);
}

static void a_family_goes_to_its_mean(void **state)
{
    struct tb_noise alike[50], unlike[50];
    struct tb_dependence of_alike[50], of_unlike[50], alone;

    (void)state;
    for (size_t i = 0; i < 50; i++) {
        alike[i] = (struct tb_noise){1, i % 2 ? 0.3 : 0.1, 60};
        unlike[i] = (struct tb_noise){1, i % 2 ? 0.8 : 0, 60};
    }
    tb_share_dependence(alike, 50, of_alike);
    tb_share_dependence(unlike, 50, of_unlike);
    alone = tb_dependence_of(&alike[1]);
    assert_near(alone.correlation, 0.3);
    assert_true(of_alike[1].correlation > 0.2 && of_alike[1].correlation < 0.22);
    assert_true(of_alike[1].freedom > 3 * alone.freedom);
    assert_true(of_unlike[1].correlation > 0.75);
    assert_true(of_unlike[1].freedom < 1.2 * alone.freedom);
}

/* Three rows are no family; one without values has no correlation. */
static void few_rows_stay_as_they_are(void **state)
{
    struct tb_noise noises[3] = {{1, 0.3, 60}, {1, 0.1, 60}, {NAN, 0, 0}};
    struct tb_dependence dependences[3];

    (void)state;
    tb_share_dependence(noises, 3, dependences);
    assert_near(dependences[0].correlation, 0.3);
    assert_near(dependences[1].correlation, 0.1);
    assert_near(dependences[2].correlation, 0);
    noises[0].correlation = -0.4;
    assert_near(tb_dependence_of(&noises[0]).correlation, 0);
}

/* 5, once far off, and 8 from 60 on. */
static void a_level_leaves_outliers_out(void **state)
{
    double x[count], deviation[count];
    struct tb_level_row row = {x, deviation, 0.1, 0};
    struct tb_place place;

    (void)state;
    for (size_t i = 0; i < count; i++) {
        x[i] = (i < 60 ? 5 : 8) + (i % 2 ? 0.1 : -0.1);
        deviation[i] = i < 10 ? 0.2 : 0.1;
    }
    x[20] = 1000;
    assert_true(fabs(tb_level(&row, 0, 60) - 5) < 0.01);
    assert_near(tb_level_runs(&row, 0, 60), 50 + 10 / 4.0);
    place = tb_place_of(&row, 0, count, 50, 3);
    assert_int_equal(place.at, 60);
    assert_int_equal(place.first, 60);
    assert_int_equal(place.last, 60);
}

/* Of levels half a deviation apart the place is known badly, and so it is given. */
static void a_place_is_as_vague_as_it_is(void **state)
{
    double x[count], deviation[count];
    struct tb_level_row row = {x, deviation, 1, 0};
    struct tb_place place;

    (void)state;
    for (size_t i = 0; i < count; i++) {
        x[i] = (i < 50 ? 0 : 0.5) + (double)(i * 37 % 101) / 50 - 1;
        deviation[i] = 1;
    }
    place = tb_place_of(&row, 0, count, 50, 3);
    assert_true(place.first <= place.at && place.at <= place.last);
    assert_true(place.first >= 3 && place.last <= 97);
    assert_true(place.last - place.first > 8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_deviation_is_that_of_the_middle_half),
        cmocka_unit_test(the_correlation_is_that_of_neighbours),
        cmocka_unit_test(levels_take_correlation_away),
        cmocka_unit_test(a_family_goes_to_its_mean),
        cmocka_unit_test(few_rows_stay_as_they_are),
        cmocka_unit_test(a_level_leaves_outliers_out),
        cmocka_unit_test(a_place_is_as_vague_as_it_is),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
