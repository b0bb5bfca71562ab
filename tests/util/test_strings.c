/* Splitting a command as a shell would, and numbers with their ends and ranges checked. */
#include "util/strings.h"

#include "check.h"

#include <stdlib.h>

static void assert_words(const char *text, const char *const *expected)
{
    struct tb_error error;
    char **words;
    size_t i = 0;

    assert_int_equal(tb_split("subject", text, &words, &error), 0);
    for (; expected[i]; i++)
        assert_string_equal(words[i], expected[i]);
    assert_null(words[i]);
    free(words);
}

#define ASSERT_WORDS(text, ...) assert_words(text, (const char *const[]){__VA_ARGS__, NULL})

static void words_are_split_as_by_a_shell(void **state)
{
    (void)state;
    ASSERT_WORDS("a", "a");
    ASSERT_WORDS("  taskset -c 0\t./x \n", "taskset", "-c", "0", "./x");
    ASSERT_WORDS("a b c d e", "a", "b", "c", "d", "e");
    ASSERT_WORDS("'a b' \"c d\" e\\ f", "a b", "c d", "e f");
    ASSERT_WORDS("a''b \"\" '' c", "ab", "", "", "c");
    ASSERT_WORDS("''", "");
    ASSERT_WORDS("'a\\' \"\\\"\\\\\\n\"", "a\\", "\"\\\\n");
    ASSERT_WORDS("\"it's\" 'say \"x\"'", "it's", "say \"x\"");
}

static void nothing_is_expanded(void **state)
{
    (void)state;
    ASSERT_WORDS("$HOME ~ * `id` $(id) a;b", "$HOME", "~", "*", "`id`", "$(id)", "a;b");
}

static void open_quotes_and_no_words_are_refused(void **state)
{
    static const char *const bad[] = {"", "  ", "'a", "a \"b", "a\\", "a 'b\""};
    struct tb_error error;
    char **words;

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(tb_split("subject", bad[i], &words, &error), TB_USAGE);
    (void)tb_split("--build", "make 'all", &words, &error);
    assert_string_equal(error.text, "--build 'make 'all': a quote is not closed");
    (void)tb_split("subject", " ", &words, &error);
    assert_string_equal(error.text, "subject ' ': names no command");
}

static void whole_numbers_end_and_stay_in_range(void **state)
{
    static const char *const bad[] = {
        "", "0", "11", "-1", "+5", " 5", "5 ", "5x", "0x5", "1e1", "99999999999999999999999"};
    struct tb_error error;
    uint64_t value = 0;

    (void)state;
    assert_int_equal(tb_parse_whole("n", "10", 1, 10, &value, &error), 0);
    assert_int_equal(value, 10);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(tb_parse_whole("n", bad[i], 1, 10, &value, &error), TB_USAGE);
    assert_int_equal(value, 10);
}

static void real_numbers_are_finite_and_in_range(void **state)
{
    static const char *const bad[] = {"", "0", "-1", "nan", "inf", "1e999", "10.1", "1s"};
    struct tb_error error;
    double value = 0;

    (void)state;
    assert_int_equal(tb_parse_real("n", "SECONDS", "0.5", 0, 10, &value, &error), 0);
    assert_near(value, 0.5);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(tb_parse_real("n", "SECONDS", bad[i], 0, 10, &value, &error), TB_USAGE);
}

static void names_are_escaped_for_a_pattern(void **state)
{
    char *escaped = tb_escape_pattern("a/(b+c)?/x:[1].*{2}|^$\\");

    (void)state;
    assert_string_equal(escaped, "a/\\(b\\+c\\)\\?/x:\\[1]\\.\\*\\{2}\\|\\^\\$\\\\");
    free(escaped);
}

static void an_escaped_word_is_split_into_itself(void **state)
{
    const char *word = "it's \"a\" \\ b$c\td\ne";
    char *escaped = tb_escape_word(word), **words;
    struct tb_error error;

    (void)state;
    assert_int_equal(tb_split("subject", escaped, &words, &error), 0);
    assert_string_equal(words[0], word);
    assert_null(words[1]);
    free(words);
    free(escaped);
    escaped = tb_escape_word("");
    assert_string_equal(escaped, "''"); /* else it would be none */
    free(escaped);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_are_split_as_by_a_shell),
        cmocka_unit_test(nothing_is_expanded),
        cmocka_unit_test(open_quotes_and_no_words_are_refused),
        cmocka_unit_test(whole_numbers_end_and_stay_in_range),
        cmocka_unit_test(real_numbers_are_finite_and_in_range),
        cmocka_unit_test(names_are_escaped_for_a_pattern),
        cmocka_unit_test(an_escaped_word_is_split_into_itself),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
