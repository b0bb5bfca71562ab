#include "cli/command.h"

#include "cli/counting.h"
#include "cli/measure.h"
#include "cli/trace.h"
#include "document/summary.h"
#include "report/session_page.h"
#include "util/strings.h"

enum { count_rounds = 2 }; /* two tell whether counts repeat */

/* Whether of several interpreters one is left: what is not measured of the subjects is one of them.
 */
static bool is_left_alone(const struct tb_measurement *run)
{
    size_t asked = run->options->pythons, skipped = run->room - run->count;

    return asked > 1 && asked == skipped + 1;
}

/* What the results come to: a failed case counts only where nothing worse happened. */
static int judge(const struct tb_measurement *run, struct tb_error *error)
{
    struct tb_tally tally = tb_result_tally(run->results, run->count);
    bool precise = true;

    for (size_t i = 0; i < run->count; i++)
        precise &= tb_result_is_precise(&run->results[i]);
    if (tally.pending && !tally.measured)
        return tb_failure(error, "nothing was measured: give it more time, or go on by --continue");
    if (is_left_alone(run))
        return tb_failure(error,
                          "only one of %zu interpreters could be measured: nothing is set "
                          "beside it",
                          run->options->pythons);
    if (tally.failed)
        return TB_FAILURE;
    return !precise && run->options->strict ? TB_EXIT_INCONCLUSIVE : 0;
}

/* What was measured, and what was drawn; the first error is the one to tell at the end. */
static int keep(struct tb_measurement *run, struct tb_error *error)
{
    struct tb_error another;
    int code = tb_measurement_keep(run, error);
    int drawn = tb_trace_put(run, code ? &another : error);

    if (code && drawn)
        tb_notice("%s", another.text);
    return code ? code : drawn;
}

int tb_command_run(struct tb_options *options, struct tb_error *error)
{
    tb_auto(tb_measurement_finish) struct tb_measurement run = {
        .options = options, .count_rounds = options->counts ? count_rounds : 0};
    int code;

    if (options->trust && !options->resume)
        return tb_misuse(error, "--trust: give --continue, too");
    if (options->format == TB_JSON && !options->pythons && tb_words_count(options->operands) > 1)
        return tb_misuse(error,
                         "--format json prints one document: give -o FILE with several subjects");
    code = tb_measurement_prepare(&run, error);
    if (!code)
        code = tb_trace_check(&run, error);
    if (!code && run.settings.count_rounds)
        code = tb_counting_prepare(&run, run.settings.metric, error);
    if (code)
        return code;
    tb_measurement_run(&run);
    code = keep(&run, error);
    tb_results_put(run.results, run.count, options->format, options->verbose);
    tb_measurement_report(&run);
    return code ? code : judge(&run, error);
}
