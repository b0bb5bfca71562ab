/* Bodies, and parts of them, that benchmarks of several families share. */
#include <threadbench/bench.h>

#include <sys/mman.h>
#include <unistd.h>

#include "engine.h"

enum tb_status tb_time_create(struct tb_run *run)
{
    while (tb_next(run)) {
        struct tb_thread *thread = tb_thread_next(run, tb_task_noop);
        int err;

        if (!thread)
            return tb_broken(run);
        tb_start(run);
        err = tb_create(thread);
        tb_stop(run);
        if (err)
            return tb_fail(run, "create", err);
    }
    return TB_DONE;
}

enum tb_status tb_run_thread(struct tb_run *run, struct tb_thread *thread)
{
    int err;

    tb_start(run);
    err = tb_create(thread);
    if (err)
        return tb_fail(run, "create", err);
    err = tb_join(thread);
    if (err)
        return tb_fail(run, "join", err);
    tb_joined(run, thread);
    return TB_DONE;
}

enum tb_status tb_run_phases(struct tb_run *run, struct tb_thread *thread)
{
    int64_t end_ns;
    int err;

    tb_start(run);
    err = tb_create(thread);
    tb_phase(run);
    if (!err)
        err = tb_join(thread);
    end_ns = tb_clock_ns();
    if (err)
        return tb_fail(run, "create and join", err);
    tb_phase_at(run, thread->task.first_ns);
    tb_phase_at(run, thread->task.last_ns);
    tb_record_stamps(run, end_ns - run->start_ns, run->start_cpu, thread->task.cpu);
    tb_joined(run, thread);
    return TB_DONE;
}

enum tb_status tb_time_start(struct tb_run *run)
{
    while (tb_next(run)) {
        struct tb_thread *thread = tb_thread_next(run, tb_task_stamp_first);

        if (!thread || tb_run_thread(run, thread) != TB_DONE)
            return tb_broken(run);
        tb_record_stamps(run, thread->task.first_ns - run->start_ns, run->start_cpu,
                         thread->task.cpu);
    }
    return TB_DONE;
}

enum tb_status tb_time_lifecycle(struct tb_run *run)
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
    return TB_DONE;
}

/* ---- threads of the benchmark's own ---- */

static size_t count_threads(const struct tb_run *run)
{
    size_t block = (size_t)run->block, held = run->engine->most_held;

    return held > block ? held : block;
}

int tb_threads_setup(struct tb_run *run)
{
    struct tb_thread *threads = NULL;
    int err = tb_threads_prepare(run, count_threads(run), &threads);

    run->own = threads;
    return err;
}

void tb_threads_teardown(struct tb_run *run)
{
    tb_threads_release(run->own, count_threads(run));
}

enum tb_status tb_time_batch(struct tb_run *run, const struct tb_task *task)
{
    size_t count = count_threads(run);
    struct tb_thread *threads = run->own;

    while (tb_next(run)) {
        size_t created;
        int err, join_err;

        for (size_t i = 0; i < count; i++)
            threads[i].task = *task;
        tb_start(run);
        err = tb_threads_create(threads, count, &created);
        tb_phase(run);
        join_err = tb_threads_join(threads, created);
        tb_stop(run);
        if (err)
            return tb_no_more(run, created, err);
        if (join_err)
            return tb_fail(run, "join", join_err);
    }
    return TB_DONE;
}

/* ---- a C library that keeps no stacks ---- */

/* A task that notes where its stack is. */
static void note_frame(struct tb_task *task)
{
    task->arg = __builtin_frame_address(0);
}

/* Whether the stack of a thread that has been joined is still mapped: msync refuses what is not. */
static bool is_kept(const struct tb_thread *joined)
{
    uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);

    return !msync((void *)((uintptr_t)joined->task.arg & ~(page - 1)), page, MS_ASYNC);
}

enum tb_status tb_prove_uncached(struct tb_run *run)
{
    struct tb_thread *thread = tb_thread_next(run, note_frame);

    if (!thread || tb_run_thread(run, thread) != TB_DONE)
        return tb_broken(run);
    return is_kept(thread)
               ? tb_skip(run, "the C library keeps stacks all the same: it has no such tunable")
               : TB_DONE;
}
