/* A document's name says what the document says of itself, whatever that is. */
#include "archive/archive.h"

#include "check.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/file.h"
#include "util/json.h"

static char *path_of(const char *text)
{
    tb_autojson cJSON *context = cJSON_Parse(text);
    char *path = tb_archive_path("d", context, 0x1234567);

    assert_non_null(path);
    return path;
}

static void a_name_gives_back_what_it_was_made_of(void **state)
{
    char *path =
        path_of("{\"host_name\":\"my-host.x\",\"threadbench\":{\"run_id\":\"0a\","
                "\"started_utc\":\"2026-11-23T00:51:02Z\",\"revision\":{\"commit\":\"abc\","
                "\"dirty\":true},\"subject\":{\"label\":\"b-01234567\"}}}");
    struct tb_archive_entry entry;

    (void)state;
    tb_archive_parse(&entry, path);
    assert_int_equal(entry.kind, TB_ARCHIVED_DOCUMENT);
    assert_string_equal(entry.host, "my-host.x");
    assert_string_equal(entry.commit, "abc");
    assert_true(entry.dirty);
    assert_string_equal(entry.time, "20261123T005102Z");
    assert_string_equal(entry.run_id, "0a");
    assert_string_equal(entry.label, "b-01234567");
    assert_string_equal(path, "d/my-host.x/abc-dirty/20261123T005102Z-0a-b-01234567-01234567.json");
    tb_archive_entry_finish(&entry);
    free(path);
}

static void hostile_texts_stay_within_their_part(void **state)
{
    static const char *const bad[] = {"../..", "",     ".",  "a/b",       "-dirty", "a\\nb",
                                      "a-b",   "none", "..", "\\u00e9 x", "%s%n",   "-rf"};
    struct tb_archive_entry entry;

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        char text[1024];
        char *path;

        (void)snprintf(text, sizeof text,
                       "{\"host_name\":\"%s\",\"threadbench\":{\"run_id\":\"%s\","
                       "\"started_utc\":\"2026-11-23T00:51:02Z\",\"revision\":{\"commit\":\"%s\"},"
                       "\"subject\":{\"label\":\"%s\"}}}",
                       bad[i], bad[i], bad[i], bad[i]); /* fits */
        path = path_of(text);
        tb_archive_parse(&entry, path);
        assert_int_equal(entry.kind, TB_ARCHIVED_DOCUMENT);
        assert_false(entry.dirty);
        assert_true(entry.host[0] != '.');
        assert_string_equal(entry.time, "20261123T005102Z");
        tb_archive_entry_finish(&entry);
        free(path);
    }
}

static void other_names_are_foreign(void **state)
{
    static const char *const names[] = {"d/h/abc/x.json", "README", "",
                                        "d/h/abc/20261123T005102Z-0a-0123456.json",
                                        "d/h/abc-x/20261123T005102Z-0a-01234567.json"};
    struct tb_archive_entry entry;

    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        tb_archive_parse(&entry, names[i]);
        assert_int_equal(entry.kind, TB_ARCHIVED_FOREIGN);
        assert_null(entry.host);
        tb_archive_entry_finish(&entry);
    }
}

/* A folder for a test, which is to remove it; the caller's. */
static char *make_folder(void)
{
    const char *place = getenv("TMPDIR");
    char *folder = tb_print("%s/archive-XXXXXX", place ? place : P_tmpdir);

    assert_non_null(mkdtemp(folder));
    return folder;
}

static const char document_text[] =
    "{\"context\": {\"host_name\": \"h\", \"date\": \"2026-11-23 00:51:02\", \"threadbench\":"
    " {\"schema\": \"threadbench-result\", \"version\": 2, \"run_id\": \"0a\", \"session\":"
    " \"0b\", \"rounds_finished\": 1}}, \"benchmarks\": [{\"name\": \"a\", \"run_name\": \"a\","
    " \"run_type\": \"iteration\", \"real_time\": 1, \"cpu_time\": 1, \"time_unit\": \"ns\","
    " \"round\": 0}]}";

/* Puts the document there; its path is the caller's. */
static void put_document(const char *folder, char **ret_path, struct tb_error *error)
{
    tb_autojson cJSON *root = cJSON_Parse(document_text);
    int code = tb_archive_put(folder, tb_json_find(root, "context"), document_text,
                              strlen(document_text), ret_path, error);

    assert_int_equal(code, 0);
    assert_non_null(*ret_path);
}

/* The document's text with another one in its place from there on. */
static void put_over(const char *path, size_t at, const char *text)
{
    tb_autofree char *changed = tb_copy(document_text);
    struct tb_error error;

    for (size_t i = 0; text[i]; i++)
        changed[at + i] = text[i];
    assert_int_equal(tb_file_write(path, changed, &error), 0);
}

static void a_document_that_is_there_is_not_replaced(void **state)
{
    tb_autofree char *folder = make_folder(), *path = NULL, *again = NULL, *other = NULL;
    tb_autojson cJSON *root = cJSON_Parse(document_text);
    struct tb_error error = {""};

    (void)state;
    put_document(folder, &path, &error);
    put_document(folder, &again, &error);
    assert_string_equal(path, again);
    assert_contains(error.text, "is there already");
    assert_int_equal(tb_file_write(path, "{}", &error), 0);
    assert_int_equal(tb_archive_put(folder, tb_json_find(root, "context"), document_text,
                                    strlen(document_text), &other, &error),
                     TB_FAILURE);
    assert_contains(error.text, "and damaged");
    put_over(path, strlen(document_text) - 1, "]"); /* as many bytes, but the last */
    assert_int_equal(tb_archive_put(folder, tb_json_find(root, "context"), document_text,
                                    strlen(document_text), &other, &error),
                     TB_FAILURE);
    assert_contains(error.text, "and damaged");
    assert_int_equal(unlink(path), 0);
    assert_int_equal(mkdir(path, 0700), 0);
    assert_int_equal(tb_archive_put(folder, tb_json_find(root, "context"), document_text,
                                    strlen(document_text), &other, &error),
                     TB_FAILURE);
    assert_contains(error.text, path);
    assert_null(other);
    tb_file_remove_all(folder);
}

static void what_has_no_date_has_no_name(void **state)
{
    static const char *const contexts[] = {
        "{}", "{\"date\": \"yesterday\"}", "{\"date\": \"2026-11-23T00:51:02Z and more\"}",
        "{\"date\": \"123456-11-23T00:51:02Z\"}", "{\"date\": \"9999-12-31T23:59:59-0100\"}"};
    struct tb_error error = {""};

    (void)state;
    for (size_t i = 0; i < sizeof contexts / sizeof *contexts; i++) {
        tb_autojson cJSON *context = cJSON_Parse(contexts[i]);
        char *path = NULL;

        assert_int_equal(tb_archive_put("d", context, "x", 1, &path, &error), TB_FAILURE);
        assert_contains(error.text, "no date");
        assert_null(path);
    }
}

static void a_folder_that_cannot_be_made_is_named(void **state)
{
    tb_autojson cJSON *context = cJSON_Parse("{\"date\": \"2026-11-23T00:51:02Z\"}");
    tb_autofree char *folder = make_folder(), *file = tb_print("%s/h", folder), *path = NULL;
    struct tb_error error = {""};

    (void)state;
    assert_int_equal(tb_file_write(file, "", &error), 0);
    assert_int_equal(tb_archive_put(file, context, "x", 1, &path, &error), TB_FAILURE);
    assert_contains(error.text, "Not a directory");
    assert_null(path);
    assert_int_equal(tb_archive_check(file, &error), TB_FAILURE);
    assert_contains(error.text, "keep documents in");
    tb_file_remove_all(folder);
}

/* Its bytes are those that its name is for, and it has no date that the name could be of. */
static void a_document_without_a_date_is_none_of_an_archive(void **state)
{
    tb_autofree char *folder = make_folder(), *path = NULL, *moved = NULL;
    struct tb_error error = {""};
    const char *date = strstr(document_text, "2026-11");

    (void)state;
    put_document(folder, &path, &error);
    put_over(path, (size_t)(date - document_text), "tomorrow");
    assert_int_equal(tb_archive_verify(path, &error), TB_FAILURE);
    assert_contains(error.text, "its 'context' has no date");
    moved = tb_print("%s/x.json", folder);
    assert_int_equal(rename(path, moved), 0);
    assert_int_equal(tb_archive_verify(moved, &error), TB_FAILURE);
    tb_file_remove_all(folder);
}

static void a_document_is_read_as_it_was_put_there(void **state)
{
    tb_autofree char *folder = make_folder(), *path = NULL, *moved = NULL, *bare = NULL;
    struct tb_document document;
    struct tb_error error = {""};

    (void)state;
    put_document(folder, &path, &error);
    moved = tb_print("%s/20261123T005102Z-0b-01234567.json", folder);
    bare = tb_print("%s/x", folder);
    assert_int_equal(tb_archive_read(path, &document, &error), 0);
    assert_string_equal(document.path, path);
    tb_document_finish(&document);
    assert_int_equal(tb_archive_verify(path, &error), 0);
    assert_int_equal(tb_archive_read(bare, &document, &error), TB_FAILURE);
    assert_int_equal(tb_archive_verify(bare, &error), TB_FAILURE);
    assert_int_equal(rename(path, moved), 0);
    assert_int_equal(tb_archive_read(moved, &document, &error), TB_FAILURE);
    assert_contains(error.text, "not those that its name is for");
    assert_int_equal(tb_archive_verify(moved, &error), TB_FAILURE);
    assert_contains(error.text, "belongs to the name 'h/none/20261123T005102Z-0a-");
    assert_int_equal(rename(moved, bare), 0);
    assert_int_equal(tb_archive_read(bare, &document, &error), TB_FAILURE);
    tb_file_remove_all(folder);
}

/* Links, folders in the place of documents, and documents in that of folders. */
static void what_is_out_of_place_is_told_apart(void **state)
{
    tb_autofree char *folder = make_folder(), *path = NULL, *moved = NULL, *link = NULL;
    struct tb_archive archive;
    struct tb_error error = {""};

    (void)state;
    put_document(folder, &path, &error);
    moved = tb_print("%s/h/%s", folder, strrchr(path, '/') + 1); /* as high as revisions */
    link = tb_print("%s/l", folder);
    assert_int_equal(rename(path, moved), 0);
    assert_int_equal(mkdir(path, 0700), 0);
    assert_int_equal(symlink(moved, link), 0); /* which hides no folder */
    assert_int_equal(tb_archive_load(&archive, folder, &error), 0);
    assert_int_equal(archive.count, 3);
    for (size_t i = 0; i < archive.count; i++) {
        const struct tb_archive_entry *entry = &archive.entries[i];
        bool unread = !strcmp(entry->path, path);

        assert_int_equal(entry->kind, unread ? TB_ARCHIVED_UNREADABLE : TB_ARCHIVED_FOREIGN);
        assert_string_equal(tb_archive_reason(entry),
                            unread ? "no file, empty or unreadable" : "no name of the archive's");
    }
    tb_archive_finish(&archive);
    tb_file_remove_all(folder);
}

static void a_host_is_meant_that_has_documents(void **state)
{
    tb_autofree char *folder = make_folder(), *other = tb_print("%s/README", folder);
    tb_autofree char *path = NULL, *meant = NULL;
    struct tb_archive archive;
    struct tb_error error = {""};

    (void)state;
    put_document(folder, &path, &error);
    assert_int_equal(tb_file_write(other, "", &error), 0);
    assert_int_equal(tb_archive_load(&archive, folder, &error), 0);
    assert_null(tb_archive_meant_host(&archive, "h"));
    meant = tb_archive_meant_host(&archive, "hh");
    assert_string_equal(meant, "did you mean 'h'?");
    assert_string_equal(tb_archive_reason(&archive.entries[archive.count - 1]), "document");
    tb_archive_finish(&archive);
    tb_file_remove_all(folder);
}

/* By what is in it, the list has one entry of each kind. */
static void all_of_a_folder_is_listed(void **state)
{
    static const enum tb_archived kinds[] = {TB_ARCHIVED_LEFTOVER, TB_ARCHIVED_FOREIGN,
                                             TB_ARCHIVED_UNREADABLE, TB_ARCHIVED_DOCUMENT};
    tb_autofree char *folder = make_folder(), *left = NULL, *other = NULL;
    tb_autofree char *empty = NULL, *path = NULL;
    struct tb_archive archive;
    struct tb_error error = {""};
    bool found[4] = {false};

    (void)state;
    assert_int_equal(tb_archive_check(folder, &error), 0);
    put_document(folder, &path, &error);
    left = tb_print("%s/" TB_FILE_LEFTOVER "0", folder);
    other = tb_print("%s/README", folder);
    empty = tb_print("%s/h/none/20261123T005102Z-0c-01234567.json", folder);
    assert_int_equal(tb_file_write(left, "", &error), 0);
    assert_int_equal(tb_file_write(other, "", &error), 0);
    assert_int_equal(tb_file_write(empty, "", &error), 0);
    assert_int_equal(tb_archive_load(&archive, folder, &error), 0);
    assert_int_equal(archive.count, 4);
    for (size_t i = 0; i < archive.count; i++) {
        for (size_t k = 0; k < 4; k++)
            found[k] |= archive.entries[i].kind == kinds[k];
    }
    for (size_t k = 0; k < 4; k++)
        assert_true(found[k]);
    tb_archive_finish(&archive);
    tb_file_remove_all(folder);
    assert_int_equal(tb_archive_load(&archive, folder, &error), TB_USAGE);
    assert_contains(error.text, folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_document_that_is_there_is_not_replaced),
        cmocka_unit_test(what_has_no_date_has_no_name),
        cmocka_unit_test(a_folder_that_cannot_be_made_is_named),
        cmocka_unit_test(a_document_without_a_date_is_none_of_an_archive),
        cmocka_unit_test(what_is_out_of_place_is_told_apart),
        cmocka_unit_test(a_host_is_meant_that_has_documents),
        cmocka_unit_test(a_document_is_read_as_it_was_put_there),
        cmocka_unit_test(all_of_a_folder_is_listed),
        cmocka_unit_test(a_name_gives_back_what_it_was_made_of),
        cmocka_unit_test(hostile_texts_stay_within_their_part),
        cmocka_unit_test(other_names_are_foreign),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
