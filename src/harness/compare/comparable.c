#include "compare/comparable.h"

#include <math.h>
#include <string.h>

#include "document/origin.h"

/* Whether all documents of the new side are of sessions of the old one: then what their subjects
 * have loaded may differ, as it was measured to be compared. */
static bool is_interleaved(const struct tb_side *old, const struct tb_side *new)
{
    for (size_t i = 0, k; i < new->count; i++) {
        const char *session = new->documents[i]->settings.session;

        for (k = 0; k < old->count && strcmp(old->documents[k]->settings.session, session) != 0;)
            k++;
        if (k == old->count || !*session)
            return false;
    }
    return true;
}

const char *tb_sides_differ(const struct tb_side *old, const struct tb_side *new)
{
    bool together = is_interleaved(old, new);
    struct tb_origin origin = {0}, first = {0}, second = {0};
    const char *why = NULL;

    for (size_t i = 0; !why && i < old->count + new->count; i++) {
        bool newer = i >= old->count;
        const cJSON *context =
            (newer ? new->documents[i - old->count] : old->documents[i])->context;

        why = tb_origin_differs(&origin, context);
        if (!why)
            why = tb_origin_loads_other(together && newer ? &second : &first, context);
    }
    return why;
}

bool tb_side_is_part(const struct tb_side *side, const struct tb_side *other)
{
    for (size_t i = 0, k; i < side->count; i++) {
        for (k = 0;
             k < other->count && !tb_document_is_same_run(side->documents[i], other->documents[k]);)
            k++;
        if (k == other->count)
            return false;
    }
    return true;
}

static double least_share(const struct tb_side *side, double least)
{
    for (size_t i = 0; i < side->count; i++) {
        double share = side->documents[i]->settings.look_share;

        least = share > 0 ? fmin(share, least) : least;
    }
    return least;
}

double tb_sides_look_share(const struct tb_side *old, const struct tb_side *new)
{
    return least_share(new, least_share(old, 1));
}
