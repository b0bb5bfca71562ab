/* The clock from the vDSO, found by the dynamic loader. */
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
