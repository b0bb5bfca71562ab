#include "run/pilot.h"

#include <math.h>
#include <stdlib.h>

#include "run/plan.h"
#include "run/trial.h"
#include "util/json.h"
#include "util/strings.h"

static const char takes_iterations[] = "takes_iterations"; /* what is seen of a subject */

/* An aggregate counts repetitions in their place. */
static double iterations_of(const cJSON *entry)
{
    bool counts = !tb_same(tb_json_text(entry, "run_type"), "aggregate");

    return counts ? tb_json_number(entry, "iterations", 0) : 0;
}

/* What an unrecorded process was like. */
struct lesson {
    double operation_ns, iterations;
    double wall_s;
    double start_s; /* of that, what was not measuring */
};

/* False where it was skipped, failed or interrupted. */
static bool learn(const struct tb_result *result, struct tb_record *record, uint64_t samples,
                  double ends, struct lesson *ret_lesson)
{
    tb_auto(tb_trial_finish) struct tb_trial trial = tb_trial(result, record->spec, samples, ends);

    if (trial.reading.outcome == TB_OK) {
        *ret_lesson = (struct lesson){
            .operation_ns = tb_trial_operation_ns(&trial),
            .iterations = iterations_of(trial.reading.entry),
            .wall_s = trial.wall_s,
            .start_s = fmax(0, trial.wall_s - trial.series.wall_ns / 1e9),
        };
        return true;
    }
    if (!trial.interrupted)
        tb_record_end(record, trial.reading.outcome, trial.reading.reason);
    return false;
}

/* Samples for a subject that takes their number from us. */
static struct tb_pilot find_samples(const struct tb_result *result, struct tb_record *record,
                                    double ends)
{
    const struct tb_settings *settings = result->settings;
    const struct tb_case *item = record->spec;
    uint64_t most = item->max_samples, second;
    struct lesson lesson;
    struct tb_pilot pilot;

    if (settings->samples)
        return (struct tb_pilot){true, most && settings->samples > most ? most : settings->samples,
                                 NAN};
    if (!learn(result, record, tb_plan_pilot(item, NAN), ends, &lesson))
        return (struct tb_pilot){0};
    second = tb_plan_pilot(item, lesson.operation_ns);
    if (second && !learn(result, record, second, ends, &lesson))
        return (struct tb_pilot){0};
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
    struct lesson lesson = {0};

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
static struct tb_pilot find_iterations(const struct tb_result *result, struct tb_record *record,
                                       double ends)
{
    uint64_t asked = result->settings->samples;
    struct lesson lesson = {.iterations = (double)asked, .wall_s = NAN};

    if (!asked && !learn(result, record, 0, ends, &lesson))
        return (struct tb_pilot){0};
    if (lesson.iterations >= 1 && lesson.iterations < 0x1p53 &&
        takes(result, record, (uint64_t)lesson.iterations, ends))
        return (struct tb_pilot){true, (uint64_t)lesson.iterations, lesson.wall_s};
    return (struct tb_pilot){true, 0, lesson.wall_s};
}

struct tb_pilot tb_pilot_run(const struct tb_result *result, struct tb_record *record, double ends)
{
    return result->subject->catalogue.known ? find_samples(result, record, ends)
                                            : find_iterations(result, record, ends);
}

bool tb_pilot_takes_iterations(const struct tb_subject *subject)
{
    return subject->catalogue.known ||
           !cJSON_IsFalse(tb_json_find(subject->seen, takes_iterations));
}
