#include "stats/change_points.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "stats/jump.h"
#include "stats/levels.h"
#include "stats/rank_split.h"
#include "stats/run_row.h"
#include "stats/stats.h"
#include "util/memory.h"

static const size_t side = 3; /* runs that a level has at least, so that no outlier is one */
static const double jump_price = 20;
static const double least_jump = 5; /* deviations: a smaller one has too high a p, of any row */

struct found {
    struct tb_place place;
    double p;
};

/* In the order of places. */
struct list {
    struct found *items;
    size_t count;
};

static void list_finish(struct list *list)
{
    free(list->items);
}

/* A level or a change must be clearer than what the runs' own intervals can explain. */
static double own_z(const struct tb_run_row *series, size_t begin, size_t at, size_t end)
{
    double change = tb_level(&series->levels, at, end) - tb_level(&series->levels, begin, at);
    double left = 0, right = 0;

    for (size_t i = begin; i < end; i++) {
        double own = series->own[i], known = own > 0 ? 1 / (own * own) : 0;

        if (i < at)
            left += known;
        else
            right += known;
    }
    if (!(left > 0) || !(right > 0))
        return INFINITY;
    return fabs(change) / sqrt(1 / left + 1 / right);
}

/* What a p of one window is multiplied with, for all that are looked at; INFINITY: it is not. */
struct price {
    double ranks, jumps;
};

/* Whether ranks show a change within a window that is worth its price. */
static bool test_ranks(const struct tb_run_row *series, const struct tb_window *window,
                       double price, struct found *ret_found)
{
    size_t count = window->end - window->begin;
    size_t fewest = isinf(price) ? 0 : tb_rank_split_fewest(count, series->alpha / price);
    struct tb_rank_split split;
    double z;

    if (!fewest)
        return false;
    fewest = fewest > side ? fewest : side;
    split = tb_rank_split_best(window, fewest, &series->dependence);
    if (2 * tb_normal_p(split.z) > series->alpha / price)
        return false;
    z = fmin(split.z, own_z(series, window->begin, split.at, window->end));
    ret_found->place.at = split.at;
    ret_found->p = tb_rank_split_p(z, count, fewest) * price;
    return ret_found->p <= series->alpha;
}

/* Whether a level may begin or end at position `from`, seen from the window's end in the direction
 * of `step`: four of five values there are far from where most of the window is. */
static bool has_far_end(const struct tb_run_row *series, const struct tb_window *window,
                        size_t from, int step)
{
    size_t count = window->end - window->begin, far = 0;
    double middle = series->x[window->order[count / 2]];

    for (size_t m = 1; m <= count; m++, from += (size_t)step) {
        far += fabs(series->x[from] - middle) > least_jump / 2 * series->levels.noise;
        if (m >= TB_JUMP_SIDE && 5 * far >= 4 * m)
            return true;
    }
    return false;
}

/* Whether there may be two levels: the smaller one is at an end. Quick, as it mostly is not so. */
static bool may_jump(const struct tb_run_row *series, const struct tb_window *window)
{
    return window->end - window->begin >= (size_t)2 * TB_JUMP_SIDE &&
           (has_far_end(series, window, window->begin, 1) ||
            has_far_end(series, window, window->end - 1, -1));
}

/* Whether the sizes of values do. */
static bool test_jump(const struct tb_run_row *series, const struct tb_window *window, double price,
                      struct found *ret_found)
{
    static const struct tb_dependence none = {0, INFINITY};
    size_t begin = window->begin, end = window->end, at;
    double own;

    if (!may_jump(series, window))
        return false;
    at = tb_rank_split_best(window, TB_JUMP_SIDE, &none).at;
    at = tb_place_of(&series->levels, begin, end, at, TB_JUMP_SIDE).at;
    own = 2 * tb_normal_p(own_z(series, begin, at, end)) * (double)(end - begin);
    ret_found->place.at = at;
    ret_found->p = price * fmax(tb_jump_p(&series->levels, begin, at, end, series->count), own);
    return ret_found->p <= series->alpha;
}

/* The clearest change within a window; `order` holds its positions, ascending in x. */
static bool test_window(const struct tb_run_row *series, const size_t *order, size_t begin,
                        size_t end, const struct price *price, struct found *ret_found)
{
    struct tb_window window = {series->x, series->weight, order, begin, end};
    struct found jump;
    bool by_ranks = test_ranks(series, &window, price->ranks, ret_found);

    if (!test_jump(series, &window, price->jumps, &jump) || (by_ranks && ret_found->p <= jump.p))
        return by_ranks;
    *ret_found = jump;
    return true;
}

/* One of `parts` windows side by side, or, shifted by half of one, between them. */
static size_t bound(size_t begin, size_t end, size_t parts, size_t halves)
{
    return begin + (end - begin) * halves / (2 * parts);
}

/* Lays the positions of a segment, ascending in x, out by window: each fills its own places. */
static void lay_out(const size_t *sorted, size_t begin, size_t end, size_t parts, size_t shift,
                    size_t *owner, size_t *ret_order)
{
    tb_autofree size_t *next = tb_alloc(parts, sizeof *next);

    memset(owner, 0xff, (end - begin) * sizeof *owner);
    for (size_t w = 0; w + shift < parts; w++) {
        next[w] = bound(begin, end, parts, 2 * w + shift);
        for (size_t i = next[w]; i < bound(begin, end, parts, 2 * w + 2 + shift); i++)
            owner[i - begin] = w;
    }
    for (size_t i = 0; i < end - begin; i++) {
        size_t w = owner[sorted[i] - begin];

        if (w < parts)
            ret_order[next[w]++ - begin] = sorted[i];
    }
}

struct best {
    size_t begin, end;  /* the window */
    struct found found; /* its p for the whole of the segment */
};

/* Windows of one size. */
static void test_windows(const struct tb_run_row *series, const size_t *sorted, size_t begin,
                         size_t end, size_t parts, const struct price *price, struct best *best)
{
    tb_autofree size_t *owner = tb_alloc(end - begin, sizeof *owner);
    tb_autofree size_t *order = tb_alloc(end - begin, sizeof *order);

    for (size_t shift = 0; shift < 2; shift++) {
        lay_out(sorted, begin, end, parts, shift, owner, order);
        for (size_t w = 0; w + shift < parts; w++) {
            size_t from = bound(begin, end, parts, 2 * w + shift);
            size_t to = bound(begin, end, parts, 2 * w + 2 + shift);
            struct found found;

            if (test_window(series, order + (from - begin), from, to, price, &found) &&
                found.p < best->found.p)
                *best = (struct best){from, to, found};
        }
    }
}

/* Whether ranks could show anything in windows of a size. */
static bool is_worth(const struct tb_run_row *series, size_t length, double price)
{
    return length >= 2 * side && tb_rank_split_fewest(length, series->alpha / price);
}

/*
 * Looks for the clearest change of a segment, in windows: the whole, which has half of the
 * segment's alpha, three of half its length, which share a quarter, seven of a quarter, ... and so
 * on, the smallest with what is left. A segment has that share of alpha which it is of the series.
 * Jumps have a twentieth of alpha besides, in the same way: tests by ranks leave more unused.
 */
static bool search(const struct tb_run_row *series, size_t begin, size_t end, struct best *ret_best)
{
    tb_autofree size_t *sorted = tb_run_row_sorted(series, begin, end);
    double share = (double)series->count / (double)(end - begin), ranks = share;
    bool more = true;

    *ret_best = (struct best){.found.p = INFINITY};
    for (size_t parts = 1; more || (end - begin) / parts >= (size_t)2 * TB_JUMP_SIDE; parts *= 2) {
        double windows = (double)(2 * parts - 1);
        struct price price = {INFINITY, jump_price * share * 2 * (double)parts * windows};

        if (more) {
            more =
                is_worth(series, (end - begin) / (2 * parts), ranks * 4 * (double)(4 * parts - 1));
            ranks *= more ? 2 : 1;
            price.ranks = ranks * windows;
        }
        test_windows(series, sorted, begin, end, parts, &price, ret_best);
    }
    return ret_best->found.p <= series->alpha;
}

static bool find_next(const struct tb_run_row *series, size_t begin, size_t end,
                      struct found *ret_found)
{
    struct best best;

    if (end - begin < 2 * side || !search(series, begin, end, &best))
        return false;
    *ret_found = best.found;
    ret_found->place =
        tb_place_of(&series->levels, best.begin, best.end, best.found.place.at, side);
    return true;
}

static void push(struct list *list, struct found found)
{
    list->items = tb_grow(list->items, list->count + 1, sizeof *list->items);
    list->items[list->count++] = found;
}

/* Parts the series at its clearest change, and each part in the same way. `ends` are those of the
 * parts still to do, the next one last. The caller's. */
static struct list segment(const struct tb_run_row *series)
{
    tb_auto(list_finish) struct list ends = {0};
    struct list points = {0};

    push(&ends, (struct found){.place.at = series->count});
    for (size_t begin = 0; ends.count;) {
        struct found end = ends.items[ends.count - 1], found;

        if (find_next(series, begin, end.place.at, &found)) {
            push(&ends, found);
            continue;
        }
        if (--ends.count) /* the last end is no point */
            push(&points, end);
        begin = end.place.at;
    }
    return points;
}

static size_t begin_of(const struct list *list, size_t index)
{
    return index ? list->items[index - 1].place.at : 0;
}

static size_t end_of(const struct tb_run_row *series, const struct list *list, size_t index)
{
    return index + 1 < list->count ? list->items[index + 1].place.at : series->count;
}

/* Places each point anew between its neighbours, as they are now. */
static void place(const struct tb_run_row *series, struct list *list)
{
    for (int round = 0; round < 3; round++) {
        for (size_t i = 0; i < list->count; i++) {
            struct found *found = &list->items[i];

            found->place = tb_place_of(&series->levels, begin_of(list, i), end_of(series, list, i),
                                       found->place.at, side);
        }
    }
}

/* How clear a point is between its neighbours, as they are now. */
static double p_between(const struct tb_run_row *series, const struct list *list, size_t index)
{
    size_t begin = begin_of(list, index), end = end_of(series, list, index);
    double share = (double)series->count / (double)(end - begin);
    tb_autofree size_t *sorted = tb_run_row_sorted(series, begin, end);
    struct price price = {share, jump_price * share};
    struct found found;

    return test_window(series, sorted, begin, end, &price, &found) ? found.p : INFINITY;
}

/* Takes out points that are none between the neighbours that they have, the least clear first. */
static void prune(const struct tb_run_row *series, struct list *list)
{
    for (;;) {
        size_t worst = 0;
        double most = 0;

        place(series, list);
        for (size_t i = 0; i < list->count; i++) {
            double p = p_between(series, list, i);

            if (p > most) {
                most = p;
                worst = i;
            }
        }
        if (!list->count || most <= series->alpha)
            return;
        list->count--;
        memmove(&list->items[worst], &list->items[worst + 1],
                (list->count - worst) * sizeof *list->items);
    }
}

/* Each run's distance from its level. */
static void fill_residuals(const struct tb_run_row *series, const struct list *list,
                           double *residuals)
{
    for (size_t s = 0, begin = 0, end; s <= list->count; s++, begin = end) {
        double level;

        end = s < list->count ? list->items[s].place.at : series->count;
        if (end == begin)
            continue;
        level = tb_level(&series->levels, begin, end);
        for (size_t i = begin; i < end; i++)
            residuals[i] = series->x[i] - level;
    }
}

/* The noise that is left when the points are taken out. */
static struct tb_noise noise_left(const struct tb_run_row *series, const struct list *list)
{
    tb_autofree double *residuals = tb_alloc(series->count, sizeof *residuals);

    fill_residuals(series, list, residuals);
    return tb_noise_of(residuals, series->count, list->count + 1);
}

static struct tb_change_point point_of(const struct tb_run_row *series, const struct list *list,
                                       size_t index)
{
    const struct found *found = &list->items[index];
    size_t begin = begin_of(list, index), end = end_of(series, list, index), at = found->place.at;
    double r = series->dependence.correlation, noise = series->levels.noise;
    double change = tb_level(&series->levels, at, end) - tb_level(&series->levels, begin, at);
    double error = noise * sqrt((1 + r) / (1 - r) *
                                (1 / tb_level_runs(&series->levels, begin, at) +
                                 1 / tb_level_runs(&series->levels, at, end)));
    double freedom = 1 / (1 / (double)(end - begin - 2) + 1 / series->dependence.freedom);
    double width = tb_student_of(TB_HALF_OF_95, freedom) * error;

    return (struct tb_change_point){
        .at = series->place[at],
        .first = series->place[found->place.first - 1] + 1,
        .last = series->place[found->place.last],
        .ratio = exp(change),
        .low = exp(change - width),
        .high = exp(change + width),
        .p = found->p,
    };
}

/* The points of a series whose noise has been set. */
static struct list find(const struct tb_run_row *series)
{
    struct list list = segment(series);

    prune(series, &list);
    return list;
}

/* At first as if runs did not depend on each other: whatever that finds is taken out. */
static struct tb_noise learn(const struct tb_runs *runs, double alpha)
{
    tb_auto(tb_run_row_finish) struct tb_run_row series = tb_run_row_of(runs, alpha);
    tb_auto(list_finish) struct list list = {0};

    tb_run_row_set_noise(&series, tb_noise_of_steps(series.x, series.count).deviation,
                         (struct tb_dependence){0, INFINITY});
    list = find(&series);
    return noise_left(&series, &list);
}

static struct tb_change_points report(const struct tb_runs *runs, double alpha,
                                      const struct tb_noise *noise,
                                      const struct tb_dependence *dependence)
{
    tb_auto(tb_run_row_finish) struct tb_run_row series = tb_run_row_of(runs, alpha);
    tb_auto(list_finish) struct list list = {0};
    struct tb_change_points found = {
        .used = series.count,
        .noise = expm1(noise->deviation),
        .correlation = dependence->correlation,
    };

    tb_run_row_set_noise(&series, noise->deviation, *dependence);
    list = find(&series);
    found.count = list.count;
    found.points = tb_alloc(list.count, sizeof *found.points);
    for (size_t i = 0; i < list.count; i++)
        found.points[i] = point_of(&series, &list, i);
    return found;
}

double tb_change_points_share(const struct tb_runs *family, size_t count, double alpha)
{
    size_t able = 0;

    for (size_t i = 0; i < count; i++) {
        size_t used = 0;

        for (size_t k = 0; k < family[i].count; k++)
            used += tb_run_counts(&family[i].values[k]);
        able += tb_change_points_possible(used / 2, used - used / 2, alpha);
    }
    return able ? alpha / (double)able : alpha;
}

void tb_change_points_of_family(const struct tb_runs *family, size_t count, double alpha,
                                struct tb_change_points *ret_found)
{
    tb_autofree struct tb_noise *noises = tb_alloc(count, sizeof *noises);
    tb_autofree struct tb_dependence *dependences = tb_alloc(count, sizeof *dependences);
    double share = tb_change_points_share(family, count, alpha);

    for (size_t i = 0; i < count; i++)
        noises[i] = learn(&family[i], share);
    tb_share_dependence(noises, count, dependences);
    for (size_t i = 0; i < count; i++)
        ret_found[i] = report(&family[i], share, &noises[i], &dependences[i]);
}

struct tb_change_points tb_change_points(const struct tb_run_value *values, size_t count,
                                         double alpha)
{
    struct tb_change_points found;

    tb_change_points_of_family(&(struct tb_runs){values, count}, 1, alpha, &found);
    return found;
}

void tb_change_points_finish(struct tb_change_points *found)
{
    free(found->points);
    *found = (struct tb_change_points){0};
}

/* Ranks reach no further than that of so many runs all are to one side of the others. */
static bool ranks_can_show(size_t before, size_t after, double alpha)
{
    struct tb_noise noise = {.count = before + after};
    struct tb_run_row whole = {.count = noise.count, .alpha = alpha};
    double price = is_worth(&whole, noise.count / 2, 12) ? 2 : 1, level = alpha / price;
    size_t fewest = tb_rank_split_fewest(noise.count, level);
    double z = tb_rank_split_most(noise.count, after,
                                  &(struct tb_dependence){0, tb_dependence_of(&noise).freedom});

    return fewest && fewest <= after && fewest <= before &&
           tb_rank_split_p(z, noise.count, fewest > side ? fewest : side) <= level;
}

bool tb_change_points_possible(size_t before, size_t after, double alpha)
{
    return (before >= TB_JUMP_SIDE && after >= TB_JUMP_SIDE) ||
           (before >= side && after >= side && ranks_can_show(before, after, alpha));
}
