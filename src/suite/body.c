/* Bodies that rows of several families share. */
#include <threadbench/bench.h>

#include <sys/mman.h>
#include <unistd.h>

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

/* Where a stack of this process is: a task that says so. */
static void tell_where(struct tb_task *task)
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
    struct tb_thread *thread = tb_thread_next(run, tell_where);
    int err;

    if (!thread)
        return tb_broken(run);
    err = tb_create(thread);
    if (!err)
        err = tb_join(thread);
    if (err)
        return tb_fail(run, "create and join", err);
    tb_joined(run, thread);
    return is_kept(thread)
               ? tb_skip(run, "the C library keeps stacks all the same: it has no such tunable")
               : TB_DONE;
}
