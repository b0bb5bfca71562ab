#include "report/html/history_figure.h"

#include <math.h>
#include <stdlib.h>

#include "util/memory.h"

enum {
    most_points = 500, /* of a figure; more are taken together */
    short_commit = 7,
};

static size_t commit_of(const struct tb_history_view *view, const struct tb_history_value *value)
{
    return view->history->runs[value->run].commit;
}

/* Of those values that are of dirty trees, or that are not; NaN for none. */
static double middle_of(const struct tb_history_view *view, const struct tb_history_value *values,
                        size_t count, bool dirty)
{
    tb_autofree double *chosen = tb_alloc(count, sizeof *chosen);
    size_t left = 0;

    for (size_t i = 0; i < count; i++) {
        if (tb_history_is_dirty(view->history, &values[i]) == dirty)
            chosen[left++] = values[i].found->value;
    }
    return tb_median_of(chosen, left);
}

/* What a figure of a series is drawn from. */
struct drawing {
    struct tb_point *points;
    struct tb_curve *curves;
    size_t point_count, count;
    double low, high; /* of the values */
};

static void drawing_finish(struct drawing *drawing)
{
    free(drawing->points);
    free(drawing->curves);
}

/* What is no number is no point. */
static void add_point(struct drawing *drawing, double x, double y)
{
    if (!isfinite(y))
        return;
    drawing->points[drawing->point_count++] = (struct tb_point){x, y};
    drawing->low = fmin(drawing->low, y);
    drawing->high = fmax(drawing->high, y);
}

/* Of the points from `begin` on. */
static void add_curve(struct drawing *drawing, size_t begin, size_t hue, enum tb_stroke stroke)
{
    if (begin < drawing->point_count)
        drawing->curves[drawing->count++] =
            (struct tb_curve){drawing->points + begin, drawing->point_count - begin, hue, stroke};
}

/* The runs of clean trees, or those of dirty ones; where there are too many, as many together. */
static void add_runs(const struct tb_history_view *view, const struct tb_history_series *series,
                     bool dirty, struct drawing *drawing)
{
    size_t begin = drawing->point_count, step = series->count / most_points + 1;

    for (size_t i = 0; i < series->count; i += step) {
        const struct tb_history_value *value = &series->values[i];
        size_t together = series->count - i < step ? series->count - i : step;

        add_point(drawing, (double)commit_of(view, value), middle_of(view, value, together, dirty));
    }
    add_curve(drawing, begin, dirty ? 7 : 0, TB_STROKE_POINTS);
}

/* The level of the values from `begin` up to `end`. */
static void add_level(const struct tb_history_view *view, const struct tb_history_series *series,
                      size_t begin, size_t end, struct drawing *drawing)
{
    const struct tb_history_value *values = series->values;
    size_t first = drawing->point_count;
    double level = middle_of(view, values + begin, end - begin, false);

    if (begin == end)
        return;
    add_point(drawing, (double)commit_of(view, &values[begin]), level);
    add_point(drawing, (double)commit_of(view, &values[end - 1]), level);
    add_curve(drawing, first, 1, TB_STROKE_LINE);
}

/* A level for each stretch between changes and splits. */
static void add_levels(const struct tb_history_view *view, const struct tb_history_series *series,
                       struct drawing *drawing)
{
    size_t begin = 0, change = 0, split = 0;

    for (size_t i = 0; i < series->count; i++) {
        bool changes = change < series->change_count && series->changes[change].at == i;
        bool splits = split < series->split_count && series->splits[split].at == i;

        change += changes;
        split += splits;
        if (!changes && !splits)
            continue;
        add_level(view, series, begin, i, drawing);
        begin = i;
    }
    add_level(view, series, begin, series->count, drawing);
}

/* Over the height of the figure. */
static void add_splits(const struct tb_history_view *view, const struct tb_history_series *series,
                       const struct tb_ruler *ruler, struct drawing *drawing)
{
    for (size_t i = 0; i < series->split_count; i++) {
        size_t begin = drawing->point_count;
        double x = (double)commit_of(view, &series->values[series->splits[i].at]) - 0.5;

        add_point(drawing, x, ruler->low);
        add_point(drawing, x, ruler->high);
        add_curve(drawing, begin, 3, TB_STROKE_DASHED);
    }
}

static void name_commits(const struct tb_history_view *view, struct tb_ruler *ruler)
{
    const struct tb_git_line *line = view->line;

    for (size_t i = 0; i < ruler->count; i++) {
        struct tb_tick *tick = &ruler->ticks[i];
        bool is_commit =
            tick->at >= 0 && tick->at == floor(tick->at) && tick->at < (double)line->count;

        (void)snprintf(tick->text, sizeof tick->text, "%.*s", short_commit,
                       is_commit ? line->commits[(size_t)tick->at] : ""); /* fits */
    }
}

/* "84 runs, the last 6.24 µs, noise 0.6%, 2 changes"; the caller's. */
static char *caption_of(const struct tb_history_view *view, const struct tb_history_series *series)
{
    const struct tb_history_value *last = tb_history_last(view->history, series);

    return tb_print(
        "%s of clean trees, the last %s; noise %s; %s", tb_text_count(series->clean, "run").text,
        last ? tb_history_value_text(series, last->found->value).text : "-",
        tb_text_percent(series->noise).text, tb_text_count(series->change_count, "change").text);
}

void tb_history_figure_put(struct tb_plots *plots, FILE *out, const struct tb_history_view *view,
                           const struct tb_history_series *series)
{
    size_t lines = series->change_count + 2 * series->split_count + 1;
    tb_auto(drawing_finish) struct drawing drawing = {
        .points = tb_alloc(2 * series->count + 4 * lines, sizeof *drawing.points),
        .curves = tb_alloc(lines + 2, sizeof *drawing.curves),
        .low = INFINITY,
        .high = -INFINITY,
    };
    tb_autofree char *caption = caption_of(view, series);
    double first = (double)commit_of(view, &series->values[0]);
    double last = (double)commit_of(view, &series->values[series->count - 1]), room;
    struct tb_plot plot = {.name = series->name, .title = series->name, .caption = caption};

    add_runs(view, series, false, &drawing);
    add_runs(view, series, true, &drawing);
    add_levels(view, series, &drawing);
    room = fmax((drawing.high - drawing.low) / 10, 0.02 * fabs(drawing.high));
    room = room > 0 ? room : 1; /* all of them are 0 */
    plot.x = tb_ruler(first - 1, last + 1, false);
    plot.y = tb_ruler(drawing.low - room, drawing.high + room, false);
    add_splits(view, series, &plot.y, &drawing);
    name_commits(view, &plot.x);
    tb_ruler_name(&plot.y, series->unit);
    plot.curves = drawing.curves;
    plot.count = drawing.count;
    tb_plots_add(plots, out, &plot);
}
