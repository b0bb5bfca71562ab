#include "document/series.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "document/catalog.h"
#include "util/json.h"
#include "util/json_shape.h"
#include "util/memory.h"
#include "util/strings.h"

const char *const tb_placement_names[] = {"same", "other", "unknown"};

static const struct tb_shape histogram_members[] = {
    {"placement", TB_JSON_TEXT}, {"lower_ns count", TB_JSON_LIST}, {NULL}};

static const struct tb_shape members[] = {{"case", TB_JSON_TEXT},
                                          {"samples", TB_JSON_COUNT},
                                          {"wall_ns", TB_JSON_NUMBER},
                                          {"histograms", TB_JSON_OBJECTS, histogram_members},
                                          {NULL}};

void tb_series_finish(struct tb_series *series)
{
    for (size_t i = 0; i < TB_PLACEMENTS; i++)
        tb_histogram_finish(&series->histograms[i]);
    *series = (struct tb_series){0};
}

/* False if the lists are not of equal length, or the first descends anywhere. */
static bool fill(struct tb_histogram *histogram, const cJSON *lowers, const cJSON *counts)
{
    const cJSON *next = counts->child, *item;
    double last = -INFINITY;

    histogram->bins = tb_alloc((size_t)cJSON_GetArraySize(lowers), sizeof *histogram->bins);
    tb_json_each(item, lowers) {
        double lower = tb_json_value(item), count = tb_json_value(next);

        if (!next || !(lower >= last) || !(count >= 0 && count < 0x1p53))
            return false;
        last = lower;
        histogram->bins[histogram->size++] = (struct tb_bin){last, (uint64_t)count};
        histogram->total += (uint64_t)count;
        next = next->next;
    }
    return !next;
}

/* False if it is none. */
static bool read_histogram(const cJSON *source, struct tb_series *series)
{
    tb_auto(tb_histogram_finish) struct tb_histogram histogram = {0};
    const cJSON *lowers = tb_json_find(source, "lower_ns"), *counts = tb_json_find(source, "count");
    const char *name = tb_json_text(source, "placement");
    enum tb_placement placement = name ? TB_SAME_CPU : TB_UNKNOWN_CPU;

    if (!cJSON_IsArray(lowers) || !cJSON_IsArray(counts) || !fill(&histogram, lowers, counts))
        return false;
    while (placement < TB_UNKNOWN_CPU && strcmp(name, tb_placement_names[placement]) != 0)
        placement++;
    tb_histogram_add(&series->histograms[placement], &histogram);
    return true;
}

int tb_series_take(const char *what, cJSON *item, struct tb_series *ret_series,
                   struct tb_error *error)
{
    tb_autofree char *wrong = tb_shape_wrong(item, members);
    const cJSON *list = wrong ? NULL : tb_json_find(item, "histograms"), *source;
    struct tb_series series = {
        .samples = tb_json_whole(item, "samples", 0),
        .wall_ns = tb_json_number(item, "wall_ns", NAN),
    };
    const char *name = tb_json_text(item, "case");
    bool good = true;

    tb_json_each(source, list)
        good &= read_histogram(source, &series);
    cJSON_DeleteItemFromObjectCaseSensitive(item, "histograms");
    *ret_series = series;
    if (wrong)
        return tb_failure(error, "%s, case '%s': its %s", what, name ? name : "?", wrong);
    return good ? 0
                : tb_failure(error,
                             "%s, case '%s': a histogram is not two lists of numbers, equally "
                             "long, the first ascending",
                             what, name ? name : "?");
}

int tb_series_read(const char *text, size_t size, const char *name, struct tb_series *ret_series,
                   struct tb_error *error)
{
    tb_autojson cJSON *root = NULL;
    struct tb_series series = {.wall_ns = NAN};
    int code = tb_sidecar_parse(text, size, &root, error);
    cJSON *item;

    /* The first that has samples. */
    tb_json_each(item, tb_json_find(root, "series")) {
        if (code || series.samples || !tb_same(tb_json_text(item, "case"), name))
            continue;
        tb_series_finish(&series);
        code = tb_series_take(tb_sidecar_name, item, &series, error);
    }
    if (code)
        tb_series_finish(&series);
    else
        *ret_series = series;
    return code;
}
