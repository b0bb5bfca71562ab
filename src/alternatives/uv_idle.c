/* A callback of libuv's loop without any event: what the loop itself costs. */
#include "uv_loop.h"

static void called(uv_idle_t *idle)
{
    struct tb_thread *thread = idle->data;

    thread->task.run(&thread->task);
    ((struct tb_uv_task *)thread->own)->done = true;
    (void)uv_idle_stop(idle); /* never fails */
}

static int prepare(struct tb_thread *thread)
{
    int err = tb_uv_prepare(thread);
    uv_idle_t *idle;

    if (err)
        return err;
    idle = &((struct tb_uv_task *)thread->own)->as.idle;
    (void)uv_idle_init(&tb_uv_loop, idle); /* never fails */
    idle->data = thread;
    return 0;
}

static int create(struct tb_thread *thread)
{
    struct tb_uv_task *own = thread->own;

    own->done = false;
    own->as.idle.data = thread;
    return -uv_idle_start(&own->as.idle, called);
}

const struct tb_runtime tb_runtime_uv_idle = {
    .name = "uv-idle",
    .doc = "uv_idle_start on the caller's own loop, and the loop until it has called back",
    .kind = TB_LOOPS,
    .can = TB_RUNS_ON_CALLER | TB_RUNS_LIBC,
    .enter = tb_uv_enter,
    .leave = tb_uv_leave,
    .prepare = prepare,
    .create = create,
    .join = tb_uv_join,
    .release = tb_uv_close,
};
