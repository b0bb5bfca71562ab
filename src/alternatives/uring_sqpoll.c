/* The same for a thread of the kernel, which polls the ring: a submission is no system call while
 * it does. The kernel lets that thread run on any CPU. */
#include "uring_ring.h"

#include <liburing.h>

static const char *unavailable(void)
{
    return tb_uring_unavailable(IORING_SETUP_SQPOLL);
}

static int enter(void)
{
    return tb_uring_enter(IORING_SETUP_SQPOLL);
}

static int create(struct tb_thread *thread)
{
    return tb_uring_submit(thread, 0);
}

const struct tb_runtime tb_runtime_uring_sqpoll = {
    .name = "uring-sqpoll",
    .doc = "the same, submitted to a kernel thread that polls the ring",
    .kind = TB_LOOPS,
    .can = TB_RUNS_ON_CALLER | TB_RUNS_LIBC,
    .lasting = true,
    .unavailable = unavailable,
    .enter = enter,
    .leave = tb_uring_leave,
    .prepare = tb_uring_prepare,
    .create = create,
    .join = tb_uring_join,
    .release = tb_uring_release,
};
