#include "sidecar.h"

#include <benchmark_c.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <threadbench/proc.h>
#include <unistd.h>

#include "objects.h"

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

/* ---- JSON, as it is written: an error shows when the stream is closed ---- */

struct out {
    FILE *stream;
    bool begun; /* the innermost object or list, which has no member yet */
};

static void put_string(struct out *out, const char *text)
{
    (void)fputc('"', out->stream);
    for (; *text; text++) {
        if (*text == '"' || *text == '\\')
            (void)fprintf(out->stream, "\\%c", *text);
        else if ((unsigned char)*text < ' ')
            (void)fprintf(out->stream, "\\u%04x", (unsigned)*text);
        else
            (void)fputc(*text, out->stream);
    }
    (void)fputc('"', out->stream);
}

/* Begins a member: of an object, or, without a key, of a list. */
static FILE *member(struct out *out, const char *key)
{
    if (!out->begun)
        (void)fputc(',', out->stream);
    out->begun = false;
    if (key) {
        put_string(out, key);
        (void)fputc(':', out->stream);
    }
    return out->stream;
}

static void begin(struct out *out, const char *key, char bracket)
{
    (void)fputc(bracket, member(out, key));
    out->begun = true;
}

static void end(struct out *out, char bracket)
{
    (void)fputc(bracket, out->stream);
    out->begun = false;
}

static void put_text(struct out *out, const char *key, const char *text)
{
    if (!text) {
        (void)fprintf(member(out, NULL), "\"%s\":null", key);
        return;
    }
    (void)member(out, key);
    put_string(out, text);
}

/* Whole numbers, and histograms' bounds, have no more digits. */
static void put_number(struct out *out, const char *key, double number)
{
    (void)fprintf(member(out, key), "%.15g", number);
}

static void put_flag(struct out *out, const char *key, bool flag)
{
    (void)fputs(flag ? "true" : "false", member(out, key));
}

/* ---- what there is ---- */

static void describe_clock(struct out *out)
{
    begin(out, "clock", '{');
    put_text(out, "name", "CLOCK_MONOTONIC");
    put_number(out, "resolution_ns", (double)tb_clock_resolution_ns());
    put_number(out, "cost_ns", tb_clock_cost_ns());
    end(out, '}');
}

static void describe_build(struct out *out)
{
    begin(out, "build", '{');
    put_text(out, "compiler", compiler);
    put_flag(out, "optimised", optimised);
    put_flag(out, "asserts", asserts);
    put_text(out, "sanitizers", strcmp(TB_SANITIZERS, "none") ? TB_SANITIZERS : NULL);
    end(out, '}');
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

static void describe_runtimes(struct out *out)
{
    begin(out, "runtimes", '[');
    for (size_t i = 0; tb_runtimes[i]; i++) {
        const struct tb_runtime *runtime = tb_runtimes[i];

        begin(out, NULL, '{');
        put_text(out, "name", runtime->name);
        put_text(out, "doc", runtime->doc);
        put_text(out, "kind", kind_name(runtime->kind));
        put_text(out, "unavailable", runtime->unavailable ? runtime->unavailable() : NULL);
        end(out, '}');
    }
    end(out, ']');
}

static void describe_axis(struct out *out, const struct tb_axis *axis)
{
    begin(out, NULL, '{');
    put_text(out, "name", axis->name);
    put_text(out, "unit", axis->unit);
    put_text(out, "doc", axis->doc);
    if (axis->unit && axis->zero >= 0)
        put_number(out, "zero", (double)axis->zero);
    end(out, '}');
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

static void describe_axes(struct out *out, const struct tb_bench_case *cases, size_t count)
{
    begin(out, "axes", '[');
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < TB_MAX_AXES && cases[i].bench->sweeps[k].axis; k++)
            if (!is_described(cases, i, cases[i].bench->sweeps[k].axis))
                describe_axis(out, cases[i].bench->sweeps[k].axis);
    end(out, ']');
}

static void describe_point(struct out *out, const struct tb_bench_case *c)
{
    begin(out, "axes", '{');
    for (size_t i = 0; i < TB_MAX_AXES && c->bench->sweeps[i].axis; i++) {
        const struct tb_axis *axis = c->bench->sweeps[i].axis;

        if (axis->labels)
            put_text(out, axis->name, axis->labels[c->values[i]]);
        else
            put_number(out, axis->name, (double)c->values[i]);
    }
    end(out, '}');
}

static void describe_phases(struct out *out, const struct tb_bench *bench)
{
    begin(out, "phases", '[');
    for (size_t i = 0; i < TB_MAX_PHASES && bench->phases[i]; i++)
        put_text(out, NULL, bench->phases[i]);
    end(out, ']');
}

static void describe_what(struct out *out, const struct tb_phase_part *part)
{
    char what[128];

    (void)snprintf(what, sizeof(what), "%s%s%s", part->what, part->by ? " by " : "",
                   part->by ? part->by() : "");
    put_text(out, "what", what);
}

static void describe_parts(struct out *out, const struct tb_phase_part *part)
{
    begin(out, "parts", '[');
    for (; part && part->phase; part++) {
        begin(out, NULL, '{');
        put_text(out, "phase", part->phase);
        describe_what(out, part);
        put_number(out, "times", part->times ? part->times : 1);
        put_text(out, "case", part->of);
        put_text(out, "field", part->field ? part->field : "lower_half_mean");
        end(out, '}');
    }
    end(out, ']');
}

static void describe_break_even(struct out *out, const struct tb_bench_case *c)
{
    if (!c->thread || !c->empty)
        return;
    begin(out, "break_even", '{');
    put_text(out, "thread", c->thread->name);
    put_text(out, "empty", c->empty->name);
    put_number(out, "length_ns", (double)tb_bench_case_value(c, c->bench->alternatives.length));
    end(out, '}');
}

static void describe_case(struct out *out, const struct tb_bench_case *c)
{
    char registered[256];

    tb_bench_case_registered_name(c, registered, sizeof(registered));
    begin(out, NULL, '{');
    put_text(out, "name", registered);
    put_text(out, "case", c->name);
    put_text(out, "benchmark", c->bench->name);
    put_text(out, "doc", c->bench->doc);
    put_text(out, "unit", c->bench->unit ? c->bench->unit : "ns");
    put_text(out, "runtime", c->runtime ? c->runtime->name : NULL);
    describe_point(out, c);
    put_flag(out, "core", c->core);
    put_flag(out, "standard", c->standard);
    put_text(out, "card", c->card);
    put_text(out, "primary_statistic", tb_bench_case_statistic(c));
    put_text(out, "floor", c->floor ? c->floor->name : NULL);
    put_text(out, "overhead", c->overhead ? c->overhead->name : NULL);
    describe_break_even(out, c);
    put_flag(out, "alternatives", c->alternatives);
    put_number(out, "block", c->bench->block ? c->bench->block : 1);
    describe_phases(out, c->bench);
    describe_parts(out, c->parts);
    put_number(out, "max_samples", (double)tb_bench_case_max_samples(c));
    put_text(out, "version", c->family->version);
    end(out, '}');
}

static void add_members(struct out *out, const char *object)
{
    const char *first = object ? strchr(object, '{') : NULL,
               *last = object ? strrchr(object, '}') : NULL;

    if (first && last > first + 1)
        (void)fprintf(member(out, NULL), "%.*s", (int)(last - first - 1), first + 1);
}

static void describe_build_id(void *user, uintptr_t start, const char *build_id)
{
    char key[32];

    (void)snprintf(key, sizeof(key), "%jx", (uintmax_t)start); /* fits */
    put_text(user, key, build_id);
}

/* The value of GLIBC_TUNABLES, within `text`, as it was when this process began: the C library ends
 * each setting that it takes where a colon was. No variable has a dot in its name. */
static const char *find_tunables(char *text, size_t size)
{
    static const char name[] = "GLIBC_TUNABLES=";
    char *at = text;

    while (at < text + size && strncmp(at, name, strlen(name)) != 0)
        at += strlen(at) + 1;
    if (at >= text + size)
        return NULL;
    for (char *end = at; end < text + size; *end = ':') {
        end += strlen(end);
        if (end + 1 >= text + size || end[1 + strcspn(end + 1, ".=")] != '.')
            break;
    }
    return at + strlen(name);
}

static void describe_tunables(struct out *out)
{
    char *variables = malloc(MOST_PROC);
    size_t size;

    put_text(out, "tunables",
             variables && !tb_proc_read("/proc/self/environ", variables, MOST_PROC, &size)
                 ? find_tunables(variables, size)
                 : NULL);
    free(variables);
}

/* Of what this process consists. The paths are the kernel's: to the loader its own may be
 * another's, as when it is told on a command line which program to load. */
static void describe_process(struct out *out)
{
    char *maps = malloc(MOST_PROC), exe[PATH_MAX], libc[128] = "";
    size_t length;
    bool known = maps && !tb_proc_read("/proc/self/maps", maps, MOST_PROC, &length);

    (void)confstr(_CS_GNU_LIBC_VERSION, libc, sizeof(libc)); /* empty where it is another one */
    begin(out, "process", '{');
    put_text(out, "maps", known ? maps : NULL);
    put_text(out, "exe", tb_proc_program(exe, sizeof(exe)) ? NULL : exe);
    put_number(out, "base", (double)getauxval(AT_BASE));
    put_text(out, "libc", *libc ? libc : NULL);
    put_text(out, "preload", getenv("LD_PRELOAD"));
    describe_tunables(out);
    begin(out, "build_ids", '{');
    tb_objects_visit(describe_build_id, out);
    end(out, '}');
    end(out, '}');
    free(maps);
}

static void describe(struct out *out, const struct tb_suite_sidecar *sidecar)
{
    describe_clock(out);
    put_text(out, "benchmark_library", bm_library_version());
    describe_build(out);
    describe_process(out);
    describe_runtimes(out);
    describe_axes(out, sidecar->cases, sidecar->count);
    begin(out, "cases", '[');
    for (size_t i = 0; i < sidecar->count; i++)
        describe_case(out, &sidecar->cases[i]);
    end(out, ']');
    add_members(out, sidecar->about);
}

/* ---- what was measured ---- */

static void put_histogram(struct out *out, const struct tb_buckets *histogram,
                          const char *placement)
{
    begin(out, NULL, '{');
    put_text(out, "placement", placement);
    begin(out, "lower_ns", '[');
    for (size_t i = 0; i < histogram->count; i++)
        put_number(out, NULL, histogram->lower_ns[i]);
    end(out, ']');
    begin(out, "count", '[');
    for (size_t i = 0; i < histogram->count; i++)
        put_number(out, NULL, (double)histogram->counts[i]);
    end(out, ']');
    end(out, '}');
}

static int add_histogram(struct out *out, const struct tb_engine *engine,
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

static int put_series(struct out *out, const struct tb_engine *engine)
{
    int err = 0;

    begin(out, NULL, '{');
    put_text(out, "case", engine->running->name);
    put_number(out, "samples", (double)engine->series.count);
    put_number(out, "wall_ns", (double)engine->wall_ns);
    begin(out, "histograms", '[');
    for (int placement = 0; !err && placement < TB_CHILD_ANY; placement++)
        err = add_histogram(out, engine, placement);
    end(out, ']');
    end(out, '}');
    return err;
}

int tb_suite_sidecar_add(struct tb_suite_sidecar *sidecar, const struct tb_engine *engine)
{
    char **series = &sidecar->series[engine->running - sidecar->cases], *text = NULL;
    size_t size;
    struct out out = {.stream = open_memstream(&text, &size), .begun = true};
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

static void write_all(struct out *out, const struct tb_suite_sidecar *sidecar)
{
    begin(out, NULL, '{');
    put_text(out, "schema", "threadbench-sidecar");
    put_number(out, "version", 1);
    if (sidecar->count != 1 || !sidecar->series[0])
        describe(out, sidecar);
    begin(out, "series", '[');
    for (size_t i = 0; i < sidecar->count; i++)
        if (sidecar->series[i])
            (void)fputs(sidecar->series[i], member(out, NULL));
    end(out, ']');
    end(out, '}');
}

int tb_suite_sidecar_write(const struct tb_suite_sidecar *sidecar, const char *path)
{
    struct out out = {.stream = fopen(path, "we"), .begun = true};
    int err;

    if (!out.stream)
        return errno;
    write_all(&out, sidecar);
    err = ferror(out.stream) ? EIO : 0;
    if (fclose(out.stream) && !err)
        err = errno;
    return err;
}
