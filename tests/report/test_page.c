/* What a page makes of lines: widths, colours, and what others have written. */
#include "report/page.h"

#include <stdlib.h>

#include "check.h"
#include "util/memory.h"
#include "util/strings.h"

static const struct tb_page ascii = {.width = 40};

/* What the page writes of a line; the caller's. */
static char *line_of(struct tb_page page, size_t indent, const char *text)
{
    char *written = NULL;
    size_t size;

    page.out = tb_open_text(&written, &size);
    tb_page_line(&page, indent, "%s", text);
    (void)fclose(page.out); /* in memory */
    return written;
}

static void lines_are_broken_at_blanks(void **state)
{
    tb_autofree char *broken =
        line_of(ascii, 4, "one two three four five six seven eight nine ten eleven");
    tb_autofree char *whole = line_of(ascii, 4, "one two");
    tb_autofree char *cut =
        line_of(ascii, 2, "a-word-that-is-far-longer-than-a-line-of-this-page-can-be");

    (void)state;
    assert_string_equal(broken, "one two three four five six seven eight\n"
                                "    nine ten eleven\n");
    assert_string_equal(whole, "one two\n");
    assert_string_equal(cut, "a-word-that-is-far-longer-than-a-line-of\n"
                             "  -this-page-can-be\n");
}

static void others_text_stays_on_its_line(void **state)
{
    tb_autofree char *line = line_of(ascii, 0, "a\tb\n\033[31mc\xff");

    (void)state;
    assert_string_equal(line, "a?b??[31mc?\n");
}

static void markdown_is_escaped(void **state)
{
    struct tb_page page = tb_page_markdown(stdout);
    tb_autofree char *text = tb_page_text(&page, "a|b*c`<d>");
    tb_autofree char *plain = tb_page_text(&ascii, "a|b*c`<d>");

    (void)state;
    assert_string_equal(text, "a\\|b\\*c\\`\\<d\\>");
    assert_string_equal(plain, "a|b*c`<d>");
}

/* A page of a file, for which the environment has been set. */
static struct tb_page page_with(const char *name, const char *value)
{
    struct tb_page page;

    (void)setenv(name, value, 1); /* it has memory, and the name is one */
    page = tb_page(stdout);
    (void)unsetenv(name); /* likewise */
    return page;
}

static void columns_are_believed(void **state)
{
    (void)state;
    assert_int_equal(page_with("COLUMNS", "60").width, 60);
    assert_int_equal(page_with("COLUMNS", "60").table_width, 60);
    assert_int_equal(page_with("COLUMNS", "300").width, 100);
    assert_int_equal(page_with("COLUMNS", "300").table_width, 300);
    assert_int_equal(page_with("COLUMNS", "1").width, 40);
    assert_int_equal(page_with("COLUMNS", "many").width, tb_page(stdout).width);
    assert_int_equal(page_with("COLUMNS", "").table_width, tb_page(stdout).table_width);
}

static void colours_are_asked_for(void **state)
{
    (void)state;
    (void)unsetenv("NO_COLOR"); /* as above */
    (void)unsetenv("CLICOLOR_FORCE");
    assert_int_equal(page_with("CLICOLOR_FORCE", "0").colored, tb_page(stdout).colored);
    assert_true(page_with("CLICOLOR_FORCE", "1").colored);
    (void)setenv("CLICOLOR_FORCE", "1", 1);
    assert_false(page_with("NO_COLOR", "1").colored);
    assert_true(page_with("NO_COLOR", "").colored);
    tb_page_color(TB_COLOR_NEVER);
    assert_false(tb_page(stdout).colored);
    (void)unsetenv("CLICOLOR_FORCE");
    tb_page_color(TB_COLOR_ALWAYS);
    assert_true(page_with("NO_COLOR", "1").colored);
    assert_true(page_with("TERM", "dumb").colored);
    assert_false(tb_page_markdown(stdout).colored);
    tb_page_color(TB_COLOR_AUTO);
}

/* What the page writes of a marked line; the caller's. */
static char *marked_line_of(struct tb_page page, size_t marked, const char *text)
{
    char *written = NULL;
    size_t size;

    page.out = tb_open_text(&written, &size);
    tb_page_line_in(&page, TB_INK_DOUBT, marked, 2, "%s", text);
    (void)fclose(page.out); /* in memory */
    return written;
}

static void marks_take_no_columns(void **state)
{
    struct tb_page page = {.width = 40, .colored = true};
    tb_autofree char *head = marked_line_of(page, 7, "warning one two three four five six seven e");
    tb_autofree char *all =
        marked_line_of(page, SIZE_MAX, "one two three four five six seven eight nine");
    tb_autofree char *plain = marked_line_of(ascii, 7, "warning one");

    (void)state;
    assert_string_equal(head, "\033[33mwarning\033[0m one two three four five six\n  seven e\n");
    assert_string_equal(all, "\033[33mone two three four five six seven eight\033[0m\n"
                             "  \033[33mnine\033[0m\n");
    assert_string_equal(plain, "warning one\n");
}

static void code_is_what_markdown_leaves_alone(void **state)
{
    struct tb_page markdown = tb_page_markdown(stdout), page = tb_page_verbatim(&markdown);
    struct tb_page same = tb_page_verbatim(&ascii);
    tb_autofree char *code = line_of(page, 4, "*host* `x`"), *plain = line_of(same, 4, "*host*");

    (void)state;
    assert_string_equal(code, "    *host* `x`\n");
    assert_string_equal(plain, "*host*\n");
}

/* Nobody is called, and nothing becomes a link. */
static void markdown_has_no_references(void **state)
{
    static const char *const samples[][2] = {
        {"@everyone", "`@everyone`"},
        {"a* #1 b*", "a\\* `#1` b\\*"},
        {"ftp:// x://y", "`ftp://` `x://y`"},
        {"www.x.y", "`www.x.y`"},
        {" gh-7  GH-8 ", " `gh-7`  `GH-8` "},
        {"%4 &5 ~6 $7 !8", "`%4` `&5` `~6` `$7` `!8`"},
        {"<a>|`b\\*@c|", "`<a>`\\|\\``b\\*@c`\\|"},
        {"a&amp;b $x !y #z", "a\\&amp;b $x !y #z"},
        {"+1.0 %, 5% & more", "+1.0 %, 5% \\& more"},
        {"# 3, 5 @ 7 = 4!", "# 3, 5 @ 7 = 4!"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
        tb_autofree char *text = tb_escape_markdown(samples[i][0]);

        assert_string_equal(text, samples[i][1]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_are_broken_at_blanks),
        cmocka_unit_test(others_text_stays_on_its_line),
        cmocka_unit_test(markdown_is_escaped),
        cmocka_unit_test(markdown_has_no_references),
        cmocka_unit_test(columns_are_believed),
        cmocka_unit_test(colours_are_asked_for),
        cmocka_unit_test(marks_take_no_columns),
        cmocka_unit_test(code_is_what_markdown_leaves_alone),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
