/*
 * How much one process of a case measures, learnt from processes that are not recorded.
 */
#ifndef TB_RUN_PILOT_H
#define TB_RUN_PILOT_H

#include "document/result.h"

/*
 * Samples for a subject that takes their number from us, or iterations for any other. Runs
 * processes until `ends`, on tb_now()'s clock. 0 where the number is left to the subject each time,
 * and where the case cannot be run, which its record says then, or it was interrupted.
 */
uint64_t tb_pilot_samples(const struct tb_result *result, struct tb_record *record, double ends);

#endif
