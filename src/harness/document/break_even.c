#include "document/break_even.h"

#include <math.h>
#include <stdlib.h>

#include "document/summary.h"
#include "util/json.h"
#include "util/memory.h"
#include "util/strings.h"

/* By how much more a thread may cost. */
static const double margins[] = {0.05, 0.01, 0.001};

/* Both sides of a case by rounds, the thread's being the old one. */
struct pairs {
    const char *field;
    struct tb_values values;
};

static void pairs_finish(struct pairs *pairs)
{
    tb_values_finish(&pairs->values);
}

static const struct tb_record *thread_of(const struct tb_result *result,
                                         const struct tb_record *record)
{
    return tb_result_find(result, record->spec->thread);
}

static struct pairs pairs_of(const struct tb_result *result, const struct tb_record *record)
{
    const struct tb_record *thread = thread_of(result, record);
    struct pairs pairs = {.field = tb_primary_field(record)};

    if (!tb_same(pairs.field, tb_primary_field(thread)))
        pairs.field = "mean";
    tb_values_add_pairs(&pairs.values, thread, record, pairs.field);
    return pairs;
}

/* A case of length 0, and its longer ones. */
struct row {
    const struct tb_record *empty;
    const struct tb_record **longer;
    size_t count;
};

/* The rows by the names of their cases of length 0. */
struct rows {
    struct tb_names names;
    struct row *each;
};

static void rows_finish(struct rows *rows)
{
    for (size_t i = 0; i < rows->names.count; i++)
        free(rows->each[i].longer);
    free(rows->each);
    tb_names_finish(&rows->names);
}

static bool is_set_against(const struct tb_result *result, const struct tb_record *record)
{
    const struct tb_record *thread = thread_of(result, record);

    return record->spec->empty && thread && thread->count && !tb_is_pending(record);
}

static void add_longer(struct row *row, const struct tb_record *record)
{
    row->longer = tb_room(row->longer, row->count, sizeof(struct tb_record *));
    row->longer[row->count++] = record;
}

static struct rows rows_of(const struct tb_result *result)
{
    struct rows rows = {.each = tb_alloc(result->count, sizeof *rows.each)};

    for (size_t i = 0; i < result->count; i++) {
        const struct tb_record *record = &result->records[i];

        if (record->role == TB_SELECTED && is_set_against(result, record) &&
            tb_same(record->spec->empty, record->spec->name))
            rows.each[tb_names_add(&rows.names, record->spec->name)].empty = record;
    }
    for (size_t i = 0; i < result->count; i++) {
        const struct tb_record *record = &result->records[i];
        size_t at = rows.names.count;

        if (record->count && is_set_against(result, record))
            at = tb_names_find(&rows.names, record->spec->empty);
        if (at < rows.names.count && record != rows.each[at].empty)
            add_longer(&rows.each[at], record);
    }
    return rows;
}

static double length_of(const struct tb_record *record)
{
    return tb_json_number(record->spec->source, "break_even.length_ns", NAN);
}

/* What a task of length 0 takes, the medians. */
static void set_costs(cJSON *item, const struct pairs *pairs, double *ret_thread, double *ret_other)
{
    *ret_thread = tb_median_of(pairs->values.old, pairs->values.old_count);
    *ret_other = tb_median_of(pairs->values.new, pairs->values.new_count);
    tb_json_set_number(item, "rounds", (double)pairs->values.new_count);
    tb_json_set_number(item, "thread_ns", *ret_thread);
    tb_json_set_number(item, "alternative_ns", *ret_other);
}

static void set_interval(cJSON *item, const struct tb_statistics *value, const char *const *keys)
{
    tb_json_set_number(item, keys[0], value->median);
    tb_json_set_number(item, keys[1], value->low);
    tb_json_set_number(item, keys[2], value->high);
}

/* How a thread and the alternative compare at one length: measured, and as tasks of length 0 have
 * it. */
static void add_point(const struct tb_result *result, const struct tb_record *record, double thread,
                      double other, cJSON *list)
{
    static const char *const keys[] = {"ratio", "low", "high"};
    tb_auto(pairs_finish) struct pairs pairs = pairs_of(result, record);
    struct tb_statistics ratio;
    cJSON *point = tb_json_add_object(list);

    for (size_t i = 0; i < pairs.values.new_count; i++)
        pairs.values.old[i] /= pairs.values.new[i];
    ratio = tb_statistics_at(pairs.values.old, pairs.values.old_count, result->settings->alpha);
    tb_json_set_text(point, "case", record->spec->name);
    tb_json_set_number(point, "length_ns", length_of(record));
    set_interval(point, &ratio, keys);
    tb_json_set_number(point, "expected",
                       (thread + length_of(record)) / (other + length_of(record)));
}

/* The longest length at which a thread was measured to cost more, although by tasks of length 0 it
 * does not from `ns` on; NaN: there is none. */
static double refuted_at(const cJSON *points, double ns, double margin)
{
    const cJSON *point;
    double longest = NAN;

    tb_json_each(point, points) {
        double length = tb_json_number(point, "length_ns", NAN);

        if (length >= ns && tb_json_number(point, "low", NAN) > 1 + margin)
            longest = fmax(longest, length); /* which ignores a NaN */
    }
    return longest;
}

static void add_margin(const struct tb_result *result, const struct pairs *pairs, double margin,
                       const cJSON *points, cJSON *list)
{
    static const char *const keys[] = {"length_ns", "low_ns", "high_ns"};
    size_t count = pairs->values.new_count;
    tb_autofree double *lengths = tb_alloc(count, sizeof *lengths);
    struct tb_statistics length;
    cJSON *item = tb_json_add_object(list);

    for (size_t i = 0; i < count; i++) {
        double thread = pairs->values.old[i], other = pairs->values.new[i];

        lengths[i] = fmax((thread - other) / margin - other, 0);
    }
    length = tb_statistics_at(lengths, count, result->settings->alpha);
    tb_json_set_number(item, "margin", margin);
    set_interval(item, &length, keys);
    tb_json_set_number(item, "refuted_ns", refuted_at(points, length.median, margin));
}

static cJSON *describe(const struct tb_result *result, const struct row *row)
{
    tb_auto(pairs_finish) struct pairs pairs = pairs_of(result, row->empty);
    cJSON *item = cJSON_CreateObject(), *points, *list;
    double thread, other;

    tb_json_set_text(item, "case", row->empty->spec->name);
    tb_json_set_text(item, "thread", row->empty->spec->thread);
    tb_json_set_text(item, "field", pairs.field);
    tb_json_set_text(item, "reason", row->empty->reason);
    set_costs(item, &pairs, &thread, &other);
    points = tb_json_set_array(item, "points");
    for (size_t i = 0; i < row->count; i++)
        add_point(result, row->longer[i], thread, other, points);
    list = tb_json_set_array(item, "margins");
    for (size_t i = 0; i < sizeof margins / sizeof *margins; i++)
        add_margin(result, &pairs, margins[i], points, list);
    return item;
}

cJSON *tb_break_even(const struct tb_result *result)
{
    tb_auto(rows_finish) struct rows rows = rows_of(result);
    cJSON *list = cJSON_CreateArray();

    for (size_t i = 0; i < rows.names.count; i++)
        tb_json_add(list, describe(result, &rows.each[i]));
    return list;
}
