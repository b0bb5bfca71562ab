#include "detail.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "memory.h"

static const char detail_file[] = "detail file";

/* Cases are looked up by going through them: of more than these that takes long. */
enum { most_cases = 10000 };

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
    int code = tb_json_parse(detail_file, text, size, &root, error);

    if (code)
        return code;
    schema = tb_json_text(root, "schema");
    if (!schema || strcmp(schema, "threadbench-detail") ||
        tb_json_number(root, "version", 0) != 1) {
        cJSON_Delete(root);
        return tb_failure(error, "%s: not of schema threadbench-detail, version 1", detail_file);
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
    const char *unit = tb_json_text(source, "unit");

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
        .unit = unit ? unit : "ns",
        .floor = tb_json_text(source, "floor"),
        .empty = tb_json_text(source, "empty"),
        .source = source,
        .core = tb_json_flag(source, "core"),
        .standard = !cJSON_IsFalse(tb_json_find(source, "standard")),
        .max_samples = whole(source, "max_samples", 0),
        .block = whole(source, "block", 1),
    };
}

/* Takes `root`. */
static int from_root(const char *what, cJSON *root, bool known, struct tb_catalogue *ret_catalogue,
                     struct tb_error *error)
{
    const cJSON *list = tb_json_find(root, "cases"), *source;
    struct tb_catalogue made = {.root = root, .known = known};
    int code = 0, count = cJSON_GetArraySize(list);

    made.cases = tb_alloc((size_t)count, sizeof *made.cases);
    if (count > most_cases)
        code = tb_failure(error,
                          "%s: %d cases: %d at most, as --benchmark_filter=REGEX in a "
                          "subject's command leaves them",
                          what, count, most_cases);
    cJSON_ArrayForEach(source, list) {
        struct tb_case item = read_case(source), *same;

        if (code)
            break;
        if (!item.name || !item.gb_name)
            code = tb_failure(error, "%s: case %zu has no name", what, made.count + 1);
        else if ((same = tb_catalogue_find(&made, item.name)))
            same->twice = true;
        else
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

    return code ? code : from_root(detail_file, root, true, ret_catalogue, error);
}

int tb_catalogue_from_list(const char *what, cJSON *list, bool known,
                           struct tb_catalogue *ret_catalogue, struct tb_error *error)
{
    cJSON *root = cJSON_CreateObject();

    tb_json_set(root, "cases", list);
    return from_root(what, root, known, ret_catalogue, error);
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
        item = tb_json_add_object(list);
        tb_json_set_text(item, "name", name);
        tb_json_set_text(item, "case", name);
        free(name);
    }
    return tb_catalogue_from_list("list", list, false, ret_catalogue, error);
}

struct tb_case *tb_catalogue_find(const struct tb_catalogue *catalogue, const char *name)
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

const char *const tb_placement_names[] = {"same", "other", "unknown"};

void tb_series_finish(struct tb_series *series)
{
    for (size_t i = 0; i < TB_PLACEMENTS; i++)
        tb_histogram_finish(&series->histograms[i]);
    *series = (struct tb_series){0};
}

/* A number of a list; NaN for anything else, and past its end. */
static double number_of(const cJSON *item)
{
    return cJSON_IsNumber(item) && isfinite(item->valuedouble) ? item->valuedouble : NAN;
}

/* False if the lists are not of equal length, or the first descends anywhere. */
static bool fill(struct tb_histogram *histogram, const cJSON *lowers, const cJSON *counts)
{
    const cJSON *next = counts->child, *item;
    double last = -INFINITY;

    histogram->bins = tb_alloc((size_t)cJSON_GetArraySize(lowers), sizeof *histogram->bins);
    cJSON_ArrayForEach(item, lowers) {
        double lower = number_of(item), count = number_of(next);

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
    enum tb_placement placement = name ? TB_SAME : TB_UNKNOWN;

    if (!cJSON_IsArray(lowers) || !cJSON_IsArray(counts) || !fill(&histogram, lowers, counts))
        return false;
    while (placement < TB_UNKNOWN && strcmp(name, tb_placement_names[placement]) != 0)
        placement++;
    tb_histogram_add(&series->histograms[placement], &histogram);
    return true;
}

int tb_series_take(const char *what, cJSON *item, struct tb_series *ret_series,
                   struct tb_error *error)
{
    const cJSON *list = tb_json_find(item, "histograms"), *source;
    struct tb_series series = {
        .samples = whole(item, "samples", 0),
        .wall_ns = tb_json_number(item, "wall_ns", NAN),
    };
    bool good = true;

    if (cJSON_IsArray(list)) {
        cJSON_ArrayForEach(source, list)
            good &= read_histogram(source, &series);
        cJSON_DeleteItemFromObjectCaseSensitive(item, "histograms");
    }
    *ret_series = series;
    return good ? 0
                : tb_failure(error,
                             "%s, case '%s': a histogram is not two lists of numbers, equally "
                             "long, the first ascending",
                             what, tb_json_text(item, "case"));
}

int tb_series_read(const char *text, size_t size, const char *name, struct tb_series *ret_series,
                   struct tb_error *error)
{
    tb_autojson cJSON *root = NULL;
    struct tb_series series = {.wall_ns = NAN};
    int code = parse(text, size, &root, error);
    cJSON *item;

    /* The first that has samples. */
    cJSON_ArrayForEach(item, tb_json_find(root, "series")) {
        const char *its = tb_json_text(item, "case");

        if (code || series.samples || !its || strcmp(its, name) != 0)
            continue;
        tb_series_finish(&series);
        code = tb_series_take(detail_file, item, &series, error);
    }
    if (code)
        tb_series_finish(&series);
    else
        *ret_series = series;
    return code;
}
