/* The axes: what can be varied, and how each value is brought about. */
#include <threadbench/bench.h>
#include <threadbench/proc.h>

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "contention.h"
#include "engine.h"
#include "parked.h"
#include "place.h"

/* ---- cpu ---- */

static const char *const cpu_labels[] = {"", "same", "other", "free", "sibling", "far"};

static enum tb_status bind_to(struct tb_run *run, int cpu, int second_cpu)
{
    int err = tb_place_bind(cpu, second_cpu);

    return err ? tb_skip(run, "cannot be bound to CPU %d: %s", cpu, strerror(err)) : TB_DONE;
}

/* A child inherits its parent's CPUs. Apart, both have two: the kernel mostly puts a new thread on
 * the idle one, and samples where it did not are taken again. Telling the child its CPU at creation
 * would be surer, but is another operation: it adds a system call and a wake. */
static enum tb_status be_apart(struct tb_run *run, int cpu, const char *which)
{
    if (cpu == TB_NO_CPU && tb_place_unknown())
        return tb_skip(run, "the CPUs' topology is not known: %s", tb_place_unknown());
    if (cpu == TB_NO_CPU)
        return tb_skip(run, "this process may use no %s", which);
    run->engine->apart = true;
    run->engine->apart_cpu = cpu;
    return bind_to(run, tb_place_home(), cpu);
}

static enum tb_status cpu_apply(struct tb_run *run, int64_t value)
{
    switch (value) {
    case TB_CPU_SAME:
        return bind_to(run, tb_place_home(), TB_NO_CPU);
    case TB_CPU_OTHER:
        return be_apart(run, tb_place_other(), "other CPU");
    case TB_CPU_SIBLING:
        return be_apart(run, tb_place_beside(TB_IN_CORE), "other CPU of the same core");
    case TB_CPU_FAR:
        return be_apart(run, tb_place_beside(TB_IN_MACHINE), "CPU of another package");
    default:
        return TB_DONE;
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
    enum tb_child_cpu placement = tb_child_cpu_of(sample);

    return value == TB_CPU_SAME || value == TB_CPU_FREE || placement != TB_CHILD_SAME;
}

/* Where the scheduler chooses, samples are a mixture of two kinds, and a quantile jumps from one to
 * the other as their shares change; the mean moves with the shares. */
static const char *cpu_statistic(int64_t value)
{
    return value == TB_CPU_FREE ? "mean" : NULL;
}

const struct tb_axis tb_axis_cpu = {
    .name = "cpu",
    .doc = "parent and child on the same CPU; on two: of two cores, of one, of two packages; or "
           "wherever the scheduler puts them",
    .labels = cpu_labels,
    .apply = cpu_apply,
    .undo = cpu_undo,
    .accepts = cpu_accepts,
    .statistic = cpu_statistic,
};

/* ---- live ---- */

/* Left for the rest of the machine by those who want as many. */
enum { SPARE_THREADS = 1000 };

static bool has_room(struct tb_run *run, int64_t threads)
{
    int64_t spare = threads > SPARE_THREADS ? SPARE_THREADS : 0;
    struct tb_limit least = {.left = INT64_MAX};

    if (threads > 1)
        least = tb_limits_least();
    if (threads <= least.left - spare)
        return true;
    (void)tb_skip(
        run, "%" PRId64 " threads at once: %s leaves room for %" PRId64 ", %" PRId64 " to spare",
        threads, least.name, least.left, spare);
    return false;
}

static enum tb_status live_apply(struct tb_run *run, int64_t value)
{
    int err;

    if (!value)
        return TB_DONE;
    if (!has_room(run, value))
        return TB_SKIP;
    tb_engine_makes_threads();
    err = tb_parked_create((size_t)value, &run->engine->parked);
    return err ? tb_skip(run, "%" PRId64 " live threads: %s", value, strerror(err)) : TB_DONE;
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

static enum tb_status alive_apply(struct tb_run *run, int64_t value)
{
    const enum tb_kind without = TB_POOLS | TB_LOOPS | TB_FIBRES; /* threads for their tasks */

    if (value)
        run->engine->most_held = (size_t)value;
    if (run->runtime && (run->runtime->kind & without))
        return TB_DONE;
    return has_room(run, value) ? TB_DONE : TB_SKIP;
}

static enum tb_status stack_apply(struct tb_run *run, int64_t value)
{
    if (value && run->runtime && !tb_runtime_can(run->runtime, TB_STACK_SIZE))
        return tb_skip(run, "%s: the size of a stack cannot be chosen", run->runtime->name);
    if (value)
        run->engine->stack_bytes = (size_t)value;
    return TB_DONE;
}

const struct tb_axis tb_axis_alive = {
    .name = "alive",
    .doc = "threads created before the first of them is joined",
    .unit = "threads",
    .zero = 1,
    .apply = alive_apply,
};

const struct tb_axis tb_axis_stack = {
    .name = "stack",
    .doc = "size of a stack; 0 is the runtime's default",
    .unit = "bytes",
    .zero = -1,
    .apply = stack_apply,
};

/* ---- fds, creators ---- */

/* The limit is raised as far as this process may by itself. */
static enum tb_status raise_limit(struct tb_run *run, rlim_t wanted)
{
    struct rlimit limit;

    (void)getrlimit(RLIMIT_NOFILE, &limit); /* fails only for bad arguments */
    if (wanted <= limit.rlim_cur)
        return TB_DONE;
    if (wanted > limit.rlim_max)
        return tb_skip(run, "RLIMIT_NOFILE lets it have %ju open descriptors, not %ju",
                       (uintmax_t)limit.rlim_max, (uintmax_t)wanted);
    run->engine->descriptors_before = limit;
    limit.rlim_cur = wanted;
    return setrlimit(RLIMIT_NOFILE, &limit) ? tb_fail(run, "setrlimit", errno) : TB_DONE;
}

static enum tb_status fds_apply(struct tb_run *run, int64_t value)
{
    enum { OTHERS = 64 };
    struct tb_engine *engine = run->engine;

    if (!value)
        return TB_DONE;
    if (raise_limit(run, (rlim_t)value + OTHERS) != TB_DONE)
        return engine->status;
    engine->descriptors = calloc((size_t)value, sizeof(*engine->descriptors));
    if (!engine->descriptors)
        return tb_fail(run, "room for descriptors", ENOMEM);
    while (engine->descriptors_count < (size_t)value) {
        int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);

        if (fd < 0)
            return tb_skip(run, "%" PRId64 " open descriptors: %s", value, strerror(errno));
        engine->descriptors[engine->descriptors_count++] = fd;
    }
    return TB_DONE;
}

static void fds_undo(struct tb_run *run, int64_t value)
{
    struct tb_engine *engine = run->engine;

    (void)value;
    while (engine->descriptors_count)
        (void)close(engine->descriptors[--engine->descriptors_count]); /* nothing to lose */
    free(engine->descriptors);
    engine->descriptors = NULL;
    if (engine->descriptors_before.rlim_max)
        (void)setrlimit(RLIMIT_NOFILE, &engine->descriptors_before); /* lower: always allowed */
}

const struct tb_axis tb_axis_fds = {
    .name = "fds",
    .doc = "descriptors that the process has open besides its own few",
    .unit = "descriptors",
    .apply = fds_apply,
    .undo = fds_undo,
};

enum tb_status tb_prove_memory(struct tb_run *run, int64_t bytes)
{
    int64_t kib;

    if (tb_proc_number("/proc/meminfo", "MemAvailable:", &kib) || bytes / 1024 <= kib / 2)
        return TB_DONE;
    return tb_skip(run, "%" PRId64 " bytes: %" PRId64 " KiB of memory are available", bytes, kib);
}

/* In pages of the usual size: a fork copies an entry for each. */
static enum tb_status resident_apply(struct tb_run *run, int64_t value)
{
    void *memory;

    if (!value)
        return TB_DONE;
    if (tb_prove_memory(run, value) != TB_DONE)
        return TB_SKIP;
    memory = mmap(NULL, (size_t)value, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED)
        return tb_skip(run, "%" PRId64 " bytes: %s", value, strerror(errno));
    run->engine->resident = memory;
    (void)madvise(memory, (size_t)value, MADV_NOHUGEPAGE); /* a kernel without them refuses */
    (void)memset(memory, 1, (size_t)value);
    return TB_DONE;
}

static void resident_undo(struct tb_run *run, int64_t value)
{
    if (run->engine->resident)
        (void)munmap(run->engine->resident, (size_t)value); /* a mapping of our own */
    run->engine->resident = NULL;
}

const struct tb_axis tb_axis_resident = {
    .name = "resident",
    .doc = "bytes of memory that the process has written to besides its own, in pages of the usual "
           "size",
    .unit = "bytes",
    .apply = resident_apply,
    .undo = resident_undo,
};

/* Each of them and its thread; and the kernel counts one that was joined for a moment longer. */
static enum tb_status creators_apply(struct tb_run *run, int64_t value)
{
    int err;

    if (value <= 1)
        return TB_DONE;
    if (!has_room(run, 4 * value))
        return TB_SKIP;
    err = tb_contention_create(run, (size_t)value - 1, &run->engine->contention);
    return err ? tb_fail(run, "threads that create threads", err) : TB_DONE;
}

/* One that had to stop was no company for the samples that followed. */
static void creators_undo(struct tb_run *run, int64_t value)
{
    int err = tb_contention_destroy(run->engine->contention);

    (void)value;
    run->engine->contention = NULL;
    if (err && run->engine->status == TB_DONE)
        (void)tb_fail(run, "a thread that creates threads", err);
}

const struct tb_axis tb_axis_creators = {
    .name = "creators",
    .doc = "threads that create and join threads all the while, the measuring one among them",
    .unit = "threads",
    .apply = creators_apply,
    .undo = creators_undo,
};

/* ---- warm ---- */

static const char *const warm_labels[] = {"warm", "cold", "resident"};

static enum tb_status warm_apply(struct tb_run *run, int64_t value)
{
    int err = 0;

    if (value != TB_WARM)
        run->engine->warmup_left = 0;
    if (value == TB_RESIDENT)
        err = tb_proc_populate();
    return err ? tb_skip(run, "its pages cannot be brought in: %s (Linux 5.14 or later can)",
                         strerror(err))
               : TB_DONE;
}

static int64_t warm_max_samples(int64_t value)
{
    return value != TB_WARM;
}

static bool warm_fresh(int64_t value)
{
    return value != TB_WARM;
}

const struct tb_axis tb_axis_warm = {
    .name = "warm",
    .doc = "after a warm-up; cold, the first operation of its process; or that one where all pages "
           "of the process are resident",
    .labels = warm_labels,
    .apply = warm_apply,
    .max_samples = warm_max_samples,
    .fresh = warm_fresh,
};

/* ---- arena ---- */

static const char *const arena_labels[] = {"left", "made", "shared"};

/* Each arena that is made stays, and there are eight at least before the C library makes no more.
 * One is held before the first sample; the warm-up makes the second. */
enum { ARENAS_MADE = 6 };

static enum tb_status arena_apply(struct tb_run *run, int64_t value)
{
    if (value == TB_ARENA_MADE)
        run->engine->warmup_left = 1;
    return TB_DONE;
}

static int64_t arena_max_samples(int64_t value)
{
    return value == TB_ARENA_MADE ? ARENAS_MADE : 0;
}

static bool arena_fresh(int64_t value)
{
    return value != TB_ARENA_LEFT;
}

/* So few samples have no quantiles, and load only adds to them. */
static const char *arena_statistic(int64_t value)
{
    return value == TB_ARENA_MADE ? "min" : NULL;
}

const struct tb_axis tb_axis_arena = {
    .name = "arena",
    .doc = "where the C library has a thread's memory from: an arena that an ended thread has "
           "left, one made for it, or one that others have as well",
    .labels = arena_labels,
    .apply = arena_apply,
    .max_samples = arena_max_samples,
    .fresh = arena_fresh,
    .statistic = arena_statistic,
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

const struct tb_axis tb_axis_loaded = {
    .name = "loaded",
    .doc = "thread-local storage of a module that is loaded while the program runs",
    .unit = "bytes",
};

const struct tb_axis tb_axis_keys = {
    .name = "keys",
    .doc = "keys with a destructor that the thread has set",
    .unit = "keys",
};

/* ---- made, threads ---- */

static const char *const made_labels[] = {"some", "never"};

static void *nothing(void *argument)
{
    return argument;
}

/* A C library that spares a process without threads some work does so until the first is made. */
static enum tb_status made_apply(struct tb_run *run, int64_t value)
{
    pthread_t thread;
    int err;

    if (value == TB_NEVER)
        return TB_DONE;
    tb_engine_makes_threads();
    err = pthread_create(&thread, NULL, nothing, NULL);
    if (!err)
        err = pthread_join(thread, NULL);
    return err ? tb_fail(run, "the first thread", err) : TB_DONE;
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
