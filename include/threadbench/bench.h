/* All that a benchmark file may use.
 *
 * A benchmark is a row of a const table: what one sample is, which axes it varies along, what it
 * needs of a runtime, and the function that takes the samples. The suite crosses the rows with the
 * runtimes and walks each axis in turn from the row's base point (the first value of every axis).
 * Each point is a case, registered with Google Benchmark under the name
 *
 *     family/measure/axis:value…/runtime        e.g.  create/call/cpu:same/live:256/posix
 *
 * where an axis at value 0 is left out of the name.
 *
 *     static enum tb_status create_call(struct tb_run *run)
 *     {
 *         while (tb_next(run)) {
 *             struct tb_thread *thread = tb_thread_next(run, tb_task_noop);
 *             int err;
 *
 *             tb_start(run);
 *             err = tb_create(thread);
 *             tb_stop(run);
 *             if (err)
 *                 return tb_fail(run, "create", err);
 *         }
 *         return TB_DONE;
 *     }
 */
#ifndef THREADBENCH_BENCH_H
#define THREADBENCH_BENCH_H

#include <threadbench/clock.h>
#include <threadbench/runtime.h>

enum { TB_MAX_AXES = 8, TB_MAX_VALUES = 8, TB_MAX_PHASES = 4, TB_MAX_PICKS = 8 };

/* How a benchmark ended. One that returns TB_DONE without a sample has failed all the same. */
enum tb_status { TB_DONE, TB_SKIP, TB_FAIL };

struct tb_run;

struct tb_sample {
    int64_t ns; /* of the whole block */
    int16_t parent_cpu;
    int16_t child_cpu; /* -1: not known */
};

/* An axis: one thing that is varied. The tables are in src/suite/axes*.c. */
struct tb_axis {
    const char *name;
    const char *doc;
    const char *unit;          /* "threads", "bytes"; NULL where the values have names */
    int64_t zero;              /* what the value 0 amounts to; -1: that is not known */
    const char *const *labels; /* names of the values, by value; NULL: numbers */

    /* Brings about the value before a series and takes it back after it. Either may be missing. */
    enum tb_status (*apply)(struct tb_run *run, int64_t value);
    void (*undo)(struct tb_run *run, int64_t value);

    /* The shared module that must have been loaded when the program started, or NULL: written to
     * `name`, which has room for `size` characters. */
    const char *(*preload)(int64_t value, char *name, size_t size);

    /* How many samples a process can give at this value; 0: any number. */
    int64_t (*max_samples)(int64_t value);

    /* The statistic that decides at this value instead of the row's, or NULL. */
    const char *(*statistic)(int64_t value);

    /* Whether the value holds only in a process that has made no thread before. */
    bool (*fresh)(int64_t value);

    /* Whether the sample was taken at this value. One that was not is counted as misplaced and
     * another is taken in its place, within reason. */
    bool (*accepts)(int64_t value, const struct tb_sample *sample);
};

extern const struct tb_axis tb_axis_cpu; /* where the threads run: TB_CPU_SAME, TB_CPU_OTHER, … */
extern const struct tb_axis tb_axis_live;  /* threads that exist, parked, all the while */
extern const struct tb_axis tb_axis_alive; /* threads created before the first is joined; 0 is 1 */
extern const struct tb_axis tb_axis_stack; /* bytes of stack; 0: the runtime's default */
extern const struct tb_axis tb_axis_warm;  /* TB_WARM, or TB_COLD: the first in its process */
extern const struct tb_axis tb_axis_bytes; /* bytes of static TLS beyond the program's own */
extern const struct tb_axis tb_axis_made;  /* TB_SOME, or TB_NEVER: threads it has made before */
extern const struct tb_axis tb_axis_threads; /* that take part in a sample, the caller among them */
extern const struct tb_axis tb_axis_work;    /* nanoseconds of work in a task */
extern const struct tb_axis tb_axis_guard;   /* below a stack: TB_PAGE, TB_NONE, TB_64K, TB_1M */
extern const struct tb_axis tb_axis_priority; /* TB_USUAL, TB_NICE, TB_FIFO, TB_RR */
extern const struct tb_axis tb_axis_fds;      /* open descriptors besides */
extern const struct tb_axis
    tb_axis_creators;                       /* threads that create threads, the measuring one too */
extern const struct tb_axis tb_axis_loaded; /* bytes of TLS of a module loaded at run time */
extern const struct tb_axis tb_axis_keys;   /* with a destructor and a value; 0: none */
extern const struct tb_axis
    tb_axis_affinity; /* told at creation: TB_CPU_INHERITED, TB_CPU_SAME, TB_CPU_OTHER */

enum { TB_CPU_SAME = 1, TB_CPU_OTHER, TB_CPU_FREE, TB_CPU_SIBLING, TB_CPU_FAR };
enum { TB_WARM, TB_COLD };
enum { TB_SOME, TB_NEVER };
enum { TB_PAGE, TB_NONE, TB_64K, TB_1M };
enum { TB_USUAL, TB_NICE, TB_FIFO, TB_RR };
enum { TB_CPU_INHERITED };

/* An axis of a benchmark and its values, `count` of them; the first is the base. */
struct tb_sweep {
    const struct tb_axis *axis;
    int count;
    int64_t values[TB_MAX_VALUES];
};

#define TB_SWEEP(which, ...)                                                                       \
    {                                                                                              \
        .axis = &tb_axis_##which,                                                                  \
        .count = (int)(sizeof((int64_t[]){__VA_ARGS__}) / sizeof(int64_t)),                        \
        .values = {__VA_ARGS__},                                                                   \
    }

/* What explains some of a phase: what another case measures, that many times over. */
struct tb_phase_part {
    const char *phase;
    const char *what; /* in a few words */
    int times;        /* 0: 1 */
    const char *of;   /* the case's full name */
    const char
        *field; /* its counter; NULL: "lower_half_mean". Quantiles do not add up, this mean does */
};

struct tb_bench {
    const char *name;     /* family/measure */
    const char *doc;      /* what a sample includes and excludes, in a line */
    const char *unit;     /* of a sample that is no time: "bytes"; NULL: nanoseconds */
    unsigned needs;       /* of enum tb_ability */
    unsigned kinds;       /* of enum tb_kind: what it is crossed with; 0: threads */
    bool threadless;      /* makes no thread: one case without a runtime, not one for each */
    const void *data;     /* for a body that several rows share */
    const char *tunables; /* wants a process that was started with these GLIBC_TUNABLES */
    struct tb_sweep sweeps[TB_MAX_AXES];

    size_t stack_bytes;                   /* of the threads, where the row has no such axis */
    struct tb_attributes attributes;      /* set at creation */
    int block;                            /* operations a sample is the mean of; 0: 1 */
    int warmup;                           /* unrecorded operations before a series; 0: 16 */
    const char *phases[TB_MAX_PHASES];    /* that tb_phase() divides a sample into */
    const char *statistic;                /* the statistic that a comparison goes by; a phase's
                                           PHASE_mean or PHASE_p50 holds at each value of the axes */
    const char *core[TB_MAX_PICKS];       /* cases of the core set: "axis:value…/runtime" */
    const char *card;                     /* its line in the cost card … */
    const char *card_cases[TB_MAX_PICKS]; /* … and the cases that fill it */
    const char *parts_case;               /* whose phases are explained, or NULL … */
    const struct tb_phase_part *parts;    /* … and by what; ended by one without a phase */

    int (*setup)(struct tb_run *run); /* 0 or an errno value; optional, like teardown */
    enum tb_status (*run)(struct tb_run *run);
    void (*teardown)(struct tb_run *run);
};

/* ---- a series: the samples of one case in one process ---- */

/* What a running benchmark may touch. It begins zeroed in each series. */
struct tb_run {
    const struct tb_bench *bench;
    const struct tb_runtime *runtime; /* with its functions; NULL for a threadless benchmark */
    int block;                        /* operations per sample, ≥ 1 */
    void *own;                        /* the benchmark's, from setup to teardown */

    /* The rest belongs to the engine. */
    int64_t start_ns;
    int start_cpu;
    struct tb_engine *engine;
};

/* True as long as another operation (or block of them) is wanted. What a body does between
 * tb_next() and tb_start(), and after tb_stop(), is not timed. */
bool tb_next(struct tb_run *run);

/* The value of an axis in this case; 0 where the benchmark does not have it. */
int64_t tb_value(const struct tb_run *run, const struct tb_axis *axis);

/* A thread that is ready to be created and will run `task`. It stays the engine's, which joins it
 * when the number set by the axis `alive` is reached, and at the end of the series, and then notes
 * the CPU that the child ran on with the sample. NULL: out of memory, or a join failed; the reason
 * is kept, return tb_broken(run). */
struct tb_thread *tb_thread_next(struct tb_run *run, void (*task)(struct tb_task *task));
enum tb_status tb_broken(struct tb_run *run);

/* The thread was joined by the benchmark, or is gone without a join: the engine does not do it. */
void tb_joined(struct tb_run *run, struct tb_thread *thread);

/* Threads of the benchmark's own: prepared and released `count` at a time, outside the timed part.
 * The engine does not know on which CPU they run.
 * tb_threads_prepare returns 0 or an errno value, and then has left nothing behind. */
int tb_threads_prepare(struct tb_run *run, size_t count, struct tb_thread **ret_threads);
void tb_threads_release(struct tb_thread *threads, size_t count);

/* Joins all of them, whatever becomes of one; 0 or the first error. */
int tb_threads_join(struct tb_thread *threads, size_t count);

static inline int tb_create(struct tb_thread *thread)
{
    return thread->runtime->create(thread);
}

static inline int tb_join(struct tb_thread *thread)
{
    return thread->runtime->join(thread);
}

/* Waits until the kernel has let the thread go: its thread id (from tb_task_note_tid or
 * tb_task_exit_when_armed) is no longer there. 0, or ETIMEDOUT. */
int tb_await_exit(const struct tb_thread *thread);

/* The operation stands between these two, alone. */
static inline void tb_start(struct tb_run *run)
{
    run->start_cpu = tb_clock_cpu();
    run->start_ns = tb_clock_ns();
}

void tb_record_ns(struct tb_run *run, int64_t ns);

static inline void tb_stop(struct tb_run *run)
{
    tb_record_ns(run, tb_clock_ns() - run->start_ns);
}

/* A boundary between two phases of the sample that is being taken: now, or at a stamp. */
void tb_phase(struct tb_run *run);
void tb_phase_at(struct tb_run *run, int64_t ns);

/* A sample from stamps that the benchmark has taken itself: of the whole block, in nanoseconds,
 * with the CPUs on which parent and child did their part of it; -1: not known. */
void tb_record_stamps(struct tb_run *run, int64_t ns, int parent_cpu, int child_cpu);

/* The limit that leaves room for the fewest threads, and for how many more; INT64_MAX where none
 * can be seen. The number of other processes moves while one looks. */
struct tb_limit {
    const char *name;
    int64_t left;
};

struct tb_limit tb_limits_least(void);

/* The path of a shared module of the suite's, of `size` characters at most; false: not found. */
bool tb_module_path(const char *module, char *path, size_t size);

/* How a body ends early: `what` failed with the errno value `err`, or cannot be done here. */
enum tb_status tb_fail(struct tb_run *run, const char *what, int err);
enum tb_status tb_skip(struct tb_run *run, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* How a body ends that could not create the next thread after `created` at once: where there were
 * some, and a limit was reached, that is a skip. */
enum tb_status tb_no_more(struct tb_run *run, size_t created, int err);

/* What a series found beside its times, told with them; the last one counts. */
void tb_note(struct tb_run *run, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* For rows that want a C library without a stack at hand: makes a thread, and skips the case where
 * the stack is still there after its join. To be called before the series. */
enum tb_status tb_prove_uncached(struct tb_run *run);

/* A whole body, for rows about the creating call under different circumstances: a sample is that
 * call, until it returns, for a thread that does nothing. */
enum tb_status tb_time_create(struct tb_run *run);

/* The same for the creating call and the join, one after the other. */
enum tb_status tb_time_lifecycle(struct tb_run *run);

/* ---- the registry, written from bench/meson.build ---- */

struct tb_family {
    const char *name;
    const char *version;            /* a digest of its source without comments and layout */
    const struct tb_bench *benches; /* ended by one without a name */
};

extern const struct tb_family tb_families[]; /* ended by one without a name */

#endif
