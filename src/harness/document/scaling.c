#include "document/scaling.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "document/summary.h"
#include "stats/fit.h"
#include "util/json.h"
#include "util/memory.h"
#include "util/strings.h"
#include "util/texts.h"

static const cJSON *axes_of(const struct tb_record *record)
{
    return tb_json_find(record->spec->source, "axes");
}

/* What it has in common with all others of its series: everything but its value on the axis; the
 * caller's. */
static char *series_of(const struct tb_record *record, const char *axis)
{
    const char *benchmark = tb_json_text(record->spec->source, "benchmark");
    const char *runtime = record->spec->runtime;
    cJSON *key = cJSON_CreateArray();
    const cJSON *value;
    char *text;

    tb_json_add(key, cJSON_CreateString(axis));
    tb_json_add(key, benchmark ? cJSON_CreateString(benchmark) : cJSON_CreateNull());
    tb_json_add(key, runtime ? cJSON_CreateString(runtime) : cJSON_CreateNull());
    tb_json_add(key, cJSON_CreateString(tb_primary_field(record)));
    tb_json_each(value, axes_of(record)) {
        tb_json_add(key, cJSON_CreateString(value->string));
        if (strcmp(value->string, axis) != 0)
            tb_json_add(key, cJSON_Duplicate(value, true));
    }
    text = cJSON_PrintUnformatted(key);
    cJSON_Delete(key);
    return text;
}

static double amount_of(const struct tb_result *result, const cJSON *value)
{
    const cJSON *axis;

    if (value->valuedouble != 0)
        return value->valuedouble;
    tb_json_each(axis, tb_json_find(result->subject->catalogue.root, "axes")) {
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

/* What was measured along one axis. */
struct line {
    const struct tb_record *first;
    const char *axis; /* the first's */
    struct tb_point *points;
    size_t count;
};

/* All lines of a result, in the order of their first cases. */
struct lines {
    struct tb_texts keys;
    struct line *each; /* at the places of their keys */
    size_t count;
};

static void lines_finish(struct lines *lines)
{
    for (size_t i = 0; i < lines->count; i++)
        free(lines->each[i].points);
    free(lines->each);
    tb_texts_finish(&lines->keys);
}

static struct line *line_of(struct lines *lines, const struct tb_record *record, const char *axis)
{
    tb_autofree char *key = series_of(record, axis);
    size_t at = tb_names_find(&lines->keys.names, key);

    if (at == lines->count) {
        (void)tb_texts_keep(&lines->keys, key);
        lines->each = tb_room(lines->each, lines->count, sizeof *lines->each);
        lines->each[lines->count++] = (struct line){.first = record, .axis = axis};
    }
    return &lines->each[at];
}

static void add_point(struct line *line, double x, double y)
{
    if (isnan(x) || isnan(y))
        return;
    line->points = tb_room(line->points, line->count, sizeof *line->points);
    line->points[line->count++] = (struct tb_point){x, y};
}

static void add_record(struct lines *lines, const struct tb_result *result,
                       const struct tb_record *record)
{
    const cJSON *value;
    double median;

    if (record->role != TB_SELECTED || !record->count || !axes_of(record))
        return;
    median = tb_primary_value(result, record).median;
    tb_json_each(value, axes_of(record))
        add_point(line_of(lines, record, value->string),
                  cJSON_IsNumber(value) ? amount_of(result, value) : NAN, median);
}

/* How many values of the axis they are at; sorts them. */
static size_t count_values(struct line *line)
{
    size_t count = line->count > 0;

    if (line->count)
        qsort(line->points, line->count, sizeof *line->points, ascending);
    for (size_t i = 1; i < line->count; i++)
        count += line->points[i].x > line->points[i - 1].x;
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
    tb_auto(lines_finish) struct lines lines = {0};
    cJSON *list = cJSON_CreateArray();

    for (size_t i = 0; i < result->count; i++)
        add_record(&lines, result, &result->records[i]);
    for (size_t i = 0; i < lines.count; i++) {
        struct line *line = &lines.each[i];

        if (count_values(line) >= 3)
            tb_json_add(list, describe(line->first, line->axis, line->points, line->count));
    }
    return list;
}
