#include "report/result_table.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "document/summary.h"
#include "report/bar.h"
#include "report/counts_text.h"
#include "report/table.h"
#include "util/memory.h"

/* Columns of the table, in their order. */
enum column {
    NAME,
    SUBJECT,
    VALUE,
    STATISTIC,
    INTERVAL,
    CV,
    P99,
    SWITCHES,
    RATIO,
    COUNTS, /* a column for each metric but the time */
    SHAPE = COUNTS + TB_METRICS - 1,
};

/* Which go where there is too little room, the first of them first; before all, and unnoticed, the
 * distribution. */
static const size_t spare[] = {SWITCHES, CV, P99, STATISTIC, RATIO, COUNTS + 2, COUNTS + 1};

enum { shape_width = 12 };

/* Several results, told apart by a column for the subject; of one, the table has none. */
struct view {
    const struct tb_page *page;
    const struct tb_result *results;
    size_t count;
    struct libscols_table *table;
    bool shaped; /* with a column for the distribution */
};

/* The half-width, marked where it is not what was asked for. */
static struct tb_text half_of(const struct tb_result *result, const struct tb_statistics *value)
{
    double precision = result->settings->precision, half = tb_half_width(value);
    struct tb_text text = tb_text_percent(half);

    if (precision && !(half <= precision))
        strcat(text.text, "*"); /* a percentage is far shorter than its buffer */
    return text;
}

/* The distribution of all samples; a mean over a block has another one than its operations. */
static void fill_shape(const struct view *view, const struct tb_record *record,
                       struct libscols_line *line)
{
    tb_auto(tb_histogram_finish) struct tb_histogram all = {0};
    tb_autofree char *shape = NULL;

    for (size_t i = 0; view->shaped && record->spec->block == 1 && i < TB_PLACEMENTS; i++)
        tb_histogram_add(&all, &record->pooled[i]);
    shape = tb_sparkline(view->page, &all, shape_width);
    tb_table_set(line, SHAPE, shape);
}

static void fill_figures(const struct view *view, const struct tb_result *result,
                         const struct tb_record *record, struct libscols_line *line)
{
    struct tb_summary summary = tb_summarise(result, record);
    const char *unit = record->spec->unit;

    tb_table_set(
        line, VALUE,
        tb_text_within(view->page, unit, summary.value.median, tb_statistics_half(&summary.value))
            .text);
    tb_table_ink(view->page, line, VALUE, TB_INK_STRONG);
    tb_table_set(line, STATISTIC, summary.statistic);
    tb_table_set(line, INTERVAL, half_of(result, &summary.value).text);
    tb_table_set(line, CV, tb_text_percent(summary.value.cv).text);
    tb_table_set(line, P99, tb_text_value(view->page, unit, summary.p99).text);
    tb_table_set(line, SWITCHES, tb_text_number(summary.switches).text);
    tb_table_set(line, RATIO, tb_text_number(summary.floor_ratio).text);
    for (size_t i = TB_TIME + 1; i < TB_METRICS; i++)
        tb_table_set(line, COUNTS + i - 1, tb_count_text(record, (enum tb_metric)i).text);
    fill_shape(view, record, line);
}

static void fill_line(const struct view *view, const struct tb_result *result,
                      const struct tb_record *record)
{
    struct libscols_line *line = scols_table_new_line(view->table, NULL);

    tb_table_set(line, NAME, record->spec->name);
    tb_table_set(line, SUBJECT, result->subject->label);
    if (record->count) {
        fill_figures(view, result, record, line);
        return;
    }
    tb_table_set(line, VALUE, tb_outcome_names[record->outcome]);
    tb_table_ink(view->page, line, VALUE, record->outcome == TB_FAILED ? TB_INK_BAD : TB_INK_FAINT);
}

static void fill_phases(const struct view *view, const struct tb_result *result,
                        const struct tb_record *record)
{
    for (size_t i = 0; record->count && i < tb_phase_count(record); i++) {
        struct libscols_line *line = scols_table_new_line(view->table, NULL);
        struct tb_statistics value = tb_phase_value(result, record, i);
        tb_autofree char *name = tb_print("  %s", tb_phase_name(record, i));

        tb_table_set(line, NAME, name);
        tb_table_set(
            line, VALUE,
            tb_text_within(view->page, record->spec->unit, value.median, tb_statistics_half(&value))
                .text);
        tb_table_set(line, STATISTIC, "mean");
        tb_table_set(line, INTERVAL, tb_text_percent(tb_half_width(&value)).text);
        tb_table_set(line, CV, tb_text_percent(value.cv).text);
        for (size_t column = P99; column < SHAPE; column++)
            tb_table_set(line, column, "-");
    }
}

static void fill_case(const struct view *view, const char *name)
{
    for (size_t i = 0; i < view->count; i++) {
        const struct tb_record *record = tb_result_find(&view->results[i], name);

        if (!record || record->role != TB_SELECTED || tb_is_pending(record))
            continue;
        fill_line(view, &view->results[i], record);
        fill_phases(view, &view->results[i], record);
    }
}

/* Whether an earlier result has the case too, and so has shown it. */
static bool is_shown(const struct view *view, size_t result, const char *name)
{
    for (size_t i = 0; i < result; i++) {
        if (tb_result_find(&view->results[i], name))
            return true;
    }
    return false;
}

static void fill(struct view *view)
{
    struct tb_text confidence = tb_text_confidence(view->results->settings->alpha);
    tb_autofree char *interval =
        tb_print("%s %s CI", view->page->utf8 ? "\u00b1" : "+/-", confidence.text);

    view->shaped = view->page->table_width > 0;
    tb_table_column(view->table, "case", SCOLS_FL_WRAP);
    tb_table_column(view->table, "subject", view->count > 1 ? 0 : SCOLS_FL_HIDDEN);
    tb_table_column(view->table, "value", SCOLS_FL_RIGHT);
    tb_table_column(view->table, "statistic", 0);
    tb_table_column(view->table, interval, SCOLS_FL_RIGHT);
    tb_table_column(view->table, "CV", SCOLS_FL_RIGHT);
    tb_table_column(view->table, "p99", SCOLS_FL_RIGHT);
    tb_table_column(view->table, "switches", SCOLS_FL_RIGHT);
    tb_table_column(view->table, view->page->utf8 ? "\u00d7 floor" : "x floor", SCOLS_FL_RIGHT);
    for (size_t i = TB_TIME + 1; i < TB_METRICS; i++)
        tb_table_column(view->table, tb_metric_names[i], SCOLS_FL_RIGHT);
    tb_table_column(view->table, "distribution", view->shaped ? 0 : SCOLS_FL_HIDDEN);
    for (size_t i = 0; i < view->count; i++) {
        for (size_t k = 0; k < view->results[i].count; k++) {
            const char *name = view->results[i].records[k].spec->name;

            if (!is_shown(view, i, name))
                fill_case(view, name);
        }
    }
}

/* What was made to fit, with what its columns mean. */
static void put_table(struct view *view)
{
    const struct tb_page *page = view->page, lines = tb_page_verbatim(page);
    tb_autofree char *gone = NULL;
    bool switches;

    if (page->table_width && tb_table_width(view->table) > page->table_width) {
        tb_table_hide(view->table, SHAPE);
        view->shaped = false;
    }
    gone = tb_table_fit(page, view->table, spare, sizeof spare / sizeof *spare);
    switches = tb_table_shows(view->table, SWITCHES);
    tb_page_put_table(page, view->table);
    tb_page_gap(page);
    tb_page_put_gone(page, gone);
    if (switches)
        tb_page_line(&lines, 4,
                     "switches: of the whole process, for one operation with what sets it up");
    if (view->shaped)
        tb_page_line(
            &lines, 4,
            "distribution: of all samples, from the fastest to the p99 or twice the median, and "
            "what is slower");
}

/* What the marks mean, and why no more rounds followed. */
static void put_notes(const struct tb_page *page, const struct tb_result *results, size_t count)
{
    const struct tb_result *result = results;
    const struct tb_settings *settings = result->settings;
    bool starred = false;

    for (size_t i = 0; i < count; i++)
        starred |= !tb_result_is_precise(&results[i]);
    if (settings->precision)
        tb_page_line(page, 4, "%s %.4g %%, the precision asked for; stopped: %s",
                     starred ? "* not within" : "all are within", 100 * settings->precision,
                     result->stop == TB_STOP_DECIDED ? "every case is precise enough"
                                                     : tb_stop_texts[result->stop]);
}

void tb_result_table_put(const struct tb_page *page, const struct tb_result *results, size_t count)
{
    struct view view = {page, results, count, tb_page_table(page)};
    const struct tb_page lines = tb_page_verbatim(page);

    fill(&view);
    if (scols_table_get_nlines(view.table) == 0) {
        scols_unref_table(view.table);
        return;
    }
    tb_table_hide_blank(view.table);
    put_table(&view);
    tb_count_notes_put(&lines, results, count);
    put_notes(&lines, results, count);
}
