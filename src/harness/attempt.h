/*
 * One case in one fresh process.
 */
#ifndef TB_HARNESS_ATTEMPT_H
#define TB_HARNESS_ATTEMPT_H

#include <stdint.h>

#include "gbench.h"
#include "subject.h"
#include "worker.h"

/* How much it measures. A subject that knows us repeats nothing: all its samples are one series. */
struct tb_amount {
    uint64_t samples;     /* or iterations, of any other subject; 0: left to the subject */
    double time_s;        /* of all repetitions, where that is left to it */
    unsigned repetitions; /* of any other subject */
};

struct tb_attempt {
    struct tb_reading reading;
    struct tb_series series;
    double wall_s;
    struct tb_load load;
    bool interrupted; /* by us: says nothing of the case */
};

struct tb_attempt tb_attempt(const struct tb_subject *subject, const struct tb_case *item,
                             const struct tb_amount *amount);
void tb_attempt_finish(struct tb_attempt *attempt);

/* What one operation took, set-up included; NaN where it cannot be told. */
double tb_attempt_operation_ns(const struct tb_attempt *attempt);

#endif
