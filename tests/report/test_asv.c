/* The folder of results that an export for asv is. */
#include <sys/stat.h>
#include <unistd.h>

#include "made_up.h"
#include "report/export/run.h"
#include "util/file.h"

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

/* The run that is in the folder, by the time at which it began. */
static double begun_at(const char *folder)
{
    tb_autojson cJSON *file = read_json(folder, "vm/01234567-threadbench.json");

    return tb_json_number(file, "date", 0);
}

/* Whichever comes first. */
static void of_a_commit_the_later_run_stays(void **state)
{
    struct kind kinds[2][2] = {{usual, later}, {later, usual}};
    double begun[2] = {0, 0};

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        char folder[] = "/tmp/test-export-XXXXXX";
        struct tb_export export = {.folder = mkdtemp(folder), .is_archive = true};
        struct tb_error error = {""};
        tb_autofree char *text = NULL;

        kinds[i][0].commit = kinds[i][1].commit = usual.commit;
        text = export_kinds(&export, "asv", kinds[i], 2, &error);
        assert_non_null(text);
        assert_int_equal(export.left[TB_EXPORT_REPLACED], 1);
        begun[i] = begun_at(folder);
        tb_file_remove_all(folder);
    }
    assert_float_equal(begun[0], begun[1], 0);
    assert_true(begun[0] > 0);
}

/* It has no commit, or none of a whole tree, or no time; then there is no file of benchmarks. */
static void what_has_no_place_is_no_result(void **state)
{
    char folder[] = "/tmp/test-export-XXXXXX";
    struct tb_export export = {.folder = mkdtemp(folder), .is_archive = true};
    struct kind kinds[] = {usual, usual, usual};
    tb_autofree char *benchmarks = tb_print("%s/benchmarks.json", folder);
    struct tb_error error = {""};

    (void)state;
    kinds[0].commit = "";
    kinds[1].started = "2026-11-31 noon";
    kinds[2].dirty = true;
    assert_null(export_kinds(&export, "asv", kinds, 3, &error));
    assert_contains(error.text, "asv");
    assert_int_equal(export.left[TB_EXPORT_UNMARKED], 3);
    assert_int_equal(access(benchmarks, F_OK), -1);
    tb_file_remove_all(folder);
}

/* Hosts and subjects are names of files, none of them hidden. */
static void names_are_those_of_files(void **state)
{
    char folder[] = "/tmp/test-export-XXXXXX";
    struct tb_export export = {.folder = mkdtemp(folder), .is_archive = true};
    struct kind kinds[] = {usual, later};
    struct tb_error error = {""};
    tb_autofree char *text = NULL;

    (void)state;
    kinds[0].host = ".a/b c";
    kinds[0].label = "new";
    kinds[1].host = "";
    text = export_kinds(&export, "asv", kinds, 2, &error);
    assert_non_null(text);
    {
        tb_autojson cJSON *first = read_json(folder, "_a_b_c/01234567-new.json");
        tb_autojson cJSON *second = read_json(folder, "unknown/11234567-threadbench.json");

        assert_string_equal(tb_json_text(first, "env_name"), "new");
        assert_string_equal(tb_json_text(second, "env_name"), "threadbench");
    }
    tb_file_remove_all(folder);
}

static void a_folder_that_cannot_be_made_is_said(void **state)
{
    struct tb_export export = {.folder = "/dev/null/x", .is_archive = true};
    struct tb_error error = {""};

    (void)state;
    assert_null(export_kinds(&export, "asv", &usual, 1, &error));
    assert_contains(error.text, "cannot write '/dev/null/x/vm/machine.json': Not a directory");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(asv_has_a_folder),
        cmocka_unit_test(asv_replaces_no_case_by_another),
        cmocka_unit_test(asv_stays_in_its_folder),
        cmocka_unit_test(of_a_commit_the_later_run_stays),
        cmocka_unit_test(what_has_no_place_is_no_result),
        cmocka_unit_test(names_are_those_of_files),
        cmocka_unit_test(a_folder_that_cannot_be_made_is_said),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
