#include "document/sidecar.h"

#include <string.h>

#include "util/json.h"

const char tb_sidecar_name[] = "sidecar";

int tb_sidecar_parse(const char *text, size_t size, cJSON **ret_root, struct tb_error *error)
{
    cJSON *root = NULL;
    const char *schema;
    int code = tb_json_parse(tb_sidecar_name, text, size, &root, error);

    if (code)
        return code;
    schema = tb_json_text(root, "schema");
    if (!schema || strcmp(schema, "threadbench-sidecar") ||
        tb_json_number(root, "version", 0) != 1) {
        cJSON_Delete(root);
        return tb_failure(error, "%s: not of schema threadbench-sidecar, version 1",
                          tb_sidecar_name);
    }
    *ret_root = root;
    return 0;
}
