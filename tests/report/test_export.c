/* Results as other programs read them, from documents that are made up. */
#include "report/export/export.h"

#include <math.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"
#include "util/file.h"
#include "util/json.h"
#include "util/memory.h"

enum { PROCESSES = 9 };

#define TIMED   "create/call/cpu:same/posix"
#define SIZED   "memory/stack/posix"
#define HOSTILE "=1+1|\\\"@all\\\"\\n" /* as JSON has it */

/* How documents differ. */
struct kind {
    const char *commit, *started, *host, *label;
    bool dirty, lacks; /* it lacks the case of bytes */
    double factor;
};

static const struct kind usual = {"0123456789abcdef0123456789abcdef01234567",
                                  "2026-11-23T00:51:02Z", "vm", NULL, .factor = 1};

static void put_entries(FILE *out, const char *name, double value)
{
    for (int i = 0; i < PROCESSES; i++)
        (void)fprintf(out,
                      "{\"name\":\"%s\",\"run_name\":\"%s\",\"run_type\":\"iteration\","
                      "\"round\":%d,\"real_time\":%g,\"mean\":%g,\"cpu_time\":7,"
                      "\"time_unit\":\"ns\",\"p10\":%g,\"samples\":50,\"p99.9\":9},\n",
                      name, name, i, value + i, value + i + 100, value + i);
}

static void put_case(FILE *out, const char *name, const char *unit, const char *outcome)
{
    (void)fprintf(out,
                  "{\"case\":\"%s\",\"name\":\"%s\",\"benchmark\":\"b\",\"runtime\":\"posix\","
                  "\"unit\":\"%s\",\"primary_statistic\":\"p10\",\"role\":\"selected\","
                  "\"outcome\":\"%s\",\"reason\":\"why\",\"version\":\"ab12\","
                  "\"axes\":{\"cpu\":\"same\",\"live\":0}},\n",
                  name, name, unit, outcome);
}

static void put_context(FILE *out, const struct kind *kind)
{
    (void)fprintf(out,
                  "{\"context\":{\"date\":\"%s\",\"host_name\":\"%s\",\"num_cpus\":2,\"caches\":[],"
                  "\"library_version\":\"1.7.1\",\"threadbench\":{\"schema\":"
                  "\"threadbench-result\",\"version\":2,\"run_id\":\"%s\",\"session\":\"s\","
                  "\"started_utc\":\"%s\",\"rounds_finished\":9,",
                  kind->started, kind->host, kind->started + 10, kind->started);
    (void)fprintf(out,
                  "\"subject\":{%s%s%s\"knows_threadbench\":true,\"loaded\":[{\"role\":\"libc\","
                  "\"version\":\"2.36\"}]},\"revision\":{\"commit\":\"%s\",\"dirty\":%s},"
                  "\"host\":{\"cpu\":\"AMD\",\"machine\":\"x86_64\",\"kernel\":{\"release\":"
                  "\"6.18\"}}}},",
                  kind->label ? "\"label\":\"" : "", kind->label ? kind->label : "",
                  kind->label ? "\"," : "", kind->commit, kind->dirty ? "true" : "false");
}

static void document_of(const struct kind *kind, struct tb_document *document)
{
    char *text = NULL;
    size_t size;
    FILE *out = tb_open_text(&text, &size);
    struct tb_error error;

    put_context(out, kind);
    (void)fputs("\"benchmarks\":[\n", out); /* in memory, as all of it */
    put_entries(out, TIMED, 5000 * kind->factor);
    put_entries(out, HOSTILE, 10);
    if (!kind->lacks)
        put_entries(out, SIZED, 4096);
    (void)fputs("{\"name\":\"x_mean\",\"run_name\":\"" TIMED "\",\"run_type\":\"aggregate\"}],\n"
                "\"threadbench_cases\":[\n",
                out);
    put_case(out, TIMED, "ns", "ok");
    put_case(out, HOSTILE, "ns", "ok");
    if (!kind->lacks)
        put_case(out, SIZED, "bytes", "ok");
    put_case(out, "absent/posix", "ns", "skipped");
    put_case(out, "late/posix", "ns", "pending");
    (void)fputs("{\"case\":\"broken/posix\",\"name\":\"broken/"
                "posix\",\"primary_statistic\":\"p10\",\"outcome\":\"failed\"}]}",
                out);
    (void)fclose(out);
    if (tb_document_parse("made up", text, size, false, document, &error))
        fail_msg("%s", error.text);
}

/* What documents of these kinds become; NULL: `error` says why not. */
static char *export_kinds(struct tb_export *export, const char *format, const struct kind *kinds,
                          size_t count, struct tb_error *error)
{
    char *text = NULL;
    size_t size;
    int code;

    export->out = tb_open_text(&text, &size);
    code = tb_export_begin(export, format, error);
    for (size_t i = 0; !code && i < count; i++) {
        tb_auto(tb_document_finish) struct tb_document document;

        document_of(&kinds[i], &document);
        code = tb_export_add(export, &document, error);
    }
    if (!code)
        code = tb_export_end(export, error);
    tb_export_finish(export);
    (void)fclose(export->out);
    if (!code)
        return text;
    free(text);
    return NULL;
}

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

static const struct kind later = {"1123456789abcdef0123456789abcdef01234567",
                                  "2026-11-24T10:00:00Z", "vm", NULL, .factor = 2};

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

static cJSON *read_json(const char *folder, const char *name)
{
    tb_autofree char *path = tb_print("%s/%s", folder, name), *text = NULL;
    size_t size;

    assert_int_equal(tb_file_read(path, 1 << 20, &text, &size), 0);
    return cJSON_Parse(text);
}

/* Three runs of two commits, one of them of a changed tree. */
static void asv_has_a_folder(void **state)
{
    char folder[] = "/tmp/test-export-XXXXXX";
    struct kind kinds[] = {usual, later, usual};
    struct tb_export export = {.folder = mkdtemp(folder), .is_archive = true};
    struct tb_error error = {""};
    tb_autofree char *text = NULL;

    (void)state;
    kinds[1].commit = usual.commit;
    kinds[2].dirty = true;
    assert_null(export_kinds(&(struct tb_export){0}, "asv", kinds, 3, &error));
    assert_non_null(strstr(error.text, "give --output DIR"));
    text = export_kinds(&export, "asv", kinds, 3, &error);
    assert_non_null(text);
    {
        tb_autojson cJSON *machine = read_json(folder, "vm/machine.json");
        tb_autojson cJSON *file = read_json(folder, "vm/01234567-threadbench.json");
        tb_autojson cJSON *benchmarks = read_json(folder, "benchmarks.json");
        const char *name = "create.call.cpu_same.posix";
        const cJSON *row = cJSON_GetObjectItemCaseSensitive(tb_json_find(file, "results"), name);
        const cJSON *told = cJSON_GetObjectItemCaseSensitive(benchmarks, name);

        assert_string_equal(tb_json_text(machine, "os"), "Linux 6.18");
        assert_string_equal(tb_json_text(file, "commit_hash"), usual.commit);
        assert_int_equal(cJSON_GetArraySize(row),
                         cJSON_GetArraySize(tb_json_find(file, "result_columns")));
        assert_float_equal(tb_json_number(row, "0.0", 0), 10004e-9, 1e-12);
        assert_string_equal(tb_json_text(told, "unit"), "seconds");
        assert_string_equal(tb_json_text(told, "pretty_name"), TIMED);
    }
    tb_file_remove_all(folder);
}

/* A document of one run with these cases, in asv's folder; how many are left out for their names.
 */
static size_t asv_leaves_out(const char *folder, const char *const *names, size_t count)
{
    struct tb_export export = {.folder = folder};
    tb_auto(tb_document_finish) struct tb_document document;
    tb_autofree char *printed = NULL, *text = NULL;
    size_t size;
    struct tb_error error = {""};

    export.out = tb_open_text(&text, &size);
    put_context(export.out, &usual);
    (void)fputs("\"benchmarks\":[\n", export.out);
    for (size_t i = 0; i < count; i++)
        put_entries(export.out, names[i], 5000 * (double)(i + 1));
    (void)fputs("{\"name\":\"x_mean\",\"run_name\":\"x\",\"run_type\":\"aggregate\"}],\n"
                "\"threadbench_cases\":[\n",
                export.out);
    for (size_t i = 0; i < count; i++)
        put_case(export.out, names[i], "ns", "ok");
    (void)fputs("{\"case\":\"late\",\"name\":\"late\",\"outcome\":\"pending\"}]}", export.out);
    (void)fclose(export.out);
    assert_int_equal(tb_document_parse("made up", tb_copy(text), size, false, &document, &error),
                     0);
    export.out = tb_open_text(&printed, &size);
    assert_int_equal(tb_export_begin(&export, "asv", &error), 0);
    assert_int_equal(tb_export_add(&export, &document, &error), 0);
    assert_int_equal(tb_export_end(&export, &error), 0);
    tb_export_finish(&export);
    (void)fclose(export.out);
    return export.left[3];
}

/* asv has dots for slashes, and "version" for itself. */
static void asv_replaces_no_case_by_another(void **state)
{
    static const char *const names[] = {"a/b", "a.b", "version", "c"};
    char folder[] = "/tmp/test-export-XXXXXX";

    (void)state;
    assert_int_equal(asv_leaves_out(mkdtemp(folder), names, 4), 2);
    {
        tb_autojson cJSON *file = read_json(folder, "vm/01234567-threadbench.json");
        tb_autojson cJSON *benchmarks = read_json(folder, "benchmarks.json");
        const cJSON *row = cJSON_GetObjectItemCaseSensitive(tb_json_find(file, "results"), "a.b");

        assert_float_equal(tb_json_number(row, "0.0", 0), 5004e-9, 1e-12);
        assert_float_equal(tb_json_number(benchmarks, "version", 0), 2, 0);
        assert_int_equal(cJSON_GetArraySize(benchmarks), 3);
    }
    tb_file_remove_all(folder);
}

/* What a document calls a commit may be a path. */
static void asv_stays_in_its_folder(void **state)
{
    char folder[] = "/tmp/test-export-XXXXXX";
    tb_autofree char *inner = tb_print("%s/inner", mkdtemp(folder)), *text = NULL;
    tb_autofree char *outside = tb_print("%s/zz-threadbench.json", folder);
    struct tb_export export = {.folder = inner, .is_archive = true};
    struct kind kinds[] = {usual, later};
    struct tb_error error = {""};

    (void)state;
    kinds[0].commit = "../../zz";
    text = export_kinds(&export, "asv", kinds, 2, &error);
    assert_non_null(text);
    assert_int_equal(export.left[5], 1);
    assert_int_equal(access(outside, F_OK), -1);
    tb_file_remove_all(folder);
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
        cmocka_unit_test(openmetrics_escapes_labels),
        cmocka_unit_test(openmetrics_of_a_series_has_times),
        cmocka_unit_test(openmetrics_counts_runs),
        cmocka_unit_test(rows_are_processes),
        cmocka_unit_test(what_is_left_out_is_counted),
        cmocka_unit_test(asv_has_a_folder),
        cmocka_unit_test(asv_replaces_no_case_by_another),
        cmocka_unit_test(asv_stays_in_its_folder),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
