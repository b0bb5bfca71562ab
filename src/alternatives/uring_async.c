/* The same, given to a worker of the kernel's own pool (io-wq), which it makes for the process when
 * there is none, and lets go after some seconds. The kernel lets it run on any CPU. */
#include "uring_ring.h"

#include <liburing.h>

const unsigned tb_uring_setup_flags = 0;
const unsigned tb_uring_entry_flags = IOSQE_ASYNC;

const struct tb_runtime tb_runtime_uring_async = {
    .name = "uring-async",
    .doc = "the same, handed to a worker thread of the kernel by IOSQE_ASYNC",
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
