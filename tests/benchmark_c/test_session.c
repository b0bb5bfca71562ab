/* The program around: initialising, listing, filtering, reporters, files, JSON. */
#include "capture.h"

#include <cjson/cJSON.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char out_path[] = "/tmp/benchmark_c.XXXXXX";

static void initialize(const char *flag)
{
    char name[] = "test_session";
    char copy[64];
    char *argv[] = {name, copy, NULL};
    int argc = 2;

    assert_true(snprintf(copy, sizeof(copy), "%s", flag) < (int)sizeof(copy));
    bm_initialize(&argc, argv);
    assert_int_equal(argc, 1);
}

static int make_out(void **state)
{
    const int fd = mkstemp(out_path);

    (void)state;
    return fd < 0 ? -1 : close(fd);
}

static int remove_out(void **state)
{
    (void)state;
    return unlink(out_path);
}

static char *read_out(void)
{
    static char text[65536];
    FILE *file = fopen(out_path, "r");
    size_t length = 0;

    assert_non_null(file);
    length = fread(text, 1, sizeof(text) - 1, file);
    assert_int_equal(fclose(file), 0);
    text[length] = '\0';
    return text;
}

/* Runs with --benchmark_out and returns the parsed file. */
static cJSON *run_to_json(void)
{
    char flag[64];
    cJSON *json = NULL;

    assert_true(snprintf(flag, sizeof(flag), "--benchmark_out=%s", out_path) < (int)sizeof(flag));
    initialize(flag);
    (void)run_all();
    initialize("--benchmark_out=");
    json = cJSON_ParseWithOpts(read_out(), NULL, true);
    assert_non_null(json);
    return json;
}

static void test_needs_initialize(void **state)
{
    (void)state;
    subject();
    bm_shutdown();
    bm_shutdown(); /* does nothing */
    assert_int_equal(bm_run_specified(), 0);
    assert_string_equal(bm_last_error(), "bm_run_specified: bm_initialize was not called before");
    assert_int_equal(bm_list(NULL, NULL), 0);
    assert_string_equal(bm_last_error(), "bm_list: bm_initialize was not called before");
    assert_true(bm_failed());
}

static void test_arguments(void **state)
{
    char name[] = "program";
    char known[] = "--benchmark_filter=nothing";
    char unknown[] = "--unknown";
    char *argv[] = {name, known, unknown, NULL};
    int argc = 3;

    (void)state;
    bm_initialize(&argc, argv);
    assert_int_equal(argc, 2);
    assert_string_equal(argv[1], "--unknown");
    assert_string_equal(bm_filter(), "nothing");
    assert_true(bm_report_unrecognized_arguments(argc, argv));
    assert_false(bm_report_unrecognized_arguments(1, argv));
    assert_false(bm_failed());
    assert_true(bm_report_unrecognized_arguments(2, NULL));
    assert_string_equal(bm_last_error(), "bm_report_unrecognized_arguments: argv is NULL");
    bm_initialize(&argc, NULL);
    assert_string_equal(bm_last_error(), "bm_initialize: one of argc and argv is NULL");
}

static void take_name(const char *name, void *user)
{
    char *names = user;

    strcat(strcat(names, name), "\n");
}

static void must_not_run(struct bm_state *state, void *user)
{
    (void)state;
    (void)user;
    abort();
}

static void test_list_and_filter(void **state)
{
    static const char *const all[] = {"", "all", ".", "^"};
    char names[256] = "";

    (void)state;
    bm_add_dense_range(bm_register("a", must_not_run, NULL), 1, 2, 1);
    bm_add_threads(bm_register("b", must_not_run, NULL), 2);
    assert_int_equal(bm_list(NULL, NULL), 3);
    assert_int_equal(bm_list(take_name, names), 3);
    assert_string_equal(names, "a/1\na/2\nb/threads:2\n");
    for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++) {
        bm_set_filter(all[i]);
        assert_int_equal(bm_list(NULL, NULL), 3);
        assert_string_equal(bm_filter(), all[i]);
    }

    names[0] = '\0';
    bm_set_filter("-^a");
    assert_string_equal(bm_filter(), "-^a");
    assert_int_equal(bm_list(take_name, names), 1);
    assert_string_equal(names, "b/threads:2\n");

    bm_set_filter("matches nothing");
    assert_int_equal(bm_list(take_name, names), 0);
    assert_int_equal(bm_run_specified(), 0);
    assert_false(bm_failed());
    bm_set_filter(NULL);
    assert_string_equal(bm_last_error(), "bm_set_filter: the filter is NULL");
}

static void test_list_leaves_all_as_it_was(void **state)
{
    char flag[64];
    FILE *file = fopen(out_path, "w");

    (void)state;
    assert_non_null(file);
    assert_int_equal(fputs("kept", file) < 0, 0);
    assert_int_equal(fclose(file), 0);
    subject();
    assert_true(snprintf(flag, sizeof(flag), "--benchmark_out=%s", out_path) < (int)sizeof(flag));
    initialize(flag);
    assert_int_equal(bm_list(NULL, NULL), 1);
    assert_string_equal(read_out(), "kept");
    assert_int_equal(run_all()->count, 1); /* runs, and does not list */
    assert_non_null(strstr(read_out(), "\"subject/iterations:1\""));

    initialize("--benchmark_out=");
    initialize("--benchmark_list_tests=true");
    assert_int_equal(bm_list(NULL, NULL), 1);
    assert_int_equal(run_all()->count, 0); /* lists still */
    assert_int_equal(run_all()->matched, 1);
    initialize("--benchmark_list_tests=false");
}

static bool refuse(struct bm_output *output, const struct bm_context *context, void *user)
{
    (void)output;
    (void)context;
    ++*(int *)user;
    return false;
}

static void test_context_can_refuse(void **state)
{
    int asked = 0;
    const struct bm_reporter reporter = {.context = refuse, .user = &asked};

    (void)state;
    bm_register("subject", must_not_run, NULL);
    assert_int_equal(bm_run_specified_with(&reporter, NULL), 1);
    assert_int_equal(asked, 1);
}

static void test_callbacks_may_be_missing(void **state)
{
    const struct bm_reporter reporter = {0};

    (void)state;
    subject();
    assert_int_equal(bm_run_specified_with(&reporter, NULL), 1);
    assert_false(bm_failed());
}

static void test_display_reporter_can_run_again(void **state)
{
    (void)state;
    subject();
    assert_int_equal(bm_run_specified(), 1);
    assert_int_equal(bm_run_specified(), 1);
}

static void test_reporter_is_called_in_order(void **state)
{
    const struct capture *all = NULL;

    (void)state;
    subject();
    all = run_all();
    assert_int_equal(all->contexts, 1);
    assert_int_equal(all->finalized, 1);
    assert_int_equal(all->count, 1);
    assert_string_equal(all->runs[0].function_name, "subject");
    assert_string_equal(all->runs[0].iterations_name, "iterations:1");
    assert_int_equal(all->runs[0].run.run_type, BM_ITERATION);
    assert_int_equal(all->runs[0].run.repetitions, 1);
    assert_int_equal(all->runs[0].run.family_index, 0);
    assert_false(all->runs[0].run.has_memory);
}

static void write_line(struct bm_output *output, const struct bm_run *runs, size_t count,
                       void *user)
{
    (void)user;
    for (size_t i = 0; i < count; i++)
        assert_int_equal(bm_print(output, "%s took %d\n", runs[i].name, 1), 0);
}

static void test_file_reporter(void **state)
{
    const struct bm_reporter quiet = {0};
    const struct bm_reporter lines = {.runs = write_line};
    char flag[64];

    (void)state;
    subject();
    assert_int_equal(bm_run_specified_with(&quiet, &lines), 0);
    assert_string_equal(bm_last_error(), "bm_run_specified: a file reporter needs --benchmark_out");

    assert_true(snprintf(flag, sizeof(flag), "--benchmark_out=%s", out_path) < (int)sizeof(flag));
    initialize(flag);
    assert_int_equal(bm_run_specified_with(&quiet, &lines), 1);
    initialize("--benchmark_out=");
    assert_string_equal(read_out(), "subject/iterations:1 took 1\n");
    assert_int_equal(bm_print(NULL, "x"), EINVAL);
}

static void test_unwritable_file(void **state)
{
    (void)state;
    bm_register("subject", must_not_run, NULL);
    initialize("--benchmark_out=/nonexistent/file");
    assert_int_equal(bm_run_specified(), 0);
    assert_string_equal(bm_last_error(), "bm_run_specified: cannot write '/nonexistent/file'");
    initialize("--benchmark_out=");
}

static void runs_inside(struct bm_state *state, void *user)
{
    assert_int_equal(bm_run_specified(), 0);
    assert_int_equal(bm_list(NULL, NULL), 0);
    loop_only(state, user);
}

static void test_running_inside_a_body(void **state)
{
    (void)state;
    subject_of(runs_inside, NULL);
    assert_int_equal(run_one()->run.outcome, BM_OK);
    assert_string_equal(bm_last_error(), "bm_list: called while benchmarks run");
}

static const char *text(const cJSON *object, const char *key)
{
    return cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, key));
}

static void skips(struct bm_state *state, void *user)
{
    (void)user;
    bm_skip(state, "not on this \"host\"");
}

static void errs(struct bm_state *state, void *user)
{
    (void)user;
    bm_skip_with_error(state, "out of luck");
}

/* What a reader of the file does: 1.8 and later have a field, before there is the prefix. */
static void assert_skipped(const cJSON *entry, const char *reason)
{
    if (cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(entry, "skipped"))) {
        assert_string_equal(text(entry, "skip_message"), reason);
        assert_null(text(entry, "error_message"));
        return;
    }
    assert_true(cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(entry, "error_occurred")));
    assert_memory_equal(text(entry, "error_message"), BM_SKIP_PREFIX, strlen(BM_SKIP_PREFIX));
    assert_string_equal(text(entry, "error_message") + strlen(BM_SKIP_PREFIX), reason);
}

static void test_json_tells_skips_from_errors(void **state)
{
    cJSON *json = NULL;
    const cJSON *entries = NULL;

    (void)state;
    bm_register("skips", skips, NULL);
    bm_register("errs", errs, NULL);
    json = run_to_json();
    entries = cJSON_GetObjectItemCaseSensitive(json, "benchmarks");
    assert_int_equal(cJSON_GetArraySize(entries), 2);
    assert_skipped(cJSON_GetArrayItem(entries, 0), "not on this \"host\"");
    assert_string_equal(text(cJSON_GetArrayItem(entries, 1), "error_message"), "out of luck");
    assert_null(cJSON_GetObjectItemCaseSensitive(cJSON_GetArrayItem(entries, 1), "skipped"));
    cJSON_Delete(json);
}

static void counts(struct bm_state *state, void *user)
{
    loop_only(state, user);
    bm_set_counter(state, "answer", 42, BM_COUNTER_DEFAULTS);
    bm_set_label(state, "tab\tand \"quotes\" and \x02");
}

static void test_json_has_context_counters_and_label(void **state)
{
    cJSON *json = NULL;
    const cJSON *entry = NULL;

    (void)state;
    bm_add_context("colour", "blue \x03");
    assert_false(bm_failed());
    subject_of(counts, NULL);
    json = run_to_json();
    assert_string_equal(text(cJSON_GetObjectItemCaseSensitive(json, "context"), "colour"),
                        "blue ?");
    entry = cJSON_GetArrayItem(cJSON_GetObjectItemCaseSensitive(json, "benchmarks"), 0);
    assert_string_equal(text(entry, "label"), "tab\tand \"quotes\" and ?");
    assert_true(cJSON_GetObjectItemCaseSensitive(entry, "answer")->valuedouble == 42);
    cJSON_Delete(json);

    bm_add_context(NULL, "x");
    assert_string_equal(bm_last_error(), "bm_add_context: the key or the value is missing");
}

static void test_version_and_help(void **state)
{
    (void)state;
    assert_true(strlen(bm_library_version()) >= strlen("1.7.1"));
    bm_print_help();
    assert_false(bm_failed());
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_needs_initialize, fresh),
        cmocka_unit_test_setup(test_arguments, fresh),
        cmocka_unit_test_setup(test_list_and_filter, fresh),
        cmocka_unit_test_setup(test_list_leaves_all_as_it_was, fresh),
        cmocka_unit_test_setup(test_context_can_refuse, fresh),
        cmocka_unit_test_setup(test_callbacks_may_be_missing, fresh),
        cmocka_unit_test_setup(test_display_reporter_can_run_again, fresh),
        cmocka_unit_test_setup(test_reporter_is_called_in_order, fresh),
        cmocka_unit_test_setup(test_file_reporter, fresh),
        cmocka_unit_test_setup(test_unwritable_file, fresh),
        cmocka_unit_test_setup(test_running_inside_a_body, fresh),
        cmocka_unit_test_setup(test_json_tells_skips_from_errors, fresh),
        cmocka_unit_test_setup(test_json_has_context_counters_and_label, fresh),
        cmocka_unit_test_setup(test_version_and_help, fresh),
    };

    return cmocka_run_group_tests(tests, make_out, remove_out);
}
