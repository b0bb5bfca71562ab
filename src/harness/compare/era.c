#include "compare/era.h"

#include <stdlib.h>
#include <string.h>

#include "util/json.h"
#include "util/memory.h"

void tb_origins_finish(struct tb_origins *origins)
{
    for (size_t i = 0; i < origins->texts.count; i++)
        cJSON_Delete(origins->trees[i]);
    free(origins->trees);
    tb_names_finish(&origins->texts);
}

static const cJSON *tree_of(struct tb_origins *origins, const char *text)
{
    size_t count = origins->texts.count, at = tb_names_add(&origins->texts, text);

    if (at == count) {
        origins->trees = tb_grow(origins->trees, count + 1, sizeof(cJSON *));
        origins->trees[count] = cJSON_Parse(text);
    }
    return origins->trees[at];
}

/* What is another one in a member of both; else it is known from now on. */
static const char *check_member(const cJSON **known, const cJSON *now, const char *what)
{
    if (*known && now && !cJSON_Compare(*known, now, true))
        return what;
    if (!*known)
        *known = now;
    return NULL;
}

static const char *check_text(const char **known, const char *now, const char *what)
{
    if (*known && now && strcmp(*known, now) != 0)
        return what;
    if (!*known)
        *known = now;
    return NULL;
}

static const char *check_origin(struct tb_era *era, const cJSON *tree)
{
    const char *what = tb_origin_differs(&era->origin, tree);

    if (!what)
        what = tb_origin_loads_other(&era->origin, tree);
    if (!what)
        what = check_member(&era->build, tb_json_find(tree, "threadbench.build"),
                            "the compiler or its options");
    if (!what)
        what =
            check_member(&era->python, tb_json_find(tree, "threadbench.python"), "the interpreter");
    return what;
}

const char *tb_era_enter(struct tb_era *era, struct tb_origins *origins,
                         const struct tb_digest *digest, const struct tb_digest_case *found)
{
    const char *what = check_text(&era->unit, found->unit, "the unit");

    if (!what)
        what = check_text(&era->version, found->version, "the benchmark");
    if (!what)
        what = check_text(&era->statistic, found->statistic, "the statistic");
    if (!what && era->last != digest->origin)
        what = check_origin(era, tree_of(origins, digest->origin));
    era->last = digest->origin;
    return what;
}
