#include "report.h"

#include <benchmark_c.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static void count(struct bm_state *state, const char *name, double value)
{
    bm_set_counter(state, name, value, BM_COUNTER_DEFAULTS);
}

static void report_quantile(struct bm_state *state, const char *name,
                            const struct tb_sorted *sorted, double p)
{
    if (tb_quantile_holds(sorted->count, p))
        count(state, name, tb_quantile(sorted, p));
}

/* A block's mean hides the single operation: no tail of those. */
static void report_quantiles(struct bm_state *state, const struct tb_sorted *sorted, bool tail)
{
    report_quantile(state, "p10", sorted, 0.1);
    report_quantile(state, "p50", sorted, 0.5);
    report_quantile(state, "p90", sorted, 0.9);
    if (!tail)
        return;
    report_quantile(state, "p99", sorted, 0.99);
    report_quantile(state, "p99.9", sorted, 0.999);
}

/* Over the samples up to the median: those that nothing else on the machine has held up. */
static void report_lower_half(const struct tb_engine *engine, struct bm_state *state,
                              double median_ns)
{
    const char *const *phases = engine->run.bench->phases;
    int block = engine->run.block;
    char name[64];

    count(state, "lower_half_mean",
          tb_mean_up_to(&engine->series, block, median_ns, TB_MAX_PHASES));
    for (size_t i = 0; i < TB_MAX_PHASES && engine->series.phases[i]; i++) {
        (void)snprintf(name, sizeof(name), "%s_lower_half_mean", phases[i]); /* names are short */
        count(state, name, tb_mean_up_to(&engine->series, block, median_ns, i));
    }
}

static int report_all(const struct tb_engine *engine, struct bm_state *state, double *ret_mean_ns)
{
    struct tb_sorted sorted;
    int block = engine->run.block;

    if (tb_sort(&engine->series, block, TB_CHILD_ANY, &sorted))
        return ENOMEM;
    *ret_mean_ns = tb_mean(&sorted);
    count(state, "samples", (double)sorted.count);
    count(state, "misplaced", (double)engine->misplaced);
    count(state, "mean", *ret_mean_ns);
    count(state, "min", sorted.values[0]);
    count(state, "max", sorted.values[sorted.count - 1]);
    report_quantiles(state, &sorted, block == 1);
    report_lower_half(engine, state, tb_quantile(&sorted, 0.5));
    free(sorted.values);
    return 0;
}

static int report_placement(const struct tb_engine *engine, struct bm_state *state,
                            enum tb_child_cpu placement, const char *name, size_t *ret_count)
{
    struct tb_sorted sorted;

    if (tb_sort(&engine->series, engine->run.block, placement, &sorted))
        return ENOMEM;
    report_quantile(state, name, &sorted, 0.5);
    *ret_count = sorted.count;
    free(sorted.values);
    return 0;
}

static int report_placements(const struct tb_engine *engine, struct bm_state *state)
{
    size_t same, other;

    if (report_placement(engine, state, TB_CHILD_SAME, "same_cpu_p50", &same) ||
        report_placement(engine, state, TB_CHILD_OTHER, "other_cpu_p50", &other))
        return ENOMEM;
    if (same + other)
        count(state, "elsewhere", (double)other / (double)(same + other));
    return 0;
}

static int report_phase(const struct tb_engine *engine, struct bm_state *state, size_t phase)
{
    struct tb_sorted sorted;
    char name[64];

    if (tb_sort_phase(&engine->series, phase, &sorted))
        return ENOMEM;
    (void)snprintf(name, sizeof(name), "%s_mean", engine->run.bench->phases[phase]);
    count(state, name, tb_mean(&sorted));
    (void)snprintf(name, sizeof(name), "%s_p50", engine->run.bench->phases[phase]);
    report_quantile(state, name, &sorted, 0.5);
    free(sorted.values);
    return 0;
}

static void report_used(const struct tb_engine *engine, struct bm_state *state)
{
    const struct tb_used *used = &engine->used;
    const char *unit = engine->run.bench->unit;
    char label[256];
    double operations =
        (double)(engine->series.count + engine->misplaced) * (double)engine->run.block;

    count(state, "vcsw", used->voluntary_switches / operations);
    count(state, "ivcsw", used->involuntary_switches / operations);
    count(state, "minflt", used->minor_faults / operations);
    count(state, "majflt", used->major_faults / operations);
    count(state, "user_ns", used->user_ns / operations);
    count(state, "sys_ns", used->system_ns / operations);
    count(state, "child_cpu_ns", used->children_ns / operations);
    if (isfinite(used->waited_ns))
        count(state, "waited_ns", used->waited_ns / operations);
    count(state, "migrations", (double)engine->migrations / operations);
    (void)snprintf(label, sizeof(label), "%s%s%s%sswitches, faults, CPU time: with the set-up",
                   unit ? unit : "", unit ? ", not ns; " : "", engine->note,
                   engine->note[0] ? "; " : "");
    bm_set_label(state, label);
}

int tb_report(const struct tb_engine *engine, struct bm_state *state, double *ret_mean_ns)
{
    if (report_all(engine, state, ret_mean_ns) || report_placements(engine, state))
        return ENOMEM;
    for (size_t i = 0; i < TB_MAX_PHASES && engine->series.phases[i]; i++)
        if (report_phase(engine, state, i))
            return ENOMEM;
    report_used(engine, state);
    return 0;
}
