/* What only assembly can do. One file per architecture implements it; meson picks the file.
 *
 * Neither function touches libc or thread-local storage, so both work in a thread that libc does
 * not know of. */
#ifndef TB_RUNTIME_ARCH_H
#define TB_RUNTIME_ARCH_H

#include <stddef.h>

struct tb_task;

/* A system call. Returns what the kernel returned: a negative errno value for a failure. */
long tb_arch_syscall(long number, long a, long b, long c, long d, long e, long f);

/* clone3(2) with arguments of `size` bytes. The child, on the stack that they name, runs
 * run(task) and then ends by the system call exit. Returns the child's thread id, or a
 * negative errno value; -ENOSYS where the architecture is not supported. */
long tb_arch_clone(const void *arguments, size_t size, void (*run)(struct tb_task *),
                   struct tb_task *task);

#endif
