/* A task that keeps its CPU busy for a while, done by a thread made for it, by a pool's thread, or
 * in the caller's own loop: from which length of task on does it no longer matter which.
 *
 * task/wait: handing one task over and waiting until it is done, its work included; one at a time.
 *
 * task/batch: `alive` tasks are handed over, then all are waited for. A sample is
 * the whole batch; its phases are the time until the last one is handed over and the rest.
 *
 * The work is a number of turns of an empty loop, which is timed once in each series: it takes CPU
 * time, not time on the clock, and so gets longer when something else takes the CPU. */
#include <threadbench/bench.h>

#include <stddef.h>

static enum tb_status wait_for_each(struct tb_run *run)
{
    int64_t spins = tb_spins(tb_value(run, &tb_axis_work));

    while (tb_next(run)) {
        struct tb_thread *thread = tb_thread_next(run, tb_task_spin);
        int err;

        if (!thread)
            return tb_broken(run);
        thread->task.spins = spins;
        tb_start(run);
        err = tb_create(thread);
        if (!err)
            err = tb_join(thread);
        tb_stop(run);
        if (err)
            return tb_fail(run, "hand over and wait", err);
        tb_joined(run, thread);
    }
    return TB_DONE;
}

static enum tb_status batch(struct tb_run *run)
{
    int64_t spins = tb_spins(tb_value(run, &tb_axis_work));

    return tb_time_batch(run, &(const struct tb_task){.run = tb_task_spin, .spins = spins});
}

const struct tb_bench tb_bench_task[] = {
    {
        .name = "task/wait",
        .doc = "handing a task over and waiting until it is done, with its work",
        .kinds = TB_THREADS | TB_POOLS | TB_LOOPS,
        .sweeps =
            {
                TB_SWEEP(cpu, TB_CPU_SAME, TB_CPU_FREE),
                TB_SWEEP(work, 0, 1000, 10000, 100000, 1000000),
            },
        .statistic = "p10",
        .alternatives = {.thread = "posix",
                         .length = &tb_axis_work,
                         .points = {"cpu:same", "cpu:same/work:100000", "cpu:same/work:1000000"}},
        .run = wait_for_each,
    },
    {
        .name = "task/batch",
        .doc = "tasks with work, all handed over, then all waited for; the whole batch",
        .kinds = TB_THREADS | TB_POOLS | TB_LOOPS,
        .sweeps =
            {
                TB_SWEEP(alive, 100, 1, 8, 1000),
                TB_SWEEP(cpu, TB_CPU_FREE, TB_CPU_SAME),
                TB_SWEEP(work, 0, 1000, 10000, 100000, 1000000),
            },
        .warmup = 1,
        .phases = {"submit", "wait"},
        .statistic = "p10",
        .setup = tb_threads_setup,
        .run = batch,
        .teardown = tb_threads_teardown,
    },
    {0},
};
