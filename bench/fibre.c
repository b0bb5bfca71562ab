/* Fibres: stacks of their own that take turns on one thread, without the kernel's scheduler.
 *
 * fibre/create: making one on a stack that is ready, its whole run and the way back; the task does
 * nothing. Mean over 64, one after the other on the same stack. Mapping the stack is not part of it
 * (stack/map).
 *
 * fibre/switch: into a running fibre and back, which is two switches; mean over 256. */
#include <threadbench/bench.h>

enum { CYCLES = 64, ROUNDS = 256 };

static int one_setup(struct tb_run *run)
{
    return tb_threads_prepare(run, 1, (struct tb_thread **)&run->own);
}

static void one_teardown(struct tb_run *run)
{
    tb_threads_release(run->own, 1);
}

static enum tb_status create(struct tb_run *run)
{
    struct tb_thread *thread = run->own;
    int err = 0;

    thread->task = (struct tb_task){.run = tb_task_noop, .cpu = -1};
    while (tb_next(run)) {
        tb_start(run);
        for (int i = 0; i < CYCLES; i++) {
            err |= tb_create(thread);
            err |= tb_join(thread);
        }
        tb_stop(run);
        if (err)
            return tb_fail(run, "create and run", err);
    }
    return TB_DONE;
}

/* Ends when `armed` is 0. */
static void keep_leaving(struct tb_task *task)
{
    struct tb_thread *thread = task->arg;

    while (atomic_load_explicit(&task->armed, memory_order_relaxed)) /* all on one thread */
        thread->runtime->switching->leave(thread);
}

static enum tb_status take_turns(struct tb_run *run, struct tb_thread *thread)
{
    void (*resume)(struct tb_thread *) = run->runtime->switching->resume;

    resume(thread); /* the first one begins it */
    while (tb_next(run)) {
        tb_start(run);
        for (int i = 0; i < ROUNDS; i++)
            resume(thread);
        tb_stop(run);
    }
    return TB_DONE;
}

static enum tb_status switch_over(struct tb_run *run)
{
    struct tb_thread *thread = run->own;
    enum tb_status end;
    int err;

    thread->task = (struct tb_task){.run = keep_leaving, .armed = 1, .arg = thread, .cpu = -1};
    err = tb_create(thread);
    if (err)
        return tb_fail(run, "create", err);
    end = take_turns(run, thread);
    atomic_store_explicit(&thread->task.armed, 0, memory_order_relaxed); /* all on one thread */
    err = tb_join(thread);
    return err ? tb_fail(run, "join", err) : end;
}

const struct tb_bench tb_bench_fibre[] = {
    {
        .name = "fibre/create",
        .doc = "making a fibre on a ready stack, its run and the way back; mean over 64",
        .needs = TB_RUNS_ON_CALLER,
        .kinds = TB_FIBRES,
        .sweeps = {TB_SWEEP(cpu, TB_CPU_SAME, TB_CPU_FREE)},
        .block = CYCLES,
        .statistic = "p10",
        .setup = one_setup,
        .run = create,
        .teardown = one_teardown,
    },
    {
        .name = "fibre/switch",
        .doc = "into a fibre and back, two switches; mean over 256",
        .needs = TB_SWITCHES,
        .kinds = TB_FIBRES,
        .sweeps = {TB_SWEEP(cpu, TB_CPU_SAME, TB_CPU_FREE)},
        .block = ROUNDS,
        .statistic = "p10",
        .setup = one_setup,
        .run = switch_over,
        .teardown = one_teardown,
    },
    {0},
};
