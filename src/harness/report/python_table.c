#include "report/python_table.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/compare_table.h"
#include "report/table.h"
#include "util/json.h"
#include "util/memory.h"
#include "util/strings.h"

/* How much a cell says of a ratio. */
enum detail {
    VERDICT,  /* "1.23x slower" */
    INTERVAL, /* "1.23x [1.20, 1.27] slower" */
};

/* Or what there is without something to compare with: "12.3 µs", "missing"; the caller's. */
static char *ratio_of(const struct tb_page *page, enum detail detail, const struct tb_compared *row)
{
    const struct tb_effect *effect;
    const char *verdict;

    if (!row || (row->reason && isnan(row->new_ns)))
        return tb_copy("missing");
    if (row->reason)
        return tb_copy(tb_text_value(page, row->unit, row->new_ns).text);
    effect = &row->test.effect;
    verdict = tb_verdict_names[row->test.verdict];
    if (!isfinite(effect->low) || detail == VERDICT)
        return tb_print("%.2fx %s", effect->ratio, verdict);
    return tb_print("%.2fx [%.2f, %.2f] %s", effect->ratio, effect->low, effect->high, verdict);
}

static enum tb_ink ink_of(const struct tb_compared *row)
{
    if (!row || row->reason)
        return TB_INK_FAINT;
    return row->test.verdict == TB_SLOWER   ? TB_INK_BAD
           : row->test.verdict == TB_FASTER ? TB_INK_GOOD
                                            : TB_INK_NONE;
}

static void put_row(const struct tb_page *page, const struct tb_comparisons *comparisons,
                    enum detail detail, const char *name, struct libscols_line *line)
{
    const struct tb_compared *first = tb_comparison_find(&comparisons->each[0], name);

    tb_table_set(line, 0, name);
    tb_table_set(line, 1, tb_text_value(page, first->unit, first->old_ns).text);
    for (size_t i = 0; i < comparisons->count; i++) {
        const struct tb_compared *row = tb_comparison_find(&comparisons->each[i], name);
        tb_autofree char *ratio = ratio_of(page, detail, row);

        tb_table_set(line, i + 2, ratio);
        tb_table_ink(page, line, i + 2, ink_of(row));
    }
}

static struct libscols_table *table_of(const struct tb_page *page,
                                       const struct tb_comparisons *comparisons, enum detail detail)
{
    struct libscols_table *table = tb_page_table(page);
    const struct tb_comparison *first = comparisons->each;

    tb_table_column(table, "operation", SCOLS_FL_WRAP);
    tb_table_column(table, first->old, SCOLS_FL_RIGHT);
    for (size_t i = 0; i < comparisons->count; i++)
        tb_table_column(table, comparisons->each[i].new, 0);
    for (size_t i = 0; i < first->count; i++)
        put_row(page, comparisons, detail, first->rows[i].name, scols_table_new_line(table, NULL));
    return table;
}

/* Where there is too little room the intervals go before the names break. */
static void put_table(const struct tb_page *page, const struct tb_comparisons *comparisons)
{
    struct libscols_table *table = table_of(page, comparisons, INTERVAL);

    if (page->table_width && tb_table_width(table) > page->table_width) {
        scols_unref_table(table);
        table = table_of(page, comparisons, VERDICT);
    }
    tb_page_put_fitted(page, table, NULL, 0);
}

static const char *identity(const struct tb_result *result, const char *key)
{
    const cJSON *root = result->subject->catalogue.root;

    return tb_or_unknown(tb_json_text(tb_json_find(root, "python"), key));
}

/* Differences of versions are judged only between interpreters that were compiled alike. */
static void put_builds(const struct tb_page *page, const struct tb_result *old,
                       const struct tb_result *new)
{
    static const char *const keys[] = {"compiler", "flags"};

    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        const char *was = identity(old, keys[i]), *is = identity(new, keys[i]);

        if (strcmp(was, is) != 0)
            tb_page_line(page, 4,
                         "%s is of another build than %s, which alone can make this "
                         "difference: %s '%s', not '%s'",
                         new->subject->label, old->subject->label, keys[i], is, was);
    }
}

/* A table that is read is no gate that runs each day: one in a hundred may be wrong. */
const double tb_python_alpha = 0.01;

void tb_python_table_put(const struct tb_result *results, size_t count,
                         const struct tb_demand *demand, enum tb_format format)
{
    struct tb_demand judged = *demand;
    tb_auto(tb_comparisons_finish) struct tb_comparisons comparisons = {0};
    const struct tb_page page = tb_page_of(format), lines = tb_page_verbatim(&page);

    judged.alpha = tb_python_alpha;
    tb_comparisons_add_results(&comparisons, results, count, &judged);
    if (format == TB_JSON) {
        tb_comparisons_put(&comparisons, format, NULL, NULL);
        return;
    }
    put_table(&page, &comparisons);
    tb_page_gap(&page);
    for (size_t i = 1; i < count; i++)
        put_builds(&lines, results, &results[i]);
}
