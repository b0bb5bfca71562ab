#include "report/html/html.h"

#include <assert.h>
#include <math.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "report/html/html_assets.h"
#include "util/memory.h"

/* The number of the character that begins there, and its bytes; what is no UTF-8 is above all
 * characters. */
static uint32_t character_at(const char *text, size_t *ret_size)
{
    static const struct {
        unsigned char mask, lead, first;
        uint32_t least; /* a shorter form has what is below */
    } forms[] = {{0x80, 0x00, 0x7f, 0},
                 {0xe0, 0xc0, 0x1f, 0x80},
                 {0xf0, 0xe0, 0x0f, 0x800},
                 {0xf8, 0xf0, 0x07, 0x10000}};
    const unsigned char *bytes = (const unsigned char *)text;

    *ret_size = 1;
    for (size_t size = 0; size < sizeof forms / sizeof *forms; size++) {
        uint32_t number = bytes[0] & forms[size].first;
        size_t i = 1;

        if ((bytes[0] & forms[size].mask) != forms[size].lead)
            continue;
        for (; i <= size && (bytes[i] & 0xc0) == 0x80; i++)
            number = number << 6 | (bytes[i] & 0x3f);
        *ret_size = i;
        if (i > size && number >= forms[size].least)
            return number;
    }
    return UINT32_MAX;
}

/* What a browser obeys or leaves out: controls, what turns the direction, what has no width. */
static bool is_hidden(uint32_t number)
{
    static const struct {
        uint32_t first, last;
    } ranges[] = {{0x00, 0x08},     {0x0b, 0x1f},     {0x7f, 0x9f},     {0xad, 0xad},
                  {0x61c, 0x61c},   {0x200b, 0x200f}, {0x2028, 0x202e}, {0x2060, 0x206f},
                  {0xd800, 0xdfff}, {0xfeff, 0xfeff}, {0xfff9, 0xfffb}, {0xe0000, UINT32_MAX}};

    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++) {
        if (number >= ranges[i].first && number <= ranges[i].last)
            return true;
    }
    return false;
}

static const char *entity_of(uint32_t number)
{
    switch (number) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        return NULL;
    }
}

static void put_escaped(FILE *out, const char *text)
{
    size_t size;

    for (; *text; text += size) {
        uint32_t number = character_at(text, &size);
        const char *entity = entity_of(number);

        if (entity)
            (void)fputs(entity, out); /* in memory, as all here */
        else if (number == UINT32_MAX)
            (void)fputs("\u27e8?\u27e9", out);
        else if (is_hidden(number))
            (void)fprintf(out, "\u27e8U+%04X\u27e9", (unsigned)number);
        else
            (void)fwrite(text, 1, size, out);
    }
}

/* One conversion, at `%`; returns what follows it. */
static const char *put_conversion(FILE *out, const char *format, va_list *list)
{
    const char *text;

    if (format[1] == 's') {
        text = va_arg(*list, const char *);
        put_escaped(out, text ? text : "");
    } else if (format[1] == 'u') {
        (void)fprintf(out, "%u", va_arg(*list, unsigned));
    } else if (format[1] == 'd') {
        (void)fprintf(out, "%d", va_arg(*list, int));
    } else if (format[1] == 'z') {
        assert(format[2] == 'u');
        (void)fprintf(out, "%zu", va_arg(*list, size_t));
        return format + 3;
    } else {
        assert(format[1] == '%');
        (void)fputc('%', out);
    }
    return format + 2;
}

static void put_format(FILE *out, const char *format, va_list *list)
{
    while (*format) {
        size_t plain = strcspn(format, "%");

        (void)fwrite(format, 1, plain, out);
        format += plain;
        if (*format)
            format = put_conversion(out, format, list);
    }
}

void tb_html_print(FILE *out, const char *format, ...)
{
    va_list list;

    va_start(list, format);
    put_format(out, format, &list);
    va_end(list);
}

void tb_html_put(struct tb_html *html, const char *format, ...)
{
    va_list list;

    va_start(list, format);
    put_format(html->out, format, &list);
    va_end(list);
}

void tb_html_begin(struct tb_html *html, const char *title)
{
    *html = (struct tb_html){.title = tb_copy(title)};
    html->out = tb_open_text(&html->body, &html->body_size);
    html->links = tb_open_text(&html->nav, &html->nav_size);
    html->notices = tb_open_text(&html->noted, &html->noted_size);
}

static void put_head(FILE *out, const struct tb_html *html)
{
    (void)fputs("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n", out);
    /* Whatever gets past the escaping finds that it may neither run nor load. */
    tb_html_print(out,
                  "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
                  "style-src 'unsafe-inline'; script-src 'sha256-%s'; img-src data:; "
                  "base-uri 'none'; form-action 'none'\">\n",
                  tb_html_script_sha256);
    tb_html_print(out,
                  "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                  "<meta name=\"color-scheme\" content=\"light dark\">\n"
                  "<link rel=\"icon\" href=\"data:,\">\n<title>%s</title>\n<style>\n",
                  html->title);
    (void)fputs(tb_html_style, out);
    (void)fputs("</style>\n</head>\n<body>\n", out);
}

/* The boxes are the script's: without it they would do nothing. */
static const char tools[] =
    "<form class=\"tools\" id=\"tools\" hidden>\n"
    "<label>Filter <input type=\"search\" id=\"filter\" placeholder=\"names\" "
    "autocomplete=\"off\" spellcheck=\"false\"></label>\n"
    "<label id=\"changed-box\"><input type=\"checkbox\" id=\"changed\"> only what changed</label>\n"
    "<button type=\"button\" id=\"open-all\">Open all</button>\n"
    "<button type=\"button\" id=\"close-all\">Close all</button>\n"
    "<output id=\"count\" for=\"filter\"></output>\n"
    "</form>\n";

static void put_page(FILE *out, const struct tb_html *html)
{
    put_head(out, html);
    tb_html_print(out, "<header>\n<h1>%s</h1>\n", html->title);
    if (html->nav_size)
        (void)fprintf(out, "<nav aria-label=\"Sections\">\n%s</nav>\n", html->nav);
    (void)fprintf(out, "</header>\n%s%s<main>\n", html->noted, tools);
    (void)fwrite(html->body, 1, html->body_size, out);
    (void)fputs("</main>\n<script>", out);
    (void)fputs(tb_html_script, out);
    (void)fputs("</script>\n</body>\n</html>\n", out);
}

char *tb_html_end(struct tb_html *html, size_t *ret_size)
{
    char *text;
    FILE *out = tb_open_text(&text, ret_size);

    if (html->in_section)
        (void)fputs("</section>\n", html->out);
    (void)fclose(html->out); /* in memory */
    (void)fclose(html->links);
    (void)fclose(html->notices);
    put_page(out, html);
    (void)fclose(out);
    free(html->body);
    free(html->nav);
    free(html->noted);
    free(html->title);
    free(html->about);
    *html = (struct tb_html){0};
    return text;
}

void tb_html_notice(struct tb_html *html, const char *text)
{
    tb_html_print(html->notices, "<p class=\"note\">%s</p>\n", text);
}

static void set_about(struct tb_html *html, const char *about)
{
    free(html->about);
    html->about = tb_copy(about);
}

void tb_html_section(struct tb_html *html, const char *id, const char *title)
{
    tb_html_print(html->links, "<a href=\"#%s\">%s</a>\n", id, title);
    tb_html_unlisted_section(html, id, title);
}

void tb_html_unlisted_section(struct tb_html *html, const char *id, const char *title)
{
    if (html->in_section)
        (void)fputs("</section>\n", html->out);
    tb_html_put(html, "<section id=\"%s\">\n<h2>%s</h2>\n", id, title);
    html->in_section = true;
    set_about(html, title);
}

void tb_html_group(struct tb_html *html, bool open, const char *name, const char *note)
{
    tb_html_put(html, "<details class=\"group\"%s><summary><b>%s</b> <small>%s</small></summary>\n",
                open ? " open" : "", name, note);
    set_about(html, name);
}

void tb_html_group_end(struct tb_html *html)
{
    tb_html_put(html, "</details>\n");
}

/* The attributes that the script goes by. */
static void put_kind(struct tb_html *html, const char *name, enum tb_html_kind kind)
{
    static const char *const classes[] = {
        [TB_HTML_PLAIN] = "",
        [TB_HTML_CHANGED] = "changed",
        [TB_HTML_SLOWER] = "changed bad",
        [TB_HTML_FASTER] = "changed good",
    };

    tb_html_put(html, " data-name=\"%s\"", name);
    if (kind != TB_HTML_PLAIN)
        tb_html_put(html, " class=\"%s\"", classes[kind]);
}

void tb_html_block(struct tb_html *html, const char *name, enum tb_html_kind kind)
{
    tb_html_put(html, "<div");
    put_kind(html, name, kind);
    tb_html_put(html, ">\n");
}

void tb_html_block_end(struct tb_html *html)
{
    tb_html_put(html, "</div>\n");
}

/* Its lines and its band as layers of a background, which each cell of the column has. */
static void put_grid(struct tb_html *html, const struct tb_ruler *ruler)
{
    double low = tb_ruler_place(ruler, ruler->band_low);
    double wide = tb_ruler_place(ruler, ruler->band_high) - low;

    (void)fputs(" class=\"whole\" style=\"--grid:", html->out); /* in memory, as all here */
    for (size_t i = 0; i < ruler->count; i++)
        (void)fprintf(html->out,
                      "%slinear-gradient(var(--rule),var(--rule)) %.4g%% 0/1px 100%% no-repeat",
                      i ? "," : "", 100 * tb_ruler_place(ruler, ruler->ticks[i].at));
    if (wide > 0 && wide < 1)
        (void)fprintf(html->out,
                      "%slinear-gradient(var(--band),var(--band)) %.4g%% 0/%.4g%% 100%% no-repeat",
                      ruler->count ? "," : "", 100 * low / (1 - wide), 100 * wide);
    (void)fputc('"', html->out);
}

static void put_ticks(struct tb_html *html, const struct tb_ruler *ruler)
{
    static const double least_gap = 0.22, letter = 0.05; /* of the column: what a text takes */
    double last = -1;

    tb_html_put(html, "<div class=\"ticks\" aria-hidden=\"true\">");
    for (size_t i = 0; i < ruler->count; i++) {
        double place = tb_ruler_place(ruler, ruler->ticks[i].at);

        if (place - last < fmax(least_gap, letter * (double)strlen(ruler->ticks[i].text)))
            continue;
        last = place;
        (void)fprintf(html->out, "<i style=\"left:%.4g%%\">", 100 * place);
        tb_html_put(html, "%s</i>", ruler->ticks[i].text);
    }
    tb_html_put(html, "</div>");
}

static void put_heading(struct tb_html *html, const struct tb_html_column *column)
{
    const char *kind = column->ruler    ? " class=\"marks\""
                       : column->number ? " class=\"number\""
                                        : "";

    (void)fprintf(html->out, "<th scope=\"col\"%s", kind);
    if (column->hint)
        tb_html_put(html, " title=\"%s\"", column->hint);
    tb_html_put(html, ">%s", column->name);
    if (column->ruler)
        put_ticks(html, column->ruler);
    tb_html_put(html, "</th>");
}

void tb_html_table(struct tb_html *html, const struct tb_html_column *columns, size_t count)
{
    /* Who has no pointer scrolls it, too. */
    tb_html_put(html,
                "<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"Table: %s\">"
                "<table",
                html->about ? html->about : html->title);
    for (size_t i = 0; i < count; i++) {
        if (columns[i].ruler)
            put_grid(html, columns[i].ruler);
    }
    tb_html_put(html, ">\n<thead><tr>");
    for (size_t i = 0; i < count; i++)
        put_heading(html, &columns[i]);
    tb_html_put(html, "</tr></thead>\n<tbody>\n");
    html->in_row = false;
}

void tb_html_row(struct tb_html *html, const char *name, enum tb_html_kind kind)
{
    if (html->in_row)
        tb_html_put(html, "</tr>\n");
    tb_html_put(html, "<tr");
    if (name)
        put_kind(html, name, kind);
    else
        tb_html_put(html, " class=\"part\"");
    tb_html_put(html, ">");
    html->in_row = true;
}

void tb_html_row_name(struct tb_html *html, const char *format, ...)
{
    va_list list;

    tb_html_put(html, "<th scope=\"row\">");
    va_start(list, format);
    put_format(html->out, format, &list);
    va_end(list);
    tb_html_put(html, "</th>");
}

void tb_html_cell(struct tb_html *html, const char *format, ...)
{
    va_list list;

    tb_html_put(html, "<td>");
    va_start(list, format);
    put_format(html->out, format, &list);
    va_end(list);
    tb_html_put(html, "</td>");
}

static void put_value(struct tb_html *html, const char *kind, double value)
{
    (void)fprintf(html->out, "<td class=\"%s\"", kind);
    if (isfinite(value))
        (void)fprintf(html->out, " data-value=\"%.6g\"", value);
}

void tb_html_number(struct tb_html *html, double value, const char *format, ...)
{
    va_list list;

    put_value(html, "number", value);
    tb_html_put(html, ">");
    va_start(list, format);
    put_format(html->out, format, &list);
    va_end(list);
    tb_html_put(html, "</td>");
}

/* What lies beyond an end of the ruler is an arrow there. */
static void put_arrows(struct tb_html *html, const struct tb_ruler *ruler,
                       const struct tb_mark *mark)
{
    if (tb_ruler_beyond(ruler, mark->low) < 0 || tb_ruler_beyond(ruler, mark->at) < 0)
        (void)fprintf(html->out, "<i class=\"beyond less h%zu\"></i>", mark->hue % TB_HUES + 1);
    if (tb_ruler_beyond(ruler, mark->high) > 0 || tb_ruler_beyond(ruler, mark->at) > 0)
        (void)fprintf(html->out, "<i class=\"beyond more h%zu\"></i>", mark->hue % TB_HUES + 1);
}

static void put_mark(struct tb_html *html, const struct tb_ruler *ruler, const struct tb_mark *mark)
{
    double at = 100 * tb_ruler_place(ruler, mark->at);
    double low = 100 * tb_ruler_place(ruler, mark->low);
    double high = 100 * tb_ruler_place(ruler, mark->high);

    if (isfinite(mark->low) && isfinite(mark->high))
        (void)fprintf(html->out, "<i class=\"%s h%zu\" style=\"left:%.4g%%;width:%.4g%%\"></i>",
                      mark->thin ? "line" : "bar", mark->hue % TB_HUES + 1, low, high - low);
    if (isfinite(mark->at) && !tb_ruler_beyond(ruler, mark->at))
        (void)fprintf(html->out, "<i class=\"dot h%zu\" style=\"left:%.4g%%\"></i>",
                      mark->hue % TB_HUES + 1, at);
    put_arrows(html, ruler, mark);
}

void tb_html_marks(struct tb_html *html, const struct tb_ruler *ruler, double value,
                   const struct tb_mark *marks, size_t count, const char *hint)
{
    put_value(html, "marks", value);
    tb_html_put(html, " title=\"%s\"><div>", hint);
    for (size_t i = 0; i < count; i++)
        put_mark(html, ruler, &marks[i]);
    tb_html_put(html, "</div></td>");
}

void tb_html_table_end(struct tb_html *html)
{
    tb_html_put(html,
                html->in_row ? "</tr>\n</tbody></table></div>\n" : "</tbody></table></div>\n");
    html->in_row = false;
}

void tb_html_details(struct tb_html *html, const char *summary)
{
    tb_html_put(html, "<details class=\"data\"><summary>%s</summary>\n", summary);
    set_about(html, summary);
}

void tb_html_details_end(struct tb_html *html)
{
    tb_html_put(html, "</details>\n");
}
