/*
 * What a session measures while it goes on: a row for each case, a column for each subject.
 */
#ifndef TB_RUN_GRID_H
#define TB_RUN_GRID_H

#include "run/session.h"
#include "run/stopping.h"

struct tb_grid {
    const struct tb_session *session;
    struct tb_row *rows;
    size_t count;             /* of them */
    struct tb_record **cells; /* what the rows have, together */
    double begins, ends;      /* on tb_now()'s clock; INFINITY: there is no budget */
    unsigned fewest;          /* rounds that the budget is to hold of what is measured */
    bool strides;             /* rows may skip rounds */
    struct tb_looks looks;
};

/* Borrows the session, which lasts longer. */
struct tb_grid tb_grid(const struct tb_session *session);
void tb_grid_finish(struct tb_grid *grid);

/*
 * What comes before the rounds: finds how many samples each case takes, and what a round of it
 * takes, by processes that are not recorded; leaves out, with its reason, what the budget does not
 * hold so often as is needed, and what no subject can run.
 */
void tb_grid_prepare(struct tb_grid *grid);

/*
 * The same after so many rounds, in which processes may have taken longer than planned: better some
 * cases have as many rounds as are needed than none has. False where none would.
 */
bool tb_grid_plan_again(const struct tb_grid *grid, unsigned rounds);

/* Opens the groups of the rows that are open (tb_open_groups()), but for rows that no subject runs
 * any more; returns whether any is. */
bool tb_grid_open_groups(const struct tb_grid *grid);

/* How many subjects can run the case; 0 also where it takes two and there is one. */
size_t tb_grid_subjects(const struct tb_grid *grid, const struct tb_row *row);

/* Keeps what was measured of the row, and measures it no more. What was not gets the reason. */
void tb_grid_leave_out(const struct tb_grid *grid, struct tb_row *row, const char *reason);

/* Whether the record, which may be NULL, can still be measured. */
bool tb_record_can_run(const struct tb_record *record);

#endif
