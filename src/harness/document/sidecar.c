#include "document/sidecar.h"

#include <string.h>

#include "util/json.h"
#include "util/json_shape.h"
#include "util/memory.h"

const char tb_sidecar_name[] = "sidecar";

/* What a document takes over, as docs/result.schema.json has it. */
static const struct tb_shape clock_members[] = {
    {"name", TB_JSON_TEXT}, {"resolution_ns", TB_JSON_NUMBER}, {"cost_ns", TB_JSON_NUMBER}, {NULL}};
static const struct tb_shape build_members[] = {{"compiler", TB_JSON_TEXT},
                                                {"optimised", TB_JSON_FLAG},
                                                {"asserts", TB_JSON_FLAG},
                                                {"sanitizers", TB_JSON_TEXT},
                                                {NULL}};
static const struct tb_shape python_members[] = {{"version", TB_JSON_TEXT},
                                                 {"implementation", TB_JSON_TEXT},
                                                 {"free_threaded", TB_JSON_FLAG},
                                                 {"gil_enabled", TB_JSON_FLAG},
                                                 {"compiler", TB_JSON_TEXT},
                                                 {"flags", TB_JSON_TEXT},
                                                 {"configured", TB_JSON_TEXT},
                                                 {"debug", TB_JSON_FLAG},
                                                 {NULL}};
static const struct tb_shape runtime_members[] = {
    {"name", TB_JSON_TEXT}, {"doc", TB_JSON_TEXT}, {"unavailable", TB_JSON_TEXT}, {NULL}};
static const struct tb_shape axis_members[] = {{"name", TB_JSON_TEXT},
                                               {"unit", TB_JSON_TEXT},
                                               {"doc", TB_JSON_TEXT},
                                               {"zero", TB_JSON_NUMBER},
                                               {NULL}};
static const struct tb_shape members[] = {{"clock", TB_JSON_OBJECT, clock_members},
                                          {"benchmark_library", TB_JSON_TEXT},
                                          {"build", TB_JSON_OBJECT, build_members},
                                          {"python", TB_JSON_OBJECT, python_members},
                                          {"runtimes", TB_JSON_OBJECTS, runtime_members, 1000},
                                          {"axes", TB_JSON_OBJECTS, axis_members, 1000},
                                          {"cases", TB_JSON_OBJECTS},
                                          {"series", TB_JSON_OBJECTS},
                                          {NULL}};

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
