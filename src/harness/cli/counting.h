/*
 * The pass of a measurement that counts, where one is asked for.
 */
#ifndef TB_CLI_COUNTING_H
#define TB_CLI_COUNTING_H

#include "cli/measure.h"

/*
 * Finds what counts here all that can be counted, or that metric alone, which it is an error not to
 * count. Once the measurement is prepared.
 */
int tb_counting_prepare(struct tb_measurement *run, enum tb_metric metric, struct tb_error *error);

/* Counts, where the measurement has rounds for it. What nothing counts here gets its reason. */
void tb_counting_run(struct tb_measurement *run);

#endif
