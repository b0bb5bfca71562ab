#include "run/session.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "run/pilot.h"
#include "run/plan.h"
#include "run/procstat.h"
#include "run/trial.h"
#include "run/worker.h"
#include "stats/shuffle.h"
#include "util/memory.h"

/* Enough for the cost card and for what measuring adds, where rounds go on for precision's sake. */
enum { companion_rounds = 3 };

/* All records, a row for each case and a column for each subject. */
struct grid {
    const struct tb_session *session;
    size_t rows, columns;
    const struct tb_case **cases; /* of each row, as the first subject that has it says */
    struct tb_record **cells;     /* NULL where the subject does not have the case */
    size_t *groups;               /* of each row: rows of one group run undivided */
    bool *decided;                /* of each group: no further rounds are wanted */
    double ends;                  /* the budget, on tb_now()'s clock; INFINITY: there is none */
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
                        .ends = budget_s ? tb_now() + budget_s : INFINITY};
    size_t most = 0;

    for (size_t column = 0; column < session->count; column++)
        most += session->results[column].count;
    grid.cases = tb_alloc(most, sizeof *grid.cases);
    grid.cells = tb_alloc(most * grid.columns, sizeof *grid.cells);
    grid.groups = tb_alloc(most, sizeof *grid.groups);
    grid.decided = tb_alloc(most, sizeof *grid.decided);
    for (size_t column = 0; column < session->count; column++) {
        const struct tb_result *result = &session->results[column];

        for (size_t i = 0; i < result->count; i++)
            row_of(&grid, find_row(&grid, result->records[i].spec))[column] = &result->records[i];
    }
    tb_plan_groups(grid.cases, grid.rows, grid.groups);
    return grid;
}

static void grid_finish(struct grid *grid)
{
    free(grid->cases);
    free(grid->cells);
    free(grid->groups);
    free(grid->decided);
}

static bool is_over(const struct grid *grid)
{
    return tb_worker_stopped() || tb_now() >= grid->ends;
}

static void tell(const struct grid *grid, struct tb_step step)
{
    const struct tb_session *session = grid->session;

    step.rounds = session->results->settings->rounds;
    if (session->tell)
        session->tell(session->user, &step);
}

/* One number for all subjects of a kind, from the first of them that can run the case. */
static void pilot(const struct grid *grid, size_t row)
{
    uint64_t samples[2] = {0};

    for (size_t column = 0; column < grid->columns && !is_over(grid); column++) {
        const struct tb_result *result = &grid->session->results[column];
        struct tb_record *record = row_of(grid, row)[column];
        bool known = result->subject->catalogue.known;

        if (!record || record->outcome != TB_OK)
            continue;
        if (!samples[known])
            samples[known] = record->samples ? record->samples
                                             : tb_pilot_samples(result, record, grid->ends);
        record->samples = samples[known];
    }
}

static void prepare(const struct grid *grid)
{
    for (size_t row = 0; row < grid->rows && !is_over(grid); row++) {
        tell(grid,
             (struct tb_step){.done = row, .total = grid->rows, .name = grid->cases[row]->name});
        pilot(grid, row);
    }
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

/* False where the process was interrupted. */
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

/* An interrupted round that is continued has some of its processes already. */
static bool has_round(const struct tb_record *record, unsigned round)
{
    const struct tb_repetition *last = tb_record_last(record);

    return last && last->round >= round;
}

/* False where it was broken off: before a process, or within one. */
static bool run_row(const struct grid *grid, size_t row, unsigned round, size_t place)
{
    for (size_t i = 0; i < grid->columns; i++) {
        size_t column = tb_plan_turn(round, i, grid->columns);
        struct tb_record *record = row_of(grid, row)[column];

        if (!record || record->outcome != TB_OK || has_round(record, round))
            continue;
        if (is_over(grid) || !repeat(&grid->session->results[column], record, round,
                                     place * grid->columns + i, grid->ends))
            return false;
    }
    return true;
}

/* The order depends on nothing but seed and plan. False where it was broken off. */
static bool run_round(const struct grid *grid, unsigned round, const size_t *order)
{
    size_t total = grid->session->results->settings->rounds * grid->rows;

    for (size_t i = 0; i < grid->rows; i++) {
        if (is_over(grid))
            return false;
        if (grid->decided[grid->groups[order[i]]])
            continue;
        tell(grid, (struct tb_step){.round = round + 1,
                                    .done = round * grid->rows + i,
                                    .total = total,
                                    .budget_s = isfinite(grid->ends) ? grid->ends - tb_now() : 0,
                                    .name = grid->cases[order[i]]->name});
        if (!run_row(grid, order[i], round, i))
            return false;
    }
    return true;
}

/* Whether the row has a selected case that can be run and, but for early on, wants more rounds. */
static bool is_open(const struct grid *grid, size_t row, bool early)
{
    for (size_t column = 0; column < grid->columns; column++) {
        const struct tb_record *record = row_of(grid, row)[column];

        if (record && record->role == TB_SELECTED && record->outcome == TB_OK)
            return early || grid->session->is_open(grid->session->asked, record->spec->name);
    }
    return false;
}

/* A group goes on as a whole or not at all: its ratios are those of neighbours. */
static bool look(const struct grid *grid, bool early)
{
    bool going = false;

    if (!early && grid->session->begin)
        grid->session->begin(grid->session->asked);
    for (size_t row = 0; row < grid->rows; row++)
        grid->decided[row] = true;
    for (size_t row = 0; row < grid->rows; row++) {
        if (is_open(grid, row, early)) {
            grid->decided[grid->groups[row]] = false;
            going = true;
        }
    }
    return going;
}

/* What the next round will take, by what each process took the last time. */
static double round_s(const struct grid *grid)
{
    double sum = 0;

    for (size_t i = 0; i < grid->rows * grid->columns; i++) {
        const struct tb_record *record = grid->cells[i];

        if (record && record->count && record->outcome == TB_OK &&
            !grid->decided[grid->groups[i / grid->columns]])
            sum += tb_repetition_value(tb_record_last(record), tb_record_field(record, "wall_ms")) /
                   1e3;
    }
    return sum;
}

/* What follows from the rounds that are done; `next` is the round count of the next look. */
static enum tb_stop judge(const struct grid *grid, unsigned done, unsigned next)
{
    for (size_t i = 0; i < grid->session->count; i++)
        grid->session->results[i].finished_rounds = done;
    /* What only accompanies the selected cases needs no precision of its own. */
    if (grid->session->is_open && done == companion_rounds)
        (void)look(grid, true);
    return grid->session->is_open && done == next && !look(grid, false) ? TB_STOP_DECIDED
                                                                        : TB_STOP_ROUNDS;
}

/* Whether the row was measured in that round or a later one. */
static bool reaches(const struct grid *grid, size_t row, unsigned round)
{
    for (size_t column = 0; column < grid->columns; column++) {
        const struct tb_record *record = row_of(grid, row)[column];

        if (record && record->outcome == TB_OK && has_round(record, round))
            return true;
    }
    return false;
}

/* What was decided when the rounds that are done were: what the last of them left out, or at a look
 * what that says. What is there of the next round was not decided. */
static enum tb_stop restore(const struct grid *grid, unsigned done, unsigned next)
{
    bool looked = done == next || done == companion_rounds, going = false;

    if (!grid->session->is_open)
        return TB_STOP_ROUNDS;
    for (size_t row = 0; row < grid->rows; row++)
        grid->decided[row] = true;
    if (looked)
        (void)look(grid, done != next);
    for (size_t row = 0; row < grid->rows; row++) {
        if (reaches(grid, row, looked ? done : done - 1))
            grid->decided[grid->groups[row]] = false;
    }
    for (size_t row = 0; row < grid->rows; row++)
        going |= !grid->decided[grid->groups[row]];
    return going ? TB_STOP_ROUNDS : TB_STOP_DECIDED;
}

/* A round begins only if it will be over in time; one that is not, all the same, is broken off. */
static enum tb_stop run_rounds(const struct grid *grid)
{
    const struct tb_settings *settings = grid->session->results->settings;
    const struct tb_looks looks = {settings->first_look, settings->rounds};
    unsigned done = grid->session->results->finished_rounds, next = 0;
    tb_autofree size_t *order = tb_alloc(grid->rows, sizeof *order);
    enum tb_stop stop = TB_STOP_ROUNDS;
    uint64_t state = settings->seed;

    for (unsigned round = 0; round < settings->rounds && stop == TB_STOP_ROUNDS; round++) {
        tb_round_order(&state, grid->groups, order, grid->rows);
        if (round && round == done)
            stop = restore(grid, done, next);
        if (round == next)
            next = tb_plan_look(&looks, round);
        if (round < done || stop != TB_STOP_ROUNDS)
            continue;
        if (round > done && tb_now() + round_s(grid) > grid->ends)
            stop = TB_STOP_BUDGET;
        else if (run_round(grid, round, order))
            stop = judge(grid, round + 1, next);
        else
            stop = tb_worker_stopped() ? TB_STOP_SIGNAL : TB_STOP_BUDGET;
    }
    return stop;
}

void tb_session_run(const struct tb_session *session)
{
    tb_auto(grid_finish) struct grid grid = grid_of(session);
    enum tb_stop stop;

    prepare(&grid);
    stop = run_rounds(&grid);
    for (size_t i = 0; i < session->count; i++) {
        session->results[i].stop = stop;
        session->results[i].signal = tb_worker_stopped();
    }
}
