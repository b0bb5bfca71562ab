#include "run/pilot.h"

#include <math.h>
#include <stdlib.h>

#include "run/plan.h"
#include "run/trial.h"
#include "util/json.h"
#include "util/strings.h"

/* An aggregate counts repetitions in their place. */
static double iterations_of(const cJSON *entry)
{
    bool counts = !tb_same(tb_json_text(entry, "run_type"), "aggregate");

    return counts ? tb_json_number(entry, "iterations", 0) : 0;
}

/* Learns from an unrecorded process; false where it was skipped, failed or interrupted. */
static bool learn(const struct tb_result *result, struct tb_record *record, uint64_t samples,
                  double ends, double *ret_ns, double *ret_iterations)
{
    tb_auto(tb_trial_finish) struct tb_trial trial = tb_trial(result, record->spec, samples, ends);

    if (trial.reading.outcome == TB_OK) {
        *ret_ns = tb_trial_operation_ns(&trial);
        *ret_iterations = iterations_of(trial.reading.entry);
        return true;
    }
    if (!trial.interrupted)
        tb_record_end(record, trial.reading.outcome, trial.reading.reason);
    return false;
}

/* Samples for a subject that takes their number from us; 0 where the case cannot be run. */
static uint64_t find_samples(const struct tb_result *result, struct tb_record *record, double ends)
{
    const struct tb_settings *settings = result->settings;
    const struct tb_case *item = record->spec;
    uint64_t most = item->max_samples, second;
    double ns = NAN, iterations;

    if (settings->samples)
        return most && settings->samples > most ? most : settings->samples;
    if (!learn(result, record, tb_plan_pilot(item, NAN), ends, &ns, &iterations))
        return 0;
    second = tb_plan_pilot(item, ns);
    if (second && !learn(result, record, second, ends, &ns, &iterations))
        return 0;
    return tb_plan_samples(item, settings->time_s * 1e9, ns);
}

/* Whether the subject does that number of iterations: a Google Benchmark before 1.8 does not. */
static bool takes(const struct tb_result *result, const struct tb_record *record,
                  uint64_t iterations, double ends)
{
    struct tb_record probe = {.spec = record->spec};
    double ns, taken = 0;

    (void)learn(result, &probe, iterations, ends, &ns, &taken); /* may well refuse the number */
    free(probe.reason);
    return taken == (double)iterations;
}

/*
 * Iterations for any other subject: as many as samples were asked for, else what its library
 * chooses once. 0 where that is left to it each time, and to the time that is decided.
 */
static uint64_t find_iterations(const struct tb_result *result, struct tb_record *record,
                                double ends)
{
    uint64_t asked = result->settings->samples;
    double ns, chosen = (double)asked;

    if (!asked && !learn(result, record, 0, ends, &ns, &chosen))
        return 0;
    if (chosen >= 1 && chosen < 0x1p53 && takes(result, record, (uint64_t)chosen, ends))
        return (uint64_t)chosen;
    return 0;
}

uint64_t tb_pilot_samples(const struct tb_result *result, struct tb_record *record, double ends)
{
    return result->subject->catalogue.known ? find_samples(result, record, ends)
                                            : find_iterations(result, record, ends);
}
