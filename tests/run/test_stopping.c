/* When a run looks at what it has, and what goes on after that. */
#include "run/stopping.h"

#include "check.h"

static void looks_come_later_and_later(void **state)
{
    static const unsigned expected[] = {9, 14, 21, 32, 48, 72, 108, 162, 200};
    const struct tb_looks looks = {9, 200}, few = {9, 4}, exact = {9, 9};
    unsigned at = 0;

    (void)state;
    assert_int_equal(tb_looks_count(&looks), 9);
    for (size_t i = 0; i < 9; i++) {
        at = tb_looks_next(&looks, at);
        assert_int_equal(at, expected[i]);
    }
    assert_int_equal(tb_looks_count(&few), 1);
    assert_int_equal(tb_looks_next(&few, 0), 4);
    assert_int_equal(tb_looks_count(&exact), 1);
}

static void assert_checks(struct tb_looks looks, const char *expected)
{
    static const char letters[] = {
        [TB_CHECK_NOTHING] = '.', [TB_CHECK_SELECTED] = 's', [TB_CHECK_WANTS] = 'W'};

    for (unsigned done = 1; done <= looks.rounds; done++)
        assert_int_equal(letters[tb_looks_check(&looks, done)], expected[done - 1]);
}

static void what_is_asked_depends_on_the_rounds_alone(void **state)
{
    (void)state;
    assert_checks((struct tb_looks){9, 15}, "..s.....W....WW");
    assert_checks((struct tb_looks){18, 12}, "..s........W");
    assert_checks((struct tb_looks){3, 5}, "..W.W"); /* a look asks more */
    assert_checks((struct tb_looks){2, 4}, ".WWW");
    assert_checks((struct tb_looks){1, 2}, "WW");
    assert_checks((struct tb_looks){9, 2}, ".W");
}

/* Cases 0 and 2 are one group, and so are 1, 3 and 4. */
static void assert_open(const bool *given, bool any, const bool *expected)
{
    static const size_t groups[] = {2, 3, 2, 3, 3};
    bool open[5];

    memcpy(open, given, sizeof open);
    assert_int_equal(tb_open_groups(groups, open, 5), any);
    assert_memory_equal(open, expected, sizeof open);
}

#define FIVE(...) ((const bool[5]){__VA_ARGS__})

static void a_group_goes_on_as_a_whole(void **state)
{
    (void)state;
    assert_open(FIVE(0, 0, 0, 0, 0), false, FIVE(0, 0, 0, 0, 0));
    assert_open(FIVE(1, 0, 0, 0, 0), true, FIVE(1, 0, 1, 0, 0));
    assert_open(FIVE(0, 0, 0, 0, 1), true, FIVE(0, 1, 0, 1, 1));
    assert_open(FIVE(0, 1, 1, 0, 0), true, FIVE(1, 1, 1, 1, 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(looks_come_later_and_later),
        cmocka_unit_test(what_is_asked_depends_on_the_rounds_alone),
        cmocka_unit_test(a_group_goes_on_as_a_whole),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
