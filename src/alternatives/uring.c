/* An operation of io_uring that does nothing: the submitting call does it, and its end is there. */
#include "uring_ring.h"

const unsigned tb_uring_setup_flags = 0;
const unsigned tb_uring_entry_flags = 0;

const struct tb_runtime tb_runtime_uring = {
    .name = "uring",
    .doc = "io_uring: an operation that does nothing, and the ring until its end is seen",
    .kind = TB_LOOPS,
    .can = TB_RUNS_ON_CALLER | TB_RUNS_LIBC,
    .unavailable = tb_uring_unavailable,
    .enter = tb_uring_enter,
    .leave = tb_uring_leave,
    .prepare = tb_uring_prepare,
    .create = tb_uring_create,
    .join = tb_uring_join,
    .release = tb_uring_release,
};
