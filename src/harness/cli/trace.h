/*
 * A lifecycle that subjects draw beside a measurement, each process of a selected case anew: this
 * looks before and after whether the file can be, and is, written.
 */
#ifndef TB_CLI_TRACE_H
#define TB_CLI_TRACE_H

#include "util/error.h"

/* Makes room: what is at `path` goes. NULL: nothing is asked for. TB_FAILURE: no file can be
 * written there. */
int tb_trace_prepare(const char *path, struct tb_error *error);

/* A notice where none has written it. */
void tb_trace_check(const char *path);

#endif
