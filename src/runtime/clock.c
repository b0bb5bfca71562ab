#include <threadbench/clock.h>

#include <dlfcn.h>
#include <stddef.h>
#include <sys/syscall.h>

#include "arch.h"

/* Stand-ins where the kernel offers no vDSO. */
static int call_clock_gettime(clockid_t clock, struct timespec *ret_time)
{
    return (int)tb_arch_syscall(SYS_clock_gettime, clock, (long)ret_time, 0, 0, 0, 0);
}

static int call_getcpu(unsigned *ret_cpu, unsigned *ret_node, void *unused)
{
    return (int)tb_arch_syscall(SYS_getcpu, (long)ret_cpu, (long)ret_node, (long)unused, 0, 0, 0);
}

int (*tb_vdso_clock_gettime)(clockid_t, struct timespec *) = call_clock_gettime;
int (*tb_vdso_getcpu)(unsigned *, unsigned *, void *) = call_getcpu;

/* The names are those of x86; other architectures say __kernel_…, and arm64 has no getcpu. */
static void *first_symbol(void *library, const char *name, const char *other_name)
{
    void *symbol = dlsym(library, name);

    return symbol ? symbol : dlsym(library, other_name);
}

void tb_clock_init(void)
{
    void *vdso = dlopen("linux-vdso.so.1", RTLD_LAZY | RTLD_NOLOAD);
    void *clock, *cpu;

    if (!vdso)
        return;
    clock = first_symbol(vdso, "__vdso_clock_gettime", "__kernel_clock_gettime");
    cpu = first_symbol(vdso, "__vdso_getcpu", "__kernel_getcpu");
    if (clock)
        *(void **)&tb_vdso_clock_gettime = clock;
    if (cpu)
        *(void **)&tb_vdso_getcpu = cpu;
}

enum { BLOCKS = 16, READINGS = 64 };

static double block_cost_ns(void)
{
    int64_t begin = tb_clock_ns(), end = begin;

    for (int i = 0; i < READINGS; i++)
        end = tb_clock_ns();
    return (double)(end - begin) / READINGS;
}

double tb_clock_cost_ns(void)
{
    double least = block_cost_ns();

    for (int i = 1; i < BLOCKS; i++) {
        double cost = block_cost_ns();

        least = cost < least ? cost : least;
    }
    return least;
}

int64_t tb_clock_resolution_ns(void)
{
    struct timespec resolution = {0, 0};

    (void)clock_getres(CLOCK_MONOTONIC, &resolution); /* cannot fail: the clock always exists */
    return (int64_t)resolution.tv_sec * 1000000000 + resolution.tv_nsec;
}
