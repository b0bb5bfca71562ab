/*
 * A document that lacks any one thing is shown all the same: each table and page is whole, and says
 * of nothing that it is "(null)" or "nan". The argument is a document.
 */
#include "report/session_page.h"

#include "check.h"

#include <errno.h>
#include <locale.h>
#include <stdlib.h>

#include "document/recall.h"
#include "report/html/report_page.h"
#include "run/reaper.h"
#include "run/worker.h"
#include "util/file.h"
#include "util/json.h"
#include "util/memory.h"
#include "util/strings.h"
#include "util/texts.h"

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

static const char *path; /* of the document */

/* The places in a tree, as tb_json_find() takes them: of what is there many times, the first. */
struct places {
    struct tb_texts kinds;
    char **each; /* owned, as all */
    size_t count;
};

static void places_finish(struct places *places)
{
    for (size_t i = 0; i < places->count; i++)
        free(places->each[i]);
    free(places->each);
    tb_texts_finish(&places->kinds);
}

/* `kind` is the place without the numbers. */
/* NOLINTNEXTLINE(misc-no-recursion): as deep as a document */
static void find(const cJSON *parent, const char *place, const char *kind, struct places *places)
{
    const cJSON *item;
    size_t number = 0;

    tb_json_each(item, parent) {
        const char *dot = *place ? "." : "", *name = item->string ? item->string : "";
        tb_autofree char *its_kind = tb_print("%s%s%s", kind, dot, name);
        tb_autofree char *its_place = item->string ? tb_print("%s%s%s", place, dot, name)
                                                   : tb_print("%s%s%zu", place, dot, number++);
        size_t before = places->kinds.names.count;

        if (strchr(name, '.')) /* which no place has */
            continue;
        (void)tb_texts_keep(&places->kinds, its_kind);
        if (item->string && places->kinds.names.count > before) {
            places->each = tb_room(places->each, places->count, sizeof *places->each);
            places->each[places->count++] = tb_copy(its_place);
        }
        find(item, its_place, its_kind, places);
    }
}

static void expect_good(const char *text, const char *lacking)
{
    static const char *const bad[] = {"(null)", ">nan<", " nan", "-nan"};

    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        if (strstr(text, bad[i]))
            fail_msg("'%s' without %s: %.300s", bad[i], lacking, strstr(text, bad[i]));
    }
}

static char *page_of(const struct tb_document *document)
{
    const struct tb_result *results[] = {&document->result};
    const struct tb_side side = {results, 1, NULL};
    const struct tb_report_view view = {.name = "view", .sides = &side, .count = 1};
    char *page = NULL;
    size_t size;
    const struct tb_report_page report = {&view, 1, "title", NULL, &page, &size};
    struct tb_error error;

    assert_int_equal(tb_report_make(&report, &error), TB_FAILURE); /* without gnuplot */
    return page;
}

static char *table_of(const struct tb_document *document)
{
    char *text;
    size_t size;
    struct tb_page page = {.width = 100, .utf8 = true};

    page.out = tb_open_text(&text, &size);
    tb_figures_put(&page, &document->result, 1);
    (void)fclose(page.out); /* in memory */
    return text;
}

/* Whether it was taken. */
static bool show(const char *json, const char *lacking)
{
    tb_autofree char *page = NULL, *table = NULL;
    struct tb_document document;
    struct tb_error error = {""};
    char *text = tb_copy(json);

    if (tb_document_parse("document", text, strlen(text), false, &document, &error)) {
        assert_contains(error.text, "document");
        assert_null(strchr(error.text, '\n'));
        return false;
    }
    tb_document_recall(&document);
    page = page_of(&document);
    table = table_of(&document);
    tb_document_finish(&document);
    expect_good(page, lacking);
    expect_good(table, lacking);
    assert_contains(page, "id=\"conditions\"");
    assert_true(tb_ends_with(page, "</html>\n"));
    assert_contains(table, "\nrun "); /* in the head of each */
    return true;
}

/* The document without what is at the place, or with null there; the caller's. */
static char *without(const char *text, const char *place, bool null)
{
    tb_autojson cJSON *root = cJSON_Parse(text);
    tb_autofree char *above = tb_copy(place);
    char *dot = strrchr(above, '.');
    const char *name = dot ? dot + 1 : place;
    cJSON *parent = root;

    if (dot) {
        *dot = '\0';
        parent = tb_json_find(root, above);
    }
    assert_non_null(tb_json_find(parent, name));
    if (null)
        tb_json_set(parent, name, cJSON_CreateNull());
    else
        cJSON_DeleteItemFromObjectCaseSensitive(parent, name);
    return cJSON_PrintUnformatted(root);
}

static void whatever_is_not_there_the_rest_is_shown(void **state)
{
    tb_auto(places_finish) struct places places = {0};
    tb_autofree char *text = NULL;
    tb_autojson cJSON *root = NULL;
    size_t size, shown = 0;

    (void)state;
    assert_int_equal(tb_file_read(path, 16 << 20, &text, &size), 0);
    root = cJSON_Parse(text);
    find(root, "", "", &places);
    assert_true(show(text, "nothing"));
    for (size_t i = 0; i < places.count; i++) {
        for (int null = 0; null < 2; null++) {
            tb_autofree char *lacking = without(text, places.each[i], null);

            shown += show(lacking, places.each[i]);
        }
    }
    assert_true(shown > places.count); /* little is needed */
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whatever_is_not_there_the_rest_is_shown),
    };

    tb_memory_init();
    if (argc != 2 || !setlocale(LC_CTYPE, "C.UTF-8"))
        return 1;
    path = argv[1];
    return cmocka_run_group_tests(tests, NULL, NULL);
}
