#include "cli/command.h"

#include <math.h>
#include <pthread.h>
#include <string.h>
#include <unistd.h>

#include "archive/lookup.h"
#include "cli/exit_code.h"
#include "document/origin.h"
#include "report/compare_table.h"
#include "util/json.h"
#include "util/strings.h"

/* One side of a comparison, and what came of reading it. */
struct side {
    const struct tb_options *options;
    const char *name;
    bool ancestor;
    struct tb_source source;
    struct tb_error error;
    int code;
};

/* What is not the same in all documents of both sides, or NULL. */
static const char *obstacle(const struct tb_source *old, const struct tb_source *new)
{
    struct tb_origin origin = {0};
    const char *why = NULL;

    for (size_t i = 0; !why && i < old->count + new->count; i++)
        why = tb_origin_differs(
            &origin,
            (i < old->count ? old->documents[i] : new->documents[i - old->count])->context);
    return why;
}

/* Whether each document of a side is of a run that the other one has, too. */
static bool is_part_of(const struct tb_source *side, const struct tb_source *other)
{
    for (size_t i = 0, k; i < side->count; i++) {
        for (k = 0; k < other->count && !tb_is_same_run(side->results[i], other->results[k]);)
            k++;
        if (k == other->count)
            return false;
    }
    return true;
}

/* The smallest that any of the documents' last looks had: more would let more false alarms pass. */
static double least_share(const struct tb_source *source, double least)
{
    for (size_t i = 0; i < source->count; i++) {
        double share = source->documents[i]->settings.look_share;

        least = share > 0 ? fmin(share, least) : least;
    }
    return least;
}

static int compare(const struct tb_options *options, const struct tb_source *old,
                   const struct tb_source *new, struct tb_error *error)
{
    const char *why = options->demand.force ? NULL : obstacle(old, new);
    tb_auto(tb_comparisons_finish) struct tb_comparisons comparisons = {0};
    const struct tb_demand demand =
        tb_options_demand(options, least_share(new, least_share(old, 1)));

    if (!options->demand.pair && is_part_of(new, old))
        return tb_misuse(error,
                         "'%s' is nothing but what '%s' has: a run is not compared with itself",
                         new->caption, old->caption);
    if (options->demand.pair && old->count != new->count)
        return tb_misuse(error, "--pair: %zu and %zu documents: give as many on both sides",
                         old->count, new->count);
    if (why)
        return tb_failure(error,
                          "%s is not the same on both sides: what differs need not come from the "
                          "change; --force compares nevertheless",
                          why);
    tb_comparisons_add(&comparisons, &(struct tb_side){old->results, old->count, old->caption},
                       &(struct tb_side){new->results, new->count, new->caption}, &demand);
    tb_comparisons_put(&comparisons, options->format);
    return tb_exit_code(options, &comparisons, error);
}

static void *read_side(void *argument)
{
    struct side *side = argument;

    side->code = tb_source_read(&(struct tb_places){side->options->archive, side->options->repo},
                                side->name, side->ancestor, &side->source, &side->error);
    return NULL;
}

/* Both at once where both are files or folders: then nothing but memory is shared, cJSON's hooks
 * are set, and nobody asks it for its error, which is what it wants for that. Returns whether it
 * has been done. */
static bool read_together(struct side *old, struct side *new)
{
    bool paths = !old->ancestor && !access(old->name, F_OK) && !access(new->name, F_OK);
    pthread_t thread;

    if (!paths || pthread_create(&thread, NULL, read_side, old))
        return false;
    (void)read_side(new);
    (void)pthread_join(thread, NULL); /* it is ours, and was not joined yet */
    return true;
}

static int read_sides(struct side *old, struct side *new, struct tb_error *error)
{
    if (!read_together(old, new)) {
        (void)read_side(new);
        if (!new->code)
            (void)read_side(old);
    }
    if (old->code && (old->options->bisect || !new->code)) {
        *error = old->error;
        return tb_lasting(old->options, old->code);
    }
    if (new->code)
        *error = new->error;
    return new->code;
}

int tb_command_compare(struct tb_options *options, struct tb_error *error)
{
    size_t count = tb_words_count(options->operands), wanted = options->ancestor ? 1 : 2;
    struct side old = {options, options->operands[0], options->ancestor};
    struct side new = {options, count ? options->operands[count - 1] : NULL};
    int code;

    if (count != wanted)
        code = tb_misuse(error, "%s: give %s", tb_text_count(count, "operand").text,
                         options->ancestor ? "NEW alone with --ancestor" : "OLD and NEW");
    else
        code = read_sides(&old, &new, error);
    if (!code && old.source.count && new.source.count) /* else that was an error */
        code = compare(options, &old.source, &new.source, error);
    tb_source_finish(&old.source);
    tb_source_finish(&new.source);
    return code;
}
