#include "sidecar.h"

#include <assert.h>
#include <benchmark_c.h>
#include <cjson/cJSON.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef __OPTIMIZE__
enum { optimised = 1 };
#else
enum { optimised = 0 };
#endif

#ifdef NDEBUG
enum { asserts = 0 };
#else
enum { asserts = 1 };
#endif

#ifdef __clang__
static const char compiler[] = __VERSION__;
#else
static const char compiler[] = "gcc " __VERSION__;
#endif

struct tb_suite_sidecar {
    cJSON *root;
    cJSON *series; /* within root: an object, by case name */
};

static void add_text(cJSON *object, const char *key, const char *text)
{
    if (text)
        (void)cJSON_AddStringToObject(object, key, text);
    else
        (void)cJSON_AddNullToObject(object, key);
}

static cJSON *describe_clock(void)
{
    cJSON *clock = cJSON_CreateObject();

    add_text(clock, "name", "CLOCK_MONOTONIC");
    (void)cJSON_AddNumberToObject(clock, "resolution_ns", (double)tb_clock_resolution_ns());
    (void)cJSON_AddNumberToObject(clock, "cost_ns", tb_clock_cost_ns());
    return clock;
}

static cJSON *describe_build(void)
{
    cJSON *build = cJSON_CreateObject();

    add_text(build, "compiler", compiler);
    (void)cJSON_AddBoolToObject(build, "optimised", optimised);
    (void)cJSON_AddBoolToObject(build, "asserts", asserts);
    add_text(build, "sanitizers", strcmp(TB_SANITIZERS, "none") ? TB_SANITIZERS : NULL);
    return build;
}

static const char *kind_name(enum tb_kind kind)
{
    switch (kind) {
    case TB_POOLS:
        return "pool";
    case TB_LOOPS:
        return "loop";
    case TB_FIBRES:
        return "fibre";
    case TB_PROCESSES:
        return "process";
    default:
        return "thread";
    }
}

static cJSON *describe_runtimes(void)
{
    cJSON *runtimes = cJSON_CreateArray();

    for (size_t i = 0; tb_runtimes[i]; i++) {
        const struct tb_runtime *runtime = tb_runtimes[i];
        cJSON *object = cJSON_CreateObject();

        add_text(object, "name", runtime->name);
        add_text(object, "doc", runtime->doc);
        add_text(object, "kind", kind_name(runtime->kind));
        add_text(object, "unavailable", runtime->unavailable ? runtime->unavailable() : NULL);
        (void)cJSON_AddItemToArray(runtimes, object);
    }
    return runtimes;
}

/* False, too, where memory was short when the item was made. */
static bool is_named(const cJSON *item, const char *key, const char *name)
{
    const char *text = cJSON_GetStringValue(cJSON_GetObjectItem(item, key));

    assert(name); /* an array within a case, or a literal */
    return text && !strcmp(text, name);
}

static void describe_axis(cJSON *axes, const struct tb_axis *axis)
{
    cJSON *object, *known;

    cJSON_ArrayForEach(known, axes) {
        if (is_named(known, "name", axis->name))
            return;
    }
    object = cJSON_CreateObject();
    add_text(object, "name", axis->name);
    add_text(object, "unit", axis->unit);
    add_text(object, "doc", axis->doc);
    if (axis->unit && axis->zero >= 0)
        (void)cJSON_AddNumberToObject(object, "zero", (double)axis->zero);
    (void)cJSON_AddItemToArray(axes, object);
}

static cJSON *describe_axes(const struct tb_bench_case *cases, size_t count)
{
    cJSON *axes = cJSON_CreateArray();

    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < TB_MAX_AXES && cases[i].bench->sweeps[k].axis; k++)
            describe_axis(axes, cases[i].bench->sweeps[k].axis);
    return axes;
}

static cJSON *describe_point(const struct tb_bench_case *c)
{
    cJSON *point = cJSON_CreateObject();

    for (size_t i = 0; i < TB_MAX_AXES && c->bench->sweeps[i].axis; i++) {
        const struct tb_axis *axis = c->bench->sweeps[i].axis;

        if (axis->labels)
            add_text(point, axis->name, axis->labels[c->values[i]]);
        else
            (void)cJSON_AddNumberToObject(point, axis->name, (double)c->values[i]);
    }
    return point;
}

static cJSON *describe_phases(const struct tb_bench *bench)
{
    cJSON *phases = cJSON_CreateArray();

    for (size_t i = 0; i < TB_MAX_PHASES && bench->phases[i]; i++)
        (void)cJSON_AddItemToArray(phases, cJSON_CreateString(bench->phases[i]));
    return phases;
}

static cJSON *describe_parts(const struct tb_phase_part *part)
{
    cJSON *parts = cJSON_CreateArray();

    for (; part && part->phase; part++) {
        cJSON *object = cJSON_CreateObject();

        add_text(object, "phase", part->phase);
        add_text(object, "what", part->what);
        (void)cJSON_AddNumberToObject(object, "times", part->times ? part->times : 1);
        add_text(object, "case", part->of);
        add_text(object, "field", part->field ? part->field : "lower_half_mean");
        (void)cJSON_AddItemToArray(parts, object);
    }
    return parts;
}

static cJSON *describe_case(const struct tb_bench_case *c)
{
    cJSON *object = cJSON_CreateObject();
    char registered[256];

    tb_bench_case_registered_name(c, registered, sizeof(registered));
    add_text(object, "name", registered);
    add_text(object, "case", c->name);
    add_text(object, "benchmark", c->bench->name);
    add_text(object, "doc", c->bench->doc);
    add_text(object, "unit", c->bench->unit ? c->bench->unit : "ns");
    add_text(object, "runtime", c->runtime ? c->runtime->name : NULL);
    (void)cJSON_AddItemToObject(object, "axes", describe_point(c));
    (void)cJSON_AddBoolToObject(object, "core", c->core);
    (void)cJSON_AddBoolToObject(object, "standard", c->standard);
    add_text(object, "card", c->card);
    add_text(object, "primary_statistic", tb_bench_case_statistic(c));
    add_text(object, "floor", c->floor ? c->floor->name : NULL);
    add_text(object, "overhead", c->overhead ? c->overhead->name : NULL);
    (void)cJSON_AddNumberToObject(object, "block", c->bench->block ? c->bench->block : 1);
    (void)cJSON_AddItemToObject(object, "phases", describe_phases(c->bench));
    (void)cJSON_AddItemToObject(object, "parts", describe_parts(c->parts));
    (void)cJSON_AddNumberToObject(object, "max_samples", (double)tb_bench_case_max_samples(c));
    add_text(object, "version", c->family->version);
    return object;
}

static cJSON *describe_cases(const struct tb_bench_case *cases, size_t count)
{
    cJSON *array = cJSON_CreateArray();

    for (size_t i = 0; i < count; i++)
        (void)cJSON_AddItemToArray(array, describe_case(&cases[i]));
    return array;
}

static void add_members(cJSON *object, const char *text)
{
    cJSON *from = text ? cJSON_Parse(text) : NULL;

    while (from && from->child) {
        cJSON *item = cJSON_DetachItemViaPointer(from, from->child);

        (void)cJSON_AddItemToObject(object, item->string, item);
    }
    cJSON_Delete(from);
}

struct tb_suite_sidecar *tb_suite_sidecar_create(const struct tb_bench_case *cases, size_t count,
                                                 const char *about)
{
    struct tb_suite_sidecar *sidecar = calloc(1, sizeof(*sidecar));

    if (!sidecar)
        return NULL;
    sidecar->root = cJSON_CreateObject();
    add_text(sidecar->root, "schema", "threadbench-sidecar");
    (void)cJSON_AddNumberToObject(sidecar->root, "version", 1);
    (void)cJSON_AddItemToObject(sidecar->root, "clock", describe_clock());
    add_text(sidecar->root, "benchmark_library", bm_library_version());
    (void)cJSON_AddItemToObject(sidecar->root, "build", describe_build());
    (void)cJSON_AddItemToObject(sidecar->root, "runtimes", describe_runtimes());
    (void)cJSON_AddItemToObject(sidecar->root, "axes", describe_axes(cases, count));
    (void)cJSON_AddItemToObject(sidecar->root, "cases", describe_cases(cases, count));
    add_members(sidecar->root, about);
    sidecar->series = cJSON_AddArrayToObject(sidecar->root, "series");
    if (!sidecar->series) {
        tb_suite_sidecar_destroy(sidecar);
        return NULL;
    }
    return sidecar;
}

void tb_suite_sidecar_destroy(struct tb_suite_sidecar *sidecar)
{
    if (!sidecar)
        return;
    cJSON_Delete(sidecar->root);
    free(sidecar);
}

static cJSON *write_counts(const struct tb_buckets *histogram)
{
    cJSON *counts = cJSON_CreateArray();

    for (size_t i = 0; i < histogram->count; i++)
        (void)cJSON_AddItemToArray(counts, cJSON_CreateNumber((double)histogram->counts[i]));
    return counts;
}

static int add_histogram(cJSON *histograms, const struct tb_engine *engine,
                         enum tb_child_cpu placement)
{
    static const char *const names[] = {"same", "other", "unknown"};
    struct tb_sorted sorted;
    struct tb_buckets histogram;
    cJSON *object;
    int err = tb_sort(&engine->series, engine->run.block, placement, &sorted);

    if (err)
        return err;
    err = tb_buckets_init(&histogram, &sorted);
    free(sorted.values);
    if (err || !histogram.count)
        goto finish_histogram;
    object = cJSON_CreateObject();
    add_text(object, "placement", names[placement]);
    (void)cJSON_AddItemToObject(object, "lower_ns",
                                cJSON_CreateDoubleArray(histogram.lower_ns, (int)histogram.count));
    (void)cJSON_AddItemToObject(object, "count", write_counts(&histogram));
    (void)cJSON_AddItemToArray(histograms, object);
finish_histogram:
    tb_buckets_finish(&histogram);
    return err;
}

static void forget(cJSON *series, const char *name)
{
    for (int i = 0; i < cJSON_GetArraySize(series); i++) {
        if (is_named(cJSON_GetArrayItem(series, i), "case", name)) {
            cJSON_DeleteItemFromArray(series, i);
            return;
        }
    }
}

int tb_suite_sidecar_add(struct tb_suite_sidecar *sidecar, const struct tb_engine *engine)
{
    cJSON *object = cJSON_CreateObject(), *histograms;
    int err = 0;

    add_text(object, "case", engine->running->name);
    (void)cJSON_AddNumberToObject(object, "samples", (double)engine->series.count);
    (void)cJSON_AddNumberToObject(object, "wall_ns", (double)engine->wall_ns);
    histograms = cJSON_AddArrayToObject(object, "histograms");
    for (int placement = 0; histograms && !err && placement < TB_CHILD_ANY; placement++)
        err = add_histogram(histograms, engine, placement);
    if (!histograms || err) {
        cJSON_Delete(object);
        return ENOMEM;
    }
    forget(sidecar->series, engine->running->name);
    (void)cJSON_AddItemToArray(sidecar->series, object);
    return 0;
}

int tb_suite_sidecar_write(const struct tb_suite_sidecar *sidecar, const char *path)
{
    char *text = cJSON_PrintUnformatted(sidecar->root);
    FILE *file = text ? fopen(path, "we") : NULL;
    int err = !text ? ENOMEM : !file ? errno : 0;

    if (!err && fputs(text, file) < 0)
        err = errno;
    if (file && fclose(file) && !err)
        err = errno;
    cJSON_free(text);
    return err;
}
