#include "archived.h"

#include "check.h"

#include <sqlite3.h>
#include <stdlib.h>

#include "util/file.h"
#include "util/json.h"
#include "util/memory.h"

static char root[] = "/tmp/threadbench-index-XXXXXX";
char *folder, *cache;

char *put(unsigned number)
{
    tb_autofree char *text = tb_print(
        "{\"context\":{\"host_name\":\"h\",\"threadbench\":{\"schema\":\"threadbench-result\","
        "\"version\":1,\"run_id\":\"%016u\",\"started_utc\":\"2026-01-02T03:04:%02uZ\","
        "\"revision\":{\"commit\":\"abc%u\",\"dirty\":false}}},\"benchmarks\":[{\"name\":\"a\","
        "\"run_name\":\"a\",\"run_type\":\"iteration\",\"threads\":1,\"round\":0,\"iterations\":1,"
        "\"real_time\":%u,\"cpu_time\":1,\"mean\":%u,\"time_unit\":\"ns\"}]}",
        number, number, number, number, number);
    tb_autojson cJSON *tree = cJSON_Parse(text);
    struct tb_error error;
    char *path = NULL;

    assert_int_equal(
        tb_archive_put(folder, tb_json_find(tree, "context"), text, strlen(text), &path, &error),
        0);
    return path;
}

int set_up(void **state)
{
    (void)state;
    (void)strcpy(root + strlen(root) - 6, "XXXXXX"); /* as long as it was */
    assert_non_null(mkdtemp(root));
    folder = tb_print("%s/archive", root);
    cache = tb_print("%s/cache", root);
    assert_int_equal(setenv("XDG_CACHE_HOME", cache, 1), 0);
    for (unsigned i = 1; i <= DOCUMENTS; i++)
        free(put(i));
    return 0;
}

int tear_down(void **state)
{
    (void)state;
    tb_file_remove_all(root);
    free(folder);
    free(cache);
    return 0;
}

struct outcome read_with(struct tb_digests (*reader)(const struct tb_archive *, const bool *))
{
    tb_auto(tb_archive_finish) struct tb_archive archive = {0};
    tb_auto(tb_digests_finish) struct tb_digests digests = {0};
    bool wanted[64];
    struct outcome outcome = {0};
    struct tb_error error;

    assert_int_equal(tb_archive_load(&archive, folder, &error), 0);
    assert_true(archive.count < sizeof wanted / sizeof *wanted);
    for (size_t i = 0; i < archive.count; i++)
        wanted[i] = archive.entries[i].kind == TB_ARCHIVED_DOCUMENT;
    digests = reader(&archive, wanted);
    for (size_t i = 0; i < digests.count; i++) {
        if (!digests.there[i])
            continue;
        outcome.there++;
        assert_int_equal(digests.each[i].count, 1);
        assert_string_equal(digests.each[i].cases->name, "a");
        outcome.sum += digests.each[i].cases->value;
    }
    outcome.read = digests.read;
    outcome.damaged = digests.damaged;
    outcome.obstacle = digests.obstacle != NULL;
    return outcome;
}

void expect(size_t there, size_t read, double sum)
{
    struct outcome outcome = read_with(tb_index_read);

    assert_int_equal(outcome.there, there);
    assert_int_equal(outcome.read, read);
    assert_near(outcome.sum, sum);
    assert_false(outcome.obstacle);
}

void expect_anew(void)
{
    expect(DOCUMENTS, DOCUMENTS, 15);
    expect(DOCUMENTS, 0, 15);
}

char *index_file(void)
{
    tb_auto(tb_archive_finish) struct tb_archive found = {0};
    struct tb_error error;

    assert_int_equal(tb_archive_load(&found, cache, &error), 0);
    assert_int_equal(found.count, 1);
    return tb_copy(found.entries->path);
}

void run_sql(const char *sql)
{
    tb_autofree char *file = index_file();
    sqlite3 *database;

    assert_int_equal(sqlite3_open(file, &database), SQLITE_OK);
    assert_int_equal(sqlite3_exec(database, sql, NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_close(database), SQLITE_OK);
}

struct tb_digests peek(const struct tb_archive *archive, const bool *wanted)
{
    (void)wanted;
    return tb_index_peek(archive);
}
