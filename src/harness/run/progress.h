/*
 * How far a session has come, on a terminal.
 */
#ifndef TB_RUN_PROGRESS_H
#define TB_RUN_PROGRESS_H

#include "run/session.h"
#include <stdbool.h>

/* One line on a terminal, rewritten: which round, which case, how long it will still take. */
struct tb_progress {
    bool shown;   /* false: nothing is written */
    double began; /* CLOCK_MONOTONIC, s; of the first round */
};

/* Shown where stderr is a terminal, unless it is to be quiet. */
struct tb_progress tb_progress(bool quiet);

/* To be a session's `tell`, with a struct tb_progress as its `user`. */
void tb_progress_tell(void *user, const struct tb_step *step);

/* Takes the line away. */
void tb_progress_end(const struct tb_progress *progress);

#endif
