/*
 * What the kernel says in /proc and /sys: single values, limits of control groups, and what the
 * machine as a whole has done so far.
 */
#ifndef TB_RUN_PROCSTAT_H
#define TB_RUN_PROCSTAT_H

#include <stddef.h>

/*
 * What follows the first `mark` in a file, up to the line's end and without the blanks, colons and
 * equals signs around it; the first line for an empty mark. The caller's; NULL where there is no
 * such file or mark.
 *
 *     tb_kernel_text("/proc/self/status", "CapEff")     "000001ffffffffff"
 *     tb_kernel_text("/proc/sys/kernel/pid_max", "")    "4194304"
 */
char *tb_kernel_text(const char *path, const char *mark);

/* The number it begins with; NaN for none. */
double tb_kernel_number(const char *path, const char *mark);

/* The numbers it begins with, between blanks, at most `most` of them; returns how many there are.
 */
size_t tb_kernel_numbers(const char *path, const char *mark, double *ret_values, size_t most);

/*
 * The least that `read` gives for the folder of this process's control group and of its parents, as
 * far up as can be seen from here; what it gives is a limit where it is not below 0 or NaN. The
 * group is what follows `mark` in /proc/self/cgroup, below `root`. NaN for no limit.
 *
 *     tb_cgroup_least("0::", "/sys/fs/cgroup", pids_max)
 */
double tb_cgroup_least(const char *mark, const char *root, double (*read)(const char *folder));

/* CLOCK_MONOTONIC in seconds. */
double tb_now(void);

/* Times in seconds since the machine started; NaN where they cannot be read. */
struct tb_totals {
    double now;      /* tb_now() */
    double pressure; /* some task waited for a CPU */
    double busy;     /* summed over CPUs, as are the next two */
    double steal;
    double all;
};

struct tb_totals tb_totals_read(void);

/* What other programs did to the machine while a worker ran; NaN where it is not known. */
struct tb_load {
    double pressure_us; /* time in which some runnable task waited for a CPU */
    double other_share; /* CPU time of other processes, as a share of all CPUs' time */
    double steal_share; /* time the hypervisor took, likewise */
};

/* `own_s` is the worker's own CPU time. */
struct tb_load tb_load_between(const struct tb_totals *before, const struct tb_totals *after,
                               double own_s);

#endif
