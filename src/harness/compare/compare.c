#include "compare/compare.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "compare/counted.h"
#include "compare/values.h"
#include "document/series.h"
#include "stats/rank_sum.h"
#include "util/json.h"
#include "util/memory.h"

const double tb_shift_percents[TB_SHIFTS] = {10, 50, 90, 99};

/* Tails vary more, and a change of them matters from here on. */
static const double least_tail_margin = 0.05;

/* A case while it is compared. */
struct view {
    struct tb_found old, new;
    const struct tb_demand *demand;
    enum tb_unit unit;
};

static struct tb_effect effect_of(const struct view *view, struct tb_values *values, double margin)
{
    if (view->unit == TB_UNIT_ROUND)
        return tb_effect_of_pairs(values->old, values->new, values->old_count, margin);
    return tb_effect_of_sides(values->old, values->old_count, values->new, values->new_count,
                              margin);
}

static const char *pick_field(const struct view *view, const char *field)
{
    return tb_found_has(&view->old, field) && tb_found_has(&view->new, field) ? field : "mean";
}

static void pool(const struct tb_found *found, struct tb_histogram *ret_all)
{
    for (size_t i = 0; i < found->side->count; i++) {
        const struct tb_record *record = found->records[i];

        for (size_t k = 0; record && k < TB_PLACEMENTS; k++)
            tb_histogram_add(ret_all, &record->pooled[k]);
    }
}

static void find_shifts(const struct view *view, struct tb_compared *row)
{
    tb_auto(tb_histogram_finish) struct tb_histogram old = {0}, new = {0};

    pool(&view->old, &old);
    pool(&view->new, &new);
    for (size_t i = 0; i < TB_SHIFTS; i++) {
        double was = tb_histogram_quantile(&old, tb_shift_percents[i] / 100);
        double is = tb_histogram_quantile(&new, tb_shift_percents[i] / 100);

        row->shifts[i] = was > 0 && is > 0 ? is / was : NAN;
    }
}

/* What keeps a side's records from being of this very case, or NULL. */
static const char *another(const struct tb_found *found, const struct tb_case *spec, bool force)
{
    for (size_t i = 0; i < found->side->count; i++) {
        const struct tb_record *record = found->records[i];

        if (record && strcmp(record->spec->unit, spec->unit) != 0)
            return "it does not count the same everywhere";
        if (record && !force && !tb_is_same_case(record->spec, spec))
            return "the benchmark itself has changed (--force compares it nevertheless)";
    }
    return NULL;
}

/* Of the two that are there the one that is not what it should be, a failure before all, and what
 * says why before what was not measured for that reason; or NULL. */
static const struct tb_record *worse_of(const struct tb_record *old, const struct tb_record *new)
{
    bool old_first = old->outcome == TB_FAILED ? new->outcome != TB_FAILED
                                               : old->outcome != TB_OK &&new->outcome == TB_OK;

    if (tb_is_missing(new) && !old_first)
        return new;
    return tb_is_missing(old) ? old : NULL;
}

static char *missing_text(const struct tb_record *old, const struct tb_record *new)
{
    const struct tb_record *missing = worse_of(old, new);
    bool both = tb_is_missing(old) && tb_is_missing(new) && old->outcome == new->outcome;

    return tb_print("%s on %s%s%s",
                    missing->outcome == TB_OK ? "never measured"
                                              : tb_outcome_names[missing->outcome],
                    both             ? "both sides"
                    : missing == old ? "the old side"
                                     : "the new side",
                    missing->reason ? ": " : "", missing->reason ? missing->reason : "");
}

/* Why a case cannot be compared; NULL where it can. The caller's. */
static char *obstacle(const struct view *view, const struct tb_record *old,
                      const struct tb_record *new)
{
    const char *why;

    if (!old || !new)
        return tb_print("only on the %s side", old ? "old" : "new");
    if (worse_of(old, new))
        return missing_text(old, new);
    why = another(&view->old, new->spec, view->demand->force);
    if (!why)
        why = another(&view->new, new->spec, view->demand->force);
    if (!why && (!tb_found_has(&view->old, "mean") || !tb_found_has(&view->new, "mean")))
        why = "a value is not above 0, so there is no ratio";
    return why ? tb_copy(why) : NULL;
}

/* By the primary statistic; a reason where no two values belong together. */
static void fill_effect(const struct view *view, const struct tb_case *spec,
                        struct tb_compared *row)
{
    struct tb_values values;

    row->test.statistic = pick_field(view, spec->primary);
    values = tb_found_values(&view->old, &view->new, view->unit, row->test.statistic);
    row->test.effect = effect_of(view, &values, view->demand->margin);
    row->old_value = tb_statistics(values.old, values.old_count).median;
    row->new_value = tb_statistics(values.new, values.new_count).median;
    if (!row->test.effect.pairs)
        row->reason = tb_copy("no round was measured on both sides");
    tb_values_finish(&values);
}

/* A mean over a block has no tail, and between sessions tails differ by more than the change. */
static void fill_tail(const struct view *view, const struct tb_case *spec, struct tb_compared *row)
{
    const char *field = pick_field(view, "p99");
    struct tb_values values;

    if (view->unit != TB_UNIT_ROUND || spec->block > 1 || !strcmp(field, row->test.statistic))
        return;
    values = tb_found_values(&view->old, &view->new, view->unit, field);
    row->tail.statistic = field;
    row->tail.effect = effect_of(view, &values, fmax(view->demand->margin, least_tail_margin));
    tb_values_finish(&values);
}

static void fill_row(const struct view *view, struct tb_compared *row)
{
    const struct tb_record *old = tb_found_best(&view->old);
    const struct tb_record *new = tb_found_best(&view->new);

    row->unit = new ? new->spec->unit : old ? old->spec->unit : "ns";
    row->reason = obstacle(view, old, new);
    row->old_failed = old && old->outcome == TB_FAILED;
    row->new_failed = new &&new->outcome == TB_FAILED;
    row->old_s = tb_found_process_s(&view->old);
    row->new_s = tb_found_process_s(&view->new);
    if (!row->reason && view->demand->metric)
        tb_compare_counts(&view->old, &view->new, view->demand, view->unit, row);
    else if (!row->reason && new)
        fill_effect(view, new->spec, row);
    row->uncompared = row->reason && old && new && old->outcome == TB_OK &&new->outcome == TB_OK;
    if (view->demand->metric)
        return;
    if (row->reason || !new) {
        row->old_value = tb_found_value(&view->old);
        row->new_value = tb_found_value(&view->new);
        return;
    }
    find_shifts(view, row);
    fill_tail(view, new->spec, row);
}

/* The tests of a family that can be judged: of the primary statistics, or of the tails. */
static size_t list_tests(const struct tb_comparison *comparison, bool tails, struct tb_test **tests)
{
    size_t count = 0;

    for (size_t i = 0; i < comparison->count; i++) {
        struct tb_compared *row = &comparison->rows[i];
        struct tb_test *test = tails ? &row->tail : &row->test;

        if (!row->reason && test->statistic)
            tests[count++] = test;
    }
    return count;
}

/* What p of the first of so many tests has to be, one-sided. */
static double level_of(const struct tb_rule *rule, size_t count)
{
    return rule->alpha / (2 * (double)count);
}

/* With how many units a side such a p is possible, if all agree. */
static size_t fewest_of(enum tb_unit unit, double level)
{
    return unit == TB_UNIT_ROUND ? (size_t)ceil(-log2(level)) : tb_rank_sum_fewest(level);
}

/* Sets `fewest` where it is not about tails. What has fewer units needs so many before all else,
 * and shows too little for a better estimate. */
static void judge(struct tb_comparison *comparison, const struct tb_rule *rule, bool tails)
{
    tb_autofree struct tb_test **tests = tb_alloc(comparison->count, sizeof(struct tb_test *));
    tb_autofree struct tb_effect *effects = tb_alloc(comparison->count, sizeof *effects);
    tb_autofree enum tb_verdict *verdicts = tb_alloc(comparison->count, sizeof *verdicts);
    size_t count = list_tests(comparison, tails, tests);
    double level = level_of(rule, count);
    size_t fewest = count ? fewest_of(comparison->unit, level) : 0;

    for (size_t i = 0; i < count; i++)
        effects[i] = tests[i]->effect;
    tb_judge(effects, count, rule, verdicts);
    for (size_t i = 0; i < count; i++) {
        struct tb_effect *effect = &tests[i]->effect;

        *effect = effects[i];
        tests[i]->verdict = verdicts[i];
        tests[i]->powerless = verdicts[i] == TB_INCONCLUSIVE && effect->least_p > level;
        if (tests[i]->powerless && effect->pairs < fewest)
            effect->pairs_needed = fewest - effect->pairs;
    }
    if (!tails)
        comparison->fewest = fewest;
}

static bool is_wanted(const struct tb_record *record, const struct tb_demand *demand)
{
    return record->role == TB_SELECTED && (record->spec->core || !demand->core) &&
           (record->spec->standard || !demand->standard) &&
           (!demand->filter || regexec(demand->filter, record->spec->name, 0, NULL, 0) == 0);
}

/* A row for each case that `names` does not have yet. */
static void list_rows(const struct tb_side *side, const struct tb_demand *demand,
                      struct tb_names *names, struct tb_comparison *comparison)
{
    for (size_t i = 0; i < side->count; i++) {
        const struct tb_result *result = side->results[i];

        comparison->rows =
            tb_grow(comparison->rows, comparison->count + result->count, sizeof *comparison->rows);
        for (size_t k = 0; k < result->count; k++) {
            const char *name = result->records[k].spec->name;

            if (is_wanted(&result->records[k], demand) &&
                tb_names_add(names, name) == comparison->count)
                comparison->rows[comparison->count++] = (struct tb_compared){.name = name};
        }
    }
}

static bool is_same_program(const struct tb_match *match)
{
    const struct tb_side *const sides[] = {&match->old, &match->new};
    const struct tb_subject *first = (*match->old.results)->subject;
    bool same = true;

    for (size_t i = 0; i < 2; i++) {
        for (size_t k = 0; same && k < sides[i]->count; k++)
            same = tb_is_same_program(first, sides[i]->results[k]->subject);
    }
    return same;
}

struct tb_comparison tb_compare(const struct tb_side *old, const struct tb_side *new,
                                const struct tb_demand *demand)
{
    double share = demand->look_share > 0 ? demand->look_share : 1;
    double alpha = demand->alpha * share / (double)(demand->others + 1);
    struct tb_comparison comparison = {
        .old = old->name,
        .new = new->name,
        .rule = {demand->margin, alpha * TB_PRIMARY_ALPHA_SHARE},
        .alpha = demand->alpha,
        .look_share = share,
        .metric = demand->metric,
    };
    struct tb_rule tails = {fmax(demand->margin, least_tail_margin),
                            alpha * (1 - TB_PRIMARY_ALPHA_SHARE)};
    tb_auto(tb_match_finish) struct tb_match match = tb_match(old, new, demand->pair);
    tb_auto(tb_names_finish) struct tb_names names = {0};
    struct view view = {.demand = demand, .unit = match.unit};

    comparison.unit = match.unit;
    comparison.drifts = match.drifts && !demand->metric; /* counts do not */
    comparison.same_program = is_same_program(&match);
    comparison.left_out = old->count - match.old.count + new->count - match.new.count;
    view.old = (struct tb_found){&match.old, tb_alloc(match.old.count, sizeof *view.old.records)};
    view.new = (struct tb_found){&match.new, tb_alloc(match.new.count, sizeof *view.new.records)};
    list_rows(&match.old, demand, &names, &comparison);
    list_rows(&match.new, demand, &names, &comparison);
    for (size_t i = 0; i < comparison.count; i++) {
        tb_found_next(&view.old, comparison.rows[i].name);
        tb_found_next(&view.new, comparison.rows[i].name);
        fill_row(&view, &comparison.rows[i]);
    }
    free(view.old.records);
    free(view.new.records);
    judge(&comparison, &comparison.rule, false);
    judge(&comparison, &tails, true);
    return comparison;
}

struct tb_demand tb_demand_of(const struct tb_settings *settings)
{
    return (struct tb_demand){
        .margin = settings->margin,
        .alpha = settings->alarm_alpha,
        .look_share = settings->look_share,
        .others = settings->subjects > 2 ? settings->subjects - 2 : 0,
        .force = settings->forced,
        .metric = settings->metric,
    };
}

void tb_comparison_finish(struct tb_comparison *comparison)
{
    for (size_t i = 0; i < comparison->count; i++)
        free(comparison->rows[i].reason);
    free(comparison->rows);
    *comparison = (struct tb_comparison){0};
}

bool tb_reports_tail(const struct tb_compared *row)
{
    if (row->tail.verdict == TB_SLOWER)
        return row->test.verdict != TB_SLOWER;
    return row->tail.verdict == TB_FASTER && row->test.verdict == TB_SAME;
}

const struct tb_compared *tb_comparison_find(const struct tb_comparison *comparison,
                                             const char *name)
{
    for (size_t i = 0; i < comparison->count; i++) {
        if (!strcmp(comparison->rows[i].name, name))
            return &comparison->rows[i];
    }
    return NULL;
}

void tb_comparisons_add(struct tb_comparisons *comparisons, const struct tb_side *old,
                        const struct tb_side *new, const struct tb_demand *demand)
{
    size_t count = comparisons->count++;

    comparisons->each = tb_grow(comparisons->each, count + 1, sizeof *comparisons->each);
    comparisons->each[count] = tb_compare(old, new, demand);
}

void tb_comparisons_add_results(struct tb_comparisons *comparisons, const struct tb_result *results,
                                size_t count, const struct tb_demand *demand)
{
    const struct tb_result *first = results;
    const struct tb_side base = {&first, 1, first->subject->label};
    struct tb_demand shared = *demand;

    shared.others = demand->others > count - 2 ? demand->others : count - 2;
    for (const struct tb_result *other = results + 1; other < results + count; other++)
        tb_comparisons_add(comparisons, &base, &(struct tb_side){&other, 1, other->subject->label},
                           &shared);
}

void tb_comparisons_finish(struct tb_comparisons *comparisons)
{
    for (size_t i = 0; i < comparisons->count; i++)
        tb_comparison_finish(&comparisons->each[i]);
    free(comparisons->each);
    *comparisons = (struct tb_comparisons){0};
}
