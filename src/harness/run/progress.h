/*
 * Shows on a terminal how far a session has come, in one line that is rewritten: which round, which
 * case, about how much time is left.
 */
#ifndef TB_RUN_PROGRESS_H
#define TB_RUN_PROGRESS_H

#include <stdbool.h>

#include "run/session.h"

struct tb_progress {
    bool shown; /* false: no progress is */
    bool quiet; /* nor the plan */
    double mde; /* the largest of all cases so far, as a ratio; 0 or NaN: not known */
    /* Of the pilots, then of the rounds: how many steps were shown, how many were done before the
     * first of these, and when that was, on tb_now()'s clock. */
    bool in_rounds;
    size_t steps, first;
    double began;
};

/* Shown where stderr is a terminal, unless `quiet`. */
struct tb_progress tb_progress(bool quiet);

/* To be a session's `report`, with a struct tb_progress as its `user`. */
void tb_progress_report(void *user, const struct tb_step *step);

/* To be its `planned`: says on stderr, be it a terminal or not, what is going to be measured and
 * how long that takes, and what is left out. */
void tb_progress_plan(void *user, const struct tb_planned *planned);

/* Clears the line. */
void tb_progress_end(const struct tb_progress *progress);

#endif
