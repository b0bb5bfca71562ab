#include "run/session.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "run/pilot.h"
#include "run/plan.h"
#include "run/procstat.h"
#include "run/signals.h"
#include "run/stopping.h"
#include "run/trial.h"
#include "stats/shuffle.h"
#include "util/json.h"
#include "util/memory.h"

/* All records, a row for each case and a column for each subject. */
struct grid {
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

static struct tb_record **row_of(const struct grid *grid, size_t row)
{
    return grid->cells + row * grid->columns;
}

/* The row of the case, a new one if there is none yet. */
static size_t find_row(struct grid *grid, const struct tb_case *item)
{
    size_t row = 0;

    while (row < grid->rows && strcmp(grid->cases[row]->name, item->name) != 0)
        row++;
    if (row == grid->rows)
        grid->cases[grid->rows++] = item;
    return row;
}

static struct grid grid_of(const struct tb_session *session)
{
    double budget_s = session->results->settings->budget_s;
    struct grid grid = {.session = session,
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
    for (size_t column = 0; column < session->count; column++) {
        const struct tb_result *result = &session->results[column];

        for (size_t i = 0; i < result->count; i++) {
            size_t row = find_row(&grid, result->records[i].spec);

            row_of(&grid, row)[column] = &result->records[i];
            grid.selected[row] |= result->records[i].role == TB_SELECTED;
        }
    }
    tb_plan_groups(grid.cases, grid.rows, grid.groups);
    memset(grid.open, true, grid.rows);
    for (size_t row = 0; row < grid.rows; row++)
        grid.strides[row] = 1;
    return grid;
}

static void grid_finish(struct grid *grid)
{
    free(grid->cases);
    free(grid->cells);
    free(grid->groups);
    free(grid->open);
    free(grid->selected);
    free(grid->row_s);
    free(grid->strides);
}

static bool is_over(const struct grid *grid)
{
    return tb_signals_stopped() || tb_now() >= grid->ends;
}

static void report(const struct grid *grid, struct tb_step step)
{
    const struct tb_session *session = grid->session;

    step.rounds = session->results->settings->rounds;
    if (session->report)
        session->report(session->user, &step);
}

/* What the next process of the record takes, by the latest one; NaN where there was none. */
static double last_s(const struct tb_record *record)
{
    return record->count
               ? tb_repetition_value(tb_record_last(record), tb_record_field(record, "wall_ms")) /
                     1e3
               : NAN;
}

/*
 * One number for all subjects of a kind, from the first of them that can run the case. Returns what
 * a round of it takes, as far as that is known; INFINITY where the pilot had not enough time.
 */
static double pilot(const struct grid *grid, size_t row, double ends)
{
    struct tb_pilot pilots[2] = {{0}};
    double sum_s = 0;

    for (size_t column = 0; column < grid->columns; column++) {
        const struct tb_result *result = &grid->session->results[column];
        struct tb_record *record = row_of(grid, row)[column];
        struct tb_pilot *one = &pilots[result->subject->catalogue.known];

        if (!record || record->outcome != TB_OK)
            continue;
        free(record->reason); /* of a budget that left it out before */
        record->reason = NULL;
        if (!one->samples && record->samples)
            *one = (struct tb_pilot){record->samples, last_s(record)};
        else if (!one->samples && tb_now() < ends)
            *one = tb_pilot_run(result, record, ends);
        if (!one->samples && tb_now() >= ends)
            return INFINITY;
        record->samples = one->samples;
        if (record->outcome == TB_OK)
            sum_s += fmax(0, one->process_s); /* which ignores a NaN */
    }
    return sum_s;
}

/* How many subjects can run the case; 0 also where it takes two and there is one. */
static size_t subjects_of(const struct grid *grid, size_t row)
{
    size_t count = 0;
    bool first = false;

    for (size_t column = 0; column < grid->columns; column++) {
        const struct tb_record *record = row_of(grid, row)[column];

        if (!record || record->outcome != TB_OK)
            continue;
        first |= column == 0;
        count++;
    }
    return grid->session->paired && (!first || count < 2) ? 0 : count;
}

/* Keeps what was measured of the row, and measures it no more. */
static void leave_out(const struct grid *grid, size_t row, const char *reason)
{
    for (size_t column = 0; column < grid->columns; column++) {
        struct tb_record **cell = &row_of(grid, row)[column];

        if (reason && *cell && tb_is_pending(*cell)) {
            free((*cell)->reason);
            (*cell)->reason = tb_copy(reason);
        }
        *cell = NULL;
    }
    grid->open[row] = false;
}

/* Leaves out what the budget does not hold so many times, each with its reason. */
static void keep_to_budget(const struct grid *grid, unsigned fewest)
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
            leave_out(grid, row, reason);
        planned.measured += subjects_of(grid, row) > 0;
        planned.processes += subjects_of(grid, row);
    }
    if (session->planned)
        session->planned(session->user, &planned);
}

/*
 * Pilots go on while what they have planned leaves time free, and in any case for a quarter of it:
 * what was asked for first. None takes so long that its case would not fit any more.
 */
static void pilot_rows(const struct grid *grid, bool selected, double began, unsigned fewest,
                       double *sum_s)
{
    double time_s = grid->ends - began;

    for (size_t row = 0; row < grid->rows && !tb_signals_stopped(); row++) {
        double now = tb_now(), *row_s = &grid->row_s[row];
        double free_s = fmax(grid->ends - now - fewest * *sum_s, began + time_s / 4 - now);

        if (grid->selected[row] != selected)
            continue;
        report(grid,
               (struct tb_step){.done = row, .total = grid->rows, .name = grid->cases[row]->name});
        if (subjects_of(grid, row))
            *row_s = pilot(grid, row, now + free_s / (fewest + 1));
        if (!subjects_of(grid, row)) {
            leave_out(grid, row, NULL);
            *row_s = 0;
        }
        if (*row_s < time_s / fewest)
            *sum_s += *row_s;
    }
}

static void prepare(const struct grid *grid)
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

/* Runs one process and keeps what came of it; false where it was interrupted. */
static bool repeat(struct tb_result *result, struct tb_record *record, unsigned round, size_t order,
                   double ends)
{
    tb_auto(tb_trial_finish) struct tb_trial trial =
        tb_trial(result, record->spec, record->samples, ends);

    if (trial.reading.outcome == TB_OK) {
        struct tb_repetition repetition = repetition_of(result, record, &trial, round, order);

        tb_record_add(record, &repetition, &trial.series);
        if (!result->context) {
            result->context = trial.reading.context;
            trial.reading.context = NULL;
        }
    } else if (!trial.interrupted) {
        tb_record_end(record, trial.reading.outcome, trial.reading.reason);
    }
    return !trial.interrupted;
}

/* Whether it has a process of that round already: an interrupted one may be continued. */
static bool has_round(const struct tb_record *record, unsigned round)
{
    const struct tb_repetition *last = tb_record_last(record);

    return last && last->round >= round;
}

/* Whether the record can still be measured. */
static bool can_run(const struct tb_record *record)
{
    return record && record->outcome == TB_OK;
}

/* The fewest processes that a subject has finished of the row: whose turn it is goes by these, as a
 * row may skip rounds. */
static unsigned turn_of(const struct grid *grid, size_t row)
{
    size_t fewest = SIZE_MAX;

    for (size_t column = 0; column < grid->columns; column++) {
        const struct tb_record *record = row_of(grid, row)[column];

        if (can_run(record) && record->count < fewest)
            fewest = record->count;
    }
    return (unsigned)fewest;
}

/* Whether the row, which is open, runs in that round: some subject waits for it since its last. */
static bool is_due(const struct grid *grid, size_t row, unsigned round)
{
    for (size_t column = 0; column < grid->columns; column++) {
        const struct tb_record *record = row_of(grid, row)[column];
        const struct tb_repetition *last = can_run(record) ? tb_record_last(record) : NULL;

        if (can_run(record) && (!last || last->round + grid->strides[row] <= round))
            return true;
    }
    return false;
}

/* Runs a case's processes; false where signal or budget ended it, before one of them or within. */
static bool run_row(const struct grid *grid, size_t row, unsigned round, size_t place)
{
    unsigned turn = turn_of(grid, row);
    double begins = tb_now();

    if (!subjects_of(grid, row))
        leave_out(grid, row, NULL);
    for (size_t i = 0; i < grid->columns; i++) {
        size_t column = tb_plan_turn(turn, i, grid->columns);
        struct tb_record *record = row_of(grid, row)[column];

        if (!record || record->outcome != TB_OK || has_round(record, round))
            continue;
        if (is_over(grid) || !repeat(&grid->session->results[column], record, round,
                                     place * grid->columns + i, grid->ends))
            return false;
    }
    grid->row_s[row] = tb_now() - begins;
    return true;
}

/* The order depends on nothing but seed and plan. False where signal or budget ended it. */
static bool run_round(const struct grid *grid, unsigned round, const size_t *order)
{
    size_t total = grid->session->results->settings->rounds * grid->rows;

    for (size_t i = 0; i < grid->rows; i++) {
        if (is_over(grid))
            return false;
        if (!grid->open[order[i]] || !is_due(grid, order[i], round))
            continue;
        report(grid, (struct tb_step){.round = round + 1,
                                      .done = round * grid->rows + i,
                                      .total = total,
                                      .budget_s = isfinite(grid->ends) ? grid->ends - tb_now() : 0,
                                      .name = grid->cases[order[i]]->name});
        if (!run_row(grid, order[i], round, i))
            return false;
    }
    return true;
}

/* What that round will take, by what each row took the last time. */
static double round_s(const struct grid *grid, unsigned round)
{
    double sum = 0;

    for (size_t row = 0; row < grid->rows; row++)
        sum += grid->open[row] && is_due(grid, row, round) ? grid->row_s[row] : 0;
    return sum;
}

/* Whether the row has a selected case that can be run, and if it is asked one that wants more. */
static bool goes_on(const struct grid *grid, size_t row, bool asked)
{
    const struct tb_session *session = grid->session;

    for (size_t column = 0; column < grid->columns; column++) {
        const struct tb_record *record = row_of(grid, row)[column];

        if (can_run(record) && record->role == TB_SELECTED)
            return !asked || session->is_open(session->asked, record->spec->name);
    }
    return false;
}

/* Opens the groups that go on; false where none does. */
static bool open_rows(const struct grid *grid, bool asked)
{
    for (size_t row = 0; row < grid->rows; row++)
        grid->open[row] = goes_on(grid, row, asked);
    return tb_open_groups(grid->groups, grid->open, grid->rows);
}

/* After finished rounds, of which there are some. False where the run is decided. */
static bool check(struct grid *grid, unsigned finished_rounds)
{
    const struct tb_session *session = grid->session;
    double time = (tb_now() - grid->begins) / (grid->ends - grid->begins);
    double rounds = finished_rounds / (double)session->results->settings->rounds;
    double share = session->look
                       ? tb_looks_take(&grid->looks, fmin(fmax(time, rounds), 1), finished_rounds)
                       : 0;

    if (share > 0) {
        session->look(session->asked, share);
        return open_rows(grid, true);
    }
    return !session->look || finished_rounds != TB_COMPANION_ROUNDS || open_rows(grid, false);
}

/* A run that is over, or interrupted, looks once more, unless it has just done so. */
static void look_last(struct grid *grid, enum tb_stop stop)
{
    const struct tb_session *session = grid->session;
    double time = (tb_now() - grid->begins) / (grid->ends - grid->begins), share;

    if (!session->look || stop == TB_STOP_DECIDED)
        return;
    share = tb_looks_take_last(&grid->looks, stop == TB_STOP_SIGNAL ? fmin(time, 1) : 1);
    if (share > 0)
        session->look(session->asked, share);
}

/* A run that is continued asks again what went on; groups that are known to do are open. */
static bool resumes(const struct grid *grid, unsigned finished_rounds)
{
    if (!grid->session->look || finished_rounds < TB_COMPANION_ROUNDS)
        return true;
    return open_rows(grid, true);
}

static void finish_round(const struct grid *grid, unsigned finished_rounds)
{
    for (size_t i = 0; i < grid->session->count; i++)
        grid->session->results[i].finished_rounds = finished_rounds;
    if (grid->session->save)
        grid->session->save(grid->session->asked);
}

/* Whether pilots and budget have left nothing to measure. */
static bool is_empty(const struct grid *grid)
{
    for (size_t row = 0; row < grid->rows; row++) {
        if (subjects_of(grid, row))
            return false;
    }
    return true;
}

/* Another round begins only if it is expected to end within the budget. One that does not, all the
 * same, is interrupted. */
static enum tb_stop run_rounds(struct grid *grid)
{
    const struct tb_settings *settings = grid->session->results->settings;
    unsigned done = grid->session->results->finished_rounds;
    tb_autofree size_t *order = tb_alloc(grid->rows, sizeof *order);
    uint64_t state = settings->seed;

    for (unsigned round = 0; round < done; round++)
        tb_round_order(&state, grid->groups, order, grid->rows);
    if (done < settings->rounds && !resumes(grid, done))
        return TB_STOP_DECIDED;
    for (unsigned round = done; round < settings->rounds; round++) {
        tb_round_order(&state, grid->groups, order, grid->rows);
        if (grid->session->paired)
            tb_plan_strides(grid->groups, grid->row_s, grid->open, grid->rows, grid->strides);
        if (round > done && tb_now() + round_s(grid, round) > grid->ends)
            return TB_STOP_BUDGET;
        if (!run_round(grid, round, order))
            return tb_signals_stopped() ? TB_STOP_SIGNAL : TB_STOP_BUDGET;
        finish_round(grid, round + 1);
        if (!check(grid, round + 1))
            return TB_STOP_DECIDED;
    }
    return TB_STOP_ROUNDS;
}

void tb_session_run(const struct tb_session *session)
{
    tb_auto(grid_finish) struct grid grid = grid_of(session);
    enum tb_stop stop;

    prepare(&grid);
    if (is_empty(&grid) && !tb_signals_stopped())
        stop = tb_result_tally(session->results, session->count).pending ? TB_STOP_BUDGET
                                                                         : TB_STOP_DECIDED;
    else
        stop = run_rounds(&grid);
    look_last(&grid, stop);
    for (size_t i = 0; i < session->count; i++) {
        session->results[i].stop = stop;
        session->results[i].signal = tb_signals_stopped();
    }
}
