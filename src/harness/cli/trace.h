/*
 * A lifecycle that subjects draw beside a measurement, each process of a selected case anew.
 */
#ifndef TB_CLI_TRACE_H
#define TB_CLI_TRACE_H

#include "cli/measure.h"

/*
 * Before the measurement, which is prepared: whether there will be anything to draw, and whether it
 * can be written. TB_USAGE where no selected case has phases, or the file is one of the
 * measurement's own; TB_FAILURE where none can be written there. 0 where nothing is asked for.
 */
int tb_trace_check(const struct tb_measurement *run, struct tb_error *error);

/* Writes the latest one that was drawn; TB_FAILURE where none was, and then an older file stays. */
int tb_trace_put(const struct tb_measurement *run, struct tb_error *error);

#endif
