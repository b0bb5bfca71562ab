#include "cli/command.h"

#include <pthread.h>
#include <string.h>
#include <unistd.h>

#include "archive/lookup.h"
#include "cli/exit_code.h"
#include "cli/meant.h"
#include "compare/comparable.h"
#include "document/origin.h"
#include "report/circumstances.h"
#include "report/compare_table.h"
#include "util/json.h"
#include "util/strings.h"

/* A side that is asked for, and what came of reading it. */
struct asked {
    const struct tb_options *options;
    const char *name;
    bool ancestor;
    struct tb_side side;
    struct tb_error error;
    int code;
};

/* Of the sides, an array of two: where they have loaded something else, what each has. */
static void put_head(const struct tb_page *page, const void *sides)
{
    static const char path[] = "threadbench.subject.loaded";
    const struct tb_side *const *both = sides;
    const cJSON *old = tb_json_find(both[0]->documents[0]->context, path);
    const cJSON *new = tb_json_find(both[1]->documents[0]->context, path);

    if (!tb_loaded_differs(old, new))
        return;
    tb_loaded_put(page, "old", old);
    tb_loaded_put(page, "new", new);
}

/* A comparison without what could not be read is no good news. */
static int check_damage(size_t damaged, int code, struct tb_error *error)
{
    if (!damaged || (code && code != TB_EXIT_INCONCLUSIVE))
        return code;
    return tb_failure(error,
                      "compared without %s that could not be read: remove or restore what was "
                      "skipped, and compare again",
                      tb_text_count(damaged, "file").text);
}

static void add_cases(struct tb_names *names, const struct tb_result *result)
{
    for (size_t i = 0; i < result->count; i++)
        (void)tb_names_add(names, result->records[i].spec->name); /* which may have come before */
}

/* Nothing was asked for that is there. */
static int refuse_choice(const struct tb_options *options, const struct tb_side *old,
                         const struct tb_side *new, struct tb_error *error)
{
    const struct tb_side *const sides[] = {old, new};
    tb_auto(tb_names_finish) struct tb_names names = {0};
    tb_autofree char *meant = NULL;

    for (size_t i = 0; i < 2; i++) {
        for (size_t k = 0; k < sides[i]->count; k++)
            add_cases(&names, sides[i]->results[k]);
    }
    meant = tb_filter_meant(options, names.names, names.count, "without them all are compared");
    return tb_misuse(error, "no case matches --filter and --set: %s", meant);
}

static int compare(const struct tb_options *options, const struct tb_side *old,
                   const struct tb_side *new, struct tb_error *error)
{
    const char *why = options->demand.force ? NULL : tb_sides_differ(old, new);
    tb_auto(tb_comparisons_finish) struct tb_comparisons comparisons = {0};
    const struct tb_demand demand = tb_options_demand(options, tb_sides_look_share(old, new));

    if (tb_side_is_part(new, old))
        return tb_misuse(error,
                         "every run of '%s' is one of '%s', too: a run is not compared with itself",
                         new->name, old->name);
    if (options->demand.pair && old->count != new->count)
        return tb_misuse(error, "--pair: %zu and %zu documents: give as many on both sides",
                         old->count, new->count);
    if (why)
        return tb_failure(error,
                          "%s is not the same on both sides: what differs need not come from the "
                          "change: measure both on one host, by 'threadbench ab'; --force compares "
                          "nevertheless",
                          why);
    tb_comparisons_add(&comparisons, old, new, &demand);
    if (!comparisons.each->count && (demand.filter || demand.core || demand.standard))
        return refuse_choice(options, old, new, error);
    tb_comparisons_put(&comparisons, options->format, put_head,
                       (const struct tb_side *[]){old, new});
    return check_damage(old->damaged + new->damaged, tb_exit_code(options, &comparisons, error),
                        error);
}

static void *read_side(void *argument)
{
    struct asked *asked = argument;

    const struct tb_places places = {asked->options->archive, asked->options->repo,
                                     asked->options->host};

    asked->code = tb_side_read(&places, asked->name, asked->ancestor, &asked->side, &asked->error);
    return NULL;
}

/* Both at once where both are files or folders: then nothing but memory is shared, cJSON's hooks
 * are set, and nobody asks it for its error, which is what it wants for that. Returns whether it
 * has been done. */
static bool read_together(struct asked *old, struct asked *new)
{
    bool paths = !old->ancestor && !access(old->name, F_OK) && !access(new->name, F_OK);
    pthread_t thread;

    if (!paths || pthread_create(&thread, NULL, read_side, old))
        return false;
    (void)read_side(new);
    (void)pthread_join(thread, NULL); /* it is ours, and was not joined yet */
    return true;
}

static int read_sides(struct asked *old, struct asked *new, struct tb_error *error)
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
    struct asked old = {options, options->operands[0], options->ancestor};
    struct asked new = {options, count ? options->operands[count - 1] : NULL};
    int code;

    if (count != wanted)
        code = tb_misuse(error, "compare: %s: give %s", tb_text_count(count, "operand").text,
                         options->ancestor ? "NEW alone with --ancestor"
                                           : "OLD and NEW, or NEW alone with --ancestor");
    else
        code = read_sides(&old, &new, error);
    if (!code && old.side.count && new.side.count) /* else that was an error */
        code = compare(options, &old.side, &new.side, error);
    tb_side_finish(&old.side);
    tb_side_finish(&new.side);
    return code;
}
