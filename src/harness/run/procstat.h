/*
 * What the kernel says of itself in /proc and /sys, and what the machine as a whole has done so
 * far; for differences over a worker's life.
 */
#ifndef TB_RUN_PROCSTAT_H
#define TB_RUN_PROCSTAT_H

/* Times in seconds since the machine started; NaN where they cannot be read. */
struct tb_totals {
    double now;      /* tb_now() */
    double pressure; /* some task waited for a CPU */
    double busy;     /* summed over CPUs, as are the next two */
    double steal;
    double all;
};

/*
 * What follows the first `mark` in a file of the kernel's, up to the line's end and without the
 * blanks, colons and equals signs around it; the first line for an empty mark. The caller's; NULL
 * where there is no such file or mark.
 */
char *tb_field(const char *path, const char *mark);

/* The number it begins with; NaN for none. */
double tb_field_number(const char *path, const char *mark);

/* CLOCK_MONOTONIC in seconds. */
double tb_now(void);

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
