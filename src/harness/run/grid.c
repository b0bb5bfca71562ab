#include "run/grid.h"

#include <math.h>
#include <stdlib.h>

#include "run/procstat.h"
#include "util/memory.h"
#include "util/names.h"

/* A row for each case that some subject has. */
static void fill_rows(struct tb_grid *grid)
{
    tb_auto(tb_names_finish) struct tb_names names = {0};
    size_t columns = grid->session->count;

    for (size_t column = 0; column < columns; column++) {
        const struct tb_result *result = &grid->session->results[column];

        for (size_t i = 0; i < result->count; i++) {
            const struct tb_case *item = result->records[i].spec;
            size_t place = tb_names_add(&names, item->name);
            struct tb_row *row = &grid->rows[place];

            if (place == grid->count)
                grid->rows[grid->count++] =
                    (struct tb_row){.spec = item,
                                    .records = grid->cells + place * columns,
                                    .stride = 1,
                                    .open = true};
            row->records[column] = &result->records[i];
            row->selected |= result->records[i].role == TB_SELECTED;
        }
    }
}

struct tb_grid tb_grid(const struct tb_session *session)
{
    double budget_s = session->results->settings->budget_s;
    struct tb_grid grid = {.session = session,
                           .begins = tb_now(),
                           .ends = budget_s ? tb_now() + budget_s : INFINITY,
                           .looks = {.alpha = session->alpha}};
    size_t most = 0;

    for (size_t column = 0; column < session->count; column++)
        most += session->results[column].count;
    grid.rows = tb_alloc(most, sizeof *grid.rows);
    grid.cells = tb_alloc(most * session->count, sizeof *grid.cells);
    fill_rows(&grid);
    tb_plan_groups(grid.rows, grid.count);
    return grid;
}

void tb_grid_finish(struct tb_grid *grid)
{
    free(grid->rows);
    free(grid->cells);
}

size_t tb_grid_subjects(const struct tb_grid *grid, const struct tb_row *row)
{
    bool first = tb_record_can_run(*row->records);
    size_t count = 0;

    for (size_t column = 0; column < grid->session->count; column++)
        count += tb_record_can_run(row->records[column]);
    return grid->session->paired && (!first || count < 2) ? 0 : count;
}

void tb_grid_leave_out(const struct tb_grid *grid, struct tb_row *row, const char *reason)
{
    for (size_t column = 0; column < grid->session->count; column++) {
        struct tb_record **cell = &row->records[column];

        if (reason && *cell && tb_is_pending(*cell)) {
            free((*cell)->reason);
            (*cell)->reason = tb_copy(reason);
        }
        *cell = NULL;
    }
    row->open = false;
}

bool tb_grid_open_groups(const struct tb_grid *grid)
{
    bool any = false;

    (void)tb_open_groups(grid->rows, grid->count);
    for (size_t i = 0; i < grid->count; i++) {
        struct tb_row *row = &grid->rows[i];

        row->open = row->open && tb_grid_subjects(grid, row);
        any |= row->open;
    }
    return any;
}

bool tb_record_can_run(const struct tb_record *record)
{
    return record && record->outcome == TB_OK;
}
