/* What a page of HTML makes of texts that are anyone's, and of tables. */
#include "report/html/html.h"

#include <stdlib.h>

#include "check.h"
#include "util/memory.h"

/* A text as it stands in a page; the caller's. */
static char *escaped(const char *text)
{
    char *written;
    size_t size;
    FILE *out = tb_open_text(&written, &size);

    tb_html_print(out, "%s", text);
    (void)fclose(out); /* in memory */
    return written;
}

static void texts_are_escaped(void **state)
{
    static const struct {
        const char *text, *html;
    } table[] = {
        {"plain µ → text\n", "plain µ → text\n"},
        {"<script>", "&lt;script&gt;"},
        {"\"'&]]>", "&quot;&#39;&amp;]]&gt;"},
        {"\a\x1b\x7f\xc2\x85",
         "\u27e8U+0007\u27e9\u27e8U+001B\u27e9\u27e8U+007F\u27e9\u27e8U+0085\u27e9"},
        {"\x01"
         "7\x02",
         "\u27e8U+0001\u27e97\u27e8U+0002\u27e9"},
        {"\xff<", "\u27e8?\u27e9&lt;"},
        {"\xc0\xbc", "\u27e8?\u27e9"},      /* '<' in a form that is too long */
        {"\xe2\x82<", "\u27e8?\u27e9&lt;"}, /* cut off */
        {"\U0001f600", "\U0001f600"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        tb_autofree char *html = escaped(table[i].text);

        assert_string_equal(html, table[i].html);
    }
}

/* U+202E and U+2066; written so that they turn nothing here. */
static void what_turns_the_direction_is_a_number(void **state)
{
    static const char text[] = {'1',        (char)0xe2, (char)0x80, (char)0xae, '2',
                                (char)0xe2, (char)0x81, (char)0xa6, '\0'};
    tb_autofree char *html = escaped(text);

    (void)state;
    assert_string_equal(html, "1\u27e8U+202E\u27e92\u27e8U+2066\u27e9");
}

static void formats_know_numbers_and_no_text(void **state)
{
    char *written;
    size_t size;
    FILE *out = tb_open_text(&written, &size);

    (void)state;
    tb_html_print(out, "<i %s>%zu %u %d%%</i>", "\"", (size_t)7, 8U, -9);
    (void)fclose(out); /* in memory */
    assert_string_equal(written, "<i &quot;>7 8 -9%</i>");
    free(written);
}

static void pages_are_whole(void **state)
{
    struct tb_html html;
    tb_autofree char *page = NULL;
    size_t size;

    (void)state;
    tb_html_begin(&html, "a <title>");
    tb_html_section(&html, "one", "First & foremost");
    tb_html_section(&html, "two", "Second");
    tb_html_notice(&html, "late, but above");
    page = tb_html_end(&html, &size);
    assert_int_equal(size, strlen(page));
    assert_contains(page, "<title>a &lt;title&gt;</title>");
    assert_contains(page, "<a href=\"#one\">First &amp; foremost</a>\n<a href=\"#two\">Second</a>");
    assert_contains(page, "</section>\n<section id=\"two\">");
    assert_contains(page, "default-src 'none'");
    assert_true(strstr(page, "late, but above") < strstr(page, "<main>"));
    assert_null(strstr(page, "http:"));
    assert_contains(page, "</html>\n");
}

static const struct tb_ruler ruler = {
    .high = 10, .band_low = 2, .band_high = 4, .ticks = {{0, "0"}, {5, "five"}}, .count = 2};

static void rows_end_where_the_next_begins(void **state)
{
    static const struct tb_html_column columns[] = {{"case"}, {"<n>", true, "a 'hint'"}};
    struct tb_html html;
    tb_autofree char *page = NULL;
    size_t size;

    (void)state;
    tb_html_begin(&html, "t&");
    tb_html_table(&html, columns, 2);
    tb_html_row(&html, "a\"b", TB_HTML_SLOWER);
    tb_html_row_name(&html, "<b>%s</b>", "<");
    tb_html_number(&html, 1.5, "%s", "1.5 s");
    tb_html_row(&html, NULL, TB_HTML_PLAIN);
    tb_html_number(&html, NAN, "-");
    tb_html_table_end(&html);
    page = tb_html_end(&html, &size);
    assert_contains(page, "tabindex=\"0\" role=\"region\" aria-label=\"Table: t&amp;\"");
    assert_contains(page,
                    "<th scope=\"col\">case</th>"
                    "<th scope=\"col\" class=\"number\" title=\"a &#39;hint&#39;\">&lt;n&gt;</th>");
    assert_contains(
        page, "<tr data-name=\"a&quot;b\" class=\"changed bad\"><th scope=\"row\"><b>&lt;</b></th>"
              "<td class=\"number\" data-value=\"1.5\">1.5 s</td></tr>\n"
              "<tr class=\"part\"><td class=\"number\">-</td></tr>\n</tbody>");
}

static void marks_stand_along_their_ruler(void **state)
{
    static const struct tb_html_column columns[] = {{"", .ruler = &ruler}};
    static const struct tb_mark marks[] = {{2.5, 7.5, 5, .hue = 1, .thin = true},
                                           {NAN, NAN, 99, .hue = TB_HUES}};
    struct tb_html html;
    tb_autofree char *page = NULL;
    size_t size;

    (void)state;
    tb_html_begin(&html, "t");
    tb_html_table(&html, columns, 1);
    tb_html_row(&html, "a", TB_HTML_PLAIN);
    tb_html_marks(&html, &ruler, 5, marks, 2, "h<");
    tb_html_row(&html, "b", TB_HTML_PLAIN);
    tb_html_marks(&html, &ruler, 5, &(struct tb_mark){-1, 11, NAN, .hue = 2}, 1, "");
    tb_html_table_end(&html);
    page = tb_html_end(&html, &size);
    assert_contains(page, "<i style=\"left:50%\">five</i>");
    assert_contains(page, "linear-gradient(var(--band),var(--band)) 25%"); /* 20 % of the 80 left */
    assert_contains(page, "<i class=\"line h2\" style=\"left:25%;width:50%\"></i>"
                          "<i class=\"dot h2\" style=\"left:50%\"></i>"
                          "<i class=\"beyond more h1\"></i></div>"); /* no dot at the end */
    assert_contains(page, "style=\"left:0%;width:100%\"></i><i class=\"beyond less h3\"></i>"
                          "<i class=\"beyond more h3\"></i></div>");
    assert_contains(page, "data-value=\"5\" title=\"h&lt;\"");
}

static void check_ticks(double low, double high, bool log, const char *unit, const char *wanted)
{
    struct tb_ruler made = tb_ruler(low, high, log);
    char text[256] = "";

    tb_ruler_name(&made, unit);
    for (size_t i = 0; i < made.count; i++) {
        (void)strncat(text, i ? "|" : "", sizeof text - strlen(text) - 1);
        (void)strncat(text, made.ticks[i].text, sizeof text - strlen(text) - 1);
    }
    assert_string_equal(text, wanted);
}

static void rulers_have_round_ticks(void **state)
{
    (void)state;
    check_ticks(0, 100, false, "maps", "0|20|40|60|80|100");
    check_ticks(4900, 6100, true, "ns",
                "5 \u00b5s|5.2 \u00b5s|5.4 \u00b5s|5.6 \u00b5s|5.8 \u00b5s|6 \u00b5s");
    check_ticks(1, 1e6, true, "ns", "1 ns|10 ns|100 ns|1 \u00b5s|10 \u00b5s|100 \u00b5s|1 ms");
    check_ticks(900, 60000, true, "bytes", "1 kB|2 kB|5 kB|10 kB|20 kB|50 kB");
    check_ticks(5, 5, true, "ns", "");
    check_ticks(0, 5, true, "ns", "");
    check_ticks(NAN, 5, false, "ns", "");
}

static void changes_are_of_ratios(void **state)
{
    struct tb_ruler made = tb_ruler(0.9, 1.1, true);

    (void)state;
    tb_ruler_name_changes(&made);
    assert_int_equal(made.count, 5);
    assert_string_equal(made.ticks[0].text, "-10 %");
    assert_string_equal(made.ticks[2].text, "0");
    assert_string_equal(made.ticks[4].text, "+10 %");
    assert_near(tb_ruler_place(&made, 0.5), 0);
    assert_near(tb_ruler_place(&made, sqrt(0.99)), 0.5);
    assert_int_equal(tb_ruler_beyond(&made, 0.5), -1);
    assert_int_equal(tb_ruler_beyond(&made, 0), -1);
    assert_int_equal(tb_ruler_beyond(&made, 1.1005), 0); /* which nobody sees */
    assert_int_equal(tb_ruler_beyond(&made, 1.2), 1);
    assert_int_equal(tb_ruler_beyond(&made, NAN), 0);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_are_escaped),
        cmocka_unit_test(what_turns_the_direction_is_a_number),
        cmocka_unit_test(formats_know_numbers_and_no_text),
        cmocka_unit_test(pages_are_whole),
        cmocka_unit_test(rows_end_where_the_next_begins),
        cmocka_unit_test(marks_stand_along_their_ruler),
        cmocka_unit_test(rulers_have_round_ticks),
        cmocka_unit_test(changes_are_of_ratios),
    };

    return cmocka_run_group_tests_name("html", tests, NULL, NULL);
}
