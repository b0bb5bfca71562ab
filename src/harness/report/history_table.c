#include "report/history_table.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "document/summary.h"
#include "report/bar.h"
#include "report/table.h"
#include "util/memory.h"

enum { trend_width = 24 };

static struct tb_statistics statistics_of(const struct tb_digest_case *found)
{
    return (struct tb_statistics){.median = found->value, .low = found->low, .high = found->high};
}

/* Half the interval's width as a share of the value. */
static double half_of(const struct tb_digest_case *found)
{
    struct tb_statistics value = statistics_of(found);

    return tb_half_width(&value);
}

static struct tb_text value_text(const struct tb_page *page, const struct tb_history_series *series,
                                 const struct tb_digest_case *found)
{
    return tb_text_within(page, series->unit, found->value, half_of(found) * fabs(found->value));
}

/*
 * The trend of a series in as many marks as there is room for, each the median of as many values:
 * a lone outlier makes no mark. The lowest mark is the lowest of these, unless all are within five
 * per cent: what is flat looks flat.
 */
static char *trend_of(const struct tb_page *page, const struct tb_history *history,
                      const struct tb_history_series *series)
{
    enum { levels = 8 };
    static const double least_range = 0.05;
    tb_autofree double *values = tb_alloc(series->clean, sizeof *values);
    double marks[trend_width], least = INFINITY, most = -INFINITY, range;
    size_t count = 0, width = series->clean < trend_width ? series->clean : trend_width;
    char *text;
    size_t size;
    FILE *out = tb_open_text(&text, &size);

    for (size_t i = 0; i < series->count; i++) {
        if (!tb_history_is_dirty(history, &series->values[i]))
            values[count++] = series->values[i].found->value;
    }
    for (size_t i = 0; i < width; i++) {
        size_t begin = i * count / width, end = (i + 1) * count / width;

        marks[i] = tb_median_of(values + begin, end - begin);
        least = fmin(least, marks[i]);
        most = fmax(most, marks[i]);
    }
    range = fmax(most - least, least_range * fabs(least));
    for (size_t i = 0; i < width; i++) {
        double share = range > 0 ? (marks[i] - least) / range : 0;
        size_t level = (size_t)fmin(share * levels, levels - 1);

        (void)fputs(tb_block(page, level + 1), out); /* in memory, as below */
    }
    (void)fclose(out);
    return text;
}

static struct tb_text runs_text(const struct tb_history_series *series)
{
    size_t dirty = series->count - series->clean;

    return dirty ? tb_text_print(true, "%zu + %zu dirty", series->clean, dirty)
                 : tb_text_print(true, "%zu", series->clean);
}

static void put_series(const struct tb_page *page, struct libscols_line *line,
                       const struct tb_history *history, const struct tb_history_series *series)
{
    const struct tb_history_value *last = tb_history_last(history, series);
    tb_autofree char *trend = trend_of(page, history, series);

    tb_table_set(line, 0, series->name);
    tb_table_set(line, 1, runs_text(series).text);
    tb_table_set(line, 2, trend);
    tb_table_set(line, 3, last ? value_text(page, series, last->found).text : "-");
    tb_table_set(line, 4, tb_text_percent(last ? half_of(last->found) : NAN).text);
    tb_table_set(line, 5, tb_text_percent(series->noise).text);
    tb_table_set(line, 6, tb_text_print(true, "%zu", series->change_count).text);
    tb_table_ink(page, line, 3, TB_INK_STRONG);
    if (series->change_count)
        tb_table_ink(page, line, 6, TB_INK_DOUBT);
}

static struct libscols_table *begin_cases(const struct tb_page *page)
{
    struct libscols_table *table = tb_page_table(page);

    tb_table_column(table, "case", 0);
    tb_table_column(table, "runs", SCOLS_FL_RIGHT);
    tb_table_column(table, "trend", 0);
    tb_table_column(table, "last", SCOLS_FL_RIGHT);
    tb_table_column(table, page->utf8 ? "\u00b1 95 % CI" : "95 % CI", SCOLS_FL_RIGHT);
    tb_table_column(table, "noise", SCOLS_FL_RIGHT);
    tb_table_column(table, "changes", SCOLS_FL_RIGHT);
    return table;
}

/* A table for each host and setup. */
static void put_cases(const struct tb_page *page, const struct tb_history_view *view)
{
    static const size_t spare[] = {5, 1, 4, 2};
    const struct tb_history *history = view->history;
    struct libscols_table *table = NULL;

    for (size_t i = 0; i < history->count; i++) {
        const struct tb_history_series *series = &history->series[i];

        if (tb_history_begins_group(history, i)) {
            if (table)
                tb_page_put_fitted(page, table, spare, sizeof spare / sizeof *spare);
            (void)fputc('\n', page->out); /* the caller asks ferror() */
            tb_page_line(page, 9, "host     %s: %s", series->host, series->setup);
            table = begin_cases(page);
        }
        put_series(page, scols_table_new_line(table, NULL), history, series);
    }
    if (table)
        tb_page_put_fitted(page, table, spare, sizeof spare / sizeof *spare);
}

/* What begins with a value: a change, a split; or that it is of a dirty tree. The caller's. */
static char *mark_of(const struct tb_history_view *view, const struct tb_history_series *series,
                     size_t at)
{
    char *text;
    size_t size;
    FILE *out = tb_open_text(&text, &size);

    for (size_t i = 0; i < series->change_count; i++) {
        const struct tb_history_change *change = &series->changes[i];

        if (change->at == at)
            (void)fputs(tb_text_change(change->ratio, (change->high - change->low) / 2).text,
                        out); /* in memory */
    }
    for (size_t i = 0; i < series->split_count; i++) {
        if (series->splits[i].at == at)
            (void)fprintf(out, "split: %s", series->splits[i].what); /* as above and below */
    }
    (void)fputs(tb_history_is_dirty(view->history, &series->values[at]) ? "dirty" : "", out);
    (void)fclose(out);
    return text;
}

static void put_run(const struct tb_page *page, const struct tb_history_view *view, size_t at,
                    struct libscols_line *line)
{
    const struct tb_history_series *series = view->history->series;
    const struct tb_history_value *value = &series->values[at];
    size_t commit = view->history->runs[value->run].commit;
    tb_autofree char *mark = mark_of(view, series, at);

    tb_table_set(line, 0, tb_history_commit(view, commit).text);
    tb_table_set(line, 1, value_text(page, series, value->found).text);
    tb_table_set(line, 2, tb_text_percent(half_of(value->found)).text);
    tb_table_set(line, 3, mark);
    tb_table_set(line, 4, view->line->subjects[commit]);
}

/* Each run of the only series, the newest last. */
static void put_runs(const struct tb_page *page, const struct tb_history_view *view)
{
    enum { most = 200 };
    const struct tb_history_series *series = view->history->series;
    size_t begin = series->count > most ? series->count - most : 0;
    struct libscols_table *table;

    if (view->history->count != 1)
        return;
    table = tb_page_table(page);
    tb_table_column(table, "commit", 0);
    tb_table_column(table, "value", SCOLS_FL_RIGHT);
    tb_table_column(table, page->utf8 ? "\u00b1 95 % CI" : "95 % CI", SCOLS_FL_RIGHT);
    tb_table_column(table, "change", 0);
    tb_table_column(table, "subject", SCOLS_FL_TRUNC);
    for (size_t i = begin; i < series->count; i++)
        put_run(page, view, i, scols_table_new_line(table, NULL));
    (void)fputc('\n', page->out); /* the caller asks ferror() */
    tb_page_put_fitted(page, table, (const size_t[]){4, 2}, 2);
    if (begin)
        tb_page_line(page, 4, "%zu older runs are left out: --format csv has them", begin);
}

static void put_change(const struct tb_page *page, const struct tb_history_view *view,
                       struct libscols_line *line, const struct tb_history_finding *finding)
{
    const struct tb_history_change *change = finding->change;
    tb_autofree char *where = tb_history_where(view, change->old, change->new);
    tb_autofree char *subject = tb_history_subject(view, change);

    tb_table_set(line, 0, finding->series->name);
    tb_table_set(line, 1, tb_text_change(change->ratio, (change->high - change->low) / 2).text);
    tb_table_ink(page, line, 1, change->ratio > 1 ? TB_INK_BAD : TB_INK_GOOD);
    tb_table_set(line, 2, tb_text_changes(change->low, change->high).text);
    tb_table_set(line, 3, where);
    tb_table_set(line, 4, subject);
    if (view->tried)
        tb_table_set(line, 5, tb_confirmation_names[change->confirmation]);
}

static void put_changes(const struct tb_page *page, const struct tb_history_view *view)
{
    tb_autofree struct tb_history_finding *all = tb_history_findings(view->history);
    struct libscols_table *table;

    if (!view->history->changes)
        return;
    table = tb_page_table(page);
    tb_table_column(table, "case", 0);
    tb_table_column(table, "change", SCOLS_FL_RIGHT);
    tb_table_column(table, "95 % CI", SCOLS_FL_RIGHT);
    tb_table_column(table, "where", 0);
    tb_table_column(table, "subject", SCOLS_FL_TRUNC);
    if (view->tried)
        tb_table_column(table, "again", 0);
    for (size_t i = 0; i < view->history->changes; i++)
        put_change(page, view, scols_table_new_line(table, NULL), &all[i]);
    (void)fputc('\n', page->out); /* as above */
    tb_page_put_fitted(page, table, (const size_t[]){4, 2}, 2);
}

/* What does not fit into the table of changes. */
static void put_notes(const struct tb_page *page, const struct tb_history_view *view)
{
    tb_autofree struct tb_history_finding *all = tb_history_findings(view->history);

    for (size_t i = 0; i < view->history->changes; i++) {
        const struct tb_history_change *change = all[i].change;
        tb_autofree char *where = tb_history_where(view, change->earliest, change->latest);

        if (change->earliest != change->old || change->latest != change->new)
            tb_page_line(page, 4, "%s %s: with 95 %% confidence %s", all[i].series->name,
                         tb_history_change_text(change->ratio).text, where);
        if (change->old == change->new)
            tb_page_line(page, 4, "%s %s: both runs are of one commit, so it is not the reason",
                         all[i].series->name, tb_history_change_text(change->ratio).text);
        if (change->remark)
            tb_page_line(page, 4, "%s %s: %s", all[i].series->name,
                         tb_history_change_text(change->ratio).text, change->remark);
    }
}

static void put_breaks(const struct tb_page *page, const struct tb_history_view *view)
{
    size_t count;
    tb_autofree struct tb_history_break *all = tb_history_breaks(view->history, &count);

    for (size_t i = 0; i < count; i++)
        tb_page_line(page, 4, "split at %s: %s is another one from there on, in %s (%s)",
                     tb_history_commit(view, all[i].commit).text, all[i].what,
                     tb_text_count(all[i].cases, "case").text, view->line->subjects[all[i].commit]);
}

static void put_left_out(void *user, const char *sentence)
{
    tb_page_line(user, 4, "left out: %s", sentence);
}

static void put_doubt(void *user, const char *sentence)
{
    tb_page_line(user, 4, "%s", sentence);
}

static void put_head(const struct tb_page *page, const struct tb_history_view *view)
{
    size_t last = view->line->count - 1;

    tb_page_line(page, 9, "archive  %s, %s", view->archive,
                 tb_text_count(view->history->run_count, "document").text);
    tb_page_line(page, 9, "commits  %zu measured of %zu, from %s to %s (%s)", view->measured,
                 view->line->count, tb_history_commit(view, 0).text,
                 tb_history_commit(view, last).text, view->range);
}

void tb_history_table_put(const struct tb_page *page, const struct tb_history_view *view)
{
    const struct tb_history *history = view->history;
    tb_autofree char *headline = tb_history_headline(view);
    tb_autofree char *drifting = tb_history_drifts(view);
    struct tb_page copy = *page, whole = *page;

    if (!page->table_width) /* no terminal: a program may look for it */
        whole.width = SIZE_MAX;
    tb_page_line_in(&whole, TB_INK_STRONG, SIZE_MAX, 4, "%s", headline);
    (void)fputc('\n', page->out); /* the caller asks ferror() */
    put_head(page, view);
    put_changes(page, view);
    put_cases(page, view);
    put_runs(page, view);
    (void)fputc('\n', page->out); /* likewise */
    put_notes(page, view);
    put_breaks(page, view);
    if (*drifting)
        tb_page_line(page, 4, "drift: %s", drifting);
    tb_history_each_left_out(view, put_left_out, &copy);
    tb_history_each_doubt(view, put_doubt, &copy);
    if (view->dirty)
        tb_page_line(page, 4, "%s of dirty trees: shown, and not looked at for changes",
                     tb_text_count(view->dirty, "run").text);
    if (view->index_obstacle)
        tb_page_line(page, 4, "without an index each document is read each time: %s",
                     view->index_obstacle);
    if (history->blind && history->blind < history->parts)
        tb_page_line(
            page, 4,
            "in %zu of %zu series there are too few runs of one kind to see any change: %zu "
            "are needed",
            history->blind, history->parts, history->needed);
    tb_page_line(page, 4, "chance of any false change at most %.3g %%, in all %zu series together",
                 100 * history->alpha, history->parts);
}
