/*
 * The pass that counts what an operation of a case takes (document/counts.h): a process of N
 * samples and one of 2 N, each with nothing else in it, and the difference divided by N. What
 * starts and ends a process is in both.
 */
#ifndef TB_RUN_COUNT_H
#define TB_RUN_COUNT_H

#include "run/counter.h"
#include "run/progress.h"

struct tb_counting {
    struct tb_result *results; /* of a session that has ended */
    size_t count;
    unsigned rounds;
    const struct tb_counter *counters[TB_METRICS]; /* NULL: that is not counted */
    struct tb_progress *progress;                  /* NULL: nothing is shown */
};

/*
 * Counts each case that the pass wants, round by round and case by case. Of one case the results
 * take turns, and which is first changes from round to round. What was counted before goes. A case
 * that cannot be counted gets the reason (tb_count_refuse()), and is not tried again. Ends early
 * when a signal has told us to stop, which the results note.
 */
void tb_count_run(const struct tb_counting *counting);

/* Whether the pass counts it: it was asked for, and measured well. False for NULL. */
bool tb_count_wants(const struct tb_record *record);

/*
 * The N of a case of which a sample takes so many ns: at most a thousand where the subject takes a
 * number of samples from us, else a million iterations, and no more than a second as it is timed.
 * The process of 2 N takes twice as long; under a counter that emulates or traces both take many
 * times as long, as far as the subject's timeout lets them. 0: no process holds two.
 */
uint64_t tb_count_samples(const struct tb_case *item, bool known, double sample_ns);

#endif
