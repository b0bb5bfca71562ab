#include "report/page.h"

#include <langinfo.h>
#include <math.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "util/memory.h"
#include "util/sanitize.h"
#include "util/strings.h"

enum { widest = 100, narrowest = 40 };

static size_t between(size_t low, size_t value, size_t high)
{
    return value < low ? low : value > high ? high : value;
}

struct tb_page tb_page(FILE *out)
{
    struct winsize size = {0};
    bool known = ioctl(fileno(out), TIOCGWINSZ, &size) == 0 && size.ws_col;

    return (struct tb_page){
        .out = out,
        .width = known ? between(narrowest, size.ws_col, widest) : widest,
        .table_width = known ? between(narrowest, size.ws_col, SIZE_MAX) : 0,
        .utf8 = !strcmp(nl_langinfo(CODESET), "UTF-8"),
    };
}

struct tb_page tb_page_markdown(FILE *out)
{
    return (struct tb_page){.out = out, .width = SIZE_MAX, .utf8 = true, .markdown = true};
}

char *tb_page_text(const struct tb_page *page, const char *text)
{
    return page->markdown ? tb_escape_markdown(text) : tb_copy(text);
}

struct tb_text tb_text_print(bool known, const char *format, ...)
{
    const char *used = known ? format : "-";
    struct tb_text text;
    va_list list;

    va_start(list, format);
    (void)vsnprintf(text.text, sizeof text.text, used, list); /* cut to fit */
    va_end(list);
    return text;
}

/* Four significant digits, which is more than most rows' spread gives. */
static struct tb_text digits(double value, const char *unit)
{
    double size = fabs(value);
    int decimals = size < 10 ? 3 : size < 100 ? 2 : size < 1000 ? 1 : 0;

    if (size >= TB_LARGE)
        return tb_text_print(isfinite(value), "%.4g%s", value, unit);
    return tb_text_print(isfinite(value), "%.*f%s", decimals, value, unit);
}

struct tb_text tb_text_time(const struct tb_page *page, double ns)
{
    double size = fabs(ns);

    if (size < 999.95)
        return digits(ns, " ns");
    if (size < 999.95e3)
        return digits(ns / 1e3, page->utf8 ? " \u00b5s" : " us");
    if (size < 999.95e6)
        return digits(ns / 1e6, " ms");
    return digits(ns / 1e9, " s");
}

struct tb_text tb_text_value(const struct tb_page *page, const char *unit, double value)
{
    static const char *const bytes[] = {" B", " kB", " MB", " GB", " TB"};
    size_t power = 0;

    if (!strcmp(unit, "ns") || !isfinite(value))
        return tb_text_time(page, value);
    if (!strcmp(unit, "bytes")) {
        for (; fabs(value) >= 999.95 && power + 1 < sizeof bytes / sizeof *bytes; power++)
            value /= 1e3;
        return digits(value, bytes[power]);
    }
    return tb_text_print(true, "%.4g %s", value, unit);
}

struct tb_text tb_text_percent(double share)
{
    return tb_text_print(isfinite(share), fabs(share) < TB_LARGE ? "%.1f%%" : "%.3g%%",
                         100 * share);
}

struct tb_text tb_text_number(double value)
{
    return tb_text_print(isfinite(value), fabs(value) < TB_LARGE ? "%.2f" : "%.3g", value);
}

struct tb_text tb_text_count(size_t count, const char *noun)
{
    return tb_text_print(true, "%zu %s%s", count, noun, count == 1 ? "" : "s");
}

/* The columns `size` bytes take: continuation bytes of UTF-8 take none. */
static size_t columns(const char *text, size_t size)
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

    while (text[size] && columns(text, size + 1) <= width) {
        if (text[size] == ' ')
            blank = size;
        size++;
    }
    return text[size] && text[size] != ' ' && blank ? blank : size;
}

static void put_lines(const struct tb_page *page, size_t indent, const char *text)
{
    size_t margin = 0;

    do {
        size_t size = fitting(text, page->width - margin);

        (void)fprintf(page->out, "%*s%.*s\n", (int)margin, "", (int)size, text);
        text += size;
        text += strspn(text, " ");
        margin = indent;
    } while (*text);
}

void tb_page_line(const struct tb_page *page, size_t indent, const char *format, ...)
{
    va_list list;
    tb_autofree char *text = NULL;
    size_t size;
    FILE *memory = tb_open_text(&text, &size);

    va_start(list, format);
    (void)vfprintf(memory, format, list); /* in memory */
    va_end(list);
    (void)fclose(memory);
    tb_sanitize_line(text);
    put_lines(page, indent, text);
}

struct libscols_table *tb_page_table(const struct tb_page *page)
{
    struct libscols_table *table = scols_new_table();

    /* The library's calls fail only for lack of memory or a NULL table, and then the table prints
     * as nothing or with a gap: the document has it all. */
    (void)scols_table_enable_noencoding(table, page->utf8);
    (void)scols_table_set_termforce(table, page->table_width ? SCOLS_TERMFORCE_ALWAYS
                                                             : SCOLS_TERMFORCE_NEVER);
    (void)scols_table_set_termwidth(table, page->table_width);
    return table;
}

void tb_table_column(struct libscols_table *table, const char *name, int flags)
{
    (void)scols_table_new_column(table, name, 0, flags); /* as above, here and below */
}

void tb_table_set(struct libscols_line *line, size_t column, const char *text)
{
    char *copy = tb_copy(text ? text : "");

    tb_sanitize_line(copy);
    if (scols_line_refer_data(line, column, copy))
        free(copy); /* as above */
}

static void put_plain(const struct tb_page *page, struct libscols_table *table)
{
    tb_autofree char *text = NULL;

    if (scols_print_table_to_string(table, &text) || !text)
        return;
    for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
        size_t size = strlen(line);

        while (size && line[size - 1] == ' ')
            size--;
        (void)fprintf(page->out, "%.*s\n", (int)size, line);
    }
}

/* A line of it; NULL: that of the names. */
static void put_cells(const struct tb_page *page, struct libscols_table *table,
                      struct libscols_line *line)
{
    for (size_t i = 0; i < scols_table_get_ncols(table); i++) {
        struct libscols_column *column = scols_table_get_column(table, i);
        const char *text = scols_cell_get_data(line ? scols_line_get_cell(line, i)
                                                    : scols_column_get_header(column));

        if (!scols_column_is_hidden(column))
            (void)fprintf(page->out, "| %s ", text ? text : "");
    }
    (void)fputs("|\n", page->out);
}

static void put_markdown(const struct tb_page *page, struct libscols_table *table)
{
    put_cells(page, table, NULL);
    for (size_t i = 0; i < scols_table_get_ncols(table); i++) {
        struct libscols_column *column = scols_table_get_column(table, i);

        if (!scols_column_is_hidden(column))
            (void)fputs(scols_column_is_right(column) ? "| --: " : "| --- ", page->out);
    }
    (void)fputs("|\n", page->out);
    for (size_t i = 0; i < scols_table_get_nlines(table); i++)
        put_cells(page, table, scols_table_get_line(table, i));
}

void tb_page_put_table(const struct tb_page *page, struct libscols_table *table)
{
    if (page->markdown)
        put_markdown(page, table);
    else
        put_plain(page, table);
    scols_unref_table(table);
}
