#include "run/session.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "run/grid.h"
#include "run/procstat.h"
#include "run/signals.h"
#include "run/trial.h"
#include "stats/shuffle.h"
#include "util/json.h"
#include "util/memory.h"

/* After so many rounds it has shown what a round takes. */
enum { tried_rounds = 2 };

static void set_known(cJSON *entry, const char *key, double value)
{
    if (isfinite(value))
        tb_json_set_number(entry, key, value);
}

/* With what is ours beside Google Benchmark's: where in the run the process stood, and what else
 * the machine did meanwhile. */
static struct tb_repetition repetition_of(const struct tb_result *result, struct tb_record *record,
                                          const struct tb_trial *trial, unsigned round,
                                          size_t order)
{
    cJSON *entry = trial->reading.entry;
    struct tb_repetition repetition;

    tb_json_set_number(entry, "round", round);
    tb_json_set_number(entry, "order", (double)order);
    tb_json_set_number(entry, "wall_ms", trial->wall_s * 1e3);
    set_known(entry, "cpu_pressure_us", trial->load.pressure_us);
    set_known(entry, "other_cpu_share", trial->load.other_share);
    set_known(entry, "steal_share", trial->load.steal_share);
    repetition =
        tb_repetition_of(record, entry, cJSON_PrintUnformatted(entry),
                         tb_json_number(entry, "real_time", NAN), result->subject->catalogue.known);
    repetition.round = round;
    return repetition;
}

/* The latest is the one that is kept. */
static void keep_drawing(struct tb_result *result, struct tb_trial *trial)
{
    if (!trial->drawing)
        return;
    free(result->drawing);
    result->drawing = trial->drawing;
    trial->drawing = NULL;
}

/* Runs one process and keeps what came of it; false where it was interrupted. */
static bool repeat(struct tb_result *result, struct tb_record *record, unsigned round, size_t order,
                   double ends)
{
    tb_auto(tb_trial_finish) struct tb_trial trial =
        tb_trial(result, record->spec, record->samples, ends);

    if (trial.reading.outcome == TB_OK) {
        struct tb_repetition repetition = repetition_of(result, record, &trial, round, order);

        tb_record_add(record, &repetition, &trial.series);
        keep_drawing(result, &trial);
        if (!result->context) {
            result->context = trial.reading.context;
            trial.reading.context = NULL;
        }
    } else if (!trial.interrupted) {
        tb_record_end(record, trial.reading.outcome, trial.reading.reason);
    }
    return !trial.interrupted;
}

/* The fewest processes that a subject has finished of the row: whose turn it is goes by these, as a
 * row may skip rounds. */
static unsigned turn_of(const struct tb_row *row, size_t columns)
{
    size_t fewest = SIZE_MAX;

    for (size_t column = 0; column < columns; column++) {
        const struct tb_record *record = row->records[column];

        if (tb_record_can_run(record) && record->count < fewest)
            fewest = record->count;
    }
    return (unsigned)fewest;
}

/* Whether the record has a process of that round already, or a later one: an interrupted round may
 * be continued. */
static bool has_round(const struct tb_record *record, unsigned round)
{
    const struct tb_repetition *last = tb_record_last(record);

    return last && last->round >= round;
}

/* Whether budget or signal has ended the session. */
static bool is_over(const struct tb_grid *grid)
{
    return tb_signals_stopped() || tb_now() >= grid->ends;
}

/* Runs a case's processes; false where signal or budget ended it, before one of them or within. */
static bool run_row(const struct tb_grid *grid, struct tb_row *row, unsigned round, size_t place)
{
    size_t columns = grid->session->count;
    unsigned turn = turn_of(row, columns);
    double begins = tb_now();

    if (!tb_grid_subjects(grid, row))
        tb_grid_leave_out(grid, row, NULL);
    for (size_t i = 0; i < columns; i++) {
        size_t column = tb_plan_turn(turn, i, columns);
        struct tb_record *record = row->records[column];

        if (!tb_record_can_run(record) || has_round(record, round))
            continue;
        if (is_over(grid) || !repeat(&grid->session->results[column], record, round,
                                     place * columns + i, grid->ends))
            return false;
    }
    row->round_s = tb_now() - begins;
    row->spent_s += row->round_s;
    row->turns++;
    return true;
}

/* Whether the row runs in that round: it is open, and some subject waits for it since its last. */
static bool is_due(const struct tb_grid *grid, const struct tb_row *row, unsigned round)
{
    for (size_t column = 0; row->open && column < grid->session->count; column++) {
        const struct tb_record *record = row->records[column];
        const struct tb_repetition *last =
            tb_record_can_run(record) ? tb_record_last(record) : NULL;

        if (tb_record_can_run(record) && (!last || last->round + row->stride <= round))
            return true;
    }
    return false;
}

/* The order depends on nothing but seed and plan. False where signal or budget ended it. */
static bool run_round(const struct tb_grid *grid, unsigned round, const size_t *order)
{
    unsigned rounds = grid->session->results->settings->rounds;

    for (size_t i = 0; i < grid->count; i++) {
        struct tb_row *row = &grid->rows[order[i]];

        if (is_over(grid))
            return false;
        if (!is_due(grid, row, round))
            continue;
        tb_progress_report(grid->session->progress,
                           &(struct tb_step){
                               .stage = TB_ROUNDS,
                               .round = round + 1,
                               .rounds = rounds,
                               .done = round * grid->count + i,
                               .total = rounds * grid->count,
                               .budget_s = isfinite(grid->ends) ? grid->ends - tb_now() : 0,
                               .name = row->spec->name,
                           });
        if (!run_row(grid, row, round, i))
            return false;
    }
    return true;
}

/* What that round will take, by what each row took the last time. */
static double round_s(const struct tb_grid *grid, unsigned round)
{
    double sum = 0;

    for (size_t i = 0; i < grid->count; i++)
        sum += is_due(grid, &grid->rows[i], round) ? grid->rows[i].round_s : 0;
    return sum;
}

/* Whether the row has a selected case that can be run, and if it is asked one that wants more. */
static bool goes_on(const struct tb_session *session, const struct tb_row *row, bool asked)
{
    for (size_t column = 0; column < session->count; column++) {
        const struct tb_record *record = row->records[column];

        if (tb_record_can_run(record) && record->role == TB_SELECTED)
            return !asked || session->is_open(session->asked, record->spec->name);
    }
    return false;
}

/* Opens the groups that go on; false where none does. */
static bool open_rows(const struct tb_grid *grid, bool asked)
{
    for (size_t i = 0; i < grid->count; i++)
        grid->rows[i].open = goes_on(grid->session, &grid->rows[i], asked);
    return tb_grid_open_groups(grid);
}

/* After finished rounds, of which there are some. False where the run is decided. */
static bool check(struct tb_grid *grid, unsigned finished_rounds)
{
    const struct tb_session *session = grid->session;
    double time = (tb_now() - grid->begins) / (grid->ends - grid->begins);
    double rounds = finished_rounds / (double)session->results->settings->rounds, share;

    if (!session->look)
        return true;
    share = tb_looks_take(&grid->looks, fmin(fmax(time, rounds), 1), finished_rounds);
    if (share > 0) {
        session->look(session->asked, share);
        return open_rows(grid, true);
    }
    return finished_rounds != TB_COMPANION_ROUNDS || open_rows(grid, false);
}

/* A run that has ended looks once more, unless it has just done so. */
static void look_last(struct tb_grid *grid, enum tb_stop stop)
{
    const struct tb_session *session = grid->session;
    double share;

    if (!session->look || stop == TB_STOP_DECIDED)
        return;
    share = tb_looks_take_last(&grid->looks);
    if (share > 0)
        session->look(session->asked, share);
}

/* A run that is continued asks again what went on; groups that are known to do are open. */
static bool resumes(const struct tb_grid *grid, unsigned finished_rounds)
{
    if (!grid->session->look || finished_rounds < TB_COMPANION_ROUNDS)
        return true;
    return open_rows(grid, true);
}

static void finish_round(const struct tb_grid *grid, unsigned finished_rounds)
{
    for (size_t i = 0; i < grid->session->count; i++)
        grid->session->results[i].finished_rounds = finished_rounds;
    if (grid->session->save)
        grid->session->save(grid->session->asked);
}

/* Whether pilots and budget have left nothing to measure. */
static bool is_empty(const struct tb_grid *grid)
{
    for (size_t i = 0; i < grid->count; i++) {
        if (tb_grid_subjects(grid, &grid->rows[i]))
            return false;
    }
    return true;
}

/* Whether something is not measured for want of time, which is then its reason. */
static bool lacks_budget(const struct tb_session *session)
{
    for (size_t i = 0; i < session->count; i++) {
        for (size_t k = 0; k < session->results[i].count; k++) {
            const struct tb_record *record = &session->results[i].records[k];

            if (tb_is_pending(record) && record->reason)
                return true;
        }
    }
    return false;
}

/* Another round begins only if it is expected to end within the budget. One that does not, all the
 * same, is interrupted. */
static enum tb_stop run_rounds(struct tb_grid *grid)
{
    const struct tb_settings *settings = grid->session->results->settings;
    unsigned done = grid->session->results->finished_rounds;
    tb_autofree size_t *order = tb_alloc(grid->count, sizeof *order);
    tb_autofree size_t *groups = tb_alloc(grid->count, sizeof *groups);
    uint64_t state = settings->seed;

    for (size_t i = 0; i < grid->count; i++)
        groups[i] = grid->rows[i].group;
    for (unsigned round = 0; round < done; round++)
        tb_round_order(&state, groups, order, grid->count);
    if (done < settings->rounds && !resumes(grid, done))
        return TB_STOP_DECIDED;
    for (unsigned round = done; round < settings->rounds; round++) {
        tb_round_order(&state, groups, order, grid->count);
        if (grid->strides)
            tb_plan_strides(grid->rows, grid->count);
        if (round > done && tb_now() + round_s(grid, round) > grid->ends)
            return TB_STOP_BUDGET;
        if (!run_round(grid, round, order))
            return tb_signals_stopped() ? TB_STOP_SIGNAL : TB_STOP_BUDGET;
        finish_round(grid, round + 1);
        if (round + 1 - done == tried_rounds && !tb_grid_plan_again(grid, tried_rounds))
            return TB_STOP_BUDGET;
        if (!check(grid, round + 1))
            return TB_STOP_DECIDED;
    }
    return TB_STOP_ROUNDS;
}

void tb_session_run(const struct tb_session *session)
{
    tb_auto(tb_grid_finish) struct tb_grid grid = tb_grid(session);
    enum tb_stop stop;

    tb_grid_prepare(&grid);
    if (is_empty(&grid) && !tb_signals_stopped())
        stop = lacks_budget(session) ? TB_STOP_BUDGET : TB_STOP_DECIDED;
    else
        stop = run_rounds(&grid);
    look_last(&grid, stop);
    for (size_t i = 0; i < session->count; i++) {
        session->results[i].stop = stop;
        session->results[i].signal = tb_signals_stopped();
    }
}
