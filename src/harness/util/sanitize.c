#include "util/sanitize.h"

#include <string.h>

#include "util/memory.h"

/*
 * Whether a character of three bytes is one that turns the direction of writing, by which a text is
 * shown as what it is not, or ends the line: U+200E, U+200F, U+2028 to U+202E, U+2066 to U+2069.
 */
static bool turns(const unsigned char *at)
{
    unsigned code = (at[0] & 0xfu) << 12 | (at[1] & 0x3fu) << 6 | (at[2] & 0x3fu);

    return code == 0x200e || code == 0x200f || (code >= 0x2028 && code <= 0x202e) ||
           (code >= 0x2066 && code <= 0x2069);
}

/*
 * The bytes of the character at `at`; 0 for what is none. The first byte gives the length, and with
 * it the bounds of the second that keep out long forms, surrogates and what is beyond Unicode.
 */
static size_t character(const unsigned char *at, size_t left)
{
    static const struct {
        unsigned char first, last, low, high;
        size_t size;
    } forms[] = {
        {0x20, 0x7e, 0x00, 0x00, 1}, {0xc2, 0xc2, 0xa0, 0xbf, 2}, /* the second set of controls */
        {0xc3, 0xdf, 0x80, 0xbf, 2}, {0xe0, 0xe0, 0xa0, 0xbf, 3}, {0xe1, 0xec, 0x80, 0xbf, 3},
        {0xed, 0xed, 0x80, 0x9f, 3}, {0xee, 0xef, 0x80, 0xbf, 3}, {0xf0, 0xf0, 0x90, 0xbf, 4},
        {0xf1, 0xf3, 0x80, 0xbf, 4}, {0xf4, 0xf4, 0x80, 0x8f, 4},
    };
    size_t form = 0, size;

    while (form < sizeof forms / sizeof *forms &&
           (*at < forms[form].first || *at > forms[form].last))
        form++;
    if (form == sizeof forms / sizeof *forms || forms[form].size > left)
        return 0;
    size = forms[form].size;
    if (size > 1 && (at[1] < forms[form].low || at[1] > forms[form].high))
        return 0;
    for (size_t i = 2; i < size; i++) {
        if ((at[i] & 0xc0) != 0x80)
            return 0;
    }
    if (size == 2 && at[0] == 0xd8 && at[1] == 0x9c) /* U+061C */
        return 0;
    return size == 3 && turns(at) ? 0 : size;
}

void tb_sanitize(char *text, size_t size)
{
    for (size_t at = 0, step; at < size; at += step) {
        step = character((const unsigned char *)text + at, size - at);
        if (step || (text[at] && strchr("\t\n\r", text[at]))) {
            step += !step;
        } else {
            text[at] = '?';
            step = 1;
        }
    }
}

void tb_sanitize_line(char *text)
{
    tb_sanitize(text, strlen(text));
    for (; (text = strpbrk(text, "\t\n\r")) != NULL;)
        *text = '?';
}

bool tb_is_printable(const char *text)
{
    tb_autofree char *clean = tb_copy(text);

    tb_sanitize(clean, strlen(clean));
    return !strcmp(clean, text);
}
