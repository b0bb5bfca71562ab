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

void tb_fibre_release(struct tb_thread *thread)
{
    struct tb_fibre *own = thread->own;

    if (own)
        (void)munmap(own->stack, own->stack_bytes); /* a mapping of our own */
    free(own);
    thread->own = NULL;
}
