/* What a stretch of the process used: switches, faults, CPU time, migrations that were seen.
 *
 * Read around a whole series, so a figure for one operation includes what sets the operation up.
 * The children's CPU time is the process's less that of the calling thread. */
#ifndef TB_SUITE_USAGE_H
#define TB_SUITE_USAGE_H

#include <sys/resource.h>

struct tb_usage {
    struct rusage process;
    struct rusage thread;
};

/* The figures of a stretch, in counts and nanoseconds. */
struct tb_used {
    double voluntary_switches, involuntary_switches;
    double minor_faults, major_faults;
    double user_ns, system_ns; /* of the whole process; the split is made by ticks */
    double children_ns;        /* CPU time of all other threads */
};

struct tb_usage tb_usage_now(void);
struct tb_used tb_usage_since(const struct tb_usage *begin);

#endif
