/* What is said of a history: on a terminal, on a page, to programs. */
#include "report/history_table.h"

#include "check.h"

#include <errno.h>
#include <locale.h>
#include <stdlib.h>

#include "report/html/history_figure.h"
#include "report/html/history_page.h"
#include "run/reaper.h"
#include "run/worker.h"
#include "util/memory.h"
#include "util/sanitize.h"

/* In the place of the library's: there is no gnuplot. */
struct tb_ending tb_worker_run(const struct tb_job *job)
{
    (void)job;
    return (struct tb_ending){.end = TB_UNSTARTED, .number = ENOENT};
}

bool tb_reaper_end(void)
{
    return true;
}

void tb_reaper_spare(pid_t pid)
{
    (void)pid;
}

enum { COMMITS = 6, MANY = 205, MOST = 10 };

/* A line of commits, a run of each, and cases of these runs. */
struct fixture {
    char names[MANY][48], *commits[MANY], *subjects[MANY];
    struct tb_git_line line;
    struct tb_digest digests[MANY];
    struct tb_history_run runs[MANY];
    struct tb_digest_case cases[MANY];
    struct tb_history_value values[MANY];
    struct tb_history_series series[MOST];
    struct tb_history_change changes[MOST];
    struct tb_history_split splits[MOST];
    struct tb_history history;
    struct tb_history_view view;
};

static char subject[] = "a <subject>", host[] = "here", other_host[] = "there", setup[] = "a suite";

/* The value of run i is 1000 + i; `dirty`: of a dirty tree; COMMITS: none is. */
static void fill(struct fixture *made, size_t count, size_t dirty)
{
    for (size_t i = 0; i < count; i++) {
        (void)snprintf(made->names[i], sizeof made->names[i], "%012zx0000000000000000000000000000",
                       i); /* fits */
        made->commits[i] = made->names[i];
        made->subjects[i] = subject;
        made->digests[i] = (struct tb_digest){.run_id = "", .started = "2026", .dirty = i == dirty};
        made->runs[i] = (struct tb_history_run){&made->digests[i], i, "no/such a/document.json"};
        made->cases[i] = (struct tb_digest_case){.name = "c",
                                                 .unit = "ns",
                                                 .statistic = "p10",
                                                 .value = 1000 + (double)i,
                                                 .low = 999 + (double)i,
                                                 .high = 1001 + (double)i};
        made->values[i] = (struct tb_history_value){i, &made->cases[i]};
    }
    made->line =
        (struct tb_git_line){.commits = made->commits, .subjects = made->subjects, .count = count};
    made->history = (struct tb_history){.runs = made->runs,
                                        .run_count = count,
                                        .series = made->series,
                                        .alpha = 0.01,
                                        .parts = 2,
                                        .needed = 9};
    made->view = (struct tb_history_view){.history = &made->history,
                                          .line = &made->line,
                                          .archive = "kept",
                                          .range = "main",
                                          .measured = count};
}

/* Of the first `count` runs. */
static struct tb_history_series *add_series(struct fixture *made, const char *name, size_t count,
                                            size_t clean)
{
    struct tb_history_series *series = &made->series[made->history.count++];

    *series = (struct tb_history_series){.name = name,
                                         .unit = "ns",
                                         .host = host,
                                         .command = "suite",
                                         .setup = setup,
                                         .values = made->values,
                                         .count = count,
                                         .clean = clean,
                                         .longest = clean,
                                         .noise = 0.01};
    return series;
}

/* Changes at the last values of a case. */
static void add_changes(struct fixture *made, struct tb_history_series *series, size_t count)
{
    series->changes = made->changes;
    series->change_count = made->history.changes = count;
    for (size_t i = 0; i < count; i++)
        made->changes[i] = (struct tb_history_change){.at = series->count - count + i,
                                                      .ratio = 1.5 + (double)i,
                                                      .low = 1.4 + (double)i,
                                                      .high = 1.6 + (double)i,
                                                      .old = 1,
                                                      .new = 2,
                                                      .earliest = 1,
                                                      .latest = 2,
                                                      .again = NAN};
}

static struct fixture *make(void **state, size_t count, size_t dirty)
{
    struct fixture *made = tb_alloc(1, sizeof *made);

    fill(made, count, dirty);
    *state = made;
    return made;
}

static int tear_down(void **state)
{
    free(*state);
    return 0;
}

static void expect_headline(const struct fixture *made, const char *wanted)
{
    tb_autofree char *text = tb_history_headline(&made->view);

    assert_string_equal(text, wanted);
}

static void the_conclusion_is_one_line(void **state)
{
    struct fixture *made = make(state, COMMITS, COMMITS);
    struct tb_history_series *first = add_series(made, "a", COMMITS, COMMITS);

    expect_headline(made, "NO CHANGE in 1 case over 6 commits");
    add_series(made, "a", COMMITS, COMMITS)->host = other_host;
    first->correlation = 0.7;
    expect_headline(made, "NO CHANGE in 1 case, 2 series over 6 commits, but 1 of 2 drift");
    made->history.blind = made->history.parts;
    first->longest = 4;
    made->series[1].longest = 5;
    expect_headline(made, "TOO FEW RUNS to see a change in 1 case, 2 series over 6 commits: a case "
                          "needs 9 between two splits, and has 5 at most");
}

static void the_largest_changes_are_in_it(void **state)
{
    struct fixture *made = make(state, COMMITS, COMMITS);

    add_changes(made, add_series(made, "a", COMMITS, COMMITS), 4);
    made->changes[3].old = made->changes[3].new = 5;
    made->changes[2].old = 0;
    made->changes[2].new = 4;
    made->changes[2].ratio = 2e9; /* which is large */
    made->changes[1].low = 2.459;
    made->changes[1].high = 2.541;
    expect_headline(made, "4 changes in 1 case over 6 commits: a +2e+11 % [240, 260] between "
                          "000000000000 and 000000000004, 4 commits; a +350 % [340, 360] "
                          "within 000000000005; a +150.0 % [145.9, 154.1] at 000000000002; ...");
    made->view.tried = true;
    made->changes[0].confirmation = TB_CONFIRMED;
    made->history.changes = made->series->change_count = 1;
    expect_headline(made, "1 change in 1 case over 6 commits, 1 confirmed: a +50 % [40, 60] "
                          "at 000000000002");
}

static void what_drifts_is_named_as_far_as_there_is_room(void **state)
{
    static const char *const names[MOST] = {"a", "b", "c", "d", "e", "f", "g", "h", "i", "j"};
    static const char why[] = ": each run is near to the one before it, so only large changes can "
                              "be told from a drift";
    struct fixture *made = make(state, COMMITS, COMMITS);
    tb_autofree char *none = NULL, *two = NULL, *all = NULL;
    tb_autofree char *wanted = tb_print("a, b, c, d, e, f, g, h and 2 more%s", why);
    tb_autofree char *pair = tb_print("b, c%s", why);

    for (size_t i = 0; i < MOST; i++)
        (void)add_series(made, names[i], COMMITS, COMMITS); /* as it is */
    none = tb_history_drifts(&made->view);
    made->series[1].correlation = made->series[2].correlation = 0.5;
    two = tb_history_drifts(&made->view);
    for (size_t i = 0; i < MOST; i++)
        made->series[i].correlation = 0.9;
    all = tb_history_drifts(&made->view);
    assert_string_equal(none, "");
    assert_string_equal(two, pair);
    assert_string_equal(all, wanted);
}

static void collect(void *user, const char *sentence)
{
    char *text = user;

    (void)strcat(strcat(text, sentence), "\n"); /* fits */
}

static void what_is_left_out_is_said_with_what_helps(void **state)
{
    struct fixture *made = make(state, COMMITS, COMMITS);
    char text[2000] = "";

    tb_history_each_left_out(&made->view, collect, text);
    assert_string_equal(text, "");
    made->view.left_out = (struct tb_history_left_out){
        .without_commit = 1, .unknown = 2, .unknown_commits = 1, .shallow = true, .twice = 1};
    tb_history_each_left_out(&made->view, collect, text);
    assert_string_equal(text,
                        "1 document without a commit\n"
                        "2 documents of 1 commit that git does not know, as the repository is "
                        "shallow: 'git fetch --unshallow' gets all\n"
                        "1 document of a run of which another document has more rounds\n");
}

/* Two cases with a change, a split and a run of a dirty tree; one of another host that has no clean
 * run; one that has none at all. */
static struct fixture *make_all(void **state)
{
    struct fixture *made = make(state, COMMITS, 3);
    struct tb_history_series *first = add_series(made, "create", COMMITS, COMMITS - 1), *third;

    add_changes(made, first, 2);
    made->changes[0].earliest = 0;
    made->changes[0].remark = subject;
    made->changes[0].confirmation = TB_REFUTED;
    made->changes[1].ratio = made->changes[1].again = 0.5;
    made->changes[1].old = made->changes[1].earliest = 2;
    made->splits[0] = (struct tb_history_split){2, "the kernel"};
    made->splits[1] = (struct tb_history_split){2, "the compiler"};
    first->splits = made->splits;
    first->split_count = 1;
    third = add_series(made, "join", COMMITS, COMMITS - 1);
    third->splits = made->splits;
    third->split_count = 2;
    third = add_series(made, "join", 1, 0);
    third->host = other_host;
    third->values = &made->values[3];
    third->noise = NAN;
    (void)add_series(made, "none", 0, 0); /* of another host than the one before */
    made->view.dirty = 1;
    made->view.tried = true;
    made->history.blind = 1;
    made->view.index_obstacle = "no room";
    return made;
}

static void splits_are_told_once_for_each_reason(void **state)
{
    struct fixture *made = make_all(state);
    size_t count;
    tb_autofree struct tb_history_break *all = tb_history_breaks(&made->history, &count);

    assert_int_equal(count, 2);
    assert_int_equal(all[0].commit, 2);
    assert_string_equal(all[0].what, "the compiler");
    assert_int_equal(all[0].cases, 1);
    assert_string_equal(all[1].what, "the kernel");
    assert_int_equal(all[1].cases, 2);
    assert_ptr_equal(all[1].first, &made->series[0]);
}

static char *table_of(const struct tb_history_view *view, bool utf8, size_t width)
{
    char *text;
    size_t size;
    struct tb_page page = {.width = 100, .table_width = width, .utf8 = utf8};

    page.out = tb_open_text(&text, &size);
    tb_history_table_put(&page, view);
    (void)fclose(page.out); /* in memory */
    return text;
}

static void a_table_has_all_that_a_reader_has_to_know(void **state)
{
    struct fixture *made = make_all(state);
    tb_autofree char *text = table_of(&made->view, true, 0);
    tb_autofree char *plain = table_of(&made->view, false, 100);

    assert_contains(text, "host     here: a suite\n");
    assert_contains(text, "host     there: a suite\n");
    assert_contains(text, "create 5 + 1 dirty ");
    assert_contains(text, "\njoin 0 + 1 dirty          - "); /* no clean run is the last */
    assert_contains(text, "create +50 % ");
    assert_contains(text, " refuted\n");
    assert_contains(text, "create +50.0 %: with 95 % confidence between 000000000000 and "
                          "000000000002, 2 commits\n");
    assert_contains(text, "create +50.0 %: a <subject>\n");
    assert_contains(text, "create -50.0 %: both runs are of one commit, so it is not the reason\n");
    assert_contains(text, "split at 000000000002: the kernel is another one from there on, in 2 "
                          "cases (a <subject>)\n");
    assert_contains(text, "1 run of dirty trees: shown, and not looked at for changes\n");
    assert_contains(text, "without an index each document is read each time: no room\n");
    assert_contains(text, "in 1 of 2 series there are too few runs of one kind to see any change: "
                          "9 are needed\n");
    assert_contains(text, "\u00b1 95 % CI");
    assert_null(strstr(plain, "\u00b1"));
}

static void of_one_case_each_run_is_shown_the_newest_200(void **state)
{
    struct fixture *made = make(state, MANY, 203);
    tb_autofree char *text = NULL, *plain = NULL;

    add_changes(made, add_series(made, "a", MANY, MANY - 1), 1);
    made->splits[0] = (struct tb_history_split){202, "the kernel"};
    made->series->splits = made->splits;
    made->series->split_count = 1;
    text = table_of(&made->view, true, 0);
    plain = table_of(&made->view, false, 0);
    assert_contains(text, "\n5 older runs are left out: --format csv has them\n");
    assert_contains(text, "\n000000000005 ");
    assert_null(strstr(text, "\n000000000004 "));
    assert_contains(text, " split: the kernel ");
    assert_contains(text, " dirty ");
    assert_contains(text, " +50% "); /* at the last one */
    assert_contains(plain, " 95 % CI ");
    assert_null(strstr(plain, "\u00b1"));
}

/* No value is above another: the trend is flat, at its lowest mark. */
static void what_is_nothing_has_a_trend(void **state)
{
    struct fixture *made = make(state, COMMITS, COMMITS);
    tb_autofree char *text = NULL;

    for (size_t i = 0; i < COMMITS; i++)
        made->cases[i].value = made->cases[i].low = made->cases[i].high = 0;
    (void)add_series(made, "a", COMMITS, COMMITS); /* as it is */
    text = table_of(&made->view, false, 0);
    assert_contains(text, " trend ");
    assert_contains(text, "\na       6 ...... ");
}

static char *page_of(const struct tb_history_view *view, const char *path)
{
    char *text;
    size_t size;
    FILE *out = tb_open_text(&text, &size);
    struct tb_error error = {""};

    assert_int_equal(tb_history_page_put(out, view, path, &error), 0);
    (void)fclose(out); /* in memory */
    return text;
}

/* The script of all figures: gnuplot ends at an axis that has no length. */
static void what_is_nothing_has_a_figure(void **state)
{
    struct fixture *made = make(state, COMMITS, COMMITS);
    tb_auto(tb_plots_finish) struct tb_plots plots = {0};

    for (size_t i = 0; i < COMMITS; i++)
        made->cases[i].value = 0;
    tb_history_figure_put(&plots, NULL, &made->view, add_series(made, "a", COMMITS, COMMITS));
    assert_int_equal(plots.count, 1);
    (void)fflush(plots.script); /* in memory */
    assert_contains(plots.text, "set yrange [-1:1]\n");
}

static void a_page_has_it_too(void **state)
{
    struct fixture *made = make_all(state);
    tb_autofree char *page = page_of(&made->view, "page.html");

    assert_contains(page, "there are no figures without gnuplot");
    assert_contains(page, "<td>at 000000000002<br><small>95 %: between 000000000000 and "
                          "000000000002, 2 commits</small></td>");
    assert_contains(page, "<td>within 000000000002</td>");
    assert_contains(page, "refuted -<br><small>a &lt;subject&gt;</small>");
    assert_contains(page, "unconfirmed -50.0 %<br><small></small>");
    assert_contains(page, "class=\"changed good\"");
    assert_contains(page, ">000000000003 dirty</th>");
    assert_contains(page, "split: other figures from there on");
    assert_contains(page, "runs of dirty trees</li>");
    assert_contains(page, "<li>split at 000000000002 (a &lt;subject&gt;): the kernel is another "
                          "one from there on, in 2 cases</li>");
    assert_contains(page, "<li>1 run of dirty trees: shown, and not looked at for changes</li>");
    assert_contains(page, "href=\"no/such%20a/document.json\""); /* it is not there */
    assert_null(strstr(page, "<h3>none</h3>"));
    assert_contains(page, "</html>");
}

static void a_page_without_changes_has_no_table_of_them(void **state)
{
    struct fixture *made = make(state, COMMITS, COMMITS);
    tb_autofree char *page = NULL;

    add_series(made, "a", COMMITS, COMMITS)->correlation = 0.9;
    page = page_of(&made->view, NULL);
    assert_null(strstr(page, "id=\"changes\""));
    assert_null(strstr(page, "split: other"));
    assert_null(strstr(page, "runs of dirty trees"));
    assert_contains(page, "<li>drift: a: each run ");
}

static void programs_get_each_value_with_what_begins_there(void **state)
{
    struct fixture *made = make_all(state);
    char *text;
    size_t size;
    FILE *out = tb_open_text(&text, &size);

    tb_history_csv_put(out, &made->view);
    (void)fclose(out);                                                       /* in memory */
    assert_contains(text, "a/document.json,p10,0,1001,1000,1002,0,0,\n");    /* before the split */
    assert_contains(text, "a/document.json,p10,0,1002,1001,1003,0,1,\n");    /* behind it */
    assert_contains(text, "a/document.json,p10,0,1004,1003,1005,0,1,1.5\n"); /* a change */
    free(text);
}

static void what_is_no_utf_8_is_replaced_in_json(void **state)
{
    struct fixture *made = make_all(state);
    tb_autofree char *text = NULL;
    size_t size;
    FILE *out = tb_open_text(&text, &size);

    made->view.archive = "kept\xff";
    made->view.range = "main\xfe";
    made->runs[1].path = "a\xfd/document.json";
    tb_history_json_put(out, &made->view);
    (void)fclose(out); /* in memory */
    assert_true(tb_is_printable(text));
    assert_contains(text, "\"archive\":\"kept?\",\"range\":\"main?\"");
    assert_contains(text, "\"document\":\"a?/document.json\"");
}

#define WITH_FIXTURE(test) cmocka_unit_test_setup_teardown(test, NULL, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_FIXTURE(the_conclusion_is_one_line),
        WITH_FIXTURE(the_largest_changes_are_in_it),
        WITH_FIXTURE(what_drifts_is_named_as_far_as_there_is_room),
        WITH_FIXTURE(what_is_left_out_is_said_with_what_helps),
        WITH_FIXTURE(splits_are_told_once_for_each_reason),
        WITH_FIXTURE(a_table_has_all_that_a_reader_has_to_know),
        WITH_FIXTURE(of_one_case_each_run_is_shown_the_newest_200),
        WITH_FIXTURE(what_is_nothing_has_a_trend),
        WITH_FIXTURE(what_is_nothing_has_a_figure),
        WITH_FIXTURE(a_page_has_it_too),
        WITH_FIXTURE(a_page_without_changes_has_no_table_of_them),
        WITH_FIXTURE(programs_get_each_value_with_what_begins_there),
        WITH_FIXTURE(what_is_no_utf_8_is_replaced_in_json),
    };

    tb_memory_init();
    if (!setlocale(LC_CTYPE, "C.UTF-8")) /* as pages with such characters have it */
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
