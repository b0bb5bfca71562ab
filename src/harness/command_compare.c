#include "command.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "gate.h"
#include "json.h"
#include "sources.h"

/* Both sides of a comparison. */
struct sides {
    struct tb_source old, new;
};

/* What is not the same in two documents, so that their figures are of different things; or NULL. */
static const char *difference(const cJSON *a, const cJSON *b)
{
    static const char *const members[][2] = {{"host_name", "the host"},
                                             {"library_version", "the benchmark library"}};
    const cJSON *x = cJSON_GetObjectItemCaseSensitive(a, "threadbench");
    const cJSON *y = cJSON_GetObjectItemCaseSensitive(b, "threadbench");

    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
        const char *one = tb_json_text(a, members[i][0]), *other = tb_json_text(b, members[i][0]);

        if (one && other && strcmp(one, other) != 0)
            return members[i][1];
    }
    return tb_host_differs(cJSON_GetObjectItemCaseSensitive(x, "host"),
                           cJSON_GetObjectItemCaseSensitive(y, "host"));
}

/* The same of all documents of both sides. */
static const char *obstacle(const struct sides *sides)
{
    /* Neither side is empty: that would have been an error. */
    const cJSON *first = sides->old.stored[0]->context;
    const char *why = NULL;

    for (size_t i = 1; !why && i < sides->old.count; i++)
        why = difference(first, sides->old.stored[i]->context);
    for (size_t i = 0; !why && i < sides->new.count; i++)
        why = difference(first, sides->new.stored[i]->context);
    return why;
}

/* The most that any of the documents was looked at: fewer would let more false alarms pass. */
static unsigned most_looks(const struct tb_source *source, unsigned looks)
{
    for (size_t i = 0; i < source->count; i++) {
        if (source->stored[i]->settings.looks > looks)
            looks = source->stored[i]->settings.looks;
    }
    return looks;
}

static int compare(const struct tb_options *options, struct sides *sides, struct tb_error *error)
{
    const char *why = options->force ? NULL : obstacle(sides);
    struct tb_gate gate = {.options = options};
    unsigned looks = most_looks(&sides->new, most_looks(&sides->old, 0));
    int code;

    if (why)
        return tb_error_set(error, TB_FAILURE,
                            "%s is not the same on both sides: what differs need not come from the "
                            "change; --force compares nevertheless",
                            why);
    tb_gate_add(&gate, &(struct tb_side){sides->old.results, sides->old.count},
                &(struct tb_side){sides->new.results, sides->new.count},
                &(struct tb_caption){sides->old.caption, sides->new.caption}, looks, 1);
    tb_gate_put(&gate);
    code = tb_gate_code(&gate);
    tb_gate_finish(&gate);
    return code;
}

/* One side, and what came of reading it. */
struct reading {
    const struct tb_options *options;
    const char *name;
    struct tb_source *source;
    struct tb_error error;
    int code;
};

static void *read_side(void *argument)
{
    struct reading *reading = argument;

    reading->code =
        tb_source_read(reading->options, reading->name, reading->source, &reading->error);
    return NULL;
}

/* Both at once where both are files or folders: then nothing but memory is shared, cJSON's hooks
 * are set, and nobody asks it for its error, which is what it wants for that. Returns whether it
 * has been done. */
static bool read_together(struct reading *old, struct reading *new)
{
    bool paths = old->name && new->name && !access(old->name, F_OK) && !access(new->name, F_OK);
    pthread_t thread;

    if (!paths || pthread_create(&thread, NULL, read_side, old))
        return false;
    (void)read_side(new);
    (void)pthread_join(thread, NULL); /* it is ours, and was not joined yet */
    return true;
}

static int read_sides(const struct tb_options *options, struct sides *sides, struct tb_error *error)
{
    char *const *names = options->operands;
    struct reading old = {options, names[0], &sides->old};
    struct reading new = {options, names[1], &sides->new};

    if (options->ancestor) {
        int code = tb_source_read(options, names[0], &sides->new, error);

        return code ? code : tb_source_read_ancestor(options, names[0], &sides->old, error);
    }
    if (!read_together(&old, &new)) {
        (void)read_side(&new);
        if (!new.code)
            (void)read_side(&old);
    }
    if (new.code || old.code)
        *error = new.code ? new.error : old.error;
    return new.code ? new.code : old.code;
}

static int check_operands(const struct tb_options *options, struct tb_error *error)
{
    size_t wanted = options->ancestor ? 1 : 2, count = 0;

    while (options->operands[count])
        count++;
    if (count == wanted)
        return 0;
    return tb_error_set(error, TB_USAGE, "%zu operands: give %s", count,
                        options->ancestor ? "NEW alone with --ancestor" : "OLD and NEW");
}

int tb_command_compare(int argc, char **argv, struct tb_error *error)
{
    struct tb_options options;
    struct sides sides = {0};
    int code = tb_options_read(&options, argc, argv, error);

    if (code)
        return code;
    if (!options.help) {
        code = check_operands(&options, error);
        if (!code)
            code = read_sides(&options, &sides, error);
        if (!code && sides.old.count && sides.new.count)
            code = compare(&options, &sides, error);
        code = tb_gate_exit(&options, code, error);
    }
    tb_source_finish(&sides.old);
    tb_source_finish(&sides.new);
    tb_options_finish(&options);
    return code;
}
