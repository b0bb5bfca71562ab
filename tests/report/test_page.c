/* What a page makes of figures and lines: digits, units, widths, and what others have written. */
#include "report/page.h"

#include "check.h"
#include "util/memory.h"

static const struct tb_page ascii = {.width = 40};
static const struct tb_page utf8 = {.width = 40, .utf8 = true};

static void times_have_four_digits_and_a_unit(void **state)
{
    static const struct {
        double ns;
        const char *text;
    } table[] = {
        {0, "0.000 ns"},    {9.9999, "10.000 ns"}, {999.9, "999.9 ns"},   {999.96, "1.000 us"},
        {6421, "6.421 us"}, {-42.5, "-42.50 ns"},  {1234567, "1.235 ms"}, {2.5e9, "2.500 s"},
        {NAN, "-"},         {INFINITY, "-"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        assert_string_equal(tb_text_time(&ascii, table[i].ns).text, table[i].text);
    assert_string_equal(tb_text_time(&utf8, 6421).text, "6.421 \u00b5s");
}

static void values_have_the_unit_of_the_case(void **state)
{
    (void)state;
    assert_string_equal(tb_text_value(&ascii, "ns", 1500).text, "1.500 us");
    assert_string_equal(tb_text_value(&ascii, "bytes", 8388608).text, "8.389 MB");
    assert_string_equal(tb_text_value(&ascii, "maps", 12).text, "12 maps");
    assert_string_equal(tb_text_value(&ascii, "maps", NAN).text, "-");
    assert_string_equal(tb_text_percent(0.0125).text, "1.2%");
    assert_string_equal(tb_text_percent(NAN).text, "-");
    assert_string_equal(tb_text_percent(-1e300).text, "-1e+302%");
    assert_string_equal(tb_text_number(1e300).text, "1e+300");
    assert_string_equal(tb_text_time(&ascii, 1.25e300).text, "1.25e+291 s");
    assert_string_equal(tb_text_time(&ascii, 1e15).text, "1000000 s");
    assert_string_equal(tb_text_count(1, "pair").text, "1 pair");
    assert_string_equal(tb_text_count(0, "pair").text, "0 pairs");
}

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

static void a_table_has_no_blanks_at_its_ends(void **state)
{
    char *written = NULL;
    size_t size;
    struct tb_page page = {.out = tb_open_text(&written, &size), .width = 80};
    struct libscols_table *table = tb_page_table(&page);
    struct libscols_line *line;

    (void)state;
    tb_table_column(table, "case", 0);
    tb_table_column(table, "value", SCOLS_FL_RIGHT);
    tb_table_column(table, "note", 0);
    line = scols_table_new_line(table, NULL);
    tb_table_set(line, 0, "create");
    tb_table_set(line, 1, "1 ns");
    tb_table_set(line, 2, NULL);
    tb_page_put_table(&page, table);
    (void)fclose(page.out); /* in memory */
    assert_string_equal(written, "case   value note\ncreate  1 ns\n");
    free(written);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(times_have_four_digits_and_a_unit),
        cmocka_unit_test(values_have_the_unit_of_the_case),
        cmocka_unit_test(lines_are_broken_at_blanks),
        cmocka_unit_test(others_text_stays_on_its_line),
        cmocka_unit_test(markdown_is_escaped),
        cmocka_unit_test(a_table_has_no_blanks_at_its_ends),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
