#include "report/cost_card.h"

#include <math.h>
#include <stdlib.h>

#include "document/breakdown.h"
#include "document/card.h"
#include "document/scaling.h"
#include "document/summary.h"
#include "report/bar.h"
#include "report/table.h"
#include "util/json.h"
#include "util/memory.h"

static void fill_pair(const struct tb_page *page, const struct tb_card_case *placed,
                      struct libscols_line *line, size_t column)
{
    const struct tb_record *record = placed->record;

    if (!record)
        return;
    if (record->outcome != TB_OK && !record->count) {
        tb_table_set(line, column, tb_outcome_names[record->outcome]);
        return;
    }
    tb_table_set(line, column,
                 tb_text_within(page, record->spec->unit, placed->value, placed->half).text);
    tb_table_ink(page, line, column, TB_INK_STRONG);
    tb_table_set(line, column + 1, tb_text_number(placed->floor_ratio).text);
}

static void fill_phase(const struct tb_page *page, const struct tb_card_case *placed, size_t phase,
                       struct libscols_line *line, size_t column)
{
    double value = tb_card_phase(placed, phase);

    if (isnan(value))
        return;
    tb_table_set(line, column, tb_text_value(page, placed->record->spec->unit, value).text);
    tb_table_set(line, column + 1, "-");
}

/* A card row, and below it the phases that it is made of. */
static void put_row(const struct tb_page *page, const struct tb_card_row *row,
                    struct libscols_table *table)
{
    struct libscols_line *line = scols_table_new_line(table, NULL);

    tb_table_set(line, 0, row->label);
    fill_pair(page, &row->pinned, line, 1);
    fill_pair(page, &row->released, line, 3);
    for (size_t i = 0; i < tb_card_phases(row); i++) {
        tb_autofree char *name = tb_print("  %s", tb_card_phase_name(row, i));

        line = scols_table_new_line(table, NULL);
        tb_table_set(line, 0, name);
        fill_phase(page, &row->pinned, i, line, 1);
        fill_phase(page, &row->released, i, line, 3);
    }
}

static bool has_phases(const struct tb_card_case *placed)
{
    return tb_card_is_measured(placed) && tb_phase_count(placed->record);
}

/* A breakdown while it is shown. */
struct bars {
    const struct tb_page *page;
    struct libscols_table *table;
    size_t bar; /* columns of the longest bar; 0: there is no room for any */
};

enum { longest_bar = 30, shortest_bar = 6 };

/* Takes the name. */
static void put_step(const struct bars *bars, const cJSON *item, const char *prefix,
                     enum tb_ink ink, char *name)
{
    const struct tb_page *page = bars->page;
    struct libscols_line *line = scols_table_new_line(bars->table, NULL);
    tb_autofree char *ns = tb_print("%s_ns", prefix), *key = tb_print("%s_share", prefix);
    double share = tb_json_number(item, key, NAN);
    tb_autofree char *bar = tb_bar(page, share, bars->bar);

    tb_table_set(line, 0, name);
    tb_table_set(line, 1, tb_text_time(page, tb_json_number(item, ns, NAN)).text);
    tb_table_set(line, 2, tb_text_percent(share).text);
    tb_table_set(line, 3, bar);
    tb_table_ink(page, line, 3, ink);
    free(name);
}

/* A phase stands out, what explains it stands back. */
static void put_parts(const struct bars *bars, const cJSON *phase)
{
    const char *phase_name = tb_json_text(phase, "name");
    const cJSON *part;

    put_step(bars, phase, "value", TB_INK_STRONG, tb_copy(phase_name ? phase_name : "?"));
    tb_json_each(part, tb_json_find(phase, "parts")) {
        double times = tb_json_number(part, "times", 1);
        const char *what = tb_json_text(part, "what");

        put_step(bars, part, "value", TB_INK_FAINT,
                 times == 1 ? tb_print("  %s", what ? what : "?")
                            : tb_print("  %s, %g times", what ? what : "?", times));
    }
    put_step(bars, phase, "unattributed", TB_INK_DOUBT, tb_copy("  unattributed"));
}

static void fill_breakdown(const struct bars *bars, const struct tb_record *record,
                           const cJSON *breakdown)
{
    const cJSON *phase;

    tb_table_column(bars->table, record->spec->name, SCOLS_FL_WRAP);
    tb_table_column(bars->table, "mean", SCOLS_FL_RIGHT);
    tb_table_column(bars->table, "share", SCOLS_FL_RIGHT);
    tb_table_column(bars->table, "", bars->bar ? 0 : SCOLS_FL_HIDDEN);
    tb_json_each(phase, tb_json_find(breakdown, "phases"))
        put_parts(bars, phase);
    put_step(bars, breakdown, "total", TB_INK_NONE, tb_copy("all of it"));
    put_step(bars, breakdown, "unattributed", TB_INK_DOUBT,
             tb_copy("unattributed in all, of either sign"));
}

/* Made without bars first, as they get the room that is left. */
static size_t room_for_bars(const struct tb_page *page, const struct tb_record *record,
                            const cJSON *breakdown)
{
    struct bars without = {page, tb_page_table(page), 0};
    size_t width, left;

    fill_breakdown(&without, record, breakdown);
    width = tb_table_width(without.table) + 1;
    scols_unref_table(without.table);
    if (page->markdown || (page->table_width && width + shortest_bar > page->table_width))
        return 0;
    left = page->table_width ? page->table_width - width : longest_bar;
    return left < longest_bar ? left : longest_bar;
}

/* A case's phases in their order, below each what explains it, and how much of all is left. */
static void put_breakdown(const struct tb_page *page, const struct tb_record *record,
                          const cJSON *breakdown)
{
    const struct bars bars = {page, tb_page_table(page), room_for_bars(page, record, breakdown)};

    fill_breakdown(&bars, record, breakdown);
    (void)fputc('\n', page->out); /* the caller asks ferror() */
    tb_page_put_fitted(page, bars.table, NULL, 0);
}

/* Whether some part of a phase was measured: of an interpreter none is. */
static bool is_attributed(const cJSON *breakdown)
{
    const cJSON *phase, *part;

    tb_json_each(phase, tb_json_find(breakdown, "phases")) {
        tb_json_each(part, tb_json_find(phase, "parts")) {
            if (!isnan(tb_json_number(part, "value_ns", NAN)))
                return true;
        }
    }
    return false;
}

static void put_breakdowns(const struct tb_page *page, const struct tb_result *result)
{
    for (size_t i = 0; i < result->count; i++) {
        tb_autojson cJSON *breakdown = tb_breakdown(result, &result->records[i]);

        if (breakdown && is_attributed(breakdown))
            put_breakdown(page, &result->records[i], breakdown);
    }
}

static void put_rows(const struct tb_page *page, const struct tb_card_row *rows, size_t count,
                     const char *title)
{
    const struct tb_page lines = tb_page_verbatim(page);
    const char *ratio = page->utf8 ? "\u00d7 floor" : "x floor";
    struct libscols_table *table = tb_page_table(page);
    bool phased = false;

    tb_table_column(table, title, SCOLS_FL_WRAP);
    tb_table_column(table, "pinned", SCOLS_FL_RIGHT);
    tb_table_column(table, ratio, SCOLS_FL_RIGHT);
    tb_table_column(table, "free", SCOLS_FL_RIGHT);
    tb_table_column(table, ratio, SCOLS_FL_RIGHT);
    for (size_t i = 0; i < count; i++) {
        put_row(page, &rows[i], table);
        phased |= has_phases(&rows[i].pinned) || has_phases(&rows[i].released);
    }
    (void)fputc('\n', page->out); /* the caller asks ferror() */
    tb_page_put_fitted(page, table, (const size_t[]){4, 2}, 2);
    if (!phased)
        return;
    tb_page_gap(page);
    tb_page_line(&lines, 4,
                 "phases and their whole: of the process that took least, means over its faster "
                 "half");
}

void tb_card_put(const struct tb_page *page, const struct tb_result *result)
{
    const char *label = result->subject->label;
    tb_autofree char *title =
        label ? tb_print("What one thread costs (%s)", label) : tb_copy("What one thread costs");
    size_t count;
    tb_autofree struct tb_card_row *rows = tb_card_rows(result, &count);

    if (count)
        put_rows(page, rows, count, title);
    put_breakdowns(page, result);
}

static void put_law(const struct tb_page *page, const cJSON *item)
{
    const cJSON *points = tb_json_find(item, "points");
    double first = tb_json_number(points->child, "x", NAN);
    double last = tb_json_number(points->child->prev, "x", NAN); /* the list's end */
    const char *law = tb_json_text(item, "formula");
    bool fits = tb_json_flag(item, "fits");
    tb_autofree char *step = fits ? tb_copy("")
                                  : tb_print("; the largest step is %.3g-fold, after %g",
                                             tb_json_number(item, "step_ratio", NAN),
                                             tb_json_number(item, "step_after", NAN));

    tb_page_line(page, 4, "%s along %s, x = %g to %g: %s%s, a = %.4g, b = %.3g, off by %s%s",
                 tb_json_text(item, "case"), tb_json_text(item, "axis"), first, last,
                 fits ? "" : "no curve fits, the nearest is ", law ? law : "none",
                 tb_json_number(item, "a", NAN), tb_json_number(item, "b", NAN),
                 tb_text_percent(tb_json_number(item, "residual", NAN)).text, step);
}

void tb_scaling_put(const struct tb_page *page, const struct tb_result *result)
{
    const char *label = result->subject->label;
    tb_autojson cJSON *list = tb_scaling(result);
    const cJSON *item;

    if (list->child) {
        (void)fputc('\n', page->out); /* the caller asks ferror() */
        tb_page_line(page, 4, "Scaling%s%s, in ns or the benchmark's own unit", label ? " of " : "",
                     label ? label : "");
    }
    tb_json_each(item, list)
        put_law(page, item);
}
