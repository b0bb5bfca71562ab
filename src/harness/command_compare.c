#include "command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

static int compare(const struct tb_options *options, struct sides *sides, struct tb_error *error)
{
    const char *why = options->force ? NULL : obstacle(sides);
    struct tb_gate gate = {.options = options};
    const struct tb_settings *settings = &sides->new.stored[0]->settings;
    int code;

    if (why)
        return tb_error_set(error, TB_FAILURE,
                            "%s is not the same on both sides: what differs need not come from the "
                            "change; --force compares nevertheless",
                            why);
    tb_gate_add(&gate, &(struct tb_side){sides->old.results, sides->old.count},
                &(struct tb_side){sides->new.results, sides->new.count},
                &(struct tb_caption){sides->old.caption, sides->new.caption}, settings->looks, 1);
    tb_gate_put(&gate);
    code = tb_gate_code(&gate);
    tb_gate_finish(&gate);
    return code;
}

static int read_sides(const struct tb_options *options, struct sides *sides, struct tb_error *error)
{
    char *const *names = options->operands;
    size_t wanted = options->ancestor ? 1 : 2, count = 0;
    int code;

    while (names[count])
        count++;
    if (count != wanted) {
        (void)tb_error_set(error, TB_USAGE, "%zu operands: give %s", count,
                           options->ancestor ? "NEW alone with --ancestor" : "OLD and NEW");
        return TB_USAGE;
    }
    code = tb_source_read(options, names[count - 1], &sides->new, error);
    if (code)
        return code;
    return (options->ancestor ? tb_source_read_ancestor : tb_source_read)(options, names[0],
                                                                          &sides->old, error);
}

int tb_command_compare(int argc, char **argv, struct tb_error *error)
{
    struct tb_options options;
    struct sides sides = {0};
    int code = tb_options_read(&options, argc, argv, error);

    if (code)
        return code;
    if (!options.help) {
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
