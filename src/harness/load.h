/*
 * What the machine as a whole has done so far, from /proc; for differences over a worker's life.
 */
#ifndef TB_HARNESS_LOAD_H
#define TB_HARNESS_LOAD_H

/* Times in seconds since the machine started; NaN where they cannot be read. */
struct tb_totals {
    double now;      /* CLOCK_MONOTONIC */
    double pressure; /* some task waited for a CPU */
    double busy;     /* summed over CPUs, as are the next two */
    double steal;
    double all;
};

struct tb_totals tb_totals_read(void);

#endif
