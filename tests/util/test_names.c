#include "check.h"

#include <stdlib.h>

#include "util/memory.h"
#include "util/names.h"

enum { MANY = 100000 };

static void an_empty_list_has_none(void **state)
{
    tb_auto(tb_names_finish) struct tb_names names = {0};

    (void)state;
    assert_int_equal(tb_names_find(&names, ""), 0);
    assert_int_equal(tb_names_add(&names, ""), 0);
    assert_int_equal(tb_names_find(&names, ""), 0);
    assert_int_equal(names.count, 1);
    assert_int_equal(tb_names_find(&names, "a"), 1);
}

static void each_keeps_its_place(void **state)
{
    tb_auto(tb_names_finish) struct tb_names names = {0};
    char **texts = tb_alloc(MANY, sizeof *texts);

    (void)state;
    for (size_t i = 0; i < MANY; i++)
        assert_int_equal(tb_names_add(&names, texts[i] = tb_print("case/%zu", i)), i);
    for (size_t i = 0; i < MANY; i++) {
        tb_autofree char *copy = tb_copy(texts[i]);

        assert_int_equal(tb_names_add(&names, copy), i);
        assert_int_equal(tb_names_find(&names, copy), i);
        assert_ptr_equal(names.names[i], texts[i]);
    }
    assert_int_equal(names.count, MANY);
    assert_int_equal(tb_names_find(&names, "case"), MANY);
    for (size_t i = 0; i < MANY; i++)
        free(texts[i]);
    free(texts);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_list_has_none),
        cmocka_unit_test(each_keeps_its_place),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
