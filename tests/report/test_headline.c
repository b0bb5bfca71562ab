/* The first line of a comparison. */
#include "report/headline.h"

#include <math.h>
#include <stdint.h>

#include "check.h"
#include "util/memory.h"

static const struct tb_page plain = {.width = SIZE_MAX};

static struct tb_compared row_of(const char *name, double ratio, enum tb_verdict verdict)
{
    return (struct tb_compared){
        .name = name,
        .test = {"p10",
                 {.pairs = 20, .ratio = ratio, .low = ratio - 0.005, .high = ratio + 0.0071},
                 verdict},
        .old_s = 0.1,
        .new_s = 0.1,
    };
}

static struct tb_comparison comparison_of(struct tb_compared *rows, size_t count)
{
    return (struct tb_comparison){.old = "old",
                                  .new = "new",
                                  .rule = {.margin = 0.02},
                                  .alpha = 0.001,
                                  .fewest = 14,
                                  .rows = rows,
                                  .count = count};
}

static void assert_line(const struct tb_page *page, struct tb_comparison *comparison,
                        const char *expected)
{
    tb_autofree char *text =
        tb_headline_text(page, &(struct tb_comparisons){.each = comparison, .count = 1});

    assert_string_equal(text, expected);
}

static void regressions_are_named(void **state)
{
    struct tb_compared rows[] = {row_of("call", 1.0641, TB_SLOWER), row_of("b", 1, TB_SAME),
                                 row_of("_join_", 1.03, TB_SLOWER)};
    struct tb_comparison comparison = comparison_of(rows, 3);
    struct tb_page markdown = tb_page_markdown(stdout);

    (void)state;
    assert_line(&plain, &comparison,
                "REGRESSION in 2 of 3: call +6.4 % [5.9, 7.1], _join_ +3.0 % [2.5, 3.7]");
    assert_line(&markdown, &comparison,
                "REGRESSION in 2 of 3: call +6.4 % [5.9, 7.1], \\_join\\_ +3.0 % [2.5, 3.7]");
    rows[0].test.effect.ratio = rows[0].test.effect.high = 1e9;
    rows[2] = row_of("tail", 1, TB_SAME);
    rows[2].tail = (struct tb_test){"p99", {.ratio = 2, .low = NAN, .high = NAN}, TB_SLOWER};
    assert_line(&plain, &comparison,
                "REGRESSION in 2 of 3: call +1e+11 % [5.91, 1e+11], tail p99 +100.0 %");
}

/* An alarm does not hide what else went wrong. */
static void a_regression_counts_what_failed(void **state)
{
    struct tb_compared rows[] = {row_of("call", 1.0641, TB_SLOWER), row_of("b", 1, TB_SAME),
                                 row_of("c", 1, TB_SAME), row_of("d", 1, TB_SAME)};
    struct tb_comparison comparison = comparison_of(rows, 4);
    char reason[] = "went wrong";

    (void)state;
    rows[1].reason = rows[2].reason = reason;
    rows[1].new_failed = rows[2].old_failed = true;
    assert_line(&plain, &comparison, "REGRESSION in 1 of 4 (2 failed): call +6.4 % [5.9, 7.1]");
    rows[2].old_failed = false;
    rows[2].uncompared = true;
    assert_line(&plain, &comparison,
                "REGRESSION in 1 of 4 (1 failed, 1 not compared): call +6.4 % [5.9, 7.1]");
    rows[1].new_failed = false;
    assert_line(&plain, &comparison,
                "REGRESSION in 1 of 3 (1 not compared): call +6.4 % [5.9, 7.1]; 1 missing");
}

static void of_many_regressions_the_worst_are_named(void **state)
{
    static const char *const names[] = {"a", "b", "c", "d", "e"};
    const struct tb_page fancy = {.width = SIZE_MAX, .utf8 = true};
    struct tb_compared rows[5];
    struct tb_comparison comparison = comparison_of(rows, 5);

    (void)state;
    for (size_t i = 0; i < 5; i++)
        rows[i] = row_of(names[i], 1.5 - 0.1 * (double)i, TB_SLOWER);
    assert_line(&plain, &comparison,
                "REGRESSION in 5 of 5: a +50.0 % [49.5, 50.7], b +40.0 % [39.5, 40.7], c +30.0 % "
                "[29.5, 30.7], ...");
    assert_line(&fancy, &comparison,
                "REGRESSION in 5 of 5: a +50.0 % [49.5, 50.7], b +40.0 % [39.5, 40.7], c +30.0 % "
                "[29.5, 30.7], \u2026");
}

static void digits_are_those_of_the_interval(void **state)
{
    struct tb_compared rows[] = {row_of("call", 1.5, TB_SLOWER)};
    struct tb_comparison comparison = comparison_of(rows, 1);

    (void)state;
    rows[0].test.effect.low = 1.3;
    rows[0].test.effect.high = 1.724;
    assert_line(&plain, &comparison, "REGRESSION in 1 of 1: call +50 % [30, 72]");
}

static void good_news_say_what_was_shown(void **state)
{
    struct tb_compared rows[] = {row_of("a", 1, TB_SAME), row_of("b", 1, TB_SAME),
                                 row_of("c", 1, TB_SAME)};
    struct tb_comparison comparison = comparison_of(rows, 3);
    char reason[] = "only on the new side";

    (void)state;
    assert_line(&plain, &comparison, "NO REGRESSION: each of 3 within 2 %");
    rows[0] = row_of("a", 0.9, TB_FASTER);
    rows[2].reason = reason;
    assert_line(&plain, &comparison,
                "NO REGRESSION: 1 of 2 faster: a -10.0 % [-10.5, -9.3]; the other 1 within 2 "
                "%; 1 missing");
    comparison.count = 1;
    comparison.unit = TB_UNIT_REPETITION;
    assert_line(&plain, &comparison,
                "NO REGRESSION: 1 of 1 faster: a -10.0 % [-10.5, -9.3]; drift between the two runs "
                "is not accounted for ('threadbench ab', or 13 more runs a side, would)");
}

static void what_is_not_decided_says_what_would_decide_it(void **state)
{
    struct tb_compared rows[] = {row_of("a", 1.01, TB_INCONCLUSIVE), row_of("b", 1, TB_SAME)};
    struct tb_comparison comparison = comparison_of(rows, 2);

    (void)state;
    assert_line(
        &plain, &comparison,
        "INCONCLUSIVE: 1 of 2 inconclusive, at worst a +1.0 % [0.5, 1.7]; more rounds would "
        "hardly decide, a larger --margin might");
    rows[0].test.effect.pairs_needed = 40;
    assert_line(&plain, &comparison,
                "INCONCLUSIVE: 1 of 2 inconclusive, at worst a +1.0 % [0.5, 1.7]; about 40 more "
                "rounds (about 8 s) would decide, or fewer cases (--filter)");
    rows[0].test.effect.pairs_needed = 4000;
    assert_line(&plain, &comparison,
                "INCONCLUSIVE: 1 of 2 inconclusive, at worst a +1.0 % [0.5, 1.7]; about 4000 more "
                "rounds (about 13 min) would decide, or fewer cases (--filter)");
    comparison.unit = TB_UNIT_REPETITION;
    assert_line(&plain, &comparison,
                "INCONCLUSIVE: 1 of 2 inconclusive, at worst a +1.0 % [0.5, 1.7]; about 4000 more "
                "repetitions a side would decide; drift between the two runs is not accounted for "
                "('threadbench ab', or 13 more runs a side, would)");
    comparison.unit = TB_UNIT_ROUND;
    rows[0].test.effect.pairs = 4;
    rows[0].test.powerless = true;
    rows[0].new_s = NAN;
    assert_line(
        &plain, &comparison,
        "INCONCLUSIVE: 1 of 2 inconclusive, at worst a +1.0 % [0.5, 1.7]; 4 rounds can give "
        "no alarm at alpha 0.1 %: 14 are needed, 10 more, or fewer cases (--filter)");
    comparison.unit = TB_UNIT_SESSION;
    rows[0].test.effect.pairs = 1;
    assert_line(&plain, &comparison,
                "INCONCLUSIVE: 1 of 2 inconclusive, at worst a +1.0 % [0.5, 1.7]; 1 run a side can "
                "give no alarm at alpha 0.1 %: 14 are needed, 13 more, or 'threadbench ab'");
}

static void what_has_no_verdict_is_counted(void **state)
{
    struct tb_compared rows[] = {row_of("a", 1, TB_SAME), row_of("b", 1, TB_SAME),
                                 row_of("c", 1, TB_SAME)};
    struct tb_comparison comparison = comparison_of(rows, 3);
    char reason[] = "never measured on both sides";

    (void)state;
    rows[0].reason = rows[1].reason = reason;
    rows[0].new_failed = rows[1].uncompared = true;
    assert_line(&plain, &comparison, "INCONCLUSIVE: 1 of 3 failed, 1 of 3 not compared");
    rows[0].new_failed = rows[1].uncompared = false;
    comparison.count = 2;
    assert_line(&plain, &comparison, "INCONCLUSIVE: 2 missing");
    comparison.count = 0;
    assert_line(&plain, &comparison, "INCONCLUSIVE: there is no such case");
}

/* It is the first of a log, but broken where a terminal would break it anywhere. */
static void it_is_one_line(void **state)
{
    struct tb_compared rows[] = {row_of("a/long/name", 1.0641, TB_SLOWER),
                                 row_of("b/long/name", 1.0641, TB_SLOWER)};
    struct tb_comparison comparison = comparison_of(rows, 2);
    const struct tb_comparisons one = {&comparison, 1};
    tb_autofree char *file = NULL, *terminal = NULL;
    size_t size;
    struct tb_page page = {.out = tb_open_text(&file, &size), .width = 40};

    (void)state;
    tb_headline_put(&page, &one);
    (void)fclose(page.out); /* in memory, as below */
    assert_string_equal(file, "REGRESSION in 2 of 2: a/long/name +6.4 % [5.9, 7.1], b/long/name "
                              "+6.4 % [5.9, 7.1]\n\n");
    page = (struct tb_page){.out = tb_open_text(&terminal, &size), .width = 40, .terminal = true};
    tb_headline_put(&page, &one);
    (void)fclose(page.out);
    assert_string_equal(terminal, "REGRESSION in 2 of 2: a/long/name +6.4 %\n"
                                  "    [5.9, 7.1], b/long/name +6.4 % [5.9,\n"
                                  "    7.1]\n\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(regressions_are_named),
        cmocka_unit_test(a_regression_counts_what_failed),
        cmocka_unit_test(of_many_regressions_the_worst_are_named),
        cmocka_unit_test(digits_are_those_of_the_interval),
        cmocka_unit_test(good_news_say_what_was_shown),
        cmocka_unit_test(what_is_not_decided_says_what_would_decide_it),
        cmocka_unit_test(what_has_no_verdict_is_counted),
        cmocka_unit_test(it_is_one_line),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
