#include "cli/command.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "compare/conclusion.h"
#include "document/checks.h"
#include "document/write.h"
#include "report/circumstances.h"
#include "report/compare_table.h"
#include "report/table.h"
#include "run/counter.h"
#include "run/host.h"
#include "run/scratch.h"
#include "run/session.h"
#include "run/signals.h"
#include "run/target.h"
#include "util/json.h"
#include "util/memory.h"

/* One process of one case, if there is any: the first of those that stand for all. */
static void begin(const struct tb_subject *subject, struct tb_settings *settings,
                  struct tb_result *result)
{
    static const struct tb_revision none;
    const struct tb_catalogue *catalogue = &subject->catalogue;
    tb_autofree enum tb_role *roles = tb_alloc(catalogue->count + 1, sizeof *roles);
    size_t first = 0;

    while (catalogue->has_core && !catalogue->cases[first].core)
        first++;
    roles[first] = TB_SELECTED;
    tb_result_init(result, subject, roles);
    (void)clock_gettime(CLOCK_REALTIME, &settings->started); /* cannot fail for this clock */
    result->settings = settings;
    result->revision = &none;
    result->host = tb_host_probe(NULL);
    result->before = tb_host_moment();
}

static const double usual_budget_s = 60; /* of --noise */

/* What gates of ab can find that have half the budget, or all of it. */
enum { HALF, WHOLE, GATES };

struct noise {
    struct tb_options options; /* the command's, but for the operands */
    char *operands[3];         /* the subject twice */
    struct tb_measurement run;
    struct tb_comparisons gates[GATES];
};

static void noise_finish(struct noise *noise)
{
    tb_measurement_finish(&noise->run);
    for (size_t i = 0; i < GATES; i++)
        tb_comparisons_finish(&noise->gates[i]);
}

static double budget_of(const struct noise *noise, size_t gate)
{
    return noise->run.settings.budget_s / (gate == HALF ? 2 : 1);
}

static bool goes_on(const struct tb_measurement *run, const char *name)
{
    (void)run;
    (void)name;
    return true;
}

/* Forgets the rounds from that one on, and the samples, which all rounds share. */
static void forget(struct tb_measurement *run, unsigned round)
{
    for (size_t i = 0; i < run->count; i++) {
        for (size_t k = 0; k < run->results[i].count; k++) {
            struct tb_record *record = &run->results[i].records[k];

            while (record->count && tb_record_last(record)->round >= round) {
                struct tb_repetition *last = &record->repetitions[--record->count];

                free(last->values);
                free(last->entry);
            }
            for (size_t place = 0; place < TB_PLACEMENTS; place++)
                tb_histogram_finish(&record->pooled[place]);
        }
    }
}

/* `settings` are the doctor's own, which gets to know who disturbed it. */
static int measure(struct noise *noise, const struct tb_options *options,
                   struct tb_settings *settings, struct tb_error *error)
{
    static char suite[] = "@suite";
    struct tb_measurement *run = &noise->run;
    int code;

    noise->operands[0] = noise->operands[1] = options->operands[0] ? options->operands[0] : suite;
    noise->options = *options;
    noise->options.operands = noise->operands;
    if (!options->settings.budget_s)
        noise->options.settings.budget_s = usual_budget_s;
    *run = tb_ab_measurement(&noise->options);
    run->is_open = goes_on;
    run->user = &noise->gates[WHOLE];
    code = tb_measurement_prepare(run, error);
    if (code)
        return code;
    tb_measurement_run(run);
    settings->other_run = run->settings.other_run;
    settings->other_run_unknown = run->settings.other_run_unknown;
    tb_ab_compare(run);
    forget(run, (run->results->finished_rounds + 1) / 2);
    run->user = &noise->gates[HALF];
    tb_ab_compare(run);
    if (run->results->signal)
        return 128 + run->results->signal;
    if (!tb_verdict_counts(&noise->gates[WHOLE]).compared)
        return tb_failure(error, "--noise: nothing was measured: give it more time by --budget");
    return 0;
}

static void put_case(struct libscols_line *line, const struct noise *noise, size_t index)
{
    const struct tb_compared *row = &noise->gates[WHOLE].each->rows[index];
    size_t column = 0;

    tb_table_set(line, column++, row->name);
    for (size_t i = 0; i < GATES; i++) {
        const struct tb_effect *effect = &noise->gates[i].each->rows[index].test.effect;
        double percent = 100 * (effect->mde - 1);
        bool known = !row->reason && isfinite(percent);

        tb_table_set(line, column++, tb_text_print(known, "+%.1f%%", percent).text);
        tb_table_set(line, column++, tb_text_print(!row->reason, "%zu", effect->pairs).text);
    }
    tb_table_set(line, column, row->reason ? "missing" : tb_verdict_names[row->test.verdict]);
}

static void put_noise(const struct tb_page *page, const struct noise *noise)
{
    const struct tb_comparison *whole = noise->gates[WHOLE].each;
    struct libscols_table *table = tb_page_table(page);

    tb_table_column(table, "case", SCOLS_FL_WRAP);
    for (size_t i = 0; i < GATES; i++) {
        tb_autofree char *name = tb_print("MDE in %g s", budget_of(noise, i));

        tb_table_column(table, name, SCOLS_FL_RIGHT);
        tb_table_column(table, "pairs", SCOLS_FL_RIGHT);
    }
    tb_table_column(table, "against itself", 0);
    for (size_t i = 0; i < whole->count; i++)
        put_case(scols_table_new_line(table, NULL), noise, i);
    (void)fputc('\n', page->out); /* the caller asks ferror() */
    tb_page_put_table(page, table);
    for (size_t i = 0; i < whole->count; i++) {
        if (whole->rows[i].reason)
            tb_page_line(page, 4, "missing %s: %s", whole->rows[i].name, whole->rows[i].reason);
    }
    tb_page_line(
        page, 4,
        "MDE: the smallest slowdown that 'threadbench ab' would probably show on this host "
        "now, with a margin of %.4g %% and a chance of any false alarm of %.3g %%; -: no "
        "alarm is possible",
        100 * whole->rule.margin, 100 * whole->alpha);
}

static void add_noise(cJSON *context, const struct noise *noise)
{
    cJSON *list =
        tb_json_set_array(cJSON_GetObjectItemCaseSensitive(context, "threadbench"), "noise");

    for (size_t i = 0; i < GATES; i++) {
        cJSON *gate = tb_comparison_json(noise->gates[i].each);

        tb_json_set_number(gate, "budget_s", budget_of(noise, i));
        tb_json_add(list, gate);
    }
}

/* What 'run --counts' could not count here, each tried on a program that does nothing. 0, or 128 +
 * the signal that interrupted it. */
static int add_uncounted(cJSON *context)
{
    cJSON *findings = tb_json_find(context, "threadbench.warnings");

    for (size_t i = TB_TIME + 1; i < TB_METRICS; i++) {
        tb_autofree char *why = NULL;

        if (!tb_counter_find((enum tb_metric)i, &why) && !tb_signals_stopped())
            tb_checks_add_uncounted(findings, (enum tb_metric)i, why);
    }
    return tb_signals_stopped() ? 128 + tb_signals_stopped() : 0;
}

static void put(cJSON *context, const struct noise *noise, bool json)
{
    const cJSON *findings = tb_json_find(context, "threadbench.warnings");
    struct tb_page page = tb_page(stdout);
    bool known = noise->gates[HALF].count > 0;

    if (known && json)
        add_noise(context, noise);
    /* The caller of the command asks ferror(). */
    if (json)
        tb_json_put(stdout, cJSON_Duplicate(context, true));
    else if (cJSON_GetArraySize(findings))
        tb_findings_put(&page, findings, true);
    else
        (void)puts("nothing found");
    if (known && !json)
        put_noise(&page, noise);
}

static void look_around(struct tb_host_lock *lock, struct tb_settings *settings)
{
    tb_host_lock_open(lock);
    (void)tb_host_lock_look(lock);
    settings->other_run = lock->other;
    settings->other_run_unknown = lock->refused;
}

/* What was found is shown even where the subject fails. */
static int examine(struct tb_subject *subject, const struct tb_options *options,
                   struct tb_error *error)
{
    struct tb_settings settings = {
        .rounds = 1,
        .alpha = 0.05,
        .time_s = 0.001,
        .timeout_s = subject->timeout_s,
        .samples = 1,
        .repetitions = 1,
        .command = options->settings.command,
    };
    tb_auto(tb_result_finish) struct tb_result result = {0};
    tb_auto(tb_host_lock_finish) struct tb_host_lock lock = {0};
    tb_auto(noise_finish) struct noise noise = {0};
    tb_autojson cJSON *context = NULL;
    int code = tb_target_list(subject, error);

    if (!options->noise) /* which looks by itself */
        look_around(&lock, &settings);
    begin(subject, &settings, &result);
    if (!code) /* only a result says how its library was built */
        tb_session_run(&(struct tb_session){.results = &result, .count = 1});
    if (result.signal)
        code = 128 + result.signal;
    else if (tb_result_tally(&result, 1).failed)
        code = tb_failure(error, "case '%s': %s", result.records[0].spec->name,
                          result.records[0].reason);
    else if (!code && options->noise)
        code = measure(&noise, options, &settings, error);
    context = tb_context(&result);
    if (!code)
        code = add_uncounted(context);
    tb_scratch_end();
    tb_signals_release();
    put(context, &noise, options->json);
    if (!code && options->strict)
        code = tb_findings_warn(tb_json_find(context, "threadbench.warnings"));
    return code;
}

int tb_command_doctor(struct tb_options *options, struct tb_error *error)
{
    char *const *operands = options->operands;
    tb_auto(tb_arm_finish) struct tb_arm arm = {0};
    int code;

    if (operands[0] && operands[1])
        return tb_misuse(error, "'%s' after the subject: quote the subject as one argument",
                         operands[1]);
    if (options->settings.budget_s && !options->noise)
        return tb_misuse(error, "--budget: give --noise, too");
    code = tb_arm_init(&arm, options, operands[0], NULL, error);
    if (!code && options->noise && arm.subject.label)
        code = tb_misuse(error, "--noise: '%s:': leave the label out", arm.subject.label);
    return code ? code : examine(&arm.subject, options, error);
}
