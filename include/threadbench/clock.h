/* The one clock of threadbench, and the number of the CPU that reads it.
 *
 * Every stamp, by a parent or by a child, is a reading of CLOCK_MONOTONIC, so that stamps taken on
 * different CPUs can be subtracted. Both readings go straight to the kernel's vDSO through pointers
 * that tb_clock_init() resolves once. They touch no thread-local storage, so a child that has no
 * libc thread behind it may use them too (sched_getcpu() there would answer for the parent).
 */
#ifndef THREADBENCH_CLOCK_H
#define THREADBENCH_CLOCK_H

#include <stdint.h>
#include <time.h>

extern int (*tb_vdso_clock_gettime)(clockid_t clock, struct timespec *ret_time);
extern int (*tb_vdso_getcpu)(unsigned *ret_cpu, unsigned *ret_node, void *unused);

/* Finds the vDSO's functions; where there are none, system calls stand in. Call it before the first
 * thread is made. */
void tb_clock_init(void);

/* What reading the clock costs: the smallest mean over a few blocks of readings, in nanoseconds. */
double tb_clock_cost_ns(void);

/* The clock's resolution as the kernel reports it, in nanoseconds. */
int64_t tb_clock_resolution_ns(void);

/* Nanoseconds since some fixed moment in the past. */
static inline int64_t tb_clock_ns(void)
{
    struct timespec now;

    (void)tb_vdso_clock_gettime(CLOCK_MONOTONIC, &now); /* cannot fail: the clock always exists */
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* The CPU the caller is on at this moment. */
static inline int tb_clock_cpu(void)
{
    unsigned cpu;

    (void)tb_vdso_getcpu(&cpu, NULL, NULL); /* fails only for bad pointers */
    return (int)cpu;
}

#endif
