#include "document/summary.h"

#include <math.h>
#include <stdlib.h>

#include "document/series.h"
#include "util/json.h"
#include "util/memory.h"
#include "util/strings.h"

const char *tb_primary_field(const struct tb_record *record)
{
    size_t field = tb_record_field(record, record->spec->primary);

    for (size_t i = 0; i < record->count; i++) {
        if (isnan(tb_repetition_value(&record->repetitions[i], field)))
            return "mean";
    }
    return record->spec->primary;
}

double *tb_field_values(const struct tb_record *record, const char *name, size_t *ret_count)
{
    double *values = tb_alloc(record->count, sizeof *values);
    size_t field = tb_record_field(record, name);

    *ret_count = 0;
    for (size_t i = 0; i < record->count; i++) {
        double value = tb_repetition_value(&record->repetitions[i], field);

        if (!isnan(value))
            values[(*ret_count)++] = value;
    }
    return values;
}

void tb_values_finish(struct tb_values *values)
{
    free(values->old);
    free(values->new);
    *values = (struct tb_values){0};
}

/* Both ascend by round, so one walk over each pairs them. */
void tb_values_add_pairs(struct tb_values *values, const struct tb_record *old,
                         const struct tb_record *new, const char *name)
{
    size_t count = values->old_count, at = 0;
    size_t old_field = tb_record_field(old, name), new_field = tb_record_field(new, name);

    values->old = tb_grow(values->old, count + old->count, sizeof *values->old);
    values->new = tb_grow(values->new, count + old->count, sizeof *values->new);
    for (size_t i = 0; i < old->count; i++) {
        unsigned round = old->repetitions[i].round;

        while (at < new->count &&new->repetitions[at].round < round)
            at++;
        if (at == new->count || new->repetitions[at].round != round)
            continue;
        values->old[count] = tb_repetition_value(&old->repetitions[i], old_field);
        values->new[count] = tb_repetition_value(&new->repetitions[at], new_field);
        count += values->old[count] > 0 && values->new[count] > 0;
        at++;
    }
    values->old_count = values->new_count = count;
}

static double switches_of(const struct tb_record *record)
{
    tb_autofree double *values = tb_alloc(record->count, sizeof *values);
    size_t voluntary = tb_record_field(record, "vcsw"), forced = tb_record_field(record, "ivcsw");
    size_t count = 0;

    for (size_t i = 0; i < record->count; i++) {
        values[count] = tb_repetition_value(&record->repetitions[i], voluntary) +
                        tb_repetition_value(&record->repetitions[i], forced);
        count += !isnan(values[count]);
    }
    return tb_statistics(values, count).median;
}

static double floor_ratio(const struct tb_result *result, const struct tb_record *record,
                          const char *field)
{
    const struct tb_record *low = tb_result_find(result, record->spec->floor);
    tb_auto(tb_values_finish) struct tb_values values = {0};

    if (!low)
        return NAN;
    tb_values_add_pairs(&values, low, record, field);
    for (size_t i = 0; i < values.new_count; i++)
        values.new[i] /= values.old[i];
    return tb_statistics(values.new, values.new_count).median;
}

static double pooled_quantile(const struct tb_record *record, double share)
{
    tb_auto(tb_histogram_finish) struct tb_histogram all = {0};

    if (record->spec->block > 1)
        return NAN; /* of means: no single operation's tail */
    for (size_t i = 0; i < TB_PLACEMENTS; i++)
        tb_histogram_add(&all, &record->pooled[i]);
    return tb_histogram_quantile(&all, share);
}

/* Of those processes that have the field. */
static struct tb_statistics value_of(const struct tb_result *result, const struct tb_record *record,
                                     const char *field)
{
    size_t count;
    tb_autofree double *values = tb_field_values(record, field, &count);

    return tb_statistics_at(values, count, result->settings->alpha);
}

struct tb_statistics tb_primary_value(const struct tb_result *result,
                                      const struct tb_record *record)
{
    return value_of(result, record, tb_primary_field(record));
}

size_t tb_phase_count(const struct tb_record *record)
{
    return (size_t)cJSON_GetArraySize(tb_json_find(record->spec->source, "phases"));
}

const char *tb_phase_name(const struct tb_record *record, size_t phase)
{
    const cJSON *phases = tb_json_find(record->spec->source, "phases");
    const char *name = cJSON_GetStringValue(cJSON_GetArrayItem(phases, (int)phase));

    return name ? name : "";
}

struct tb_statistics tb_phase_value(const struct tb_result *result, const struct tb_record *record,
                                    size_t phase)
{
    tb_autofree char *field = tb_print("%s_mean", tb_phase_name(record, phase));

    return value_of(result, record, field);
}

struct tb_summary tb_summarise(const struct tb_result *result, const struct tb_record *record)
{
    const char *field = tb_primary_field(record);

    return (struct tb_summary){
        .statistic = field,
        .value = value_of(result, record, field),
        .p99 = pooled_quantile(record, 0.99),
        .switches = switches_of(record),
        .floor_ratio = floor_ratio(result, record, field),
    };
}

double tb_half_width(const struct tb_statistics *value)
{
    return tb_statistics_half(value) / fabs(value->median);
}

bool tb_is_precise(const struct tb_result *result, const struct tb_record *record)
{
    struct tb_statistics value = tb_primary_value(result, record);

    return tb_half_width(&value) <= result->settings->precision;
}

bool tb_result_is_precise(const struct tb_result *result)
{
    bool wanted = result->settings->precision > 0;

    for (size_t i = 0; i < result->count; i++) {
        const struct tb_record *record = &result->records[i];

        if (record->role == TB_SELECTED && record->outcome == TB_OK &&
            !(wanted ? tb_is_precise(result, record) : record->count > 0))
            return false;
    }
    return true;
}

/* What cases that were selected have as their empty cases. */
static struct tb_names empty_cases(const struct tb_result *result)
{
    struct tb_names names = {0};

    for (size_t i = 0; i < result->count; i++) {
        const struct tb_record *record = &result->records[i];

        if (record->role == TB_SELECTED && record->spec->overhead)
            (void)tb_names_add(&names, record->spec->overhead);
    }
    return names;
}

struct tb_overhead tb_overhead(const struct tb_result *result)
{
    tb_autofree double *values = tb_alloc(result->count, sizeof *values);
    tb_auto(tb_names_finish) struct tb_names empty = empty_cases(result);
    struct tb_overhead overhead = {.median_ns = NAN};

    for (size_t i = 0; i < result->count; i++) {
        const struct tb_record *record = &result->records[i];

        if (record->count && tb_names_find(&empty, record->spec->name) < empty.count)
            values[overhead.cases++] =
                tb_primary_value(result, record).median * (double)record->spec->block;
    }
    overhead.median_ns = tb_statistics(values, overhead.cases).median;
    return overhead;
}
