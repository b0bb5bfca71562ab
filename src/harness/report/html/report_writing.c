#include "report/html/report_writing.h"

#include <stdlib.h>
#include <string.h>

#include "util/memory.h"
#include "util/names.h"
#include "util/strings.h"

void tb_report_section(struct tb_writing *writing, const char *id, const char *title)
{
    tb_autofree char *unique =
        writing->number ? tb_print("%s-%zu", id, writing->number + 1) : tb_copy(id);
    tb_autofree char *heading =
        writing->after ? tb_print("%s: %s", title, writing->after) : tb_copy(title);

    if (writing->after && writing->begun)
        tb_html_unlisted_section(writing->html, unique, heading);
    else
        tb_html_section(writing->html, unique, heading);
    writing->begun = true;
}

void tb_report_name(struct tb_writing *writing, const char *name, const char *note)
{
    FILE *out = writing->html->out;

    tb_html_print(out, "<th scope=\"row\" class=\"name\">");
    for (const char *slash; (slash = strchr(name, '/')) != NULL; name = slash + 1) {
        tb_autofree char *part = tb_copy_part(name, (size_t)(slash - name));

        tb_html_print(out, "%s/<wbr>", part);
    }
    tb_html_print(out, "%s", name);
    if (note)
        tb_html_print(out, " <small>%s</small>", note);
    tb_html_print(out, "</th>");
}

void tb_report_fact(struct tb_writing *writing, const char *name, const char *text)
{
    if (text && *text)
        tb_html_put(writing->html, "<dt>%s</dt><dd>%s</dd>\n", name, text);
}

/* Each of the texts of a side's results once; the caller's. */
static char *side_text(const struct tb_writing *writing, const struct tb_side *side,
                       char *(*text_of)(const struct tb_writing *, const struct tb_result *))
{
    tb_auto(tb_names_finish) struct tb_names seen = {0};
    tb_autowords char **texts = tb_alloc(side->count + 1, sizeof(char *));
    char *joined;
    size_t size, count = 0;
    FILE *out = tb_open_text(&joined, &size);

    for (size_t i = 0; i < side->count; i++) {
        char *text = text_of(writing, side->results[i]);
        size_t known = seen.count;

        if (!text)
            continue;
        texts[count++] = text; /* names are borrowed: it stays until the list goes */
        if (tb_names_add(&seen, text) == known)
            (void)fprintf(out, "%s%s", known ? "; " : "", text); /* in memory */
    }
    (void)fclose(out); /* likewise */
    return joined;
}

void tb_report_facts(struct tb_writing *writing, const char *name,
                     char *(*text_of)(const struct tb_writing *, const struct tb_result *))
{
    const struct tb_report_view *view = writing->view;
    tb_autowords char **texts = tb_alloc(view->count + 1, sizeof(char *));
    bool alike = true;

    for (size_t i = 0; i < view->count; i++) {
        texts[i] = side_text(writing, &view->sides[i], text_of);
        alike &= !strcmp(texts[i], texts[0]);
    }
    for (size_t i = 0; i < (alike ? 1 : view->count); i++) {
        tb_autofree char *own =
            alike ? tb_copy(name) : tb_print("%s, %s", name, view->sides[i].name);

        tb_report_fact(writing, own, texts[i]);
    }
}

enum tb_html_kind tb_report_row_kind(const struct tb_compared *row)
{
    if (row->reason)
        return TB_HTML_PLAIN;
    if (row->test.verdict == TB_SLOWER || row->tail.verdict == TB_SLOWER)
        return TB_HTML_SLOWER;
    return row->test.verdict == TB_FASTER || tb_reports_tail(row) ? TB_HTML_FASTER : TB_HTML_PLAIN;
}

enum tb_html_kind tb_report_kind(const struct tb_report_view *view, const char *name)
{
    enum tb_html_kind kind = TB_HTML_PLAIN;

    for (size_t i = 0; i < view->comparisons.count && kind != TB_HTML_SLOWER; i++) {
        const struct tb_compared *row = tb_comparison_find(&view->comparisons.each[i], name);
        enum tb_html_kind own = row ? tb_report_row_kind(row) : TB_HTML_PLAIN;

        kind = own == TB_HTML_PLAIN ? kind : own;
    }
    return kind;
}

char *tb_report_point_name(const struct tb_case *spec)
{
    size_t size = strlen(spec->name), runtime = spec->runtime ? strlen(spec->runtime) : 0;

    if (!runtime || size <= runtime + 1 || !tb_ends_with(spec->name, spec->runtime) ||
        spec->name[size - runtime - 1] != '/')
        return tb_copy(spec->name);
    return tb_copy_part(spec->name, size - runtime - 1);
}

char *tb_report_file_name(const char *kind, const char *text)
{
    char *name = tb_print("%s-%s", kind, text);

    for (char *letter = name; *letter; letter++) {
        if (!strchr(TB_NAME_LETTERS, *letter))
            *letter = '-';
    }
    name[strnlen(name, 120)] = '\0'; /* a file's name has 255 bytes at most */
    return name;
}

char *tb_report_joined(const char *const *words, size_t count)
{
    char *text;
    size_t size;
    FILE *out = tb_open_text(&text, &size);

    for (size_t i = 0; i < count; i++)
        (void)fprintf(out, "%s%s", i ? " " : "", words[i]); /* in memory */
    (void)fclose(out);                                      /* likewise */
    return text;
}
