/* How many digits a figure has, and its unit. */
#include "report/figures.h"

#include "check.h"
#include "report/page.h"

static const struct tb_page ascii = {.width = 40};
static const struct tb_page utf8 = {.width = 40, .utf8 = true};

static void times_have_three_digits_and_a_unit(void **state)
{
    static const struct {
        double ns;
        const char *text;
    } table[] = {
        {0, "0.00 ns"},    {9.9999, "10.0 ns"}, {999.4, "999 ns"},         {999.6, "1.00 us"},
        {6421, "6.42 us"}, {-42.5, "-42.5 ns"}, {1234567, "1.23 ms"},      {2.5e9, "2.50 s"},
        {NAN, "-"},        {INFINITY, "-"},     {1.25e300, "1.25e+291 s"}, {1e15, "1000000 s"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        assert_string_equal(tb_text_time(&ascii, table[i].ns).text, table[i].text);
    assert_string_equal(tb_text_time(&utf8, 6421).text, "6.42 \u00b5s");
}

/* The last digit is that of the half-width's first, but two are there at least and four at most. */
static void an_interval_gives_digits(void **state)
{
    static const struct {
        double share;
        const char *text;
    } table[] = {
        {0, "5.313 us"},   {1e-9, "5.313 us"}, {0.0009, "5.313 us"}, {0.0019, "5.31 us"},
        {0.01, "5.31 us"}, {0.017, "5.31 us"}, {0.019, "5.3 us"},    {0.1, "5.3 us"},
        {0.9, "5.3 us"},   {20, "5.3 us"},     {NAN, "5.31 us"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct tb_text text = tb_text_within(&ascii, "ns", 5312.7, 5312.7 * table[i].share);

        assert_string_equal(text.text, table[i].text);
    }
    assert_string_equal(tb_text_within(&ascii, "ns", 123456, 20000).text, "123 us");
    assert_string_equal(tb_text_within(&ascii, "ns", 999960, 0).text, "1.000 ms");
    assert_string_equal(tb_text_within(&ascii, "ns", 0, 0).text, "0.00 ns");
    assert_int_equal(tb_digits(100, 0.5), 4);
    assert_int_equal(tb_digits(100, 1), 3);
    assert_int_equal(tb_digits(99.999, 1), 3); /* it is shown as 100 */
}

static void values_have_the_unit_of_the_case(void **state)
{
    (void)state;
    assert_string_equal(tb_text_value(&ascii, "ns", 1500).text, "1.50 us");
    assert_string_equal(tb_text_value(&ascii, "bytes", 8388608).text, "8.39 MB");
    assert_string_equal(tb_text_value(&ascii, "maps", 12).text, "12.0 maps");
    assert_string_equal(tb_text_within(&ascii, "maps", 12.3456, 1).text, "12 maps");
    assert_string_equal(tb_text_within(&ascii, "maps", 12345, 1).text, "12345 maps");
    assert_string_equal(tb_text_value(&ascii, "%n maps", 2e9).text, "2e+09 %n maps");
    assert_string_equal(tb_text_value(&ascii, "maps", NAN).text, "-");
}

static void shares_and_numbers(void **state)
{
    (void)state;
    assert_string_equal(tb_text_percent(0.0125).text, "1.2%");
    assert_string_equal(tb_text_percent(0.0996).text, "10%");
    assert_string_equal(tb_text_percent(1.5).text, "150%");
    assert_string_equal(tb_text_percent(NAN).text, "-");
    assert_string_equal(tb_text_percent(-1e300).text, "-1e+302%");
    assert_string_equal(tb_text_confidence(0.05).text, "95 %");
    assert_string_equal(tb_text_confidence(0.025).text, "97.5 %");
    assert_string_equal(tb_text_confidence(0.01).text, "99 %");
    assert_string_equal(tb_text_confidence(0.000999).text, "99.9 %");
    assert_string_equal(tb_text_confidence(1.234e-9).text, "99.99999988 %");
    assert_string_equal(tb_text_number(0.06).text, "0.06");
    assert_string_equal(tb_text_number(1.449).text, "1.45");
    assert_string_equal(tb_text_number(14.49).text, "14.5");
    assert_string_equal(tb_text_number(1172.25).text, "1172");
    assert_string_equal(tb_text_number(1e300).text, "1e+300");
    assert_string_equal(tb_text_count(1, "pair").text, "1 pair");
    assert_string_equal(tb_text_count(0, "pair").text, "0 pairs");
}

static void changes_have_decimals_where_their_interval_is_narrow(void **state)
{
    (void)state;
    assert_string_equal(tb_text_change(1.0641, 0.006).text, "+6.4%");
    assert_string_equal(tb_text_change(1.0641, 0.12).text, "+6%");
    assert_string_equal(tb_text_change(0.95, NAN).text, "-5.0%");
    assert_string_equal(tb_text_change(12.344, NAN).text, "+1134%");
    assert_string_equal(tb_text_change(12.344, 0.01).text, "+1134.4%");
    assert_string_equal(tb_text_change(1e9, 1).text, "+1e+11%");
    assert_string_equal(tb_text_change(0.9996, 0.01).text, "+0.0%");
    assert_string_equal(tb_text_changes(0.9996, 1.0004).text, "+0.0 .. +0.0");
    assert_string_equal(tb_text_change(NAN, NAN).text, "-");
    assert_string_equal(tb_text_changes(1.059, 1.071).text, "+5.9 .. +7.1");
    assert_string_equal(tb_text_changes(0.8, 1.3).text, "-20 .. +30");
    assert_string_equal(tb_text_changes(1, 1e9).text, "+0 .. +1e+11");
    assert_string_equal(tb_text_changes(NAN, NAN).text, "-");
    assert_string_equal(tb_text_change_within(1.0641, 1.059, 1.071).text, "+6.4 % [5.9, 7.1]");
    assert_string_equal(tb_text_change_within(1.0641, 0.9, 1.3).text, "+6 % [-10, 30]");
    assert_string_equal(tb_text_change_within(1.0641, NAN, NAN).text, "+6.4 %");
    assert_string_equal(tb_text_change_within(1e9, 1.0591, 1e9).text, "+1e+11 % [5.91, 1e+11]");
    assert_string_equal(tb_text_change_within(9e6, 8e6, 9.9e6).text,
                        "+899999900 % [799999900, 989999900]");
    assert_string_equal(tb_text_change_within(NAN, NAN, NAN).text, "-");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(times_have_three_digits_and_a_unit),
        cmocka_unit_test(an_interval_gives_digits),
        cmocka_unit_test(values_have_the_unit_of_the_case),
        cmocka_unit_test(shares_and_numbers),
        cmocka_unit_test(changes_have_decimals_where_their_interval_is_narrow),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
