#include "document/scaling.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "document/summary.h"
#include "stats/fit.h"
#include "util/json.h"
#include "util/memory.h"
#include "util/strings.h"

static const cJSON *axes_of(const struct tb_record *record)
{
    return tb_json_find(record->spec->source, "axes");
}

/* Whether both are the same but for their value on the axis. */
static bool is_along(const struct tb_record *a, const struct tb_record *b, const char *axis)
{
    const cJSON *x = axes_of(a), *y = axes_of(b);

    if (a->role != TB_SELECTED || b->role != TB_SELECTED || !a->count || !b->count ||
        !tb_same(tb_json_text(a->spec->source, "benchmark"),
                 tb_json_text(b->spec->source, "benchmark")) ||
        !tb_same(a->spec->runtime, b->spec->runtime) ||
        strcmp(tb_primary_field(a), tb_primary_field(b)) != 0)
        return false;
    for (x = x ? x->child : NULL, y = y ? y->child : NULL; x && y; x = x->next, y = y->next) {
        if (strcmp(x->string, y->string) != 0 ||
            (strcmp(x->string, axis) != 0 && !cJSON_Compare(x, y, true)))
            return false;
    }
    return !x && !y;
}

static double amount_of(const struct tb_result *result, const cJSON *value)
{
    const cJSON *axis;

    if (value->valuedouble != 0)
        return value->valuedouble;
    cJSON_ArrayForEach(axis, tb_json_find(result->subject->catalogue.root, "axes")) {
        if (tb_same(tb_json_text(axis, "name"), value->string))
            return tb_json_number(axis, "zero", NAN);
    }
    return NAN;
}

static int ascending(const void *a, const void *b)
{
    double x = ((const struct tb_point *)a)->x, y = ((const struct tb_point *)b)->x;

    return (x > y) - (x < y);
}

/* The series that begins with the record at `first`; 0 where an earlier one has begun it. */
static size_t collect(const struct tb_result *result, size_t first, const char *axis,
                      struct tb_point *points)
{
    size_t count = 0;

    for (size_t i = 0; i < result->count; i++) {
        const struct tb_record *record = &result->records[i];
        const cJSON *value = cJSON_GetObjectItemCaseSensitive(axes_of(record), axis);

        if (!is_along(&result->records[first], record, axis))
            continue;
        if (i < first)
            return 0;
        points[count].x = cJSON_IsNumber(value) ? amount_of(result, value) : NAN;
        points[count].y = tb_summarise(result, record).value.median;
        count += !isnan(points[count].x) && !isnan(points[count].y);
    }
    qsort(points, count, sizeof *points, ascending);
    return count;
}

static cJSON *describe(const struct tb_record *record, const char *axis,
                       const struct tb_point *points, size_t count)
{
    struct tb_fit law = tb_fit(points, count);
    size_t step = tb_largest_step(points, count);
    cJSON *item = cJSON_CreateObject(), *list;

    tb_json_set_text(item, "case", record->spec->name);
    tb_json_set_text(item, "axis", axis);
    tb_json_set_text(item, "field", tb_primary_field(record));
    tb_json_set_text(item, "formula", law.formula);
    tb_json_set_flag(item, "fits", law.residual <= TB_FIT_LIMIT);
    tb_json_set_number(item, "a", law.a);
    tb_json_set_number(item, "b", law.b);
    tb_json_set_number(item, "residual", law.residual);
    tb_json_set_number(item, "step_after", points[step].x);
    tb_json_set_number(item, "step_ratio", points[step + 1].y / points[step].y);
    list = tb_json_set_array(item, "points");
    for (size_t i = 0; i < count; i++) {
        cJSON *point = tb_json_add_object(list);

        tb_json_set_number(point, "x", points[i].x);
        tb_json_set_number(point, "value_ns", points[i].y);
    }
    return item;
}

cJSON *tb_scaling(const struct tb_result *result)
{
    tb_autofree struct tb_point *points = tb_alloc(result->count + 1, sizeof *points);
    cJSON *list = cJSON_CreateArray();

    for (size_t i = 0; i < result->count; i++) {
        const cJSON *axis;

        cJSON_ArrayForEach(axis, axes_of(&result->records[i])) {
            size_t count = collect(result, i, axis->string, points);

            if (count >= 3)
                tb_json_add(list, describe(&result->records[i], axis->string, points, count));
        }
    }
    return list;
}
