#include "detail.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "memory.h"

static const char what[] = "detail file";

void tb_catalogue_finish(struct tb_catalogue *catalogue)
{
    cJSON_Delete(catalogue->root);
    free(catalogue->cases);
    *catalogue = (struct tb_catalogue){0};
}

static int parse(const char *text, size_t size, cJSON **ret_root, struct tb_error *error)
{
    cJSON *root = NULL;
    const char *schema;
    int code = tb_json_parse(what, text, size, &root, error);

    if (code)
        return code;
    schema = tb_json_text(root, "schema");
    if (!schema || strcmp(schema, "threadbench-detail") ||
        tb_json_number(root, "version", 0) != 1) {
        cJSON_Delete(root);
        return tb_error_set(error, TB_FAILURE, "%s: not of schema threadbench-detail, version 1",
                            what);
    }
    *ret_root = root;
    return 0;
}

static uint64_t whole(const cJSON *object, const char *key, uint64_t fallback)
{
    double value = tb_json_number(object, key, (double)fallback);

    return value >= 0 && value < 0x1p53 ? (uint64_t)value : fallback;
}

static struct tb_case read_case(const cJSON *source)
{
    const char *decides = tb_json_text(source, "decides_if_known");
    const char *gb_name = tb_json_text(source, "benchmark_name");

    /* A document has other names for two of them, and uses the detail file's for its own. */
    if (!decides)
        decides = tb_json_text(source, "decides");
    return (struct tb_case){
        .name = tb_json_text(source, "case"),
        .gb_name = gb_name ? gb_name : tb_json_text(source, "name"),
        .runtime = tb_json_text(source, "runtime"),
        .doc = tb_json_text(source, "doc"),
        .card = tb_json_text(source, "card"),
        .decides = decides ? decides : "mean",
        .floor = tb_json_text(source, "floor"),
        .empty = tb_json_text(source, "empty"),
        .source = source,
        .core = tb_json_flag(source, "core"),
        .standard = !cJSON_IsFalse(cJSON_GetObjectItemCaseSensitive(source, "standard")),
        .max_samples = whole(source, "max_samples", 0),
        .block = whole(source, "block", 1),
    };
}

/* Takes `root`. */
static int from_root(cJSON *root, bool known, struct tb_catalogue *ret_catalogue,
                     struct tb_error *error)
{
    const cJSON *list = cJSON_GetObjectItemCaseSensitive(root, "cases"), *source;
    struct tb_catalogue made = {.root = root, .known = known};
    int code = 0;

    made.cases = tb_alloc((size_t)cJSON_GetArraySize(list), sizeof *made.cases);
    cJSON_ArrayForEach(source, list)
    {
        struct tb_case item = read_case(source);

        if (!item.name || !item.gb_name)
            code = tb_error_set(error, TB_FAILURE, "%s: case %zu has no name", what, made.count);
        else if (!tb_catalogue_find(&made, item.name))
            made.cases[made.count++] = item;
        made.has_core |= item.core;
    }
    if (code)
        tb_catalogue_finish(&made);
    else
        *ret_catalogue = made;
    return code;
}

int tb_catalogue_read(const char *text, size_t size, struct tb_catalogue *ret_catalogue,
                      struct tb_error *error)
{
    cJSON *root = NULL;
    int code = parse(text, size, &root, error);

    return code ? code : from_root(root, true, ret_catalogue, error);
}

int tb_catalogue_from_list(cJSON *list, bool known, struct tb_catalogue *ret_catalogue,
                           struct tb_error *error)
{
    cJSON *root = cJSON_CreateObject();

    tb_json_set(root, "cases", list);
    return from_root(root, known, ret_catalogue, error);
}

int tb_catalogue_from_names(const char *lines, struct tb_catalogue *ret_catalogue,
                            struct tb_error *error)
{
    cJSON *list = cJSON_CreateArray();

    for (size_t length; *lines; lines += length + (lines[length] == '\n')) {
        char *name;
        cJSON *item;

        length = strcspn(lines, "\n");
        if (!length)
            continue;
        name = tb_print("%.*s", (int)length, lines);
        item = cJSON_CreateObject();
        tb_json_set_text(item, "name", name);
        tb_json_set_text(item, "case", name);
        (void)cJSON_AddItemToArray(list, item); /* neither is NULL */
        free(name);
    }
    return tb_catalogue_from_list(list, false, ret_catalogue, error);
}

const struct tb_case *tb_catalogue_find(const struct tb_catalogue *catalogue, const char *name)
{
    for (size_t i = 0; name && i < catalogue->count; i++) {
        if (!strcmp(catalogue->cases[i].name, name))
            return &catalogue->cases[i];
    }
    return NULL;
}

bool tb_is_same_case(const struct tb_case *a, const struct tb_case *b)
{
    const char *version = tb_json_text(a->source, "version");
    const char *other = tb_json_text(b->source, "version");

    return !strcmp(a->name, b->name) && (!version || !other || !strcmp(version, other));
}

const char *tb_placement_name(enum tb_placement placement)
{
    static const char *const names[] = {"same", "other", "unknown"};

    return names[placement];
}

static enum tb_placement read_placement(const cJSON *item)
{
    const char *name = tb_json_text(item, "placement");
    int placement = TB_SAME;

    while (placement < TB_UNKNOWN && !(name && !strcmp(name, tb_placement_name(placement))))
        placement++;
    return placement;
}

void tb_series_finish(struct tb_series *series)
{
    for (size_t i = 0; i < TB_PLACEMENTS; i++)
        tb_histogram_finish(&series->histograms[i]);
    *series = (struct tb_series){0};
}

/* Fills a histogram from two lists of equal length, the first ascending; false if they are not. */
static bool read_bins(const cJSON *item, struct tb_histogram *histogram)
{
    const cJSON *lowers = cJSON_GetObjectItemCaseSensitive(item, "lower_ns");
    const cJSON *counts = cJSON_GetObjectItemCaseSensitive(item, "count");
    const cJSON *lower = lowers ? lowers->child : NULL, *count = counts ? counts->child : NULL;
    double last = -INFINITY;

    histogram->bins = tb_alloc((size_t)cJSON_GetArraySize(lowers), sizeof *histogram->bins);
    for (; lower && count; lower = lower->next, count = count->next) {
        if (!cJSON_IsNumber(lower) || !(lower->valuedouble > last) || isinf(lower->valuedouble))
            return false;
        if (!cJSON_IsNumber(count) || !(count->valuedouble >= 0 && count->valuedouble < 0x1p53))
            return false;
        last = lower->valuedouble;
        histogram->bins[histogram->size++] = (struct tb_bin){last, (uint64_t)count->valuedouble};
        histogram->total += (uint64_t)count->valuedouble;
    }
    return !lower && !count;
}

int tb_series_from(const cJSON *item, struct tb_series *ret_series, struct tb_error *error)
{
    struct tb_series series = {
        .samples = whole(item, "samples", 0),
        .wall_ns = tb_json_number(item, "wall_ns", NAN),
    };
    const cJSON *source;

    cJSON_ArrayForEach(source, cJSON_GetObjectItemCaseSensitive(item, "histograms"))
    {
        struct tb_histogram histogram = {0};
        bool good = read_bins(source, &histogram);

        if (good)
            tb_histogram_add(&series.histograms[read_placement(source)], &histogram);
        tb_histogram_finish(&histogram);
        if (!good) {
            tb_series_finish(&series);
            return tb_error_set(error, TB_FAILURE,
                                "%s: a histogram is not two lists of numbers, "
                                "equally long, the first ascending",
                                what);
        }
    }
    *ret_series = series;
    return 0;
}

int tb_series_read(const char *text, size_t size, const char *name, struct tb_series *ret_series,
                   struct tb_error *error)
{
    struct tb_series series = {.wall_ns = NAN};
    const cJSON *item;
    cJSON *root = NULL;
    int code = parse(text, size, &root, error);

    if (code)
        return code;
    cJSON_ArrayForEach(item, cJSON_GetObjectItemCaseSensitive(root, "series"))
    {
        const char *its = tb_json_text(item, "case");

        if (!code && !series.samples && its && !strcmp(its, name))
            code = tb_series_from(item, &series, error);
    }
    cJSON_Delete(root);
    if (!code)
        *ret_series = series;
    return code;
}
