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
enum { WAITS, TOLD, LEAVES }; /* what `armed` says, in this order */

static int setup(struct tb_run *run)
{
    return tb_threads_prepare(run, BLOCK, (struct tb_thread **)&run->own);
}

static void teardown(struct tb_run *run)
{
    tb_threads_release(run->own, BLOCK);
}

/* A word that its parent gives by `armed`; the store of `tid` says that it came to wait for it. */
static void wait_for_word(struct tb_task *task)
{
    task->cpu = tb_clock_cpu();
    atomic_store_explicit(&task->tid, gettid(), memory_order_release);
    while (!atomic_load_explicit(&task->armed, memory_order_acquire))
        (void)sched_yield(); /* always succeeds; the parent may need this CPU */
    /* Its last access: who reads this may write to the task again. */
    atomic_store_explicit(&task->armed, LEAVES, memory_order_release);
}

static void give_word(struct tb_thread *threads, size_t count)
{
    for (size_t i = 0; i < count; i++)
        atomic_store_explicit(&threads[i].task.armed, TOLD, memory_order_release);
}

/* If one could not be created, the others are joined, as they were never detached. */
static enum tb_status create_all(struct tb_run *run)
{
    struct tb_thread *threads = run->own;
    size_t created = 0;
    int err = 0;

    for (int i = 0; i < BLOCK; i++)
        threads[i].task = (struct tb_task){.run = wait_for_word};
    for (; created < BLOCK && !(err = tb_create(&threads[created])); created++)
        ;
    if (!err)
        return TB_DONE;
    give_word(threads, created);
    (void)tb_threads_join(threads, created); /* the first error is the one to tell */
    return tb_no_more(run, created, err);
}

static int await_all(struct tb_thread *threads)
{
    int err = 0;

    give_word(threads, BLOCK);
    for (int i = 0; !err && i < BLOCK; i++) {
        err = tb_await_exit(&threads[i]);
        /* Gone, it has left: this orders its accesses before those of the next turn. */
        if (!err && atomic_load_explicit(&threads[i].task.armed, memory_order_acquire) != LEAVES)
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
        .sweeps = {TB_SWEEP(cpu, TB_CPU_SAME, TB_CPU_FREE), TB_SWEEP(live, 0, 16, 256)},
        .block = BLOCK,
        .warmup = 2,
        .statistic = "p10",
        .setup = setup,
        .run = detach,
        .teardown = teardown,
    },
    {0},
};
