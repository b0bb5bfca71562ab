#include "report/counts_text.h"

#include <math.h>
#include <stdlib.h>

#include "stats/repeat.h"
#include "util/memory.h"
#include "util/strings.h"
#include "util/texts.h"

enum { most_named = 8 };

struct tb_text tb_count_text(const struct tb_record *record, enum tb_metric metric)
{
    tb_auto(tb_count_finish) struct tb_count count = tb_count_of(record, metric);
    struct tb_text number = tb_text_number(count.value < TB_COUNT_GRAIN ? 0 : count.value);

    return tb_text_print(count.count, "%s%s", count.repeats ? "" : "~", number.text);
}

/* A record that was to be counted, of all results; `at` counts them. NULL: there are no more. */
static const struct tb_record *record_at(const struct tb_result *results, size_t count, size_t at)
{
    for (size_t i = 0; i < count; i++) {
        if (at < results[i].count)
            return &results[i].records[at];
        at -= results[i].count;
    }
    return NULL;
}

/* Cases that were not counted for one reason. */
struct uncounted {
    size_t count;
    char *names; /* owned, of the first of them */
};

static void gather(struct uncounted *all, const char *name)
{
    tb_autofree char *before = all->names;

    if (all->count++ < most_named)
        all->names = tb_print("%s%s%s", before ? before : "", before ? ", " : "", name);
    else
        all->names = tb_copy(before);
}

static void put_uncounted(const struct tb_page *page, const struct tb_result *results, size_t count,
                          enum tb_metric metric)
{
    tb_auto(tb_texts_finish) struct tb_texts reasons = {0};
    struct uncounted *each = NULL;
    const struct tb_record *record;
    size_t known = 0; /* of each */

    for (size_t at = 0; (record = record_at(results, count, at)); at++) {
        tb_auto(tb_count_finish) struct tb_count one = tb_count_of(record, metric);
        size_t place = one.reason ? tb_names_find(&reasons.names, one.reason) : 0;

        if (!one.reason)
            continue;
        if (place >= known) { /* which is the place that it gets */
            (void)tb_texts_keep(&reasons, one.reason);
            each = tb_room(each, known, sizeof *each);
            each[known++] = (struct uncounted){0};
        }
        gather(&each[place], record->spec->name);
    }
    for (size_t i = 0; i < known; i++) {
        tb_page_line(page, 4, "no %s of %s%s: %s", tb_metric_names[metric], each[i].names,
                     each[i].count > most_named ? " and others" : "", reasons.names.names[i]);
        free(each[i].names);
    }
    free(each);
}

/* Who has counted, of the first that was; NULL: nothing was. The caller's. */
static char *counter_of(const struct tb_result *results, size_t count, enum tb_metric metric)
{
    const struct tb_record *record;

    for (size_t at = 0; (record = record_at(results, count, at)); at++) {
        tb_auto(tb_count_finish) struct tb_count one = tb_count_of(record, metric);

        if (one.counter)
            return tb_print("%s by %s", tb_metric_names[metric], one.counter);
    }
    return NULL;
}

static bool any_varies(const struct tb_result *results, size_t count)
{
    const struct tb_record *record;

    for (size_t at = 0; (record = record_at(results, count, at)); at++) {
        for (size_t metric = TB_TIME + 1; metric < TB_METRICS; metric++) {
            tb_auto(tb_count_finish) struct tb_count one =
                tb_count_of(record, (enum tb_metric)metric);

            if (one.count && !one.repeats)
                return true;
        }
    }
    return false;
}

void tb_count_notes_put(const struct tb_page *page, const struct tb_result *results, size_t count)
{
    tb_autofree char *all = NULL;

    for (size_t i = TB_TIME + 1; i < TB_METRICS; i++) {
        tb_autofree char *one = counter_of(results, count, (enum tb_metric)i), *before = all;

        all = one && before ? tb_print("%s, %s", before, one) : tb_copy(one ? one : before);
    }
    if (all)
        tb_page_line(page, 4, "counted: %s, for one operation with what sets it up%s", all,
                     any_varies(results, count) ? "; ~: rounds differ" : "");
    for (size_t i = TB_TIME + 1; i < TB_METRICS; i++)
        put_uncounted(page, results, count, (enum tb_metric)i);
}
