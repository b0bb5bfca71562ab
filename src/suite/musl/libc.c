/* What a static program of musl has instead. The clock: it cannot ask a loader for the vDSO. musl
 * finds that by itself and calls it at once: its two functions touch no thread-local storage, and
 * it has no other answer to the number of the CPU than the kernel's. And the CPUs of a new thread:
 * musl has no attribute for them. */
#include "libc.h"

#include <threadbench/clock.h>

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

static int getcpu_of_musl(unsigned *ret_cpu, unsigned *ret_node, void *unused)
{
    int cpu = sched_getcpu();

    (void)ret_node;
    (void)unused;
    if (cpu < 0)
        return -1;
    *ret_cpu = (unsigned)cpu;
    return 0;
}

int (*tb_vdso_clock_gettime)(clockid_t, struct timespec *) = clock_gettime;
int (*tb_vdso_getcpu)(unsigned *, unsigned *, void *) = getcpu_of_musl;

/* musl looks for the vDSO at the first call. */
void tb_clock_init(void)
{
    (void)tb_clock_ns();
    (void)tb_clock_cpu();
}

int pthread_attr_setaffinity_np(pthread_attr_t *attributes, size_t bytes, const cpu_set_t *cpus)
{
    (void)attributes;
    (void)bytes;
    (void)cpus;
    return ENOTSUP;
}

/* musl's own fail with ENOSYS, as POSIX means processes by them, and Linux threads. These are
 * linked in their place; a pid of 0 is the calling thread. */
int sched_getscheduler(pid_t pid)
{
    return (int)syscall(SYS_sched_getscheduler, pid);
}

int sched_getparam(pid_t pid, struct sched_param *ret_parameters)
{
    return (int)syscall(SYS_sched_getparam, pid, ret_parameters);
}

int sched_setscheduler(pid_t pid, int policy, const struct sched_param *parameters)
{
    return (int)syscall(SYS_sched_setscheduler, pid, policy, parameters);
}
