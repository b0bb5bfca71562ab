#include "report/reasons.h"

#include <stdlib.h>
#include <string.h>

#include "util/memory.h"
#include "util/strings.h"

enum { most_named = 8 };

/* Cases of one result that ended alike, as a list that is written while they are gathered. */
struct gathered {
    const struct tb_record *first;
    size_t count;
    bool differ; /* in digits */
    char *names; /* owned */
};

static bool is_like(const struct tb_record *one, const struct tb_record *other)
{
    return one->outcome == other->outcome && tb_is_alike(one->reason, other->reason);
}

/* Whether an earlier case has ended so, and has been shown with this one. */
static bool is_shown(const struct tb_result *result, size_t index)
{
    for (size_t i = 0; i < index; i++) {
        if (result->records[i].outcome != TB_OK &&
            is_like(&result->records[i], &result->records[index]))
            return true;
    }
    return false;
}

/* "create/call (floor)" */
static void put_name(FILE *list, const struct tb_record *record)
{
    bool selected = record->role == TB_SELECTED;

    (void)fprintf(list, "%s%s%s%s%s", ftell(list) ? ", " : "", record->spec->name,
                  selected ? "" : " (", selected ? "" : tb_role_names[record->role],
                  selected ? "" : ")"); /* in memory, as below */
}

static struct gathered gather(const struct tb_result *result, size_t index)
{
    struct gathered all = {.first = &result->records[index]};
    size_t size;
    FILE *list = tb_open_text(&all.names, &size);

    for (size_t i = index; i < result->count; i++) {
        const struct tb_record *record = &result->records[i];

        if (record->outcome == TB_OK || !is_like(all.first, record))
            continue;
        if (all.count++ < most_named)
            put_name(list, record);
        all.differ |= strcmp(record->reason, all.first->reason) != 0;
    }
    if (all.count > most_named)
        (void)fprintf(list, " and %zu more", all.count - most_named);
    (void)fclose(list);
    return all;
}

static void put_gathered(const struct tb_page *page, const char *label, const struct gathered *all)
{
    const char *outcome = tb_outcome_names[all->first->outcome];
    enum tb_ink ink = all->first->outcome == TB_FAILED ? TB_INK_BAD : TB_INK_NONE;
    tb_autofree char *who = label ? tb_print("%s: ", label) : tb_copy("");

    if (all->count == 1)
        tb_page_line_in(page, ink, strlen(who) + strlen(outcome), 4, "%s%s %s: %s", who, outcome,
                        all->names, all->first->reason);
    else
        tb_page_line_in(page, ink, SIZE_MAX, 4, "%s%zu cases %s: %s%s: %s", who, all->count,
                        outcome, all->first->reason, all->differ ? ", or alike" : "", all->names);
}

/* What has no result, companions included: none is left out in silence. */
static void put_ended(const struct tb_page *page, const struct tb_result *result)
{
    for (size_t i = 0; i < result->count; i++) {
        if (result->records[i].outcome == TB_OK || is_shown(result, i))
            continue;
        struct gathered all = gather(result, i);

        put_gathered(page, result->subject->label, &all);
        free(all.names);
    }
}

/* What had no turn at all, by name as far as it was asked for. */
static void put_waiting(const struct tb_page *page, const struct tb_result *results, size_t count)
{
    size_t waiting = tb_result_tally(results, count).pending, named = 0, size;
    tb_autofree char *names = NULL;
    FILE *list = tb_open_text(&names, &size);

    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < results[i].count; k++) {
            const struct tb_record *record = &results[i].records[k];
            const char *label = results[i].subject->label;

            if (record->role == TB_SELECTED && tb_is_pending(record) && named++ < most_named)
                (void)fprintf(list, "%s%s%s%s", ftell(list) ? ", " : "", label ? label : "",
                              label ? ": " : "", record->spec->name); /* into memory, as below */
        }
    }
    if (named > most_named)
        (void)fprintf(list, " and %zu more", named - most_named);
    (void)fclose(list);
    if (waiting)
        tb_page_line(page, 4, "not yet measured: %s%s%s; %s ('run --continue' goes on)",
                     tb_text_count(waiting, "case").text, size ? ", of these " : "", names,
                     results->signal ? "interrupted" : "the budget does not hold them");
}

void tb_reasons_put(const struct tb_page *page, const struct tb_result *results, size_t count)
{
    for (size_t i = 0; i < count; i++)
        put_ended(page, &results[i]);
    put_waiting(page, results, count);
}
