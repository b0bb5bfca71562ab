#include "usage.h"

#include <threadbench/proc.h>

#include <math.h>

/* The second of three numbers: time on a CPU, time waiting for one, and how often. */
static int64_t waited_ns(void)
{
    int64_t waited;

    return tb_proc_number("/proc/thread-self/schedstat", " ", &waited) ? -1 : waited;
}

struct tb_usage tb_usage_now(void)
{
    struct tb_usage now = {0};

    (void)getrusage(RUSAGE_SELF, &now.process); /* fails only for bad arguments */
    (void)getrusage(RUSAGE_THREAD, &now.thread);
    now.waited_ns = waited_ns();
    return now;
}

static double ns(struct timeval time)
{
    return (double)time.tv_sec * 1e9 + (double)time.tv_usec * 1e3;
}

static double cpu_ns(const struct rusage *usage)
{
    return ns(usage->ru_utime) + ns(usage->ru_stime);
}

static double at_least_zero(double value)
{
    return value > 0 ? value : 0;
}

struct tb_used tb_usage_since(const struct tb_usage *begin)
{
    struct tb_usage end = tb_usage_now();
    const struct rusage *a = &begin->process, *b = &end.process;

    return (struct tb_used){
        .voluntary_switches = (double)(b->ru_nvcsw - a->ru_nvcsw),
        .involuntary_switches = (double)(b->ru_nivcsw - a->ru_nivcsw),
        .minor_faults = (double)(b->ru_minflt - a->ru_minflt),
        .major_faults = (double)(b->ru_majflt - a->ru_majflt),
        .user_ns = ns(b->ru_utime) - ns(a->ru_utime),
        .system_ns = ns(b->ru_stime) - ns(a->ru_stime),
        /* Two readings of clocks that tick on: never below nothing. */
        .children_ns =
            at_least_zero(cpu_ns(b) - cpu_ns(a) - (cpu_ns(&end.thread) - cpu_ns(&begin->thread))),
        .waited_ns = begin->waited_ns < 0 || end.waited_ns < 0
                         ? NAN
                         : (double)(end.waited_ns - begin->waited_ns),
    };
}
