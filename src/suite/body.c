/* Bodies that rows of several families share. */
#include <threadbench/bench.h>

enum tb_outcome tb_time_create(struct tb_run *run)
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
    return TB_OK;
}

enum tb_outcome tb_time_life(struct tb_run *run)
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
