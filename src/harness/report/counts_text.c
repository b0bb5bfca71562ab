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

static void each_reason(const struct tb_result *result, const char *who, enum tb_metric metric,
                        void (*put)(void *user, const char *sentence), void *user)
{
    tb_auto(tb_texts_finish) struct tb_texts reasons = {0};
    struct uncounted *each = NULL;
    size_t known = 0; /* of each */

    for (size_t i = 0; i < result->count; i++) {
        tb_auto(tb_count_finish) struct tb_count one = tb_count_of(&result->records[i], metric);
        size_t place = one.reason ? tb_names_find(&reasons.names, one.reason) : 0;

        if (!one.reason)
            continue;
        if (place >= known) { /* which is the place that it gets */
            (void)tb_texts_keep(&reasons, one.reason);
            each = tb_room(each, known, sizeof *each);
            each[known++] = (struct uncounted){0};
        }
        gather(&each[place], result->records[i].spec->name);
    }
    for (size_t i = 0; i < known; i++) {
        tb_autofree char *sentence = tb_print(
            "%s%sno %s of %s%s: %s", who ? who : "", who ? ": " : "", tb_metric_names[metric],
            each[i].names, each[i].count > most_named ? " and others" : "", reasons.names.names[i]);

        put(user, sentence);
        free(each[i].names);
    }
    free(each);
}

void tb_count_each_reason(const struct tb_result *result, const char *who,
                          void (*put)(void *user, const char *sentence), void *user)
{
    for (size_t i = TB_TIME + 1; i < TB_METRICS; i++)
        each_reason(result, who, (enum tb_metric)i, put, user);
}

/* Who has counted, of the first that was, and NULL where nothing was, the caller's; and whether
 * counts of any vary. */
static char *counter_of(const struct tb_result *const *results, size_t count, enum tb_metric metric,
                        bool *varies)
{
    char *counter = NULL;

    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < results[i]->count; k++) {
            tb_auto(tb_count_finish) struct tb_count one =
                tb_count_of(&results[i]->records[k], metric);

            if (one.counter && !counter)
                counter = tb_print("%s by %s", tb_metric_names[metric], one.counter);
            *varies |= one.count && !one.repeats;
        }
    }
    return counter;
}

char *tb_count_meaning(const struct tb_result *const *results, size_t count)
{
    tb_autofree char *all = NULL;
    bool varies = false;

    for (size_t i = TB_TIME + 1; i < TB_METRICS; i++) {
        tb_autofree char *one = counter_of(results, count, (enum tb_metric)i, &varies);
        tb_autofree char *before = all;

        all = one && before ? tb_print("%s, %s", before, one) : tb_copy(one ? one : before);
    }
    if (!all)
        return NULL;
    return tb_print("counted: %s, for one operation with what sets it up%s", all,
                    varies ? "; ~: rounds differ" : "");
}

static void put_line(void *user, const char *sentence)
{
    tb_page_line(user, 4, "%s", sentence);
}

void tb_count_notes_put(const struct tb_page *page, const struct tb_result *results, size_t count)
{
    tb_autofree const struct tb_result **all = tb_alloc(count, sizeof(struct tb_result *));
    tb_autofree char *meaning = NULL;
    struct tb_page lines = *page;

    for (size_t i = 0; i < count; i++)
        all[i] = &results[i];
    meaning = tb_count_meaning(all, count);
    if (meaning)
        put_line(&lines, meaning);
    for (size_t i = 0; i < count; i++)
        tb_count_each_reason(&results[i], results[i].subject->label, put_line, &lines);
}
