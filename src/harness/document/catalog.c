#include "document/catalog.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "util/json.h"
#include "util/json_shape.h"
#include "util/memory.h"
#include "util/strings.h"

const char tb_sidecar_name[] = "sidecar";
const char *const tb_role_names[] = {"none", "part", "overhead", "floor", "card", "selected"};

/* Of a subject, whose cases are each run, and of a case, whose axes and phases are looked up by
 * going through them: more would take long. */
enum { most_cases = 10000, most_members = 64 };

static const struct tb_shape part_members[] = {
    {"phase what case field less", TB_JSON_TEXT}, {"times", TB_JSON_NUMBER}, {NULL}};

static const struct tb_shape break_even_members[] = {
    {"thread empty", TB_JSON_TEXT}, {"length_ns", TB_JSON_COUNT}, {NULL}};

static const struct tb_shape case_members[] = {
    {"name case benchmark doc unit runtime card primary_statistic floor overhead version",
     TB_JSON_TEXT},
    {"axes", TB_JSON_SCALARS, NULL, most_members},
    {"core standard alternatives", TB_JSON_FLAG},
    {"break_even", TB_JSON_OBJECT, break_even_members},
    {"block", TB_JSON_POSITIVE},
    {"max_samples", TB_JSON_COUNT},
    {"parts", TB_JSON_OBJECTS, part_members, most_members},
    {NULL},
};

/* What a sidecar alone has, or has otherwise than a document. */
static const struct tb_shape sidecar_case_members[] = {
    {"phases", TB_JSON_TEXTS, NULL, most_members}, {NULL}};

static const struct tb_shape phase_members[] = {{"name", TB_JSON_TEXT}, {NULL}};

static const struct tb_shape document_case_members[] = {
    {"benchmark_name statistic role outcome reason", TB_JSON_TEXT},
    {"samples", TB_JSON_POSITIVE},
    {"phases", TB_JSON_OBJECTS, phase_members, most_members},
    {NULL},
};

/* What a document takes over, as docs/reference/result.schema.json has it. */
static const struct tb_shape clock_members[] = {
    {"name", TB_JSON_TEXT}, {"resolution_ns cost_ns", TB_JSON_NUMBER}, {NULL}};
static const struct tb_shape build_members[] = {
    {"compiler sanitizers", TB_JSON_TEXT}, {"optimised asserts", TB_JSON_FLAG}, {NULL}};
static const struct tb_shape python_members[] = {
    {"version implementation compiler flags configured", TB_JSON_TEXT},
    {"free_threaded gil_enabled debug", TB_JSON_FLAG},
    {NULL},
};
static const struct tb_shape process_members[] = {
    {"maps exe libc preload tunables", TB_JSON_TEXT},
    {"base", TB_JSON_COUNT},
    {"build_ids", TB_JSON_SCALARS, NULL, 1000},
    {NULL},
};
static const struct tb_shape runtime_members[] = {{"name doc unavailable", TB_JSON_TEXT}, {NULL}};
static const struct tb_shape axis_members[] = {
    {"name unit doc", TB_JSON_TEXT}, {"zero", TB_JSON_NUMBER}, {NULL}};
static const struct tb_shape sidecar_members[] = {
    {"benchmark_library stacks_guarded_by", TB_JSON_TEXT},
    {"clock", TB_JSON_OBJECT, clock_members},
    {"build", TB_JSON_OBJECT, build_members},
    {"python", TB_JSON_OBJECT, python_members},
    {"process", TB_JSON_OBJECT, process_members},
    {"runtimes", TB_JSON_OBJECTS, runtime_members, 1000},
    {"axes", TB_JSON_OBJECTS, axis_members, 1000},
    {"cases series", TB_JSON_OBJECTS},
    {NULL},
};

void tb_catalogue_finish(struct tb_catalogue *catalogue)
{
    cJSON_Delete(catalogue->root);
    free(catalogue->cases);
    tb_names_finish(&catalogue->names);
    *catalogue = (struct tb_catalogue){0};
}

static struct tb_case read_case(const cJSON *source)
{
    const char *primary = tb_json_text(source, "primary_statistic");
    const char *gb_name = tb_json_text(source, "benchmark_name");
    const char *unit = tb_json_text(source, "unit");

    return (struct tb_case){
        .name = tb_json_text(source, "case"),
        .gb_name = gb_name ? gb_name : tb_json_text(source, "name"),
        .runtime = tb_json_text(source, "runtime"),
        .doc = tb_json_text(source, "doc"),
        .card = tb_json_text(source, "card"),
        .primary = primary ? primary : "mean",
        .unit = unit ? unit : "ns",
        .floor = tb_json_text(source, "floor"),
        .overhead = tb_json_text(source, "overhead"),
        .source = source,
        .thread = tb_json_text(source, "break_even.thread"),
        .empty = tb_json_text(source, "break_even.empty"),
        .core = tb_json_flag(source, "core"),
        .alternatives = tb_json_flag(source, "alternatives"),
        .standard = !cJSON_IsFalse(tb_json_find(source, "standard")),
        .max_samples = tb_json_whole(source, "max_samples", 0),
        .block = tb_json_whole(source, "block", 1),
    };
}

/* Adds the case at `place`, from 0, in the list, of which some members are in `more`. */
static int add_case(const char *what, const cJSON *source, size_t place,
                    const struct tb_shape *more, struct tb_catalogue *made, struct tb_error *error)
{
    struct tb_case item = read_case(source);
    size_t at;
    tb_autofree char *wrong = tb_shape_wrong(source, case_members);

    if (!wrong)
        wrong = tb_shape_wrong(source, more);
    if (wrong)
        return tb_failure(error, "%s, case %zu: its %s", what, place + 1, wrong);
    if (!item.name || !item.gb_name)
        return tb_failure(error, "%s: case %zu has no name", what, place + 1);
    at = tb_names_add(&made->names, item.name);
    if (at < made->count) {
        made->cases[at].duplicated = true;
        return 0;
    }
    made->has_core |= item.core;
    made->cases[made->count++] = item;
    return 0;
}

/* Takes `root`. */
static int from_root(const char *what, cJSON *root, bool known, const struct tb_shape *more,
                     struct tb_catalogue *ret_catalogue, struct tb_error *error)
{
    const cJSON *list = tb_json_find(root, "cases"), *source;
    struct tb_catalogue made = {.root = root, .known = known};
    size_t place = 0;
    int code = 0;

    made.cases = tb_alloc((size_t)cJSON_GetArraySize(list), sizeof *made.cases);
    tb_json_each(source, list) {
        if (!code)
            code = add_case(what, source, place++, more, &made, error);
    }
    if (code)
        tb_catalogue_finish(&made);
    else
        *ret_catalogue = made;
    return code;
}

int tb_sidecar_parse(const char *text, size_t size, cJSON **ret_root, struct tb_error *error)
{
    tb_autojson cJSON *root = NULL;
    tb_autofree char *wrong = NULL;
    int code = tb_json_parse(tb_sidecar_name, text, size, &root, error);

    if (code)
        return code;
    if (!tb_same(tb_json_text(root, "schema"), "threadbench-sidecar") ||
        tb_json_number(root, "version", 0) != 1)
        return tb_failure(error, "%s: not of schema threadbench-sidecar, version 1",
                          tb_sidecar_name);
    wrong = tb_shape_wrong(root, sidecar_members);
    if (wrong)
        return tb_failure(error, "%s: its %s", tb_sidecar_name, wrong);
    *ret_root = root;
    root = NULL;
    return 0;
}

/* What a subject lists. */
static int check_count(const char *what, const cJSON *list, struct tb_error *error)
{
    int count = cJSON_GetArraySize(list);

    if (count <= most_cases)
        return 0;
    return tb_failure(error,
                      "%s: %d cases: %d at most, as --benchmark_filter=REGEX in a subject's "
                      "command leaves them",
                      what, count, most_cases);
}

int tb_catalogue_read(const char *text, size_t size, struct tb_catalogue *ret_catalogue,
                      struct tb_error *error)
{
    cJSON *root = NULL;
    int code = tb_sidecar_parse(text, size, &root, error);

    if (!code)
        code = check_count(tb_sidecar_name, tb_json_find(root, "cases"), error);
    if (!code)
        return from_root(tb_sidecar_name, root, true, sidecar_case_members, ret_catalogue, error);
    cJSON_Delete(root);
    return code;
}

int tb_catalogue_from_list(const char *what, cJSON *list, bool known,
                           struct tb_catalogue *ret_catalogue, struct tb_error *error)
{
    cJSON *root = cJSON_CreateObject();

    tb_json_set(root, "cases", list);
    return from_root(what, root, known, document_case_members, ret_catalogue, error);
}

void tb_catalogue_add_name(cJSON *list, const char *name)
{
    cJSON *item = tb_json_add_object(list);

    tb_json_set_text(item, "name", name);
    tb_json_set_text(item, "case", name);
}

int tb_catalogue_from_names(const char *lines, struct tb_catalogue *ret_catalogue,
                            struct tb_error *error)
{
    cJSON *list = cJSON_CreateArray();
    int code;

    for (size_t length; *lines; lines += length + (lines[length] == '\n')) {
        tb_autofree char *name = NULL;

        length = strcspn(lines, "\n");
        name = tb_copy_part(lines, length);
        if (length)
            tb_catalogue_add_name(list, name);
    }
    code = check_count("list", list, error);
    if (!code)
        return tb_catalogue_from_list("list", list, false, ret_catalogue, error);
    cJSON_Delete(list);
    return code;
}

struct tb_case *tb_catalogue_find(const struct tb_catalogue *catalogue, const char *name)
{
    size_t at = name ? tb_names_find(&catalogue->names, name) : catalogue->count;

    return at < catalogue->count ? &catalogue->cases[at] : NULL;
}

bool tb_is_same_case(const struct tb_case *a, const struct tb_case *b)
{
    const char *version = tb_json_text(a->source, "version");
    const char *other = tb_json_text(b->source, "version");

    return !strcmp(a->name, b->name) && (!version || !other || !strcmp(version, other));
}
