#include "check.h"

#include <regex.h>
#include <stdlib.h>
#include <string.h>

#include "util/memory.h"
#include "util/pattern.h"

static const char many[] = "its repetitions make more than 1000 copies of what they repeat";

static void what_compiles_at_once_may_be_compiled(void **state)
{
    static const char *const good[] = {
        "",
        "^create/.*(posix|c11)+$",
        "a{255}",
        "(a{10}){100}",
        "(a|b*)?{1,10}",
        "a{",
        "a{x}{99",
        "a{2,1}",
        "a{,1}",
        "a{3,}",
        "\\{9{",
        "[{]{9}[^]{9999}][]{9999}]",
        "[[:alpha:]",
        "[[:{9999}:]]+",
        "[[.].]{9999}]",
        "\\",
        ")){2}",
        "(",
        "(((a+)+)+)+b++",
        "[a-z]{1000}",
    };

    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        assert_null(tb_pattern_refused(good[i]));
    }
}

static void what_would_take_gigabytes_may_not(void **state)
{
    static const char *const bad[] = {
        "((a{255}){255}){255}",
        "(a*){30000}",
        "a{0,10000}",
        "(ab){501,}x{0,2}",
        "a++++++++++",
        "(((((a{4}){4}){4}){4}){4})",
        "[{]{1002}",
        "a{99999999999999999999}",
        "a{,1002}",
        "(a{500}|b{600}){2}",
    };

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_string_equal(tb_pattern_refused(bad[i]), many);
}

/* Of what is not repeated there may be as much as a command line has room for. */
static void length_alone_does_not_matter(void **state)
{
    enum { length = 100000 };
    tb_autofree char *text = tb_alloc_text(length + 1);
    regex_t compiled;

    (void)state;
    memset(text, 'a', length);
    text[length] = '\0';
    assert_null(tb_pattern_refused(text));
    assert_int_equal(regcomp(&compiled, text, REG_EXTENDED | REG_NOSUB), 0);
    regfree(&compiled);
}

static void groups_may_be_a_hundred_deep(void **state)
{
    char text[] = "((((((((((((((((((((((((((((((((((((((((((((((((((" /* 50 */
                  "(((((((((((((((((((((((((((((((((((((((((((((((((((a";

    (void)state;
    assert_string_equal(tb_pattern_refused(text), "more than 100 groups are within each other");
    assert_null(tb_pattern_refused(text + 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_compiles_at_once_may_be_compiled),
        cmocka_unit_test(what_would_take_gigabytes_may_not),
        cmocka_unit_test(length_alone_does_not_matter),
        cmocka_unit_test(groups_may_be_a_hundred_deep),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
