/* What of two sides belongs together, by what comes of comparing it. */
#include "compare/pairing.h"

#include "check.h"
#include "made_up.h"

/* Of which those without a name are each one of their own. */
static const struct tb_settings sessions[] = {{.session = "1"}, {.session = "2"}, {.session = "3"},
                                              {.session = "4"}, {.session = "5"}, {.session = ""}};
static const struct tb_settings others[] = {{.session = ""},  {.session = "7"}, {.session = ""},
                                            {.session = "8"}, {.session = ""},  {.session = "9"}};

static void sessions_are_the_unit_across_them(void **state)
{
    struct fixture old[6], new[6];
    const struct tb_result *olds[6], *news[6];
    struct tb_demand demand = usual;
    struct tb_comparison comparison;
    regex_t filter;

    (void)state;
    assert_int_equal(regcomp(&filter, "^one$", REG_NOSUB), 0);
    demand.filter = &filter;
    for (size_t i = 0; i < 6; i++) {
        fill(&old[i], &sessions[i], 1);
        fill(&new[i], &others[i], 1.1);
        olds[i] = &old[i].result;
        news[i] = &new[i].result;
    }
    comparison = tb_compare(&(struct tb_side){olds, 1}, &(struct tb_side){news, 2}, &demand);
    assert_int_equal(comparison.unit, TB_UNIT_SESSION);
    assert_int_equal(comparison.count, 1);
    assert_int_equal(comparison.rows[0].test.verdict,
                     TB_INCONCLUSIVE); /* many processes, but one session */
    assert_null(comparison.rows[0].tail.statistic);
    tb_comparison_finish(&comparison);
    comparison = tb_compare(&(struct tb_side){olds, 6}, &(struct tb_side){news, 6}, &demand);
    assert_int_equal(comparison.rows[0].test.effect.pairs, 6);
    assert_near(comparison.rows[0].test.effect.p_slower, 1.0 / 924); /* 12 over 6 */
    assert_int_equal(comparison.rows[0].test.verdict, TB_SLOWER);
    tb_comparison_finish(&comparison);
    demand.pair = true;
    comparison = tb_compare(&(struct tb_side){olds, 6}, &(struct tb_side){news, 6}, &demand);
    assert_int_equal(comparison.rows[0].test.effect.pairs, 6 * ROUNDS);
    tb_comparison_finish(&comparison);
    for (size_t i = 0; i < 6; i++) {
        fixture_finish(&old[i]);
        fixture_finish(&new[i]);
    }
    regfree(&filter);
}

/* Those of a side's only session. */
static void processes_are_the_unit_between_two_sessions(void **state)
{
    static const double factors[] = {1.1, 1, 1 / 1.1};
    static const enum tb_verdict verdicts[] = {TB_SLOWER, TB_SAME, TB_FASTER};
    struct fixture old, new;
    struct tb_comparison comparison;

    (void)state;
    fill(&old, &session, 1);
    for (size_t i = 0; i < sizeof factors / sizeof *factors; i++) {
        fill(&new, &other_session, factors[i]);
        comparison = compare(&old, &new, &usual);
        assert_int_equal(comparison.unit, TB_UNIT_REPETITION);
        assert_int_equal(comparison.fewest, 6); /* 1 / (12 over 6) <= 1 % * 0.8 / 3 / 2 */
        assert_int_equal(comparison.rows[0].test.effect.pairs, ROUNDS);
        assert_int_equal(comparison.rows[0].test.verdict, verdicts[i]);
        assert_null(comparison.rows[0].tail.statistic);
        tb_comparison_finish(&comparison);
        fixture_finish(&new);
    }
    fixture_finish(&old);
}

static void few_processes_show_nothing(void **state)
{
    struct fixture old, new;
    struct tb_comparison comparison;

    (void)state;
    fill_rounds(&old, &session, 1, 5);
    fill(&new, &other_session, 9);
    comparison = compare(&old, &new, &usual);
    assert_int_equal(comparison.rows[0].test.effect.pairs, 5); /* of the side with fewer */
    tb_comparison_finish(&comparison);
    fixture_finish(&new);
    fill_rounds(&new, &other_session, 9, 5);
    comparison = compare(&old, &new, &usual);
    assert_int_equal(comparison.rows[0].test.verdict, TB_INCONCLUSIVE);
    assert_int_equal(comparison.rows[0].test.effect.pairs_needed, 1);
    finish(&comparison, &old, &new);
    fill_rounds(&old, &session, 1, 6);
    fill_rounds(&new, &other_session, 9, 6);
    comparison = compare(&old, &new, &usual);
    assert_int_equal(comparison.rows[0].test.verdict, TB_SLOWER);
    finish(&comparison, &old, &new);
}

/* Whatever there is besides, each process of a side is in one pair at most, and each session counts
 * once. */
static void nothing_counts_twice(void **state)
{
    static const struct tb_settings third = {.session = "3"};
    struct fixture a, b, c, d;
    const struct tb_result *ab[] = {&a.result, &b.result}, *dc[] = {&d.result, &c.result};
    struct tb_comparison comparison;

    (void)state;
    fill(&a, &session, 1);
    fill(&b, &session, 1.3);
    fill(&c, &session, 1.1);
    fill(&d, &other_session, 1.5);
    comparison = tb_compare(&(struct tb_side){ab, 2}, &(struct tb_side){dc, 2}, &usual);
    assert_int_equal(comparison.unit, TB_UNIT_ROUND); /* a and c */
    assert_int_equal(comparison.left_out, 2);
    assert_int_equal(comparison.rows[0].test.effect.pairs, ROUNDS);
    assert_true(fabs(comparison.rows[0].test.effect.ratio - 1.1) < 0.01);
    tb_comparison_finish(&comparison);
    c.result.settings = &other_session;
    a.result.settings = b.result.settings = &third;
    comparison = tb_compare(&(struct tb_side){ab, 2}, &(struct tb_side){dc, 2}, &usual);
    assert_int_equal(comparison.unit, TB_UNIT_REPETITION);
    assert_int_equal(comparison.left_out, 2);
    assert_int_equal(comparison.rows[0].test.effect.pairs, ROUNDS);
    assert_true(fabs(comparison.rows[0].test.effect.ratio - 1.5) < 0.02); /* d to a */
    tb_comparison_finish(&comparison);
    fixture_finish(&a);
    fixture_finish(&b);
    fixture_finish(&c);
    fixture_finish(&d);
}

/* Be it on both sides, alone or beside another of its session. */
static void no_run_is_compared_with_itself(void **state)
{
    struct fixture a, b;
    const struct tb_result *first = &a.result, *both[] = {&a.result, &b.result};
    struct tb_comparison comparison;

    (void)state;
    fill(&a, &session, 1);
    fill(&b, &session, 1.1);
    strcpy(a.result.run_id, "a");
    strcpy(b.result.run_id, "b");
    comparison = tb_compare(&(struct tb_side){&first, 1}, &(struct tb_side){both, 2}, &usual);
    assert_int_equal(comparison.unit, TB_UNIT_ROUND);
    assert_int_equal(comparison.left_out, 1);
    assert_int_equal(comparison.rows[0].test.verdict, TB_SLOWER);
    tb_comparison_finish(&comparison);
    comparison = tb_compare(&(struct tb_side){&first, 1}, &(struct tb_side){&first, 1}, &usual);
    assert_int_equal(comparison.unit, TB_UNIT_REPETITION);
    finish(&comparison, &a, &b);
}

/* Sessions are alike by the subject that was named first, whatever the order they are read in. */
static void the_first_subject_stands_for_a_session(void **state)
{
    struct fixture base, tuned, later;
    const struct tb_result *olds[] = {&tuned.result, &base.result}, *new = &later.result;
    struct tb_comparison comparison;

    (void)state;
    fill(&base, &session, 1);
    fill(&tuned, &session, 2);
    fill(&later, &other_session, 1);
    tuned.result.place = 1;
    comparison = tb_compare(&(struct tb_side){olds, 2}, &(struct tb_side){&new, 1}, &usual);
    assert_int_equal(comparison.left_out, 1);
    assert_true(fabs(comparison.rows[0].test.effect.ratio - 1) < 0.02);
    finish(&comparison, &base, &tuned);
    fixture_finish(&later);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sessions_are_the_unit_across_them),
        cmocka_unit_test(processes_are_the_unit_between_two_sessions),
        cmocka_unit_test(few_processes_show_nothing),
        cmocka_unit_test(nothing_counts_twice),
        cmocka_unit_test(no_run_is_compared_with_itself),
        cmocka_unit_test(the_first_subject_stands_for_a_session),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
