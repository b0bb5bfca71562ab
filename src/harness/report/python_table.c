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

/* Columns before those of the other interpreters. */
enum { NAME, WHAT, FIRST, OTHERS };

/* A table while it is made. */
struct making {
    const struct tb_page *page;
    const struct tb_result *results;
    size_t count;
    const struct tb_comparisons *comparisons;
    enum detail detail;
    struct libscols_table *table;
};

/* Too few pairs for an interval are no ratio either. */
static bool is_open(const struct tb_compared *row)
{
    return !row->reason && !isfinite(row->test.effect.low);
}

static char *ratio_of(const struct tb_page *page, const struct tb_compared *row, enum detail detail)
{
    const struct tb_effect *effect;
    const char *verdict;

    if (!row || (row->reason && isnan(row->new_value)))
        return tb_copy("missing");
    if (row->reason)
        return tb_copy(tb_text_value(page, row->unit, row->new_value).text);
    if (is_open(row))
        return tb_copy("");
    effect = &row->test.effect;
    verdict = tb_verdict_names[row->test.verdict];
    if (detail == VERDICT)
        return tb_print("%.2fx %s", effect->ratio, verdict);
    return tb_print("%.2fx [%.2f, %.2f] %s", effect->ratio, effect->low, effect->high, verdict);
}

char *tb_python_ratio(const struct tb_page *page, const struct tb_compared *row)
{
    return ratio_of(page, row, INTERVAL);
}

static enum tb_ink ink_of(const struct tb_compared *row)
{
    if (!row || row->reason)
        return TB_INK_FAINT;
    return row->test.verdict == TB_SLOWER   ? TB_INK_BAD
           : row->test.verdict == TB_FASTER ? TB_INK_GOOD
                                            : TB_INK_NONE;
}

/* What a thread's user calls the operation, which cases of the study's table have; or NULL. */
static const char *operation_of(const struct making *making, const char *name)
{
    const struct tb_record *record = NULL;

    for (size_t i = 0; !record && i < making->count; i++)
        record = tb_result_find(&making->results[i], name);
    return record ? record->spec->card : NULL;
}

static void put_row(const struct making *making, const char *name)
{
    const struct tb_comparisons *comparisons = making->comparisons;
    const struct tb_compared *first = tb_comparison_find(&comparisons->each[0], name);
    struct libscols_line *line = scols_table_new_line(making->table, NULL);

    tb_table_set(line, NAME, name);
    tb_table_set(line, WHAT, operation_of(making, name));
    tb_table_set(line, FIRST, tb_text_value(making->page, first->unit, first->old_value).text);
    for (size_t i = 0; i < comparisons->count; i++) {
        const struct tb_compared *row = tb_comparison_find(&comparisons->each[i], name);
        tb_autofree char *ratio = ratio_of(making->page, row, making->detail);

        tb_table_set(line, i + OTHERS, ratio);
        tb_table_ink(making->page, line, i + OTHERS, ink_of(row));
    }
}

/* The study's table comes first: creation, start, join, TLS setup. */
static struct libscols_table *make_table(struct making *making, enum detail detail)
{
    const struct tb_comparison *first = making->comparisons->each;

    making->detail = detail;
    making->table = tb_page_table(making->page);
    tb_table_column(making->table, "case", SCOLS_FL_WRAP);
    tb_table_column(making->table, "operation", 0);
    tb_table_column(making->table, first->old, SCOLS_FL_RIGHT);
    for (size_t i = 0; i < making->comparisons->count; i++)
        tb_table_column(making->table, making->comparisons->each[i].new, 0);
    for (size_t rest = 0; rest < 2; rest++) {
        for (size_t i = 0; i < first->count; i++) {
            if ((operation_of(making, first->rows[i].name) == NULL) == rest)
                put_row(making, first->rows[i].name);
        }
    }
    return making->table;
}

/* Where there is too little room the intervals go before the names break. */
static void put_table(struct making *making)
{
    static const size_t spare[] = {WHAT};
    const struct tb_page *page = making->page;
    struct libscols_table *table = make_table(making, INTERVAL);

    if (page->table_width && tb_table_width(table) > page->table_width) {
        scols_unref_table(table);
        table = make_table(making, VERDICT);
    }
    tb_page_put_fitted(page, table, spare, sizeof spare / sizeof *spare);
}

/* What is blank in it, and what helps. */
static void put_blank(const struct tb_page *page, const struct tb_comparisons *comparisons)
{
    bool any = false;

    for (size_t i = 0; i < comparisons->count; i++) {
        for (size_t k = 0; k < comparisons->each[i].count; k++)
            any |= is_open(&comparisons->each[i].rows[k]);
    }
    if (any)
        tb_page_line(page, 4,
                     "blank: fewer than 6 rounds, which give no interval: give more --rounds");
}

static const char *identity(const struct tb_result *result, const char *key)
{
    return tb_or_unknown(tb_json_text(tb_subject_python(result->subject), key));
}

void tb_python_each_difference(const struct tb_result *old, const struct tb_result *new,
                               void (*put)(void *user, const char *sentence), void *user)
{
    static const char *const keys[] = {"compiler", "flags"};

    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        const char *was = identity(old, keys[i]), *is = identity(new, keys[i]);
        tb_autofree char *sentence =
            tb_print("%s is of another build than %s, which alone can make this difference: %s "
                     "'%s', not '%s'",
                     tb_or_unknown(new->subject->label), tb_or_unknown(old->subject->label),
                     keys[i], is, was);

        if (strcmp(was, is) != 0)
            put(user, sentence);
    }
}

static void put_difference(void *user, const char *sentence)
{
    tb_page_line(user, 4, "%s", sentence);
}

/* A table that is read is no gate that runs each day: one in a hundred may be wrong. */
const double tb_python_alpha = 0.01;

/* Each with the first one. */
static struct tb_comparisons compare(const struct tb_result *results, size_t count)
{
    struct tb_demand demand = tb_demand_of(results->settings);
    struct tb_comparisons comparisons = {0};

    demand.others = 0; /* other subjects are not compared */
    demand.alpha = tb_python_alpha;
    tb_comparisons_add_results(&comparisons, results, count, &demand);
    return comparisons;
}

void tb_python_table_put(const struct tb_page *page, const struct tb_result *results, size_t count)
{
    tb_auto(tb_comparisons_finish) struct tb_comparisons comparisons = compare(results, count);
    struct tb_page lines = tb_page_verbatim(page);
    struct making making = {
        .page = page, .results = results, .count = count, .comparisons = &comparisons};

    put_table(&making);
    tb_page_gap(page);
    put_blank(&lines, &comparisons);
    for (size_t i = 1; i < count; i++)
        tb_python_each_difference(results, &results[i], put_difference, &lines);
}

/* What was counted of a case that is compared, if it was on any side. */
static void add_counts(cJSON *item, const struct tb_result *old, const struct tb_result *new)
{
    const char *name = tb_json_text(item, "name");
    const struct tb_record *before = tb_result_find(old, name), *after = tb_result_find(new, name);
    cJSON *counts = NULL;

    if (!before || !after || tb_json_text(item, "reason"))
        return;
    for (size_t i = TB_TIME + 1; i < TB_METRICS; i++) {
        double was = tb_count_value(before, (enum tb_metric)i);
        double is = tb_count_value(after, (enum tb_metric)i);
        cJSON *pair;

        if (isnan(was) && isnan(is))
            continue;
        counts = counts ? counts : tb_json_set_object(item, "counts");
        pair = tb_json_set_object(counts, tb_metric_names[i]);
        tb_json_set_number(pair, "old", was);
        tb_json_set_number(pair, "new", is);
    }
}

/* The caller's. */
static cJSON *list_of(const struct tb_comparisons *comparisons, const struct tb_result *results)
{
    cJSON *list = cJSON_CreateArray(), *item;

    for (size_t i = 0; i < comparisons->count; i++) {
        cJSON *comparison = tb_comparison_json(&comparisons->each[i]);

        tb_json_each(item, tb_json_find(comparison, "cases"))
            add_counts(item, results, &results[i + 1]);
        tb_json_add(list, comparison);
    }
    return list;
}

void tb_python_json_put(const struct tb_result *results, size_t count)
{
    tb_auto(tb_comparisons_finish) struct tb_comparisons comparisons = compare(results, count);

    for (size_t i = 0; i < comparisons.count; i++) {
        for (size_t k = 0; k < comparisons.each[i].count; k++) {
            struct tb_compared *row = &comparisons.each[i].rows[k];

            if (is_open(row))
                row->test.effect.ratio = NAN;
        }
    }
    tb_json_put(stdout, list_of(&comparisons, results));
}
