/* What stands on a command line. */
#include "fuzz.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "cli/option_table.h"
#include "cli/options.h"
#include "document/subject.h"
#include "run/target.h"
#include "util/memory.h"
#include "util/strings.h"

/* Escaped and put together the words are split as they were. */
static void check_again(char *const *words)
{
    tb_autofree char *text = tb_copy("");
    tb_autofree char **again = NULL;
    struct tb_error error;
    size_t count = tb_words_count(words);
    int code;

    for (size_t i = 0; i < count; i++) {
        tb_autofree char *word = tb_escape_word(words[i]), *before = text;

        text = tb_print("%s%s ", before, word);
    }
    code = tb_split("words", text, &again, &error);
    assert(!code && tb_words_count(again) == count);
    for (size_t i = 0; i < count; i++)
        assert(!strcmp(again[i], words[i]));
}

/* Its path is one word of the command, behind the label. */
static void check_python(const char *text)
{
    tb_autofree char *command = NULL, **words = NULL;
    struct tb_error error;
    int code = tb_target_python(text, &command, &error);

    assert(!code || code == TB_USAGE);
    if (code)
        return;
    code = tb_split("command", command, &words, &error);
    assert(!code && tb_words_count(words) == 8);
    assert(tb_ends_with(words[0], ":") && tb_ends_with(text, words[1]));
    assert(words[0][strspn(words[0], TB_NAME_LETTERS)] == ':');
}

static void check_numbers(const char *text)
{
    struct tb_error error;
    uint64_t whole = 0;
    double real = 0;

    if (!tb_parse_whole("number", text, 3, UINT64_MAX / 2, &whole, &error))
        assert(whole >= 3 && whole <= UINT64_MAX / 2);
    if (!tb_parse_real("number", "NUMBER", text, -1, 1e300, &real, &error))
        assert(real > -1 && real <= 1e300);
}

void tb_fuzz_words(char *text, size_t size)
{
    tb_autofree char **words = NULL;
    struct tb_error error;

    (void)size;
    check_python(text);
    check_numbers(text);
    if (tb_split("text", text, &words, &error))
        return;
    (void)tb_is_assignment(words[0]);
    check_again(words);
}

/* Of the command whose place is the first letter: its words. */
void tb_fuzz_options(char *text, size_t size)
{
    static const struct tb_command commands[] = {
        {.name = "list", .bit = TB_LIST},       {.name = "run", .bit = TB_RUN},
        {.name = "compare", .bit = TB_COMPARE}, {.name = "ab", .bit = TB_AB},
        {.name = "show", .bit = TB_SHOW},       {.name = "report", .bit = TB_REPORT},
        {.name = "history", .bit = TB_HISTORY}, {.name = "doctor", .bit = TB_DOCTOR},
        {.name = "list", .bit = TB_ARCHIVED},   {.name = "verify", .bit = TB_PLAIN},
        {.name = "export", .bit = TB_EXPORT},
    };
    struct tb_command command = commands[(unsigned char)*text % 11];
    tb_autofree char **words = NULL;
    struct tb_options options = {0};
    struct tb_error error = {""};
    int code;

    command.operands = "";
    command.examples = "";
    if (!size || tb_split("text", text + 1, &words, &error))
        return;
    code = tb_options_read(&options, &command, words, &error);
    assert(!code || code == TB_USAGE);
    assert(!code == !error.text[0] && !strchr(error.text, '\n'));
    tb_options_finish(&options);
}
