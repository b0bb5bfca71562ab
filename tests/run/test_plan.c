/* What is measured of what a subject reports. */
#include "run/plan.h"

#include "check.h"
#include "listing.h"
#include "util/memory.h"

static void assert_roles(enum tb_set set, const char *pattern, const enum tb_role *expected)
{
    struct tb_catalogue catalogue = catalogue_of(listing);
    enum tb_role roles[7];
    struct tb_choice choice = {.set = set};
    regex_t filter;
    size_t selected = 0;

    if (pattern) {
        assert_int_equal(regcomp(&filter, pattern, REG_EXTENDED | REG_NOSUB), 0);
        choice.filter = &filter;
    }
    for (size_t i = 0; i < 7; i++)
        selected += expected[i] == TB_SELECTED;
    assert_int_equal(tb_plan_select(&catalogue, &choice, roles), selected);
    assert_memory_equal(roles, expected, sizeof roles);
    if (pattern)
        regfree(&filter);
    tb_catalogue_finish(&catalogue);
}

#define ASSERT_ROLES(set, pattern, ...)                                                            \
    assert_roles(set, pattern, (const enum tb_role[7]){__VA_ARGS__})

static void what_is_its_own_has_no_runtime(void **state)
{
    static const char text[] =
        HEAD "\"cases\":[{\"name\":\"a/m\",\"case\":\"a\",\"core\":true},"
             "{\"name\":\"b/m\",\"case\":\"b\",\"core\":true,\"runtime\":\"posix\"}]}";
    struct tb_catalogue catalogue = catalogue_of(text);
    enum tb_role roles[2];

    (void)state;
    assert_int_equal(tb_plan_select(&catalogue, &(struct tb_choice){.own = true}, roles), 1);
    assert_int_equal(roles[0], TB_SELECTED);
    assert_int_equal(roles[1], TB_LEFT_OUT);
    assert_int_equal(tb_plan_select(&catalogue, &(struct tb_choice){0}, roles), 2);
    tb_catalogue_finish(&catalogue);
}

static void the_core_brings_its_companions(void **state)
{
    (void)state;
    ASSERT_ROLES(TB_SET_DEFAULT, NULL, TB_SELECTED, TB_FLOOR_CASE, TB_OVERHEAD_CASE, TB_CARD_CASE,
                 TB_FLOOR_CASE, TB_PART_CASE, TB_SELECTED);
    ASSERT_ROLES(TB_SET_CORE, "^a/", TB_SELECTED, TB_FLOOR_CASE, TB_OVERHEAD_CASE, TB_LEFT_OUT,
                 TB_LEFT_OUT, TB_LEFT_OUT, TB_LEFT_OUT);
}

static void a_filter_is_for_all_cases(void **state)
{
    (void)state;
    ASSERT_ROLES(TB_SET_DEFAULT, "^b/(posix|null)$", TB_LEFT_OUT, TB_LEFT_OUT, TB_LEFT_OUT,
                 TB_SELECTED, TB_FLOOR_CASE, TB_SELECTED, TB_LEFT_OUT);
    ASSERT_ROLES(TB_SET_DEFAULT, "nothing", TB_LEFT_OUT, TB_LEFT_OUT, TB_LEFT_OUT, TB_LEFT_OUT,
                 TB_LEFT_OUT, TB_LEFT_OUT, TB_LEFT_OUT);
    ASSERT_ROLES(TB_SET_FULL, NULL, TB_SELECTED, TB_SELECTED, TB_SELECTED, TB_SELECTED, TB_SELECTED,
                 TB_SELECTED, TB_SELECTED);
}

static void the_standard_set_is_what_is_not_excluded(void **state)
{
    (void)state;
    ASSERT_ROLES(TB_SET_STANDARD, NULL, TB_SELECTED, TB_SELECTED, TB_SELECTED, TB_SELECTED,
                 TB_FLOOR_CASE, TB_SELECTED, TB_SELECTED);
    ASSERT_ROLES(TB_SET_STANDARD, "^b/clone", TB_LEFT_OUT, TB_LEFT_OUT, TB_LEFT_OUT, TB_LEFT_OUT,
                 TB_LEFT_OUT, TB_LEFT_OUT, TB_LEFT_OUT);
}

static void alternatives_have_no_companions(void **state)
{
    (void)state;
    ASSERT_ROLES(TB_SET_ALTERNATIVES, NULL, TB_LEFT_OUT, TB_LEFT_OUT, TB_LEFT_OUT, TB_SELECTED,
                 TB_LEFT_OUT, TB_LEFT_OUT, TB_LEFT_OUT);
}

static void what_is_set_against_one_thread_is_a_group(void **state)
{
    const struct tb_case thread = {.name = "thread"}, alone = {.name = "alone"};
    const struct tb_case pool = {.name = "pool", .thread = "thread"};
    const struct tb_case loop = {.name = "loop", .thread = "thread"};
    struct tb_row rows[] = {{&pool}, {&alone}, {&thread}, {&loop}};

    (void)state;
    tb_plan_groups(rows, 4);
    assert_int_equal(rows[0].group, rows[2].group);
    assert_int_equal(rows[3].group, rows[2].group);
    assert_int_not_equal(rows[1].group, rows[2].group);
}

static void floors_make_groups(void **state)
{
    const struct tb_case a = {.name = "a", .floor = "low"}, b = {.name = "b", .floor = "gone"};
    const struct tb_case c = {.name = "c", .floor = "low"}, alone = {.name = "alone"};
    const struct tb_case low = {.name = "low", .floor = "lower"}, lower = {.name = "lower"};
    struct tb_row rows[] = {{&a}, {&b}, {&low}, {&alone}, {&lower}, {&c}};
    static const size_t expected[] = {4, 1, 4, 3, 4, 4};

    (void)state;
    tb_plan_groups(rows, 6);
    for (size_t i = 0; i < 6; i++)
        assert_int_equal(rows[i].group, expected[i]);
}

static void floors_in_a_circle_are_one_group(void **state)
{
    const struct tb_case a = {.name = "a", .floor = "b"}, b = {.name = "b", .floor = "a"};
    struct tb_row rows[] = {{&a}, {&b}};

    (void)state;
    tb_plan_groups(rows, 2);
    assert_int_equal(rows[0].group, rows[1].group);
}

static void samples_fill_the_time_within_limits(void **state)
{
    struct tb_case mean = {.primary = "mean"}, tenth = {.primary = "p10"};
    struct tb_case tail = {.primary = "p99.9"}, odd = {.primary = "phase_p50"};
    struct tb_case few = {.primary = "p10", .max_samples = 1};

    (void)state;
    assert_int_equal(tb_plan_samples(&mean, 1e8, 1e4), 10000);
    assert_int_equal(tb_plan_samples(&mean, 1e8, 1), 200000);
    assert_int_equal(tb_plan_samples(&mean, 1e8, 1e9), 1);
    assert_int_equal(tb_plan_samples(&mean, 1e8, NAN), 1);
    assert_int_equal(tb_plan_samples(&tenth, 1e8, 1e9), 101);
    assert_int_equal(tb_plan_samples(&tail, 1e8, 1e9), 10001);
    assert_int_equal(tb_plan_samples(&odd, 1e8, 1e9), 1);
    assert_int_equal(tb_plan_samples(&few, 1e8, 1), 1);
}

static void pilots_are_short(void **state)
{
    struct tb_case usual = {0}, few = {.max_samples = 1};

    (void)state;
    assert_int_equal(tb_plan_pilot(&usual, NAN), 3);
    assert_int_equal(tb_plan_pilot(&usual, 1000), 64);
    assert_int_equal(tb_plan_pilot(&usual, 1e7), 0);
    assert_int_equal(tb_plan_pilot(&few, NAN), 1);
}

static void subjects_take_turns(void **state)
{
    static const char *const two[] = {"01", "10", "10", "01", "01"};

    (void)state;
    for (unsigned round = 0; round < 5; round++) {
        for (size_t place = 0; place < 2; place++)
            assert_int_equal(tb_plan_turn(round, place, 2), two[round][place] - '0');
    }
    for (size_t count = 1; count < 7; count++) {
        unsigned held[7][7] = {{0}}; /* [subject][place] */

        for (unsigned round = 0; round < 2 * count; round++) {
            for (size_t place = 0; place < count; place++)
                held[tb_plan_turn(round, place, count)][place]++;
        }
        for (size_t i = 0; i < count; i++) {
            for (size_t place = 0; place < count; place++)
                assert_int_equal(held[i][place], 2);
        }
    }
}

static void what_is_dear_runs_less_often(void **state)
{
    /* Two and three are one group; the middle one of 1, 1, 1 + 1, 8, 50 seconds is 2. */
    static const size_t groups[] = {0, 1, 2, 2, 4, 5, 6};
    static const double seconds[] = {1, 1, 1, 1, 8, 50, 1000};
    static const unsigned expected[] = {1, 1, 1, 1, 2, 5};
    struct tb_row rows[7];

    (void)state;
    for (size_t i = 0; i < 7; i++)
        rows[i] = (struct tb_row){.group = groups[i], .round_s = seconds[i], .open = i < 6};
    tb_plan_strides(rows, 7);
    for (size_t i = 0; i < 6; i++)
        assert_int_equal(rows[i].stride, expected[i]);
    for (size_t i = 0; i < 5; i++)
        rows[i].open = false;
    tb_plan_strides(rows, 7); /* left alone it waits for nobody */
    assert_int_equal(rows[5].stride, 1);
    rows[5].round_s = 0; /* not known yet */
    tb_plan_strides(rows, 7);
    assert_int_equal(rows[5].stride, 1);
}

/* With the one of no cost, as where it is not known, and the one of no pilot. */
static void assert_fits(double most_s, double expected_s, const char *expected)
{
    static const double seconds[] = {0.5, 2, 0, 1, INFINITY, 3};
    struct tb_row rows[6];

    for (size_t i = 0; i < 6; i++)
        rows[i] = (struct tb_row){.round_s = seconds[i], .selected = i < 5, .open = true};
    assert_float_equal(tb_plan_fit(rows, 6, most_s), expected_s, 1e-9);
    for (size_t i = 0; i < 6; i++)
        assert_int_equal(rows[i].fits, expected[i] == 'x');
}

static void a_round_holds_what_fits(void **state)
{
    struct tb_row dear = {.round_s = 2, .open = true};

    (void)state;
    assert_fits(INFINITY, INFINITY, "xxxxxx");
    assert_fits(7, 6.5, "xxxx.x");
    assert_fits(6, 3.5, "xxxx.."); /* what only accompanies is left out before any other */
    assert_fits(3.5, 3.5, "xxxx..");
    assert_fits(3.4, 1.5, "x.xx..");
    assert_fits(0.7, 0.5, "x.x...");
    assert_fits(0, 0, "..x...");
    assert_fits(-1, 0, "..x...");
    assert_float_equal(tb_plan_fit(&dear, 1, 2), 2, 0);
    assert_true(dear.fits);
    dear.open = false; /* left out before, or decided */
    assert_float_equal(tb_plan_fit(&dear, 1, 1), 0, 0);
    assert_true(dear.fits);
    assert_float_equal(tb_plan_fit(&dear, 0, 2), 0, 0);
}

static void assert_cost(double round_s, double least_s, const char *expected)
{
    tb_autofree char *cost =
        tb_plan_cost(&(struct tb_row){.round_s = round_s, .least_s = least_s}, 18);

    assert_string_equal(cost, expected);
}

static void what_it_takes_is_said_as_far_as_it_is_known(void **state)
{
    (void)state;
    assert_cost(0.2, 0, "3.6 s: 18 x 0.2 s");
    assert_cost(INFINITY, 2.6, "more than 47 s: 18 x more than 2.6 s");
    assert_cost(INFINITY, 0, "no time was left for its pilot");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_core_brings_its_companions),
        cmocka_unit_test(what_is_its_own_has_no_runtime),
        cmocka_unit_test(a_filter_is_for_all_cases),
        cmocka_unit_test(the_standard_set_is_what_is_not_excluded),
        cmocka_unit_test(a_round_holds_what_fits),
        cmocka_unit_test(what_it_takes_is_said_as_far_as_it_is_known),
        cmocka_unit_test(alternatives_have_no_companions),
        cmocka_unit_test(what_is_set_against_one_thread_is_a_group),
        cmocka_unit_test(floors_make_groups),
        cmocka_unit_test(floors_in_a_circle_are_one_group),
        cmocka_unit_test(samples_fill_the_time_within_limits),
        cmocka_unit_test(pilots_are_short),
        cmocka_unit_test(subjects_take_turns),
        cmocka_unit_test(what_is_dear_runs_less_often),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
