#include <math.h>
#include <stdlib.h>

#include "report/html/report_parts.h"
#include "report/html/spread.h"
#include "util/memory.h"

/* How each quantile of all samples together moved: the shift function, as ratios (Doksum 1974;
 * Wilcox and others draw it so). */
enum { FINEST = 20, STEPS = FINEST + 1 };

struct shift {
    double shares[STEPS], old[STEPS], new[STEPS]; /* those that both sides know */
    size_t count;
};

/* Every twentieth, and the tail. */
static double share_at(size_t step)
{
    return step + 1 < FINEST ? (double)(step + 1) / FINEST : step + 1 == FINEST ? 0.99 : 0.999;
}

static struct shift shift_of(const struct tb_spread *old, const struct tb_spread *new)
{
    struct shift shift = {.count = 0};

    for (size_t i = 0; i < STEPS; i++) {
        double share = share_at(i);
        double was = tb_histogram_quantile(&old->samples, share);
        double is = tb_histogram_quantile(&new->samples, share);

        if (!(was > 0) || !(is > 0))
            continue;
        shift.shares[shift.count] = share;
        shift.old[shift.count] = was;
        shift.new[shift.count++] = is;
    }
    return shift;
}

/* Whether one end moved otherwise than the middle by more than matters, or than is noise. */
static bool is_uneven(const struct tb_comparison *comparison, const struct tb_compared *row)
{
    static const double noise = 1.03; /* of pooled quantiles, whose bins are 1 % wide */
    double tolerated = fmax(1 + comparison->rule.margin, noise);
    double low = INFINITY, high = 0;

    for (size_t i = 0; i < TB_SHIFTS; i++) {
        low = fmin(low, row->shifts[i]); /* which ignores a NaN */
        high = fmax(high, row->shifts[i]);
    }
    return high / low > tolerated;
}

/* A change that is worth a figure: an alarm or good news, of which not all quantiles have the same.
 */
static bool is_wanted(const struct tb_comparison *comparison, const struct tb_compared *row)
{
    bool moved = row->test.verdict >= TB_SLOWER || row->tail.verdict >= TB_SLOWER;

    return !row->reason && moved && is_uneven(comparison, row);
}

static struct tb_ruler changes_ruler(const struct shift *shift, double margin)
{
    double high = 1 + 2 * fmax(margin, 0.005), low = 1 / high;
    struct tb_ruler ruler;

    for (size_t i = 0; i < shift->count; i++) {
        low = fmin(low, shift->new[i] / shift->old[i]);
        high = fmax(high, shift->new[i] / shift->old[i]);
    }
    ruler = tb_ruler(low / 1.02, high * 1.02, true);
    tb_ruler_name_changes(&ruler);
    return ruler;
}

static void put_plot(struct tb_writing *writing, const struct tb_comparison *comparison,
                     const struct tb_compared *row, const struct shift *shift)
{
    double margin = 1 + comparison->rule.margin;
    const double levels[] = {1 / margin, 1, margin};
    struct tb_point points[STEPS];
    const struct tb_curve curves[] = {{points, shift->count, 0, TB_STROKE_LINE},
                                      {points, shift->count, 0, TB_STROKE_POINTS}};
    tb_autofree char *file = tb_report_file_name("shift", row->name);
    tb_autofree char *title = tb_print("How each quantile moved, %s", row->name);

    for (size_t i = 0; i < shift->count; i++)
        points[i] = (struct tb_point){shift->shares[i], shift->new[i] / shift->old[i]};
    tb_plots_add(
        writing->plots, writing->html->out,
        &(struct tb_plot){.name = file,
                          .title = title,
                          .caption = "change of each quantile; lines: none, and the margin",
                          .x = {.high = 1,
                                .ticks = {{0.1, "p10"}, {0.5, "p50"}, {0.9, "p90"}, {0.99, "p99"}},
                                .count = 4},
                          .y = changes_ruler(shift, comparison->rule.margin),
                          .curves = curves,
                          .count = 2,
                          .levels = levels,
                          .level_count = comparison->rule.margin > 0 ? 3 : 2});
}

static void put_table(struct tb_writing *writing, const struct tb_compared *row,
                      const struct shift *shift)
{
    static const struct tb_html_column columns[] = {
        {"quantile"}, {"old", true}, {"new", true}, {"change", true}};

    tb_html_details(writing->html, "Quantiles");
    tb_html_table(writing->html, columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; i < shift->count; i++) {
        double ratio = shift->new[i] / shift->old[i];

        tb_html_row(writing->html, NULL, TB_HTML_PLAIN);
        tb_html_row_name(writing->html, "p%s",
                         tb_text_print(true, "%.4g", 100 * shift->shares[i]).text);
        tb_html_number(writing->html, shift->old[i], "%s",
                       tb_text_value(&writing->text, row->unit, shift->old[i]).text);
        tb_html_number(writing->html, shift->new[i], "%s",
                       tb_text_value(&writing->text, row->unit, shift->new[i]).text);
        tb_html_number(writing->html, ratio, "%s", tb_text_change(ratio, NAN).text);
    }
    tb_html_table_end(writing->html);
    tb_html_details_end(writing->html);
}

void tb_report_shift(struct tb_writing *writing, const struct tb_comparison *comparison,
                     const struct tb_compared *row, const struct tb_side *old,
                     const struct tb_side *new)
{
    tb_auto(tb_spread_finish) struct tb_spread was = {0}, is = {0};
    struct shift shift;

    if (!is_wanted(comparison, row))
        return;
    was = tb_spread_of(old, row->name);
    is = tb_spread_of(new, row->name);
    shift = shift_of(&was, &is);
    if (shift.count < 2)
        return;
    tb_html_block(writing->html, row->name, tb_report_kind(writing->view, row->name));
    tb_html_put(writing->html, "<h3>%s: how each quantile moved</h3>\n<div class=\"figures\">",
                row->name);
    put_plot(writing, comparison, row, &shift);
    tb_html_put(writing->html, "</div>\n");
    put_table(writing, row, &shift);
    tb_html_block_end(writing->html);
}
