/* Bars and sparklines. */
#include "report/bar.h"

#include "check.h"
#include "util/memory.h"

static const struct tb_page ascii = {.width = 40};
static const struct tb_page utf8 = {.width = 40, .utf8 = true};

static void assert_bar(const struct tb_page *page, double share, const char *expected)
{
    tb_autofree char *bar = tb_bar(page, share, 4);

    assert_string_equal(bar, expected);
}

static void a_bar_is_as_long_as_its_share(void **state)
{
    (void)state;
    assert_bar(&utf8, 1, "\u2588\u2588\u2588\u2588");
    assert_bar(&utf8, 0.5, "\u2588\u2588");
    assert_bar(&utf8, 0.375, "\u2588\u258c");
    assert_bar(&utf8, 0.0001, "\u258f");
    assert_bar(&utf8, 3, "\u2588\u2588\u2588\u2588");
    assert_bar(&ascii, 0.5, "##");
    assert_bar(&ascii, 0.51, "###");
}

static void what_is_no_share_has_no_bar(void **state)
{
    (void)state;
    assert_bar(&utf8, 0, "");
    assert_bar(&utf8, -0.5, "");
    assert_bar(&utf8, NAN, "");
    assert_bar(&ascii, NAN, "");
}

static void assert_spark(const struct tb_page *page, struct tb_bin *bins, size_t size,
                         const char *expected)
{
    struct tb_histogram histogram = {bins, size, 0};
    tb_autofree char *text = NULL;

    for (size_t i = 0; i < size; i++)
        histogram.total += bins[i].count;
    text = tb_sparkline(page, &histogram, 4);
    assert_string_equal(text, expected);
}

/* Of 2000 samples the p99 is at 16, and the median at 8; the steps end at 2, 4, 8 and 16. */
static void a_sparkline_shows_where_samples_are(void **state)
{
    struct tb_bin bins[] = {{1, 500}, {3, 250}, {8, 1000}, {8.1, 210}, {16, 30}, {900, 10}};

    (void)state;
    assert_spark(&utf8, bins, 6, "\u2584\u2582 \u2588");
    assert_spark(&ascii, bins, 6, "=: @");
}

/* The median is at 4, so the steps end at 8. */
static void a_long_tail_takes_one_step(void **state)
{
    struct tb_bin bins[] = {{4, 900}, {5, 450}, {400, 450}};

    (void)state;
    assert_spark(&utf8, bins, 3, "\u2588\u2584 \u2584");
}

static void few_samples_have_one_too(void **state)
{
    struct tb_bin bins[] = {{5, 3}, {10, 1}}, none[] = {{0, 4}};

    (void)state;
    assert_spark(&utf8, bins, 2, "\u2588  \u2583");
    assert_spark(&utf8, bins, 1, "\u2588   ");
    assert_spark(&utf8, bins, 0, "");
    assert_spark(&utf8, none, 1, ""); /* below what the clock can tell */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_bar_is_as_long_as_its_share),
        cmocka_unit_test(what_is_no_share_has_no_bar),
        cmocka_unit_test(a_sparkline_shows_where_samples_are),
        cmocka_unit_test(a_long_tail_takes_one_step),
        cmocka_unit_test(few_samples_have_one_too),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
