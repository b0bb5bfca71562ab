/* The ring of io_uring that a series uses: made by tb_uring_enter, gone after tb_uring_leave. A
 * task is an operation that does nothing; the caller runs it when it sees the operation's end, as
 * an event loop does. The runtime that this is linked to says how. */
#ifndef TB_ALTERNATIVES_URING_RING_H
#define TB_ALTERNATIVES_URING_RING_H

#include <threadbench/runtime.h>

/* The runtime's own: the flags that its ring is made with (IORING_SETUP_…), and those that each
 * operation is submitted with (IOSQE_…). */
extern const unsigned tb_uring_setup_flags, tb_uring_entry_flags;

/* Why the kernel makes no such ring, or NULL. */
const char *tb_uring_unavailable(void);

int tb_uring_enter(void); /* 0 or an errno value */
void tb_uring_leave(void);

int tb_uring_prepare(struct tb_thread *thread);
void tb_uring_release(struct tb_thread *thread);

/* Submits the thread's operation. 0 or an errno value. */
int tb_uring_create(struct tb_thread *thread);

/* Takes ends from the ring until the thread's is among them. 0 or an errno value. */
int tb_uring_join(struct tb_thread *thread);

#endif
