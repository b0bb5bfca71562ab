/* The same for a thread of the kernel, which polls the ring: a submission is no system call while
 * it does. The kernel lets that thread run on any CPU. */
#include "uring_ring.h"

#include <liburing.h>

const unsigned tb_uring_setup_flags = IORING_SETUP_SQPOLL;
const unsigned tb_uring_entry_flags = 0;

const struct tb_runtime tb_runtime_uring_sqpoll = {
    .name = "uring-sqpoll",
    .doc = "the same, submitted to a kernel thread that polls the ring",
    .kind = TB_LOOPS,
    .can = TB_RUNS_ON_CALLER | TB_RUNS_LIBC,
    .lasting = true,
    .unavailable = tb_uring_unavailable,
    .enter = tb_uring_enter,
    .leave = tb_uring_leave,
    .prepare = tb_uring_prepare,
    .create = tb_uring_create,
    .join = tb_uring_join,
    .release = tb_uring_release,
};
