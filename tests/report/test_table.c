/* Tables that fit their page. */
#include "report/table.h"

#include <stdlib.h>

#include "check.h"
#include "util/memory.h"

static const char *const names[] = {"create/call/cpu:same/posix", "join/running/cpu:same/posix"};

/* A table of three columns with a line for each of the names, and of a phase. */
static struct libscols_table *table_of(const struct tb_page *page, const char *const *listed,
                                       size_t count)
{
    struct libscols_table *table = tb_page_table(page);

    tb_table_column(table, "case", SCOLS_FL_WRAP);
    tb_table_column(table, "value", SCOLS_FL_RIGHT);
    tb_table_column(table, "note", 0);
    for (size_t i = 0; i < count; i++) {
        struct libscols_line *line = scols_table_new_line(table, NULL);

        tb_table_set(line, 0, listed[i]);
        tb_table_set(line, 1, "1 ns");
        tb_table_set(line, 2, i ? "ab" : NULL);
    }
    return table;
}

/* What comes of it on such a page, where the note goes first and then the value; the caller's. */
static char *put(struct tb_page page, const char *const *listed, size_t count)
{
    static const size_t order[] = {2, 1};
    char *written = NULL;
    size_t size;

    page.out = tb_open_text(&written, &size);
    tb_page_put_fitted(&page, table_of(&page, listed, count), order, 2);
    (void)fclose(page.out); /* in memory */
    return written;
}

static void a_table_has_no_blanks_at_its_ends(void **state)
{
    tb_autofree char *plain = put((struct tb_page){.width = 80}, names, 1);
    tb_autofree char *inked =
        put((struct tb_page){.width = 80, .colored = true}, (const char *const[]){"a"}, 1);

    (void)state;
    assert_string_equal(plain, "case                       value note\n"
                               "create/call/cpu:same/posix  1 ns\n");
    assert_string_equal(inked, "\033[2mcase value note\033[0m\na     1 ns\n");
}

static void what_has_room_is_left_alone(void **state)
{
    tb_autofree char *known = put((struct tb_page){.width = 80, .table_width = 80}, names, 2);
    tb_autofree char *unknown = put((struct tb_page){.width = 10}, names, 2);

    (void)state;
    assert_string_equal(known, "case                        value note\n"
                               "create/call/cpu:same/posix   1 ns\n"
                               "join/running/cpu:same/posix  1 ns ab\n");
    assert_string_equal(unknown, known);
}

static void what_names_share_goes_first(void **state)
{
    tb_autofree char *text = put((struct tb_page){.width = 80, .table_width = 36}, names, 2);

    (void)state;
    assert_string_equal(text, "case         value note\n"
                              "create/call   1 ns\n"
                              "join/running  1 ns ab\n"
                              "not shown at 36 columns: /cpu:same/posix that ends each name\n");
}

static void then_columns_go(void **state)
{
    static const char *const other[] = {"create/call/cpu:same/posix", "  call",
                                        "join/running/cpu:same/clone"};
    tb_autofree char *one = put((struct tb_page){.width = 80, .table_width = 34}, other, 3);
    tb_autofree char *both = put((struct tb_page){.width = 80, .table_width = 30}, other, 3);

    (void)state;
    assert_string_equal(one, "case                        value\n"
                             "create/call/cpu:same/posix   1 ns\n"
                             "  call                       1 ns\n"
                             "join/running/cpu:same/clone  1 ns\n"
                             "not shown at 34 columns: note\n");
    assert_string_equal(both, "case\n"
                              "create/call/cpu:same/posix\n"
                              "  call\n"
                              "join/running/cpu:same/clone\n"
                              "not shown at 30 columns: note, value\n");
}

/* Names alone, and two columns of one name, the first of which holds nothing but "-". */
static char *put_narrow(size_t width, const char *const *listed, size_t count, const char *text)
{
    struct tb_page page = {.width = 80, .table_width = width};
    struct libscols_table *table = tb_page_table(&page);
    char *written = NULL;
    size_t size;

    page.out = tb_open_text(&written, &size);
    tb_table_column(table, "case", SCOLS_FL_WRAP);
    tb_table_column(table, "interval", SCOLS_FL_RIGHT);
    tb_table_column(table, "floor", SCOLS_FL_RIGHT);
    tb_table_column(table, "floor", SCOLS_FL_RIGHT);
    for (size_t i = 0; i < count; i++) {
        struct libscols_line *line = scols_table_new_line(table, NULL);

        tb_table_set(line, 0, listed[i]);
        tb_table_set(line, 1, "-");
        tb_table_set(line, 2, text);
        tb_table_set(line, 3, text);
    }
    tb_page_put_fitted(&page, table, (const size_t[]){3, 2}, 2);
    (void)fclose(page.out); /* in memory */
    return written;
}

static void columns_of_nothing_go_first_and_each_name_once(void **state)
{
    tb_autofree char *nothing = put_narrow(40, names, 2, "-");
    tb_autofree char *blank = put_narrow(40, names, 2, "1.05");
    tb_autofree char *both = put_narrow(12, names, 2, "1.05");

    (void)state;
    assert_string_equal(nothing, "case\n"
                                 "create/call/cpu:same/posix\n"
                                 "join/running/cpu:same/posix\n");
    assert_string_equal(blank, "case                        floor floor\n"
                               "create/call/cpu:same/posix   1.05  1.05\n"
                               "join/running/cpu:same/posix  1.05  1.05\n");
    assert_string_equal(both,
                        "case\n"
                        "create/call\n"
                        "join/running\n"
                        "not shown at 12 columns: /cpu:same/posix that ends each name, floor\n");
}

static void at_last_names_break_at_slashes(void **state)
{
    static const char *const other[] = {"create/call/cpu:same/posix", "  waking up one",
                                        "averyverylongword/clone"};
    tb_autofree char *text = put_narrow(14, other, 3, "-");

    (void)state;
    assert_string_equal(text, "case\n"
                              "create/call/\n"
                              "  cpu:same/\n"
                              "  posix\n"
                              "  waking up\n"
                              "    one\n"
                              "averyverylongw\n"
                              "  ord/clone\n");
}

static void no_name_becomes_nothing(void **state)
{
    static const char *const nested[] = {"a/1/2/1/2", "a/1/2"}, *const same[] = {"a/1", "a/1"};
    tb_autofree char *text = put((struct tb_page){.width = 80, .table_width = 14}, nested, 2);
    tb_autofree char *twice = put((struct tb_page){.width = 80, .table_width = 12}, same, 2);

    (void)state;
    assert_string_equal(text, "case  value\n"
                              "a/1/2  1 ns\n"
                              "a      1 ns\n"
                              "not shown at 14 columns: /1/2 that ends each name, note\n");
    assert_string_equal(twice, "case value\n"
                               "a     1 ns\n"
                               "a     1 ns\n"
                               "not shown at 12 columns: /1 that ends each name, note\n");
}

static void cells_have_ink_on_pages_with_colours(void **state)
{
    const struct tb_page plain = {.width = 80};
    char *written = NULL;
    size_t size;
    struct tb_page page = {.out = tb_open_text(&written, &size), .width = 80, .colored = true};
    struct libscols_table *table = table_of(&page, (const char *const[]){"a", "b"}, 2);

    (void)state;
    tb_table_ink(&page, scols_table_get_line(table, 0), 1, TB_INK_STRONG);
    tb_table_ink(&page, scols_table_get_line(table, 1), 1, TB_INK_NONE);
    tb_table_ink(&plain, scols_table_get_line(table, 1), 2, TB_INK_BAD);
    tb_page_put_table(&page, table);
    (void)fclose(page.out); /* in memory */
    assert_string_equal(written, "\033[2mcase value note\033[0m\n"
                                 "a    \033[1m 1 ns\033[0m\n"
                                 "b     1 ns ab\n");
    free(written);
}

/* Whoever wrote it: in a cell, in the name of a column. */
static void markdown_obeys_no_text(void **state)
{
    char *written = NULL;
    size_t size;
    struct tb_page page = tb_page_markdown(tb_open_text(&written, &size));
    struct libscols_table *table = tb_page_table(&page);
    struct libscols_line *line;

    (void)state;
    tb_table_column(table, "a|<b>", 0);
    tb_table_column(table, "n*", SCOLS_FL_RIGHT);
    line = scols_table_new_line(table, NULL);
    tb_table_set(line, 0, "<i>|\n@all");
    tb_table_set(line, 1, "5*");
    tb_table_bold(line, 1);
    tb_page_put_fitted(&page, table, NULL, 0);
    (void)fclose(page.out); /* in memory */
    assert_string_equal(written, "| a\\|\\<b\\> | n\\* |\n"
                                 "| --- | --: |\n"
                                 "| `<i>`\\|`?@all` | **5\\*** |\n");
    free(written);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_table_has_no_blanks_at_its_ends),
        cmocka_unit_test(what_has_room_is_left_alone),
        cmocka_unit_test(what_names_share_goes_first),
        cmocka_unit_test(then_columns_go),
        cmocka_unit_test(columns_of_nothing_go_first_and_each_name_once),
        cmocka_unit_test(at_last_names_break_at_slashes),
        cmocka_unit_test(no_name_becomes_nothing),
        cmocka_unit_test(markdown_obeys_no_text),
        cmocka_unit_test(cells_have_ink_on_pages_with_colours),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
