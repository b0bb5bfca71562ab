#include "report/html/report_page.h"

#include <stdlib.h>

#include "report/html/report_parts.h"
#include "util/memory.h"

/* What comes first is what a reader came for. */
static void put_view(struct tb_writing *writing)
{
    tb_report_conclusion(writing);
    tb_report_comparison(writing);
    tb_report_interpreters(writing);
    tb_report_cost(writing);
    tb_report_break_even(writing);
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
