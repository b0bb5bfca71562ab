/*
 * The pass of a measurement that counts, where one is asked for.
 */
#ifndef TB_CLI_COUNTING_H
#define TB_CLI_COUNTING_H

#include "cli/measure.h"

/*
 * Finds a counter for each metric, or, unless it is TB_TIME, for that one alone: then it is an
 * error that there is none. Call it after tb_measurement_prepare(). 0, or an exit code with *error
 * set.
 */
int tb_counting_prepare(struct tb_measurement *run, enum tb_metric metric, struct tb_error *error);

/* Whether a run that is continued was interrupted, and counts: then that is left to do, although
 * all its rounds may be finished. */
bool tb_counting_is_left(const struct tb_measurement *run);

/* Counts, where the measurement has rounds for it. What nothing counts here gets its reason. */
void tb_counting_run(struct tb_measurement *run);

#endif
