/* Cases compared by what was counted of them. */
#include "compare/counted.h"

#include "check.h"
#include "made_up.h"

static const struct tb_demand by_instructions = {
    .margin = 0.005, .alpha = 0.001, .metric = TB_INSTRUCTIONS};

/* A side whose first case was counted so often. */
static void fill_counted(struct fixture *fixture, const char *counter, const double *counts,
                         size_t count)
{
    fill(fixture, &session, 1);
    for (size_t i = 0; i < count; i++)
        tb_count_add(fixture->records, TB_INSTRUCTIONS, counter, 1000, counts[i]);
}

static void one_per_cent_of_what_repeats_is_found_in_one_round(void **state)
{
    static const struct {
        double factor;
        enum tb_verdict verdict;
    } known[] = {{1, TB_SAME}, {1.01, TB_SLOWER}, {1 / 1.01, TB_FASTER}, {1.004, TB_SAME}};

    (void)state;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        const double old = 2152, new = old *known[i].factor;
        struct fixture before, after;
        struct tb_comparison comparison;

        fill_counted(&before, "perf", &old, 1);
        fill_counted(&after, "perf", &new, 1);
        comparison = compare(&before, &after, &by_instructions);
        assert_int_equal(comparison.rows->test.verdict, known[i].verdict);
        assert_string_equal(comparison.rows->test.statistic, "instructions");
        assert_true(fabs(comparison.rows->new_value - new) < 1e-3); /* seven digits are kept */
        assert_true(comparison.rows->varies == 0 && isnan(comparison.rows->shifts[0]));
        assert_null(comparison.rows->tail.statistic);
        finish(&comparison, &before, &after);
    }
}

/* Two rounds that differ are too few for a test, which takes their place. */
static void what_does_not_repeat_is_left_to_a_test(void **state)
{
    static const double old[] = {1000, 1100}, new[] = {2000, 2200};
    double many[ROUNDS], more[ROUNDS];
    struct fixture before, after;
    struct tb_comparison comparison;

    (void)state;
    fill_counted(&before, "perf", old, 2);
    fill_counted(&after, "perf", new, 2);
    comparison = compare(&before, &after, &by_instructions);
    assert_int_equal(comparison.rows->test.verdict, TB_INCONCLUSIVE);
    assert_true(comparison.rows->test.powerless);
    assert_near(comparison.rows->varies, 100.0 / 1100);
    finish(&comparison, &before, &after);

    for (size_t i = 0; i < ROUNDS; i++) {
        many[i] = 1000 * noise();
        more[i] = 1100 * noise();
    }
    fill_counted(&before, "perf", many, ROUNDS);
    fill_counted(&after, "perf", more, ROUNDS);
    comparison = compare(&before, &after, &by_instructions);
    assert_int_equal(comparison.rows->test.verdict, TB_SLOWER);
    finish(&comparison, &before, &after);
}

static void what_was_not_counted_alike_is_not_compared(void **state)
{
    const double count = 2152;
    struct fixture before, after;
    struct tb_comparison comparison;

    (void)state;
    fill_counted(&before, "perf", &count, 1);
    fill_counted(&after, "valgrind", &count, 1);
    tb_count_refuse(after.records + 1, TB_INSTRUCTIONS, "valgrind is missing");
    comparison = compare(&before, &after, &by_instructions);
    assert_string_equal(comparison.rows[0].reason,
                        "counted by perf and by valgrind, which do not count alike");
    assert_string_equal(comparison.rows[1].reason, "instructions not counted on the old side");
    assert_true(comparison.rows[0].uncompared);
    finish(&comparison, &before, &after);

    fill_counted(&before, "perf", &count, 1);
    fill(&after, &session, 1);
    tb_count_refuse(after.records, TB_INSTRUCTIONS, "valgrind is missing");
    comparison = compare(&before, &after, &by_instructions);
    assert_string_equal(comparison.rows->reason,
                        "instructions not counted on the new side: valgrind is missing");
    finish(&comparison, &before, &after);
}

/* The machine drifts; the number of its instructions does not. */
static void two_sessions_need_no_more(void **state)
{
    const double old = 2152, new = 2200;
    struct fixture before, after;
    struct tb_comparison comparison;

    (void)state;
    fill(&before, &session, 1);
    fill(&after, &other_session, 1);
    tb_count_add(before.records, TB_INSTRUCTIONS, "perf", 1000, old);
    tb_count_add(after.records, TB_INSTRUCTIONS, "perf", 1000, new);
    comparison = compare(&before, &after, &by_instructions);
    assert_false(comparison.drifts);
    assert_int_equal(comparison.rows->test.verdict, TB_SLOWER);
    finish(&comparison, &before, &after);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_per_cent_of_what_repeats_is_found_in_one_round),
        cmocka_unit_test(what_does_not_repeat_is_left_to_a_test),
        cmocka_unit_test(what_was_not_counted_alike_is_not_compared),
        cmocka_unit_test(two_sessions_need_no_more),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
