/* The threads of C11, <threads.h>. They have no attributes: the stack is the library's choice. */
#include <threadbench/runtime.h>

#include <errno.h>
#include <stdlib.h>
#include <threads.h>

static int start(void *task)
{
    ((struct tb_task *)task)->run(task);
    return 0;
}

static int errno_of(int result)
{
    if (result == thrd_success)
        return 0;
    return result == thrd_nomem ? ENOMEM : EAGAIN; /* C11 says no more than "error" */
}

static int prepare(struct tb_thread *thread)
{
    if (thread->stack_bytes)
        return ENOTSUP;
    thread->own = calloc(1, sizeof(thrd_t));
    return thread->own ? 0 : ENOMEM;
}

static int create(struct tb_thread *thread)
{
    return errno_of(thrd_create(thread->own, start, &thread->task));
}

static int join(struct tb_thread *thread)
{
    return errno_of(thrd_join(*(thrd_t *)thread->own, NULL));
}

static int detach(struct tb_thread *thread)
{
    return errno_of(thrd_detach(*(thrd_t *)thread->own));
}

static void release(struct tb_thread *thread)
{
    free(thread->own);
    thread->own = NULL;
}

static int key_create(unsigned *ret_key, void (*ended)(void *value))
{
    return errno_of(tss_create(ret_key, ended));
}

static int key_destroy(unsigned key)
{
    tss_delete(key);
    return 0;
}

static int key_set(unsigned key, void *value)
{
    return errno_of(tss_set(key, value));
}

static void *key_get(unsigned key)
{
    return tss_get(key);
}

static const struct tb_keys keys = {key_create, key_destroy, key_set, key_get};

const struct tb_runtime tb_runtime_c11 = {
    .name = "c11",
    .doc = "thrd_create and thrd_join of <threads.h>",
    .can = TB_RUNS | TB_RUNS_LIBC | TB_OWN_STACK | TB_KEYS | TB_DETACHES,
    .prepare = prepare,
    .create = create,
    .join = join,
    .release = release,
    .detach = detach,
    .keys = &keys,
};
