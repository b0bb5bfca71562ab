#include "compare/pairing.h"

#include <stdlib.h>
#include <string.h>

#include "util/memory.h"

const char *const tb_unit_names[] = {"round", "session", "repetition"};

static bool is_same_session(const struct tb_result *a, const struct tb_result *b)
{
    const char *session = a->settings->session;

    return *session && !strcmp(session, b->settings->session);
}

/* One result for each session, of the subject that was named first, so that it is the same one for
 * sessions alike. */
static struct tb_side sessions_of(const struct tb_side *side)
{
    const struct tb_result **results = tb_alloc(side->count, sizeof *results);
    size_t count = 0;

    for (size_t i = 0; i < side->count; i++) {
        const struct tb_result *result = side->results[i];
        size_t at = 0;

        while (at < count && !is_same_session(results[at], result))
            at++;
        if (at == count || result->place < results[at]->place)
            results[at] = result;
        count += at == count;
    }
    return (struct tb_side){results, count};
}

/* The first result of its session that is another run and not taken yet, or NULL; with `forced` the
 * one at its place. */
static const struct tb_result *partner_of(const struct tb_side *old, size_t place,
                                          const struct tb_side *new, bool forced, bool *taken)
{
    const struct tb_result *result = old->results[place];

    for (size_t i = 0; i < new->count; i++) {
        if (!taken[i] && (forced ? i == place
                                 : is_same_session(result, new->results[i]) &&
                                       !tb_is_same_run(result, new->results[i]))) {
            taken[i] = true;
            return new->results[i];
        }
    }
    return NULL;
}

/* What shares a session, each result once. */
static struct tb_match pairs_of(const struct tb_side *old, const struct tb_side *new, bool forced)
{
    tb_autofree bool *taken = tb_alloc(new->count, sizeof *taken);
    const struct tb_result **olds = tb_alloc(old->count, sizeof *olds);
    const struct tb_result **news = tb_alloc(old->count, sizeof *news);
    bool drifts = false;
    size_t count = 0;

    for (size_t i = 0; i < old->count; i++) {
        olds[count] = old->results[i];
        news[count] = partner_of(old, i, new, forced, taken);
        drifts |= news[count] && !is_same_session(olds[count], news[count]);
        count += news[count] != NULL;
    }
    return (struct tb_match){TB_UNIT_ROUND, drifts, {olds, count}, {news, count}};
}

struct tb_match tb_match(const struct tb_side *old, const struct tb_side *new, bool forced)
{
    struct tb_match match = pairs_of(old, new, forced);

    if (match.old.count)
        return match;
    tb_match_finish(&match);
    match.old = sessions_of(old);
    match.new = sessions_of(new);
    match.drifts = match.old.count < 2 && match.new.count < 2;
    match.unit = match.drifts ? TB_UNIT_REPETITION : TB_UNIT_SESSION;
    return match;
}

void tb_match_finish(struct tb_match *match)
{
    free(match->old.results);
    free(match->new.results);
    *match = (struct tb_match){0};
}
