/* Reading in one pass: numbers to the last bit, what is passed over, and that damage is found. */
#include "util/json_scan.h"

#include "check.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static struct tb_scan scan_of(const char *text)
{
    return tb_scan_of(text, strlen(text));
}

static double number_of(struct tb_scan *scan)
{
    struct tb_span span = tb_scan_skip(scan);

    return tb_span_number(&span);
}

static void numbers_are_those_of_strtod(void **state)
{
    static const char *const texts[] = {
        "0",     "-0",     "7",        "-12.5",    "123456789012345",   "9007199254740993",
        "0.1",   "1.",     "1e-7",     "1.5E+3",   "6095.657532919919", "6095.6575329199195",
        "1e308", "5e-324", "00000001", "0.000001", "99999.9999999999",  "12345678901234567890123",
    };

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct tb_scan scan = scan_of(texts[i]);

        assert_true(number_of(&scan) == strtod(texts[i], NULL));
        assert_ptr_equal(scan.at, scan.end);
    }
}

static void other_types_are_no_numbers(void **state)
{
    static const char *const texts[] = {"null", "\"1\"", "[1]", "{\"a\":1}", "1e999", "true"};

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct tb_scan scan = scan_of(texts[i]);

        assert_true(isnan(number_of(&scan)));
        assert_ptr_equal(scan.at, scan.end);
    }
}

static void members_are_found(void **state)
{
    static const char text[] = "{\"x\":\"\\\"p\\\":1 p\", \"pp\" : 2,\"p\" :\n 3.5,\"q\":null}";
    const struct tb_span object = {text, sizeof text - 1};

    (void)state;
    assert_near(tb_span_member(&object, "p"), 3.5);
    assert_near(tb_span_member(&object, "pp"), 2);
    assert_true(isnan(tb_span_member(&object, "q")));
    assert_true(isnan(tb_span_member(&object, "x")));
    assert_true(isnan(tb_span_member(&object, "absent")));
    assert_true(isnan(tb_span_member(&object, "")));
    assert_true(isnan(tb_span_member(&(struct tb_span){0}, "p")));
}

/* All of it, value by value. */
static int walk(const char *text, struct tb_error *error)
{
    struct tb_scan scan = scan_of(text);
    struct tb_span key;

    for (bool first = true; tb_scan_member(&scan, &first, &key);) {
        if (tb_span_is(&key, "list")) {
            for (bool begins = true; tb_scan_item(&scan, &begins);)
                (void)tb_scan_skip(&scan); /* damage is told at the end */
        } else {
            (void)tb_scan_text(&scan);
        }
    }
    return tb_scan_end(&scan, "it", 0, error);
}

static void damage_is_found_where_it_is(void **state)
{
    static const struct {
        const char *text, *message;
    } cases[] = {
        {"{", "it, line 1 column 2: it ends too early"},
        {"{\"a\":1,\n \"b\":nan}", "it, line 2 column 6: a number that is not finite"},
        {"{\"a\":-inf}", "it, line 1 column 6: a number that is not finite"},
        {"{\"list\":[1[2]]}", "it, line 1 column 11: not JSON"},
        {"{\"list\":[,1]}", "it, line 1 column 10: not JSON"},
        {"{\"a\" 1}", "it, line 1 column 6: not JSON"},
        {"{\"a\":1} x", "it, line 1 column 9: something follows the end"},
        {"{\"list\":3}", "has something else in its place"},
    };
    struct tb_error error;

    (void)state;
    assert_int_equal(walk(" {\"a\":\"\\u00fc\",\"list\":[1,[],{\"b\":{}}],\"c\":[ ]}\n", &error),
                     0);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(walk(cases[i].text, &error), TB_FAILURE);
        assert_contains(error.text, cases[i].message);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_those_of_strtod),
        cmocka_unit_test(other_types_are_no_numbers),
        cmocka_unit_test(members_are_found),
        cmocka_unit_test(damage_is_found_where_it_is),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
