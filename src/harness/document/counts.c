#include "document/counts.h"

#include <math.h>
#include <stdlib.h>

#include "stats/repeat.h"
#include "util/json.h"
#include "util/memory.h"
#include "util/strings.h"

static const char key[] = "counts"; /* of a case */

const char *const tb_metric_names[] = {"time", "instructions", "syscalls", "faults"};

enum tb_metric tb_metric_of(const char *name)
{
    size_t metric = 0;

    while (metric < TB_METRICS && !tb_same(name, tb_metric_names[metric]))
        metric++;
    return metric < TB_METRICS ? (enum tb_metric)metric : TB_TIME;
}

static cJSON *find(const struct tb_record *record, enum tb_metric metric)
{
    return tb_json_find(record->counts, tb_metric_names[metric]);
}

void tb_count_finish(struct tb_count *count)
{
    free(count->values);
    *count = (struct tb_count){0};
}

struct tb_count tb_count_of(const struct tb_record *record, enum tb_metric metric)
{
    const cJSON *object = find(record, metric), *rounds = tb_json_find(object, "rounds"), *item;
    struct tb_count count = {
        .counter = tb_json_text(object, "counter"),
        .reason = tb_json_text(object, "reason"),
        .operations = tb_json_number(object, "operations", NAN),
        .values = tb_alloc((size_t)cJSON_GetArraySize(rounds), sizeof *count.values),
    };

    tb_json_each(item, rounds) {
        double value = tb_json_value(item);

        if (count.counter && value >= 0)
            count.values[count.count++] = value;
    }
    if (!count.count)
        count.counter = NULL;
    count.value = tb_median_of(count.values, count.count);
    count.repeats = tb_counts_repeat(count.values, count.count, TB_COUNT_SHARE);
    return count;
}

double tb_count_value(const struct tb_record *record, enum tb_metric metric)
{
    tb_auto(tb_count_finish) struct tb_count count = tb_count_of(record, metric);

    return count.value;
}

static cJSON *renew(struct tb_record *record, enum tb_metric metric)
{
    if (!record->counts)
        record->counts = cJSON_CreateObject();
    return tb_json_set_object(record->counts, tb_metric_names[metric]);
}

void tb_count_add(struct tb_record *record, enum tb_metric metric, const char *counter,
                  double operations, double value)
{
    tb_auto(tb_count_finish) struct tb_count before = tb_count_of(record, metric);
    tb_autofree char *name = tb_copy(counter);
    cJSON *object = renew(record, metric), *rounds;

    tb_json_set_text(object, "counter", name);
    tb_json_set_number(object, "operations", operations);
    rounds = tb_json_set_array(object, "rounds");
    before.values = tb_grow(before.values, before.count + 1, sizeof *before.values);
    before.values[before.count++] = fmax(0, value);
    for (size_t i = 0; i < before.count; i++) {
        cJSON *number = cJSON_CreateNumber(before.values[i]);

        tb_json_round(number);
        tb_json_add(rounds, number);
    }
    tb_json_set_number(object, "value", tb_median_of(before.values, before.count));
    tb_json_set_flag(object, "repeats",
                     tb_counts_repeat(before.values, before.count, TB_COUNT_SHARE));
}

void tb_count_refuse(struct tb_record *record, enum tb_metric metric, const char *reason)
{
    tb_json_set_text(renew(record, metric), "reason", reason);
}

bool tb_is_counted(const struct tb_result *results, size_t count, enum tb_metric metric)
{
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < results[i].count; k++) {
            const struct tb_record *record = &results[i].records[k];

            if (record->role == TB_SELECTED && isfinite(tb_count_value(record, metric)))
                return true;
        }
    }
    return false;
}

bool tb_counts_asked(const struct tb_result *results, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < results[i].count; k++) {
            if (results[i].records[k].counts)
                return true;
        }
    }
    return false;
}

void tb_counts_write(const struct tb_record *record, cJSON *item)
{
    cJSON_DeleteItemFromObjectCaseSensitive(item, key); /* of a subject that has one of that name */
    if (record->counts)
        tb_json_set(item, key, cJSON_Duplicate(record->counts, true));
}

void tb_counts_read(struct tb_record *record, const cJSON *item)
{
    const cJSON *counts = tb_json_find(item, key);

    if (cJSON_IsObject(counts))
        record->counts = cJSON_Duplicate(counts, true);
}
