/* The lifecycle of a thread.
 *
 * lifecycle/serial: create and join, one thread at a time; the thread does nothing.
 *
 * lifecycle/batch: `alive` threads that each sleep for 1 ms are created, then all are joined: the
 * shape of many programs, and of a well-known test of Python's threads with 1000 of them. A sample
 * is the whole batch; its phases are the time until the last one is created and the rest.
 * lifecycle/batch-noop: the same with threads that do nothing. lifecycle/crowded: that, with more
 * of them than other benchmarks put up with.
 *
 * lifecycle/contended: lifecycle/serial while other threads do the same, `creators`
 * in all; a sample is one of the measuring thread's.
 *
 * lifecycle/phases: lifecycle/serial with a stamp wherever one can be taken: when the creating call
 * has returned (phase `call`), at the child's first instruction (`start`) and its last (`run`,
 * which is two readings of the clock); the rest is `join`: exit, wake and what the join gives back.
 * The means of the phases add up to the mean of the whole, which is that of lifecycle/serial and
 * three more readings of the clock. Where the child runs before the call has returned, `start` is
 * negative. lifecycle/phases-uncached: the same in a process whose C library keeps no stacks.
 * lifecycle/phases-allocating: the same of a thread that takes memory from malloc between its two
 * stamps and gives it back after them. What the C library has set up for that is taken down in the
 * phase `join`.
 *
 * lifecycle/phases-cold: that of a process's first thread, divided by the child's two stamps alone:
 * `start`, `run` and `join`. A first creating call takes so long that the kernel may have the child
 * run within it. The same with all pages of the process resident, and in a warm process: what they
 * differ by explains what a first thread takes more.
 *
 * lifecycle/like-rust: lifecycle/serial with what Rust's standard library does in a thread by
 * default (as of 1.95): its name, the bounds of its stack, for which the C library allocates, and a
 * stack for its signals; on 2 MiB of stack. What it allocates in the parent is not part of it. */
#include <threadbench/bench.h>

#include <errno.h>
#include <pthread.h>
#include <stddef.h>
#include <stdlib.h>

#include "alternate.h"
#include "first.h"
#include "neighbours.h"

static enum tb_status divide(struct tb_run *run, void (*task)(struct tb_task *task))
{
    while (tb_next(run)) {
        struct tb_thread *thread = tb_thread_next(run, task);

        if (!thread || tb_run_phases(run, thread) != TB_DONE)
            return tb_broken(run);
    }
    return TB_DONE;
}

static enum tb_status phases(struct tb_run *run)
{
    return divide(run, tb_task_stamp_both);
}

static void allocate(struct tb_task *task)
{
    enum { BYTES = 64 };

    task->cpu = tb_clock_cpu();
    task->first_ns = tb_clock_ns();
    task->arg = malloc(BYTES);
    task->last_ns = tb_clock_ns();
    task->last_cpu = tb_clock_cpu();
    free(task->arg);
}

static enum tb_status phases_cold(struct tb_run *run)
{
    while (tb_next(run)) {
        struct tb_thread *thread = tb_thread_next(run, tb_task_stamp_both);
        int64_t end_ns;

        if (!thread || tb_run_thread(run, thread) != TB_DONE)
            return tb_broken(run);
        end_ns = tb_clock_ns();
        tb_phase_at(run, thread->task.first_ns);
        tb_phase_at(run, thread->task.last_ns);
        tb_record_stamps(run, end_ns - run->start_ns, run->start_cpu, thread->task.cpu);
    }
    return TB_DONE;
}

static enum tb_status phases_allocating(struct tb_run *run)
{
    return divide(run, allocate);
}

/* Notes the first error. */
static void be_like_rust(struct tb_task *task)
{
    struct alternate alternate = {0};
    pthread_attr_t attributes;
    stack_t stack;
    int err;

    task->cpu = tb_clock_cpu();
    err = pthread_setname_np(pthread_self(), "worker");
    if (!err)
        err = pthread_getattr_np(pthread_self(), &attributes);
    if (!err)
        err = pthread_attr_destroy(&attributes);
    if (!err)
        err = sigaltstack(NULL, &stack) ? errno : alternate_set(&alternate);
    if (!err)
        err = alternate_unset(&alternate);
    task->arg = err ? NULL : task;
}

static enum tb_status like_rust(struct tb_run *run)
{
    while (tb_next(run)) {
        struct tb_thread *thread = tb_thread_next(run, be_like_rust);
        int64_t end_ns;

        if (!thread || tb_run_thread(run, thread) != TB_DONE)
            return tb_broken(run);
        end_ns = tb_clock_ns();
        if (!thread->task.arg)
            return tb_fail(run, "name, attributes, sigaltstack", ECANCELED);
        tb_record_stamps(run, end_ns - run->start_ns, run->start_cpu, thread->task.cpu);
    }
    return TB_DONE;
}

static enum tb_status phases_uncached(struct tb_run *run)
{
    if (tb_prove_uncached(run) != TB_DONE)
        return tb_broken(run);
    tb_note(run, "stacks guarded by %s", tb_guard_by_name());
    while (tb_next(run)) {
        struct tb_thread *thread = tb_thread_next(run, tb_task_stamp_both);

        if (!thread)
            return tb_broken(run);
        neighbours_replace(run->own);
        if (tb_run_phases(run, thread) != TB_DONE)
            return tb_broken(run);
    }
    return TB_DONE;
}

static enum tb_status batch_sleeping(struct tb_run *run)
{
    return tb_time_batch(run, &(const struct tb_task){.run = tb_task_sleep, .sleep_ns = 1000000});
}

static enum tb_status batch_noop(struct tb_run *run)
{
    return tb_time_batch(run, &(const struct tb_task){.run = tb_task_noop});
}

/* What the lifecycle consists of: what the floor is made of, what the C library adds, and what
 * becomes of the stack. glibc's own part is that of 2.36 to 2.43. */
#define FLOOR_PARTS                                                                                \
    {"call", "clone, without a C library", .of = "create/call/cpu:same/clone"},                    \
        {"start", "first run: sleep of the parent, switch",                                        \
         .of = "start/after-call/cpu:same/clone", .field = "after_lower_half_mean"},               \
    {                                                                                              \
        "join", "exit and wake, without a C library", .of = "join/running/cpu:same/clone"          \
    }
#define LIBRARY_PARTS                                                                              \
    {"call", "signals blocked and allowed again", .times = 2, .of = "kernel/sigmask/cpu:same"},    \
        {"start", "restartable sequences", .of = "kernel/rseq/cpu:same"},                          \
        {"start", "list of robust mutexes", .of = "kernel/robust-list/cpu:same"},                  \
        {"start", "signals allowed", .of = "kernel/sigmask/cpu:same"},                             \
        {"join", "signals blocked", .of = "kernel/sigmask/cpu:same"},                              \
    {                                                                                              \
        "join", "stack's memory given back", .of = "kernel/advise/stack:8388608/cpu:same"          \
    }
#define KEPT_STACK_PARTS                                                                           \
    {"call", "thread-local storage, made like new", .of = "libc/tls-renew/cpu:same"},              \
    {                                                                                              \
        "join", "reclaim: the join of what is gone", .of = "join/exited/cpu:same/posix"            \
    }

static const struct tb_phase_part lifecycle[] = {FLOOR_PARTS, LIBRARY_PARTS, KEPT_STACK_PARTS, {0}};

static const struct tb_phase_part lifecycle_allocating[] = {
    FLOOR_PARTS,
    LIBRARY_PARTS,
    KEPT_STACK_PARTS,
    {"run", "its first malloc, in an arena that was left", .of = "alloc/first/cpu:same/posix"},
    {"join", "its blocks and its arena given back", .of = "exit/allocated/cpu:same/posix",
     .less = "exit/last-instruction/cpu:same/posix"},
    {0},
};

/* A part of what a stack takes, and of the floor after such a stack. */
#define STACK_PART(phase, what, step)                                                              \
    {                                                                                              \
        phase, what, .of = "stack/life/stack:8388608/cpu:same", .field = step "_lower_half_mean"   \
    }
#define AFTER_STACK_PART(phase, what)                                                              \
    {                                                                                              \
        phase, what, .of = "stack/then-lifecycle/cpu:same/clone",                                  \
                     .field = phase "_lower_half_mean"                                             \
    }

/* Here one is mapped, and unmapped by the join. */
static const struct tb_phase_part lifecycle_uncached[] = {
    {"call", "stack mapped, and guarded", .of = "stack/life/stack:8388608/cpu:same",
     .field = "map_lower_half_mean", .by = tb_guard_by_name},
    STACK_PART("call", "its top page, for the thread's descriptor", "top"),
    {"call", "the kernel's first write to that page",
     .of = "stack/kernel-write/stack:8388608/cpu:same", .less = "kernel/sigmask/cpu:same"},
    {"call", "thread-local storage", .of = "libc/tls-allocate/cpu:same"},
    AFTER_STACK_PART("call", "clone, without a C library, after a mapping"),
    AFTER_STACK_PART("start", "first run, after a mapping: sleep of the parent, switch"),
    STACK_PART("start", "the next page, for its frames", "next"),
    AFTER_STACK_PART("join", "exit and wake, without a C library, after a mapping"),
    LIBRARY_PARTS,
    STACK_PART("join", "reclaim: the stack unmapped", "unmap"),
    {0},
};

/* What the first thread of a process takes more. */
#define FIRST_PHASE_PARTS(phase)                                                                   \
    FIRST_PARTS(phase, phase "_lower_half_mean", "lifecycle/phases-cold/warm:cold/cpu:same/posix", \
                "lifecycle/phases-cold/warm:resident/cpu:same/posix",                              \
                "lifecycle/phases-cold/cpu:same/posix")
#define FIRST_OF_FLOOR_PART(phase, what)                                                           \
    FIRST_MORE_PART(phase, what, phase "_lower_half_mean",                                         \
                    "lifecycle/phases-cold/warm:resident/cpu:same/clone",                          \
                    "lifecycle/phases-cold/cpu:same/clone")

static const struct tb_phase_part phases_of_first[] = {
    FIRST_PHASE_PARTS("start"),
    FIRST_CALL_PARTS("start"),
    FIRST_FRAMES_PART("start"),
    FIRST_OF_FLOOR_PART("start", "the kernel's first clone and switch"),
    {"run", "as in a warm process", .of = "lifecycle/phases-cold/cpu:same/posix",
     .field = "run_lower_half_mean"},
    FIRST_PHASE_PARTS("join"),
    FIRST_BOUND_PART("join", "pthread_join"),
    FIRST_OF_FLOOR_PART("join", "the kernel's first exit and wake"),
    {0},
};

static const struct tb_phase_part first[] = {
    FIRST_WHOLE_PARTS("lifecycle/serial", "/posix"),
    FIRST_CALL_PARTS(TB_WHOLE),
    FIRST_FRAMES_PART(TB_WHOLE),
    FIRST_BOUND_PART(TB_WHOLE, "pthread_join"),
    FIRST_KERNEL_PART("clone, switch, exit and wake", "lifecycle/serial"),
    {0},
};

const struct tb_bench tb_bench_lifecycle[] = {
    {
        .name = "lifecycle/serial",
        .doc = "create and join, one thread at a time, doing nothing",
        .kinds = TB_THREADS | TB_WRAPPED,
        .sweeps =
            {
                TB_SWEEP(cpu, TB_CPU_SAME, TB_CPU_OTHER, TB_CPU_FREE),
                TB_SWEEP(live, 0, 16, 256, 4096),
                TB_SWEEP(stack, 0, 65536, 1048576, 33554432),
                TB_SWEEP(warm, TB_WARM, TB_COLD, TB_RESIDENT),
                TB_SWEEP(fds, 0, 256, 4096, 16384),
                TB_SWEEP(priority, TB_USUAL, TB_NICE, TB_FIFO, TB_RR),
                TB_SWEEP(affinity, TB_CPU_INHERITED, TB_CPU_SAME, TB_CPU_OTHER),
                TB_SWEEP(node, TB_NODE_USUAL, TB_NODE_NEAR, TB_NODE_FAR),
            },
        .statistic = "p10",
        .core = {"cpu:same/posix", "cpu:same/clone"},
        .card = "its lifecycle",
        .card_cases = {"cpu:same/posix", "cpu:free/posix"},
        .parts_case = "cpu:same/warm:cold/posix",
        .parts = first,
        .run = tb_time_lifecycle,
    },
    {
        .name = "lifecycle/like-rust",
        .doc = "create and join of a thread that sets itself up as Rust's library does",
        .needs = TB_RUNS_LIBC | TB_STACK_SIZE,
        .sweeps = {TB_SWEEP(cpu, TB_CPU_SAME, TB_CPU_FREE), TB_SWEEP(live, 0, 256)},
        .stack_bytes = 2097152,
        .statistic = "p10",
        .run = like_rust,
    },
    {
        .name = "lifecycle/batch",
        .doc = "threads that sleep 1 ms: all created, then all joined; the whole batch",
        .sweeps =
            {
                TB_SWEEP(alive, 1000, 1, 8, 100),
                TB_SWEEP(cpu, TB_CPU_FREE, TB_CPU_SAME),
                TB_SWEEP(stack, 0, 65536, 1048576),
            },
        .warmup = 1,
        .phases = {"create", "join"},
        .statistic = "mean",
        .core = {"alive:1000/cpu:free/posix"},
        .card = "1000 that sleep 1 ms",
        .card_cases = {"alive:1000/cpu:same/posix", "alive:1000/cpu:free/posix"},
        .setup = tb_threads_setup,
        .run = batch_sleeping,
        .teardown = tb_threads_teardown,
    },
    {
        .name = "lifecycle/batch-noop",
        .doc = "threads that do nothing: all created, then all joined; the whole batch",
        .kinds = TB_THREADS | TB_WRAPPED,
        .sweeps = {TB_SWEEP(alive, 1000, 1, 8, 100), TB_SWEEP(cpu, TB_CPU_FREE, TB_CPU_SAME)},
        .warmup = 1,
        .phases = {"create", "join"},
        .statistic = "mean",
        .setup = tb_threads_setup,
        .run = batch_noop,
        .teardown = tb_threads_teardown,
    },
    {
        .name = "lifecycle/crowded",
        .doc = "very many threads that do nothing: all created, then all joined; the whole batch",
        .needs = TB_OWN_STACK | TB_STACK_SIZE,
        .sweeps = {TB_SWEEP(alive, 10000), TB_SWEEP(cpu, TB_CPU_FREE)},
        .warmup = 1,
        .phases = {"create", "join"},
        .statistic = "mean",
        .setup = tb_threads_setup,
        .run = batch_noop,
        .teardown = tb_threads_teardown,
    },
    {
        .name = "lifecycle/contended",
        .doc = "create and join in one thread while others do the same",
        .needs = TB_RUNS,
        .sweeps = {TB_SWEEP(creators, 2, 1, 4, 8, 16), TB_SWEEP(cpu, TB_CPU_FREE)},
        .statistic = "mean",
        .run = tb_time_lifecycle,
    },
    {
        .name = "lifecycle/phases",
        .doc = "create and join, divided by the creating call's return and the child's first and "
               "last instruction",
        .needs = TB_RUNS,
        .sweeps = {TB_SWEEP(cpu, TB_CPU_SAME, TB_CPU_FREE), TB_SWEEP(stack, 0, 65536, 33554432)},
        .phases = {"call", "start", "run", "join"},
        .statistic = "p10",
        .card = "the lifecycle, by phases",
        .card_cases = {"cpu:same/posix", "cpu:free/posix"},
        .parts_case = "cpu:same/posix",
        .parts = lifecycle,
        .run = phases,
    },
    {
        .name = "lifecycle/phases-uncached",
        .doc = "create and join, divided likewise, when the C library has no stack at hand and "
               "maps one",
        .needs = TB_RUNS | TB_OWN_STACK,
        .tunables = "glibc.pthread.stack_cache_size=0",
        .sweeps = {TB_SWEEP(cpu, TB_CPU_SAME, TB_CPU_FREE), TB_SWEEP(stack, 0, 65536, 33554432)},
        .phases = {"call", "start", "run", "join"},
        .statistic = "p10",
        .parts_case = "cpu:same/posix",
        .parts = lifecycle_uncached,
        .own_bytes = sizeof(struct neighbours),
        .run = phases_uncached,
        .teardown = neighbours_teardown,
    },
    {
        .name = "lifecycle/phases-allocating",
        .doc = "create and join, divided likewise, of a thread that takes memory from malloc",
        .needs = TB_RUNS_LIBC,
        .sweeps = {TB_SWEEP(cpu, TB_CPU_SAME, TB_CPU_FREE)},
        .phases = {"call", "start", "run", "join"},
        .statistic = "p10",
        .parts_case = "cpu:same/posix",
        .parts = lifecycle_allocating,
        .run = phases_allocating,
    },
    {
        .name = "lifecycle/phases-cold",
        .doc = "create and join of a process's first thread, divided by its first and last "
               "instruction",
        .needs = TB_RUNS,
        .sweeps = {TB_SWEEP(warm, TB_COLD, TB_RESIDENT, TB_WARM),
                   TB_SWEEP(cpu, TB_CPU_SAME, TB_CPU_FREE)},
        .phases = {"start", "run", "join"},
        .parts_case = "warm:cold/cpu:same/posix",
        .parts = phases_of_first,
        .run = phases_cold,
    },
    {0},
};
