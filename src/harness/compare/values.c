#include "compare/values.h"

#include <math.h>
#include <string.h>

#include "util/memory.h"

void tb_found_next(struct tb_found *found, const char *name)
{
    for (size_t i = 0; i < found->side->count; i++) {
        const struct tb_result *result = found->side->results[i];
        const struct tb_record *next = found->records[i] ? found->records[i] + 1 : result->records;

        if (next < result->records + result->count && !strcmp(next->spec->name, name))
            found->records[i] = next;
        else
            found->records[i] = tb_result_find(result, name);
    }
}

bool tb_is_missing(const struct tb_record *record)
{
    return !record->count || record->outcome != TB_OK;
}

const struct tb_record *tb_found_best(const struct tb_found *found)
{
    const struct tb_record *best = NULL;

    for (size_t i = 0; i < found->side->count; i++) {
        const struct tb_record *record = found->records[i];

        if (record && record->outcome == TB_FAILED)
            return record;
        if (record && (!best || tb_is_missing(best)))
            best = record;
    }
    return best;
}

bool tb_found_has(const struct tb_found *found, const char *field)
{
    for (size_t i = 0; i < found->side->count; i++) {
        const struct tb_record *record = found->records[i];
        size_t place = record ? tb_record_field(record, field) : 0;

        for (size_t k = 0; record && k < record->count; k++) {
            if (!(tb_repetition_value(&record->repetitions[k], place) > 0))
                return false;
        }
    }
    return true;
}

static struct tb_values pairs_of(const struct tb_found *old, const struct tb_found *new,
                                 const char *field)
{
    struct tb_values values = {0};

    for (size_t i = 0; i < old->side->count; i++) {
        if (old->records[i] && new->records[i])
            tb_values_add_pairs(&values, old->records[i], new->records[i], field);
    }
    return values;
}

/* One value for each session: the median over its processes. */
static double *sessions_of(const struct tb_found *found, const char *field, size_t *ret_count)
{
    double *medians = tb_alloc(found->side->count, sizeof *medians);

    *ret_count = 0;
    for (size_t i = 0; i < found->side->count; i++) {
        size_t count = 0;
        tb_autofree double *values =
            found->records[i] ? tb_field_values(found->records[i], field, &count) : NULL;
        double median = tb_statistics(values, count).median;

        if (median > 0)
            medians[(*ret_count)++] = median;
    }
    return medians;
}

/* One value for each process of the side's only session. */
static double *repetitions_of(const struct tb_found *found, const char *field, size_t *ret_count)
{
    *ret_count = 0;
    return *found->records ? tb_field_values(*found->records, field, ret_count) : NULL;
}

struct tb_values tb_found_values(const struct tb_found *old, const struct tb_found *new,
                                 enum tb_unit unit, const char *field)
{
    double *(*values_of)(const struct tb_found *, const char *, size_t *) =
        unit == TB_UNIT_SESSION ? sessions_of : repetitions_of;
    struct tb_values values = {0};

    if (unit == TB_UNIT_ROUND)
        return pairs_of(old, new, field);
    values.old = values_of(old, field, &values.old_count);
    values.new = values_of(new, field, &values.new_count);
    return values;
}

double tb_found_value(const struct tb_found *found)
{
    const struct tb_record *best = tb_found_best(found);
    const char *primary = best ? best->spec->primary : "mean";
    size_t count = 0;
    tb_autofree double *sessions =
        sessions_of(found, tb_found_has(found, primary) ? primary : "mean", &count);

    return tb_statistics(sessions, count).median;
}

double tb_found_process_s(const struct tb_found *found)
{
    const struct tb_record *record = *found->records;
    size_t count = 0;
    tb_autofree double *times = NULL;

    if (record && *(*found->side->results)->settings->session)
        times = tb_field_values(record, "wall_ms", &count);
    return tb_statistics(times, count).median / 1e3;
}
