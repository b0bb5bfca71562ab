#include "compare/conclusion.h"

#include <math.h>

const char *const tb_conclusion_names[] = {"inconclusive", "no regression", "regression"};

enum tb_row_state tb_row_state(const struct tb_compared *row)
{
    if (row->old_failed || row->new_failed)
        return TB_ROW_FAILED;
    if (row->reason)
        return row->uncompared ? TB_ROW_UNCOMPARED : TB_ROW_MISSING;
    if (row->test.verdict == TB_SLOWER || row->tail.verdict == TB_SLOWER)
        return TB_ROW_SLOWER;
    if (row->test.verdict == TB_INCONCLUSIVE)
        return TB_ROW_INCONCLUSIVE;
    return row->test.verdict == TB_FASTER ? TB_ROW_FASTER : TB_ROW_SAME;
}

struct tb_verdict_counts tb_verdict_counts(const struct tb_comparisons *comparisons)
{
    struct tb_verdict_counts counts = {0};

    for (size_t i = 0; i < comparisons->count; i++) {
        const struct tb_comparison *comparison = &comparisons->each[i];

        counts.listed += comparison->count;
        for (size_t k = 0; k < comparison->count; k++) {
            counts.of[tb_row_state(&comparison->rows[k])]++;
            counts.old_failed += comparison->rows[k].old_failed;
        }
    }
    counts.decided = counts.of[TB_ROW_SLOWER] + counts.of[TB_ROW_FASTER] + counts.of[TB_ROW_SAME];
    counts.compared = counts.decided + counts.of[TB_ROW_INCONCLUSIVE];
    return counts;
}

static enum tb_conclusion_kind kind_of(const struct tb_verdict_counts *counts)
{
    if (counts->of[TB_ROW_SLOWER])
        return TB_CONCLUDE_REGRESSION;
    return counts->decided && counts->decided + counts->of[TB_ROW_MISSING] == counts->listed
               ? TB_CONCLUDE_NO_REGRESSION
               : TB_CONCLUDE_INCONCLUSIVE;
}

/* Whether the finding comes before another one. */
static bool is_worse(const struct tb_finding *one, const struct tb_finding *other)
{
    bool tail = one->test == &one->row->tail, other_tail = other->test == &other->row->tail;
    double ratio = one->test->effect.ratio, other_ratio = other->test->effect.ratio;

    if (tail != other_tail)
        return other_tail;
    return one->test->verdict == TB_FASTER ? ratio < other_ratio : ratio > other_ratio;
}

/* Puts it where it belongs among the worst, if it does. */
static void add_finding(struct tb_conclusion *conclusion, const struct tb_finding *finding)
{
    size_t at = conclusion->found;

    conclusion->of++;
    while (at && is_worse(finding, &conclusion->findings[at - 1]))
        at--;
    if (at == TB_FINDINGS)
        return;
    if (conclusion->found < TB_FINDINGS)
        conclusion->found++;
    for (size_t last = conclusion->found - 1; last > at; last--)
        conclusion->findings[last] = conclusion->findings[last - 1];
    conclusion->findings[at] = *finding;
}

/* Whether an earlier comparison, which has the same old side, goes on with the case anyway. */
static bool goes_on_before(const struct tb_comparisons *comparisons, size_t index, const char *name)
{
    for (size_t i = 0; i < index; i++) {
        const struct tb_compared *row = tb_comparison_find(&comparisons->each[i], name);

        if (row && tb_row_state(row) == TB_ROW_INCONCLUSIVE)
            return true;
    }
    return false;
}

/* What an inconclusive case of a comparison needs. */
static void add_need(const struct tb_comparisons *comparisons, size_t index,
                     const struct tb_compared *row, struct tb_conclusion *conclusion)
{
    const struct tb_effect *effect = &row->test.effect;
    double seconds = row->new_s;

    conclusion->powerless &= row->test.powerless;
    if (effect->pairs > conclusion->most)
        conclusion->most = effect->pairs;
    if (!effect->pairs_needed) {
        conclusion->hopeless++;
        return;
    }
    if (effect->pairs_needed > conclusion->units_needed)
        conclusion->units_needed = effect->pairs_needed;
    if (!goes_on_before(comparisons, index, row->name))
        seconds += row->old_s;
    conclusion->seconds_needed += (double)effect->pairs_needed * seconds;
}

static void add_row(const struct tb_comparisons *comparisons, size_t index,
                    const struct tb_compared *row, struct tb_conclusion *conclusion)
{
    static const enum tb_row_state wanted[] = {
        [TB_CONCLUDE_INCONCLUSIVE] = TB_ROW_INCONCLUSIVE,
        [TB_CONCLUDE_NO_REGRESSION] = TB_ROW_FASTER,
        [TB_CONCLUDE_REGRESSION] = TB_ROW_SLOWER,
    };
    enum tb_row_state state = tb_row_state(row);
    bool tail = state == TB_ROW_SLOWER && row->test.verdict != TB_SLOWER;

    if (state == wanted[conclusion->kind])
        add_finding(conclusion, &(struct tb_finding){&comparisons->each[index], row,
                                                     tail ? &row->tail : &row->test});
    if (state == TB_ROW_INCONCLUSIVE)
        add_need(comparisons, index, row, conclusion);
}

struct tb_conclusion tb_conclude(const struct tb_comparisons *comparisons)
{
    struct tb_conclusion conclusion = {.counts = tb_verdict_counts(comparisons)};
    const struct tb_comparison *first = comparisons->each;

    conclusion.kind = kind_of(&conclusion.counts);
    conclusion.powerless = conclusion.counts.of[TB_ROW_INCONCLUSIVE] > 0;
    for (size_t i = 0; i < comparisons->count; i++) {
        const struct tb_comparison *comparison = &comparisons->each[i];

        for (size_t k = 0; k < comparison->count; k++)
            add_row(comparisons, i, &comparison->rows[k], &conclusion);
        if (comparison->fewest > conclusion.fewest)
            conclusion.fewest = comparison->fewest;
    }
    if (first->unit != TB_UNIT_ROUND || !conclusion.units_needed)
        conclusion.seconds_needed = NAN;
    if (first->unit == TB_UNIT_REPETITION && first->fewest)
        conclusion.runs_needed = first->fewest - 1; /* the same test, of a value for each run */
    return conclusion;
}
