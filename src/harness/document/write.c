#include "document/write.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "document/break_even.h"
#include "document/breakdown.h"
#include "document/counts.h"
#include "document/scaling.h"
#include "document/series.h"
#include "document/summary.h"
#include "util/json.h"
#include "util/memory.h"
#include "util/sanitize.h"

/* The members by which Google Benchmark and its clients know an entry. */
static void set_identity(cJSON *entry, const struct tb_result *result,
                         const struct tb_record *record, const char *suffix)
{
    size_t failed = record->outcome != TB_OK;
    tb_autofree char *name = tb_print("%s%s", record->spec->name, suffix);

    tb_json_set_text(entry, "name", name);
    tb_json_set_number(entry, "family_index", (double)(record - result->records));
    tb_json_set_number(entry, "per_family_instance_index", 0);
    tb_json_set_text(entry, "run_name", record->spec->name);
    tb_json_set_text(entry, "run_type", *suffix ? "aggregate" : "iteration");
    tb_json_set_number(entry, "repetitions", (double)(record->count + failed));
}

/* A field of a process; NaN where it has none. */
static double value_of(const struct tb_record *record, size_t index, const char *name)
{
    return tb_repetition_value(&record->repetitions[index], tb_record_field(record, name));
}

static double cpu_ns(const struct tb_record *record, size_t index)
{
    double both = value_of(record, index, "user_ns") + value_of(record, index, "sys_ns");

    return isfinite(both) ? both : value_of(record, index, "cpu_time");
}

static cJSON *iteration(const struct tb_result *result, const struct tb_record *record,
                        size_t index, const char *statistic)
{
    cJSON *entry = cJSON_Parse(record->repetitions[index].entry); /* it was JSON when it was read */
    double samples = value_of(record, index, "samples");

    tb_json_sanitize(entry);
    set_identity(entry, result, record, "");
    cJSON_DeleteItemFromObjectCaseSensitive(entry, "aggregate_name");
    cJSON_DeleteItemFromObjectCaseSensitive(entry, "aggregate_unit");
    tb_json_set_number(entry, "repetition_index", (double)index);
    tb_json_set_number(entry, "real_time", value_of(record, index, statistic));
    tb_json_set_number(entry, "cpu_time", cpu_ns(record, index));
    tb_json_set_number(entry, "mean", value_of(record, index, "mean"));
    if (isfinite(samples)) /* the library's own count is that of series */
        tb_json_set_number(entry, "iterations", samples);
    return entry;
}

/* As the library writes it: 1.7 knows only errors, later versions tell a skip from them. */
static cJSON *unmeasured(const struct tb_result *result, const struct tb_record *record)
{
    cJSON *entry = cJSON_CreateObject();
    bool skipped = record->outcome == TB_SKIPPED;
    tb_autofree char *message = tb_print("%s%s", skipped ? "skipped: " : "", record->reason);

    set_identity(entry, result, record, "");
    tb_json_set_number(entry, "repetition_index", (double)record->count);
    tb_json_set_number(entry, "threads", 1);
    tb_json_set_flag(entry, "error_occurred", true);
    tb_json_set_text(entry, "error_message", message);
    tb_json_set_flag(entry, "skipped", skipped);
    if (skipped)
        tb_json_set_text(entry, "skip_message", record->reason);
    tb_json_set_number(entry, "iterations", 0);
    tb_json_set_number(entry, "real_time", 0);
    tb_json_set_number(entry, "cpu_time", 0);
    tb_json_set_text(entry, "time_unit", "ns");
    return entry;
}

static cJSON *aggregate(const struct tb_result *result, const struct tb_record *record,
                        const char *name, double real, double cpu)
{
    cJSON *entry = cJSON_CreateObject();
    tb_autofree char *suffix = tb_print("_%s", name);
    double threads = value_of(record, 0, "threads");

    set_identity(entry, result, record, suffix);
    tb_json_set_number(entry, "threads", isfinite(threads) ? threads : 1);
    tb_json_set_text(entry, "aggregate_name", name);
    tb_json_set_text(entry, "aggregate_unit", strcmp(name, "cv") ? "time" : "percentage");
    tb_json_set_number(entry, "iterations", (double)record->count);
    tb_json_set_number(entry, "real_time", isfinite(real) ? real : 0);
    tb_json_set_number(entry, "cpu_time", isfinite(cpu) ? cpu : 0);
    tb_json_set_text(entry, "time_unit", "ns");
    return entry;
}

/* One entry of a list, on a line of its own. Takes `item`. */
static void put_item(FILE *out, cJSON *item, bool *first)
{
    tb_autofree char *text = cJSON_PrintUnformatted(item);

    (void)fprintf(out, "%s\n%s", *first ? "" : ",", text); /* in memory, as all of `out` */
    *first = false;
    cJSON_Delete(item);
}

static void put_aggregates(FILE *out, const struct tb_result *result,
                           const struct tb_record *record, const char *field, bool *first)
{
    tb_autofree double *values = tb_alloc(record->count, sizeof *values);
    struct tb_statistics real, cpu;

    for (size_t i = 0; i < record->count; i++)
        values[i] = value_of(record, i, field);
    real = tb_statistics(values, record->count);
    for (size_t i = 0; i < record->count; i++)
        values[i] = cpu_ns(record, i);
    cpu = tb_statistics(values, record->count);
    put_item(out, aggregate(result, record, "mean", real.mean, cpu.mean), first);
    put_item(out, aggregate(result, record, "median", real.median, cpu.median), first);
    put_item(out, aggregate(result, record, "stddev", real.stddev, cpu.stddev), first);
    put_item(out, aggregate(result, record, "cv", real.cv, cpu.cv), first);
}

static void put_entries(FILE *out, const struct tb_result *result)
{
    bool first = true;

    for (size_t i = 0; i < result->count; i++) {
        const struct tb_record *record = &result->records[i];
        const char *field = tb_primary_field(record);

        for (size_t k = 0; k < record->count; k++)
            put_item(out, iteration(result, record, k, field), &first);
        if (record->outcome != TB_OK)
            put_item(out, unmeasured(result, record), &first);
        if (record->count > 1)
            put_aggregates(out, result, record, field, &first);
    }
}

static void set_value(cJSON *object, const struct tb_statistics *value)
{
    tb_json_set_number(object, "value_ns", value->median);
    tb_json_set_number(object, "low_ns", value->low);
    tb_json_set_number(object, "high_ns", value->high);
    tb_json_set_number(object, "cv", value->cv);
}

static void add_summary(cJSON *item, const struct tb_summary *summary)
{
    cJSON *object = tb_json_set_object(item, "summary");

    tb_json_set_number(object, "processes", (double)summary->value.count);
    set_value(object, &summary->value);
    tb_json_set_number(object, "p99_ns", summary->p99);
    tb_json_set_number(object, "switches", summary->switches);
    tb_json_set_number(object, "floor_ratio", summary->floor_ratio);
}

/* Takes the place of the plain names that the subject gave. */
static void add_phases(cJSON *item, const struct tb_result *result, const struct tb_record *record)
{
    cJSON *list = cJSON_CreateArray();

    for (size_t i = 0; i < tb_phase_count(record); i++) {
        struct tb_statistics value = tb_phase_value(result, record, i);
        cJSON *phase = tb_json_add_object(list);

        tb_json_set_text(phase, "name", tb_phase_name(record, i));
        set_value(phase, &value);
    }
    tb_json_set(item, "phases", list);
}

static void add_histogram(cJSON *list, enum tb_placement placement,
                          const struct tb_histogram *histogram)
{
    cJSON *item = tb_json_add_object(list);
    cJSON *lower, *count;

    tb_json_set_text(item, "placement", tb_placement_names[placement]);
    lower = tb_json_set_array(item, "lower_ns");
    count = tb_json_set_array(item, "count");
    for (size_t i = 0; i < histogram->size; i++) {
        cJSON *bound = cJSON_CreateNumber(histogram->bins[i].lower_ns);

        tb_json_round(bound);
        tb_json_add(lower, bound);
        tb_json_add(count, cJSON_CreateNumber((double)histogram->bins[i].count));
    }
}

/* A case: what the subject says of it, why it was measured, and all that is pooled over rounds. */
static cJSON *pooled(const struct tb_result *result, const struct tb_record *record)
{
    cJSON *item = cJSON_Duplicate(record->spec->source, true);
    struct tb_summary summary = tb_summarise(result, record);
    cJSON *breakdown = tb_breakdown(result, record), *list;

    tb_json_set_text(item, "name", record->spec->name); /* as in the entries */
    tb_json_set_text(item, "benchmark_name", record->spec->gb_name);
    tb_json_set_text(item, "role", tb_role_names[record->role]);
    tb_json_set_text(item, "statistic", summary.statistic);
    tb_json_set_text(item, "primary_statistic", record->spec->primary);
    tb_json_set_text(item, "outcome", tb_record_outcome(record));
    tb_json_set_text(item, "reason", record->reason);
    tb_json_set_number(item, "samples", record->samples ? (double)record->samples : NAN);
    if (result->settings->precision)
        tb_json_set_flag(item, "precise", tb_is_precise(result, record));
    add_summary(item, &summary);
    add_phases(item, result, record);
    tb_counts_write(record, item);
    cJSON_DeleteItemFromObjectCaseSensitive(item, "parts"); /* they stand there, with their times */
    if (breakdown)
        tb_json_set(item, "breakdown", breakdown);
    list = tb_json_set_array(item, "histograms");
    for (size_t i = 0; i < TB_PLACEMENTS; i++) {
        if (record->pooled[i].size)
            add_histogram(list, (enum tb_placement)i, &record->pooled[i]);
    }
    return item;
}

/* Takes the list. */
static void put_list(FILE *out, cJSON *items)
{
    tb_autojson cJSON *list = items;
    bool first = true;

    while (list->child)
        put_item(out, cJSON_DetachItemFromArray(list, 0), &first);
}

char *tb_document_text(const struct tb_result *result)
{
    tb_autojson cJSON *context = tb_context(result);
    tb_autofree char *head = cJSON_Print(context);
    char *text = NULL;
    size_t size;
    FILE *out = tb_open_text(&text, &size);
    bool first = true;

    (void)fprintf(out, "{\n\"context\": %s,\n\"benchmarks\": [", head);
    put_entries(out, result);
    (void)fprintf(out, "\n],\n\"threadbench_cases\": [");
    for (size_t i = 0; i < result->count; i++)
        put_item(out, pooled(result, &result->records[i]), &first);
    (void)fprintf(out, "\n],\n\"threadbench_scaling\": [");
    put_list(out, tb_scaling(result));
    (void)fprintf(out, "\n],\n\"threadbench_break_even\": [");
    put_list(out, tb_break_even(result));
    (void)fprintf(out, "\n]\n}\n");
    (void)fclose(out);
    tb_sanitize(text, size); /* of the command line any byte may have come in */
    return text;
}

cJSON *tb_listing(const struct tb_catalogue *catalogue, const enum tb_role *roles)
{
    cJSON *root = cJSON_Duplicate(catalogue->root, true);
    cJSON *list = cJSON_CreateArray();

    for (size_t i = 0; i < catalogue->count; i++) {
        if (roles[i] == TB_SELECTED)
            tb_json_add(list, cJSON_Duplicate(catalogue->cases[i].source, true));
    }
    tb_json_set_text(root, "schema", "threadbench-list");
    tb_json_set_number(root, "version", 1);
    tb_json_set(root, "cases", list);
    return root;
}
