/* Comparisons of results that were made up: what decides, what cannot be compared. */
#include "compare/compare.h"

#include "check.h"
#include "made_up.h"

static void pairs_of_one_session_give_verdicts(void **state)
{
    static const struct {
        double factor;
        enum tb_verdict verdict;
        bool alarm;
    } known[] = {{1, TB_SAME, false}, {1.1, TB_SLOWER, true}, {1 / 1.1, TB_FASTER, false}};

    (void)state;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        struct fixture old, new;
        struct tb_comparison comparison;

        fill(&old, &session, 1);
        fill(&new, &session, known[i].factor);
        comparison = compare(&old, &new, &usual);
        assert_int_equal(comparison.unit, TB_UNIT_ROUND);
        assert_int_equal(comparison.count, CASES);
        for (size_t k = 0; k < CASES; k++) {
            assert_string_equal(comparison.rows[k].name, specs[k].name);
            assert_int_equal(comparison.rows[k].test.verdict, known[i].verdict);
            assert_int_equal(comparison.rows[k].test.effect.pairs, ROUNDS);
            assert_string_equal(comparison.rows[k].test.statistic, specs[k].primary);
        }
        assert_int_equal(counts_of(&comparison).of[TB_ROW_SLOWER] > 0, known[i].alarm);
        assert_int_equal(counts_of(&comparison).decided, CASES);
        finish(&comparison, &old, &new);
    }
}

/* Of alpha, a fifth is the tails'; what other comparisons of the session share is theirs. */
static void alpha_is_shared_out(void **state)
{
    struct tb_demand demand = usual;
    struct fixture old, new;
    struct tb_comparison comparison;

    (void)state;
    demand.others = 1;
    demand.look_share = 0.2;
    fill(&old, &session, 1);
    fill(&new, &session, 1);
    comparison = compare(&old, &new, &demand);
    assert_near(comparison.rule.alpha, 0.0008);
    assert_near(comparison.alpha, 0.01);
    assert_near(comparison.look_share, 0.2);
    finish(&comparison, &old, &new);
}

static void rounds_of_one_side_alone_are_no_pairs(void **state)
{
    static const unsigned olds[] = {0, 1, 2, 5, 6, 9}, news[] = {1, 2, 3, 4, 6, 7, 8, 9, 10};
    struct fixture old, new;
    struct tb_comparison comparison;

    (void)state;
    fixture_init(&old, &session);
    fixture_init(&new, &session);
    for (size_t i = 0; i < sizeof olds / sizeof *olds; i++)
        add(&old, 0, olds[i], 100 + olds[i], 0);
    for (size_t i = 0; i < sizeof news / sizeof *news; i++)
        add(&new, 0, news[i], (100 + news[i]) * 3, 0);
    comparison = compare(&old, &new, &usual);
    assert_int_equal(comparison.rows[0].test.effect.pairs, 4); /* 1, 2, 6 and 9 */
    assert_near(comparison.rows[0].test.effect.ratio, 3);
    assert_near(comparison.rows[0].old_value, 104);
    finish(&comparison, &old, &new);
    fixture_init(&old, &session);
    fixture_init(&new, &session);
    add(&old, 0, 1, 100, 0);
    add(&new, 0, 2, 100, 0);
    comparison = compare(&old, &new, &usual); /* none at all */
    assert_string_equal(comparison.rows[0].reason, "no round was measured on both sides");
    assert_near(comparison.rows[0].old_value, 100);
    assert_int_equal(counts_of(&comparison).compared, 0);
    finish(&comparison, &old, &new);
}

/* Another unit, or a value that has no ratio, in any of the documents. */
static void what_has_no_ratio_says_why(void **state)
{
    static const struct tb_case bytes = {
        .name = "one", .primary = "p10", .unit = "bytes", .block = 1};
    struct tb_demand demand = usual;
    struct fixture old, new;
    struct tb_comparison comparison;

    (void)state;
    demand.force = true;
    fill(&old, &session, 1);
    fill(&new, &session, 1);
    old.records[0].spec = &bytes;
    new.records[1].repetitions[7].values[0] = 0; /* its mean */
    new.records[2].repetitions[7].values[0] = -1;
    comparison = compare(&old, &new, &demand);
    assert_string_equal(comparison.rows[0].reason, "it does not count the same everywhere");
    assert_contains(comparison.rows[1].reason, "not above 0");
    assert_contains(comparison.rows[2].reason, "not above 0");
    assert_int_equal(counts_of(&comparison).compared, 0);
    finish(&comparison, &old, &new);
}

static void a_moved_tail_is_called_one(void **state)
{
    struct fixture old, new;
    struct tb_comparison comparison;
    const struct tb_compared *row;

    (void)state;
    fill(&old, &session, 1);
    fixture_init(&new, &session);
    for (unsigned round = 0; round < ROUNDS; round++) {
        double p10 = 1000 * noise();

        add(&new, 0, round, p10, 20000 * noise());
        add(&new, 2, round, p10, 5000);
    }
    comparison = compare(&old, &new, &usual);
    row = &comparison.rows[0];
    assert_int_equal(row->test.verdict, TB_SAME);
    assert_string_equal(row->tail.statistic, "p99");
    assert_int_equal(row->tail.verdict, TB_SLOWER);
    assert_true(row->tail.effect.ratio > 3.9 && row->tail.effect.ratio < 4.1);
    assert_true(counts_of(&comparison).of[TB_ROW_SLOWER] > 0);
    assert_true(row->shifts[0] > 0.98 && row->shifts[0] < 1.02);
    assert_null(comparison.rows[2].tail.statistic); /* means of blocks have none */
    finish(&comparison, &old, &new);
}

/* That the tail is faster says nothing of the rest; a bound of 0 has no ratio. */
static void a_faster_tail_decides_no_case(void **state)
{
    struct tb_demand demand = {.margin = 0, .alpha = 0.01};
    struct fixture old, new;
    struct tb_comparison comparison;

    (void)state;
    fixture_init(&old, &session);
    fixture_init(&new, &session);
    for (unsigned round = 0; round < ROUNDS; round++) {
        double was = 1000 * noise(), is = 1000 * noise(); /* drawn first, whatever the compiler */

        add(&old, 0, round, was, 20000);
        add(&new, 0, round, is, 5000);
    }
    for (size_t i = 0; i < ROUNDS / 4; i++)
        old.records[0].pooled[0].bins[i].lower_ns = 0;
    comparison = compare(&old, &new, &demand);
    comparison.count = 1;
    assert_int_equal(comparison.rows[0].test.verdict, TB_INCONCLUSIVE);
    assert_int_equal(comparison.rows[0].tail.verdict, TB_FASTER);
    assert_false(tb_reports_tail(&comparison.rows[0]));
    assert_int_equal(counts_of(&comparison).of[TB_ROW_INCONCLUSIVE], 1);
    assert_true(isnan(comparison.rows[0].shifts[0]));
    comparison.count = CASES;
    finish(&comparison, &old, &new);
}

/* A process that lacks the deciding field, or the tail's, brings the mean in for all. */
static void the_mean_stands_in(void **state)
{
    struct fixture old, new;
    struct tb_comparison comparison;

    (void)state;
    fill(&old, &session, 1);
    fill(&new, &session, 1);
    add(&old, 0, ROUNDS, 0, 5000);
    add(&new, 0, ROUNDS, 1000, 5000);
    add(&new, 1, ROUNDS, 1000, 0);
    comparison = compare(&old, &new, &usual);
    assert_string_equal(comparison.rows[0].test.statistic, "mean");
    assert_int_equal(comparison.rows[0].test.effect.pairs, ROUNDS + 1);
    assert_string_equal(comparison.rows[0].tail.statistic, "p99");
    assert_string_equal(comparison.rows[1].test.statistic, "p10");
    assert_string_equal(comparison.rows[1].tail.statistic, "mean");
    finish(&comparison, &old, &new);
}

static void what_is_not_there_says_why(void **state)
{
    struct fixture old, new;
    struct tb_comparison comparison;

    (void)state;
    fill(&old, &session, 1);
    fill(&new, &session, 1.1);
    tb_record_end(&new.records[0], TB_FAILED, "killed by signal 11"); /* after all those rounds */
    new.records[1].role = TB_LEFT_OUT;
    new.records[1].spec = &specs[2];
    new.records[2].spec = &specs[2];
    new.result.count = 1;
    comparison = compare(&old, &new, &usual);
    assert_int_equal(comparison.count, CASES);
    assert_string_equal(comparison.rows[0].reason, "failed on the new side: killed by signal 11");
    assert_string_equal(comparison.rows[1].reason, "only on the old side");
    assert_true(counts_of(&comparison).of[TB_ROW_FAILED] > 0);
    assert_int_equal(counts_of(&comparison).old_failed, 0);
    assert_false(counts_of(&comparison).of[TB_ROW_SLOWER] > 0);
    assert_int_equal(counts_of(&comparison).decided, 0);
    finish(&comparison, &old, &new);
}

/* What ended half-way has some rounds, of which there will be no more; a failure is told first. */
static void what_ended_half_way_says_why(void **state)
{
    struct fixture old, new;
    struct tb_comparison comparison;

    (void)state;
    fill(&old, &session, 1);
    fill(&new, &session, 1.1);
    tb_record_end(&new.records[0], TB_SKIPPED, "needs two CPUs");
    tb_record_end(&old.records[1], TB_FAILED, "out of luck");
    tb_record_end(&new.records[1], TB_SKIPPED, "needs two CPUs");
    tb_record_end(&old.records[2], TB_SKIPPED, "no privilege");
    tb_record_end(&new.records[2], TB_SKIPPED, "no privilege");
    comparison = compare(&old, &new, &usual);
    assert_string_equal(comparison.rows[0].reason, "skipped on the new side: needs two CPUs");
    assert_string_equal(comparison.rows[1].reason, "failed on the old side: out of luck");
    assert_string_equal(comparison.rows[2].reason, "skipped on both sides: no privilege");
    assert_int_equal(counts_of(&comparison).old_failed, 1);
    assert_true(comparison.rows[0].old_value > 980); /* it was measured */
    finish(&comparison, &old, &new);
}

static void what_was_never_measured_says_why(void **state)
{
    struct fixture old, new;
    struct tb_comparison comparison;

    (void)state;
    fixture_init(&old, &session);
    fill(&new, &session, 1);
    tb_record_end(&old.records[0], TB_SKIPPED, "needs two CPUs");
    comparison = compare(&old, &new, &usual);
    assert_string_equal(comparison.rows[0].reason, "skipped on the old side: needs two CPUs");
    assert_string_equal(comparison.rows[1].reason, "never measured on the old side");
    assert_false(counts_of(&comparison).of[TB_ROW_FAILED] > 0);
    finish(&comparison, &old, &new);
}

static void a_changed_benchmark_is_not_compared(void **state)
{
    cJSON *versions[] = {cJSON_Parse("{\"version\":\"1\"}"), cJSON_Parse("{\"version\":\"2\"}")};
    struct tb_demand demand = usual;
    struct fixture old, new;
    struct tb_comparison comparison;

    (void)state;
    specs[0].source = versions[0];
    specs[CASES].source = versions[1];
    fill(&old, &session, 1);
    fill(&new, &session, 1.1);
    new.records[0].spec = &specs[CASES];
    comparison = compare(&old, &new, &usual);
    assert_contains(comparison.rows[0].reason, "has changed");
    assert_null(comparison.rows[1].reason);
    tb_comparison_finish(&comparison);
    demand.force = true;
    comparison = compare(&old, &new, &demand);
    assert_int_equal(comparison.rows[0].test.verdict, TB_SLOWER);
    finish(&comparison, &old, &new);
    specs[0].source = NULL;
    cJSON_Delete(versions[0]);
    cJSON_Delete(versions[1]);
}

/* A coarse clock gives every process the same value. */
static void equal_values_are_no_alarm(void **state)
{
    struct tb_demand demand = usual;
    struct fixture old, new;
    struct tb_comparison comparison;

    (void)state;
    fixture_init(&old, &session);
    fixture_init(&new, &session);
    for (unsigned round = 0; round < ROUNDS; round++) {
        add(&old, 0, round, 5, 20);
        add(&new, 0, round, 5, 20);
    }
    comparison = compare(&old, &new, &usual);
    assert_int_equal(comparison.rows[0].test.verdict, TB_SAME);
    assert_near(comparison.rows[0].shifts[1], 1);
    tb_comparison_finish(&comparison);
    demand.margin = 0;
    comparison = compare(&old, &new, &demand);
    assert_int_equal(comparison.rows[0].test.verdict, TB_INCONCLUSIVE);
    assert_false(counts_of(&comparison).of[TB_ROW_SLOWER] > 0);
    finish(&comparison, &old, &new);
}

/* Wherever they are, and whatever variables env sets for one of them. */
static void the_same_bytes_are_the_same_program(void **state)
{
    static const struct {
        const char *old, *new;
        bool same;
    } known[] = {
        {"[{\"path\":\"a/suite\",\"size\":7,\"crc32\":5}]",
         "[{\"path\":\"bin/env\",\"size\":1,\"crc32\":1},"
         "{\"path\":\"b/suite\",\"size\":7,\"crc32\":5}]",
         true},
        {"[{\"path\":\"a/suite\",\"size\":7,\"crc32\":5}]",
         "[{\"path\":\"a/suite\",\"size\":7,\"crc32\":6}]", false},
        {"[{\"path\":\"a/suite\",\"size\":7,\"crc32\":5}]",
         "[{\"path\":\"a/suite\",\"size\":7,\"crc32\":5},{\"path\":\"x\",\"size\":1,\"crc32\":1}]",
         false},
        {"[{\"path\":\"a/huge\",\"size\":7}]", "[{\"path\":\"a/huge\",\"size\":7}]", false},
        {"[]", "[]", false},
        {"null", "3", false},
    };

    static char program[] = "suite";
    char *words[] = {program, NULL};

    (void)state;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        struct tb_subject subjects[] = {{.words = words, .files = cJSON_Parse(known[i].old)},
                                        {.words = words, .files = cJSON_Parse(known[i].new)}};
        struct fixture old, new;
        struct tb_comparison comparison;

        fill(&old, &session, 1);
        fill(&new, &session, 1);
        old.result.subject = &subjects[0];
        new.result.subject = &subjects[1];
        comparison = compare(&old, &new, &usual);
        assert_int_equal(comparison.same_program, known[i].same);
        finish(&comparison, &old, &new);
        cJSON_Delete(subjects[0].files);
        cJSON_Delete(subjects[1].files);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pairs_of_one_session_give_verdicts),
        cmocka_unit_test(alpha_is_shared_out),
        cmocka_unit_test(rounds_of_one_side_alone_are_no_pairs),
        cmocka_unit_test(what_has_no_ratio_says_why),
        cmocka_unit_test(a_moved_tail_is_called_one),
        cmocka_unit_test(a_faster_tail_decides_no_case),
        cmocka_unit_test(the_mean_stands_in),
        cmocka_unit_test(what_is_not_there_says_why),
        cmocka_unit_test(what_ended_half_way_says_why),
        cmocka_unit_test(what_was_never_measured_says_why),
        cmocka_unit_test(a_changed_benchmark_is_not_compared),
        cmocka_unit_test(equal_values_are_no_alarm),
        cmocka_unit_test(the_same_bytes_are_the_same_program),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
