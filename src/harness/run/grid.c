#include "run/grid.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "run/plan.h"
#include "run/procstat.h"
#include "run/signals.h"
#include "util/memory.h"
#include "util/names.h"

struct tb_record **tb_grid_row(const struct tb_grid *grid, size_t row)
{
    return grid->cells + row * grid->columns;
}

/* A row for each case that some subject has. */
static void fill_rows(struct tb_grid *grid)
{
    tb_auto(tb_names_finish) struct tb_names names = {0};

    for (size_t column = 0; column < grid->columns; column++) {
        const struct tb_result *result = &grid->session->results[column];

        for (size_t i = 0; i < result->count; i++) {
            const struct tb_case *item = result->records[i].spec;
            size_t row = tb_names_add(&names, item->name);

            if (row == grid->rows)
                grid->cases[grid->rows++] = item;
            tb_grid_row(grid, row)[column] = &result->records[i];
            grid->selected[row] |= result->records[i].role == TB_SELECTED;
        }
    }
}

struct tb_grid tb_grid(const struct tb_session *session)
{
    double budget_s = session->results->settings->budget_s;
    struct tb_grid grid = {.session = session,
                           .columns = session->count,
                           .begins = tb_now(),
                           .ends = budget_s ? tb_now() + budget_s : INFINITY,
                           .looks = {.alpha = session->alpha}};
    size_t most = 0;

    for (size_t column = 0; column < session->count; column++)
        most += session->results[column].count;
    grid.cases = tb_alloc(most, sizeof *grid.cases);
    grid.cells = tb_alloc(most * grid.columns, sizeof *grid.cells);
    grid.groups = tb_alloc(most, sizeof *grid.groups);
    grid.open = tb_alloc(most, sizeof *grid.open);
    grid.selected = tb_alloc(most, sizeof *grid.selected);
    grid.row_s = tb_alloc(most, sizeof *grid.row_s);
    grid.strides = tb_alloc(most, sizeof *grid.strides);
    fill_rows(&grid);
    tb_plan_groups(grid.cases, grid.rows, grid.groups);
    memset(grid.open, true, grid.rows);
    for (size_t row = 0; row < grid.rows; row++)
        grid.strides[row] = 1;
    return grid;
}

void tb_grid_finish(struct tb_grid *grid)
{
    free(grid->cases);
    free(grid->cells);
    free(grid->groups);
    free(grid->open);
    free(grid->selected);
    free(grid->row_s);
    free(grid->strides);
}

bool tb_grid_is_over(const struct tb_grid *grid)
{
    return tb_signals_stopped() || tb_now() >= grid->ends;
}

void tb_grid_report(const struct tb_grid *grid, struct tb_step step)
{
    const struct tb_session *session = grid->session;

    step.rounds = session->results->settings->rounds;
    if (session->report)
        session->report(session->user, &step);
}

size_t tb_grid_subjects(const struct tb_grid *grid, size_t row)
{
    size_t count = 0;
    bool first = false;

    for (size_t column = 0; column < grid->columns; column++) {
        const struct tb_record *record = tb_grid_row(grid, row)[column];

        first |= column == 0 && tb_record_can_run(record);
        count += tb_record_can_run(record);
    }
    return grid->session->paired && (!first || count < 2) ? 0 : count;
}

void tb_grid_leave_out(const struct tb_grid *grid, size_t row, const char *reason)
{
    for (size_t column = 0; column < grid->columns; column++) {
        struct tb_record **cell = &tb_grid_row(grid, row)[column];

        if (reason && *cell && tb_is_pending(*cell)) {
            free((*cell)->reason);
            (*cell)->reason = tb_copy(reason);
        }
        *cell = NULL;
    }
    grid->open[row] = false;
}

bool tb_record_has_round(const struct tb_record *record, unsigned round)
{
    const struct tb_repetition *last = tb_record_last(record);

    return last && last->round >= round;
}

bool tb_record_can_run(const struct tb_record *record)
{
    return record && record->outcome == TB_OK;
}

unsigned tb_grid_turn(const struct tb_grid *grid, size_t row)
{
    size_t fewest = SIZE_MAX;

    for (size_t column = 0; column < grid->columns; column++) {
        const struct tb_record *record = tb_grid_row(grid, row)[column];

        if (tb_record_can_run(record) && record->count < fewest)
            fewest = record->count;
    }
    return (unsigned)fewest;
}

bool tb_grid_is_due(const struct tb_grid *grid, size_t row, unsigned round)
{
    for (size_t column = 0; column < grid->columns; column++) {
        const struct tb_record *record = tb_grid_row(grid, row)[column];
        const struct tb_repetition *last =
            tb_record_can_run(record) ? tb_record_last(record) : NULL;

        if (tb_record_can_run(record) && (!last || last->round + grid->strides[row] <= round))
            return true;
    }
    return false;
}
