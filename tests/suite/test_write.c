/* JSON, as it is written. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "write.h"

static void write_all(struct tb_writer *out)
{
    tb_write_begin(out, NULL, '{');
    tb_write_text(out, "te\"xt", "a\\b\n");
    tb_write_text(out, "no \"text", NULL);
    tb_write_begin(out, "list", '[');
    tb_write_text(out, NULL, NULL);
    tb_write_number(out, NULL, 0.25);
    tb_write_number(out, NULL, NAN);
    tb_write_number(out, NULL, -INFINITY);
    tb_write_end(out, ']');
    tb_write_begin(out, "none", '{');
    tb_write_end(out, '}');
    tb_write_flag(out, "flag", true);
    tb_write_end(out, '}');
}

static void test_what_is_written_is_json(void **state)
{
    char *text = NULL;
    size_t size = 0;
    struct tb_writer out = {.stream = open_memstream(&text, &size), .empty = true};

    (void)state;
    assert_non_null(out.stream);
    write_all(&out);
    assert_int_equal(fclose(out.stream), 0);
    assert_string_equal(text, "{\"te\\\"xt\":\"a\\\\b\\u000a\",\"no \\\"text\":null,"
                              "\"list\":[null,0.25,null,null],\"none\":{},\"flag\":true}");
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_what_is_written_is_json)};

    return cmocka_run_group_tests_name("write", tests, NULL, NULL);
}
