#include "fibre.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { STACK_BYTES = 64 * 1024, TOUCHED_BYTES = 4096 };

static int map_stack(struct tb_fibre *own)
{
    own->stack = mmap(NULL, own->stack_bytes, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
    if (own->stack == MAP_FAILED)
        return errno;
    memset((char *)own->stack + own->stack_bytes - TOUCHED_BYTES, 1, TOUCHED_BYTES);
    return 0;
}

int tb_fibre_prepare(struct tb_thread *thread, size_t size)
{
    struct tb_fibre *own = calloc(1, size);
    int err;

    if (!own)
        return ENOMEM;
    own->stack_bytes = thread->stack_bytes ? thread->stack_bytes : STACK_BYTES;
    err = map_stack(own);
    if (err) {
        free(own);
        return err;
    }
    thread->own = own;
    return 0;
}

int tb_fibre_join(struct tb_thread *thread)
{
    const struct tb_fibre *own = thread->own;

    while (!own->done)
        thread->runtime->switching->resume(thread);
    return 0;
}

/* All on one thread. Without another one `spins` is 0. */
static void pass_and_leave(struct tb_task *task)
{
    struct tb_thread *thread = task->arg;
    const struct tb_fibre *own = thread->own;
    const struct tb_switching *switching = thread->runtime->switching;

    while (atomic_load_explicit(&task->armed, memory_order_relaxed)) {
        while (task->spins) {
            task->spins--;
            switching->pass(thread, own->other);
        }
        switching->leave(thread);
    }
}

int tb_fibre_create_passing(struct tb_thread *thread, struct tb_thread *other)
{
    ((struct tb_fibre *)thread->own)->other = other;
    thread->task.run = pass_and_leave;
    thread->task.arg = thread;
    return thread->runtime->create(thread);
}

int tb_fibre_create_leaving(struct tb_thread *thread)
{
    return tb_fibre_create_passing(thread, NULL);
}

void tb_fibre_release(struct tb_thread *thread)
{
    struct tb_fibre *own = thread->own;

    if (own)
        (void)munmap(own->stack, own->stack_bytes); /* a mapping of our own */
    free(own);
    thread->own = NULL;
}
