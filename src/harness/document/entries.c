#include "document/entries.h"

#include <math.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "util/json.h"
#include "util/memory.h"
#include "util/sanitize.h"
#include "util/strings.h"

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct tb_group *)a)->name, ((const struct tb_group *)b)->name);
}

/* The group of that name, a new one if there is none; entries of one name mostly stand together. */
static struct tb_group *find_group(struct tb_entries *entries, const char *name)
{
    struct tb_group *group, **found;

    if (entries->last && !strcmp(entries->last->name, name))
        return entries->last;
    group = tb_alloc(1, sizeof *group);
    group->name = tb_copy(name);
    found = tsearch(group, &entries->by_name, by_name);
    if (*found != group) {
        free(group->name);
        free(group);
    } else {
        if (!(entries->count & (entries->count - 1))) /* room for twice as many */
            entries->groups =
                tb_grow(entries->groups, 2 * entries->count + 1, sizeof(struct tb_group *));
        entries->groups[entries->count++] = group;
    }
    return entries->last = *found;
}

struct tb_record *tb_entries_find(const struct tb_entries *entries, const char *name)
{
    char *key = tb_copy(name); /* tfind() only reads it */
    struct tb_group **found =
        tfind(&(struct tb_group){.name = key}, (void *const *)&entries->by_name, by_name);

    free(key);
    return found ? &(*found)->record : NULL;
}

/* What the entry is called, made harmless; NULL where it has no name. The caller's. */
static char *name_of(const cJSON *entry)
{
    const char *run_name = tb_json_text(entry, "run_name");
    char *name = tb_copy(run_name ? run_name : tb_json_text(entry, "name"));

    if (name)
        tb_sanitize(name, strlen(name));
    return name;
}

/* A curve fitted to several cases, which is of none of them. */
static bool is_fit(const cJSON *entry)
{
    const char *name = tb_json_text(entry, "aggregate_name");

    return tb_same(name, "BigO") || tb_same(name, "RMS");
}

static bool is_aggregate(const cJSON *entry)
{
    return tb_same(tb_json_text(entry, "run_type"), "aggregate");
}

/* False for what is no round. */
static bool read_round(const struct tb_entries *entries, const struct tb_record *record,
                       const cJSON *entry, unsigned *ret_round)
{
    const struct tb_repetition *last = tb_record_last(record);
    double round = entries->ours ? tb_json_number(entry, "round", -1) : (double)record->count;

    if (!(round >= 0 && round < 1e9 && round == floor(round)) ||
        (entries->ours && round >= TB_MOST_ROUNDS) || (last && round <= last->round))
        return false;
    *ret_round = (unsigned)round;
    return true;
}

/* A measured one. In a document of ours the primary statistic stands in the place of the time, and
 * the mean beside it; in any other one a counter of that name may be anything. */
static bool add(const struct tb_entries *entries, struct tb_record *record, const cJSON *entry,
                char *text)
{
    double time_ns = tb_json_number(entry, "real_time", NAN);
    bool has_mean = entries->ours && cJSON_HasObjectItem(entry, "mean");
    double mean_ns = has_mean ? tb_json_number(entry, "mean", NAN) : time_ns;
    struct tb_repetition repetition;
    unsigned round;

    if (isnan(mean_ns) || !read_round(entries, record, entry, &round)) {
        free(text);
        return false;
    }
    repetition = tb_repetition_of(record, entry, text, mean_ns, entries->known);
    repetition.round = round;
    tb_record_add(record, &repetition, &(struct tb_series){0});
    return true;
}

/* Whether the benchmark ended without a result, and its entry tells so. */
static bool is_ended(const char *text, size_t size)
{
    tb_autojson cJSON *entry = cJSON_ParseWithLength(text, size);

    return tb_json_find(entry, "error_occurred") || tb_json_find(entry, "skipped");
}

/* Takes the entry, which stands in the file as `size` bytes of `text`; false: it is damaged. */
static bool add_entry(const struct tb_entries *entries, struct tb_record *record, cJSON *entry,
                      const char *text, size_t size)
{
    bool in_ns = tb_same(tb_json_text(entry, "time_unit"), "ns");
    tb_auto(tb_reading_finish) struct tb_reading reading = tb_gbench_entry(entry);

    if (reading.outcome == TB_OK)
        return add(entries, record, reading.entry,
                   in_ns ? tb_copy_part(text, size) : cJSON_PrintUnformatted(reading.entry));
    if (entries->ours && !is_ended(text, size))
        return false;
    tb_sanitize(reading.reason, strlen(reading.reason));
    if (record->outcome == TB_OK)
        tb_record_end(record, reading.outcome, reading.reason);
    return true;
}

/* Takes the entry. */
static int take_entry(struct tb_entries *entries, cJSON *entry, const char *text, size_t size,
                      struct tb_error *error)
{
    tb_autofree char *name = name_of(entry);
    bool left_out = !name || is_fit(entry);
    struct tb_group *group = left_out ? NULL : find_group(entries, name);

    if (left_out || is_aggregate(entry)) {
        cJSON_Delete(entry);
        return name ? 0
                    : tb_failure(error, "%s: entry %zu has no name", entries->what, entries->read);
    }
    if (add_entry(entries, &group->record, entry, text, size))
        return 0;
    return tb_failure(error,
                      "%s: damaged: entry %zu is no measurement of a later round than the one "
                      "before it of '%s'",
                      entries->what, entries->read, name);
}

int tb_entries_read(struct tb_entries *entries, struct tb_scan *scan, struct tb_error *error)
{
    int code = 0;

    entries->listed = true;
    for (bool first = true; !code && tb_scan_item(scan, &first);) {
        const char *text = scan->at;
        cJSON *entry = tb_scan_value(scan);

        entries->read++;
        if (entry)
            code = take_entry(entries, entry, text, (size_t)(scan->at - text), error);
    }
    return code;
}

static void keep(void *node)
{
    (void)node; /* it is in the list as well */
}

void tb_entries_finish(struct tb_entries *entries)
{
    tdestroy(entries->by_name, keep);
    for (size_t i = 0; i < entries->count; i++) {
        tb_record_finish(&entries->groups[i]->record);
        free(entries->groups[i]->name);
        free(entries->groups[i]);
    }
    free(entries->groups);
    *entries = (struct tb_entries){0};
}
