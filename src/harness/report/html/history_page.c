#include "report/html/history_page.h"

#include <libgen.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/html/history_figure.h"
#include "report/html/html.h"
#include "util/memory.h"
#include "util/strings.h"

enum {
    most_rows = 20000, /* of all tables of runs together; the newest ones */
    least_rows = 10,   /* of each */
};

/* The page while it is written. */
struct writing {
    struct tb_html html;
    struct tb_plots plots;
    const struct tb_history_view *view;
    char *folder; /* real, that the page is going to be in; NULL: not known */
};

/* How many bytes both paths begin with, up to and with a slash. */
static size_t common_size(const char *a, const char *b)
{
    size_t size = 0;

    for (size_t i = 0; a[i] && a[i] == b[i]; i++) {
        if (a[i] == '/')
            size = i + 1;
    }
    return size;
}

/* A path as a link has it. */
static void put_escaped(FILE *out, const char *path)
{
    for (; *path; path++) {
        bool plain = strchr(TB_NAME_LETTERS "/", *path) != NULL;

        (void)fprintf(out, plain ? "%c" : "%%%02X", (unsigned char)*path); /* in memory */
    }
}

/* From the page's folder to a document; the caller's. */
static char *link_to(const struct writing *writing, const char *document)
{
    tb_autofree char *real = writing->folder ? realpath(document, NULL) : NULL;
    size_t common = real ? common_size(writing->folder, real) : 0;
    char *text;
    size_t size;
    FILE *out = tb_open_text(&text, &size);

    for (const char *at = real ? writing->folder + common : ""; (at = strchr(at, '/')) != NULL;
         at++)
        (void)fputs("../", out); /* in memory */
    put_escaped(out, real ? real + common : document);
    (void)fclose(out);
    return text;
}

static enum tb_html_kind kind_of(double ratio)
{
    return ratio > 1 ? TB_HTML_SLOWER : TB_HTML_FASTER;
}

/* The document of the last clean run before a change, and of the first after it. */
static void put_documents(struct writing *writing, const struct tb_history_finding *finding)
{
    const struct tb_history *history = writing->view->history;
    const struct tb_history_value *values = finding->series->values;
    size_t after = finding->change->at, before = after - 1;
    tb_autofree char *old = NULL, *new = NULL;

    while (before && tb_history_is_dirty(history, &values[before]))
        before--;
    old = link_to(writing, history->runs[values[before].run].path);
    new = link_to(writing, history->runs[values[after].run].path);
    tb_html_cell(&writing->html, "<a href=\"%s\">before</a> <a href=\"%s\">after</a>", old, new);
}

static void put_change(struct writing *writing, const struct tb_history_finding *finding)
{
    const struct tb_history_change *change = finding->change;
    const struct tb_history_view *view = writing->view;
    tb_autofree char *where = tb_history_where(view, change->old, change->new);
    tb_autofree char *subject = tb_history_subject(view, change);
    tb_autofree char *wide = tb_history_where(view, change->earliest, change->latest);
    struct tb_html *html = &writing->html;

    tb_html_row(html, finding->series->name, kind_of(change->ratio));
    tb_html_row_name(html, "%s", finding->series->name);
    tb_html_number(html, change->ratio, "%s", tb_history_change_text(change->ratio).text);
    tb_html_cell(html, "%s", tb_text_changes(change->low, change->high).text);
    if (strcmp(where, wide) != 0)
        tb_html_cell(html, "%s<br><small>95 %%: %s</small>", where, wide);
    else
        tb_html_cell(html, "%s", where);
    tb_html_cell(html, "%s", subject);
    put_documents(writing, finding);
    if (view->tried)
        tb_html_cell(
            html, "%s %s<br><small>%s</small>", tb_confirmation_names[change->confirmation],
            tb_history_change_text(change->again).text, change->remark ? change->remark : "");
}

static void put_changes(struct writing *writing)
{
    static const struct tb_html_column columns[] = {
        {"case"},
        {"change", .number = true, .hint = "level after / level before"},
        {"95 % CI", .hint = "of this change alone"},
        {"where", .hint = "in which commits"},
        {"subject", .hint = "of the last of these commits"},
        {"documents"},
        {"again", .hint = "what came of measuring both sides again"},
    };
    const struct tb_history_view *view = writing->view;
    tb_autofree struct tb_history_finding *all = tb_history_findings(view->history);

    if (!view->history->changes)
        return;
    tb_html_section(&writing->html, "changes", "Changes");
    tb_html_table(&writing->html, columns,
                  sizeof columns / sizeof *columns - (view->tried ? 0 : 1));
    for (size_t i = 0; i < view->history->changes; i++)
        put_change(writing, &all[i]);
    tb_html_table_end(&writing->html);
}

static void put_run(struct writing *writing, const struct tb_history_series *series,
                    const struct tb_history_value *value)
{
    const struct tb_history_run *run = &writing->view->history->runs[value->run];
    tb_autofree char *link = link_to(writing, run->path);
    struct tb_html *html = &writing->html;

    tb_html_row(html, NULL, TB_HTML_PLAIN);
    tb_html_row_name(html, "%s%s", tb_history_commit(writing->view, run->commit).text,
                     run->digest->dirty ? " dirty" : "");
    tb_html_cell(html, "%s", writing->view->line->subjects[run->commit]);
    tb_html_cell(html, "<a href=\"%s\">%s</a>", link, run->digest->started);
    tb_html_number(html, value->found->value, "%s",
                   tb_history_value_text(series, value->found->value).text);
    tb_html_cell(html, "%s .. %s", tb_history_value_text(series, value->found->low).text,
                 tb_history_value_text(series, value->found->high).text);
}

/* The newest runs first. */
static void put_runs(struct writing *writing, const struct tb_history_series *series)
{
    static const struct tb_html_column columns[] = {
        {"commit"}, {"subject"}, {"document"}, {"value", .number = true}, {"95 % CI"}};
    size_t most = most_rows / writing->view->history->count, left = 0;

    most = most < least_rows ? least_rows : most;
    tb_html_details(&writing->html, "runs");
    tb_html_table(&writing->html, columns, sizeof columns / sizeof *columns);
    for (size_t i = series->count; i-- > 0;) {
        if (series->count - i > most)
            left++;
        else
            put_run(writing, series, &series->values[i]);
    }
    tb_html_table_end(&writing->html);
    if (left)
        tb_html_put(&writing->html,
                    "<p>%zu older runs are left out here; the csv format has them.</p>", left);
    tb_html_details_end(&writing->html);
}

static enum tb_html_kind kind_of_series(const struct tb_history_series *series)
{
    return series->change_count ? TB_HTML_CHANGED : TB_HTML_PLAIN;
}

static void put_series(struct writing *writing, const struct tb_history_series *series)
{
    struct tb_html *html = &writing->html;

    if (!series->count)
        return;
    tb_html_block(html, series->name, kind_of_series(series));
    tb_html_put(html, "<h3>%s</h3>", series->name);
    tb_history_figure_put(&writing->plots, writing->html.out, writing->view, series);
    put_runs(writing, series);
    tb_html_block_end(html);
}

/* Where the group of host and setup ends that a series begins. */
static size_t end_of_group(const struct tb_history *history, size_t begin)
{
    size_t end = begin + 1;

    while (end < history->count && !tb_history_begins_group(history, end))
        end++;
    return end;
}

/* What changed comes first. */
static void put_group(struct writing *writing, size_t begin, size_t end)
{
    const struct tb_history_series *series = writing->view->history->series;

    tb_html_group(&writing->html, true, series[begin].host, series[begin].setup);
    tb_html_put(&writing->html, "<div class=\"figures\">");
    for (int changed = 1; changed >= 0; changed--) {
        for (size_t i = begin; i < end; i++) {
            if ((series[i].change_count > 0) == changed)
                put_series(writing, &series[i]);
        }
    }
    tb_html_put(&writing->html, "</div>");
    tb_html_group_end(&writing->html);
}

/* What there is, and no more. */
static void put_legend(struct writing *writing)
{
    const struct tb_history *history = writing->view->history;
    bool is_split = false;

    for (size_t i = 0; i < history->count; i++)
        is_split |= history->series[i].split_count > 0;
    tb_html_put(&writing->html, "<ul class=\"legend\"><li><i class=\"h1\"></i> runs, by commit</li>"
                                "<li><i class=\"h2\"></i> level between changes</li>");
    if (is_split)
        tb_html_put(&writing->html,
                    "<li><i class=\"h4\"></i> split: other figures from there on</li>");
    if (writing->view->dirty)
        tb_html_put(&writing->html, "<li><i class=\"h8\"></i> runs of dirty trees</li>");
    tb_html_put(&writing->html, "</ul>");
}

static void put_cases(struct writing *writing)
{
    const struct tb_history *history = writing->view->history;

    tb_html_section(&writing->html, "cases", "Cases");
    put_legend(writing);
    for (size_t begin = 0, end; begin < history->count; begin = end) {
        end = end_of_group(history, begin);
        put_group(writing, begin, end);
    }
}

static void put_left_out(void *user, const char *sentence)
{
    tb_html_put(user, "<li>left out: %s</li>", sentence);
}

static void put_doubt(void *user, const char *sentence)
{
    tb_html_put(user, "<li>%s</li>", sentence);
}

/* What a reader has to know besides. */
static void put_notes(struct writing *writing)
{
    const struct tb_history_view *view = writing->view;
    struct tb_html *html = &writing->html;
    size_t count;
    tb_autofree struct tb_history_break *all = tb_history_breaks(view->history, &count);
    tb_autofree char *drifting = tb_history_drifts(view);

    tb_html_section(html, "notes", "Notes");
    tb_html_put(html, "<ul>");
    for (size_t i = 0; i < count; i++)
        tb_html_put(html,
                    "<li>split at %s (%s): %s is another one from there on, in %zu cases</li>",
                    tb_history_commit(view, all[i].commit).text,
                    view->line->subjects[all[i].commit], all[i].what, all[i].cases);
    if (*drifting)
        tb_html_put(html, "<li>drift: %s</li>", drifting);
    tb_history_each_left_out(view, put_left_out, html);
    tb_history_each_doubt(view, put_doubt, html);
    if (view->dirty)
        tb_html_put(html, "<li>%s of dirty trees: shown, and not looked at for changes</li>",
                    tb_text_count(view->dirty, "run").text);
    tb_html_put(html, "<li>chance of any false change at most %s, in all %zu series together</li>",
                tb_text_print(true, "%.3g %%", 100 * view->history->alpha).text,
                view->history->parts);
    tb_html_put(html, "</ul>");
}

static void put_head(struct writing *writing)
{
    const struct tb_history_view *view = writing->view;
    tb_autofree char *headline = tb_history_headline(view);

    tb_html_put(&writing->html, "<p><strong>%s</strong></p>", headline);
    tb_html_put(
        &writing->html, "<p>%zu documents of %s; %zu commits measured of %zu, from %s to %s</p>",
        view->history->run_count, view->archive, view->measured, view->line->count,
        tb_history_commit(view, 0).text, tb_history_commit(view, view->line->count - 1).text);
}

/* The folder that a file is in, or will be; the caller's, with a slash at its end; or NULL. */
static char *folder_of(const char *path)
{
    tb_autofree char *copy = tb_copy(path);
    tb_autofree char *real = copy ? realpath(dirname(copy), NULL) : NULL;

    return real ? tb_print("%s/", strcmp(real, "/") ? real : "") : NULL;
}

static void finish(struct writing *writing)
{
    tb_plots_finish(&writing->plots);
    free(writing->folder);
}

int tb_history_page_put(FILE *out, const struct tb_history_view *view, const char *path,
                        struct tb_error *error)
{
    tb_auto(finish) struct writing writing = {.view = view, .folder = folder_of(path)};
    tb_autofree char *page = NULL, *placed = NULL;
    size_t size;
    int code;

    tb_html_begin(&writing.html, "threadbench history");
    tb_plots_begin(writing.html.out);
    put_head(&writing);
    put_changes(&writing);
    put_cases(&writing);
    put_notes(&writing);
    code = tb_plots_draw(&writing.plots, error);
    if (code == TB_FAILURE) {
        tb_html_notice(&writing.html, error->text);
        tb_notice("the page has no figures: %s", error->text);
        error->text[0] = '\0'; /* it has been said */
    }
    page = tb_html_end(&writing.html, &size);
    if (code > TB_FAILURE)
        return code;
    placed = tb_plots_place(&writing.plots, page, size, &size);
    (void)fwrite(placed, 1, size, out); /* the caller asks ferror() */
    return 0;
}
