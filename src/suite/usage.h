/* What a stretch of the process used: switches, faults, CPU time, waits for a CPU.
 *
 * Read around a whole series, so a figure for one operation includes what sets the operation up.
 * The children's CPU time is the process's less that of the calling thread. The waits are those of
 * the calling thread alone: the kernel keeps no sum of those of threads that have ended. */
#ifndef TB_SUITE_USAGE_H
#define TB_SUITE_USAGE_H

#include <stdint.h>
#include <sys/resource.h>

struct tb_usage {
    struct rusage process;
    struct rusage thread;
    int64_t waited_ns; /* -1: the kernel does not report it */
};

/* The figures of a stretch, in counts and nanoseconds. */
struct tb_used {
    double voluntary_switches, involuntary_switches;
    double minor_faults, major_faults;
    double user_ns, system_ns; /* of the whole process; the split is made by ticks */
    double children_ns;        /* CPU time of all other threads */
    double waited_ns;          /* by the calling thread, for a CPU to run on; NAN: not known */
};

struct tb_usage tb_usage_now(void);
struct tb_used tb_usage_since(const struct tb_usage *begin);

#endif
