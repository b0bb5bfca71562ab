/*
 * One case in one fresh process.
 */
#ifndef TB_RUN_TRIAL_H
#define TB_RUN_TRIAL_H

#include "document/result.h"
#include "run/counter.h"
#include "run/procstat.h"

struct tb_trial {
    struct tb_reading reading; /* of the result file: an entry, or why there is none */
    struct tb_series series;   /* of the sidecar; empty where there is none */
    char *drawing;             /* of a lifecycle, where the process drew one; owned, or NULL */
    double wall_s;
    struct tb_load load;
    bool interrupted; /* by a signal or at `ends`: the reading says nothing of the case */
};

/*
 * Runs a case of the result's subject in a process of its own, by the result's settings: for so
 * many samples (iterations where the subject is not a suite of ours), or for the settings' time
 * where `samples` is 0. At `ends`, on tb_now()'s clock, it is interrupted. The caller's to finish.
 */
struct tb_trial tb_trial(const struct tb_result *result, const struct tb_case *item,
                         uint64_t samples, double ends);
/*
 * The same, counted, and left without figures: the count is that of the whole process, NaN where
 * the reading says why there is none. `samples` is not 0.
 */
struct tb_trial tb_trial_count(const struct tb_result *result, const struct tb_case *item,
                               uint64_t samples, const struct tb_counter *counter,
                               double *ret_count);
void tb_trial_finish(struct tb_trial *trial);

#endif
