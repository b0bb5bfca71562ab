/* An event for libuv's loop: an eventfd is written, the loop sees it in epoll and calls back. */
#include "uv_loop.h"

static void called(uv_async_t *async)
{
    struct tb_thread *thread = async->data;

    thread->task.run(&thread->task);
    ((struct tb_uv_task *)thread->own)->done = true;
}

static int prepare(struct tb_thread *thread)
{
    int err = tb_uv_prepare(thread);
    uv_async_t *async;

    if (err)
        return err;
    async = &((struct tb_uv_task *)thread->own)->as.async;
    /* Never fails: the descriptor that it needs is the loop's, since uv_loop_init(). */
    (void)uv_async_init(&tb_uv_loop, async, called);
    async->data = thread;
    return 0;
}

static int create(struct tb_thread *thread)
{
    struct tb_uv_task *own = thread->own;

    own->done = false;
    own->as.async.data = thread;
    return -uv_async_send(&own->as.async);
}

const struct tb_runtime tb_runtime_uv_async = {
    .name = "uv-async",
    .doc = "uv_async_send to the caller's own loop, and the loop until it has called back",
    .kind = TB_LOOPS,
    .can = TB_RUNS_ON_CALLER | TB_RUNS_LIBC,
    .enter = tb_uv_enter,
    .leave = tb_uv_leave,
    .prepare = prepare,
    .create = create,
    .join = tb_uv_join,
    .release = tb_uv_close,
};
