#include "sidecar.h"

#include <threadbench/proc.h>

#include <benchmark_c.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

#include "objects.h"
#include "write.h"

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

enum { MOST_PROC = 1 << 20 };

struct tb_suite_sidecar {
    const struct tb_bench_case *cases;
    size_t count;
    const char *about;
    char **series; /* of each case, as JSON; NULL: none was added */
};

/* ---- what there is ---- */

static void describe_clock(struct tb_writer *out)
{
    tb_write_begin(out, "clock", '{');
    tb_write_text(out, "name", "CLOCK_MONOTONIC");
    tb_write_number(out, "resolution_ns", (double)tb_clock_resolution_ns());
    tb_write_number(out, "cost_ns", tb_clock_cost_ns());
    tb_write_end(out, '}');
}

static void describe_build(struct tb_writer *out)
{
    tb_write_begin(out, "build", '{');
    tb_write_text(out, "compiler", compiler);
    tb_write_flag(out, "optimised", optimised);
    tb_write_flag(out, "asserts", asserts);
    tb_write_text(out, "sanitizers", strcmp(TB_SANITIZERS, "none") ? TB_SANITIZERS : NULL);
    tb_write_end(out, '}');
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
    case TB_WRAPPED:
        return "wrapped thread";
    default:
        return "thread";
    }
}

static void describe_runtimes(struct tb_writer *out)
{
    tb_write_begin(out, "runtimes", '[');
    for (size_t i = 0; tb_runtimes[i]; i++) {
        const struct tb_runtime *runtime = tb_runtimes[i];

        tb_write_begin(out, NULL, '{');
        tb_write_text(out, "name", runtime->name);
        tb_write_text(out, "doc", runtime->doc);
        tb_write_text(out, "kind", kind_name(runtime->kind));
        tb_write_text(out, "unavailable", runtime->unavailable ? runtime->unavailable() : NULL);
        tb_write_end(out, '}');
    }
    tb_write_end(out, ']');
}

static void describe_axis(struct tb_writer *out, const struct tb_axis *axis)
{
    tb_write_begin(out, NULL, '{');
    tb_write_text(out, "name", axis->name);
    tb_write_text(out, "unit", axis->unit);
    tb_write_text(out, "doc", axis->doc);
    if (axis->unit && axis->zero >= 0)
        tb_write_number(out, "zero", (double)axis->zero);
    tb_write_end(out, '}');
}

static bool has_axis(const struct tb_bench *bench, const struct tb_axis *axis)
{
    for (size_t i = 0; i < TB_MAX_AXES && bench->sweeps[i].axis; i++)
        if (bench->sweeps[i].axis == axis)
            return true;
    return false;
}

/* Whether a case before cases[count] has the axis. */
static bool is_described(const struct tb_bench_case *cases, size_t count,
                         const struct tb_axis *axis)
{
    for (size_t i = 0; i < count; i++)
        if (has_axis(cases[i].bench, axis))
            return true;
    return false;
}

static void describe_axes(struct tb_writer *out, const struct tb_bench_case *cases, size_t count)
{
    tb_write_begin(out, "axes", '[');
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < TB_MAX_AXES && cases[i].bench->sweeps[k].axis; k++)
            if (!is_described(cases, i, cases[i].bench->sweeps[k].axis))
                describe_axis(out, cases[i].bench->sweeps[k].axis);
    tb_write_end(out, ']');
}

static void describe_point(struct tb_writer *out, const struct tb_bench_case *c)
{
    tb_write_begin(out, "axes", '{');
    for (size_t i = 0; i < TB_MAX_AXES && c->bench->sweeps[i].axis; i++) {
        const struct tb_axis *axis = c->bench->sweeps[i].axis;

        if (axis->labels)
            tb_write_text(out, axis->name, axis->labels[c->values[i]]);
        else
            tb_write_number(out, axis->name, (double)c->values[i]);
    }
    tb_write_end(out, '}');
}

static void describe_phases(struct tb_writer *out, const struct tb_bench *bench)
{
    tb_write_begin(out, "phases", '[');
    for (size_t i = 0; i < TB_MAX_PHASES && bench->phases[i]; i++)
        tb_write_text(out, NULL, bench->phases[i]);
    tb_write_end(out, ']');
}

static void describe_what(struct tb_writer *out, const struct tb_phase_part *part)
{
    char what[128];

    (void)snprintf(what, sizeof(what), "%s%s%s", part->what, part->by ? " by " : "",
                   part->by ? part->by() : "");
    tb_write_text(out, "what", what);
}

static void describe_parts(struct tb_writer *out, const struct tb_phase_part *part)
{
    tb_write_begin(out, "parts", '[');
    for (; part && part->phase; part++) {
        tb_write_begin(out, NULL, '{');
        tb_write_text(out, "phase", part->phase);
        describe_what(out, part);
        tb_write_number(out, "times", part->times ? part->times : 1);
        tb_write_text(out, "case", part->of);
        tb_write_text(out, "field", part->field ? part->field : "lower_half_mean");
        if (part->less)
            tb_write_text(out, "less", part->less);
        tb_write_end(out, '}');
    }
    tb_write_end(out, ']');
}

static void describe_break_even(struct tb_writer *out, const struct tb_bench_case *c)
{
    if (!c->thread || !c->empty)
        return;
    tb_write_begin(out, "break_even", '{');
    tb_write_text(out, "thread", c->thread->name);
    tb_write_text(out, "empty", c->empty->name);
    tb_write_number(out, "length_ns",
                    (double)tb_bench_case_value(c, c->bench->alternatives.length));
    tb_write_end(out, '}');
}

static void describe_case(struct tb_writer *out, const struct tb_bench_case *c)
{
    char registered[256];

    tb_bench_case_registered_name(c, registered, sizeof(registered));
    tb_write_begin(out, NULL, '{');
    tb_write_text(out, "name", registered);
    tb_write_text(out, "case", c->name);
    tb_write_text(out, "benchmark", c->bench->name);
    tb_write_text(out, "doc", c->bench->doc);
    tb_write_text(out, "unit", c->bench->unit ? c->bench->unit : "ns");
    tb_write_text(out, "runtime", c->runtime ? c->runtime->name : NULL);
    describe_point(out, c);
    tb_write_flag(out, "core", c->core);
    tb_write_flag(out, "standard", c->standard);
    tb_write_text(out, "card", c->card);
    tb_write_text(out, "primary_statistic", tb_bench_case_statistic(c));
    tb_write_text(out, "floor", c->floor ? c->floor->name : NULL);
    tb_write_text(out, "overhead", c->overhead ? c->overhead->name : NULL);
    describe_break_even(out, c);
    tb_write_flag(out, "alternatives", c->alternatives);
    tb_write_number(out, "block", c->bench->block ? c->bench->block : 1);
    describe_phases(out, c->bench);
    describe_parts(out, c->parts);
    tb_write_number(out, "max_samples", (double)tb_bench_case_max_samples(c));
    tb_write_text(out, "version", c->family->version);
    tb_write_end(out, '}');
}

static void add_members(struct tb_writer *out, const char *object)
{
    const char *first = object ? strchr(object, '{') : NULL,
               *last = object ? strrchr(object, '}') : NULL;

    if (first && last > first + 1)
        (void)fprintf(tb_write_member(out, NULL), "%.*s", (int)(last - first - 1), first + 1);
}

static void describe_build_id(void *user, uintptr_t start, const char *build_id)
{
    char key[32];

    (void)snprintf(key, sizeof(key), "%jx", (uintmax_t)start); /* fits */
    tb_write_text(user, key, build_id);
}

static void describe_tunables(struct tb_writer *out)
{
    char *variables = malloc(MOST_PROC);
    size_t size;

    tb_write_text(out, "tunables",
                  variables && !tb_proc_read("/proc/self/environ", variables, MOST_PROC, &size)
                      ? tb_proc_tunables(variables, size)
                      : NULL);
    free(variables);
}

/* Of what this process consists. The paths are the kernel's: to the loader its own may be
 * another's, as when it is told on a command line which program to load. */
static void describe_process(struct tb_writer *out)
{
    char *maps = malloc(MOST_PROC), exe[PATH_MAX], libc[128] = "";
    size_t length;
    bool known = maps && !tb_proc_read("/proc/self/maps", maps, MOST_PROC, &length);

    (void)confstr(_CS_GNU_LIBC_VERSION, libc, sizeof(libc)); /* empty where it is another one */
    tb_write_begin(out, "process", '{');
    tb_write_text(out, "maps", known ? maps : NULL);
    tb_write_text(out, "exe", tb_proc_program(exe, sizeof(exe)) ? NULL : exe);
    tb_write_number(out, "base", (double)getauxval(AT_BASE));
    tb_write_text(out, "libc", *libc ? libc : NULL);
    tb_write_text(out, "preload", getenv("LD_PRELOAD"));
    describe_tunables(out);
    tb_write_begin(out, "build_ids", '{');
    tb_objects_visit(describe_build_id, out);
    tb_write_end(out, '}');
    tb_write_end(out, '}');
    free(maps);
}

/* By which the harness knows how many mappings a thread takes. */
static void describe_guard(struct tb_writer *out)
{
    tb_write_text(out, "stacks_guarded_by",
                  tb_guard_by() == TB_BY_LIBRARY ? NULL : tb_guard_by_name());
}

static void describe(struct tb_writer *out, const struct tb_suite_sidecar *sidecar)
{
    describe_clock(out);
    tb_write_text(out, "benchmark_library", bm_library_version());
    describe_build(out);
    describe_process(out);
    describe_guard(out);
    describe_runtimes(out);
    describe_axes(out, sidecar->cases, sidecar->count);
    tb_write_begin(out, "cases", '[');
    for (size_t i = 0; i < sidecar->count; i++)
        describe_case(out, &sidecar->cases[i]);
    tb_write_end(out, ']');
    add_members(out, sidecar->about);
}

/* ---- what was measured ---- */

static void put_histogram(struct tb_writer *out, const struct tb_buckets *histogram,
                          const char *placement)
{
    tb_write_begin(out, NULL, '{');
    tb_write_text(out, "placement", placement);
    tb_write_begin(out, "lower_ns", '[');
    for (size_t i = 0; i < histogram->count; i++)
        tb_write_number(out, NULL, histogram->lower_ns[i]);
    tb_write_end(out, ']');
    tb_write_begin(out, "count", '[');
    for (size_t i = 0; i < histogram->count; i++)
        tb_write_number(out, NULL, (double)histogram->counts[i]);
    tb_write_end(out, ']');
    tb_write_end(out, '}');
}

static int add_histogram(struct tb_writer *out, const struct tb_engine *engine,
                         enum tb_child_cpu placement)
{
    static const char *const names[] = {"same", "other", "unknown"};
    struct tb_sorted sorted;
    struct tb_buckets histogram;
    int err = tb_sort(&engine->series, engine->run.block, placement, &sorted);

    if (err)
        return err;
    err = tb_buckets_init(&histogram, &sorted);
    free(sorted.values);
    if (!err && histogram.count)
        put_histogram(out, &histogram, names[placement]);
    tb_buckets_finish(&histogram);
    return err;
}

static int put_series(struct tb_writer *out, const struct tb_engine *engine)
{
    int err = 0;

    tb_write_begin(out, NULL, '{');
    tb_write_text(out, "case", engine->running->name);
    tb_write_number(out, "samples", (double)engine->series.count);
    tb_write_number(out, "wall_ns", (double)engine->wall_ns);
    tb_write_begin(out, "histograms", '[');
    for (int placement = 0; !err && placement < TB_CHILD_ANY; placement++)
        err = add_histogram(out, engine, placement);
    tb_write_end(out, ']');
    tb_write_end(out, '}');
    return err;
}

int tb_suite_sidecar_add(struct tb_suite_sidecar *sidecar, const struct tb_engine *engine)
{
    char **series = &sidecar->series[engine->running - sidecar->cases], *text = NULL;
    size_t size;
    struct tb_writer out = {.stream = open_memstream(&text, &size), .empty = true};
    int err = out.stream ? put_series(&out, engine) : ENOMEM;

    if (out.stream && fclose(out.stream))
        err = ENOMEM;
    if (err) {
        free(text);
        return err;
    }
    free(*series);
    *series = text;
    return 0;
}

/* ---- the file ---- */

struct tb_suite_sidecar *tb_suite_sidecar_create(const struct tb_bench_case *cases, size_t count,
                                                 const char *about)
{
    struct tb_suite_sidecar *sidecar = calloc(1, sizeof(*sidecar));

    if (!sidecar)
        return NULL;
    *sidecar = (struct tb_suite_sidecar){cases, count, about, calloc(count, sizeof(char *))};
    if (!sidecar->series) {
        free(sidecar);
        return NULL;
    }
    return sidecar;
}

void tb_suite_sidecar_destroy(struct tb_suite_sidecar *sidecar)
{
    if (!sidecar)
        return;
    for (size_t i = 0; i < sidecar->count; i++)
        free(sidecar->series[i]);
    free(sidecar->series);
    free(sidecar);
}

static void write_all(struct tb_writer *out, const struct tb_suite_sidecar *sidecar)
{
    tb_write_begin(out, NULL, '{');
    tb_write_text(out, "schema", "threadbench-sidecar");
    tb_write_number(out, "version", 1);
    if (sidecar->count != 1 || !sidecar->series[0])
        describe(out, sidecar);
    tb_write_begin(out, "series", '[');
    for (size_t i = 0; i < sidecar->count; i++)
        if (sidecar->series[i])
            (void)fputs(sidecar->series[i], tb_write_member(out, NULL));
    tb_write_end(out, ']');
    tb_write_end(out, '}');
}

int tb_suite_sidecar_write(const struct tb_suite_sidecar *sidecar, const char *path)
{
    struct tb_writer out = {.stream = fopen(path, "we"), .empty = true};
    int err;

    if (!out.stream)
        return errno;
    write_all(&out, sidecar);
    err = ferror(out.stream) ? EIO : 0;
    if (fclose(out.stream) && !err)
        err = errno;
    return err;
}
