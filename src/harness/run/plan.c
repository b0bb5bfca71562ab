#include "run/plan.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "util/json.h"
#include "util/memory.h"

enum {
    first_pilot = 3,
    second_pilot = 64,
    most_samples = 200000,
};

static bool is_chosen(const struct tb_case *item, const struct tb_choice *choice, bool core_only)
{
    if ((core_only && !item->core) || (choice->set == TB_SET_STANDARD && !item->standard))
        return false;
    return !choice->filter || regexec(choice->filter, item->name, 0, NULL, 0) == 0;
}

/* Gives the case of that name a role, unless it has a higher one. */
static void raise_role(const struct tb_catalogue *catalogue, const char *name, enum tb_role role,
                       enum tb_role *roles)
{
    const struct tb_case *found = tb_catalogue_find(catalogue, name);

    if (found && roles[found - catalogue->cases] < role)
        roles[found - catalogue->cases] = role;
}

/* Of the cases that explain a case's phases. */
static void raise_parts(const struct tb_catalogue *catalogue, const struct tb_case *item,
                        enum tb_role *roles)
{
    const cJSON *part;

    cJSON_ArrayForEach(part, tb_json_find(item->source, "parts"))
        raise_role(catalogue, tb_json_text(part, "case"), TB_PART_CASE, roles);
}

/* Companions have none of their own, so raising roles in place adds no further ones. */
static void add_companions(const struct tb_catalogue *catalogue, enum tb_role *roles)
{
    for (size_t i = 0; i < catalogue->count; i++) {
        const struct tb_case *item = &catalogue->cases[i];

        if (roles[i] == TB_SELECTED || roles[i] == TB_CARD_CASE) {
            raise_role(catalogue, item->floor, TB_FLOOR_CASE, roles);
            raise_parts(catalogue, item, roles);
        }
        if (roles[i] == TB_SELECTED)
            raise_role(catalogue, item->overhead, TB_OVERHEAD_CASE, roles);
    }
}

size_t tb_plan_select(const struct tb_catalogue *catalogue, const struct tb_choice *choice,
                      enum tb_role *ret_roles)
{
    bool usual = choice->set == TB_SET_DEFAULT && !choice->filter && catalogue->has_core;
    bool core_only = usual || choice->set == TB_SET_CORE;
    bool card = (core_only || choice->set == TB_SET_STANDARD) && !choice->filter && !choice->alone;
    size_t selected = 0;

    for (size_t i = 0; i < catalogue->count; i++) {
        bool chosen = is_chosen(&catalogue->cases[i], choice, core_only);
        enum tb_role other = card && catalogue->cases[i].card ? TB_CARD_CASE : TB_LEFT_OUT;

        ret_roles[i] = chosen ? TB_SELECTED : other;
        selected += chosen;
    }
    if (!choice->alone)
        add_companions(catalogue, ret_roles);
    return selected;
}

static void merge(size_t *groups, size_t count, size_t from, size_t to)
{
    for (size_t i = 0; i < count; i++) {
        if (groups[i] == from)
            groups[i] = to;
    }
}

void tb_plan_groups(const struct tb_case *const *cases, size_t count, size_t *ret_groups)
{
    for (size_t i = 0; i < count; i++)
        ret_groups[i] = i;
    for (size_t i = 0; i < count; i++) {
        for (size_t low = 0; cases[i]->floor && low < count; low++) {
            if (!strcmp(cases[low]->name, cases[i]->floor))
                merge(ret_groups, count, ret_groups[i], ret_groups[low]);
        }
    }
}

/* The next one to be left out of those that are in. */
static size_t find_dearest(const double *case_s, const bool *selected, size_t count,
                           const bool *fits)
{
    size_t found = count;

    for (size_t i = 0; i < count; i++) {
        if (!fits[i] || !(case_s[i] > 0))
            continue;
        if (found == count ||
            (selected[i] == selected[found] ? case_s[i] > case_s[found] : selected[found]))
            found = i;
    }
    return found;
}

double tb_plan_fit(const double *case_s, const bool *selected, size_t count, double most_s,
                   bool *ret_fits)
{
    for (size_t i = 0; i < count; i++)
        ret_fits[i] = case_s[i] <= fmax(most_s, 0);
    for (;;) {
        size_t dearest = find_dearest(case_s, selected, count, ret_fits);
        double sum_s = 0;

        for (size_t i = 0; i < count; i++)
            sum_s += ret_fits[i] ? case_s[i] : 0;
        if (sum_s <= most_s || dearest == count)
            return sum_s;
        ret_fits[dearest] = false;
    }
}

char *tb_plan_cost(double case_s, unsigned rounds)
{
    return isfinite(case_s) ? tb_print("%u x %.2g s", rounds, case_s)
                            : tb_copy("no time for its pilot");
}

size_t tb_plan_turn(unsigned round, size_t place, size_t count)
{
    size_t step = round % 2 ? count - 1 - place : place;

    return (step + round / 2) % count;
}

/* The fewest samples that have ten on the outer side of quantile "p10", "p99.9", ... */
static double fewest_for(const char *statistic)
{
    char *end = NULL;
    double share = *statistic == 'p' ? strtod(statistic + 1, &end) / 100 : NAN;

    return share > 0 && share < 1 && end && !*end ? floor(10 / fmin(share, 1 - share)) + 1 : 1;
}

static uint64_t limited(const struct tb_case *item, double wanted)
{
    double samples = fmin(wanted, most_samples);

    if (item->max_samples)
        samples = fmin(samples, (double)item->max_samples);
    return (uint64_t)samples;
}

uint64_t tb_plan_pilot(const struct tb_case *item, double operation_ns)
{
    if (isnan(operation_ns))
        return limited(item, first_pilot);
    /* Few samples are mostly the process's first, slow ones; many of a long one take too long. */
    return operation_ns < 1e6 ? limited(item, second_pilot) : 0;
}

uint64_t tb_plan_samples(const struct tb_case *item, double time_ns, double operation_ns)
{
    /* fmax() ignores a NaN. */
    return limited(item, fmax(fewest_for(item->primary), floor(time_ns / operation_ns)));
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

/* Fills what each open group costs, at the place of the case that names it, and 0 elsewhere;
 * returns what the middle one costs. */
static double group_costs(const size_t *groups, const double *seconds, const bool *open,
                          size_t count, double *ret_costs)
{
    tb_autofree double *sorted = tb_alloc(count, sizeof *sorted);
    size_t groups_open = 0;

    memset(ret_costs, 0, count * sizeof *ret_costs);
    for (size_t i = 0; i < count; i++)
        ret_costs[groups[i]] += open[i] ? seconds[i] : 0;
    for (size_t i = 0; i < count; i++) {
        if (ret_costs[i] > 0)
            sorted[groups_open++] = ret_costs[i];
    }
    if (groups_open)
        qsort(sorted, groups_open, sizeof *sorted, ascending);
    return groups_open ? sorted[(groups_open - 1) / 2] : 0;
}

void tb_plan_strides(const size_t *groups, const double *seconds, const bool *open, size_t count,
                     unsigned *ret_strides)
{
    tb_autofree double *costs = tb_alloc(count, sizeof *costs);
    double middle = group_costs(groups, seconds, open, count, costs);

    for (size_t i = 0; i < count; i++) {
        double cost = costs[groups[i]];

        ret_strides[i] = cost > middle ? (unsigned)fmin(rint(sqrt(cost / middle)), 1e6) : 1;
    }
}
