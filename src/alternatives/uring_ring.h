/* The ring of io_uring that a series uses: made by tb_uring_enter, gone after tb_uring_leave. A
 * task is an operation that does nothing; the caller runs it when it sees the operation's end, as
 * an event loop does. */
#ifndef TB_ALTERNATIVES_URING_RING_H
#define TB_ALTERNATIVES_URING_RING_H

#include <threadbench/runtime.h>

/* Why the kernel makes no ring with these flags (IORING_SETUP_…), or NULL. */
const char *tb_uring_unavailable(unsigned flags);

int tb_uring_enter(unsigned flags); /* 0 or an errno value */
void tb_uring_leave(void);

int tb_uring_prepare(struct tb_thread *thread);
void tb_uring_release(struct tb_thread *thread);

/* Submits the operation with these flags (IOSQE_…). 0 or an errno value. */
int tb_uring_submit(struct tb_thread *thread, unsigned flags);

/* Takes ends from the ring until the thread's is among them. 0 or an errno value. */
int tb_uring_join(struct tb_thread *thread);

#endif
