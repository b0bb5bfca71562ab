#include "stats/change_points.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "stats/levels.h"
#include "stats/rank_split.h"
#include "stats/stats.h"
#include "util/memory.h"

static const size_t side = 3; /* runs that a level has at least, so that no outlier is one */
static const double half_of_95 = 1.96; /* deviations */

/* The runs that have a value, and what is known of their noise. */
struct series {
    size_t count;
    double *x;         /* logarithms */
    double *own;       /* deviation by the run's own interval; 0: not known */
    double *deviation; /* the larger of that and the common noise */
    double *weight;    /* among others: 1, less for a run less precise than half of them */
    size_t *place;     /* among the runs as they were given */
    size_t *order;     /* 0 ... count-1, ascending in x */
    struct tb_row row;
    struct tb_dependence dependence;
    double alpha;
};

struct found {
    struct tb_place place;
    double p;
};

/* In the order of places. */
struct list {
    struct found *items;
    size_t count;
};

static void series_finish(struct series *series)
{
    free(series->x);
    free(series->own);
    free(series->deviation);
    free(series->weight);
    free(series->place);
    free(series->order);
}

static void list_finish(struct list *list)
{
    free(list->items);
}

struct ranked {
    double x;
    size_t index;
};

static int by_x(const void *a, const void *b)
{
    const struct ranked *one = a, *other = b;

    return (one->x > other->x) - (one->x < other->x);
}

static void fill_order(struct series *series)
{
    tb_autofree struct ranked *ranked = tb_alloc(series->count, sizeof *ranked);

    for (size_t i = 0; i < series->count; i++)
        ranked[i] = (struct ranked){series->x[i], i};
    qsort(ranked, series->count, sizeof *ranked, by_x);
    for (size_t i = 0; i < series->count; i++)
        series->order[i] = ranked[i].index;
}

/* What follows from the common noise. */
static void set_noise(struct series *series, double noise, struct tb_dependence dependence)
{
    double typical;

    noise = fmax(noise, TB_LEAST_NOISE); /* NaN, too */
    for (size_t i = 0; i < series->count; i++)
        series->deviation[i] = fmax(noise, series->own[i]);
    typical = tb_median_of(series->deviation, series->count);
    for (size_t i = 0; i < series->count; i++) {
        double ratio = fmin(typical / series->deviation[i], 1);

        series->weight[i] = ratio * ratio;
    }
    series->row = (struct tb_row){series->x, series->deviation, noise, dependence.correlation};
    series->dependence = dependence;
}

static struct series series_of(const struct tb_runs *runs, double alpha)
{
    size_t count = runs->count;
    struct series series = {
        .x = tb_alloc(count, sizeof *series.x),
        .own = tb_alloc(count, sizeof *series.own),
        .deviation = tb_alloc(count, sizeof *series.deviation),
        .weight = tb_alloc(count, sizeof *series.weight),
        .place = tb_alloc(count, sizeof *series.place),
        .order = tb_alloc(count, sizeof *series.order),
        .alpha = alpha,
    };

    for (size_t i = 0; i < count; i++) {
        const struct tb_run_value *run = &runs->values[i];
        double own = run->half_width / run->value / half_of_95;

        if (!(run->value > 0) || isinf(run->value))
            continue;
        series.x[series.count] = log(run->value);
        series.own[series.count] = own > 0 && !isinf(own) ? own : 0;
        series.place[series.count++] = i;
    }
    fill_order(&series);
    return series;
}

/* A level or a change must be clearer than what the runs' own intervals can explain. */
static double own_z(const struct series *series, size_t begin, size_t at, size_t end)
{
    double change = tb_level(&series->row, at, end) - tb_level(&series->row, begin, at);
    double left = 0, right = 0;

    for (size_t i = begin; i < end; i++) {
        double own = series->own[i];

        *(i < at ? &left : &right) += own > 0 ? 1 / (own * own) : 0;
    }
    if (!(left > 0) || !(right > 0))
        return INFINITY;
    return fabs(change) / sqrt(1 / left + 1 / right);
}

/* The clearest change within a window, if it is clear enough at `level`. */
static bool test_window(const struct series *series, const size_t *order, size_t begin, size_t end,
                        double level, struct found *ret_found)
{
    struct tb_window window = {series->x, series->weight, order, begin, end};
    size_t fewest = tb_rank_split_fewest(end - begin, level);
    struct tb_rank_split split;
    double z;

    if (!fewest)
        return false;
    fewest = fewest > side ? fewest : side;
    split = tb_rank_split_best(&window, fewest, &series->dependence);
    if (2 * tb_normal_p(split.z) > level)
        return false;
    z = fmin(split.z, own_z(series, begin, split.at, end));
    ret_found->place.at = split.at;
    ret_found->p = tb_rank_split_p(z, end - begin, fewest);
    return ret_found->p <= level;
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

/* Windows of one size. `price`: what a p of one of them is multiplied with. */
static void test_windows(const struct series *series, const size_t *sorted, size_t begin,
                         size_t end, size_t parts, double price, struct best *best)
{
    tb_autofree size_t *owner = tb_alloc(end - begin, sizeof *owner);
    tb_autofree size_t *order = tb_alloc(end - begin, sizeof *order);

    for (size_t shift = 0; shift < 2; shift++) {
        lay_out(sorted, begin, end, parts, shift, owner, order);
        for (size_t w = 0; w + shift < parts; w++) {
            size_t from = bound(begin, end, parts, 2 * w + shift);
            size_t to = bound(begin, end, parts, 2 * w + 2 + shift);
            struct found found;

            if (!test_window(series, order + (from - begin), from, to, series->alpha / price,
                             &found))
                continue;
            found.p *= price;
            if (found.p < best->found.p)
                *best = (struct best){from, to, found};
        }
    }
}

/* The positions of a segment, ascending in x. The caller's. */
static size_t *sorted_within(const struct series *series, size_t begin, size_t end)
{
    size_t *sorted = tb_alloc(end - begin, sizeof *sorted), count = 0;

    for (size_t i = 0; i < series->count; i++) {
        if (series->order[i] >= begin && series->order[i] < end)
            sorted[count++] = series->order[i];
    }
    return sorted;
}

/* Whether windows of a size could show anything. */
static bool is_worth(const struct series *series, size_t length, double price)
{
    return length >= 2 * side && tb_rank_split_fewest(length, series->alpha / price);
}

/*
 * Looks for the clearest change of a segment, in windows: the whole, which has half of the
 * segment's alpha, three of half its length, which share a quarter, seven of a quarter, ... and so
 * on, the smallest with what is left. A segment has that share of alpha which it is of the series.
 */
static bool search(const struct series *series, size_t begin, size_t end, struct best *ret_best)
{
    tb_autofree size_t *sorted = sorted_within(series, begin, end);
    double price = (double)series->count / (double)(end - begin);
    bool more = true;

    *ret_best = (struct best){.found.p = INFINITY};
    for (size_t parts = 1; more; parts *= 2) {
        double next = price * 4 * (double)(4 * parts - 1);

        more = is_worth(series, (end - begin) / (2 * parts), next);
        price *= more ? 2 : 1;
        test_windows(series, sorted, begin, end, parts, price * (double)(2 * parts - 1), ret_best);
    }
    return ret_best->found.p <= series->alpha;
}

static bool find_next(const struct series *series, size_t begin, size_t end,
                      struct found *ret_found)
{
    struct best best;

    if (end - begin < 2 * side || !search(series, begin, end, &best))
        return false;
    *ret_found = best.found;
    ret_found->place = tb_place_of(&series->row, best.begin, best.end, best.found.place.at, side);
    return true;
}

static void push(struct list *list, struct found found)
{
    list->items = tb_grow(list->items, list->count + 1, sizeof *list->items);
    list->items[list->count++] = found;
}

/* Parts the series at its clearest change, and each part in the same way. `ends` are those of the
 * parts still to do, the next one last. The caller's. */
static struct list segment(const struct series *series)
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

static size_t end_of(const struct series *series, const struct list *list, size_t index)
{
    return index + 1 < list->count ? list->items[index + 1].place.at : series->count;
}

/* Places each point anew between its neighbours, as they are now. */
static void place(const struct series *series, struct list *list)
{
    for (int round = 0; round < 3; round++) {
        for (size_t i = 0; i < list->count; i++) {
            struct found *found = &list->items[i];

            found->place = tb_place_of(&series->row, begin_of(list, i), end_of(series, list, i),
                                       found->place.at, side);
        }
    }
}

/* How clear a point is between its neighbours, as they are now. */
static double p_between(const struct series *series, const struct list *list, size_t index)
{
    size_t begin = begin_of(list, index), end = end_of(series, list, index);
    double price = (double)series->count / (double)(end - begin);
    tb_autofree size_t *sorted = sorted_within(series, begin, end);
    struct found found;

    if (!test_window(series, sorted, begin, end, series->alpha / price, &found))
        return INFINITY;
    return found.p * price;
}

/* Takes out points that are none between the neighbours that they have, the least clear first. */
static void prune(const struct series *series, struct list *list)
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
static void fill_residuals(const struct series *series, const struct list *list, double *residuals)
{
    for (size_t s = 0, begin = 0, end; s <= list->count; s++, begin = end) {
        double level;

        end = s < list->count ? list->items[s].place.at : series->count;
        if (end == begin)
            continue;
        level = tb_level(&series->row, begin, end);
        for (size_t i = begin; i < end; i++)
            residuals[i] = series->x[i] - level;
    }
}

/* The noise that is left when the points are taken out. */
static struct tb_noise noise_left(const struct series *series, const struct list *list)
{
    tb_autofree double *residuals = tb_alloc(series->count, sizeof *residuals);

    fill_residuals(series, list, residuals);
    return tb_noise_of(residuals, series->count, list->count + 1);
}

static struct tb_change_point point_of(const struct series *series, const struct list *list,
                                       size_t index)
{
    const struct found *found = &list->items[index];
    size_t begin = begin_of(list, index), end = end_of(series, list, index), at = found->place.at;
    double r = series->dependence.correlation, noise = series->row.noise;
    double change = tb_level(&series->row, at, end) - tb_level(&series->row, begin, at);
    double error = noise * sqrt((1 + r) / (1 - r) *
                                (1 / tb_level_runs(&series->row, begin, at) +
                                 1 / tb_level_runs(&series->row, at, end)));
    double freedom = 1 / (1 / (double)(end - begin - 2) + 1 / series->dependence.freedom);
    double width = tb_student_of(half_of_95, freedom) * error;

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
static struct list find(const struct series *series)
{
    struct list list = segment(series);

    prune(series, &list);
    return list;
}

/* At first as if runs did not depend on each other: whatever that finds is taken out. */
static struct tb_noise learn(const struct tb_runs *runs, double alpha)
{
    tb_auto(series_finish) struct series series = series_of(runs, alpha);
    tb_auto(list_finish) struct list list = {0};

    set_noise(&series, tb_noise_of_steps(series.x, series.count).deviation,
              (struct tb_dependence){0, INFINITY});
    list = find(&series);
    return noise_left(&series, &list);
}

static struct tb_change_points report(const struct tb_runs *runs, double alpha,
                                      const struct tb_noise *noise,
                                      const struct tb_dependence *dependence)
{
    tb_auto(series_finish) struct series series = series_of(runs, alpha);
    tb_auto(list_finish) struct list list = {0};
    struct tb_change_points found = {
        .used = series.count,
        .noise = expm1(noise->deviation),
        .correlation = dependence->correlation,
    };

    set_noise(&series, noise->deviation, *dependence);
    list = find(&series);
    found.count = list.count;
    found.points = tb_alloc(list.count, sizeof *found.points);
    for (size_t i = 0; i < list.count; i++)
        found.points[i] = point_of(&series, &list, i);
    return found;
}

void tb_change_points_of_family(const struct tb_runs *family, size_t count, double alpha,
                                struct tb_change_points *ret_found)
{
    tb_autofree struct tb_noise *noises = tb_alloc(count, sizeof *noises);
    tb_autofree struct tb_dependence *dependences = tb_alloc(count, sizeof *dependences);

    for (size_t i = 0; i < count; i++)
        noises[i] = learn(&family[i], alpha / (double)count);
    tb_share_dependence(noises, count, dependences);
    for (size_t i = 0; i < count; i++)
        ret_found[i] = report(&family[i], alpha / (double)count, &noises[i], &dependences[i]);
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

/* How clear a level of `after` runs can be at most, and how clear it has to be. */
static bool can_be_seen(size_t before, size_t after, double alpha)
{
    struct tb_noise noise = {.count = before + after};
    struct series whole = {.count = noise.count, .alpha = alpha};
    double price = is_worth(&whole, noise.count / 2, 12) ? 2 : 1, level = alpha / price;
    size_t fewest = tb_rank_split_fewest(noise.count, level);
    double z = tb_rank_split_most(noise.count, after,
                                  &(struct tb_dependence){0, tb_dependence_of(&noise).freedom});

    return fewest && fewest <= after &&
           tb_rank_split_p(z, noise.count, fewest > side ? fewest : side) <= level;
}

size_t tb_change_points_soonest(size_t before, double alpha)
{
    for (size_t after = side; before >= side && after <= 10000; after++) {
        if (can_be_seen(before, after, alpha))
            return after;
    }
    return 0;
}
