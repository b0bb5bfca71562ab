#include "cli/python_table.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/exit_code.h"
#include "util/json.h"
#include "util/memory.h"

/* "1.23x [1.20, 1.27] slower", or what there is without something to compare with: "12.30 µs", "not
 * there"; the caller's. */
static char *ratio_of(const struct tb_page *page, const struct tb_compared *row)
{
    if (!row || (row->reason && isnan(row->new_ns)))
        return tb_copy("not there");
    if (row->reason)
        return tb_copy(tb_text_value(page, row->unit, row->new_ns).text);
    if (!isfinite(row->effect.low))
        return tb_print("%.2fx %s", row->effect.ratio, tb_verdict_names[row->verdict]);
    return tb_print("%.2fx [%.2f, %.2f] %s", row->effect.ratio, row->effect.low, row->effect.high,
                    tb_verdict_names[row->verdict]);
}

static void put_row(const struct tb_page *page, const struct tb_gate *gate, const char *name,
                    struct libscols_line *line)
{
    const struct tb_compared *first = tb_comparison_find(&gate->comparisons[0], name);
    tb_autofree char *text = tb_page_text(page, name);

    tb_table_set(line, 0, text);
    tb_table_set(line, 1, tb_text_value(page, first->unit, first->old_ns).text);
    for (size_t i = 0; i < gate->count; i++) {
        tb_autofree char *ratio = ratio_of(page, tb_comparison_find(&gate->comparisons[i], name));

        tb_table_set(line, i + 2, ratio);
    }
}

static void put_table(const struct tb_page *page, const struct tb_gate *gate)
{
    struct libscols_table *table = tb_page_table(page);
    const struct tb_comparison *first = gate->comparisons;

    tb_table_column(table, "operation", SCOLS_FL_WRAP);
    tb_table_column(table, first->old, SCOLS_FL_RIGHT); /* a label has no specials */
    for (size_t i = 0; i < gate->count; i++)
        tb_table_column(table, gate->comparisons[i].new, 0);
    for (size_t i = 0; i < first->count; i++)
        put_row(page, gate, first->rows[i].name, scols_table_new_line(table, NULL));
    tb_page_put_table(page, table);
}

static const char *identity(const struct tb_result *result, const char *key)
{
    const cJSON *root = result->subject->catalogue.root;
    const char *text = tb_json_text(tb_json_find(root, "python"), key);

    return text ? text : "unknown";
}

/* Differences of versions are judged only between interpreters that were compiled alike. */
static void put_builds(const struct tb_result *old, const struct tb_result *new)
{
    static const char *const keys[] = {"compiler", "flags"};
    const struct tb_page page = tb_page(stdout);

    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        const char *was = identity(old, keys[i]), *is = identity(new, keys[i]);

        if (strcmp(was, is) != 0)
            tb_page_line(&page, 4,
                         "%s is of another build than %s, which alone can make this "
                         "difference: %s '%s', not '%s'",
                         new->subject->label, old->subject->label, keys[i], is, was);
    }
}

/* A table that is read is no gate that runs each day: one in a hundred may be wrong. */
static const double alpha = 0.01;

bool tb_python_table_put(const struct tb_measurement *run)
{
    struct tb_options judged = *run->options;
    tb_auto(tb_gate_finish) struct tb_gate gate = {.options = &judged};
    size_t first = run->options->first_python;
    const struct tb_result *old = &run->results[first];
    struct tb_page page =
        run->options->format == TB_MARKDOWN ? tb_page_markdown(stdout) : tb_page(stdout);

    if (!run->options->pythons || run->count < first + 2)
        return false;
    judged.demand.alpha = alpha;
    tb_gate_add_results(&gate, old, run->count - first, run->settings.looks);
    if (run->options->format == TB_JSON)
        tb_gate_put(&gate);
    else
        put_table(&page, &gate);
    for (size_t i = first + 1; run->options->format != TB_JSON && i < run->count; i++)
        put_builds(old, &run->results[i]);
    return true;
}
