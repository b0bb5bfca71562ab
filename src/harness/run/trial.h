/*
 * One case in one fresh process.
 */
#ifndef TB_RUN_TRIAL_H
#define TB_RUN_TRIAL_H

#include "document/result.h"
#include "run/procstat.h"

struct tb_trial {
    struct tb_reading reading;
    struct tb_series series;
    double wall_s;
    struct tb_load load;
    bool interrupted; /* by us, or because the time was up: says nothing of the case */
};

/*
 * By the result's settings: so many samples, or iterations of a subject that does not know us, or,
 * where they are 0, for the time that is settled. At `ends`, on tb_now()'s clock, it is
 * interrupted.
 */
struct tb_trial tb_trial(const struct tb_result *result, const struct tb_case *item,
                         uint64_t samples, double ends);
void tb_trial_finish(struct tb_trial *trial);

/* What one operation took, set-up included; NaN where it cannot be told. */
double tb_trial_operation_ns(const struct tb_trial *trial);

#endif
