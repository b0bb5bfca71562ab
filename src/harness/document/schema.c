#include "document/schema.h"

#include <stdlib.h>

#include "document/write.h"
#include "util/json.h"
#include "util/memory.h"
#include "util/strings.h"

int tb_schema_check(const char *path, const cJSON *ours, struct tb_error *error)
{
    double version = tb_json_number(ours, "version", 0);
    tb_autofree char *given = NULL;

    if (!ours || (tb_same(tb_json_text(ours, "schema"), TB_DOCUMENT_SCHEMA) &&
                  (version == 1 || version == TB_DOCUMENT_VERSION)))
        return 0;
    if (!tb_same(tb_json_text(ours, "schema"), TB_DOCUMENT_SCHEMA))
        return tb_failure(error, "%s: damaged: its 'schema' is not %s", path, TB_DOCUMENT_SCHEMA);
    given = cJSON_PrintUnformatted(tb_json_find(ours, "version"));
    return tb_failure(error,
                      "%s: a document of version %s, of which only 1 and %d are known here: use a "
                      "newer threadbench",
                      path, given ? given : "null", TB_DOCUMENT_VERSION);
}

/* In this order: the second name of a pair may be the first of a later one's. */
static const char *const renamed[][2] = {
    {"looks", "interim_looks"}, {"deadline_s", "timeout_s"},
    {"decides", "statistic"},   {"decides_if_known", "primary_statistic"},
    {"empty", "overhead"},
};

void tb_schema_upgrade(cJSON *object)
{
    for (size_t i = 0; i < sizeof renamed / sizeof *renamed; i++) {
        cJSON *item = cJSON_DetachItemFromObjectCaseSensitive(object, renamed[i][0]);

        if (item)
            tb_json_set(object, renamed[i][1], item);
    }
    if (tb_same(tb_json_text(object, "role"), "empty"))
        tb_json_set_text(object, "role", "overhead");
}

/* Looks had equal shares of alpha once, and their number was kept. */
void tb_schema_share_looks(cJSON *ours)
{
    double looks = tb_json_number(ours, "interim_looks", 0);

    if (looks >= 1)
        tb_json_set_number(ours, "look_alpha_share", 1 / looks);
    cJSON_DeleteItemFromObjectCaseSensitive(ours, "interim_looks");
}
