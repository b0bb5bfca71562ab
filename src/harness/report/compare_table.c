#include "report/compare_table.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "util/json.h"
#include "util/memory.h"

enum { roomy = 100 }; /* columns, from which on there is room for everything */

/* From here on a ratio has an exponent: its digits would neither be read nor fit. */
static const double large = 1e7;

/* A ratio as the change it means: "+2.1%". */
static struct tb_text change_of(double ratio)
{
    return tb_text_print(isfinite(ratio), ratio < large ? "%+.*f%%" : "%+.*g%%",
                         ratio < 10      ? 1
                         : ratio < large ? 0
                                         : 3,
                         100 * (ratio - 1));
}

static struct tb_text interval_of(const struct tb_effect *effect)
{
    return tb_text_print(isfinite(effect->low),
                         effect->high < large ? "%+.1f .. %+.1f" : "%+.3g .. %+.3g",
                         100 * (effect->low - 1), 100 * (effect->high - 1));
}

static const char *verdict_of(const struct tb_compared *row)
{
    if (row->reason)
        return "missing";
    if (tb_reports_tail(row))
        return row->tail.verdict == TB_SLOWER ? "tail slower" : "tail faster";
    return tb_verdict_names[row->test.verdict];
}

/* What would decide an inconclusive case; the caller's. */
static char *doubt_of(const struct tb_effect *effect)
{
    struct tb_text pairs = tb_text_count(effect->pairs, "pair");
    struct tb_text mde = change_of(effect->mde);
    tb_autofree char *known = isfinite(effect->mde)
                                  ? tb_print("MDE %s with %s", mde.text, pairs.text)
                                  : tb_print("%s are too few for an alarm", pairs.text);

    if (!effect->pairs_needed)
        return tb_print("%s; more pairs would hardly decide", known);
    return tb_print("%s; about %zu more pairs needed", known, effect->pairs_needed);
}

static char *tail_note_of(const struct tb_compared *row)
{
    struct tb_text tail = change_of(row->tail.effect.ratio);
    struct tb_text interval = interval_of(&row->tail.effect);
    tb_autofree char *moved =
        tb_print("its %s changed by %s (%s %%)", row->tail.statistic, tail.text, interval.text);

    return tb_print("%s, its %s by %s", moved, row->test.statistic,
                    change_of(row->test.effect.ratio).text);
}

/* Why a case has the verdict that it has, where that is not plain; NULL: it is. The caller's. */
static char *reason_of(const struct tb_comparison *comparison, const struct tb_compared *row)
{
    if (row->reason)
        return tb_copy(row->reason);
    if (tb_reports_tail(row))
        return tail_note_of(row);
    return row->test.verdict == TB_INCONCLUSIVE && comparison->paired ? doubt_of(&row->test.effect)
                                                                      : NULL;
}

/* The same, and whether its rounds depended on each other. */
static char *note_of(const struct tb_comparison *comparison, const struct tb_compared *row)
{
    tb_autofree char *reason = reason_of(comparison, row), *found = NULL;

    if (row->reason || tb_reports_tail(row) || !(row->test.effect.correlation > 0))
        return tb_copy(reason);
    found = tb_print("neighbouring rounds are correlated (%.2f), so pairs count for fewer",
                     row->test.effect.correlation);
    return reason ? tb_print("%s; %s", reason, found) : tb_copy(found);
}

/* How many rows there are of each kind, as a sentence; the caller's. */
static char *sum_of(const struct tb_comparison *comparison)
{
    size_t kinds[TB_FASTER + 1] = {0}, tails = 0, missing = 0;

    for (size_t i = 0; i < comparison->count; i++) {
        const struct tb_compared *row = &comparison->rows[i];

        if (row->reason)
            missing++;
        else if (tb_reports_tail(row))
            tails++;
        else
            kinds[row->test.verdict]++;
    }
    return tb_print("%zu slower, %zu faster, %zu same, %zu inconclusive, %zu with another tail, "
                    "%zu missing (margin %.4g %%, chance of any false alarm at most %.3g %%)",
                    kinds[TB_SLOWER], kinds[TB_FASTER], kinds[TB_SAME], kinds[TB_INCONCLUSIVE],
                    tails, missing, 100 * comparison->rule.margin, 100 * comparison->alpha);
}

static void fill_line(const struct tb_page *page, const struct tb_comparison *comparison,
                      const struct tb_compared *row, struct libscols_line *line)
{
    const char *loud =
        page->markdown && (row->test.verdict >= TB_SLOWER || tb_reports_tail(row)) ? "**" : "";
    tb_autofree char *note = note_of(comparison, row);
    tb_autofree char *escaped = tb_page_text(page, note ? note : "");
    tb_autofree char *name = tb_page_text(page, row->name);
    tb_autofree char *verdict = tb_print("%s%s%s", loud, verdict_of(row), loud);
    size_t column = 0;

    tb_table_set(line, column++, name);
    tb_table_set(line, column++, tb_text_value(page, row->unit, row->old_ns).text);
    tb_table_set(line, column++, row->reason ? "-" : row->test.statistic);
    tb_table_set(line, column++, row->reason ? "-" : change_of(row->test.effect.ratio).text);
    tb_table_set(line, column++, row->reason ? "-" : interval_of(&row->test.effect).text);
    tb_table_set(line, column++, verdict);
    tb_table_set(line, column++, row->reason ? "-" : change_of(row->test.effect.mde).text);
    for (size_t i = 0; i < TB_SHIFTS; i++)
        tb_table_set(line, column++, row->reason ? "-" : change_of(row->shifts[i]).text);
    tb_table_set(line, column, escaped);
}

/* Where there is little room the names need it more than the shifts. */
static void put_table(const struct tb_page *page, const struct tb_comparison *comparison)
{
    bool narrow = page->table_width && page->table_width < roomy;
    int shift = SCOLS_FL_RIGHT | (narrow ? SCOLS_FL_HIDDEN : 0);
    const struct {
        const char *name;
        int flags;
    } columns[] = {{"case", SCOLS_FL_WRAP},
                   {"old", SCOLS_FL_RIGHT},
                   {"statistic", 0},
                   {"change", SCOLS_FL_RIGHT},
                   {"95 % CI", SCOLS_FL_RIGHT},
                   {"verdict", 0},
                   {"MDE", SCOLS_FL_RIGHT},
                   {"p10", shift},
                   {"p50", shift},
                   {"p90", shift},
                   {"p99", shift},
                   {"note", page->markdown ? 0 : SCOLS_FL_HIDDEN}};
    struct libscols_table *table = tb_page_table(page);

    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
        tb_table_column(table, columns[i].name, columns[i].flags);
    for (size_t i = 0; i < comparison->count; i++)
        fill_line(page, comparison, &comparison->rows[i], scols_table_new_line(table, NULL));
    tb_page_put_table(page, table);
    if (narrow)
        tb_page_line(page, 4, "the changes of p10 to p99 need a terminal of %d columns", roomy);
}

static void put_caption(const struct tb_page *page, const struct tb_comparison *comparison)
{
    tb_autofree char *old = tb_page_text(page, comparison->old);
    tb_autofree char *new = tb_page_text(page, comparison->new);

    if (page->markdown)
        tb_page_line(page, 0, "**threadbench**: %s → %s", old, new);
    else
        tb_page_line(page, 9, "old      %s", old);
    if (!page->markdown)
        tb_page_line(page, 9, "new      %s", new);
    (void)fputc('\n', page->out); /* the caller asks ferror(), here and below */
}

static void put_notes(const struct tb_page *page, const struct tb_comparison *comparison)
{
    for (size_t i = 0; i < comparison->count; i++) {
        tb_autofree char *note = note_of(comparison, &comparison->rows[i]);

        if (note)
            tb_page_line(page, 4, "%s %s: %s", verdict_of(&comparison->rows[i]),
                         comparison->rows[i].name, note);
    }
}

void tb_comparison_put(const struct tb_page *page, const struct tb_comparison *comparison)
{
    tb_autofree char *sum = sum_of(comparison);

    put_caption(page, comparison);
    put_table(page, comparison);
    if (page->markdown)
        (void)fputc('\n', page->out);
    else
        put_notes(page, comparison);
    if (!comparison->paired)
        tb_page_line(page, 4,
                     "the sides are not of one session: each session counts as one value, because "
                     "the machine may differ between sessions; 'threadbench ab' interleaves both");
    if (comparison->left_out)
        tb_page_line(page, 4, "%s left out: %s",
                     tb_text_count(comparison->left_out, "document").text,
                     comparison->paired ? "nothing on the other side is of their session"
                                        : "their sessions already count once");
    tb_page_line(page, 4, "%s", sum);
}

static void add_effect(cJSON *object, const struct tb_effect *effect)
{
    tb_json_set_number(object, "pairs", (double)effect->pairs);
    tb_json_set_number(object, "ratio", effect->ratio);
    tb_json_set_number(object, "low", effect->low);
    tb_json_set_number(object, "high", effect->high);
    tb_json_set_number(object, "correlation", effect->correlation);
    tb_json_set_number(object, "p_slower", effect->p_slower);
    tb_json_set_number(object, "p_faster", effect->p_faster);
    tb_json_set_number(object, "p_same", effect->p_same);
    tb_json_set_number(object, "mde", effect->mde);
    tb_json_set_number(object, "pairs_needed",
                       effect->pairs_needed ? (double)effect->pairs_needed : NAN);
}

static cJSON *row_json(const struct tb_compared *row)
{
    cJSON *item = cJSON_CreateObject(), *shifts;

    tb_json_set_text(item, "name", row->name);
    tb_json_set_text(item, "reason", row->reason);
    if (row->reason)
        return item;
    tb_json_set_text(item, "verdict", tb_verdict_names[row->test.verdict]);
    tb_json_set_text(item, "statistic", row->test.statistic);
    tb_json_set_number(item, "old_ns", row->old_ns);
    tb_json_set_number(item, "new_ns", row->new_ns);
    add_effect(item, &row->test.effect);
    if (row->tail.statistic) {
        cJSON *tail = tb_json_set_object(item, "tail");

        tb_json_set_text(tail, "statistic", row->tail.statistic);
        tb_json_set_text(tail, "verdict", tb_verdict_names[row->tail.verdict]);
        add_effect(tail, &row->tail.effect);
    }
    shifts = tb_json_set_object(item, "shifts");
    for (size_t i = 0; i < TB_SHIFTS; i++) {
        tb_autofree char *key = tb_print("p%g", tb_shift_percents[i]);

        tb_json_set_number(shifts, key, row->shifts[i]);
    }
    return item;
}

cJSON *tb_comparison_json(const struct tb_comparison *comparison)
{
    cJSON *root = cJSON_CreateObject(), *list;

    tb_json_set_text(root, "schema", "threadbench-comparison");
    tb_json_set_number(root, "version", 2);
    tb_json_set_text(root, "old", comparison->old);
    tb_json_set_text(root, "new", comparison->new);
    tb_json_set_number(root, "margin", comparison->rule.margin);
    tb_json_set_number(root, "alpha", comparison->alpha);
    tb_json_set_number(root, "look_alpha_share", comparison->look_share);
    tb_json_set_flag(root, "paired", comparison->paired);
    tb_json_set_number(root, "left_out", (double)comparison->left_out);
    list = tb_json_set_array(root, "cases");
    for (size_t i = 0; i < comparison->count; i++)
        tb_json_add(list, row_json(&comparison->rows[i]));
    return root;
}

static void put_json(const struct tb_comparisons *comparisons)
{
    cJSON *list = cJSON_CreateArray();

    for (size_t i = 0; i < comparisons->count; i++)
        tb_json_add(list, tb_comparison_json(&comparisons->each[i]));
    tb_json_put(stdout, list);
}

void tb_comparisons_put(const struct tb_comparisons *comparisons, enum tb_format format)
{
    struct tb_page page = format == TB_MARKDOWN ? tb_page_markdown(stdout) : tb_page(stdout);

    if (format == TB_JSON) {
        put_json(comparisons);
        return;
    }
    for (size_t i = 0; i < comparisons->count; i++) {
        if (i)
            (void)putchar('\n'); /* the caller asks ferror() */
        tb_comparison_put(&page, &comparisons->each[i]);
    }
}
