/* An operation of io_uring that does nothing: the submitting call does it, and its end is there. */
#include "uring_ring.h"

#include <liburing.h>

static const char *unavailable(void)
{
    return tb_uring_unavailable(0);
}

static int enter(void)
{
    return tb_uring_enter(0);
}

static int create(struct tb_thread *thread)
{
    return tb_uring_submit(thread, 0);
}

const struct tb_runtime tb_runtime_uring = {
    .name = "uring",
    .doc = "io_uring: an operation that does nothing, and the ring until its end is seen",
    .kind = TB_LOOPS,
    .can = TB_RUNS_ON_CALLER | TB_RUNS_LIBC,
    .unavailable = unavailable,
    .enter = enter,
    .leave = tb_uring_leave,
    .prepare = tb_uring_prepare,
    .create = create,
    .join = tb_uring_join,
    .release = tb_uring_release,
};
