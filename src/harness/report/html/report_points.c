#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/html/report_parts.h"
#include "report/html/spread.h"
#include "util/memory.h"

/* What is drawn in one figure: a curve for each case and side that was measured. */
struct drawn {
    const char *name; /* of the point */
    const char *unit;
    char *labels[TB_HUES]; /* owned */
    const struct tb_case *specs[TB_HUES];
    struct tb_spread spreads[TB_HUES];
    size_t count;
    struct tb_ruler ruler;
};

/* What is drawn: of the slow end a histogram, in which it is flat, shows less. */
static const double first = 0.005, last = 0.995, last_of_histogram = 0.975;

static void drawn_finish(struct drawn *drawn)
{
    for (size_t i = 0; i < drawn->count; i++) {
        free(drawn->labels[i]);
        tb_spread_finish(&drawn->spreads[i]);
    }
}

/* What tells it from the other curves: the runtime, the side, or both; the caller's. */
static char *label_of(const struct tb_report_view *view, const struct tb_side *side,
                      const struct tb_case *spec, bool several)
{
    const char *runtime = spec->runtime ? spec->runtime : "all";

    if (view->count == 1)
        return tb_copy(runtime);
    return several ? tb_print("%s, %s", runtime, side->name) : tb_copy(side->name);
}

/* A point: cases that differ in their runtimes alone. */
struct cases {
    const char *name;
    const struct tb_case *const *specs;
    size_t count;
};

/* Of the point's curves, counted case by case and within each side by side, those from `begin` to
 * `end`, which are no more than there are hues. */
static struct drawn draw(const struct tb_report_view *view, const struct cases *cases, size_t begin,
                         size_t end)
{
    struct drawn drawn = {.name = cases->name, .unit = cases->specs[0]->unit};

    for (size_t i = begin; i < end; i++) {
        const struct tb_case *spec = cases->specs[i / view->count];
        const struct tb_side *side = &view->sides[i % view->count];
        struct tb_spread spread = tb_spread_of(side, spec->name);

        if (!spread.samples.total) {
            tb_spread_finish(&spread);
            continue;
        }
        drawn.specs[drawn.count] = spec;
        drawn.labels[drawn.count] = label_of(view, side, spec, cases->count > 1);
        drawn.spreads[drawn.count++] = spread;
    }
    drawn.ruler = tb_spreads_ruler(drawn.spreads, drawn.count, first, last);
    tb_ruler_name(&drawn.ruler, drawn.unit);
    return drawn;
}

static char *legend_of(const struct drawn *drawn)
{
    char *text;
    size_t size;
    FILE *out = tb_open_text(&text, &size);

    for (size_t i = 0; i < drawn->count; i++)
        (void)fprintf(out, "%s%s: %s", i ? "; " : "", tb_plot_hue(i), drawn->labels[i]);
    (void)fclose(out); /* in memory */
    return text;
}

static const double marked[] = {0.1, 0.5, 0.9, 0.99};
enum { MARKED = sizeof marked / sizeof *marked };

static void mark_quantiles(const struct tb_spread *spread, struct tb_point *ret_points)
{
    for (size_t i = 0; i < MARKED; i++)
        ret_points[i] = (struct tb_point){tb_spread_value(spread, marked[i]), marked[i]};
}

static struct tb_ruler share_ruler(void)
{
    return (struct tb_ruler){
        .high = 1,
        .ticks = {{0, "0"}, {0.1, "p10"}, {0.5, "p50"}, {0.9, "p90"}, {0.99, "p99"}},
        .count = MARKED + 1,
    };
}

/* Whether of any only a value for each process is known, which are too few for a histogram. */
static bool is_of_processes(const struct drawn *drawn)
{
    bool any = false;

    for (size_t i = 0; i < drawn->count; i++)
        any |= drawn->spreads[i].of_processes;
    return any;
}

/* The share of samples up to each value. */
static void put_ecdf(struct tb_writing *writing, const struct drawn *drawn)
{
    struct tb_point steps[TB_HUES][TB_SPREAD_POINTS], marks[TB_HUES][MARKED];
    struct tb_curve curves[2 * TB_HUES];
    tb_autofree char *file = tb_report_file_name("ecdf", drawn->name), *legend = legend_of(drawn);
    tb_autofree char *title =
        tb_print("Share of %s up to each value, %s",
                 is_of_processes(drawn) ? "processes" : "samples", drawn->name);

    for (size_t i = 0; i < drawn->count; i++) {
        size_t count = tb_spread_steps(&drawn->spreads[i], &drawn->ruler, steps[i]);

        mark_quantiles(&drawn->spreads[i], marks[i]);
        curves[i] = (struct tb_curve){
            steps[i], count, i, drawn->spreads[i].of_processes ? TB_STROKE_STEPS : TB_STROKE_LINE};
        curves[drawn->count + i] = (struct tb_curve){marks[i], MARKED, i, TB_STROKE_POINTS};
    }
    tb_plots_add(writing->plots, writing->html->out,
                 &(struct tb_plot){.name = file,
                                   .title = title,
                                   .legend = legend,
                                   .caption = is_of_processes(drawn)
                                                  ? "share of processes up to each value"
                                                  : "share of samples up to each value; dots: p10, "
                                                    "p50, p90, p99",
                                   .reading = drawn->unit,
                                   .x = drawn->ruler,
                                   .y = share_ruler(),
                                   .curves = curves,
                                   .count = 2 * drawn->count,
                                   .levels = marked,
                                   .level_count = MARKED});
}

/* The share of samples in each of some bins, with a stalk at the median. */
static void put_histogram(struct tb_writing *writing, const struct drawn *drawn)
{
    struct tb_point outlines[TB_HUES][TB_SPREAD_POINTS], medians[TB_HUES];
    struct tb_curve curves[2 * TB_HUES];
    tb_autofree char *file = tb_report_file_name("histogram", drawn->name),
                     *legend = legend_of(drawn);
    tb_autofree char *title = tb_print("Histogram, %s", drawn->name);
    struct tb_ruler ruler =
        tb_spreads_ruler(drawn->spreads, drawn->count, first, last_of_histogram);
    size_t bins = tb_spread_bins(&ruler);
    double top = 0;

    tb_ruler_name(&ruler, drawn->unit);
    for (size_t i = 0; i < drawn->count; i++) {
        size_t count = tb_spread_outline(&drawn->spreads[i], &ruler, bins, outlines[i]);

        for (size_t k = 0; k < count; k++)
            top = fmax(top, outlines[i][k].y);
        curves[i] = (struct tb_curve){outlines[i], count, i, TB_STROKE_LINE};
    }
    for (size_t i = 0; i < drawn->count; i++) {
        medians[i] = (struct tb_point){tb_spread_value(&drawn->spreads[i], 0.5), top};
        curves[drawn->count + i] = (struct tb_curve){&medians[i], 1, i, TB_STROKE_STALKS};
    }
    tb_plots_add(writing->plots, writing->html->out,
                 &(struct tb_plot){.name = file,
                                   .title = title,
                                   .legend = legend,
                                   .caption = "share of samples in equal steps of the logarithm, "
                                              "up to p97.5; upright: p50",
                                   .x = ruler,
                                   .y = {.high = 1.06 * top},
                                   .curves = curves,
                                   .count = 2 * drawn->count});
}

static void put_legend(struct tb_writing *writing, const struct drawn *drawn)
{
    tb_html_put(writing->html, "<ul class=\"legend\">");
    for (size_t i = 0; i < drawn->count; i++)
        tb_html_put(
            writing->html, "<li data-label=\"%s\"><i class=\"h%zu\"></i> %s <small>%s</small></li>",
            drawn->labels[i], i + 1, drawn->labels[i],
            tb_text_value(&writing->text, drawn->unit, tb_spread_value(&drawn->spreads[i], 0.5))
                .text);
    tb_html_put(writing->html, "</ul>\n");
}

/* What the figures show, in numbers. */
static void put_table(struct tb_writing *writing, const struct drawn *drawn)
{
    static const double shares[] = {0.1, 0.5, 0.9, 0.99, 0.999};
    static const struct tb_html_column columns[] = {
        {"case"},      {"processes", true}, {"samples", true}, {"p10", true},
        {"p50", true}, {"p90", true},       {"p99", true},     {"p99.9", true}};

    tb_html_details(writing->html, "Quantiles");
    tb_html_table(writing->html, columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; i < drawn->count; i++) {
        const struct tb_spread *spread = &drawn->spreads[i];
        double samples = (double)spread->samples.total;

        tb_html_row(writing->html, NULL, TB_HTML_PLAIN);
        tb_html_row_name(writing->html, "%s", drawn->labels[i]);
        tb_html_number(writing->html, (double)spread->processes, "%zu", spread->processes);
        tb_html_number(writing->html, samples, "%s",
                       spread->of_processes ? "-" : tb_text_print(true, "%.0f", samples).text);
        for (size_t k = 0; k < sizeof shares / sizeof *shares; k++) {
            double value = tb_histogram_quantile(&spread->samples, shares[k]);

            tb_html_number(writing->html, value, "%s",
                           tb_text_value(&writing->text, drawn->unit, value).text);
        }
    }
    tb_html_table_end(writing->html);
    tb_html_details_end(writing->html);
}

/* What the filter looks in; the caller's. */
static char *searched_of(const struct drawn *drawn)
{
    const char *names[TB_HUES];

    for (size_t i = 0; i < drawn->count; i++)
        names[i] = drawn->specs[i]->name;
    return tb_report_joined(names, drawn->count);
}

static enum tb_html_kind kind_of(const struct tb_report_view *view, const struct drawn *drawn)
{
    for (size_t i = 0; i < drawn->count; i++) {
        if (tb_report_kind(view, drawn->specs[i]->name) != TB_HTML_PLAIN)
            return TB_HTML_CHANGED;
    }
    return TB_HTML_PLAIN;
}

static void put_drawn(struct tb_writing *writing, const struct drawn *drawn)
{
    size_t block = (size_t)drawn->specs[0]->block;

    if (block > 1)
        tb_html_put(writing->html,
                    "<p class=\"note\">Each sample is the mean of %zu operations.</p>\n", block);
    put_legend(writing, drawn);
    if (drawn->ruler.count) {
        tb_html_put(writing->html, "<div class=\"figures\">");
        if (!is_of_processes(drawn))
            put_histogram(writing, drawn);
        put_ecdf(writing, drawn);
        tb_html_put(writing->html, "</div>\n");
    }
    put_table(writing, drawn);
}

void tb_report_point(struct tb_writing *writing, const char *name, const char *doc,
                     const struct tb_case *const *specs, size_t count)
{
    const struct cases cases = {name, specs, count};
    size_t sides = writing->view->count, all = count * sides;
    size_t step = sides < TB_HUES ? TB_HUES / sides * sides : TB_HUES; /* cases stay whole */
    bool continued = false;

    for (size_t i = 0; i < all; i += step) {
        tb_auto(drawn_finish) struct drawn drawn =
            draw(writing->view, &cases, i, i + step < all ? i + step : all);
        tb_autofree char *searched = searched_of(&drawn);

        if (!drawn.count)
            continue;
        tb_html_block(writing->html, searched, kind_of(writing->view, &drawn));
        tb_html_put(writing->html, "<h3>%s%s</h3>\n", name, continued ? ", continued" : "");
        if (doc && !continued)
            tb_html_put(writing->html, "<p class=\"note\">%s</p>\n", doc);
        put_drawn(writing, &drawn);
        tb_html_block_end(writing->html);
        continued = true;
    }
}
