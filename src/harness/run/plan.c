#include "run/plan.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "stats/stats.h"
#include "util/json.h"
#include "util/memory.h"

enum {
    first_pilot = 3,
    second_pilot = 64,
    most_samples = 200000,
};

static bool is_chosen(const struct tb_case *item, const struct tb_choice *choice, bool core_only)
{
    if ((core_only && !item->core) || (choice->set == TB_SET_STANDARD && !item->standard) ||
        (choice->set == TB_SET_ALTERNATIVES && !item->alternatives))
        return false;
    if (choice->own && item->runtime)
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

    tb_json_each(part, tb_json_find(item->source, "parts")) {
        raise_role(catalogue, tb_json_text(part, "case"), TB_PART_CASE, roles);
        raise_role(catalogue, tb_json_text(part, "less"), TB_PART_CASE, roles);
    }
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
    if (!choice->alone && choice->set != TB_SET_ALTERNATIVES)
        add_companions(catalogue, ret_roles);
    return selected;
}

static void merge(struct tb_row *rows, size_t count, size_t from, size_t to)
{
    for (size_t i = 0; i < count; i++) {
        if (rows[i].group == from)
            rows[i].group = to;
    }
}

static void join_group(struct tb_row *rows, size_t count, size_t row, const char *name)
{
    for (size_t i = 0; name && i < count; i++) {
        if (!strcmp(rows[i].spec->name, name))
            merge(rows, count, rows[row].group, rows[i].group);
    }
}

void tb_plan_groups(struct tb_row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++)
        rows[i].group = i;
    for (size_t i = 0; i < count; i++) {
        join_group(rows, count, i, rows[i].spec->floor);
        join_group(rows, count, i, rows[i].spec->thread);
    }
}

/* The next one to be left out of those that are in; NULL for none. */
static struct tb_row *find_dearest(struct tb_row *rows, size_t count)
{
    struct tb_row *found = NULL;

    for (size_t i = 0; i < count; i++) {
        struct tb_row *row = &rows[i];

        if (!row->open || !row->fits || !(row->round_s > 0))
            continue;
        if (!found ||
            (row->selected == found->selected ? row->round_s > found->round_s : found->selected))
            found = row;
    }
    return found;
}

double tb_plan_fit(struct tb_row *rows, size_t count, double most_s)
{
    for (size_t i = 0; i < count; i++)
        rows[i].fits = !rows[i].open || rows[i].round_s <= fmax(most_s, 0);
    for (;;) {
        struct tb_row *dearest = find_dearest(rows, count);
        double sum_s = 0;

        for (size_t i = 0; i < count; i++)
            sum_s += rows[i].open && rows[i].fits ? rows[i].round_s : 0;
        if (sum_s <= most_s || !dearest)
            return sum_s;
        dearest->fits = false;
    }
}

char *tb_plan_cost(const struct tb_row *row, unsigned rounds)
{
    if (isfinite(row->round_s))
        return tb_print("%.2g s: %u x %.2g s", rounds * row->round_s, rounds, row->round_s);
    if (row->least_s > 0)
        return tb_print("more than %.2g s: %u x more than %.2g s", rounds * row->least_s, rounds,
                        row->least_s);
    return tb_copy("no time was left for its pilot");
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

/* Adds what each open group costs to the place of the case that names it; returns what the middle
 * one costs. */
static double group_costs(const struct tb_row *rows, size_t count, double *costs)
{
    tb_autofree double *sorted = tb_alloc(count, sizeof *sorted);
    size_t groups_open = 0;

    for (size_t i = 0; i < count; i++)
        costs[rows[i].group] += rows[i].open ? rows[i].round_s : 0;
    for (size_t i = 0; i < count; i++) {
        if (costs[i] > 0)
            sorted[groups_open++] = costs[i];
    }
    (void)tb_statistics(sorted, groups_open); /* which sorts them */
    return groups_open ? sorted[(groups_open - 1) / 2] : 0;
}

void tb_plan_strides(struct tb_row *rows, size_t count)
{
    tb_autofree double *costs = tb_alloc(count, sizeof *costs);
    double middle = group_costs(rows, count, costs);

    for (size_t i = 0; i < count; i++) {
        double cost = costs[rows[i].group];

        rows[i].stride = cost > middle ? (unsigned)fmin(rint(sqrt(cost / middle)), 1e6) : 1;
    }
}
