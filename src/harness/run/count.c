#include "run/count.h"

#include <math.h>

#include "document/summary.h"
#include "run/signals.h"
#include "run/trial.h"
#include "stats/repeat.h"
#include "util/memory.h"

enum { most_samples = 1000, most_iterations = 1000000 };
static const double most_ns = 1e9;

uint64_t tb_count_samples(const struct tb_case *item, bool known, double sample_ns)
{
    uint64_t most = known ? most_samples : most_iterations, samples = 1;

    while (samples < most && (double)samples * 10 * sample_ns <= most_ns)
        samples *= 10;
    if (item->max_samples && 2 * samples > item->max_samples)
        samples = item->max_samples / 2;
    return samples;
}

/* Of the latest process, its start included; 0: not known. */
static double sample_ns(const struct tb_record *record)
{
    const struct tb_repetition *last = tb_record_last(record);
    double wall_ms = last ? tb_repetition_value(last, tb_record_field(record, "wall_ms")) : NAN;

    return record->samples && wall_ms > 0 ? wall_ms * 1e6 / (double)record->samples : 0;
}

bool tb_count_wants(const struct tb_record *record)
{
    return record && record->role == TB_SELECTED && record->outcome == TB_OK && record->count;
}

/* One case of one subject. */
struct counted {
    const struct tb_result *result;
    struct tb_record *record;
    const struct tb_counter *counter;
    uint64_t samples; /* N */
};

/* What a process of so many samples takes; false where it has none, for which there is a reason
 * then, or which was interrupted. */
static bool count_process(const struct counted *counted, uint64_t samples, double *ret_count)
{
    tb_auto(tb_trial_finish) struct tb_trial trial = tb_trial_count(
        counted->result, counted->record->spec, samples, counted->counter, ret_count);
    tb_autofree char *reason = NULL;

    if (trial.reading.outcome == TB_OK)
        return true;
    if (trial.interrupted)
        return false;
    reason = tb_print("under %s: %s", counted->counter->name, trial.reading.reason);
    tb_count_refuse(counted->record, counted->counter->metric, reason);
    return false;
}

/* Notes the difference of the two processes, where that can be one. */
static void note(const struct counted *counted, double operations, double less, double more)
{
    enum tb_metric metric = counted->counter->metric;
    double value = (more - less) / operations;
    tb_autofree char *reason = NULL;

    if (value > -TB_COUNT_GRAIN) {
        tb_count_add(counted->record, metric, counted->counter->name, operations, value);
        return;
    }
    reason = tb_print("under %s twice as many samples took fewer: they vary too much",
                      counted->counter->name);
    tb_count_refuse(counted->record, metric, reason);
}

/* A case that has a reason why not is not tried again. */
static void count_case(const struct counted *counted)
{
    tb_auto(tb_count_finish) struct tb_count before =
        tb_count_of(counted->record, counted->counter->metric);
    uint64_t block = counted->record->spec->block ? counted->record->spec->block : 1;
    double operations = (double)counted->samples * (double)block, less, more;

    if (before.reason)
        return;
    if (!counted->result->subject->catalogue.known && !counted->record->samples)
        tb_count_refuse(counted->record, counted->counter->metric,
                        "its Google Benchmark takes no number of iterations: 1.8 and later do");
    else if (!counted->samples)
        tb_count_refuse(counted->record, counted->counter->metric,
                        "a process holds one operation, and it takes two to subtract its start");
    else if (count_process(counted, counted->samples, &less) &&
             count_process(counted, 2 * counted->samples, &more))
        note(counted, operations, less, more);
}

/* The N of a case is the same for all subjects: what an operation takes may depend on it. */
static uint64_t samples_of(const struct tb_counting *counting, const char *name)
{
    uint64_t fewest = UINT64_MAX;

    for (size_t i = 0; i < counting->count; i++) {
        const struct tb_result *result = &counting->results[i];
        const struct tb_record *record = tb_result_find(result, name);
        bool known = result->subject->catalogue.known;
        uint64_t samples = tb_count_wants(record)
                               ? tb_count_samples(record->spec, known, sample_ns(record))
                               : UINT64_MAX;

        fewest = samples < fewest ? samples : fewest;
    }
    return fewest;
}

static void count_everywhere(const struct tb_counting *counting, const char *name, unsigned round)
{
    uint64_t samples = samples_of(counting, name);

    for (size_t i = 0; i < counting->count; i++) {
        size_t place = tb_plan_turn(round, i, counting->count);
        struct tb_record *record = tb_result_find(&counting->results[place], name);

        if (!tb_count_wants(record))
            continue;
        for (size_t metric = 0; metric < TB_METRICS && !tb_signals_stopped(); metric++) {
            if (counting->counters[metric])
                count_case(&(struct counted){&counting->results[place], record,
                                             counting->counters[metric], samples});
        }
    }
}

/* All that is counted, each name once, by the first result that has it. */
static struct tb_names names_of(const struct tb_counting *counting)
{
    struct tb_names names = {0};

    for (size_t i = 0; i < counting->count; i++) {
        for (size_t k = 0; k < counting->results[i].count; k++) {
            struct tb_record *record = &counting->results[i].records[k];

            cJSON_Delete(record->counts);
            record->counts = NULL;
            if (tb_count_wants(record))
                (void)tb_names_add(&names, record->spec->name); /* which may be there */
        }
    }
    return names;
}

void tb_count_run(const struct tb_counting *counting)
{
    tb_auto(tb_names_finish) struct tb_names names = names_of(counting);

    for (unsigned round = 0; round < counting->rounds; round++) {
        for (size_t i = 0; i < names.count && !tb_signals_stopped(); i++) {
            tb_progress_report(counting->progress,
                               &(struct tb_step){.stage = TB_COUNTS,
                                                 .round = round + 1,
                                                 .rounds = counting->rounds,
                                                 .done = round * names.count + i,
                                                 .total = counting->rounds * names.count,
                                                 .name = names.names[i]});
            count_everywhere(counting, names.names[i], round);
        }
    }
    for (size_t i = 0; i < counting->count; i++)
        counting->results[i].signal = tb_signals_stopped();
}
