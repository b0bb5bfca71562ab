#include "cli/exit_code.h"

#include <stdlib.h>

#include "run/plan.h"
#include "util/json.h"
#include "util/memory.h"

void tb_gate_add(struct tb_gate *gate, const struct tb_side *old, const struct tb_side *new,
                 unsigned looks, size_t of)
{
    const struct tb_choice *choice = &gate->options->choice;
    struct tb_demand demand = gate->options->demand;

    demand.looks = looks;
    demand.others = of - 1;
    demand.filter = choice->filter;
    demand.core = choice->set == TB_SET_CORE;
    gate->comparisons = tb_grow(gate->comparisons, gate->count + 1, sizeof *gate->comparisons);
    gate->comparisons[gate->count++] = tb_compare(old, new, &demand);
}

void tb_gate_add_results(struct tb_gate *gate, const struct tb_result *results, size_t count,
                         unsigned looks)
{
    const struct tb_result *old = results;

    for (const struct tb_result *new = results + 1; new < results + count; new ++)
        tb_gate_add(gate, &(struct tb_side){&old, 1, old->subject->label},
                    &(struct tb_side){&new, 1, new->subject->label}, looks, count - 1);
}

static void put_json(const struct tb_gate *gate)
{
    cJSON *list = cJSON_CreateArray();

    for (size_t i = 0; i < gate->count; i++)
        tb_json_add(list, tb_comparison_json(&gate->comparisons[i]));
    tb_json_put(stdout, list);
}

void tb_gate_put(const struct tb_gate *gate)
{
    struct tb_page page =
        gate->options->format == TB_MARKDOWN ? tb_page_markdown(stdout) : tb_page(stdout);

    if (gate->options->format == TB_JSON) {
        put_json(gate);
        return;
    }
    for (size_t i = 0; i < gate->count; i++) {
        if (i)
            (void)putchar('\n'); /* the caller of the command asks ferror() */
        tb_comparison_put(&page, &gate->comparisons[i]);
    }
}

int tb_gate_code(const struct tb_gate *gate, struct tb_error *error)
{
    const struct tb_options *options = gate->options;
    const struct tb_choice *choice = &options->choice;
    struct tb_verdict_counts standing = tb_verdict_counts(gate->comparisons, gate->count);
    bool settled = !standing.inconclusive;
    int code;

    if (!standing.listed && (choice->filter || choice->set == TB_SET_CORE))
        return tb_misuse(error, "no case matches --filter and --set");
    if (!standing.compared) { /* which is no good news */
        code = tb_failure(error, "there is no case that could be compared");
        return standing.old_failed ? tb_lasting(options, code) : code;
    }
    for (size_t i = 0; i < gate->count; i++)
        settled &= gate->comparisons[i].count > 0;
    if (standing.alarms)
        return options->bisect ? TB_BISECT_SLOWER : TB_EXIT_REGRESSION;
    if (standing.old_failed && options->bisect)
        return TB_BISECT_STOP; /* as it does for each revision */
    if (!settled && options->bisect)
        return TB_BISECT_SKIP; /* also where a case failed: it has no verdict */
    if (standing.failed)
        return TB_FAILURE;
    return !settled && options->strict ? TB_EXIT_INCONCLUSIVE : 0;
}

int tb_gate_exit(const struct tb_options *options, int code, const struct tb_error *error)
{
    if (!options->bisect || !error->text[0] || code > TB_BISECT_STOP) /* interrupted */
        return code;
    return code == TB_USAGE ? TB_BISECT_STOP : TB_BISECT_SKIP;
}

void tb_gate_finish(struct tb_gate *gate)
{
    for (size_t i = 0; i < gate->count; i++)
        tb_comparison_finish(&gate->comparisons[i]);
    free(gate->comparisons);
    gate->count = 0;
}
