#include "report/reasons.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "util/memory.h"
#include "util/strings.h"
#include "util/texts.h"

enum { most_named = 8 };

/* Cases of one result that ended alike. */
struct gathered {
    const struct tb_record *first;
    size_t count;
    bool differ; /* in digits */
    char *names; /* owned: of the first of them */
};

/* All of them, each at the place of how they ended, in the order of their first cases. */
struct ended {
    struct tb_texts ways;
    struct gathered *each;
    size_t count;
};

static void ended_finish(struct ended *ended)
{
    for (size_t i = 0; i < ended->count; i++)
        free(ended->each[i].names);
    free(ended->each);
    tb_texts_finish(&ended->ways);
}

/* The same text for outcomes and reasons that differ in digits alone; the caller's. */
static char *way_of(const struct tb_record *record)
{
    char *way = tb_print("%s %s", tb_outcome_names[record->outcome], record->reason), *to = way;

    for (const char *from = way; *from; from++) {
        bool digit = isdigit((unsigned char)*from);
        char mark = '0';

        if (!digit)
            mark = *from;
        if (!digit || to == way || to[-1] != '0')
            *to++ = mark;
    }
    *to = '\0';
    return way;
}

static struct gathered *gathered_of(struct ended *ended, const struct tb_record *record)
{
    tb_autofree char *way = way_of(record);
    size_t at = tb_names_find(&ended->ways.names, way);

    if (at == ended->count) {
        (void)tb_texts_keep(&ended->ways, way);
        ended->each = tb_room(ended->each, ended->count, sizeof *ended->each);
        ended->each[ended->count++] = (struct gathered){.first = record};
    }
    return &ended->each[at];
}

/* "create/call (floor)" is added to the names. */
static void gather(struct gathered *all, const struct tb_record *record)
{
    char *before = all->names;
    bool selected = record->role == TB_SELECTED;

    all->differ |= strcmp(record->reason, all->first->reason) != 0;
    if (all->count++ >= most_named)
        return;
    all->names = tb_print("%s%s%s%s%s%s", before ? before : "", before ? ", " : "",
                          record->spec->name, selected ? "" : " (",
                          selected ? "" : tb_role_names[record->role], selected ? "" : ")");
    free(before);
}

static void put_gathered(const struct tb_page *page, const char *label, const struct gathered *all)
{
    const char *outcome = tb_outcome_names[all->first->outcome];
    enum tb_ink ink = all->first->outcome == TB_FAILED ? TB_INK_BAD : TB_INK_NONE;
    size_t unnamed = all->count > most_named ? all->count - most_named : 0;
    tb_autofree char *more = unnamed ? tb_print(" and %zu more", unnamed) : tb_copy("");
    tb_autofree char *who = label ? tb_print("%s: ", label) : tb_copy("");

    if (all->count == 1)
        tb_page_line_in(page, ink, strlen(who) + strlen(outcome), 4, "%s%s %s: %s", who, outcome,
                        all->names, all->first->reason);
    else
        tb_page_line_in(page, ink, SIZE_MAX, 4, "%s%zu cases %s: %s%s: %s%s", who, all->count,
                        outcome, all->first->reason, all->differ ? ", or alike" : "", all->names,
                        more);
}

/* What has no result, companions included: none is left out in silence. */
static void put_ended(const struct tb_page *page, const struct tb_result *result)
{
    tb_auto(ended_finish) struct ended ended = {0};

    for (size_t i = 0; i < result->count; i++) {
        const struct tb_record *record = &result->records[i];

        if (record->outcome != TB_OK)
            gather(gathered_of(&ended, record), record);
    }
    for (size_t i = 0; i < ended.count; i++)
        put_gathered(page, result->subject->label, &ended.each[i]);
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
