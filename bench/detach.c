/* Letting go of a thread for good.
 *
 * detach/call: the call that detaches a thread which is still there: it waits until all of its
 * block are detached. Such a call takes about as long as reading the clock, so 64 are timed in one
 * go. The thread's exit, in which a detached one gives back what it holds, is not part of a sample;
 * the next one begins when the kernel has let all of them go. */
#include <threadbench/bench.h>

#include <errno.h>
#include <sched.h>
#include <unistd.h>

enum { BLOCK = 64 };
enum { WAITING, RELEASED, LEAVING }; /* values of `armed`, in this order */

/* Ends when its parent has set `armed`; the store of `tid` reports that it waits for that. */
static void wait_for_release(struct tb_task *task)
{
    task->cpu = tb_clock_cpu();
    atomic_store_explicit(&task->tid, gettid(), memory_order_release);
    while (!atomic_load_explicit(&task->armed, memory_order_acquire))
        (void)sched_yield(); /* always succeeds; the parent may need this CPU */
    /* Its last access: who reads this may write to the task again. */
    atomic_store_explicit(&task->armed, LEAVING, memory_order_release);
}

static void let_go(struct tb_thread *threads, size_t count)
{
    for (size_t i = 0; i < count; i++)
        atomic_store_explicit(&threads[i].task.armed, RELEASED, memory_order_release);
}

/* If one could not be created, the others are joined, as they were never detached. */
static enum tb_status create_all(struct tb_run *run)
{
    struct tb_thread *threads = run->own;
    size_t created;
    int err;

    for (int i = 0; i < BLOCK; i++)
        threads[i].task = (struct tb_task){.run = wait_for_release};
    err = tb_threads_create(threads, BLOCK, &created);
    if (!err)
        return TB_DONE;
    let_go(threads, created);
    (void)tb_threads_join(threads, created); /* the first error is the one to report */
    return tb_no_more(run, created, err);
}

static int await_all(struct tb_thread *threads)
{
    int err = 0;

    let_go(threads, BLOCK);
    for (int i = 0; !err && i < BLOCK; i++) {
        err = tb_await_exit(&threads[i]);
        /* Gone, it has left: this orders its accesses before those of the next turn. */
        if (!err && atomic_load_explicit(&threads[i].task.armed, memory_order_acquire) != LEAVING)
            err = ECANCELED;
    }
    return err;
}

static enum tb_status detach(struct tb_run *run)
{
    struct tb_thread *threads = run->own;

    while (tb_next(run)) {
        int err = 0, late;

        if (create_all(run) != TB_DONE)
            return tb_broken(run);
        tb_start(run);
        for (int i = 0; i < BLOCK; i++)
            err |= run->runtime->detach(&threads[i]);
        tb_stop(run);
        late = await_all(threads);
        if (err || late)
            return tb_fail(run, err ? "detach" : "exit", err ? err : late);
    }
    return TB_DONE;
}

const struct tb_bench tb_bench_detach[] = {
    {
        .name = "detach/call",
        .doc = "the call that detaches a thread which has not ended; mean over 64",
        .needs = TB_DETACHES | TB_RUNS_LIBC,
        .kinds = TB_THREADS | TB_WRAPPED,
        .sweeps = {TB_SWEEP(cpu, TB_CPU_SAME, TB_CPU_FREE), TB_SWEEP(live, 0, 16, 256)},
        .block = BLOCK,
        .warmup = 2,
        .statistic = "p10",
        .setup = tb_threads_setup,
        .run = detach,
        .teardown = tb_threads_teardown,
    },
    {0},
};
