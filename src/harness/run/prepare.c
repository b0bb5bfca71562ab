#include "run/grid.h"

#include <math.h>
#include <stdlib.h>

#include "run/procstat.h"
#include "run/signals.h"
#include "run/trial.h"
#include "util/json.h"
#include "util/memory.h"
#include "util/strings.h"

static const char takes_iterations[] = "takes_iterations"; /* what is seen of a subject */

/* How much one process of a case measures, learnt from processes that are not recorded. */
struct pilot {
    bool known; /* it came to its end */
    /* Samples for a subject that takes their number from us, or iterations for any other; 0: left
     * to the subject each time. */
    uint64_t samples;
    double process_s; /* what one process of so many takes, NaN: not known; or what one took that
                         did not come to its end */
};

/* What an unrecorded process was like. */
struct lesson {
    double operation_ns, iterations;
    double wall_s;
    double start_s; /* of that, what was not measuring */
};

/* What one operation took, set-up included; NaN where that is not known. */
static double operation_ns(const struct tb_trial *trial)
{
    double wall = trial->series.wall_ns / (double)trial->series.samples;

    return isfinite(wall) && wall > 0 ? wall
                                      : tb_json_number(trial->reading.entry, "real_time", NAN);
}

/* An aggregate counts repetitions in their place. */
static double iterations_of(const cJSON *entry)
{
    bool counts = !tb_same(tb_json_text(entry, "run_type"), "aggregate");

    return counts ? tb_json_number(entry, "iterations", 0) : 0;
}

/* False where it was skipped, failed or interrupted: then all but its time is 0. */
static bool learn(const struct tb_result *result, struct tb_record *record, uint64_t samples,
                  double ends, struct lesson *ret_lesson)
{
    tb_auto(tb_trial_finish) struct tb_trial trial = tb_trial(result, record->spec, samples, ends);
    bool good = trial.reading.outcome == TB_OK;

    *ret_lesson = (struct lesson){.wall_s = trial.wall_s};
    if (good) {
        ret_lesson->operation_ns = operation_ns(&trial);
        ret_lesson->iterations = iterations_of(trial.reading.entry);
        ret_lesson->start_s = fmax(0, trial.wall_s - trial.series.wall_ns / 1e9);
    } else if (!trial.interrupted) {
        tb_record_end(record, trial.reading.outcome, trial.reading.reason);
    }
    return good;
}

/* Samples for a subject that takes their number from us. */
static struct pilot find_samples(const struct tb_result *result, struct tb_record *record,
                                 double ends)
{
    const struct tb_settings *settings = result->settings;
    const struct tb_case *item = record->spec;
    uint64_t most = item->max_samples, second;
    struct lesson lesson;
    struct pilot pilot;

    if (settings->samples)
        return (struct pilot){true, most && settings->samples > most ? most : settings->samples,
                              NAN};
    if (!learn(result, record, tb_plan_pilot(item, NAN), ends, &lesson))
        return (struct pilot){.process_s = lesson.wall_s};
    second = tb_plan_pilot(item, lesson.operation_ns);
    if (second && !learn(result, record, second, ends, &lesson))
        return (struct pilot){.process_s = lesson.wall_s};
    pilot.known = true;
    pilot.samples = tb_plan_samples(item, settings->time_s * 1e9, lesson.operation_ns);
    pilot.process_s = lesson.start_s + (double)pilot.samples * lesson.operation_ns / 1e9;
    return pilot;
}

/* Whether the subject does that number of iterations: a Google Benchmark before 1.8 does not. Asked
 * once, of a case whose number can tell: an ignored flag may cost half a second each time. */
static bool takes(const struct tb_result *result, const struct tb_record *record,
                  uint64_t iterations, double ends)
{
    struct tb_record probe = {.spec = record->spec};
    const cJSON *known = tb_json_find(result->subject->seen, takes_iterations);
    struct lesson lesson;

    if (known)
        return cJSON_IsTrue(known);
    (void)learn(result, &probe, iterations, ends, &lesson); /* may well refuse the number */
    if (iterations > 1 && (lesson.iterations > 0 || probe.outcome != TB_OK))
        tb_json_set_flag(result->subject->seen, takes_iterations,
                         lesson.iterations == (double)iterations);
    free(probe.reason);
    return lesson.iterations == (double)iterations;
}

/*
 * Iterations for any other subject: as many as samples were asked for, else what its library
 * chooses once. 0 where that is left to it each time, and to the time that is decided.
 */
static struct pilot find_iterations(const struct tb_result *result, struct tb_record *record,
                                    double ends)
{
    uint64_t asked = result->settings->samples;
    struct lesson lesson = {.iterations = (double)asked, .wall_s = NAN};

    if (!asked && !learn(result, record, 0, ends, &lesson))
        return (struct pilot){.process_s = lesson.wall_s};
    if (lesson.iterations >= 1 && lesson.iterations < 0x1p53 &&
        takes(result, record, (uint64_t)lesson.iterations, ends))
        return (struct pilot){true, (uint64_t)lesson.iterations, lesson.wall_s};
    return (struct pilot){true, 0, lesson.wall_s};
}

/* Foreign subjects are timed alike: one whose library takes no number of iterations, as far as was
 * seen, leaves all to their own. */
static bool leaves_iterations(const struct tb_session *session)
{
    for (size_t i = 0; i < session->count; i++) {
        const struct tb_subject *subject = session->results[i].subject;

        if (!subject->catalogue.known &&
            cJSON_IsFalse(tb_json_find(subject->seen, takes_iterations)))
            return true;
    }
    return false;
}

/* What the next process of the record takes, by the latest one; NaN where there was none. */
static double last_s(const struct tb_record *record)
{
    const struct tb_repetition *last = tb_record_last(record);

    return last ? tb_repetition_value(last, tb_record_field(record, "wall_ms")) / 1e3 : NAN;
}

/* Runs processes of the case until `ends`, and not after, unless a run that is continued knows what
 * they told. Where the case cannot be run its record says so then. */
static struct pilot run_pilot(const struct tb_result *result, struct tb_record *record, double ends)
{
    if (record->samples)
        return (struct pilot){true, record->samples, last_s(record)};
    if (tb_now() >= ends)
        return (struct pilot){0};
    return result->subject->catalogue.known ? find_samples(result, record, ends)
                                            : find_iterations(result, record, ends);
}

/*
 * One number for all subjects of a kind, from the first of them that can run the case. Fills in
 * what a round takes, as far as that is known.
 */
static void pilot(const struct tb_grid *grid, struct tb_row *row, double ends)
{
    const struct tb_session *session = grid->session;
    struct pilot pilots[2] = {{0}};

    for (size_t column = 0; column < session->count; column++) {
        const struct tb_result *result = &session->results[column];
        struct tb_record *record = row->records[column];
        bool known = result->subject->catalogue.known;
        struct pilot *one = &pilots[known];

        if (!tb_record_can_run(record))
            continue;
        free(record->reason); /* of a budget that left it out before */
        record->reason = NULL;
        if (!one->known)
            *one = run_pilot(result, record, ends);
        if (!one->known && record->outcome == TB_OK) {
            row->least_s = one->process_s * (double)tb_grid_subjects(grid, row);
            row->round_s = INFINITY;
            return;
        }
        record->samples = known || !leaves_iterations(session) ? one->samples : 0;
        if (record->outcome == TB_OK)
            row->round_s += fmax(0, one->process_s); /* which ignores a NaN */
    }
}

/* Why a row is left out, and what would help; the caller's. */
static char *reason_for(const struct tb_grid *grid, const struct tb_row *row)
{
    double budget_s = grid->session->results->settings->budget_s;
    double round_s = isfinite(row->round_s) ? row->round_s : row->least_s;
    bool alone = grid->fewest * round_s > budget_s;
    tb_autofree char *cost = tb_plan_cost(row, grid->fewest);

    return tb_print("%g s do not hold it%s (%s): give a larger --budget%s", budget_s,
                    alone ? "" : " beside the others", cost, alone ? "" : ", or fewer cases");
}

/* Whether the budget holds so many more rounds of all that is measured. */
static bool fits(const struct tb_grid *grid, unsigned rounds)
{
    double sum_s = 0;

    for (size_t i = 0; i < grid->count; i++)
        sum_s += grid->rows[i].open ? grid->rows[i].round_s : 0;
    return sum_s * rounds <= grid->ends - tb_now();
}

/* Leaves out what the budget does not hold so many more times, each with its reason; false where
 * nothing is left. */
static bool keep_to_budget(const struct tb_grid *grid, unsigned rounds)
{
    const struct tb_session *session = grid->session;
    struct tb_planned planned = {
        .settings = session->results->settings,
        .rows = grid->rows,
        .count = grid->count,
        .fewest_rounds = grid->fewest,
        .again = rounds < grid->fewest,
        .round_s = tb_plan_fit(grid->rows, grid->count, (grid->ends - tb_now()) / rounds),
    };

    for (struct tb_row *row = grid->rows; row < grid->rows + grid->count; row++) {
        tb_autofree char *reason = reason_for(grid, row);

        if (!row->fits)
            tb_grid_leave_out(grid, row, reason);
        planned.measured += tb_grid_subjects(grid, row) > 0;
        planned.processes += tb_grid_subjects(grid, row);
    }
    tb_progress_plan(session->progress, &planned);
    return planned.measured > 0;
}

/*
 * Pilots go on while what they have planned leaves time free, and in any case for a quarter of it:
 * what was asked for first. None takes so long that its case would not fit any more.
 */
static void pilot_rows(const struct tb_grid *grid, bool selected, double began, double *sum_s)
{
    double time_s = grid->ends - began;
    unsigned fewest = grid->fewest;

    for (size_t i = 0; i < grid->count && !tb_signals_stopped(); i++) {
        struct tb_row *row = &grid->rows[i];
        double now = tb_now();
        double free_s = fmax(grid->ends - now - fewest * *sum_s, began + time_s / 4 - now);

        if (row->selected != selected)
            continue;
        tb_progress_report(
            grid->session->progress,
            &(struct tb_step){.done = i, .total = grid->count, .name = row->spec->name});
        if (tb_grid_subjects(grid, row))
            pilot(grid, row, now + free_s / (fewest + 1));
        if (row->least_s * fewest < time_s / 2)
            row->least_s = 0; /* it says nothing */
        if (!tb_grid_subjects(grid, row)) {
            tb_grid_leave_out(grid, row, NULL);
            row->round_s = 0;
        }
        if (row->round_s < time_s / fewest)
            *sum_s += row->round_s;
    }
}

void tb_grid_prepare(struct tb_grid *grid)
{
    const struct tb_session *session = grid->session;
    unsigned left = session->results->settings->rounds - session->results->finished_rounds;
    unsigned wanted = session->paired ? tb_looks_fewest(session->alpha) : 1;
    double began = tb_now(), sum_s = 0;

    grid->fewest = wanted < left ? wanted : left;
    pilot_rows(grid, true, began, &sum_s);
    pilot_rows(grid, false, began, &sum_s);
    if ((isfinite(grid->ends) || session->announces) && !tb_signals_stopped())
        (void)keep_to_budget(grid, grid->fewest); /* the caller looks itself */
    /* Else those that do would miss some of the fewest. */
    grid->strides = session->paired && fits(grid, 2 * grid->fewest);
}

bool tb_grid_plan_again(const struct tb_grid *grid, unsigned rounds)
{
    for (size_t i = 0; i < grid->count; i++) {
        struct tb_row *row = &grid->rows[i];

        if (row->open && row->turns)
            row->round_s = row->spent_s / row->turns;
    }
    return rounds >= grid->fewest || fits(grid, grid->fewest - rounds) ||
           keep_to_budget(grid, grid->fewest - rounds);
}
