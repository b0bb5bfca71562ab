/*
 * Cells of CSV: each a cell to a reader, and none a formula to a spreadsheet.
 */
#include "util/csv.h"

#include <stdlib.h>

#include "check.h"
#include "util/memory.h"

static void check_texts(void **state)
{
    static const char *const samples[][2] = {
        {"plain", "plain"},
        {"a,b", "\"a,b\""},
        {"say \"x\"", "\"say \"\"x\"\"\""},
        {"a\nb\rc", "a?b?c"},
        {"=1+1", "'=1+1"},
        {"+1", "'+1"},
        {"-1", "'-1"},
        {"@SUM(A1)", "'@SUM(A1)"},
        {"\t=1+1", "?=1+1"},
        {"=a,b", "\"'=a,b\""},
        {"a=b", "a=b"},
        {"", ""},
        {NULL, ""},
    };

    (void)state;
    for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
        tb_autofree char *text = NULL;
        size_t size;
        FILE *out = tb_open_text(&text, &size);

        tb_csv_put_text(out, samples[i][0]);
        (void)fclose(out); /* in memory */
        assert_string_equal(text, samples[i][1]);
    }
}

static void check_numbers(void **state)
{
    tb_autofree char *text = NULL;
    size_t size;
    FILE *out = tb_open_text(&text, &size);

    (void)state;
    tb_csv_put_number(out, -1.5);
    tb_csv_put_number(out, NAN);
    tb_csv_put_number(out, INFINITY);
    tb_csv_put_number(out, 1e-30);
    (void)fclose(out);                      /* in memory */
    assert_string_equal(text, "-1.51e-30"); /* numbers stay numbers */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(check_texts),
        cmocka_unit_test(check_numbers),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
