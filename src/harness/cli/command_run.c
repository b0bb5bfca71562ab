#include "cli/command.h"
#include "report/cost_card.h"

#include <stdio.h>
#include <stdlib.h>

#include "cli/measure.h"
#include "document/summary.h"
#include "document/write.h"
#include "report/python_table.h"
#include "report/result_table.h"
#include "util/memory.h"
#include "util/strings.h"

static void put_table(const struct tb_measurement *run)
{
    struct tb_page page = tb_page(stdout);

    tb_result_table_put(&page, run->results, run->count);
    for (size_t i = 0; i < run->count; i++)
        tb_scaling_put(&page, &run->results[i]);
    for (size_t i = 0; i < run->count; i++)
        tb_card_put(&page, &run->results[i]);
}

/* Interpreters side by side, where there are two of them at least. */
static bool put_interpreters(const struct tb_measurement *run)
{
    const struct tb_options *options = run->options;
    const struct tb_demand demand = tb_options_demand(options, run->settings.look_share);
    size_t first = options->first_python;

    if (!options->pythons || run->count < first + 2)
        return false;
    tb_python_table_put(run->results + first, run->count - first, &demand, options->format);
    return true;
}

/* Whether stdout took it all is asked once, at the end of the program. */
static void put(const struct tb_measurement *run)
{
    enum tb_format format = run->options->format;
    tb_autofree char *text = NULL;

    if (format == TB_TABLE)
        put_table(run);
    if (format != TB_CSV && put_interpreters(run))
        return;
    if (format == TB_MARKDOWN) /* of interpreters that could not be measured */
        put_table(run);
    else if (format == TB_CSV)
        text = tb_csv(run->results, run->count);
    else if (format == TB_JSON)
        text = tb_document_text(run->results);
    if (text)
        (void)fputs(text, stdout);
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
    if (tally.failed)
        return TB_FAILURE;
    return !precise && run->options->strict ? TB_EXIT_INCONCLUSIVE : 0;
}

int tb_command_run(struct tb_options *options, struct tb_error *error)
{
    tb_auto(tb_measurement_finish) struct tb_measurement run = {.options = options};
    int code;

    if (options->format == TB_MARKDOWN && options->pythons < 2)
        return tb_misuse(error, "--format markdown: give --python twice or more");
    if (options->format == TB_JSON && !options->pythons && tb_words_count(options->operands) > 1)
        return tb_misuse(error,
                         "--format json prints one document: give -o FILE with several subjects");
    code = tb_measurement_prepare(&run, error);
    if (code)
        return code;
    tb_measurement_run(&run);
    code = tb_measurement_keep(&run, error);
    put(&run);
    return code ? code : judge(&run, error);
}
