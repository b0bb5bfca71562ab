/*
 * When a run ends, and which of its cases have rounds until then. Pure.
 *
 * A run has at most so many rounds, and with a budget at most so many seconds; of both the larger
 * share that is used up is what has elapsed. A run that is to end as soon as its answer is good
 * enough also looks at what it has measured. Each look has a share of the chance of being wrong
 * (alpha), so that all together have no more than all of it:
 *
 *   - Looks are planned where the run has passed 1 / 1.3, 1 / 1.3^2, ... of its length, and at its
 *     end. The first is the first at which rounds that all agree would be enough.
 *   - Looks until the share t of the run may have spent what ln(1 + (e - 1) t) has grown by since
 *     the planned look before the first, of what it grows by until the end (Lan and DeMets,
 *     Biometrika 1983; the function is like Pocock's).
 *   - No look has less than an earlier one, so that what was decided stays decided: one that would
 *     is left out, and so is one that would leave the last one less. Its share goes to the next.
 *   - A run that is interrupted looks once more, with all that is left, as one does that is over.
 *   - At a look each selected case that can be run says whether it wants more rounds. What
 *     accompanies selected cases (floors, overhead, the card) wants no precision of its own.
 *   - A group of cases goes on while one of its cases wants to, and as a whole: the ratio of a case
 *     to its floor is one of neighbours in time. When no group goes on the run is decided.
 *   - Groups without a selected case end after three rounds.
 *   - Between looks the groups go on that did so after the last one.
 */
#ifndef TB_RUN_STOPPING_H
#define TB_RUN_STOPPING_H

#include "run/plan.h"

/* Of a run that goes on. Zeroed but for alpha. */
struct tb_looks {
    double alpha; /* of one of its tests, two-sided, if it had but one look */
    double from;  /* the planned share of the run from which on alpha is spent */
    double spent; /* of alpha, until now; 0: there was no look yet */
    double last;  /* what the last look had of it */
};

/* The fewest rounds that can show anything: if they all agree, and a single look has all of it. */
unsigned tb_looks_fewest(double alpha);

/* The share of alpha that a look may have now that the share `elapsed` of the run is over and
 * `rounds` are finished, which is thereby spent; 0: there is no look now. */
double tb_looks_take(struct tb_looks *looks, double elapsed, unsigned rounds);

/* All that is left, for the last look of a run that has ended; 0: there was one at the end. */
double tb_looks_take_last(struct tb_looks *looks);

/* Rounds that are enough for groups without a selected case. */
enum { TB_COMPANION_ROUNDS = 3 };

/* Opens each row in whose group another one is open; returns whether any is. */
bool tb_open_groups(struct tb_row *rows, size_t count);

#endif
