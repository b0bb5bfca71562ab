#include "compare/counted.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "stats/repeat.h"
#include "util/memory.h"

/* What differs by less than this part of the margin does not decide about it. */
static const double margin_parts = 4;

/* All counts of a side, of all its results. */
struct side {
    double *counts;
    size_t count;
    const char *counter, *other; /* another one, where there are two; NULL: there are not */
    const char *reason;
};

static void add(struct side *side, const struct tb_count *count)
{
    side->counts = tb_grow(side->counts, side->count + count->count, sizeof *side->counts);
    for (size_t i = 0; i < count->count; i++)
        side->counts[side->count++] = count->values[i];
}

static struct side side_of(const struct tb_found *found, enum tb_metric metric)
{
    struct side side = {0};

    for (size_t i = 0; i < found->side->count; i++) {
        tb_auto(tb_count_finish) struct tb_count count = {0};

        if (!found->records[i])
            continue;
        count = tb_count_of(found->records[i], metric);
        if (!side.reason)
            side.reason = count.reason;
        if (side.counter && count.counter && strcmp(side.counter, count.counter) != 0)
            side.other = count.counter;
        else if (count.counter)
            side.counter = count.counter;
        add(&side, &count);
    }
    return side;
}

static char *missing_text(const struct side *side, const char *which, enum tb_metric metric)
{
    return tb_print("%s not counted on the %s side%s%s", tb_metric_names[metric], which,
                    side->reason ? ": " : "", side->reason ? side->reason : "");
}

/* Why the sides cannot be compared; NULL where they can. The caller's. */
static char *obstacle(const struct side *old, const struct side *new, enum tb_metric metric)
{
    const char *const others[] = {old->other, new->counter, new->other};

    if (!old->count)
        return missing_text(old, "old", metric);
    if (!new->count)
        return missing_text(new, "new", metric);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        if (others[i] && strcmp(others[i], old->counter) != 0)
            return tb_print("counted by %s and by %s, which do not count alike", old->counter,
                            others[i]);
    }
    return NULL;
}

/* As times are compared; two sides of one session have counted in the same rounds. */
static struct tb_effect effect_by_chance(const struct side *old, const struct side *new,
                                         double margin, enum tb_unit unit)
{
    size_t pairs = old->count < new->count ? old->count : new->count;

    for (size_t i = 0; i < old->count; i++)
        old->counts[i] = fmax(old->counts[i], TB_COUNT_GRAIN);
    for (size_t i = 0; i < new->count; i++)
        new->counts[i] = fmax(new->counts[i], TB_COUNT_GRAIN);
    if (unit == TB_UNIT_ROUND)
        return tb_effect_of_pairs(old->counts, new->counts, pairs, margin);
    return tb_effect_of_sides(old->counts, old->count, new->counts, new->count, margin);
}

static void fill(const struct side *old, const struct side *new, const struct tb_demand *demand,
                 enum tb_unit unit, struct tb_compared *row)
{
    double margin = demand->margin, share = fmax(TB_COUNT_SHARE, margin / margin_parts);

    row->old_value = tb_median_of(old->counts, old->count);
    row->new_value = tb_median_of(new->counts, new->count);
    row->test.statistic = tb_metric_names[demand->metric];
    if (tb_counts_repeat(old->counts, old->count, share) &&
        tb_counts_repeat(new->counts, new->count, share)) {
        row->test.effect =
            tb_effect_of_counts(old->counts, old->count, new->counts, new->count, margin);
        return;
    }
    row->varies =
        fmax(tb_counts_spread(old->counts, old->count), tb_counts_spread(new->counts, new->count));
    row->test.effect = effect_by_chance(old, new, margin, unit);
}

void tb_compare_counts(const struct tb_found *old, const struct tb_found *new,
                       const struct tb_demand *demand, enum tb_unit unit, struct tb_compared *row)
{
    struct side before = side_of(old, demand->metric), after = side_of(new, demand->metric);

    row->unit = ""; /* the statistic says what it is a number of */
    row->old_value = row->new_value = NAN;
    for (size_t i = 0; i < TB_SHIFTS; i++)
        row->shifts[i] = NAN;
    row->reason = obstacle(&before, &after, demand->metric);
    if (!row->reason)
        fill(&before, &after, demand, unit, row);
    free(before.counts);
    free(after.counts);
}
