/*
 * Shows on a terminal how far a session has come, in one line that is rewritten: which round, which
 * case, about how much time is left.
 */
#ifndef TB_RUN_PROGRESS_H
#define TB_RUN_PROGRESS_H

#include <stdbool.h>

#include "document/settings.h"
#include "run/plan.h"

/* What a session does one after the other. */
enum tb_stage {
    TB_PILOTS, /* of which each case has one */
    TB_ROUNDS,
    TB_COUNTS, /* rounds that are counted, not timed (run/count.h) */
};

/* What is measured next. */
struct tb_step {
    enum tb_stage stage;
    unsigned round, rounds; /* the first is 1; of pilots 0 */
    size_t done;            /* cases of the pilot, or of all rounds, of `total` */
    size_t total;
    double budget_s;  /* what is left of it; 0: there is none */
    const char *name; /* of the case */
};

/* What was found out of a run with a budget. */
struct tb_planned {
    const struct tb_settings *settings;
    const struct tb_row *rows;
    size_t count;
    unsigned fewest_rounds; /* that were to fit */
    bool again;             /* not beforehand: processes have taken longer than was planned */
    /* What fits: cases, processes of a round, and what that takes; 0: not known. */
    size_t measured, processes;
    double round_s;
};

struct tb_progress {
    bool shown; /* false: no progress is */
    bool quiet; /* nor the plan */
    double mde; /* the largest of all cases so far, as a ratio; 0 or NaN: not known */
    /* Of the present stage: how many steps were shown, how many were done before the first of
     * these, and when that was, on tb_now()'s clock. */
    enum tb_stage stage;
    size_t steps, first;
    double began;
};

/* Shown where stderr is a terminal, unless `quiet`. */
struct tb_progress tb_progress(bool quiet);

/* Shows the next step. Of a `progress` that is NULL nothing is shown, here and below. */
void tb_progress_report(struct tb_progress *progress, const struct tb_step *step);

/* Says on stderr, be it a terminal or not, what is going to be measured and how long that takes,
 * and what is left out. */
void tb_progress_plan(const struct tb_progress *progress, const struct tb_planned *planned);

/* Clears the line. */
void tb_progress_end(const struct tb_progress *progress);

#endif
