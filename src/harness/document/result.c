#include "document/result.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "document/series.h"
#include "util/json.h"
#include "util/memory.h"
#include "util/sanitize.h"

const char *const tb_stop_names[] = {"rounds", "decided", "budget", "signal", "running"};

const char *const tb_stop_texts[] = {
    [TB_STOP_ROUNDS] = "all rounds are done",
    [TB_STOP_DECIDED] = "decided",
    [TB_STOP_BUDGET] = "the budget is used up",
    [TB_STOP_SIGNAL] = "interrupted",
    [TB_STOP_RUNNING] = "not yet",
};

void tb_result_init(struct tb_result *result, const struct tb_subject *subject,
                    const enum tb_role *roles)
{
    const struct tb_catalogue *catalogue = &subject->catalogue;

    *result = (struct tb_result){.subject = subject};
    result->records = tb_alloc(catalogue->count, sizeof *result->records);
    for (size_t i = 0; i < catalogue->count; i++) {
        enum tb_role role = roles ? roles[i] : TB_SELECTED;

        if (role == TB_LEFT_OUT)
            continue;
        (void)tb_names_add(&result->names, catalogue->cases[i].name); /* which all differ */
        result->records[result->count++] =
            (struct tb_record){.spec = &catalogue->cases[i], .role = role};
    }
}

void tb_record_finish(struct tb_record *record)
{
    for (size_t i = 0; i < record->count; i++) {
        free(record->repetitions[i].values);
        free(record->repetitions[i].entry);
    }
    for (size_t i = 0; i < record->field_count; i++)
        free(record->fields[i]);
    free(record->fields);
    for (size_t i = 0; i < TB_PLACEMENTS; i++)
        tb_histogram_finish(&record->pooled[i]);
    cJSON_Delete(record->counts);
    free(record->repetitions);
    free(record->reason);
}

void tb_result_finish(struct tb_result *result)
{
    for (size_t i = 0; i < result->count; i++)
        tb_record_finish(&result->records[i]);
    free(result->records);
    tb_names_finish(&result->names);
    cJSON_Delete(result->host);
    cJSON_Delete(result->before);
    cJSON_Delete(result->after);
    cJSON_Delete(result->context);
    free(result->drawing);
    *result = (struct tb_result){0};
}

size_t tb_record_field(const struct tb_record *record, const char *name)
{
    size_t field = 0;

    while (field < record->field_count && strcmp(record->fields[field], name) != 0)
        field++;
    return field;
}

/* Most processes report the same fields in the same order, so the expected one is tried first. */
static size_t add_field(struct tb_record *record, const char *name, size_t expected)
{
    tb_autofree char *clean = NULL;
    size_t field = expected;

    if (field < record->field_count && !strcmp(record->fields[field], name))
        return field;
    clean = tb_copy(name);
    tb_sanitize(clean, strlen(clean));
    field = tb_record_field(record, clean);
    if (field == record->field_count) {
        record->fields = tb_grow(record->fields, field + 1, sizeof *record->fields);
        record->fields[record->field_count++] = clean;
        clean = NULL;
    }
    return field;
}

/* Room for all fields that are known by now. The first of a name counts, as it does for the JSON
 * library. */
static void set_value(const struct tb_record *record, struct tb_repetition *repetition,
                      size_t field, double value)
{
    if (field >= repetition->count)
        repetition->values =
            tb_grow(repetition->values, record->field_count, sizeof *repetition->values);
    for (; repetition->count < record->field_count; repetition->count++)
        repetition->values[repetition->count] = NAN;
    if (isnan(repetition->values[field]))
        repetition->values[field] = value;
}

/* Google Benchmark's own and ours, by which every program means the same. */
static bool is_common(const char *name)
{
    return !strcmp(name, "cpu_time") || !strcmp(name, "threads") || !strcmp(name, "wall_ms");
}

struct tb_repetition tb_repetition_of(struct tb_record *record, const cJSON *entry, char *text,
                                      double mean_ns, bool known)
{
    struct tb_repetition repetition = {.entry = text};
    size_t field = add_field(record, "mean", 0), next = 1;
    const cJSON *item;

    set_value(record, &repetition, field, mean_ns);
    tb_json_each(item, entry) {
        if (!cJSON_IsNumber(item) || !isfinite(item->valuedouble) ||
            !(known || is_common(item->string)))
            continue;
        field = add_field(record, item->string, next);
        next = field ? field + 1 : next;
        set_value(record, &repetition, field, item->valuedouble);
    }
    return repetition;
}

double tb_repetition_value(const struct tb_repetition *repetition, size_t field)
{
    return field < repetition->count ? repetition->values[field] : NAN;
}

void tb_record_add(struct tb_record *record, const struct tb_repetition *repetition,
                   const struct tb_series *series)
{
    record->repetitions = tb_room(record->repetitions, record->count, sizeof *repetition);
    record->repetitions[record->count++] = *repetition;
    for (size_t i = 0; i < TB_PLACEMENTS; i++)
        tb_histogram_add(&record->pooled[i], &series->histograms[i]);
}

void tb_record_end(struct tb_record *record, enum tb_outcome outcome, const char *reason)
{
    record->outcome = outcome;
    free(record->reason);
    record->reason = tb_copy(reason ? reason : "no reason given");
}

void tb_result_take(struct tb_result *result, struct tb_result *from)
{
    result->finished_rounds = from->finished_rounds;
    for (size_t i = 0; i < from->count; i++) {
        struct tb_record *taken = &from->records[i];
        struct tb_record *record = tb_result_find(result, taken->spec->name);
        const struct tb_case *spec = record->spec;

        *record = *taken;
        record->spec = spec;
        *taken = (struct tb_record){.spec = taken->spec};
    }
}

struct tb_record *tb_result_find(const struct tb_result *result, const char *name)
{
    size_t at = name ? tb_names_find(&result->names, name) : result->count;

    return at < result->count ? &result->records[at] : NULL;
}

bool tb_is_same_run(const struct tb_result *a, const struct tb_result *b)
{
    return *a->run_id && !strcmp(a->run_id, b->run_id);
}

const struct tb_repetition *tb_record_last(const struct tb_record *record)
{
    return record->count ? &record->repetitions[record->count - 1] : NULL;
}

bool tb_is_pending(const struct tb_record *record)
{
    return record->outcome == TB_OK && !record->count;
}

const char *tb_record_outcome(const struct tb_record *record)
{
    return tb_is_pending(record) ? "pending" : tb_outcome_names[record->outcome];
}

struct tb_tally tb_result_tally(const struct tb_result *results, size_t count)
{
    struct tb_tally tally = {0};

    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < results[i].count; k++) {
            const struct tb_record *record = &results[i].records[k];

            tally.failed += record->outcome == TB_FAILED;
            tally.pending += tb_is_pending(record);
            tally.measured += record->count > 0;
        }
    }
    return tally;
}
