#include "report/page.h"

#include <langinfo.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "util/memory.h"
#include "util/sanitize.h"
#include "util/strings.h"

enum { widest = 100, narrowest = 40, any_width = 10000 };

static enum tb_color chosen = TB_COLOR_AUTO;

static size_t between(size_t low, size_t value, size_t high)
{
    return value < low ? low : value > high ? high : value;
}

void tb_page_color(enum tb_color color)
{
    chosen = color;
}

/* What is not set is "". */
static const char *variable(const char *name)
{
    const char *value = getenv(name);

    return value ? value : "";
}

static bool is_colored(FILE *out)
{
    const char *term = variable("TERM"), *force = variable("CLICOLOR_FORCE");

    if (chosen != TB_COLOR_AUTO)
        return chosen == TB_COLOR_ALWAYS;
    if (*variable("NO_COLOR"))
        return false;
    if (*force && strcmp(force, "0") != 0)
        return true;
    return isatty(fileno(out)) && *term && strcmp(term, "dumb") != 0;
}

/* What is set by hand, as shells do not pass it on by themselves; else the terminal's; 0: it is not
 * known. */
static size_t width_of(FILE *out)
{
    const char *text = variable("COLUMNS");
    struct winsize size = {0};
    struct tb_error ignored;
    uint64_t columns = 0;

    if (*text && !tb_parse_whole("COLUMNS", text, 1, any_width, &columns, &ignored))
        return columns;
    return ioctl(fileno(out), TIOCGWINSZ, &size) ? 0 : size.ws_col;
}

struct tb_page tb_page(FILE *out)
{
    size_t width = width_of(out);

    return (struct tb_page){
        .out = out,
        .width = width ? between(narrowest, width, widest) : widest,
        .table_width = width ? between(narrowest, width, any_width) : 0,
        .terminal = isatty(fileno(out)),
        .utf8 = !strcmp(nl_langinfo(CODESET), "UTF-8"),
        .colored = is_colored(out),
    };
}

struct tb_page tb_page_markdown(FILE *out)
{
    return (struct tb_page){.out = out, .width = SIZE_MAX, .utf8 = true, .markdown = true};
}

struct tb_page tb_page_of(enum tb_format format)
{
    return format == TB_MARKDOWN ? tb_page_markdown(stdout) : tb_page(stdout);
}

struct tb_page tb_page_verbatim(const struct tb_page *page)
{
    struct tb_page verbatim = *page;

    verbatim.code = page->markdown;
    if (page->markdown)
        verbatim.width = widest;
    return verbatim;
}

void tb_page_gap(const struct tb_page *page)
{
    if (page->markdown)
        (void)fputc('\n', page->out); /* the caller asks ferror() */
}

char *tb_page_text(const struct tb_page *page, const char *text)
{
    return page->markdown ? tb_escape_markdown(text) : tb_copy(text);
}

const char *tb_ink_begin(const struct tb_page *page, enum tb_ink ink)
{
    static const char *const codes[] = {
        [TB_INK_NONE] = "",          [TB_INK_STRONG] = "\033[1m", [TB_INK_FAINT] = "\033[2m",
        [TB_INK_BAD] = "\033[1;31m", [TB_INK_GOOD] = "\033[32m",  [TB_INK_DOUBT] = "\033[33m",
    };

    return page->colored ? codes[ink] : "";
}

const char *tb_ink_end(const struct tb_page *page, enum tb_ink ink)
{
    return page->colored && ink != TB_INK_NONE ? "\033[0m" : "";
}

size_t tb_columns(const char *text, size_t size)
{
    size_t count = 0;

    for (size_t i = 0; i < size; i++)
        count += ((unsigned char)text[i] & 0xc0) != 0x80;
    return count;
}

/* The bytes of `text` that go on a line of `width` columns: up to a blank, or cut if there is none.
 */
static size_t fitting(const char *text, size_t width)
{
    size_t size = 0, blank = 0;

    while (text[size] && tb_columns(text, size + 1) <= width) {
        if (text[size] == ' ')
            blank = size;
        size++;
    }
    return text[size] && text[size] != ' ' && blank ? blank : size;
}

/* With its first bytes, as far as they are on the first line, in that ink. */
static void put_lines(const struct tb_page *page, enum tb_ink ink, size_t marked, size_t indent,
                      const char *text)
{
    size_t margin = 0;

    do {
        size_t size = fitting(text, page->width - margin);
        size_t first = marked < size ? marked : size;

        (void)fprintf(page->out, "%s%*s%s%.*s%s%.*s\n", page->code ? "    " : "", (int)margin, "",
                      first ? tb_ink_begin(page, ink) : "", (int)first, text,
                      first ? tb_ink_end(page, ink) : "", (int)(size - first), text + first);
        text += size;
        marked -= first;
        text += strspn(text, " ");
        margin = indent;
    } while (*text);
}

static void put(const struct tb_page *page, enum tb_ink ink, size_t marked, size_t indent,
                const char *format, va_list list)
{
    tb_autofree char *text = NULL;
    size_t size;
    FILE *memory = tb_open_text(&text, &size);

    (void)vfprintf(memory, format, list); /* in memory */
    (void)fclose(memory);
    tb_sanitize_line(text);
    put_lines(page, ink, marked, indent, text);
}

void tb_page_line(const struct tb_page *page, size_t indent, const char *format, ...)
{
    va_list list;

    va_start(list, format);
    put(page, TB_INK_NONE, 0, indent, format, list);
    va_end(list);
}

void tb_page_line_in(const struct tb_page *page, enum tb_ink ink, size_t marked, size_t indent,
                     const char *format, ...)
{
    va_list list;

    va_start(list, format);
    put(page, ink, marked, indent, format, list);
    va_end(list);
}
