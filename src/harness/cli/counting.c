#include "cli/counting.h"

#include <string.h>

#include "cli/exit_code.h"
#include "run/count.h"
#include "util/json.h"

int tb_counting_prepare(struct tb_measurement *run, enum tb_metric metric, struct tb_error *error)
{
    for (size_t i = TB_TIME + 1; i < TB_METRICS; i++) {
        if (metric && i != (size_t)metric)
            continue;
        run->counters[i] = tb_counter_find((enum tb_metric)i, &run->lacks[i]);
        if (run->counters[i])
            continue;
        if (metric)
            return tb_lasting(run->options,
                              tb_failure(error, "--metric %s: nothing counts them here: %s",
                                         tb_metric_names[i], run->lacks[i]));
        tb_notice("no %s are counted: %s", tb_metric_names[i], run->lacks[i]);
    }
    return 0;
}

/* Of each case that would have been counted. */
static void note_lacks(struct tb_measurement *run, enum tb_metric metric)
{
    for (size_t i = 0; i < run->count; i++) {
        for (size_t k = 0; k < run->results[i].count; k++) {
            struct tb_record *record = &run->results[i].records[k];

            if (tb_count_wants(record))
                tb_count_refuse(record, metric, run->lacks[metric]);
        }
    }
}

bool tb_counting_is_left(const struct tb_measurement *run)
{
    return run->settings.count_rounds &&
           tb_json_flag(run->arms->document.context, "threadbench.interrupted");
}

void tb_counting_run(struct tb_measurement *run)
{
    struct tb_counting counting = {.results = run->results,
                                   .count = run->count,
                                   .rounds = run->settings.count_rounds,
                                   .progress = &run->progress};

    if (!run->settings.count_rounds)
        return;
    memcpy(counting.counters, run->counters, sizeof counting.counters);
    run->progress = tb_progress(run->options->quiet || run->unseen);
    tb_count_run(&counting);
    for (size_t i = 0; i < TB_METRICS; i++) {
        if (run->lacks[i])
            note_lacks(run, (enum tb_metric)i);
    }
}
