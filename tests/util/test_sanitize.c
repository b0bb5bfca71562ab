/*
 * Text of others: what is UTF-8 and no control character stays, byte for byte.
 */
#include "check.h"

#include <wchar.h>

#include "util/error.h"
#include "util/sanitize.h"

static const struct sample {
    const char *text, *clean, *line;
} samples[] = {
    {"plain ~ \u00b5\u20ac\U0001f9f5", "plain ~ \u00b5\u20ac\U0001f9f5",
     "plain ~ \u00b5\u20ac\U0001f9f5"},
    {"\a\x1b[31m\x7f", "??[31m?", "??[31m?"},
    {"a\tb\r\nc", "a\tb\r\nc", "a?b??c"},
    {"\x9b"
     "31m",
     "?31m", "?31m"},
    {"\xc2\x80\xc2\x9b\xc2\x9f\xc2\xa0", "??????\xc2\xa0", "??????\xc2\xa0"}, /* to U+00A0 */
    {"\xc0\xaf\xe0\x80\xaf", "?????", "?????"},                               /* long forms */
    {"\xed\xa0\x80\xf4\x90\x80\x80", "???????", "???????"}, /* a surrogate, and beyond */
    {"cut \xe2\x82", "cut ??", "cut ??"},
    {"a\u202eb\u202c\u2066c\u2069\u200fd\u061ce", "a???b??????c??????d??e",
     "a???b??????c??????d??e"}, /* of direction */
    {"\u200e\u0600\u071c\u202f\u206a\u2065", "???\u0600\u071c\u202f\u206a\u2065",
     "???\u0600\u071c\u202f\u206a\u2065"}, /* beside these */
    {"a\u2028b\u2029c\u2010\u2030", "a???b???c\u2010\u2030", "a???b???c\u2010\u2030"},
};

static void check_each(void **state)
{
    (void)state; /* no test here has one */
    for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
        char text[64], line[64];
        struct tb_error error;

        (void)snprintf(text, sizeof text, "%s", samples[i].text); /* fits, as below */
        (void)snprintf(line, sizeof line, "%s", samples[i].text);
        tb_sanitize(text, strlen(text));
        tb_sanitize_line(line);
        assert_string_equal(text, samples[i].clean);
        assert_string_equal(line, samples[i].line);
        assert_int_equal(tb_error_set(&error, 7, "%s", samples[i].text), 7);
        assert_string_equal(error.text, samples[i].line);
    }
}

static void check_what_is_cut(void **state)
{
    struct tb_error error;
    char text[2 * sizeof error.text];

    (void)state;
    memset(text, 'x', sizeof error.text - 2);
    (void)strcpy(text + sizeof error.text - 2, "\u20ac"); /* there is room */
    (void)tb_error_set(&error, 1, "%s", text);            /* returns the 1 */
    assert_string_equal(error.text + sizeof error.text - 3, "x?");
}

static void check_what_cannot_be_printed(void **state)
{
    static const wchar_t none[] = {0x7fffffff, 0};
    struct tb_error error = {"before"};

    (void)state;
    assert_int_equal(tb_error_set(&error, 7, "%ls", none), 7);
    assert_string_equal(error.text, "");
}

static void check_nothing_is_a_control(void **state)
{
    char text[] = "a\0b";

    (void)state;
    tb_sanitize(text, 3);
    assert_memory_equal(text, "a?b", 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(check_each),
        cmocka_unit_test(check_what_is_cut),
        cmocka_unit_test(check_what_cannot_be_printed),
        cmocka_unit_test(check_nothing_is_a_control),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
