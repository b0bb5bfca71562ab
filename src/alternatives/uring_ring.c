#include "uring_ring.h"

#include <errno.h>
#include <liburing.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* As many ends as tasks that any benchmark holds fit into the ring, which has two for each entry.
 * A kernel's thread that polls does so for a tenth of a second, and sleeps then. */
enum { ENTRIES = 1024, POLLED_MS = 100 };

static struct io_uring ring;

/* liburing's errors are negative errno values. */
int tb_uring_enter(void)
{
    struct io_uring_params parameters = {.flags = tb_uring_setup_flags,
                                         .sq_thread_idle = POLLED_MS};

    return -io_uring_queue_init_params(ENTRIES, &ring, &parameters);
}

void tb_uring_leave(void)
{
    io_uring_queue_exit(&ring);
}

/* A kernel's thread that polls was for the privileged alone. */
static const char *forbidden_by(void)
{
    return tb_uring_setup_flags & IORING_SETUP_SQPOLL
               ? " (kernel.io_uring_disabled, a seccomp filter, or no privileges before Linux 5.13)"
               : " (kernel.io_uring_disabled, or a seccomp filter)";
}

const char *tb_uring_unavailable(void)
{
    static char reason[160];
    int err = tb_uring_enter();

    if (!err) {
        tb_uring_leave();
        return NULL;
    }
    (void)snprintf(reason, sizeof(reason), "io_uring_setup: %s%s", strerror(err),
                   err == EPERM ? forbidden_by() : "");
    return reason;
}

int tb_uring_prepare(struct tb_thread *thread)
{
    if (thread->stack_bytes)
        return ENOTSUP;
    thread->own = calloc(1, sizeof(bool)); /* whether the task is done */
    return thread->own ? 0 : ENOMEM;
}

void tb_uring_release(struct tb_thread *thread)
{
    free(thread->own);
    thread->own = NULL;
}

/* Only where the kernel's thread takes the entries can there be none left. */
static int find_entry(struct io_uring_sqe **ret_entry)
{
    int err = 0;

    for (*ret_entry = io_uring_get_sqe(&ring); !*ret_entry && !err;
         *ret_entry = io_uring_get_sqe(&ring)) {
        int result = io_uring_sqring_wait(&ring);

        err = result < 0 ? -result : 0;
    }
    return err;
}

int tb_uring_create(struct tb_thread *thread)
{
    struct io_uring_sqe *entry;
    int result = find_entry(&entry);

    if (result)
        return result;
    *(bool *)thread->own = false;
    io_uring_prep_nop(entry);
    io_uring_sqe_set_flags(entry, tb_uring_entry_flags);
    io_uring_sqe_set_data(entry, thread);
    result = io_uring_submit(&ring);
    return result < 0 ? -result : 0;
}

/* Runs the task of the next end. */
static int take_end(void)
{
    struct io_uring_cqe *end;
    int err = -io_uring_wait_cqe(&ring, &end);
    struct tb_thread *thread;

    if (err)
        return err == EINTR ? 0 : err;
    thread = io_uring_cqe_get_data(end);
    err = -end->res;
    io_uring_cqe_seen(&ring, end);
    thread->task.run(&thread->task);
    *(bool *)thread->own = true;
    return err;
}

int tb_uring_join(struct tb_thread *thread)
{
    const bool *done = thread->own;
    int err = 0;

    while (!err && !*done)
        err = take_end();
    return err;
}
