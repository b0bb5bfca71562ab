#include "cli/command.h"

#include <math.h>
#include <stdlib.h>

#include "cli/counting.h"
#include "cli/exit_code.h"
#include "cli/measure.h"
#include "report/session_page.h"
#include "util/strings.h"

enum { count_rounds = 2 }; /* of what is counted: two tell whether it repeats */
static const double usual_time_s = 0.01;
static const double most_s = 300;      /* of a run that ends when all is decided */
static const double suspicion = 0.002; /* p of a tail, below which it is looked at further */

/* NaN where no case has any yet. */
static double largest_mde(const struct tb_comparisons *comparisons)
{
    double most = NAN;

    for (size_t i = 0; i < comparisons->count; i++) {
        for (size_t k = 0; k < comparisons->each[i].count; k++) {
            const struct tb_compared *row = &comparisons->each[i].rows[k];

            if (!row->reason) /* fmax() ignores a NaN */
                most = fmax(most, row->test.effect.mde);
        }
    }
    return most;
}

void tb_ab_compare(struct tb_measurement *run)
{
    const struct tb_demand demand = tb_demand_of(&run->settings);
    struct tb_comparisons *comparisons = run->user;

    tb_comparisons_finish(comparisons);
    tb_comparisons_add_results(comparisons, run->results, run->count, &demand);
    run->progress.mde = largest_mde(comparisons);
}

/* More rounds are for the verdict, and for a tail that seems to differ: it needs more pairs than a
 * case that is the same by its statistic. */
static bool wants_more(const struct tb_compared *row)
{
    bool suspect = row->tail.statistic && row->tail.verdict == TB_INCONCLUSIVE &&
                   fmin(row->tail.effect.p_slower, row->tail.effect.p_faster) < suspicion;

    return !row->reason && (row->test.verdict == TB_INCONCLUSIVE || suspect);
}

/* Whether a case is slower, or its tail and no more of it. */
static bool is_regression(const struct tb_comparisons *comparisons)
{
    for (size_t i = 0; i < comparisons->count; i++) {
        for (size_t k = 0; k < comparisons->each[i].count; k++) {
            const struct tb_compared *row = &comparisons->each[i].rows[k];

            if (row->test.verdict == TB_SLOWER ||
                (row->tail.verdict == TB_SLOWER && row->test.verdict != TB_INCONCLUSIVE))
                return true;
        }
    }
    return false;
}

/* Whether the case wants more rounds for some subject. */
static bool is_open(const struct tb_measurement *run, const char *name)
{
    const struct tb_comparisons *comparisons = run->user;

    if (run->ends_at_alarm && is_regression(comparisons))
        return false;
    for (size_t i = 0; i < comparisons->count; i++) {
        const struct tb_compared *row = tb_comparison_find(&comparisons->each[i], name);

        if (row && wants_more(row))
            return true;
    }
    return false;
}

/* By Holm's method the clearest of all tests has to meet its share of alpha. */
static double alpha_of_one(const struct tb_measurement *run)
{
    size_t tests = 0;

    for (size_t i = 1; i < run->count; i++)
        tests += run->results[i].count;
    return run->options->demand.alpha * TB_PRIMARY_ALPHA_SHARE / (double)tests;
}

static int run_all(struct tb_measurement *run, struct tb_error *error)
{
    tb_auto(tb_comparisons_finish) struct tb_comparisons comparisons = {0};
    int code = tb_measurement_prepare(run, error);

    if (!code && run->settings.count_rounds)
        code = tb_counting_prepare(run, run->options->demand.metric, error);
    if (code)
        return code;
    /* cppcheck-suppress autoVariables ; nothing calls back once this has returned */
    run->user = &comparisons;
    tb_measurement_run(run);
    code = tb_measurement_keep(run, error);
    tb_ab_compare(run);
    tb_judged_put(run->results, run->count, &comparisons, run->options->format);
    tb_measurement_report(run);
    return code ? code : tb_exit_code(run->options, &comparisons, error);
}

/* What repeats needs no looks and no more rounds; times are beside it. */
static struct tb_measurement counted_measurement(struct tb_options *options)
{
    if (!options->settings.rounds)
        options->settings.rounds = count_rounds;
    if (!options->settings.time_s)
        options->settings.time_s = usual_time_s;
    return (struct tb_measurement){
        .options = options, .paired = true, .count_rounds = options->settings.rounds};
}

struct tb_measurement tb_ab_measurement(struct tb_options *options)
{
    bool until_decided = !options->settings.budget_s;

    if (until_decided)
        options->settings.budget_s = most_s;
    if (!options->settings.time_s)
        options->settings.time_s = usual_time_s;
    return (struct tb_measurement){
        .options = options,
        .paired = true,
        .ends_at_alarm = until_decided,
        .look = tb_ab_compare,
        .is_open = is_open,
        .alpha = alpha_of_one,
    };
}

int tb_command_ab(struct tb_options *options, struct tb_error *error)
{
    tb_auto(tb_measurement_finish) struct tb_measurement run =
        options->demand.metric ? counted_measurement(options) : tb_ab_measurement(options);

    if (tb_words_count(options->operands) < 2)
        return tb_misuse(error, "give two subjects or more, the first to compare with");
    return run_all(&run, error);
}
