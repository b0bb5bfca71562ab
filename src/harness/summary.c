#include "summary.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "memory.h"

double tb_repetition_value(const struct tb_repetition *repetition, const char *field)
{
    return strcmp(field, "mean") ? tb_span_member(&repetition->entry, field) : repetition->mean_ns;
}

const char *tb_deciding_field(const struct tb_record *record)
{
    const char *field = record->spec->decides;

    for (size_t i = 0; i < record->count; i++) {
        if (isnan(tb_repetition_value(&record->repetitions[i], field)))
            return "mean";
    }
    return field;
}

/* The median of what is a number among `values`. */
static double median_of(double *values, size_t count)
{
    size_t kept = 0;

    for (size_t i = 0; i < count; i++) {
        if (!isnan(values[i]))
            values[kept++] = values[i];
    }
    return tb_spread(values, kept).median;
}

static double switches_of(const struct tb_record *record)
{
    double *values = tb_alloc(record->count, sizeof *values);
    double median;

    for (size_t i = 0; i < record->count; i++)
        values[i] = tb_repetition_value(&record->repetitions[i], "vcsw") +
                    tb_repetition_value(&record->repetitions[i], "ivcsw");
    median = median_of(values, record->count);
    free(values);
    return median;
}

/* Both ascend by round, so one walk over each pairs them. */
static double floor_ratio(const struct tb_result *result, const struct tb_record *record,
                          const char *field)
{
    const struct tb_record *low = tb_result_find(result, record->spec->floor);
    double *ratios, median;
    size_t count = 0, at = 0;

    if (!low)
        return NAN;
    ratios = tb_alloc(record->count, sizeof *ratios);
    for (size_t i = 0; i < record->count; i++) {
        const struct tb_repetition *mine = &record->repetitions[i];

        while (at < low->count && low->repetitions[at].round < mine->round)
            at++;
        if (at < low->count && low->repetitions[at].round == mine->round)
            ratios[count++] = tb_repetition_value(mine, field) /
                              tb_repetition_value(&low->repetitions[at], field);
    }
    median = median_of(ratios, count);
    free(ratios);
    return isfinite(median) ? median : NAN;
}

static double pooled_quantile(const struct tb_record *record, double share)
{
    struct tb_histogram all = {0};
    double value;

    if (record->spec->block > 1)
        return NAN; /* of means: no single operation's tail */
    for (size_t i = 0; i < TB_PLACEMENTS; i++)
        tb_histogram_add(&all, &record->pooled[i]);
    value = tb_histogram_quantile(&all, share);
    tb_histogram_finish(&all);
    return value;
}

/* Of those processes that have the field. */
static struct tb_spread value_of(const struct tb_result *result, const struct tb_record *record,
                                 const char *field)
{
    double *values = tb_alloc(record->count, sizeof *values);
    struct tb_spread spread;
    size_t count = 0, rank;

    for (size_t i = 0; i < record->count; i++) {
        values[count] = tb_repetition_value(&record->repetitions[i], field);
        count += !isnan(values[count]);
    }
    spread = tb_spread(values, count);
    rank = tb_median_rank(count, result->settings->alpha);
    spread.low = rank ? values[rank - 1] : NAN; /* they are sorted by now */
    spread.high = rank ? values[count - rank] : NAN;
    free(values);
    return spread;
}

size_t tb_phase_count(const struct tb_record *record)
{
    return (size_t)cJSON_GetArraySize(
        cJSON_GetObjectItemCaseSensitive(record->spec->source, "phases"));
}

const char *tb_phase_name(const struct tb_record *record, size_t phase)
{
    const char *name = cJSON_GetStringValue(cJSON_GetArrayItem(
        cJSON_GetObjectItemCaseSensitive(record->spec->source, "phases"), (int)phase));

    return name ? name : "";
}

struct tb_spread tb_phase_value(const struct tb_result *result, const struct tb_record *record,
                                size_t phase)
{
    char *field = tb_print("%s_mean", tb_phase_name(record, phase));
    struct tb_spread value = value_of(result, record, field);

    free(field);
    return value;
}

struct tb_summary tb_summarise(const struct tb_result *result, const struct tb_record *record)
{
    const char *field = tb_deciding_field(record);

    return (struct tb_summary){
        .decides = field,
        .value = value_of(result, record, field),
        .p99 = pooled_quantile(record, 0.99),
        .switches = switches_of(record),
        .floor_ratio = floor_ratio(result, record, field),
    };
}

double tb_half_width(const struct tb_spread *value)
{
    return (value->high - value->low) / 2 / fabs(value->median);
}

bool tb_is_precise(const struct tb_result *result, const struct tb_record *record)
{
    struct tb_spread value = value_of(result, record, tb_deciding_field(record));

    return tb_half_width(&value) <= result->settings->precision;
}

/* Whether a case that was selected has this one as its empty case. */
static bool is_empty_case(const struct tb_result *result, const struct tb_record *record)
{
    for (size_t i = 0; i < result->count; i++) {
        const struct tb_record *other = &result->records[i];

        if (other->role == TB_SELECTED && other->spec->empty &&
            !strcmp(other->spec->empty, record->spec->name))
            return true;
    }
    return false;
}

struct tb_overhead tb_overhead(const struct tb_result *result)
{
    double *values = tb_alloc(result->count, sizeof *values);
    struct tb_overhead overhead = {.median_ns = NAN};

    for (size_t i = 0; i < result->count; i++) {
        const struct tb_record *record = &result->records[i];

        if (record->count && is_empty_case(result, record))
            values[overhead.cases++] = value_of(result, record, tb_deciding_field(record)).median *
                                       (double)record->spec->block;
    }
    overhead.median_ns = tb_spread(values, overhead.cases).median;
    free(values);
    return overhead;
}
