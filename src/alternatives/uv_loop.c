#include "uv_loop.h"

#include <errno.h>
#include <stdlib.h>

uv_loop_t tb_uv_loop;

/* libuv's errors are negative errno values here. */
int tb_uv_enter(void)
{
    return -uv_loop_init(&tb_uv_loop);
}

void tb_uv_leave(void)
{
    (void)uv_run(&tb_uv_loop, UV_RUN_DEFAULT); /* nothing is left but what ends by itself */
    (void)uv_loop_close(&tb_uv_loop);          /* all handles were closed with their tasks */
}

int tb_uv_prepare(struct tb_thread *thread)
{
    if (thread->stack_bytes)
        return ENOTSUP;
    thread->own = calloc(1, sizeof(struct tb_uv_task));
    return thread->own ? 0 : ENOMEM;
}

int tb_uv_join(struct tb_thread *thread)
{
    const struct tb_uv_task *own = thread->own;

    while (!own->done)
        (void)uv_run(&tb_uv_loop, UV_RUN_ONCE); /* returns only whether more is active */
    return 0;
}

static void closed(uv_handle_t *handle)
{
    struct tb_thread *thread = handle->data;

    ((struct tb_uv_task *)thread->own)->closed = true;
}

void tb_uv_close(struct tb_thread *thread)
{
    struct tb_uv_task *own = thread->own;

    if (!own)
        return;
    uv_close((uv_handle_t *)&own->as, closed);
    while (!own->closed)
        (void)uv_run(&tb_uv_loop, UV_RUN_ONCE); /* returns only whether more is active */
    free(own);
    thread->own = NULL;
}
