/* The figures of a case's series, as counters of its Google Benchmark entry. */
#ifndef TB_SUITE_REPORT_H
#define TB_SUITE_REPORT_H

#include "engine.h"

struct bm_state;

/* Counters, per operation and in nanoseconds where they are times:
 *   samples, misplaced, mean, min, max, and p10 p50 p90 p99 p99.9 where enough samples lie beyond;
 *   elsewhere (share of children on another CPU), same_cpu_p50, other_cpu_p50;
 *   PHASE_mean, PHASE_p50 of each phase;
 *   vcsw, ivcsw, minflt, majflt, user_ns, sys_ns, child_cpu_ns, waited_ns (where the kernel
 *   reports it), migrations: with the set-up.
 * Stores the mean; 0 or ENOMEM. */
int tb_report(const struct tb_engine *engine, struct bm_state *state, double *ret_mean_ns);

#endif
