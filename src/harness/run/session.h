/*
 * A session: pilots, which count against the budget, then rounds. In a round each case of each
 * subject gets a fresh process, one at a time. The order of cases is shuffled, but a case stays
 * next to its floor; the subjects of a case come next to each other, each in turn first
 * (tb_plan_turn()).
 */
#ifndef TB_RUN_SESSION_H
#define TB_RUN_SESSION_H

#include "document/result.h"
#include "run/progress.h"

struct tb_session {
    struct tb_result *results; /* one for each subject, with the same settings */
    size_t count;
    /* Called for each look (run/stopping.h), which may spend that share of alpha. NULL: there are
     * no looks, and all cases have all rounds. */
    void (*look)(void *asked, double share);
    double alpha; /* of one test, of a single look; as in struct tb_looks */
    /* Asked after it whether the case of that name wants more rounds. */
    bool (*is_open)(void *asked, const char *name);
    /* Cases are measured where the first subject and another one can run them. Dear ones skip
     * rounds (tb_plan_strides()), and are left out beforehand, the dearest first, where the budget
     * does not hold as many pairs as a look needs. */
    bool paired;
    void (*save)(void *asked); /* called after each finished round; NULL: nothing is */
    void *asked;
    struct tb_progress *progress; /* NULL: nothing is shown */
    bool announces;               /* how long it will take, even if there is no budget */
};

/*
 * Measures what the results' records name, until the rule of run/stopping.h ends it. Results that
 * hold finished rounds are continued after them. Skipped and failed cases, and an interruption, are
 * noted in the results; what was measured before stays there.
 */
void tb_session_run(const struct tb_session *session);

#endif
