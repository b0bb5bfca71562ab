/*
 * When a run ends, and which of its cases have rounds until then. Pure.
 *
 * A run has at most `rounds` rounds; a budget or a signal may end it before. One that is to end as
 * soon as its answer is good enough also looks at what it has measured:
 *
 *   - After `first` rounds, then after half as many again each time, and after the last one. These
 *     interim looks are few, as each has its share of the chance of being wrong.
 *   - At a look each selected case that can be run says whether it wants more rounds. What
 *     accompanies selected cases (floors, overhead, the card) wants no precision of its own.
 *   - A group of cases goes on while one of its cases wants to, and as a whole: the ratio of a case
 *     to its floor is one of neighbours in time. When no group goes on the run is decided.
 *   - Groups without a selected case end after three rounds, if there was no look until then.
 *   - Between looks the groups go on that did so after the last one.
 */
#ifndef TB_RUN_STOPPING_H
#define TB_RUN_STOPPING_H

#include <stdbool.h>
#include <stddef.h>

/* When a run looks at what it has; neither is 0. */
struct tb_looks {
    unsigned first;  /* rounds before the first look */
    unsigned rounds; /* before the last one */
};

/* The round count of the look that follows the one after `last` rounds (0: there was none yet). */
unsigned tb_looks_next(const struct tb_looks *looks, unsigned last);

/* How many looks there can be. */
unsigned tb_looks_count(const struct tb_looks *looks);

/* What is asked of each group when some rounds are finished. */
enum tb_check {
    TB_CHECK_NOTHING,  /* it goes on as before */
    TB_CHECK_SELECTED, /* has it a selected case that can be run? */
    TB_CHECK_WANTS,    /* a look: has it one that wants more rounds? */
};

enum tb_check tb_looks_check(const struct tb_looks *looks, unsigned finished_rounds);

/*
 * Opens each of `count` cases in whose group another is open; returns whether any is. The groups
 * are those of tb_plan_groups().
 */
bool tb_open_groups(const size_t *groups, bool *open, size_t count);

#endif
