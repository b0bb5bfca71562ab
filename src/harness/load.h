/*
 * What the machine as a whole has done so far, from /proc; for differences over a worker's life.
 */
#ifndef TB_HARNESS_LOAD_H
#define TB_HARNESS_LOAD_H

/* Times in seconds since the machine started; NaN where they cannot be read. */
struct tb_totals {
    double now;      /* tb_now() */
    double pressure; /* some task waited for a CPU */
    double busy;     /* summed over CPUs, as are the next two */
    double steal;
    double all;
};

/* CLOCK_MONOTONIC in seconds. */
double tb_now(void);

struct tb_totals tb_totals_read(void);

#endif
