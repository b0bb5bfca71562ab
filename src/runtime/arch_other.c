/* See arch.h. Architectures without a file of their own: system calls go through libc, which is
 * fine in a thread that libc made, and there is no raw clone. */
#include "arch.h"

#include <errno.h>
#include <unistd.h>

long tb_arch_syscall(long number, long a, long b, long c, long d, long e, long f)
{
    long result = syscall(number, a, b, c, d, e, f);

    return result == -1 ? -errno : result;
}

long tb_arch_clone(const void *arguments, size_t size, void (*run)(struct tb_task *),
                   struct tb_task *task)
{
    (void)arguments;
    (void)size;
    (void)run;
    (void)task;
    return -ENOSYS;
}
