/* The creating call, in the parent: from before it to its return. What the new thread does, and
 * when it first runs, is not part of a sample, and neither is its join, which comes before the next
 * sample. On one CPU the child cannot run while the call lasts, unless it preempts its parent.
 *
 * create/contended: the same while other threads create and join theirs, `creators` in all.
 *
 * create/crowded: the same with more threads alive, parked, than other benchmarks put up with.
 *
 * create/named: from before the creating call until the child has given itself a name.
 *
 * create/detached: the same for a thread that is created detached. Instead of being joined it is
 * waited for until the kernel has let it go, which is not part of a sample either. */
#include <threadbench/bench.h>

#include <errno.h>
#include <pthread.h>

#include "first.h"

static void take_name(struct tb_task *task)
{
    int err = pthread_setname_np(pthread_self(), "worker");

    task->first_ns = tb_clock_ns();
    task->cpu = tb_clock_cpu();
    task->arg = err ? NULL : task;
}

static enum tb_status named(struct tb_run *run)
{
    while (tb_next(run)) {
        struct tb_thread *thread = tb_thread_next(run, take_name);

        if (!thread || tb_run_thread(run, thread) != TB_DONE)
            return tb_broken(run);
        if (!thread->task.arg)
            return tb_skip(run, "a thread cannot give itself a name");
        tb_record_stamps(run, thread->task.first_ns - run->start_ns, run->start_cpu,
                         thread->task.cpu);
    }
    return TB_DONE;
}

/* Its last access is that to `armed`: who reads it may write to the task again. */
static void name_and_leave(struct tb_task *task)
{
    tb_task_note_tid(task);
    atomic_store_explicit(&task->armed, 1, memory_order_release);
}

/* Gone, it has left; this orders its accesses before those of the next turn. */
static int await_exit(struct tb_thread *thread)
{
    int err = tb_await_exit(thread);

    if (!err && !atomic_load_explicit(&thread->task.armed, memory_order_acquire))
        err = ECANCELED;
    return err;
}

static enum tb_status detached(struct tb_run *run)
{
    while (tb_next(run)) {
        struct tb_thread *thread = tb_thread_next(run, name_and_leave);
        int err;

        if (!thread)
            return tb_broken(run);
        tb_start(run);
        err = tb_create(thread);
        tb_stop(run);
        if (!err)
            err = await_exit(thread);
        if (err)
            return tb_fail(run, "create and exit", err);
        tb_joined(run, thread);
    }
    return TB_DONE;
}

/* What the first of a process takes more. */
static const struct tb_phase_part first[] = {
    FIRST_WHOLE_PARTS("create/call", "/posix"),
    FIRST_CALL_PARTS(TB_WHOLE),
    FIRST_KERNEL_PART("clone", "create/call"),
    {0},
};

const struct tb_bench tb_bench_create[] = {
    {
        .name = "create/call",
        .doc = "the creating call until it returns; not the child's run, not the join",
        .kinds = TB_THREADS | TB_WRAPPED,
        .sweeps =
            {
                TB_SWEEP(cpu, TB_CPU_SAME, TB_CPU_OTHER, TB_CPU_FREE),
                TB_SWEEP(live, 0, 16, 256, 4096),
                TB_SWEEP(alive, 0, 4, 5, 8, 100, 1000),
                TB_SWEEP(stack, 0, 65536, 1048576, 33554432),
                TB_SWEEP(warm, TB_WARM, TB_COLD, TB_RESIDENT),
                TB_SWEEP(priority, TB_USUAL, TB_NICE, TB_FIFO, TB_RR),
                TB_SWEEP(affinity, TB_CPU_INHERITED, TB_CPU_SAME, TB_CPU_OTHER),
                TB_SWEEP(seccomp, 0, 64, 512),
            },
        .statistic = "p10",
        .core = {"cpu:same/posix", "cpu:free/posix"},
        .standard = {"cpu:same/seccomp:512/posix"},
        .card = "the creating call",
        .card_cases = {"cpu:same/posix", "cpu:free/posix"},
        .parts_case = "cpu:same/warm:cold/posix",
        .parts = first,
        .run = tb_time_create,
    },
    {
        .name = "create/named",
        .doc = "from before the creating call until the child has given itself a name",
        .needs = TB_RUNS_LIBC,
        .sweeps = {TB_SWEEP(cpu, TB_CPU_SAME, TB_CPU_FREE)},
        .statistic = "p10",
        .run = named,
    },
    {
        .name = "create/contended",
        .doc = "the creating call until it returns, while other threads create threads",
        .needs = TB_RUNS,
        .sweeps = {TB_SWEEP(creators, 2, 1, 4, 8, 16), TB_SWEEP(cpu, TB_CPU_FREE)},
        .statistic = "mean",
        .run = tb_time_create,
    },
    {
        .name = "create/crowded",
        .doc = "the creating call until it returns, in a process of very many threads",
        .needs = TB_OWN_STACK | TB_STACK_SIZE,
        .sweeps = {TB_SWEEP(live, 16384), TB_SWEEP(cpu, TB_CPU_SAME)},
        .statistic = "p10",
        .run = tb_time_create,
    },
    {
        .name = "create/detached",
        .doc = "the creating call of a thread that is created detached, until it returns",
        .needs = TB_RUNS | TB_CREATES_DETACHED,
        .sweeps =
            {
                TB_SWEEP(cpu, TB_CPU_SAME, TB_CPU_OTHER, TB_CPU_FREE),
                TB_SWEEP(live, 0, 256),
                TB_SWEEP(stack, 0, 65536, 1048576),
            },
        .attributes = {.detached = true},
        .statistic = "p10",
        .run = detached,
    },
    {0},
};
