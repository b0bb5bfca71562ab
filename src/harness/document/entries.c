#include "document/entries.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "util/json.h"
#include "util/memory.h"
#include "util/sanitize.h"
#include "util/strings.h"

const char tb_only_aggregates[] =
    "only aggregates in the file: leave out --benchmark_report_aggregates_only";

/* NULL where there is none. */
static struct tb_group *find_group(const struct tb_entries *entries, const char *name)
{
    size_t place = tb_names_find(&entries->names, name);

    return place < entries->names.count ? entries->groups[place] : NULL;
}

static struct tb_group *add_group(struct tb_entries *entries, const char *name)
{
    struct tb_group *group = tb_alloc(1, sizeof *group);

    group->name = tb_copy(name);
    entries->groups = tb_room(entries->groups, entries->names.count, sizeof(struct tb_group *));
    entries->groups[tb_names_add(&entries->names, group->name)] = group;
    return group;
}

struct tb_group *tb_entries_group(struct tb_entries *entries, const char *name)
{
    if (!entries->last || strcmp(entries->last->name, name) != 0) {
        entries->last = find_group(entries, name);
        if (!entries->last)
            entries->last = add_group(entries, name);
    }
    return entries->last;
}

/* A curve fitted to several cases, which is of none of them, and has no time of its own. */
static bool is_fit(const struct tb_entry *entry)
{
    bool untyped = !entry->is_typed && entry->name && isnan(entry->real_ns) && !entry->failed;

    return tb_same(entry->aggregate, "BigO") || tb_same(entry->aggregate, "RMS") ||
           (untyped && (tb_ends_with(entry->name, "_BigO") || tb_ends_with(entry->name, "_RMS")));
}

/* The group of the first `size` bytes of a name, or NULL. */
static struct tb_group *find_part(const struct tb_entries *entries, const char *name, size_t size,
                                  const char *ending)
{
    tb_autofree char *part = tb_print("%.*s%s", (int)size, name, ending);

    return find_group(entries, part);
}

/* The bytes of the name that stand before the ending of an aggregate; 0: it has none. */
static size_t base_size(const char *name)
{
    static const char *const endings[] = {"_mean", "_median", "_stddev"};

    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        if (tb_ends_with(name, endings[i]))
            return strlen(name) - strlen(endings[i]);
    }
    return 0;
}

/* Of an entry that does not say whether it is one: there are aggregates of several repetitions
 * alone, which they follow. */
static bool follows(const struct tb_entries *entries, const char *name)
{
    size_t size = base_size(name);
    const struct tb_group *base = size ? find_part(entries, name, size, "") : NULL;

    return base && base->record.count > 1;
}

/* False for what is no round. */
static bool read_round(const struct tb_entries *entries, const struct tb_record *record,
                       const struct tb_entry *entry, unsigned *ret_round)
{
    const struct tb_repetition *last = tb_record_last(record);
    double round = entries->ours ? entry->round : (double)record->count;

    if (!(round >= 0 && round < 1e9 && round == floor(round)) ||
        (entries->ours && round >= TB_MOST_ROUNDS) || (last && round <= last->round))
        return false;
    *ret_round = (unsigned)round;
    return true;
}

/* A measured one, which stands in the file as `size` bytes of `text`. In a document of ours the
 * primary statistic stands in the place of the time, and the mean beside it; in any other one a
 * counter of that name may be anything. */
static bool add(const struct tb_entries *entries, struct tb_record *record,
                const struct tb_entry *entry, const char *text, size_t size)
{
    double mean_ns = entries->ours && entry->has_mean ? entry->mean_ns : entry->real_ns;
    struct tb_repetition repetition;
    char *copy = NULL;
    unsigned round;

    if (!isfinite(mean_ns) || !read_round(entries, record, entry, &round))
        return false;
    if (entries->kept)
        copy = entry->unit_ns == 1 ? tb_copy_part(text, size) : cJSON_PrintUnformatted(entry->tree);
    repetition = tb_repetition_of(record, entry->tree, copy, mean_ns, entries->known);
    repetition.round = round;
    tb_record_add(record, &repetition, &(struct tb_series){0});
    return true;
}

/* False: it is damaged. */
static bool add_entry(const struct tb_entries *entries, struct tb_record *record,
                      const struct tb_entry *entry, const char *text, size_t size)
{
    tb_auto(tb_reading_finish) struct tb_reading reading = tb_entry_read(entry);

    if (reading.outcome == TB_OK)
        return add(entries, record, entry, text, size);
    if (entries->ours && !entry->failed && !entry->skipped)
        return false;
    tb_sanitize(reading.reason, strlen(reading.reason));
    if (record->outcome == TB_OK)
        tb_record_end(record, reading.outcome, reading.reason);
    return true;
}

static int take_entry(struct tb_entries *entries, const struct tb_entry *entry, const char *text,
                      size_t size, struct tb_error *error)
{
    tb_autofree char *name = tb_copy(entry->run_name ? entry->run_name : entry->name);
    struct tb_group *group;

    if (!name)
        return tb_failure(error, "%s: entry %zu has no name", entries->what, entries->read);
    if (is_fit(entry))
        return 0;
    tb_sanitize(name, strlen(name));
    if (!entry->is_typed && !entries->ours && follows(entries, name))
        return 0;
    group = tb_entries_group(entries, name);
    group->untyped = !entry->is_typed;
    if (entry->is_aggregate || add_entry(entries, &group->record, entry, text, size))
        return 0;
    return tb_failure(error,
                      "%s: damaged: entry %zu is no measurement of a later round than the one "
                      "before it of '%s'",
                      entries->what, entries->read, name);
}

/* Where there are nothing but aggregates, mean and deviation of the same tell what they are. */
static void end_aggregates(const struct tb_entries *entries)
{
    for (size_t i = 0; i < entries->names.count; i++) {
        struct tb_group *group = entries->groups[i];
        size_t size = group->untyped ? base_size(group->name) : 0;

        if (!size || find_part(entries, group->name, size, "") ||
            !find_part(entries, group->name, size, "_mean") ||
            !find_part(entries, group->name, size, "_stddev"))
            continue;
        tb_record_finish(&group->record);
        group->record = (struct tb_record){0};
        tb_record_end(&group->record, TB_SKIPPED, tb_only_aggregates);
    }
}

int tb_entries_read(struct tb_entries *entries, struct tb_scan *scan, struct tb_error *error)
{
    int code = 0;

    entries->listed = true;
    for (bool first = true; !code && tb_scan_item(scan, &first);) {
        const char *text = scan->at;
        tb_autojson cJSON *tree = tb_scan_value(scan);
        struct tb_entry entry = tb_entry_of(tree);

        entries->read++;
        if (tree)
            code = take_entry(entries, &entry, text, (size_t)(scan->at - text), error);
    }
    if (!entries->ours)
        end_aggregates(entries);
    return code;
}

void tb_entries_finish(struct tb_entries *entries)
{
    for (size_t i = 0; i < entries->names.count; i++) {
        tb_record_finish(&entries->groups[i]->record);
        free(entries->groups[i]->name);
        free(entries->groups[i]);
    }
    free(entries->groups);
    tb_names_finish(&entries->names);
    *entries = (struct tb_entries){0};
}
