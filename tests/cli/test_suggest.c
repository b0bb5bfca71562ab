/* What was probably meant. */
#include "cli/suggest.h"

#include "check.h"

static const char *const words[] = {"list", "run", "compare", "ab", "archive list", "doctor"};

static const char *nearest(const char *word)
{
    return tb_nearest(word, words, sizeof words / sizeof *words);
}

static void the_nearest_word_is_found(void **state)
{
    (void)state;
    assert_string_equal(nearest("run"), "run");
    assert_string_equal(nearest("rnu"), "run");
    assert_string_equal(nearest("comparee"), "compare");
    assert_string_equal(nearest("comprae"), "compare");
    assert_string_equal(nearest("dotcor"), "doctor");
    assert_string_equal(nearest("archivelist"), "archive list");
}

static void what_is_far_from_all_is_none(void **state)
{
    (void)state;
    assert_null(nearest("benchmark"));
    assert_null(nearest("a-word-that-is-longer-than-any-option-or-command"));
    assert_null(tb_nearest("run", words, 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_nearest_word_is_found),
        cmocka_unit_test(what_is_far_from_all_is_none),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
