#include "report/table.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "util/memory.h"
#include "util/sanitize.h"

/* Narrower, a name would be broken within its words. */
enum { shortest_name = 12 };

struct libscols_table *tb_page_table(const struct tb_page *page)
{
    struct libscols_table *table = tb_or_end(scols_new_table());

    /* The library's calls fail only for lack of memory, which ends the program (cli/allocator.c).
     */
    (void)scols_table_enable_noencoding(table, page->utf8);
    (void)scols_table_enable_colors(table, page->colored);
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

void tb_table_bold(struct libscols_line *line, size_t column)
{
    static char bold[] = "**";

    (void)scols_cell_set_userdata(scols_line_get_cell(line, column), bold); /* as above */
}

void tb_table_ink(const struct tb_page *page, struct libscols_line *line, size_t column,
                  enum tb_ink ink)
{
    if (page->colored && ink != TB_INK_NONE)
        (void)scols_cell_set_color(scols_line_get_cell(line, column), tb_ink_begin(page, ink));
}

/* The text of a line's cell, or of the column's name for no line; never NULL. */
static const char *text_of(struct libscols_line *line, struct libscols_column *column, size_t place)
{
    struct libscols_cell *cell =
        line ? scols_line_get_cell(line, place) : scols_column_get_header(column);
    const char *text = scols_cell_get_data(cell);

    return text ? text : "";
}

/* All lines of a table, since the library finds one by its number in a walk. */
struct lines {
    struct libscols_line **each;
    size_t count;
};

static void lines_finish(struct lines *lines)
{
    free(lines->each);
}

static struct lines lines_of(struct libscols_table *table)
{
    struct libscols_iter *at = tb_or_end(scols_new_iter(SCOLS_ITER_FORWARD));
    struct lines lines = {tb_alloc(scols_table_get_nlines(table) + 1, sizeof *lines.each), 0};

    while (!scols_table_next_line(table, at, &lines.each[lines.count]))
        lines.count++;
    scols_free_iter(at);
    return lines;
}

static size_t column_width(struct libscols_table *table, const struct lines *lines, size_t place)
{
    struct libscols_column *column = scols_table_get_column(table, place);
    const char *name = text_of(NULL, column, place);
    size_t most = tb_columns(name, strlen(name));

    for (size_t i = 0; i < lines->count; i++) {
        const char *text = text_of(lines->each[i], column, place);
        size_t width = tb_columns(text, strlen(text));

        most = width > most ? width : most;
    }
    return most;
}

size_t tb_table_width(struct libscols_table *table)
{
    tb_auto(lines_finish) struct lines lines = lines_of(table);
    size_t width = 0, shown = 0;

    for (size_t i = 0; i < scols_table_get_ncols(table); i++) {
        if (!tb_table_shows(table, i))
            continue;
        width += column_width(table, &lines, i);
        shown++;
    }
    return shown ? width + shown - 1 : 0;
}

static bool fits(const struct tb_page *page, struct libscols_table *table)
{
    return !page->table_width || page->markdown || tb_table_width(table) <= page->table_width;
}

/* How many bytes two names share, up to a slash: at their beginnings, or with it at their ends. */
static size_t shared(const char *one, const char *other, size_t most, bool end)
{
    size_t size = strlen(one), other_size = strlen(other), whole = 0;

    for (size_t i = 1; i <= most && i < size && i < other_size; i++) { /* never all of one */
        const char *at = end ? &one[size - i] : &one[i - 1];

        if (*at != *(end ? &other[other_size - i] : &other[i - 1]))
            break;
        if (*at == '/')
            whole = i;
    }
    return whole;
}

/* What all names have in common. Phases stand indented below their case, and count for none. */
static size_t common(struct libscols_table *table, bool end, const char **ret_first)
{
    tb_auto(lines_finish) struct lines lines = lines_of(table);
    size_t most = SIZE_MAX, names = 0;

    for (size_t i = 0; i < lines.count; i++) {
        const char *name = text_of(lines.each[i], NULL, 0);

        if (*name == ' ')
            continue;
        if (!names++)
            *ret_first = name;
        most = shared(name, *ret_first, most, end);
    }
    return names > 1 ? most : 0;
}

/* Cuts off so many bytes of each name. */
static void cut(struct libscols_table *table, size_t start, size_t end)
{
    tb_auto(lines_finish) struct lines lines = lines_of(table);

    for (size_t i = 0; i < lines.count; i++) {
        struct libscols_line *line = lines.each[i];
        tb_autofree char *name = tb_copy(text_of(line, NULL, 0));

        if (*name == ' ')
            continue;
        name[strlen(name) - end] = '\0';
        tb_table_set(line, 0, name + start);
    }
}

/* Whether something is left of the shortest name without so many bytes. */
static bool is_longer(struct libscols_table *table, size_t size)
{
    tb_auto(lines_finish) struct lines lines = lines_of(table);

    for (size_t i = 0; i < lines.count; i++) {
        const char *name = text_of(lines.each[i], NULL, 0);

        if (*name != ' ' && strlen(name) <= size)
            return false;
    }
    return true;
}

/* "/cpu:same/posix that ends each name" */
static void shorten(struct libscols_table *table, FILE *gone)
{
    const char *first = "";
    size_t start = common(table, false, &first), end = common(table, true, &first);
    size_t size = strlen(first);

    if (!is_longer(table, start + end))
        start = 0;
    if (start)
        (void)fprintf(gone, "%.*s that begins each name", (int)start, first); /* in memory */
    if (end)
        (void)fprintf(gone, "%s%s that ends each name", start ? ", " : "",
                      first + size - end); /* likewise */
    cut(table, start, end);
}

bool tb_table_shows(struct libscols_table *table, size_t column)
{
    return !scols_column_is_hidden(scols_table_get_column(table, column));
}

void tb_table_hide(struct libscols_table *table, size_t column)
{
    struct libscols_column *hidden = scols_table_get_column(table, column);

    (void)scols_column_set_flags(hidden, scols_column_get_flags(hidden) | SCOLS_FL_HIDDEN);
}

static bool is_blank(struct libscols_table *table, const struct lines *lines, size_t place)
{
    struct libscols_column *column = scols_table_get_column(table, place);

    for (size_t i = 0; i < lines->count; i++) {
        const char *text = text_of(lines->each[i], column, place);

        if (*text && strcmp(text, "-") != 0)
            return false;
    }
    return true;
}

void tb_table_hide_blank(struct libscols_table *table)
{
    tb_auto(lines_finish) struct lines lines = lines_of(table);

    for (size_t i = 1; i < scols_table_get_ncols(table); i++) {
        if (tb_table_shows(table, i) && is_blank(table, &lines, i))
            tb_table_hide(table, i);
    }
}

static const char *column_name(struct libscols_table *table, size_t place)
{
    return text_of(NULL, scols_table_get_column(table, place), place);
}

/* The column at that place of the order goes, and is named, unless one of its name has gone. */
static void leave_out(struct libscols_table *table, const size_t *order, size_t at, FILE *gone)
{
    const char *name = column_name(table, order[at]);
    bool named = false;

    if (!tb_table_shows(table, order[at]))
        return;
    tb_table_hide(table, order[at]);
    for (size_t i = 0; i < at; i++)
        named |= !strcmp(column_name(table, order[i]), name);
    if (!named)
        (void)fprintf(gone, "%s%s", ftell(gone) ? ", " : "", name); /* in memory */
}

/* How many bytes of a name stand on one line: up to its last slash or blank that has room, or, of a
 * part that has none, as many as have. */
static size_t piece_of(const char *name, size_t room)
{
    size_t size = 0, whole = 0;

    if (tb_columns(name, strlen(name)) <= room)
        return strlen(name);
    while (name[size] && tb_columns(name, size + 1) <= room) {
        size++;
        if (name[size - 1] == '/' || name[size - 1] == ' ')
            whole = size;
    }
    return whole ? whole : size;
}

/* What follows a break is indented. The caller's. */
static char *broken(const char *name, size_t room)
{
    char *text;
    size_t size, piece = piece_of(name, room), indent = strspn(name, " ") + 2;
    FILE *out = tb_open_text(&text, &size);

    (void)fprintf(out, "%.*s", (int)piece, name); /* in memory, as below */
    for (name += piece; *name; name += piece) {
        piece = piece_of(name, room - indent);
        (void)fprintf(out, "\n%*s%.*s", (int)indent, "", (int)piece, name);
    }
    (void)fclose(out);
    return text;
}

/* Where all else has gone, names take several lines: the library would break them anywhere. */
static void break_names(const struct tb_page *page, struct libscols_table *table)
{
    struct libscols_column *column = scols_table_get_column(table, 0);
    tb_auto(lines_finish) struct lines lines = lines_of(table);
    size_t rest = tb_table_width(table) - column_width(table, &lines, 0);
    size_t room = page->table_width > rest ? page->table_width - rest : 0;

    if (room < shortest_name)
        return;
    (void)scols_column_set_safechars(column, "\n"); /* as above */
    (void)scols_column_set_wrapfunc(column, scols_wrapnl_chunksize, scols_wrapnl_nextchunk, NULL);
    for (size_t i = 0; i < lines.count; i++) {
        char *text = broken(text_of(lines.each[i], column, 0), room);

        if (scols_line_refer_data(lines.each[i], 0, text))
            free(text); /* as above */
    }
}

char *tb_table_fit(const struct tb_page *page, struct libscols_table *table, const size_t *order,
                   size_t count)
{
    char *text;
    size_t size;
    FILE *gone;

    if (!fits(page, table))
        tb_table_hide_blank(table);
    if (fits(page, table))
        return NULL;
    gone = tb_open_text(&text, &size);
    shorten(table, gone);
    for (size_t i = 0; i < count && !fits(page, table); i++)
        leave_out(table, order, i, gone);
    (void)fclose(gone); /* in memory */
    if (!fits(page, table))
        break_names(page, table);
    if (*text)
        return text;
    free(text);
    return NULL;
}

/* The library fills its last column up with blanks, before what ends a colour. */
static size_t without_blanks(const char *line)
{
    size_t size = strlen(line);

    while (size && line[size - 1] == ' ')
        size--;
    return size;
}

static void put_plain(const struct tb_page *page, struct libscols_table *table)
{
    tb_autofree char *text = NULL;
    enum tb_ink ink = TB_INK_FAINT; /* of the names of columns */

    if (scols_print_table_to_string(table, &text) || !text)
        return;
    for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
        (void)fprintf(page->out, "%s%.*s%s\n", tb_ink_begin(page, ink), (int)without_blanks(line),
                      line, tb_ink_end(page, ink));
        ink = TB_INK_NONE;
    }
}

/* Every text of a table in Markdown passes here, and is escaped. */
static void put_cell(const struct tb_page *page, struct libscols_line *line,
                     struct libscols_column *column, size_t place)
{
    tb_autofree char *text = tb_page_text(page, text_of(line, column, place));
    const char *mark = line ? scols_cell_get_userdata(scols_line_get_cell(line, place)) : NULL;

    (void)fprintf(page->out, "| %s%s%s ", mark ? mark : "", text, mark ? mark : "");
}

/* A line of it; NULL: that of the names. */
static void put_cells(const struct tb_page *page, struct libscols_table *table,
                      struct libscols_line *line)
{
    for (size_t i = 0; i < scols_table_get_ncols(table); i++) {
        struct libscols_column *column = scols_table_get_column(table, i);

        if (!scols_column_is_hidden(column))
            put_cell(page, line, column, i);
    }
    (void)fputs("|\n", page->out);
}

static void put_markdown(const struct tb_page *page, struct libscols_table *table)
{
    tb_auto(lines_finish) struct lines lines = lines_of(table);

    put_cells(page, table, NULL);
    for (size_t i = 0; i < scols_table_get_ncols(table); i++) {
        struct libscols_column *column = scols_table_get_column(table, i);

        if (!scols_column_is_hidden(column))
            (void)fputs(scols_column_is_right(column) ? "| --: " : "| --- ", page->out);
    }
    (void)fputs("|\n", page->out);
    for (size_t i = 0; i < lines.count; i++)
        put_cells(page, table, lines.each[i]);
}

void tb_page_put_table(const struct tb_page *page, struct libscols_table *table)
{
    if (page->markdown)
        put_markdown(page, table);
    else
        put_plain(page, table);
    scols_unref_table(table);
}

void tb_page_put_gone(const struct tb_page *page, const char *gone)
{
    if (gone)
        tb_page_line_in(page, TB_INK_FAINT, SIZE_MAX, 4, "not shown at %zu columns: %s",
                        page->table_width, gone);
}

void tb_page_put_fitted(const struct tb_page *page, struct libscols_table *table,
                        const size_t *order, size_t count)
{
    tb_autofree char *gone = tb_table_fit(page, table, order, count);

    tb_page_put_table(page, table);
    tb_page_put_gone(page, gone);
}
