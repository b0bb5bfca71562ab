/*
 * A session: a pilot, then rounds in which every case of every subject gets a fresh process, one at
 * a time. The cases come in shuffled order but next to their floor, and the subjects of one case
 * next to each other, in an order that is balanced over rounds.
 */
#ifndef TB_RUN_SESSION_H
#define TB_RUN_SESSION_H

#include "document/result.h"

struct tb_step {
    unsigned round; /* 0: the pilot */
    unsigned rounds;
    size_t done; /* cases, of the pilot or of all rounds */
    size_t total;
    double budget_s; /* what is left of it; 0: there is none */
    const char *name;
};

struct tb_session {
    struct tb_result *results; /* one for each subject, with the same settings */
    size_t count;
    /* Asked at each look (run/stopping.h) whether the case of that name wants more rounds. NULL:
     * there are no looks, and all cases have all rounds. */
    bool (*is_open)(void *asked, const char *name);
    void (*begin)(void *asked); /* called before each look; NULL: nothing is */
    void *asked;
    /* Called before each case with what comes next; NULL: nothing is. */
    void (*tell)(void *user, const struct tb_step *step);
    void *user;
};

/*
 * Measures what the results' records name until the settings say that it is enough; results that
 * hold finished rounds are continued after them. Skips, failures and an interruption are in the
 * results; whatever came before them stays there.
 */
void tb_session_run(const struct tb_session *session);

#endif
