/* All that a benchmark file may use.
 *
 * A benchmark is an entry of a const table: what one sample is, which axes it is varied along, what
 * it needs of a runtime, and the function that takes the samples, its body. The suite crosses the
 * benchmarks with the runtimes and sweeps one axis at a time, the others at their base (the first
 * value). Each point is a case, registered with Google Benchmark under the name
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
 *             if (!thread)
 *                 return tb_broken(run);
 *             tb_start(run);
 *             err = tb_create(thread);
 *             tb_stop(run);
 *             if (err)
 *                 return tb_fail(run, "create", err);
 *         }
 *         return TB_DONE;
 *     }
 *
 * An operation that takes less than about ten readings of the clock is timed in blocks. The table
 * then says how many operations a sample is the mean of (`block`), and the body loops that often
 * between tb_start() and tb_stop():
 *
 *             tb_start(run);
 *             for (int i = 0; i < run->block; i++)
 *                 err |= keys->set(key, value);
 *             tb_stop(run);
 */
#ifndef THREADBENCH_BENCH_H
#define THREADBENCH_BENCH_H

#include <threadbench/clock.h>
#include <threadbench/runtime.h>

enum { TB_MAX_AXES = 8, TB_MAX_PHASES = 4, TB_MAX_PICKS = 8 };

/* How a body ended. TB_SKIP and TB_FAIL come from tb_skip() and tb_fail(), with a reason. A body
 * that returns TB_DONE although tb_next() wanted more samples has failed, too. */
enum tb_status { TB_DONE, TB_SKIP, TB_FAIL };

struct tb_run;

struct tb_sample {
    int64_t ns; /* of the whole block; or what `unit` of the benchmark says */
    int16_t parent_cpu;
    int16_t child_cpu; /* -1: not known */
};

/* ---- axes ---- */

/* An axis: one thing that is varied. The tables are in src/suite/axes*.c. */
struct tb_axis {
    const char *name;
    const char *doc;           /* one line */
    const char *unit;          /* "threads", "bytes"; NULL where the values have names */
    int64_t zero;              /* the quantity that the value 0 stands for; -1: not known */
    const char *const *labels; /* names of the values, by value; NULL: numbers */

    /* Brings about the value before a series, and takes it back after the series. Both optional.
     * `undo` is called also if `apply` did not return TB_DONE. */
    enum tb_status (*apply)(struct tb_run *run, int64_t value);
    void (*undo)(struct tb_run *run, int64_t value);

    /* Which shared module the program must be started with; NULL: none. Writes its file name to
     * `name`, of `size` bytes, and returns `name`. */
    const char *(*preload)(int64_t value, char *name, size_t size);

    /* How many samples a process can give at this value; 0: any number. */
    int64_t (*max_samples)(int64_t value);

    /* The primary statistic at this value, instead of the benchmark's; NULL: the benchmark's. */
    const char *(*statistic)(int64_t value);

    /* Whether the value holds only in a process that has made no thread before. */
    bool (*fresh)(int64_t value);

    /* Whether the value cannot be taken back: each series is taken in a process of its own. */
    bool (*lasts)(int64_t value);

    /* Whether the sample was taken at this value. If not, the sample is counted as misplaced and
     * another one is taken in its place; a case that needs too many is skipped. */
    bool (*accepts)(int64_t value, const struct tb_sample *sample);
};

extern const struct tb_axis tb_axis_cpu;      /* where parent and child run: TB_CPU_… */
extern const struct tb_axis tb_axis_live;     /* threads that exist all the while, parked */
extern const struct tb_axis tb_axis_alive;    /* threads created before the first join; 0 is 1 */
extern const struct tb_axis tb_axis_stack;    /* bytes of stack; 0: the runtime's default */
extern const struct tb_axis tb_axis_warm;     /* TB_WARM; the process's first sample: TB_COLD … */
extern const struct tb_axis tb_axis_bytes;    /* bytes of static TLS beyond the program's own */
extern const struct tb_axis tb_axis_made;     /* TB_SOME, or TB_NEVER: threads made before */
extern const struct tb_axis tb_axis_threads;  /* that take part in a sample, with the caller */
extern const struct tb_axis tb_axis_work;     /* nanoseconds for which a task is busy */
extern const struct tb_axis tb_axis_guard;    /* below a stack: TB_PAGE, TB_NONE, TB_64K, TB_1M */
extern const struct tb_axis tb_axis_guard_by; /* which call makes it: TB_BY_… */
extern const struct tb_axis tb_axis_priority; /* TB_USUAL, TB_NICE, TB_FIFO, TB_RR */
extern const struct tb_axis tb_axis_fds;      /* descriptors open besides the program's own */
extern const struct tb_axis tb_axis_resident; /* bytes of memory in use besides its own */
extern const struct tb_axis tb_axis_creators; /* threads that create threads, with the caller */
extern const struct tb_axis tb_axis_loaded;   /* bytes of TLS of a module loaded at run time */
extern const struct tb_axis tb_axis_keys;     /* with a destructor and a value; 0: none */
extern const struct tb_axis tb_axis_arena;    /* of a thread's memory: TB_ARENA_… */
extern const struct tb_axis tb_axis_seccomp;  /* rules of a filter that is run for each call */
extern const struct tb_axis tb_axis_seccomp_cached; /* … that is not, as it asks for no argument */
extern const struct tb_axis tb_axis_node;           /* that memory is from: TB_NODE_… */
extern const struct tb_axis tb_axis_thp;            /* what is advised about a stack: TB_THP_… */
extern const struct tb_axis tb_axis_affinity; /* set at creation: TB_CPU_INHERITED, _SAME, _OTHER */

enum { TB_CPU_INHERITED, TB_CPU_SAME, TB_CPU_OTHER, TB_CPU_FREE, TB_CPU_SIBLING, TB_CPU_FAR };
enum { TB_WARM, TB_COLD, TB_RESIDENT };
enum { TB_SOME, TB_NEVER };
enum { TB_PAGE, TB_NONE, TB_64K, TB_1M };
enum { TB_ARENA_LEFT, TB_ARENA_MADE, TB_ARENA_SHARED };
enum { TB_THP_SYSTEM, TB_THP_MADVISE, TB_THP_NEVER };
enum { TB_NODE_USUAL, TB_NODE_NEAR, TB_NODE_FAR };
enum { TB_BY_LIBRARY, TB_BY_MPROTECT, TB_BY_MADVISE };
enum { TB_USUAL, TB_NICE, TB_FIFO, TB_RR };

/* An axis of a benchmark and its values, `count` of them; the first is the base. In a table:
 * TB_SWEEP(cpu, TB_CPU_SAME, TB_CPU_FREE). */
struct tb_sweep {
    const struct tb_axis *axis;
    int count;
    const int64_t *values;
};

#define TB_SWEEP(which, ...)                                                                       \
    {                                                                                              \
        .axis = &tb_axis_##which,                                                                  \
        .count = (int)(sizeof((int64_t[]){__VA_ARGS__}) / sizeof(int64_t)),                        \
        .values = (const int64_t[]){__VA_ARGS__},                                                  \
    }

/* ---- a benchmark ---- */

/* The phase of a benchmark that divides its samples into none: docs/reference/result.md. */
#define TB_WHOLE "whole"

/* What explains a part of a phase: the value of another case, a number of times. */
struct tb_phase_part {
    const char *phase; /* one of the benchmark's, or TB_WHOLE */
    const char *what;  /* a few words for the reader */
    int times;         /* 0: 1 */
    const char *of;    /* the other case's full name */
    const char *field; /* its counter; NULL: "lower_half_mean". Quantiles do not add up, means do */
    const char *less;  /* another case, whose counter of that name is taken off; NULL: none */
    const char *(*by)(void); /* by which call, added to `what` on the machine; NULL: nothing */
};

/* From which length of task on a thread made for it costs no more than an alternative: what the
 * benchmark's pools and loops are set against. */
struct tb_alternatives {
    const char *thread;           /* the runtime that makes a thread for each task; NULL: none */
    const struct tb_axis *length; /* the axis that is the length of a task, in ns */
    const char *points[TB_MAX_PICKS]; /* "axis:value…", at which the set `alternatives` has all of
                                         them */
};

struct tb_bench {
    const char *name;     /* family/measure */
    const char *doc;      /* what a sample includes and excludes, in one line */
    const char *unit;     /* of a sample that is no time: "bytes"; NULL: nanoseconds */
    unsigned needs;       /* of enum tb_ability */
    unsigned kinds;       /* of enum tb_kind: what it is crossed with; 0: threads */
    bool threadless;      /* makes no thread: one case without a runtime, not one for each */
    const void *data;     /* for a body that several benchmarks share */
    const char *tunables; /* GLIBC_TUNABLES that its process must be started with */
    struct tb_sweep sweeps[TB_MAX_AXES];

    size_t stack_bytes;                /* of each thread, where the axis `stack` does not set it */
    struct tb_attributes attributes;   /* of each thread, where no axis sets them */
    int block;                         /* operations that a sample is the mean of, ≥ 1; 0: 1. The
                                          body does so many between tb_start() and tb_stop() */
    int warmup;                        /* operations or blocks before a series, which are not
                                          recorded; 0: 16 */
    const char *phases[TB_MAX_PHASES]; /* names of the phases that tb_phase() divides a sample into,
                                          in their order */
    const char *statistic; /* the primary statistic: "p10", "p50", "mean", "min", or of a phase
                              PHASE_mean or PHASE_p50; NULL: "p50". An axis may replace it, but not
                              that of a phase */
    const char *core[TB_MAX_PICKS];       /* cases of the core set: "axis:value…/runtime" */
    const char *standard[TB_MAX_PICKS];   /* more of the standard set, likewise: what surprises
                                             beside a base */
    const char *card;                     /* its line in the cost card … */
    const char *card_cases[TB_MAX_PICKS]; /* … and the cases that fill it, as in `core` */
    struct tb_alternatives alternatives;
    const char *parts_case;            /* the case whose time is explained, or NULL … */
    const struct tb_phase_part *parts; /* … and by what; ended by one without a phase */

    /* Before and after a series, neither of them timed; both optional. `setup` returns 0 or an
     * errno value, which fails the case; ENOTSUP, of what the C library or the kernel lacks, skips
     * it. `teardown` is called also if `setup` failed: it must accept what that has left. */
    size_t own_bytes; /* zeroed memory that run->own points to, from setup to teardown; 0: none */
    int (*setup)(struct tb_run *run);
    void (*teardown)(struct tb_run *run);

    /* The body: takes one sample after each tb_next() that returns true. */
    enum tb_status (*run)(struct tb_run *run);
};

/* ---- a series: the samples of one case in one process ---- */

/* What a running benchmark may touch. It begins zeroed in each series. */
struct tb_run {
    const struct tb_bench *bench;
    const struct tb_runtime *runtime; /* with its functions; NULL for a threadless benchmark */
    int block;                        /* operations per sample, ≥ 1: what the body loops for */
    void *own;                        /* the benchmark's, from setup to teardown */

    /* The rest belongs to the engine. */
    int64_t start_ns;
    int start_cpu;
    struct tb_engine *engine;
};

/* True as long as another operation, or block of them, is wanted. What a body does between
 * tb_next() and tb_start(), and after tb_stop(), is not timed. */
bool tb_next(struct tb_run *run);

/* The operation stands between these two, alone. tb_stop() records the sample. */
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

/* Instead of tb_stop(): records a sample from stamps that the benchmark has taken itself. `ns` is
 * of the whole block. The CPUs are those on which parent and child did their part of it; -1: not
 * known. */
void tb_record_stamps(struct tb_run *run, int64_t ns, int parent_cpu, int child_cpu);

/* Ends a phase of the sample that is being taken: now, or at a stamp that its child has taken. The
 * last phase ends with the sample. Call it once for each phase but the last, in their order. */
void tb_phase(struct tb_run *run);
void tb_phase_at(struct tb_run *run, int64_t ns);

/* The value of an axis in this case; 0 where the benchmark does not have it. */
int64_t tb_value(const struct tb_run *run, const struct tb_axis *axis);

/* Adds a remark to the case's label in the result. The last one counts. */
void tb_note(struct tb_run *run, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* ---- how a body ends early: return what these return ---- */

/* An error: `what` failed with the errno value `err`. */
enum tb_status tb_fail(struct tb_run *run, const char *what, int err);

/* The case cannot be measured here, and why. */
enum tb_status tb_skip(struct tb_run *run, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* The next thread could not be created after `created` at once. TB_SKIP if there were some and
 * `err` is EAGAIN, as a limit was reached; TB_FAIL otherwise. */
enum tb_status tb_no_more(struct tb_run *run, size_t created, int err);

/* The status, with its reason, that one of the functions below or above has already noted. */
enum tb_status tb_broken(struct tb_run *run);

/* ---- threads of the engine, one for each sample ---- */

/* A thread that is ready to be created and will run `task`. The engine owns it, joins it at the
 * latest when as many are held as the axis `alive` says, and notes the child's CPU with the sample.
 * NULL: out of memory, or a join failed; return tb_broken(run). */
struct tb_thread *tb_thread_next(struct tb_run *run, void (*task)(struct tb_task *task));

static inline int tb_create(struct tb_thread *thread)
{
    return thread->runtime->create(thread);
}

static inline int tb_join(struct tb_thread *thread)
{
    return thread->runtime->join(thread);
}

/* The engine is not to join the thread: the benchmark has joined it, or it was detached and the
 * kernel has let it go. */
void tb_joined(struct tb_run *run, struct tb_thread *thread);

/* tb_start(), tb_create(), tb_join() and tb_joined(), for samples that are taken from the child's
 * stamps: tb_record_stamps() follows. TB_DONE, or TB_FAIL if a call failed. */
enum tb_status tb_run_thread(struct tb_run *run, struct tb_thread *thread);

/* The same, recorded as a sample of four phases: until the creating call has returned, until the
 * child's first instruction, until its last, and until the join has returned. The task takes the
 * two stamps of the child. */
enum tb_status tb_run_phases(struct tb_run *run, struct tb_thread *thread);

/* Waits until the kernel has let the thread go: until its thread id is no longer there, which its
 * task has to note (tb_task_note_tid, tb_task_exit_when_armed). 0, or ETIMEDOUT. */
int tb_await_exit(const struct tb_thread *thread);

/* ---- threads of the benchmark's own, many at a time ---- */

/* Prepares and releases `count` threads; never timed. The engine does not join them, and does not
 * know their CPUs. The caller owns them, until tb_threads_release, which accepts NULL. 0 or an
 * errno value, and then nothing is left. */
int tb_threads_prepare(struct tb_run *run, size_t count, struct tb_thread **ret_threads);
void tb_threads_release(struct tb_thread *threads, size_t count);

/* Creates them in order until one fails; 0 or its errno value. Those created are to be joined. */
int tb_threads_create(struct tb_thread *threads, size_t count, size_t *ret_created);

/* Joins all of them, also after one join has failed; 0 or the first errno value. */
int tb_threads_join(struct tb_thread *threads, size_t count);

/* A setup and its teardown: such threads in run->own, as many as the axis `alive` says, or as a
 * block has operations, whichever is more. */
int tb_threads_setup(struct tb_run *run);
void tb_threads_teardown(struct tb_run *run);

/* ---- the machine ---- */

/* The limit that leaves room for the fewest threads, and for how many more; INT64_MAX where none
 * can be seen. Other processes may use up the room at any time. */
struct tb_limit {
    const char *name;
    int64_t left;
};

struct tb_limit tb_limits_least(void);

/* What refused a thread, in words: the limit that leaves room for fewer than `wanted` more, as far
 * as can be seen. */
const char *tb_limits_reached(int64_t wanted);

/* Skips the case where so much memory is not available twice over. */
enum tb_status tb_prove_memory(struct tb_run *run, int64_t bytes);

/* Writes the path of one of the suite's shared modules to `path`, of `size` bytes. False: it is not
 * there. */
bool tb_module_path(const char *module, char *path, size_t size);

/* Whether this program can load any: a static one may not. */
bool tb_modules_load(void);

/* By which call the C library guards the stacks of threads here: TB_BY_MPROTECT or TB_BY_MADVISE;
 * TB_BY_LIBRARY if that cannot be found out. The first call makes a thread. And its name. */
int64_t tb_guard_by(void);
const char *tb_guard_by_name(void);

/* The same by what is known without a thread: the C library's version, and the kernel. For a sample
 * that has to be the first of its process; compare it with tb_guard_by() afterwards. */
int64_t tb_guard_by_expected(void);

/* The advice that makes a guard, MADV_GUARD_INSTALL, which older headers lack. */
enum { TB_GUARD_INSTALL = 102 };

/* For benchmarks that want a C library without a stack at hand, to be called before the series.
 * Makes a thread, and skips the case if its stack is still mapped after the join. */
enum tb_status tb_prove_uncached(struct tb_run *run);

/* ---- whole bodies, for benchmarks that differ in their circumstances only ---- */

/* A sample is the creating call, until it returns, of a thread that does nothing. */
enum tb_status tb_time_create(struct tb_run *run);

/* A sample goes from before the creating call to the child's first instruction. */
enum tb_status tb_time_start(struct tb_run *run);

/* A sample is the creating call and the join, one after the other. */
enum tb_status tb_time_lifecycle(struct tb_run *run);

/* A sample is as many threads as the axis `alive` says, each running `task`: all created, which is
 * the first phase, then all joined. Wants tb_threads_setup and tb_threads_teardown. */
enum tb_status tb_time_batch(struct tb_run *run, const struct tb_task *task);

/* ---- the registry, written from bench/meson.build ---- */

struct tb_family {
    const char *name;
    const char *version;            /* a digest of its source without comments and layout */
    const struct tb_bench *benches; /* ended by one without a name */
};

extern const struct tb_family tb_families[]; /* ended by one without a name */

#endif
