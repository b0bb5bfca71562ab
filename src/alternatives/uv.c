/* libuv's thread pool, of its default size: four threads, made at the first task and kept as long
 * as the process lives. Where libuv cannot make one it aborts. The end of a task is reported to the
 * loop, which the caller runs to wait for it. */
#include "uv_loop.h"

#include <stdlib.h>

static void work(uv_work_t *request)
{
    struct tb_thread *thread = request->data;

    thread->task.run(&thread->task);
}

static void done(uv_work_t *request, int status)
{
    struct tb_thread *thread = request->data;

    (void)status; /* not 0 only for one that was cancelled */
    ((struct tb_uv_task *)thread->own)->done = true;
}

/* As libuv reads it: 4 if it is not set, 1 for 0 and for what is no number, at most 1024. */
static int64_t count_threads(void)
{
    enum { DEFAULT = 4, MOST = 1024 };
    const char *text = getenv("UV_THREADPOOL_SIZE");
    unsigned long threads = text ? strtoul(text, NULL, 10) : DEFAULT;

    return threads > MOST ? MOST : threads ? (int64_t)threads : 1;
}

static int create(struct tb_thread *thread)
{
    struct tb_uv_task *own = thread->own;

    own->done = false;
    own->as.work.data = thread;
    return -uv_queue_work(&tb_uv_loop, &own->as.work, work, done);
}

static void release(struct tb_thread *thread)
{
    free(thread->own);
    thread->own = NULL;
}

const struct tb_runtime tb_runtime_uv = {
    .name = "uv",
    .doc = "uv_queue_work to libuv's own threads, and its loop until the task is done",
    .kind = TB_POOLS,
    .can = TB_RUNS | TB_RUNS_LIBC,
    .lasting = true,
    .threads = count_threads,
    .enter = tb_uv_enter,
    .leave = tb_uv_leave,
    .prepare = tb_uv_prepare,
    .create = create,
    .join = tb_uv_join,
    .release = release,
};
