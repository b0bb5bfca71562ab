#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/headline.h"
#include "report/html/report_parts.h"
#include "report/python_table.h"
#include "report/verdict_text.h"
#include "util/json.h"
#include "util/memory.h"
#include "util/strings.h"

/* Marked where a reader has to look: as bad, good or open. */
static const char *class_of(const struct tb_compared *row)
{
    static const char *const classes[] = {
        [TB_INCONCLUSIVE] = "unsure", [TB_SAME] = "", [TB_SLOWER] = "bad", [TB_FASTER] = "good"};

    if (row->reason)
        return row->old_failed || row->new_failed || row->uncompared ? "unsure" : "";
    return classes[tb_reports_tail(row) ? row->tail.verdict : row->test.verdict];
}

/* The widest change that is drawn to scale: tenfold, either way. */
static const double widest = 10;

/* From the fastest to the slowest end of any interval, with the margin in it. */
static struct tb_ruler ruler_of(const struct tb_comparison *comparison)
{
    double margin = comparison->rule.margin, high = 1 + 2 * fmax(margin, 0.005), low = 1 / high;
    struct tb_ruler ruler;

    for (size_t i = 0; i < comparison->count; i++) {
        const struct tb_effect *effect = &comparison->rows[i].test.effect;

        if (comparison->rows[i].reason)
            continue;
        low = fmin(low, fmin(effect->ratio, effect->low)); /* which ignores a NaN, as below */
        high = fmax(high, fmax(effect->ratio, effect->high));
    }
    ruler = tb_ruler(fmax(low, 1 / widest) / 1.01, fmin(high, widest) * 1.01, true);
    ruler.band_low = 1 / (1 + margin);
    ruler.band_high = 1 + margin;
    tb_ruler_name_changes(&ruler);
    return ruler;
}

/* "+12%, 95 % CI +11.5 .. +12.3, 24 rounds"; the caller's. */
static char *hint_of(const struct tb_comparison *comparison, const struct tb_compared *row)
{
    const struct tb_effect *effect = &row->test.effect;
    bool known = isfinite(effect->low) && isfinite(effect->high);

    if (row->reason)
        return tb_copy("");
    return tb_print("%s%s%s, %zu %s", tb_effect_text(effect).text, known ? ", 95 % CI " : "",
                    known ? tb_text_changes(effect->low, effect->high).text : "", effect->pairs,
                    tb_units_text(comparison->unit, effect->pairs));
}

/* In per cent, and drawn. */
static void put_interval(struct tb_writing *writing, const struct tb_comparison *comparison,
                         const struct tb_ruler *ruler, const struct tb_compared *row)
{
    static const size_t hues[] = {
        [TB_INCONCLUSIVE] = 7, [TB_SAME] = 0, [TB_SLOWER] = 1, [TB_FASTER] = 2};
    const struct tb_effect *effect = &row->test.effect;
    struct tb_mark mark = {effect->low, effect->high, effect->ratio, .hue = hues[row->test.verdict],
                           .thin = true};
    tb_autofree char *hint = hint_of(comparison, row);
    double low = row->reason ? NAN : effect->low, high = row->reason ? NAN : effect->high;

    tb_html_number(writing->html, low, "%s", tb_text_changes(low, high).text);
    tb_html_marks(writing->html, ruler, row->reason ? NAN : effect->ratio, &mark, !row->reason,
                  hint);
}

static void put_row(struct tb_writing *writing, const struct tb_comparison *comparison,
                    const struct tb_ruler *ruler, const struct tb_compared *row)
{
    struct tb_html *html = writing->html;
    tb_autofree char *note = tb_verdict_note(comparison, row, false);
    double ratio = row->reason ? NAN : row->test.effect.ratio;

    tb_html_row(html, row->name, tb_report_row_kind(row));
    tb_report_name(writing, row->name, note);
    tb_html_put(html, "<td class=\"%s\">%s%s</td>", class_of(row), tb_verdict_text(row),
                comparison->drifts && !row->reason ? "*" : "");
    tb_html_number(html, ratio, "%s", row->reason ? "-" : tb_effect_text(&row->test.effect).text);
    put_interval(writing, comparison, ruler, row);
    tb_html_number(html, row->old_value, "%s <small>%s</small>",
                   tb_text_value(&writing->text, row->unit, row->old_value).text,
                   row->reason ? "" : row->test.statistic);
    for (size_t i = 0; i < TB_SHIFTS; i++) {
        ratio = row->reason ? NAN : row->shifts[i];
        tb_html_number(html, ratio, "%s", tb_text_change(ratio, NAN).text);
    }
    ratio = row->reason ? NAN : row->test.effect.mde;
    tb_html_number(html, ratio, "%s", tb_text_change(ratio, NAN).text);
}

static void put_table(struct tb_writing *writing, const struct tb_comparison *comparison)
{
    struct tb_ruler ruler = ruler_of(comparison);
    const struct tb_html_column columns[] = {
        {"case"},
        {"verdict"},
        {"change", true, "the median of the ratios new / old"},
        {"95 % CI", true, "of the change, in per cent"},
        {"interval", .hint = "the same, drawn; shaded: the margin", .ruler = &ruler},
        {"old", true, "the median over the old side's processes, each by this statistic"},
        {"p10", true, "change of this quantile of all samples together"},
        {"p50", true, "change of this quantile of all samples together"},
        {"p90", true, "change of this quantile of all samples together"},
        {"p99", true, "change of this quantile of all samples together"},
        {"MDE", true, "the smallest slowdown that these pairs could have shown"},
    };

    tb_html_table(writing->html, columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; i < comparison->count; i++)
        put_row(writing, comparison, &ruler, &comparison->rows[i]);
    tb_html_table_end(writing->html);
}

static void put_notes(struct tb_writing *writing, const struct tb_comparison *comparison)
{
    struct tb_html *html = writing->html;

    tb_html_put(
        html, "<p class=\"note\">Shaded: the margin of %s. Chance of any false alarm: at most %s.",
        tb_text_print(true, "%.4g %%", 100 * comparison->rule.margin).text,
        tb_text_print(true, "%.3g %%", 100 * comparison->alpha).text);
    if (comparison->same_program)
        tb_html_put(html, " Both sides run the same program, byte for byte: only how it is run can "
                          "differ.");
    if (comparison->drifts)
        tb_html_put(html,
                    " * Drift between the two runs is not accounted for: whatever else changed "
                    "between them counts as the change.");
    if (comparison->left_out)
        tb_html_put(html, " Documents left out: %zu.", comparison->left_out);
    tb_html_put(html, "</p>\n");
}

/* Ticks for the rows of a figure, which count from the top. */
static struct tb_ruler rows_ruler(size_t count)
{
    struct tb_ruler ruler = {.low = 0.5, .high = (double)count + 0.5};
    size_t step = (count + TB_TICKS - 1) / TB_TICKS;

    for (size_t i = 0; i < count; i += step) {
        ruler.ticks[ruler.count].at = (double)(count - i);
        (void)snprintf(ruler.ticks[ruler.count].text, sizeof ruler.ticks[0].text, "%zu", i + 1);
        ruler.count++;
    }
    return ruler;
}

/* Intervals against the margin, as a figure. */
struct forest {
    struct tb_point *intervals, *dots; /* owned; three points for an interval, the last one a gap */
    size_t count;
    char *names; /* owned: "1: create/call; 2: ..." */
};

static void forest_finish(struct forest *forest)
{
    free(forest->intervals);
    free(forest->dots);
    free(forest->names);
}

static struct forest forest_of(const struct tb_comparison *comparison)
{
    struct forest forest = {.intervals = tb_alloc(3 * comparison->count, sizeof(struct tb_point)),
                            .dots = tb_alloc(comparison->count, sizeof(struct tb_point))};
    size_t size;
    FILE *names = tb_open_text(&forest.names, &size);

    for (size_t i = 0; i < comparison->count; i++)
        forest.count += !comparison->rows[i].reason;
    for (size_t i = 0, at = 0; i < comparison->count; i++) {
        const struct tb_effect *effect = &comparison->rows[i].test.effect;
        double y = (double)(forest.count - at);

        if (comparison->rows[i].reason)
            continue;
        forest.dots[at] = (struct tb_point){effect->ratio, y};
        forest.intervals[3 * at] = (struct tb_point){effect->low, y};
        forest.intervals[3 * at + 1] = (struct tb_point){effect->high, y};
        forest.intervals[3 * at + 2] = (struct tb_point){NAN, NAN};
        (void)fprintf(names, "%s%zu: %s", at ? "; " : "", at + 1,
                      comparison->rows[i].name); /* in memory */
        at++;
    }
    (void)fclose(names); /* likewise */
    return forest;
}

/* The page has this as a column of its table: a file needs it as a figure. */
static void put_forest(struct tb_writing *writing, const struct tb_comparison *comparison)
{
    tb_auto(forest_finish) struct forest forest = forest_of(comparison);
    struct tb_ruler x = ruler_of(comparison), y = rows_ruler(forest.count);
    const struct tb_point sides[][2] = {{{x.band_low, y.low}, {x.band_low, y.high}},
                                        {{1, y.low}, {1, y.high}},
                                        {{x.band_high, y.low}, {x.band_high, y.high}}};
    const struct tb_curve curves[] = {
        {forest.intervals, 3 * forest.count, 0, TB_STROKE_LINE},
        {forest.dots, forest.count, 0, TB_STROKE_POINTS},
        {sides[0], 2, TB_HUES - 1, TB_STROKE_DASHED},
        {sides[1], 2, TB_HUES - 1, TB_STROKE_LINE},
        {sides[2], 2, TB_HUES - 1, TB_STROKE_DASHED},
    };
    tb_autofree char *file = tb_report_file_name("intervals", comparison->new);
    tb_autofree char *title =
        tb_print("Changes from %s to %s, with 95 %% intervals", comparison->old, comparison->new);

    if (forest.count && writing->plots->folder)
        tb_plots_add(writing->plots, NULL,
                     &(struct tb_plot){.name = file,
                                       .title = title,
                                       .legend = forest.names,
                                       .x = x,
                                       .y = y,
                                       .curves = curves,
                                       .count = sizeof curves / sizeof *curves});
}

/* One comparison, and whose sides it compares. */
struct pair {
    const struct tb_comparison *comparison;
    const struct tb_side *old, *new;
};

static void put_comparison(struct tb_writing *writing, const struct pair *pair)
{
    const struct tb_comparison *comparison = pair->comparison;

    tb_html_put(writing->html, "<h3>%s → %s</h3>\n", comparison->old, comparison->new);
    put_table(writing, comparison);
    put_notes(writing, comparison);
    put_forest(writing, comparison);
    tb_html_put(writing->html, "<div class=\"blocks\">\n");
    for (size_t i = 0; i < comparison->count; i++)
        tb_report_shift(writing, comparison, &comparison->rows[i], pair->old, pair->new);
    tb_html_put(writing->html, "</div>\n");
}

void tb_report_comparison(struct tb_writing *writing)
{
    const struct tb_report_view *view = writing->view;

    if (!view->comparisons.count || view->interpreters)
        return;
    tb_report_section(writing, "comparison", "What changed");
    for (size_t i = 0; i < view->comparisons.count; i++)
        put_comparison(writing, &(struct pair){&view->comparisons.each[i], &view->sides[0],
                                               &view->sides[i + 1]});
}

static void put_operation(struct tb_writing *writing, size_t index)
{
    const struct tb_comparisons *comparisons = &writing->view->comparisons;
    const struct tb_compared *first = &comparisons->each[0].rows[index];

    tb_html_row(writing->html, first->name, tb_report_kind(writing->view, first->name));
    tb_report_name(writing, first->name, NULL);
    tb_html_number(writing->html, first->old_value, "%s",
                   tb_text_value(&writing->text, first->unit, first->old_value).text);
    for (size_t i = 0; i < comparisons->count; i++) {
        const struct tb_compared *row = tb_comparison_find(&comparisons->each[i], first->name);
        tb_autofree char *text = tb_python_ratio(&writing->text, row);

        (void)fputs("<td", writing->html->out); /* in memory */
        if (row && !row->reason && isfinite(row->test.effect.low))
            (void)fprintf(writing->html->out, " data-value=\"%.6g\"", row->test.effect.ratio);
        tb_html_put(writing->html, " class=\"%s\">%s</td>", row ? class_of(row) : "", text);
    }
}

static void put_difference(void *user, const char *sentence)
{
    tb_html_put(user, "<p class=\"note\">%s.</p>\n", sentence);
}

void tb_report_interpreters(struct tb_writing *writing)
{
    const struct tb_report_view *view = writing->view;
    const struct tb_comparisons *comparisons = &view->comparisons;
    const struct tb_side *first; /* of the interpreters, which come last */
    tb_autofree struct tb_html_column *columns = tb_alloc(comparisons->count + 2, sizeof *columns);

    if (!view->interpreters)
        return;
    first = &view->sides[view->count - comparisons->count - 1];
    tb_report_section(writing, "interpreters", "Interpreters side by side");
    columns[0] = (struct tb_html_column){"operation"};
    columns[1] = (struct tb_html_column){comparisons->each->old, true};
    for (size_t i = 0; i < comparisons->count; i++)
        columns[i + 2] = (struct tb_html_column){comparisons->each[i].new};
    tb_html_table(writing->html, columns, comparisons->count + 2);
    for (size_t i = 0; i < comparisons->each->count; i++)
        put_operation(writing, i);
    tb_html_table_end(writing->html);
    tb_html_put(writing->html,
                "<p class=\"note\">Ratios to the first interpreter, with their 95 %% "
                "confidence intervals.</p>\n");
    for (size_t i = 1; i <= comparisons->count; i++)
        tb_python_each_difference(first->results[0], first[i].results[0], put_difference,
                                  writing->html);
}
