/*
 * A run: a pilot, then rounds in which every case gets a fresh process, one at a time, in shuffled
 * order but next to its floor.
 */
#ifndef TB_HARNESS_SESSION_H
#define TB_HARNESS_SESSION_H

#include "result.h"
#include "subject.h"

struct tb_step {
    unsigned round; /* 0: the pilot */
    unsigned rounds;
    size_t done; /* processes, of the round and of all rounds alike */
    size_t total;
    const char *name;
};

struct tb_session {
    const struct tb_subject *subject;
    struct tb_result *result;
    uint64_t samples; /* for a subject that knows us; 0: a pilot finds them */
    /* Told before each process what comes next; NULL: nobody is. */
    void (*tell)(void *user, const struct tb_step *step);
    void *user;
};

/*
 * Measures what the result's records name, with its seed, rounds and limits. Skips, failures and
 * an interruption are in the result; whatever came before them stays there.
 */
void tb_session_run(const struct tb_session *session);

#endif
