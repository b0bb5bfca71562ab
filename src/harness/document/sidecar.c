#include "document/sidecar.h"

#include <string.h>

#include "util/json.h"
#include "util/json_shape.h"
#include "util/memory.h"

const char tb_sidecar_name[] = "sidecar";

/* What a document takes over, as docs/result.schema.json has it. */
static const struct tb_shape clock_members[] = {
    {"name", TB_JSON_TEXT}, {"resolution_ns cost_ns", TB_JSON_NUMBER}, {NULL}};
static const struct tb_shape build_members[] = {
    {"compiler sanitizers", TB_JSON_TEXT}, {"optimised asserts", TB_JSON_FLAG}, {NULL}};
static const struct tb_shape python_members[] = {
    {"version implementation compiler flags configured", TB_JSON_TEXT},
    {"free_threaded gil_enabled debug", TB_JSON_FLAG},
    {NULL},
};
static const struct tb_shape runtime_members[] = {{"name doc unavailable", TB_JSON_TEXT}, {NULL}};
static const struct tb_shape axis_members[] = {
    {"name unit doc", TB_JSON_TEXT}, {"zero", TB_JSON_NUMBER}, {NULL}};
static const struct tb_shape members[] = {
    {"benchmark_library", TB_JSON_TEXT},
    {"clock", TB_JSON_OBJECT, clock_members},
    {"build", TB_JSON_OBJECT, build_members},
    {"python", TB_JSON_OBJECT, python_members},
    {"runtimes", TB_JSON_OBJECTS, runtime_members, 1000},
    {"axes", TB_JSON_OBJECTS, axis_members, 1000},
    {"cases series", TB_JSON_OBJECTS},
    {NULL},
};

int tb_sidecar_parse(const char *text, size_t size, cJSON **ret_root, struct tb_error *error)
{
    cJSON *root = NULL;
    tb_autofree char *wrong = NULL;
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
    wrong = tb_shape_wrong(root, members);
    if (wrong) {
        cJSON_Delete(root);
        return tb_failure(error, "%s: its %s", tb_sidecar_name, wrong);
    }
    *ret_root = root;
    return 0;
}
