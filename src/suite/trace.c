#include "trace.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PARENT = 1, CHILD }; /* the threads' numbers */

/* The sample that is drawn. */
struct life {
    const struct tb_engine *engine;
    size_t sample, ordered; /* and how many samples could have been */
    size_t phases, child;   /* the place of the child's phase */
    double median_ns;
};

/* The phase that begins and ends at stamps of the child's; `phases`: none does. */
static size_t find_child(const struct tb_engine *engine, size_t phases)
{
    size_t i = 1;

    while (i < phases && !(engine->by_child[i - 1] && engine->by_child[i]))
        i++;
    return i < phases ? i : phases;
}

static bool is_ordered(const struct life *life, size_t sample)
{
    size_t i = 0;

    while (i < life->phases && life->engine->series.phases[i][sample] >= 0)
        i++;
    return i == life->phases;
}

static void choose(struct life *life)
{
    const struct tb_samples *series = &life->engine->series;
    double least = INFINITY;

    for (size_t i = 0; i < series->count; i++) {
        double distance = fabs((double)series->samples[i].ns - life->median_ns);

        if (!is_ordered(life, i))
            continue;
        life->ordered++;
        if (distance < least) {
            least = distance;
            life->sample = i;
        }
    }
}

static int64_t phase_ns(const struct life *life, size_t phase)
{
    return life->engine->series.phases[phase][life->sample];
}

/* When the phase begins, from the lifecycle's beginning on. */
static int64_t begin_ns(const struct life *life, size_t phase)
{
    int64_t ns = 0;

    for (size_t i = 0; i < phase; i++)
        ns += phase_ns(life, i);
    return ns;
}

/* Whether all of it is written is asked when the file is closed, here and below. Times of the
 * format are in microseconds. */
static void put_event(FILE *out, const char *kind, int thread, int64_t ns)
{
    (void)fprintf(out, ",\n{\"ph\":\"%s\",\"pid\":%d,\"tid\":%d,\"ts\":%.3f", kind, (int)getpid(),
                  thread, (double)ns / 1e3);
}

static void put_slice(FILE *out, int thread, const char *name, int64_t from_ns, int64_t ns)
{
    put_event(out, "X", thread, from_ns);
    (void)fprintf(out, ",\"name\":\"%s\",\"cat\":\"lifecycle\",\"dur\":%.3f}", name,
                  (double)ns / 1e3);
}

/* One end of an arrow, which holds to the slice around it. */
static void put_flow(FILE *out, bool starts, int thread, const char *name, int id, int64_t ns)
{
    put_event(out, starts ? "s" : "f", thread, ns);
    (void)fprintf(out, ",\"name\":\"%s\",\"cat\":\"flow\",\"id\":%d%s}", name, id,
                  starts ? "" : ",\"bp\":\"e\"");
}

static void put_name(FILE *out, int thread, const char *name, int cpu)
{
    (void)fprintf(out,
                  ",\n{\"ph\":\"M\",\"pid\":%d,\"tid\":%d,\"name\":\"thread_name\","
                  "\"args\":{\"name\":\"%s",
                  (int)getpid(), thread, name);
    if (cpu >= 0)
        (void)fprintf(out, ", CPU %d", cpu);
    (void)fputs("\"}}", out);
}

static void put_events(FILE *out, const struct life *life)
{
    const struct tb_sample *sample = &life->engine->series.samples[life->sample];
    const char *const *names = life->engine->run.bench->phases;
    const char *name = life->engine->running->name;
    int64_t first_ns = begin_ns(life, life->child), last_ns = begin_ns(life, life->child + 1);

    (void)fprintf(out,
                  "{\"ph\":\"M\",\"pid\":%d,\"name\":\"process_name\",\"args\":{\"name\":\"%s\"}}",
                  (int)getpid(), name);
    put_name(out, PARENT, "parent", sample->parent_cpu);
    put_name(out, CHILD, "child", sample->child_cpu);
    put_slice(out, PARENT, name, 0, begin_ns(life, life->phases));
    for (size_t i = 0; i < life->phases; i++)
        put_slice(out, PARENT, names[i], begin_ns(life, i), phase_ns(life, i));
    put_slice(out, CHILD, names[life->child], first_ns, phase_ns(life, life->child));
    put_flow(out, true, PARENT, "create", 1, 0);
    put_flow(out, false, CHILD, "create", 1, first_ns);
    put_flow(out, true, CHILD, "exit", 2, first_ns);
    put_flow(out, false, PARENT, "exit", 2, last_ns);
}

/* And closes it: 0 or an errno value. */
static int put_all(const struct life *life, FILE *out)
{
    const struct tb_samples *series = &life->engine->series;
    int err;

    (void)fprintf(out,
                  "{\"displayTimeUnit\":\"ns\",\"otherData\":{\"case\":\"%s\","
                  "\"what\":\"one lifecycle, the nearest to the median; no average\","
                  "\"sample_ns\":%" PRId64 ",\"median_ns\":%.0f,\"samples\":%zu,"
                  "\"samples_in_order\":%zu},\n\"traceEvents\":[\n",
                  life->engine->running->name, series->samples[life->sample].ns, life->median_ns,
                  series->count, life->ordered);
    put_events(out, life);
    (void)fputs("\n]}\n", out);
    err = ferror(out) ? EIO : 0;
    if (fclose(out) && !err)
        err = errno;
    return err;
}

/* Whether there is something that is no file, a pipe or a link, which would not be there any more
 * after a rename. */
static bool is_special(const char *path)
{
    struct stat status;

    return !lstat(path, &status) && !S_ISREG(status.st_mode);
}

static int put(const struct life *life, const char *path)
{
    char beside[PATH_MAX];
    bool direct = is_special(path);
    FILE *out;
    int err;

    if ((size_t)snprintf(beside, sizeof(beside), "%s.tmp-%d", path, (int)getpid()) >=
        sizeof(beside))
        return ENAMETOOLONG;
    out = fopen(direct ? path : beside, direct ? "we" : "wxe");
    if (!out)
        return errno;
    err = put_all(life, out);
    if (direct)
        return err;
    if (!err && rename(beside, path))
        err = errno;
    if (err)
        (void)unlink(beside); /* the first error is the one to report */
    return err;
}

int tb_trace_write(const struct tb_engine *engine, const char *path)
{
    struct life life = {.engine = engine, .phases = tb_bench_phases(engine->run.bench)};
    struct tb_sorted sorted;

    life.child = find_child(engine, life.phases);
    if (life.child == life.phases || !engine->series.count)
        return 0;
    if (tb_sort(&engine->series, 1, TB_CHILD_ANY, &sorted))
        return ENOMEM;
    life.median_ns = tb_quantile(&sorted, 0.5);
    free(sorted.values);
    choose(&life);
    return life.ordered ? put(&life, path) : 0;
}
