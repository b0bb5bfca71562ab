#include "document/gbench.h"

#include <ctype.h>
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

/* NaN where it is none. */
static double unit_ns(const char *name)
{
    static const struct {
        const char *name;
        double ns;
    } units[] = {{"ns", 1}, {"us", 1e3}, {"ms", 1e6}, {"s", 1e9}};

    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        if (tb_same(name, units[i].name))
            return units[i].ns;
    }
    return NAN;
}

/* In one walk, as most of the time that reading takes goes by here. */
struct tb_entry tb_entry_of(cJSON *tree)
{
    enum { NAME, RUN, TYPE, KIND, UNIT, REAL, CPU, ERROR, MESSAGE, SKIP, WHY, MEAN, ROUND, ALL };
    static const char *const names[ALL] = {
        [NAME] = "name",           [RUN] = "run_name",         [TYPE] = "run_type",
        [KIND] = "aggregate_name", [UNIT] = "time_unit",       [REAL] = "real_time",
        [CPU] = "cpu_time",        [ERROR] = "error_occurred", [MESSAGE] = "error_message",
        [SKIP] = "skipped",        [WHY] = "skip_message",     [MEAN] = "mean",
        [ROUND] = "round",
    };
    const cJSON *found[ALL] = {NULL};
    size_t members = tb_json_pick(tree, names, ALL, found);
    double unit = unit_ns(cJSON_GetStringValue(found[UNIT]));

    return (struct tb_entry){
        .tree = tree,
        .members = members,
        .name = cJSON_GetStringValue(found[NAME]),
        .run_name = cJSON_GetStringValue(found[RUN]),
        .is_typed = found[TYPE] != NULL,
        .is_aggregate = tb_same(cJSON_GetStringValue(found[TYPE]), "aggregate"),
        .aggregate = cJSON_GetStringValue(found[KIND]),
        .failed = cJSON_IsTrue(found[ERROR]),
        .error = cJSON_GetStringValue(found[MESSAGE]),
        .skipped = cJSON_IsTrue(found[SKIP]),
        .why = cJSON_GetStringValue(found[WHY]),
        .unit_ns = unit,
        .real_ns = tb_json_value(found[REAL]) * unit,
        .cpu_ns = tb_json_value(found[CPU]) * unit,
        .has_mean = found[MEAN] != NULL,
        .mean_ns = tb_json_value(found[MEAN]),
        .round = tb_json_value(found[ROUND]),
    };
}

/* An entry is the case's by its run name; the name alone differs for aggregates. */
static bool is_of(const struct tb_entry *entry, const char *name)
{
    return tb_same(entry->run_name, name) || tb_same(entry->name, name);
}

static int by_time(const void *a, const void *b)
{
    double x = ((const struct tb_entry *)a)->real_ns, y = ((const struct tb_entry *)b)->real_ns;

    return (x > y) - (x < y);
}

/* The repetition of median time, or the first that was skipped or failed; where there is none, the
 * aggregate of their median. */
static cJSON *pick(const cJSON *entries, const char *name)
{
    tb_autofree struct tb_entry *found =
        tb_alloc((size_t)cJSON_GetArraySize(entries), sizeof *found);
    cJSON *tree, *median = NULL;
    size_t count = 0;

    tb_json_each(tree, entries) {
        struct tb_entry entry = tb_entry_of(tree);

        if (!is_of(&entry, name))
            continue;
        if (entry.is_aggregate && !median && tb_same(entry.aggregate, "median"))
            median = tree;
        if (!entry.is_aggregate && (entry.failed || entry.skipped))
            return tree;
        if (!entry.is_aggregate)
            found[count++] = entry;
    }
    if (!count)
        return median;
    qsort(found, count, sizeof *found, by_time);
    return found[(count - 1) / 2].tree;
}

static struct tb_reading read_unusual(const struct tb_entry *entry)
{
    const char *error = entry->error;

    if (entry->skipped)
        return tb_reading_of(TB_SKIPPED, "%s", entry->why ? entry->why : "no reason given");
    if (error && tb_begins_with(error, skip_mark))
        return tb_reading_of(TB_SKIPPED, "%s", error + strlen(skip_mark));
    return tb_reading_of(TB_FAILED, "%s", error && *error ? error : "an error without a message");
}

struct tb_reading tb_entry_read(const struct tb_entry *entry)
{
    if (entry->failed || entry->skipped)
        return read_unusual(entry);
    if (entry->members > most_members)
        return tb_reading_of(TB_FAILED, "its result has more than %d members", most_members);
    if (isnan(entry->unit_ns))
        return tb_reading_of(TB_FAILED, "its result has no time unit of ns, us, ms or s");
    if (!isfinite(entry->real_ns) || !isfinite(entry->cpu_ns))
        return tb_reading_of(TB_FAILED, "its result has no finite real_time and cpu_time");
    if (entry->unit_ns != 1) {
        tb_json_set_number(entry->tree, "real_time", entry->real_ns);
        tb_json_set_number(entry->tree, "cpu_time", entry->cpu_ns);
        tb_json_set_text(entry->tree, "time_unit", "ns");
    }
    return (struct tb_reading){.outcome = TB_OK};
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

static struct tb_reading read_root(cJSON *root, const char *name)
{
    const cJSON *entries = tb_json_find(root, "benchmarks");
    const char *other = tb_json_text(cJSON_GetArrayItem(entries, 0), "name");
    cJSON *tree = pick(entries, name);
    struct tb_entry entry = tb_entry_of(tree);
    struct tb_reading reading;

    if (!cJSON_IsArray(entries))
        return tb_reading_of(TB_FAILED, "its result file has no list of benchmarks");
    if (!cJSON_GetArraySize(entries))
        return tb_reading_of(TB_FAILED, "its result file holds no entry");
    if (!tree)
        return tb_reading_of(TB_FAILED, "its result file has no entry of that name, but '%s'",
                             other ? other : "(no name)");
    reading = tb_entry_read(&entry);
    if (reading.outcome == TB_OK) {
        reading.entry = cJSON_Duplicate(tree, true);
        clean(reading.entry);
    }
    reading.context = cJSON_DetachItemFromObjectCaseSensitive(root, "context");
    return reading;
}

/* "1,68e+00": a program that takes on its user's locale for C++ writes JSON by it. */
static bool has_local_numbers(const char *text)
{
    static const char member[] = "\"cpu_time\": ";
    const char *at = strstr(text, member);

    at = at ? at + strlen(member) : text;
    at += strspn(at, "0123456789.");
    return *at == ',' && isdigit((unsigned char)at[1]);
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
        return tb_reading_of(TB_FAILED, "%s%s", error.text,
                             has_local_numbers(forgiven)
                                 ? ": its numbers are of a locale: start it by 'env LC_ALL=C'"
                                 : "");
    return read_root(root, name);
}
