/* Fibres: stacks of their own that take turns on one thread, without the kernel's scheduler.
 *
 * fibre/create: making one on a stack that is ready, its whole run and the way back; the task does
 * nothing. Mean over 64, one after the other on the same stack. Mapping the stack is not part of it
 * (stack/map). A coroutine has no stack: its frame is allocated and freed, which is part of it.
 *
 * fibre/switch: into a running fibre and back, which is two switches; mean over 256.
 *
 * fibre/transfer: from one fibre straight to another, which hands over to the first likewise: one
 * switch, without the thread's own code in between; mean over 256. */
#include <threadbench/bench.h>

#include <errno.h>

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

    thread->task = (struct tb_task){.armed = 1, .cpu = -1};
    err = run->runtime->switching->create_leaving(thread);
    if (err)
        return tb_fail(run, "create", err);
    end = take_turns(run, thread);
    atomic_store_explicit(&thread->task.armed, 0, memory_order_relaxed); /* all on one thread */
    err = tb_join(thread);
    return err ? tb_fail(run, "join", err) : end;
}

static int pair_setup(struct tb_run *run)
{
    return tb_threads_prepare(run, 2, (struct tb_thread **)&run->own);
}

static void pair_teardown(struct tb_run *run)
{
    tb_threads_release(run->own, 2);
}

/* The first one begins, and is left when both have handed over as often as they should. */
static enum tb_status pass_to_and_fro(struct tb_run *run, struct tb_thread *pair)
{
    void (*resume)(struct tb_thread *) = run->runtime->switching->resume;

    while (tb_next(run)) {
        pair[0].task.spins = pair[1].task.spins = ROUNDS / 2;
        tb_start(run);
        resume(&pair[0]);
        tb_stop(run);
        if (pair[0].task.spins || pair[1].task.spins)
            return tb_fail(run, "hand over", ECANCELED);
    }
    return TB_DONE;
}

static int create_pair(const struct tb_run *run, struct tb_thread *pair, int *ret_created)
{
    int err = 0;

    for (*ret_created = 0; !err && *ret_created < 2; *ret_created += !err) {
        struct tb_thread *each = &pair[*ret_created], *other = &pair[!*ret_created];

        each->task = (struct tb_task){.armed = 1, .cpu = -1};
        err = run->runtime->switching->create_passing(each, other);
    }
    return err;
}

static enum tb_status transfer(struct tb_run *run)
{
    struct tb_thread *pair = run->own;
    enum tb_status end = TB_DONE;
    int created, err = create_pair(run, pair, &created);

    if (!err)
        end = pass_to_and_fro(run, pair);
    for (int i = 0; i < created; i++) {
        int failed;

        pair[i].task.spins = 0;
        atomic_store_explicit(&pair[i].task.armed, 0, memory_order_relaxed); /* on one thread */
        failed = tb_join(&pair[i]);
        err = err ? err : failed;
    }
    return err ? tb_fail(run, "create and join", err) : end;
}

const struct tb_bench tb_bench_fibre[] = {
    {
        .name = "fibre/create",
        .doc = "making a fibre on a ready stack, or a coroutine, its run and the way back; mean "
               "over 64",
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
    {
        .name = "fibre/transfer",
        .doc = "from a fibre straight to another one, one switch; mean over 256",
        .needs = TB_SWITCHES,
        .kinds = TB_FIBRES,
        .sweeps = {TB_SWEEP(cpu, TB_CPU_SAME, TB_CPU_FREE)},
        .block = ROUNDS,
        .statistic = "p10",
        .setup = pair_setup,
        .run = transfer,
        .teardown = pair_teardown,
    },
    {0},
};
