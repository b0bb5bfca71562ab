/* The axes: what can be varied, and how each value is brought about. */
#include <threadbench/bench.h>

#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

#include "engine.h"
#include "parked.h"
#include "place.h"

/* ---- cpu ---- */

static const char *const cpu_labels[] = {"", "same", "other", "free"};

static enum tb_outcome bind_to(struct tb_run *run, int cpu, int second_cpu)
{
    int err = tb_place_bind(cpu, second_cpu);

    return err ? tb_skip(run, "cannot be bound to CPU %d: %s", cpu, strerror(err)) : TB_OK;
}

/* A child inherits its parent's CPUs. For TB_OTHER both have two: the kernel mostly puts a new
 * thread on the idle one, and samples where it did not are taken again. Telling the child its CPU
 * at creation would be surer, but is another operation: it adds a system call and a wake. */
static enum tb_outcome cpu_apply(struct tb_run *run, int64_t value)
{
    switch (value) {
    case TB_SAME:
        return bind_to(run, tb_place_home(), TB_NO_CPU);
    case TB_OTHER:
        if (tb_place_other() == TB_NO_CPU)
            return tb_skip(run, "this process may use one CPU only");
        run->engine->apart = true;
        return bind_to(run, tb_place_home(), tb_place_other());
    default:
        return TB_OK;
    }
}

static void cpu_undo(struct tb_run *run, int64_t value)
{
    (void)run;
    (void)value;
    (void)tb_place_free(); /* back to CPUs that it had: refused only if they were taken away */
}

static bool cpu_accepts(int64_t value, const struct tb_sample *sample)
{
    enum tb_placement placement = tb_placement_of(sample);

    return value != TB_OTHER || placement != TB_PLACED_SAME;
}

/* Where the scheduler chooses, samples are a mixture of two kinds, and a quantile jumps from one to
 * the other as their shares change; the mean moves with the shares. */
static const char *cpu_decides(int64_t value)
{
    return value == TB_FREE ? "mean" : NULL;
}

const struct tb_axis tb_axis_cpu = {
    .name = "cpu",
    .doc = "parent and child on the same CPU, on two CPUs, or wherever the scheduler puts them",
    .labels = cpu_labels,
    .apply = cpu_apply,
    .undo = cpu_undo,
    .accepts = cpu_accepts,
    .decides = cpu_decides,
};

/* ---- live ---- */

static enum tb_outcome live_apply(struct tb_run *run, int64_t value)
{
    struct rlimit limit = {0};
    int err;

    if (!value)
        return TB_OK;
    tb_engine_makes_threads();
    err = tb_parked_create((size_t)value, &run->engine->parked);
    if (!err)
        return TB_OK;
    (void)getrlimit(RLIMIT_NPROC, &limit); /* fails only for bad arguments */
    return tb_skip(run,
                   "%" PRId64 " live threads: %s (RLIMIT_NPROC is %ju; see also pids.max, "
                   "threads-max, max_map_count)",
                   value, strerror(err), (uintmax_t)limit.rlim_cur);
}

static void live_undo(struct tb_run *run, int64_t value)
{
    (void)value;
    tb_parked_destroy(run->engine->parked);
    run->engine->parked = NULL;
}

const struct tb_axis tb_axis_live = {
    .name = "live",
    .doc = "threads that exist all the while, parked",
    .unit = "threads",
    .apply = live_apply,
    .undo = live_undo,
};

/* ---- alive, stack ---- */

static enum tb_outcome alive_apply(struct tb_run *run, int64_t value)
{
    if (value)
        run->engine->most_held = (size_t)value;
    return TB_OK;
}

static enum tb_outcome stack_apply(struct tb_run *run, int64_t value)
{
    if (value && run->runtime && !tb_runtime_can(run->runtime, TB_STACK_SIZE))
        return tb_skip(run, "%s: it has no way to choose a stack's size", run->runtime->name);
    if (value)
        run->engine->stack_bytes = (size_t)value;
    return TB_OK;
}

const struct tb_axis tb_axis_alive = {
    .name = "alive",
    .doc = "threads created before the first of them is joined",
    .unit = "threads",
    .apply = alive_apply,
};

const struct tb_axis tb_axis_stack = {
    .name = "stack",
    .doc = "size of a stack; 0 is the runtime's default",
    .unit = "bytes",
    .apply = stack_apply,
};

/* ---- warm ---- */

static const char *const warm_labels[] = {"warm", "cold"};

static enum tb_outcome warm_apply(struct tb_run *run, int64_t value)
{
    if (value == TB_COLD)
        run->engine->warmup_left = 0;
    return TB_OK;
}

static int64_t warm_max_samples(int64_t value)
{
    return value == TB_COLD;
}

static bool warm_fresh(int64_t value)
{
    return value == TB_COLD;
}

const struct tb_axis tb_axis_warm = {
    .name = "warm",
    .doc = "after a warm-up, or cold: the first operation of its process",
    .labels = warm_labels,
    .apply = warm_apply,
    .max_samples = warm_max_samples,
    .fresh = warm_fresh,
};

/* ---- bytes ---- */

static const char *bytes_preload(int64_t value, char *name, size_t size)
{
    if (!value)
        return NULL;
    (void)snprintf(name, size, "threadbench-tls-%" PRId64 ".so", value);
    return name;
}

const struct tb_axis tb_axis_bytes = {
    .name = "bytes",
    .doc = "static thread-local storage of a module that is loaded when the program starts",
    .unit = "bytes",
    .preload = bytes_preload,
};

/* ---- made, threads ---- */

static const char *const made_labels[] = {"some", "never"};

static void *nothing(void *argument)
{
    return argument;
}

/* A C library that spares a process without threads some work does so until the first is made. */
static enum tb_outcome made_apply(struct tb_run *run, int64_t value)
{
    pthread_t thread;
    int err;

    if (value == TB_NEVER)
        return TB_OK;
    tb_engine_makes_threads();
    err = pthread_create(&thread, NULL, nothing, NULL);
    if (!err)
        err = pthread_join(thread, NULL);
    return err ? tb_fail(run, "the first thread", err) : TB_OK;
}

static bool made_fresh(int64_t value)
{
    return value == TB_NEVER;
}

const struct tb_axis tb_axis_made = {
    .name = "made",
    .doc = "in a process that has made a thread before, or in one that never has",
    .labels = made_labels,
    .apply = made_apply,
    .fresh = made_fresh,
};

const struct tb_axis tb_axis_threads = {
    .name = "threads",
    .doc = "threads that take part, the measuring one among them",
    .unit = "threads",
};

/* ---- work ---- */

const struct tb_axis tb_axis_work = {
    .name = "work",
    .doc = "how long a task keeps its CPU busy",
    .unit = "ns",
};
