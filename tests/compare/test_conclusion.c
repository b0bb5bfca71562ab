/* What is concluded from comparisons, worst case first, and what would decide the rest. */
#include "compare/conclusion.h"

#include <math.h>

#include "check.h"

/* A case whose ratio and verdict are these. */
static struct tb_compared row_of(const char *name, double ratio, enum tb_verdict verdict)
{
    return (struct tb_compared){
        .name = name,
        .unit = "ns",
        .test = {"p10", {.pairs = 20, .ratio = ratio, .low = NAN, .high = NAN}, verdict},
        .old_s = 0.5,
        .new_s = 1,
    };
}

static struct tb_conclusion conclude(struct tb_compared *rows, size_t count)
{
    static struct tb_comparison comparison; /* which the conclusion refers to */

    comparison = (struct tb_comparison){
        .rule = {.margin = 0.02}, .alpha = 0.001, .fewest = 14, .rows = rows, .count = count};
    return tb_conclude(&(struct tb_comparisons){&comparison, 1});
}

static void the_worst_come_first(void **state)
{
    struct tb_compared rows[] = {
        row_of("a", 1.03, TB_SLOWER), row_of("b", 1.3, TB_INCONCLUSIVE),
        row_of("c", 1.05, TB_SLOWER), row_of("d", 1.01, TB_SAME),
        row_of("e", 1.2, TB_SLOWER),  row_of("f", 1.04, TB_SLOWER),
    };
    struct tb_conclusion conclusion;

    (void)state;
    rows[3].tail = (struct tb_test){"p99", {.ratio = 3}, TB_SLOWER}; /* the least of them */
    conclusion = conclude(rows, 6);
    assert_int_equal(conclusion.kind, TB_CONCLUDE_REGRESSION);
    assert_int_equal(conclusion.of, 5);
    assert_int_equal(conclusion.found, TB_FINDINGS);
    assert_string_equal(conclusion.findings[0].row->name, "e");
    assert_string_equal(conclusion.findings[1].row->name, "c");
    assert_string_equal(conclusion.findings[2].row->name, "f");
    rows[2] = rows[5] = row_of("c", 1, TB_SAME);
    conclusion = conclude(rows, 6);
    assert_string_equal(conclusion.findings[1].row->name, "a");
    assert_ptr_equal(conclusion.findings[2].test, &rows[3].tail);
}

static void no_regression_is_where_each_case_is_shown(void **state)
{
    struct tb_compared rows[] = {row_of("a", 0.9, TB_FASTER), row_of("b", 1.01, TB_SAME),
                                 row_of("c", 0.8, TB_FASTER), row_of("d", 1, TB_SAME)};
    char reason[] = "a reason";
    struct tb_conclusion conclusion = conclude(rows, 4);

    (void)state;
    assert_int_equal(conclusion.kind, TB_CONCLUDE_NO_REGRESSION);
    assert_int_equal(conclusion.of, 2);
    assert_string_equal(conclusion.findings[0].row->name, "c");
    rows[3].reason = reason; /* as where this machine cannot measure it */
    assert_int_equal(conclude(rows, 4).kind, TB_CONCLUDE_NO_REGRESSION);
    rows[3].uncompared = true;
    assert_int_equal(conclude(rows, 4).kind, TB_CONCLUDE_INCONCLUSIVE);
    rows[3].uncompared = false;
    rows[3].old_failed = true;
    assert_int_equal(conclude(rows, 4).kind, TB_CONCLUDE_INCONCLUSIVE);
    rows[3] = row_of("d", 1.01, TB_INCONCLUSIVE);
    rows[3].tail = (struct tb_test){"p99", {.ratio = 0.5}, TB_FASTER};
    assert_int_equal(conclude(rows, 4).kind, TB_CONCLUDE_INCONCLUSIVE);
    rows[3].reason = reason;
    assert_int_equal(conclude(rows + 3, 1).kind, TB_CONCLUDE_INCONCLUSIVE); /* of nothing */
    assert_int_equal(conclude(rows, 0).kind, TB_CONCLUDE_INCONCLUSIVE);
}

static void what_is_needed_is_summed_over_the_cases(void **state)
{
    struct tb_compared rows[] = {row_of("a", 1.01, TB_INCONCLUSIVE), row_of("b", 1.01, TB_SAME),
                                 row_of("c", 1.03, TB_INCONCLUSIVE),
                                 row_of("d", 1.02, TB_INCONCLUSIVE)};
    struct tb_conclusion conclusion;

    (void)state;
    rows[0].test.effect.pairs_needed = 30;
    rows[2].test.effect.pairs_needed = 10;
    rows[2].test.effect.pairs = 25;
    conclusion = conclude(rows, 4);
    assert_int_equal(conclusion.kind, TB_CONCLUDE_INCONCLUSIVE);
    assert_string_equal(conclusion.findings[0].row->name, "c");
    assert_int_equal(conclusion.units_needed, 30);
    assert_near(conclusion.seconds_needed, 30 * 1.5 + 10 * 1.5);
    assert_int_equal(conclusion.hopeless, 1);
    assert_int_equal(conclusion.most, 25);
    assert_int_equal(conclusion.runs_needed, 0);
    rows[2].old_s = NAN; /* as in another program's file */
    assert_true(isnan(conclude(rows, 4).seconds_needed));
}

/* Several subjects are compared with one, which is measured once a round for all. */
static void the_common_side_is_measured_once(void **state)
{
    struct tb_compared rows[2][1] = {{row_of("a", 1.01, TB_INCONCLUSIVE)},
                                     {row_of("a", 1.03, TB_INCONCLUSIVE)}};
    struct tb_comparison each[] = {{.rows = rows[0], .count = 1}, {.rows = rows[1], .count = 1}};
    struct tb_conclusion conclusion;

    (void)state;
    rows[0]->test.effect.pairs_needed = rows[1]->test.effect.pairs_needed = 10;
    conclusion = tb_conclude(&(struct tb_comparisons){each, 2});
    assert_near(conclusion.seconds_needed, 10 * (0.5 + 1 + 1));
    assert_ptr_equal(conclusion.findings[0].comparison, &each[1]);
    rows[0]->test.verdict = TB_SAME;
    conclusion = tb_conclude(&(struct tb_comparisons){each, 2});
    assert_near(conclusion.seconds_needed, 10 * (0.5 + 1));
}

static void drift_takes_as_many_runs_as_an_alarm_does(void **state)
{
    struct tb_compared row = row_of("a", 1.2, TB_SLOWER);
    struct tb_comparison comparison = {.rows = &row, .count = 1, .fewest = 7};

    (void)state;
    comparison.unit = TB_UNIT_REPETITION;
    assert_int_equal(tb_conclude(&(struct tb_comparisons){&comparison, 1}).runs_needed, 6);
    comparison.unit = TB_UNIT_SESSION;
    assert_int_equal(tb_conclude(&(struct tb_comparisons){&comparison, 1}).runs_needed, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_worst_come_first),
        cmocka_unit_test(no_regression_is_where_each_case_is_shown),
        cmocka_unit_test(what_is_needed_is_summed_over_the_cases),
        cmocka_unit_test(the_common_side_is_measured_once),
        cmocka_unit_test(drift_takes_as_many_runs_as_an_alarm_does),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
