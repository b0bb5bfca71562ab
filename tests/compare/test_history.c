/* Runs become series, in the order of commits: which belong together, and where they change. */
#include "compare/history.h"

#include "check.h"

#include <math.h>
#include <regex.h>
#include <stdlib.h>
#include <string.h>

#include "stats/shuffle.h"
#include "util/memory.h"

enum { RUNS = 60, CASES = 2 };

static const char here[] = "{\"host_name\":\"h\",\"threadbench\":{\"host\":{\"kernel\":"
                           "{\"release\":\"6.1\"}},\"build\":{\"compiler\":\"gcc 12\"}}}";
static const char newer[] = "{\"host_name\":\"h\",\"threadbench\":{\"host\":{\"kernel\":"
                            "{\"release\":\"6.2\"}},\"build\":{\"compiler\":\"gcc 12\"}}}";
static const char untold[] = "{\"host_name\":\"h\"}";

static const char names[CASES][4] = {"one", "two"};

/* Runs of one commit each, of two cases whose values are the same but for noise. */
struct fixture {
    struct tb_digest_case cases[RUNS][CASES];
    struct tb_digest digests[RUNS];
    char ids[RUNS][24];
    struct tb_history_run runs[RUNS];
    size_t count;
};

/* Within one per cent of 1000, of no order. */
static double level(void)
{
    static uint64_t state = 5;

    return 1000 + ((double)tb_random_below(&state, 2001) - 1000) / 100;
}

static struct tb_digest_case case_of(const char *name, double value)
{
    return (struct tb_digest_case){
        .name = name,
        .unit = "ns",
        .statistic = "p10",
        .version = "1",
        .core = !strcmp(name, "one"),
        .standard = true,
        .processes = 12,
        .value = value,
        .low = value * 0.99,
        .high = value * 1.01,
        .cv = 0.01,
    };
}

static void fill(struct fixture *fixture, size_t count)
{
    fixture->count = count;
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < CASES; k++)
            fixture->cases[i][k] = case_of(names[k], level());
        (void)snprintf(fixture->ids[i], sizeof fixture->ids[i], "%zu", i); /* fits */
        fixture->digests[i] = (struct tb_digest){
            .run_id = fixture->ids[i],
            .started = "2026-01-01T00:00:00Z",
            .host = "h",
            .state = "",
            .rounds = 12,
            .command = "suite",
            .setup = "suite, 0.1 s a process",
            .origin = here,
            .cases = fixture->cases[i],
            .count = CASES,
        };
        fixture->runs[i] = (struct tb_history_run){&fixture->digests[i], i, fixture->ids[i]};
    }
}

/* The values of a case from a run on become another multiple. */
static void step(struct fixture *fixture, size_t item, size_t from, double ratio)
{
    for (size_t i = from; i < fixture->count; i++) {
        fixture->cases[i][item].value *= ratio;
        fixture->cases[i][item].low *= ratio;
        fixture->cases[i][item].high *= ratio;
    }
}

static struct tb_history history_of(const struct fixture *fixture)
{
    const struct tb_history_demand demand = {.alpha = 0.01};

    return tb_history_of(fixture->runs, fixture->count, &demand);
}

static void a_step_has_its_commit_and_its_size(void **state)
{
    struct fixture *fixture = tb_alloc(1, sizeof *fixture);
    struct tb_history history;
    const struct tb_history_change *change;

    (void)state;
    fill(fixture, RUNS);
    step(fixture, 1, 40, 1.1);
    history = history_of(fixture);
    assert_int_equal(history.count, 2);
    assert_int_equal(history.parts, 2);
    assert_int_equal(history.blind, 0);
    assert_int_equal(history.changes, 1);
    assert_int_equal(history.series[0].change_count, 0);
    assert_int_equal(history.series[1].change_count, 1);
    change = history.series[1].changes;
    assert_int_equal(change->at, 40);
    assert_int_equal(change->old, 39);
    assert_int_equal(change->new, 40);
    assert_true(change->low < 1.1 && change->high > 1.1);
    assert_true(change->ratio > 1.09 && change->ratio < 1.11);
    assert_true(isnan(change->again));
    assert_int_equal(change->confirmation, TB_UNCONFIRMED);
    tb_history_finish(&history);
    free(fixture);
}

static void commits_in_between_belong_to_the_change(void **state)
{
    struct fixture *fixture = tb_alloc(1, sizeof *fixture);
    struct tb_history history;

    (void)state;
    fill(fixture, RUNS);
    step(fixture, 0, 30, 0.8);
    for (size_t i = 0; i < RUNS; i++)
        fixture->runs[i].commit = 7 * i;
    history = history_of(fixture);
    assert_int_equal(history.series[0].change_count, 1);
    assert_int_equal(history.series[0].changes->old, 7 * 29);
    assert_int_equal(history.series[0].changes->new, 7 * 30);
    tb_history_finish(&history);
    free(fixture);
}

static void another_kernel_is_no_change(void **state)
{
    struct fixture *fixture = tb_alloc(1, sizeof *fixture);
    struct tb_history history;

    (void)state;
    fill(fixture, RUNS);
    step(fixture, 0, 30, 1.3);
    for (size_t i = 0; i < RUNS; i++)
        fixture->digests[i].origin = i < 29 ? here : i < 30 ? untold : newer;
    history = history_of(fixture);
    assert_int_equal(history.changes, 0);
    assert_int_equal(history.parts, 4);
    assert_int_equal(history.series[0].split_count, 1);
    assert_int_equal(history.series[0].splits->at, 30);
    assert_string_equal(history.series[0].splits->what, "the kernel");
    tb_history_finish(&history);
    free(fixture);
}

static void another_version_of_a_benchmark_splits_that_case_alone(void **state)
{
    struct fixture *fixture = tb_alloc(1, sizeof *fixture);
    struct tb_history history;

    (void)state;
    fill(fixture, RUNS);
    step(fixture, 1, 20, 2);
    for (size_t i = 20; i < RUNS; i++)
        fixture->cases[i][1].version = "2";
    history = history_of(fixture);
    assert_int_equal(history.changes, 0);
    assert_int_equal(history.series[0].split_count, 0);
    assert_int_equal(history.series[1].split_count, 1);
    assert_int_equal(history.series[1].splits->at, 20);
    assert_string_equal(history.series[1].splits->what, "the benchmark");
    tb_history_finish(&history);
    free(fixture);
}

static void another_compiler_or_statistic_splits(void **state)
{
    static const char clang[] = "{\"host_name\":\"h\",\"threadbench\":{\"build\":"
                                "{\"compiler\":\"clang 14\"}}}";
    struct fixture *fixture = tb_alloc(1, sizeof *fixture);
    struct tb_history history;

    (void)state;
    fill(fixture, 20);
    for (size_t i = 10; i < 20; i++)
        fixture->digests[i].origin = clang;
    for (size_t i = 15; i < 20; i++)
        fixture->cases[i][0].statistic = "mean";
    history = history_of(fixture);
    assert_int_equal(history.series[0].split_count, 2);
    assert_non_null(strstr(history.series[0].splits[0].what, "compiler"));
    assert_string_equal(history.series[0].splits[1].what, "the statistic");
    assert_int_equal(history.series[1].split_count, 1);
    tb_history_finish(&history);
    free(fixture);
}

static void another_setup_or_host_is_another_series(void **state)
{
    struct fixture *fixture = tb_alloc(1, sizeof *fixture);
    struct tb_history history;

    (void)state;
    fill(fixture, RUNS);
    for (size_t i = 0; i < RUNS; i += 2) {
        fixture->digests[i].setup = "GLIBC_TUNABLES=x suite, 0.1 s a process";
        fixture->cases[i][0].value *= 3;
    }
    fixture->digests[7].host = "other";
    history = history_of(fixture);
    assert_int_equal(history.count, 6);
    assert_int_equal(history.changes, 0);
    assert_int_equal(history.series[0].count, RUNS / 2);
    assert_int_equal(history.series[4].count, 1);
    assert_int_equal(history.parts, 6);
    assert_int_equal(history.blind, 2);
    tb_history_finish(&history);
    free(fixture);
}

static void dirty_trees_are_shown_and_not_looked_at(void **state)
{
    struct fixture *fixture = tb_alloc(1, sizeof *fixture);
    struct tb_history history;

    (void)state;
    fill(fixture, RUNS);
    step(fixture, 0, 50, 2);
    for (size_t i = 50; i < RUNS; i++) {
        fixture->digests[i].dirty = true;
        fixture->digests[i].origin = newer;
    }
    history = history_of(fixture);
    assert_int_equal(history.changes, 0);
    assert_int_equal(history.series[0].split_count, 0);
    assert_int_equal(history.series[0].count, RUNS);
    assert_int_equal(history.series[0].clean, 50);
    assert_true(tb_history_is_dirty(&history, &history.series[0].values[50]));
    tb_history_finish(&history);
    free(fixture);
}

static void a_change_within_a_commit_says_so(void **state)
{
    struct fixture *fixture = tb_alloc(1, sizeof *fixture);
    struct tb_history history;

    (void)state;
    fill(fixture, RUNS);
    step(fixture, 0, 30, 1.5);
    for (size_t i = 30; i < RUNS; i++)
        fixture->runs[i].commit--;
    history = history_of(fixture);
    assert_int_equal(history.series[0].change_count, 1);
    assert_int_equal(history.series[0].changes->old, history.series[0].changes->new);
    tb_history_finish(&history);
    free(fixture);
}

static void what_has_no_value_is_counted(void **state)
{
    struct fixture *fixture = tb_alloc(1, sizeof *fixture);
    struct tb_history history;

    (void)state;
    fill(fixture, 10);
    fixture->cases[3][0].outcome = TB_FAILED;
    fixture->cases[4][0].value = NAN;
    fixture->digests[5].count = 0; /* it was not selected */
    history = history_of(fixture);
    assert_int_equal(history.series[0].count, 7);
    assert_int_equal(history.series[0].failed, 2);
    assert_int_equal(history.series[1].count, 9);
    tb_history_finish(&history);
    free(fixture);
}

static void few_runs_can_show_nothing(void **state)
{
    struct fixture *fixture = tb_alloc(1, sizeof *fixture);
    struct tb_history history;

    (void)state;
    fill(fixture, 7);
    step(fixture, 0, 3, 9);
    history = history_of(fixture);
    assert_int_equal(history.changes, 0);
    assert_int_equal(history.blind, history.parts);
    assert_true(history.needed > 7 && history.needed < RUNS);
    assert_int_equal(history.series[0].longest, 7);
    tb_history_finish(&history);
    fill(fixture, 2);
    history = history_of(fixture);
    assert_int_equal(history.parts, 2);
    assert_int_equal(history.blind, 2);
    tb_history_finish(&history);
    history = tb_history_of(NULL, 0, &(struct tb_history_demand){.alpha = 0.01});
    assert_int_equal(history.count, 0);
    tb_history_finish(&history);
    free(fixture);
}

/* Runs of 500 cases, of which all but the first have but the last `few`; that one has a step. */
static struct tb_history history_of_many(struct tb_digest_case *cases, struct fixture *fixture,
                                         size_t few)
{
    static char each[500][8];
    const size_t many = sizeof each / sizeof *each;

    for (size_t k = 0; k < many; k++)
        (void)snprintf(each[k], sizeof each[k], "%zu", k); /* fits */
    for (size_t i = 0; i < fixture->count; i++) {
        struct tb_digest *digest = &fixture->digests[i];

        digest->cases = &cases[i * many];
        digest->count = fixture->count - i > few ? 1 : many;
        for (size_t k = 0; k < many; k++)
            digest->cases[k] =
                case_of(each[k], level() * (!k && i >= fixture->count / 2 ? 1000 : 1));
    }
    return history_of(fixture);
}

/* What is too short has no share of alpha, and so none of it is taken from the others. */
static void what_shows_a_change_is_not_blind(void **state)
{
    struct fixture *fixture = tb_alloc(1, sizeof *fixture);
    tb_autofree struct tb_digest_case *cases = tb_alloc((size_t)500 * RUNS, sizeof *cases);
    struct tb_history history;
    size_t least;

    (void)state;
    fill(fixture, 16);
    history = history_of_many(cases, fixture, 3);
    assert_int_equal(history.parts, 500);
    assert_int_equal(history.blind, 499);
    assert_int_equal(history.changes, 1);
    assert_true(history.needed <= 16);
    tb_history_finish(&history);
    fill(fixture, 3);
    history = history_of_many(cases, fixture, 3);
    least = history.needed;
    assert_true(least > 3 && least < RUNS);
    tb_history_finish(&history);
    fill(fixture, least - 1);
    history = history_of_many(cases, fixture, least - 1);
    assert_int_equal(history.blind, 500);
    assert_int_equal(history.changes, 0);
    assert_int_equal(history.needed, least);
    tb_history_finish(&history);
    /* They are enough for all. */
    fill(fixture, least);
    history = history_of_many(cases, fixture, least);
    assert_int_equal(history.blind, 0);
    assert_int_equal(history.changes, 1);
    tb_history_finish(&history);
    free(fixture);
}

static void a_choice_is_kept_to(void **state)
{
    struct fixture *fixture = tb_alloc(1, sizeof *fixture);
    struct tb_history history;
    regex_t filter;

    (void)state;
    fill(fixture, 10);
    assert_int_equal(regcomp(&filter, "^t", REG_EXTENDED | REG_NOSUB), 0);
    history = tb_history_of(fixture->runs, 10,
                            &(struct tb_history_demand){.filter = &filter, .alpha = 0.01});
    assert_int_equal(history.count, 1);
    assert_string_equal(history.series->name, "two");
    tb_history_finish(&history);
    history =
        tb_history_of(fixture->runs, 10, &(struct tb_history_demand){.core = true, .alpha = 0.01});
    assert_int_equal(history.count, 1);
    assert_string_equal(history.series->name, "one");
    tb_history_finish(&history);
    for (size_t i = 0; i < 10; i++)
        fixture->cases[i][0].standard = false;
    history = tb_history_of(fixture->runs, 10,
                            &(struct tb_history_demand){.standard = true, .alpha = 0.01});
    assert_int_equal(history.count, 1);
    assert_string_equal(history.series->name, "two");
    tb_history_finish(&history);
    regfree(&filter);
    free(fixture);
}

static void runs_are_brought_into_order(void **state)
{
    struct fixture *fixture = tb_alloc(1, sizeof *fixture);
    struct tb_history_run *runs = fixture->runs;

    (void)state;
    fill(fixture, 5);
    runs[0].commit = 9;
    fixture->digests[1].dirty = true;
    runs[2].commit = 1; /* that of run 1, which is dirty */
    fixture->digests[3].run_id = "4";
    fixture->digests[3].rounds = 3; /* the shorter document of run 4 */
    assert_int_equal(tb_history_sort(runs, 5), 4);
    assert_string_equal(runs[0].digest->run_id, "2");
    assert_string_equal(runs[1].digest->run_id, "1");
    assert_string_equal(runs[2].digest->run_id, "4");
    assert_int_equal(runs[2].digest->rounds, 12);
    assert_string_equal(runs[3].digest->run_id, "0");
    assert_int_equal(tb_history_sort(runs, 0), 0);
    free(fixture);
}

static void other_programs_documents_are_runs_of_their_own(void **state)
{
    struct fixture *fixture = tb_alloc(1, sizeof *fixture);

    (void)state;
    fill(fixture, 3);
    for (size_t i = 0; i < 3; i++)
        fixture->digests[i].run_id = "";
    assert_int_equal(tb_history_sort(fixture->runs, 3), 3);
    free(fixture);
}

static void the_largest_change_comes_first(void **state)
{
    struct fixture *fixture = tb_alloc(1, sizeof *fixture);
    struct tb_history history;
    struct tb_history_finding *all;

    (void)state;
    fill(fixture, RUNS);
    step(fixture, 0, 20, 1.2);
    step(fixture, 1, 40, 0.5);
    history = history_of(fixture);
    assert_int_equal(history.changes, 2);
    all = tb_history_findings(&history);
    assert_string_equal(all[0].series->name, "two");
    assert_string_equal(all[1].series->name, "one");
    free(all);
    tb_history_finish(&history);
    for (size_t i = 0; i < RUNS; i++) { /* both alike, and the other way round than their names */
        fixture->cases[i][0] = fixture->cases[i][1];
        fixture->cases[i][0].name = "zwo";
    }
    history = history_of(fixture);
    assert_int_equal(history.changes, 2);
    all = tb_history_findings(&history);
    assert_string_equal(all[0].series->name, "two");
    assert_string_equal(all[1].series->name, "zwo");
    free(all);
    tb_history_finish(&history);
    free(fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_step_has_its_commit_and_its_size),
        cmocka_unit_test(commits_in_between_belong_to_the_change),
        cmocka_unit_test(another_kernel_is_no_change),
        cmocka_unit_test(another_version_of_a_benchmark_splits_that_case_alone),
        cmocka_unit_test(another_compiler_or_statistic_splits),
        cmocka_unit_test(another_setup_or_host_is_another_series),
        cmocka_unit_test(dirty_trees_are_shown_and_not_looked_at),
        cmocka_unit_test(a_change_within_a_commit_says_so),
        cmocka_unit_test(what_has_no_value_is_counted),
        cmocka_unit_test(few_runs_can_show_nothing),
        cmocka_unit_test(what_shows_a_change_is_not_blind),
        cmocka_unit_test(a_choice_is_kept_to),
        cmocka_unit_test(runs_are_brought_into_order),
        cmocka_unit_test(other_programs_documents_are_runs_of_their_own),
        cmocka_unit_test(the_largest_change_comes_first),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
