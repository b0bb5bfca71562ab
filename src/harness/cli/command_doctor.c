#include "cli/command.h"
#include "run/scratch.h"
#include "run/target.h"

#include <stdio.h>
#include <stdlib.h>

#include "document/write.h"
#include "report/result_table.h"
#include "run/host.h"
#include "run/host_lock.h"
#include "run/session.h"
#include "run/signals.h"
#include "run/worker.h"
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
    result->host = tb_host_probe();
    result->before = tb_host_moment();
}

static void put(const cJSON *context, const cJSON *findings, bool json)
{
    struct tb_page page = tb_page(stdout);

    /* The caller of the command asks ferror(). */
    if (json)
        tb_json_put(stdout, cJSON_Duplicate(context, true));
    else if (cJSON_GetArraySize(findings))
        tb_findings_put(&page, findings, true);
    else
        (void)puts("nothing found");
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
    tb_autojson cJSON *context = NULL;
    int code = tb_target_list(subject, error);
    const cJSON *findings;

    tb_host_lock_open(&lock);
    (void)tb_host_lock_look(&lock); /* what it met is in the settings */
    settings.other_run = lock.other;
    settings.other_run_unknown = lock.refused;
    begin(subject, &settings, &result);
    if (!code) /* only a result says how its library was built */
        tb_session_run(&(struct tb_session){.results = &result, .count = 1});
    if (result.signal)
        code = 128 + result.signal;
    else if (tb_result_tally(&result, 1).failed)
        code = tb_failure(error, "case '%s': %s", result.records[0].spec->name,
                          result.records[0].reason);
    tb_scratch_end();
    tb_signals_release();
    context = tb_context(&result);
    findings = tb_json_find(context, "threadbench.warnings");
    put(context, findings, options->json);
    if (!code && options->strict)
        code = tb_findings_warn(findings);
    return code;
}

int tb_command_doctor(struct tb_options *options, struct tb_error *error)
{
    char *const *operands = options->operands;
    tb_auto(tb_subject_finish) struct tb_subject subject = {0};
    int code;

    if (operands[0] && operands[1])
        return tb_misuse(error, "'%s' after the subject: quote a subject's words as one word",
                         operands[1]);
    code = tb_target_init(&subject, operands[0], NULL, options->settings.timeout_s, error);
    return code ? code : examine(&subject, options, error);
}
