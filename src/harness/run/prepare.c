#include "run/prepare.h"

#include <math.h>
#include <stdlib.h>

#include "run/pilot.h"
#include "run/plan.h"
#include "run/procstat.h"
#include "run/signals.h"
#include "util/memory.h"

/* What the next process of the record takes, by the latest one; NaN where there was none. */
static double last_s(const struct tb_record *record)
{
    return record->count
               ? tb_repetition_value(tb_record_last(record), tb_record_field(record, "wall_ms")) /
                     1e3
               : NAN;
}

/* Foreign subjects are timed alike: one whose library takes no number of iterations leaves all to
 * their own. */
static bool leaves_iterations(const struct tb_grid *grid)
{
    for (size_t column = 0; column < grid->columns; column++) {
        if (!tb_pilot_takes_iterations(grid->session->results[column].subject))
            return true;
    }
    return false;
}

/*
 * One number for all subjects of a kind, from the first of them that can run the case. Returns what
 * a round of it takes, as far as that is known; INFINITY where the pilot had not enough time.
 */
static double pilot(const struct tb_grid *grid, size_t row, double ends)
{
    struct tb_pilot pilots[2] = {{0}};
    double sum_s = 0;

    for (size_t column = 0; column < grid->columns; column++) {
        const struct tb_result *result = &grid->session->results[column];
        struct tb_record *record = tb_grid_row(grid, row)[column];
        bool known = result->subject->catalogue.known;
        struct tb_pilot *one = &pilots[known];

        if (!record || record->outcome != TB_OK)
            continue;
        free(record->reason); /* of a budget that left it out before */
        record->reason = NULL;
        if (!one->known && record->samples)
            *one = (struct tb_pilot){true, record->samples, last_s(record)};
        else if (!one->known && tb_now() < ends)
            *one = tb_pilot_run(result, record, ends);
        if (!one->known && record->outcome == TB_OK)
            return INFINITY;
        record->samples = known || !leaves_iterations(grid) ? one->samples : 0;
        if (record->outcome == TB_OK)
            sum_s += fmax(0, one->process_s); /* which ignores a NaN */
    }
    return sum_s;
}

/* Leaves out what the budget does not hold so many times, each with its reason. */
static void keep_to_budget(const struct tb_grid *grid, unsigned fewest)
{
    const struct tb_session *session = grid->session;
    const struct tb_settings *settings = session->results->settings;
    tb_autofree bool *fits = tb_alloc(grid->rows, sizeof *fits);
    double most_s = (grid->ends - tb_now()) / fewest;
    struct tb_planned planned = {
        settings,
        grid->cases,
        grid->row_s,
        fits,
        grid->rows,
        fewest,
        .round_s = tb_plan_fit(grid->row_s, grid->selected, grid->rows, most_s, fits)};

    for (size_t row = 0; row < grid->rows; row++) {
        tb_autofree char *cost = tb_plan_cost(grid->row_s[row], fewest);
        tb_autofree char *reason = tb_print("%g s do not hold it (%s)", settings->budget_s, cost);

        if (!fits[row])
            tb_grid_leave_out(grid, row, reason);
        planned.measured += tb_grid_subjects(grid, row) > 0;
        planned.processes += tb_grid_subjects(grid, row);
    }
    if (session->planned)
        session->planned(session->user, &planned);
}

/*
 * Pilots go on while what they have planned leaves time free, and in any case for a quarter of it:
 * what was asked for first. None takes so long that its case would not fit any more.
 */
static void pilot_rows(const struct tb_grid *grid, bool selected, double began, unsigned fewest,
                       double *sum_s)
{
    double time_s = grid->ends - began;

    for (size_t row = 0; row < grid->rows && !tb_signals_stopped(); row++) {
        double now = tb_now(), *row_s = &grid->row_s[row];
        double free_s = fmax(grid->ends - now - fewest * *sum_s, began + time_s / 4 - now);

        if (grid->selected[row] != selected)
            continue;
        tb_grid_report(grid, (struct tb_step){
                                 .done = row, .total = grid->rows, .name = grid->cases[row]->name});
        if (tb_grid_subjects(grid, row))
            *row_s = pilot(grid, row, now + free_s / (fewest + 1));
        if (!tb_grid_subjects(grid, row)) {
            tb_grid_leave_out(grid, row, NULL);
            *row_s = 0;
        }
        if (*row_s < time_s / fewest)
            *sum_s += *row_s;
    }
}

void tb_grid_prepare(const struct tb_grid *grid)
{
    const struct tb_session *session = grid->session;
    unsigned left = session->results->settings->rounds - session->results->finished_rounds;
    unsigned wanted = session->paired ? tb_looks_fewest(session->alpha) : 1;
    unsigned fewest = wanted < left ? wanted : left;
    double began = tb_now(), sum_s = 0;

    pilot_rows(grid, true, began, fewest, &sum_s);
    pilot_rows(grid, false, began, fewest, &sum_s);
    if (isfinite(grid->ends) && !tb_signals_stopped())
        keep_to_budget(grid, fewest);
}
