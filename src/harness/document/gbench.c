#include "document/gbench.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "util/json.h"
#include "util/memory.h"
#include "util/strings.h"

static const char skip_mark[] = "skipped: ";

/* Members of an entry are looked up by going through them: of more than these that takes long. */
enum { most_members = 1000 };

const char *const tb_outcome_names[] = {"ok", "skipped", "failed"};

void tb_reading_finish(struct tb_reading *reading)
{
    free(reading->reason);
    cJSON_Delete(reading->entry);
    cJSON_Delete(reading->context);
    *reading = (struct tb_reading){0};
}

struct tb_reading tb_reading_of(enum tb_outcome outcome, const char *format, ...)
{
    struct tb_reading reading = {.outcome = outcome};
    char text[1024];
    va_list list;

    va_start(list, format);
    (void)vsnprintf(text, sizeof text, format, list); /* cut to fit */
    va_end(list);
    reading.reason = tb_copy(text);
    return reading;
}

static bool has_text(const cJSON *entry, const char *key, const char *value)
{
    return tb_same(tb_json_text(entry, key), value);
}

static bool is_aggregate(const cJSON *entry)
{
    return has_text(entry, "run_type", "aggregate");
}

/* An entry is the case's by its run name; the name alone differs for aggregates. */
static bool is_of(const cJSON *entry, const char *name)
{
    return has_text(entry, "run_name", name) || has_text(entry, "name", name);
}

static const cJSON *pick_aggregate(const cJSON *entries, const char *name)
{
    const cJSON *entry;

    cJSON_ArrayForEach(entry, entries) {
        if (is_of(entry, name) && has_text(entry, "aggregate_name", "median"))
            return entry;
    }
    return NULL;
}

static bool is_unusual(const cJSON *entry)
{
    return tb_json_flag(entry, "error_occurred") || tb_json_flag(entry, "skipped");
}

static int by_time(const void *a, const void *b)
{
    double x = tb_json_number(*(const cJSON *const *)a, "real_time", 0);
    double y = tb_json_number(*(const cJSON *const *)b, "real_time", 0);

    return (x > y) - (x < y);
}

/* The repetition of median time, or the first that was skipped or failed. */
static const cJSON *pick(const cJSON *entries, const char *name)
{
    tb_autofree const cJSON **found = tb_alloc((size_t)cJSON_GetArraySize(entries), sizeof *found);
    const cJSON *entry, *result = NULL;
    size_t count = 0;

    cJSON_ArrayForEach(entry, entries) {
        if (!is_of(entry, name) || is_aggregate(entry))
            continue;
        if (is_unusual(entry) && !result)
            result = entry;
        found[count++] = entry;
    }
    if (!result && count) {
        qsort(found, count, sizeof *found, by_time);
        result = found[(count - 1) / 2];
    }
    return result ? result : pick_aggregate(entries, name);
}

static double unit_ns(const cJSON *entry)
{
    static const struct {
        const char *name;
        double ns;
    } units[] = {{"ns", 1}, {"us", 1e3}, {"ms", 1e6}, {"s", 1e9}};

    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        if (has_text(entry, "time_unit", units[i].name))
            return units[i].ns;
    }
    return NAN;
}

static struct tb_reading read_unusual(const cJSON *entry)
{
    const char *message = tb_json_text(entry, "error_message");

    if (tb_json_flag(entry, "skipped")) {
        message = tb_json_text(entry, "skip_message");
        return tb_reading_of(TB_SKIPPED, "%s", message ? message : "no reason given");
    }
    if (message && !strncmp(message, skip_mark, strlen(skip_mark)))
        return tb_reading_of(TB_SKIPPED, "%s", message + strlen(skip_mark));
    return tb_reading_of(TB_FAILED, "%s",
                         message && *message ? message : "an error without a message");
}

/* Whether the member is one that Google Benchmark writes, the first of its name; a number that is
 * not finite is an empty text by now. */
static bool is_usual(const cJSON *entry, const cJSON *item)
{
    bool has_value = cJSON_IsNumber(item)   ? isfinite(item->valuedouble)
                     : cJSON_IsString(item) ? *item->valuestring != '\0'
                                            : cJSON_IsBool(item);

    return has_value && cJSON_GetObjectItemCaseSensitive(entry, item->string) == item;
}

/* Leaves what is usual, and the numbers as they are to be written. */
static void clean(cJSON *entry)
{
    for (cJSON *item = entry->child, *next; item; item = next) {
        next = item->next;
        if (!is_usual(entry, item))
            cJSON_Delete(cJSON_DetachItemViaPointer(entry, item));
        else if (cJSON_IsNumber(item))
            tb_json_round(item);
    }
}

static struct tb_reading read_numbers(const cJSON *entry, double *ret_real, double *ret_cpu)
{
    double unit = unit_ns(entry);

    *ret_real = tb_json_number(entry, "real_time", NAN) * unit;
    *ret_cpu = tb_json_number(entry, "cpu_time", NAN) * unit;
    if (is_unusual(entry))
        return read_unusual(entry);
    if (cJSON_GetArraySize(entry) > most_members)
        return tb_reading_of(TB_FAILED, "its result has more than %d members", most_members);
    if (isnan(unit))
        return tb_reading_of(TB_FAILED, "its result has no time unit of ns, us, ms or s");
    if (!isfinite(*ret_real) || !isfinite(*ret_cpu))
        return tb_reading_of(TB_FAILED, "its result has no finite real_time and cpu_time");
    return (struct tb_reading){.outcome = TB_OK};
}

struct tb_reading tb_gbench_entry(cJSON *entry)
{
    double real, cpu;
    struct tb_reading reading = read_numbers(entry, &real, &cpu);

    if (reading.outcome != TB_OK) {
        cJSON_Delete(entry);
        return reading;
    }
    reading.entry = entry;
    if (has_text(entry, "time_unit", "ns"))
        return reading;
    tb_json_set_number(entry, "real_time", real);
    tb_json_set_number(entry, "cpu_time", cpu);
    tb_json_set_text(entry, "time_unit", "ns");
    return reading;
}

static struct tb_reading read_root(cJSON *root, const char *name)
{
    const cJSON *entries = tb_json_find(root, "benchmarks");
    const cJSON *entry = pick(entries, name);
    const char *other = tb_json_text(cJSON_GetArrayItem(entries, 0), "name");
    struct tb_reading reading;

    if (!cJSON_IsArray(entries))
        return tb_reading_of(TB_FAILED, "its result file has no list of benchmarks");
    if (!cJSON_GetArraySize(entries))
        return tb_reading_of(TB_FAILED, "its result file holds no entry");
    if (!entry)
        return tb_reading_of(TB_FAILED, "its result file has no entry of that name, but '%s'",
                             other ? other : "(no name)");
    reading = tb_gbench_entry(cJSON_Duplicate(entry, true));
    if (reading.entry)
        clean(reading.entry);
    reading.context = cJSON_DetachItemFromObjectCaseSensitive(root, "context");
    return reading;
}

struct tb_reading tb_gbench_read(const char *text, size_t size, const char *name)
{
    tb_autofree char *forgiven = tb_alloc_text(size + 1);
    tb_autojson cJSON *root = NULL;
    struct tb_error error;

    if (!size)
        return tb_reading_of(TB_FAILED, "its result file is empty: nothing matched its name");
    memcpy(forgiven, text, size);
    forgiven[size] = '\0';
    tb_json_forgive(forgiven, size);
    if (tb_json_parse("its result file", forgiven, size, &root, &error))
        return tb_reading_of(TB_FAILED, "%s", error.text);
    return read_root(root, name);
}
