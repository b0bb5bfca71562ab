/* A document's name says what the document says of itself, whatever that is. */
#include "archive/archive.h"

#include "check.h"

#include <stdlib.h>

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_name_gives_back_what_it_was_made_of),
        cmocka_unit_test(hostile_texts_stay_within_their_part),
        cmocka_unit_test(other_names_are_foreign),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
