#include "util/strings.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "util/memory.h"

static const char blanks[] = " \t\n";

/* Copies what stands between quotes; returns the closing one, or NULL if there is none. */
static const char *take_quoted(const char *at, char **out)
{
    char quote = *at++;

    for (; *at && *at != quote; at++) {
        /* Within "..." a backslash quotes only what would otherwise be special there. */
        if (quote == '"' && *at == '\\' && at[1] && strchr("\"\\$`\n", at[1]))
            at++;
        *(*out)++ = *at;
    }
    return *at ? at : NULL;
}

/* Copies one word and ends it; returns where it stopped, or NULL if a quote stays open. */
static const char *take_word(const char *at, char **out)
{
    for (; *at && !strchr(blanks, *at); at++) {
        if (*at == '\'' || *at == '"')
            at = take_quoted(at, out);
        else if (*at == '\\')
            *(*out)++ = *++at;
        else
            *(*out)++ = *at;
        if (!at || !*at)
            return NULL;
    }
    *(*out)++ = '\0';
    return at;
}

/* Not popt's own splitter: that drops empty words, takes open quotes for closed ones, and keeps
 * backslashes within quotes that a shell takes away. */
int tb_split(const char *source, const char *text, char ***ret_words, struct tb_error *error)
{
    /* Every second character can begin a word, and no word is longer than its source. */
    size_t most = strlen(text) / 2 + 2;
    char **words = tb_alloc(1, most * sizeof *words + strlen(text) + 2);
    char *out = (char *)(words + most);
    const char *at = text + strspn(text, blanks);
    size_t count = 0;

    while (at && *at) {
        words[count++] = out;
        at = take_word(at, &out);
        at = at ? at + strspn(at, blanks) : NULL;
    }
    if (at && count) {
        *ret_words = words;
        return 0;
    }
    free(words);
    return tb_misuse(error, "%s '%s': %s", source, text,
                     at ? "names no command" : "a quote is not closed");
}

size_t tb_words_count(char *const *words)
{
    size_t count = 0;

    while (words[count])
        count++;
    return count;
}

bool tb_same(const char *text, const char *other)
{
    return text && other ? !strcmp(text, other) : text == other;
}

bool tb_is_alike(const char *text, const char *other)
{
    static const char digits[] = "0123456789";

    for (;;) {
        size_t some = strspn(text, digits), others = strspn(other, digits);

        if (!some != !others || text[some] != other[others])
            return false;
        if (!text[some])
            return true;
        text += some + 1;
        other += others + 1;
    }
}

bool tb_begins_with(const char *text, const char *start)
{
    return !strncmp(text, start, strlen(start));
}

bool tb_ends_with(const char *text, const char *end)
{
    size_t size = strlen(text), tail = strlen(end);

    return size >= tail && !strcmp(text + size - tail, end);
}

const char *tb_or_unknown(const char *text)
{
    return text ? text : "unknown";
}

char *tb_line_at(const char *text, const char *at)
{
    while (at > text && at[-1] != '\n')
        at--;
    return tb_print("%.*s", (int)strcspn(at, "\r\n"), at);
}

void tb_trim(char *text)
{
    for (size_t size = strlen(text); size && strchr(" \t\r\n", text[size - 1]); size--)
        text[size - 1] = '\0';
}

char **tb_words_join(char *const *words, char *const *more)
{
    size_t count = tb_words_count(words), added = tb_words_count(more);
    char **all = tb_alloc(count + added + 1, sizeof *all);

    for (size_t i = 0; i < count + added; i++)
        all[i] = tb_copy(i < count ? words[i] : more[i - count]);
    return all;
}

void tb_words_free(char **words)
{
    for (size_t i = 0; words && words[i]; i++)
        free(words[i]);
    free(words);
}

void tb_words_finish(char ***words)
{
    tb_words_free(*words);
}

int tb_parse_whole(const char *name, const char *text, uint64_t low, uint64_t high,
                   uint64_t *ret_value, struct tb_error *error)
{
    char *end;
    uint64_t value;

    errno = 0;
    value = strtoull(text, &end, 10);
    /* strtoull takes signs and blanks, which are below the digits, and nothing; here it begins with
     * a digit. */
    if (errno || *end || *text < '0' || value < low || value > high)
        return tb_misuse(error, "--%s '%s': give a whole number from %" PRIu64 " to %" PRIu64, name,
                         text, low, high);
    *ret_value = value;
    return 0;
}

int tb_parse_real(const char *name, const char *what, const char *text, double above, double high,
                  double *ret_value, struct tb_error *error)
{
    char *end;
    double value;

    errno = 0;
    value = strtod(text, &end);
    if (errno || *end || end == text || !isfinite(value) || value <= above || value > high)
        return tb_misuse(error, "--%s '%s': give %s as a number %s %g, at most %g", name, text,
                         what, above < 0 ? "from" : "above", above < 0 ? 0 : above, high);
    *ret_value = value;
    return 0;
}

static char *escape(const char *text, const char *special)
{
    char *escaped = tb_alloc(2, strlen(text) + 1);
    char *out = escaped;

    for (; *text; text++) {
        if (strchr(special, *text))
            *out++ = '\\';
        *out++ = *text;
    }
    return escaped;
}

/* A lone ] or } means itself in every dialect, and escaped it is an error in POSIX's. */
char *tb_escape_pattern(const char *text)
{
    return escape(text, ".^$|()[{*+?\\");
}

char *tb_escape_word(const char *text)
{
    return *text ? escape(text, "\\'\" \t\n") : tb_copy("''");
}

/* What GitHub or GitLab would make a link, or call somebody by, from here on: @name, #1 and other
 * signs before a number or a name, GH-1, an address. */
static bool is_reference(const char *at)
{
    if (strchr("#!$&", *at))
        return isdigit((unsigned char)at[1]) != 0;
    if (strchr("@%~", *at))
        return isalnum((unsigned char)at[1]) != 0;
    return !strncmp(at, "://", 3) || !strncasecmp(at, "www.", 4) || !strncasecmp(at, "gh-", 3);
}

static bool has_reference(const char *word, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        if (is_reference(word + i))
            return true;
    }
    return false;
}

/* Between backticks all is itself, but for what would end the code, or a table's cell. */
static void put_code(FILE *out, const char *word, size_t size)
{
    while (size) {
        size_t part = strcspn(word, "`|");

        if (part > size)
            part = size;
        if (part)
            (void)fprintf(out, "`%.*s`", (int)part, word); /* in memory, as all of these */
        else
            (void)fprintf(out, "\\%c", *word);
        word += part ? part : 1;
        size -= part ? part : 1;
    }
}

static void put_escaped(FILE *out, const char *word, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        if (strchr("|\\`*_~&<>[]", word[i]))
            (void)fputc('\\', out);
        (void)fputc(word[i], out);
    }
}

/* No backslash keeps a reference from being one, as it is looked for in the text that is shown; nor
 * is anything put into a name, which would no longer be found by who copies it. */
char *tb_escape_markdown(const char *text)
{
    char *escaped = NULL;
    size_t size;
    FILE *out = tb_open_text(&escaped, &size);

    while (*text) {
        size_t word = strcspn(text, " "), gap = strspn(text + word, " ");

        if (has_reference(text, word))
            put_code(out, text, word);
        else
            put_escaped(out, text, word);
        (void)fprintf(out, "%*s", (int)gap, "");
        text += word + gap;
    }
    (void)fclose(out);
    return escaped;
}
