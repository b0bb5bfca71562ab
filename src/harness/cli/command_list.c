#include "cli/command.h"
#include "cli/meant.h"
#include "report/listing.h"
#include "run/plan.h"
#include "run/scratch.h"

#include <stdio.h>
#include <stdlib.h>

#include "document/write.h"
#include "report/result_table.h"
#include "run/signals.h"
#include "util/json.h"
#include "util/memory.h"

static int list(const struct tb_options *options, const struct tb_catalogue *catalogue,
                struct tb_error *error)
{
    struct tb_page page = tb_page(stdout);
    struct tb_choice choice = options->choice;
    tb_autofree enum tb_role *roles = tb_alloc(catalogue->count, sizeof *roles);

    bool chosen = choice.filter || choice.set != TB_SET_DEFAULT;

    if (choice.set == TB_SET_DEFAULT)
        choice.set = TB_SET_FULL;
    if (tb_plan_select(catalogue, &choice, roles) == 0) {
        tb_autofree char *meant = tb_filter_meant(
            options, catalogue->names.names, catalogue->names.count, "without them all are listed");

        return tb_misuse(error, "no case matches --filter and --set: %s", meant);
    }
    if (options->json)
        tb_json_put(stdout, tb_listing(catalogue, roles));
    else if (catalogue->known && !chosen && !options->verbose)
        tb_listing_put_benchmarks(&page, catalogue);
    else
        tb_listing_put(&page, catalogue, roles);
    return 0;
}

int tb_command_list(struct tb_options *options, struct tb_error *error)
{
    char *const *operands = options->operands;
    tb_auto(tb_arm_finish) struct tb_arm arm = {0};
    int code;

    if (operands[0] && operands[1])
        return tb_misuse(error, "one subject is listed at a time: quote it as one argument");
    code = tb_arm_begin(&arm, options, operands[0], NULL, error);
    tb_scratch_end();
    tb_signals_release();
    return code ? code : list(options, &arm.subject.catalogue, error);
}
