/*
 * What a session measures while it goes on: a row for each case, a column for each subject.
 */
#ifndef TB_RUN_GRID_H
#define TB_RUN_GRID_H

#include "run/session.h"
#include "run/stopping.h"

struct tb_grid {
    const struct tb_session *session;
    size_t rows, columns;
    const struct tb_case **cases; /* of each row, as the first subject that has it says */
    struct tb_record **cells;     /* NULL where the subject does not have the case */
    size_t *groups;               /* of each row: rows of one group run undivided */
    bool *open;                   /* whether the row has a further round */
    bool *selected;               /* whether it was asked for, by some subject's choice */
    double *row_s;     /* what a round of it takes: as planned, then the last; INFINITY: no time */
    unsigned *strides; /* it runs in every so many-th round */
    double begins, ends; /* on tb_now()'s clock; INFINITY: there is no budget */
    struct tb_looks looks;
};

/* Borrows the session, which lasts longer. */
struct tb_grid tb_grid(const struct tb_session *session);
void tb_grid_finish(struct tb_grid *grid);

/* The row's records, one for each subject. */
struct tb_record **tb_grid_row(const struct tb_grid *grid, size_t row);

/* Whether budget or signal has ended the session. */
bool tb_grid_is_over(const struct tb_grid *grid);

/* Tells the session's `report` what is measured next; fills in how many rounds there are. */
void tb_grid_report(const struct tb_grid *grid, struct tb_step step);

/* How many subjects can run the case; 0 also where it takes two and there is one. */
size_t tb_grid_subjects(const struct tb_grid *grid, size_t row);

/* Keeps what was measured of the row, and measures it no more. What was not gets the reason. */
void tb_grid_leave_out(const struct tb_grid *grid, size_t row, const char *reason);

/* Whether the record, which may be NULL, can still be measured. */
bool tb_record_can_run(const struct tb_record *record);

/* Whether it has a process of that round already, or a later one: an interrupted round may be
 * continued. */
bool tb_record_has_round(const struct tb_record *record, unsigned round);

/* The fewest processes that a subject has finished of the row: whose turn it is goes by these, as a
 * row may skip rounds. */
unsigned tb_grid_turn(const struct tb_grid *grid, size_t row);

/* Whether the row, which is open, runs in that round: some subject waits for it since its last. */
bool tb_grid_is_due(const struct tb_grid *grid, size_t row, unsigned round);

#endif
