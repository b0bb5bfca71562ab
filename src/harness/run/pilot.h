/*
 * How much one process of a case measures, learnt from processes that are not recorded.
 */
#ifndef TB_RUN_PILOT_H
#define TB_RUN_PILOT_H

#include <stdbool.h>

#include "document/result.h"

struct tb_pilot {
    bool known; /* it came to its end; else the rest is 0 */
    /* Samples for a subject that takes their number from us, or iterations for any other; 0: left
     * to the subject each time. */
    uint64_t samples;
    double process_s; /* what one process of so many takes; NaN: not known */
};

/*
 * Runs processes of the case until `ends`, on tb_now()'s clock, and not after. Where it cannot be
 * run its record says so then; all is 0, as where it was interrupted.
 */
struct tb_pilot tb_pilot_run(const struct tb_result *result, struct tb_record *record, double ends);

/* Whether the subject does a number of iterations that it is given, as far as was seen. */
bool tb_pilot_takes_iterations(const struct tb_subject *subject);

#endif
