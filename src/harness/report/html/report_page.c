#include "report/html/report_page.h"

#include <stdlib.h>
#include <string.h>

#include "report/html/report_parts.h"
#include "util/memory.h"
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

    tb_html_print(out, "<td class=\"name\">");
    for (const char *slash; (slash = strchr(name, '/')) != NULL; name = slash + 1) {
        tb_autofree char *part = tb_copy_part(name, (size_t)(slash - name));

        tb_html_print(out, "%s/<wbr>", part);
    }
    tb_html_print(out, "%s", name);
    if (note)
        tb_html_print(out, " <small>%s</small>", note);
    tb_html_print(out, "</td>");
}

enum tb_html_kind tb_report_kind(const struct tb_report_view *view, const char *name)
{
    enum tb_html_kind kind = TB_HTML_PLAIN;

    for (size_t i = 0; i < view->comparisons.count; i++) {
        const struct tb_compared *row = tb_comparison_find(&view->comparisons.each[i], name);

        if (!row || row->reason)
            continue;
        if (row->test.verdict == TB_SLOWER || row->tail.verdict == TB_SLOWER)
            return TB_HTML_SLOWER;
        if (row->test.verdict == TB_FASTER || tb_reports_tail(row))
            kind = TB_HTML_FASTER;
    }
    return kind;
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

/* What comes first is what a reader came for. */
static void put_view(struct tb_writing *writing)
{
    tb_report_conclusion(writing);
    tb_report_comparison(writing);
    tb_report_interpreters(writing);
    tb_report_cost(writing);
    tb_report_breakdown(writing);
    tb_report_cases(writing);
    tb_report_growth(writing);
    tb_report_left_out(writing);
    tb_report_conditions(writing);
}

static void put_views(const struct tb_report_page *report, struct tb_html *html,
                      struct tb_plots *plots)
{
    for (size_t i = 0; i < report->count; i++) {
        struct tb_writing writing = {
            .html = html,
            .plots = plots,
            .text = {.utf8 = true},
            .view = &report->views[i],
            .number = i,
            .after = report->count > 1 ? report->views[i].name : NULL,
        };

        put_view(&writing);
    }
}

int tb_report_make(const struct tb_report_page *report, struct tb_error *error)
{
    tb_auto(tb_plots_finish) struct tb_plots plots = {.folder = report->svg};
    tb_autofree char *page = NULL;
    struct tb_html html;
    size_t size;
    int code;

    tb_html_begin(&html, report->title);
    tb_plots_begin(html.out);
    put_views(report, &html, &plots);
    code = tb_plots_draw(&plots, error);
    if (code)
        tb_html_notice(&html, error->text);
    page = tb_html_end(&html, &size);
    *report->ret_page = tb_plots_place(&plots, page, size, report->ret_size);
    return code;
}
