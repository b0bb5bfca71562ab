/* Texts of anyone's, made harmless for where they are to stand, and taken apart again. */
#include "fuzz.h"

#include <assert.h>
#include <ctype.h>
#include <regex.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "report/html/html.h"
#include "report/page.h"
#include "util/csv.h"
#include "util/error.h"
#include "util/memory.h"
#include "util/sanitize.h"
#include "util/strings.h"

enum { longest_pattern = 48 };

/* What turns the direction of writing, or is a line's end for some. */
static bool is_obeyed(wchar_t letter)
{
    return letter == 0x61c || letter == 0x200e || letter == 0x200f || letter == 0x2028 ||
           letter == 0x2029 || (letter >= 0x202a && letter <= 0x202e) ||
           (letter >= 0x2066 && letter <= 0x2069);
}

/* By the C library's own reading of UTF-8, which is the locale's. */
static void check_clean(const char *text, size_t size)
{
    mbstate_t state = {0};

    for (size_t at = 0, step; at < size; at += step) {
        wchar_t letter;

        step = mbrtowc(&letter, text + at, size - at, &state);
        assert(step && step <= size - at);
        assert(letter >= 0x20 || strchr("\t\n\r", (char)letter));
        assert(!(letter >= 0x7f && letter < 0xa0) && !is_obeyed(letter));
    }
}

static void check_sanitize(const char *text, size_t size)
{
    tb_autofree char *clean = tb_alloc_text(size + 1), *again = tb_alloc_text(size + 1);

    memcpy(clean, text, size);
    tb_sanitize(clean, size);
    check_clean(clean, size);
    memcpy(again, clean, size);
    tb_sanitize(again, size);
    assert(!memcmp(clean, again, size));
}

/* A cell as a reader of RFC 4180 takes it; the caller's. */
static char *cell_of(const char *cell)
{
    char *text = tb_copy(cell), *out = text;
    bool quoted = *cell == '"';

    for (cell += quoted; *cell && !(quoted && *cell == '"' && cell[1] != '"'); cell++) {
        assert(quoted || !strchr(",\"", *cell));
        cell += quoted && *cell == '"';
        *out++ = *cell;
    }
    assert(!strcmp(cell, quoted ? "\"" : ""));
    *out = '\0';
    return text;
}

static void check_csv(const char *text, const char *line)
{
    tb_autofree char *cell = NULL, *back = NULL;
    size_t size;
    FILE *out = tb_open_text(&cell, &size);
    bool formula = *line && strchr("=+-@", *line);

    tb_csv_put_text(out, text);
    (void)fclose(out); /* in memory */
    back = cell_of(cell);
    assert(!formula || *back == '\'');
    assert(!strcmp(back + formula, line));
}

/* Outside of code nothing has a meaning, and nothing is a reference; within it is what it is. */
static const char *plain_of(const char *at, FILE *out)
{
    static const char special[] = "|\\`*_~&<>[]";

    assert(*at == '\\' || !strchr(special, *at));
    at += *at == '\\';
    assert(!strchr("@%~", *at) || !isalnum((unsigned char)at[1]));
    assert(!strchr("#!$&", *at) || !isdigit((unsigned char)at[1]));
    (void)fputc(*at, out); /* in memory */
    return at + 1;
}

static const char *code_of(const char *at, FILE *out)
{
    const char *end = strchr(at + 1, '`');

    assert(end && end > at + 1 && end[1] != '`' && !memchr(at, '|', (size_t)(end - at)));
    (void)fwrite(at + 1, 1, (size_t)(end - at) - 1, out);
    return end + 1;
}

static void check_markdown(const char *line)
{
    tb_autofree char *cell = tb_escape_markdown(line), *back = NULL;
    size_t size;
    FILE *out = tb_open_text(&back, &size);

    for (const char *at = cell; *at;)
        at = *at == '`' ? code_of(at, out) : plain_of(at, out);
    (void)fclose(out); /* in memory */
    assert(!strcmp(back, line));
}

static void check_html(const char *text)
{
    static const struct {
        const char *name;
        char letter;
    } entities[] = {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&#39;", '\''}};
    tb_autofree char *page = NULL;
    size_t size;
    FILE *file = tb_open_text(&page, &size);
    char *out;

    tb_html_print(file, "%s", text);
    (void)fclose(file); /* in memory */
    check_clean(page, size);
    out = page;
    for (const char *at = page; *at; out++) {
        size_t i = 0, step;

        assert(!strchr("<>\"'", *at));
        while (*at == '&' && !tb_begins_with(at, entities[i].name)) {
            i++;
            assert(i < sizeof entities / sizeof *entities);
        }
        step = *at == '&' ? strlen(entities[i].name) : 1;
        *out = *at;
        if (*at == '&')
            *out = entities[i].letter;
        at += step;
    }
    *out = '\0';
    assert(strstr(page, "\u27e8") || !strcmp(page, text)); /* what is hidden has its number there */
}

static void check_word(const char *text)
{
    tb_autofree char *word = tb_escape_word(text), **words = NULL;
    struct tb_error error;
    int code = tb_split("text", word, &words, &error);

    assert(!code && !strcmp(words[0], text) && !words[1]);
}

static void check_pattern(const char *line)
{
    tb_autofree char *escaped = tb_escape_pattern(line), *pattern = tb_print("^%s$", escaped);
    regex_t compiled;
    int err;

    if (strlen(line) > longest_pattern)
        return;
    err = regcomp(&compiled, pattern, REG_EXTENDED | REG_NOSUB);
    assert(!err);
    assert(!regexec(&compiled, line, 0, NULL, 0));
    regfree(&compiled);
}

static void check_sentence(const char *text, const char *line)
{
    struct tb_error error;
    int code = tb_failure(&error, "'%s'", text);

    assert(code == TB_FAILURE);
    assert(strlen(error.text) < sizeof error.text && tb_is_printable(error.text));
    assert(!strpbrk(error.text, "\t\n\r"));
    assert(strlen(line) + 2 >= sizeof error.text || !strncmp(error.text + 1, line, strlen(line)));
}

void tb_fuzz_text(char *text, size_t size)
{
    tb_autofree char *line = tb_copy(text);

    check_sanitize(text, size);
    tb_sanitize_line(line);
    check_clean(line, strlen(line));
    assert(strlen(line) == strlen(text) && !strpbrk(line, "\t\n\r"));
    check_csv(text, line);
    check_markdown(line);
    check_html(text);
    check_word(text);
    check_pattern(line);
    check_sentence(text, line);
}
