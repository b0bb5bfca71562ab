/* Results as other programs read them, from documents that are made up. */
#include "made_up.h"

static char *export_one(const char *format)
{
    struct tb_export export = {0};
    struct tb_error error = {""};
    char *text = export_kinds(&export, format, &usual, 1, &error);

    if (!text)
        fail_msg("%s", error.text);
    return text;
}

static cJSON *json_of(const char *format)
{
    tb_autofree char *text = export_one(format);
    cJSON *root = cJSON_Parse(text);

    assert_non_null(root);
    return root;
}

static void every_format_is_named(void **state)
{
    struct tb_export export = {0};
    struct tb_error error;
    enum tb_export_takes takes;
    bool folder;

    (void)state; /* no test here has one */
    assert_int_equal(tb_export_begin(&export, "xml", &error), TB_USAGE);
    for (size_t i = 0; tb_export_name(i); i++) {
        assert_true(tb_export_knows(tb_export_name(i), &takes, &folder));
        assert_non_null(strstr(error.text, tb_export_name(i)));
    }
    assert_false(tb_export_knows("table", &takes, &folder));
}

static void a_report_is_of_one_run(void **state)
{
    static const char *const names[] = {"github-action-benchmark", "bencher", "perfherder",
                                        "google-benchmark"};
    const struct kind kinds[] = {usual, usual};

    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct tb_export export = {0}, archive = {.is_archive = true};
        struct tb_error error = {""};

        assert_null(export_kinds(&export, names[i], kinds, 2, &error));
        assert_non_null(strstr(error.text, "give one document"));
        assert_null(export_kinds(&archive, names[i], kinds, 1, &error));
        assert_non_null(strstr(error.text, "threadbench show --format"));
    }
}

static void github_has_values_with_ranges(void **state)
{
    tb_autojson cJSON *list = json_of("github-action-benchmark");

    (void)state;
    assert_int_equal(cJSON_GetArraySize(list), 3);
    assert_string_equal(tb_json_text(list, "0.name"), TIMED);
    assert_string_equal(tb_json_text(list, "0.unit"), "ns");
    assert_float_equal(tb_json_number(list, "0.value", 0), 5004, 0);
    assert_string_equal(tb_json_text(list, "0.range"), "\u00b1 3");
    assert_non_null(strstr(tb_json_text(list, "0.extra"), "median of 9 processes"));
    assert_string_equal(tb_json_text(list, "2.unit"), "bytes");
}

static void bencher_has_intervals(void **state)
{
    tb_autojson cJSON *report = json_of("bencher");
    const cJSON *timed = cJSON_GetObjectItemCaseSensitive(report, TIMED);
    const cJSON *sized = cJSON_GetObjectItemCaseSensitive(report, SIZED);

    (void)state;
    assert_int_equal(cJSON_GetArraySize(report), 3);
    assert_float_equal(tb_json_number(timed, "latency.value", 0), 5004, 0);
    assert_float_equal(tb_json_number(timed, "latency.lower_value", 0), 5001, 0);
    assert_float_equal(tb_json_number(timed, "latency.upper_value", 0), 5007, 0);
    assert_float_equal(tb_json_number(sized, "bytes.value", 0), 4100, 0);
}

static void perfherder_has_replicates(void **state)
{
    tb_autojson cJSON *artifact = json_of("perfherder");
    const cJSON *first = tb_json_find(artifact, "suites.0.subtests.0");

    (void)state;
    assert_string_equal(tb_json_text(artifact, "framework.name"), "threadbench");
    assert_int_equal(cJSON_GetArraySize(tb_json_find(artifact, "suites.0.subtests")), 3);
    assert_float_equal(tb_json_number(first, "value", 0), 5004, 0);
    assert_true(tb_json_flag(first, "lowerIsBetter"));
    assert_int_equal(cJSON_GetArraySize(tb_json_find(first, "replicates")), PROCESSES);
}

/* Bytes are no time, and a reader of such a file knows times alone. */
static void a_lean_file_is_read_back(void **state)
{
    tb_autofree char *text = export_one("google-benchmark");
    tb_auto(tb_document_finish) struct tb_document document;
    tb_autojson cJSON *file = cJSON_Parse(text);
    struct tb_error error;

    (void)state;
    assert_null(tb_json_find(file, "context.threadbench"));
    assert_int_equal(cJSON_GetArraySize(tb_json_find(file, "benchmarks")), 2);
    assert_string_equal(tb_json_text(file, "benchmarks.0.name"), TIMED "/real_time");
    assert_float_equal(tb_json_number(file, "benchmarks.0.cpu_time", 0), 5004, 0);
    assert_int_equal(
        tb_document_parse("lean", tb_copy(text), strlen(text), false, &document, &error), 0);
    assert_int_equal(document.result.count, 2);
    assert_float_equal(tb_repetition_value(tb_record_last(&document.result.records[0]),
                                           tb_record_field(&document.result.records[0], "mean")),
                       5004, 0);
}

static void otava_has_a_line_for_each_run(void **state)
{
    struct tb_export export = {.is_archive = true};
    struct tb_error error = {""};
    struct kind kinds[] = {later, usual};
    tb_autofree char *text = NULL;

    (void)state;
    kinds[1].dirty = kinds[1].lacks = true;
    text = export_kinds(&export, "otava", kinds, 2, &error);
    assert_string_equal(text,
                        "time,commit," TIMED ",\"'=1+1|\"\"@all\"\"?\"\n"
                        "2026-11-23T00:51:02Z,0123456789abcdef0123456789abcdef01234567-dirty,"
                        "5004,14\n"
                        "2026-11-24T10:00:00Z,1123456789abcdef0123456789abcdef01234567,10004,14\n");
    assert_int_equal(export.values, 2);
}

static void otava_has_one_series(void **state)
{
    struct kind kinds[] = {usual, later};
    struct tb_error error = {""};

    (void)state;
    assert_null(export_kinds(&(struct tb_export){0}, "otava", kinds, 1, &error));
    assert_non_null(strstr(error.text, "two documents"));
    kinds[1].host = "other";
    assert_null(export_kinds(&(struct tb_export){0}, "otava", kinds, 2, &error));
    assert_non_null(strstr(error.text, "one host"));
    kinds[1].host = "vm";
    kinds[1].label = "new";
    assert_null(export_kinds(&(struct tb_export){0}, "otava", kinds, 2, &error));
    assert_non_null(strstr(error.text, "one subject"));
}

/* A name is said where there is one. */
static void otava_says_whose_runs_they_are(void **state)
{
    struct kind kinds[] = {usual, later};
    struct tb_error error = {""};

    (void)state;
    kinds[0].label = "new";
    assert_null(export_kinds(&(struct tb_export){0}, "otava", kinds, 2, &error));
    assert_string_equal(error.text,
                        "--format otava: runs of 'new' and of '': give those of one subject");
}

/* It may come first: what has no time is not shown, and what not each run has is not either. */
static void otava_shows_what_each_run_has(void **state)
{
    struct tb_export export = {.is_archive = true};
    struct tb_error error = {""};
    struct kind kinds[] = {usual, usual, later};
    tb_autofree char *text = NULL;

    (void)state;
    kinds[0].started = "2026-11-31 noon";
    kinds[1].lacks = true;
    text = export_kinds(&export, "otava", kinds, 3, &error);
    assert_non_null(text);
    assert_int_equal(export.values, 2);
    assert_null(strstr(text, SIZED));
}

static void openmetrics_escapes_labels(void **state)
{
    tb_autofree char *text = export_one("openmetrics");
    const char *line = strstr(text, "threadbench_case_seconds{case=\"" TIMED "\"");

    (void)state;
    assert_non_null(line);
    assert_non_null(strstr(line, "} 5.004e-06\n"));
    assert_non_null(strstr(text, "{case=\"=1+1|\\\"@all\\\"\\n\","));
    assert_non_null(strstr(text, "# UNIT threadbench_case_bytes bytes\n"));
    assert_non_null(strstr(text, "threadbench_cases{outcome=\"failed\",host=\"vm\"} 1\n"));
    assert_non_null(strstr(text, ",kernel=\"6.18\",libc=\"2.36\""));
    assert_string_equal(text + strlen(text) - 6, "# EOF\n");
}

/* Each family once, and the points of a metric in the order of their times. */
static void openmetrics_of_a_series_has_times(void **state)
{
    struct tb_export export = {0};
    struct tb_error error = {""};
    const struct kind kinds[] = {later, usual, usual};
    tb_autofree char *text = export_kinds(&export, "openmetrics", kinds, 3, &error);
    const char *first = strstr(text, "# TYPE threadbench_case_seconds gauge\n");
    const char *line = strstr(text, "{case=\"" TIMED "\""), *next = strchr(line, '\n') + 1;

    (void)state;
    assert_null(strstr(first + 1, "# TYPE threadbench_case_seconds gauge\n"));
    assert_non_null(strstr(line, "\"} 5.004e-06 1795395062\nthreadbench_"));
    assert_non_null(strstr(next, "{case=\"" TIMED "\""));
    assert_non_null(strstr(next, "} 1.0004e-05 1795514400\n"));
}

/* Counted are runs, as the sentence says, however many points each has. */
static void openmetrics_counts_runs(void **state)
{
    struct kind kinds[] = {later, usual, usual, usual};
    struct tb_export export = {0}, none = {.is_archive = true};
    struct tb_error error = {""};
    tb_autofree char *text = NULL, *left = NULL, *nothing = NULL;

    (void)state;
    kinds[3].started = "no time at all, as a document may have it";
    text = export_kinds(&export, "openmetrics", kinds, 4, &error);
    left = tb_export_left_out(&export);
    assert_non_null(text);
    assert_non_null(strstr(left, "1 without a time, or of no clean commit, 1 in whose place"));
    assert_int_equal(export.values, 6);
    nothing = export_kinds(&none, "openmetrics", &kinds[3], 1, &error);
    assert_null(nothing);
    assert_int_equal(none.values, 0);
    assert_non_null(strstr(error.text, "no case has a value"));
}

/* Cells of the n-th line, which has no quoted ones before them. */
static char *cell(const char *text, int line, int column)
{
    for (; line; line--)
        text = strchr(text, '\n') + 1;
    for (; column; column--)
        text = strchr(text, ',') + 1;
    return tb_copy_part(text, strcspn(text, ",\n"));
}

static void rows_are_processes(void **state)
{
    tb_autofree char *csv = export_one("rows-csv"), *lines = export_one("rows-ndjson");
    tb_autofree char *host = cell(csv, 1, 0), *time = cell(csv, 1, 3), *value = cell(csv, 1, 12);
    tb_autofree char *formula = cell(csv, 1 + PROCESSES, 7);
    size_t count = 0;

    (void)state;
    assert_string_equal(host, "vm");
    assert_string_equal(time, "2026-11-23T00:51:02Z");
    assert_string_equal(value, "5000");
    assert_string_equal(formula, "\"'=1+1|\"\"@all\"\"?\"");
    for (char *line = strtok(lines, "\n"); line; line = strtok(NULL, "\n")) {
        tb_autojson cJSON *row = cJSON_Parse(line);
        const cJSON *fields = tb_json_find(row, "fields");

        assert_string_equal(tb_json_text(row, "axes.cpu"), "same");
        assert_string_equal(tb_json_text(row, "version"), "ab12");
        assert_float_equal(tb_json_value(cJSON_GetObjectItemCaseSensitive(fields, "p99.9")), 9, 0);
        assert_int_equal(tb_json_whole(row, "round", 99), count++ % PROCESSES);
    }
    assert_int_equal(count, 3 * PROCESSES);
}

static void what_is_left_out_is_counted(void **state)
{
    regex_t filter;
    struct tb_export export = {0};
    struct tb_error error = {""};
    tb_autofree char *all = export_kinds(&export, "rows-csv", &usual, 1, &error), *none = NULL;
    tb_autofree char *left = tb_export_left_out(&export);

    (void)state;
    assert_non_null(all);
    assert_string_equal(left, "1 skipped, 1 failed, 1 not measured yet");
    assert_int_equal(regcomp(&filter, "^absent/", REG_EXTENDED), 0);
    export = (struct tb_export){.filter = &filter};
    none = export_kinds(&export, "bencher", &usual, 1, &error);
    assert_null(none);
    assert_non_null(strstr(error.text, "no case has a value"));
    assert_int_equal(export.left[0], 1);
    regfree(&filter);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_format_is_named),
        cmocka_unit_test(a_report_is_of_one_run),
        cmocka_unit_test(github_has_values_with_ranges),
        cmocka_unit_test(bencher_has_intervals),
        cmocka_unit_test(perfherder_has_replicates),
        cmocka_unit_test(a_lean_file_is_read_back),
        cmocka_unit_test(otava_has_a_line_for_each_run),
        cmocka_unit_test(otava_has_one_series),
        cmocka_unit_test(otava_says_whose_runs_they_are),
        cmocka_unit_test(otava_shows_what_each_run_has),
        cmocka_unit_test(openmetrics_escapes_labels),
        cmocka_unit_test(openmetrics_of_a_series_has_times),
        cmocka_unit_test(openmetrics_counts_runs),
        cmocka_unit_test(rows_are_processes),
        cmocka_unit_test(what_is_left_out_is_counted),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
