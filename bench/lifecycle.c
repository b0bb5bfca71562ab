/* A thread's whole life.
 *
 * lifecycle/serial: create and join, one thread at a time; the thread does nothing.
 *
 * lifecycle/batch: `alive` threads that each sleep for 1 ms are created, then all are joined: the
 * shape of many programs, and of a well-known test of Python's threads with 1000 of them. A sample
 * is the whole batch; its phases are the time until the last one is created and the rest. */
#include <threadbench/bench.h>

#include <stddef.h>

enum { SLEEP_NS = 1000000 };

static enum tb_outcome serial(struct tb_run *run)
{
    while (tb_next(run)) {
        struct tb_thread *thread = tb_thread_next(run, tb_task_noop);
        int err;

        if (!thread)
            return tb_broken(run);
        tb_start(run);
        err = tb_create(thread);
        if (!err)
            err = tb_join(thread);
        tb_stop(run);
        if (err)
            return tb_fail(run, "create and join", err);
        tb_joined(run, thread);
    }
    return TB_OK;
}

static int batch_setup(struct tb_run *run)
{
    return tb_threads_prepare(run, (size_t)tb_value(run, &tb_axis_alive),
                              (struct tb_thread **)&run->own);
}

static void batch_teardown(struct tb_run *run)
{
    tb_threads_release(run->own, (size_t)tb_value(run, &tb_axis_alive));
}

static enum tb_outcome batch(struct tb_run *run)
{
    size_t alive = (size_t)tb_value(run, &tb_axis_alive);
    struct tb_thread *threads = run->own;

    while (tb_next(run)) {
        size_t created = 0;
        int err = 0, join_err;

        for (size_t i = 0; i < alive; i++)
            threads[i].task = (struct tb_task){.run = tb_task_sleep, .sleep_ns = SLEEP_NS};
        tb_start(run);
        for (; created < alive && !(err = tb_create(&threads[created])); created++)
            ;
        tb_phase(run);
        join_err = tb_threads_join(threads, created);
        tb_stop(run);
        if (err || join_err)
            return tb_fail(run, err ? "create" : "join", err ? err : join_err);
    }
    return TB_OK;
}

const struct tb_bench tb_bench_lifecycle[] = {
    {
        .name = "lifecycle/serial",
        .doc = "create and join, one thread at a time, doing nothing",
        .walks =
            {
                TB_WALK(cpu, TB_SAME, TB_OTHER, TB_FREE),
                TB_WALK(live, 0, 16, 256, 4096),
                TB_WALK(stack, 0, 65536, 1048576, 33554432),
                TB_WALK(warm, TB_WARM, TB_COLD),
            },
        .decides = "p10",
        .core = {"cpu:same/posix", "cpu:same/clone"},
        .card = "its whole life",
        .card_cases = {"cpu:same/posix", "cpu:free/posix"},
        .run = serial,
    },
    {
        .name = "lifecycle/batch",
        .doc = "threads that sleep 1 ms: all created, then all joined; the whole batch",
        .walks =
            {
                TB_WALK(alive, 1000, 1, 8, 100),
                TB_WALK(cpu, TB_FREE, TB_SAME),
                TB_WALK(stack, 0, 65536, 1048576),
            },
        .warmup = 1,
        .phases = {"create", "join"},
        .decides = "mean",
        .core = {"alive:1000/cpu:free/posix"},
        .card = "1000 that sleep 1 ms",
        .card_cases = {"alive:1000/cpu:same/posix", "alive:1000/cpu:free/posix"},
        .setup = batch_setup,
        .run = batch,
        .teardown = batch_teardown,
    },
    {0},
};
