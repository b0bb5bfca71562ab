#include "stats/rank_split.h"

#include <math.h>
#include <stdlib.h>

#include "stats/stats.h"
#include "util/memory.h"

static double log_choose(double n, double k)
{
    return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1);
}

/* D. L. Wallace, Annals of Mathematical Statistics 30, 1959: good far out as well. */
static double bend(double freedom)
{
    return (8 * freedom + 1) / (8 * freedom + 3);
}

double tb_normal_of(double t, double freedom)
{
    if (isinf(freedom))
        return t;
    return bend(freedom) * sqrt(freedom * log1p(t * t / freedom));
}

double tb_student_of(double z, double freedom)
{
    double u = z / bend(freedom);

    if (isinf(freedom))
        return z;
    return sqrt(freedom * expm1(u * u / freedom));
}

/* Siegmund's nu: by how much steps overshoot what a continuous path would cross. */
static double overshoot(double x)
{
    double half = x / 2, inside = 0.5 - tb_normal_p(half);
    double density = exp(-half * half / 2) / sqrt(2 * M_PI);

    return 2 / x * inside / (half * (1 - tb_normal_p(half)) + density);
}

double tb_rank_split_p(double z, size_t count, size_t nearest)
{
    double each = 2 * tb_normal_p(z), sum = each, n = (double)count;
    double density = exp(-z * z / 2) / sqrt(2 * M_PI);

    if (count < 2 * nearest || !(z > 1))
        return 1;
    for (size_t k = nearest + 1; k + nearest <= count; k++) {
        double rate = n / ((double)k * (n - (double)k));

        sum += fmin(each, z * density * rate * overshoot(z * sqrt(rate)));
    }
    return fmin(sum, 1);
}

size_t tb_rank_split_fewest(size_t count, double level)
{
    for (size_t k = 1; k <= count / 2; k++) {
        if (log(2) - log_choose((double)count, (double)k) <= log(level))
            return k;
    }
    return 0;
}

/* The z of a chance whose logarithm is given; below a half. */
static double z_of_log_p(double log_p)
{
    double low = 0, high = sqrt(-2 * log_p);

    for (int i = 0; i < 60; i++) {
        double z = (low + high) / 2, p = tb_normal_p(z);
        double log_at = p > 0 ? log(p) : -z * z / 2 - log(z * sqrt(2 * M_PI));

        if (log_at > log_p)
            low = z;
        else
            high = z;
    }
    return low;
}

/* Ranks about their middle, those of equal values shared; a value takes as much room among them as
 * it has weight. Returns all of the room. */
static double fill_scores(const struct tb_window *window, double *scores)
{
    size_t count = window->end - window->begin;
    double below = 0;

    for (size_t i = 0, tie; i < count; i = tie) {
        double room = 0;

        for (tie = i; tie < count && window->x[window->order[tie]] == window->x[window->order[i]];)
            room += window->weight[window->order[tie++]];
        for (size_t k = i; k < tie; k++)
            scores[window->order[k] - window->begin] = below + room / 2;
        below += room;
    }
    for (size_t i = 0; i < count; i++)
        scores[i] -= below / 2;
    return below;
}

/* The variance of one rank, if none are equal. */
static double variance_of(const double *weights, size_t count, double room)
{
    double cubes = 0;

    for (size_t i = 0; i < count; i++)
        cubes += weights[i] * weights[i] * weights[i];
    return (room * room - cubes / room) / 12;
}

/*
 * How clear a gap between the mean ranks of m values and n others is: the squared correlation of
 * ranks and sides has, over all orders, a mean of 1 / (m + n - 1), and the kurtosis is known. A
 * beta distribution can have both, whose tails are Student's; far out it gives a little more than
 * is true. At the end, where all of one side is above the other, the chance is that of one order.
 */
static double z_of_gap(double gap, double m, double n, double variance)
{
    double all = m + n, squared = gap * gap * m * n / (all * all) / variance;
    double freedom = 5 * m * n * (all + 1) / (m * m + n * n + m * n + all) - 3;
    double bound = (freedom + 1) / (all - 1);

    if (m < 1 || n < 1 || freedom < 1)
        return 0;
    if (fabs(gap) > all / 2 * (1 - 1e-9))
        return z_of_log_p(-log_choose(all, m));
    return tb_normal_of(sqrt(freedom * squared / (bound - squared)), freedom);
}

/*
 * By how much correlation makes the variance of a difference of two means larger, those of `m`
 * values and of `n` that follow them.
 */
static double inflation(double m, double n, double r)
{
    double ends = r / ((1 - r) * (1 - r)), rm, rn, sum;

    if (r <= 0)
        return 1;
    rm = 1 - pow(r, m);
    rn = 1 - pow(r, n);
    sum = (1 + r) / (1 - r) * (1 / m + 1 / n);
    sum -= 2 * ends * (rm / (m * m) + rn / (n * n) + rm * rn / (m * n));
    return fmax(sum / (1 / m + 1 / n), 1);
}

/* The z of a cut before position `first` of `count`, where the correlation is known. */
static double dampened(double z, size_t first, size_t count, double correlation)
{
    return z / sqrt(inflation((double)first, (double)(count - first), correlation));
}

double tb_rank_split_most(size_t count, size_t after, const struct tb_dependence *dependence)
{
    double z = z_of_log_p(-log_choose((double)count, (double)after));

    return tb_normal_of(dampened(z, after, count, dependence->correlation), dependence->freedom);
}

struct tb_rank_split tb_rank_split_best(const struct tb_window *window, size_t nearest,
                                        const struct tb_dependence *dependence)
{
    size_t count = window->end - window->begin;
    struct tb_rank_split split = {window->begin, 0};
    tb_autofree double *scores = tb_alloc(count, sizeof *scores);
    const double *weights = window->weight + window->begin;
    double room = fill_scores(window, scores), variance = variance_of(weights, count, room);
    double left = 0, sum = 0;

    for (size_t k = 1; k + nearest <= count; k++) {
        double z, gap;

        left += weights[k - 1];
        sum += weights[k - 1] * scores[k - 1];
        gap = sum / left + sum / (room - left); /* as all scores sum up to 0 */
        /* Mostly there is nothing worth more than a glance. */
        if (k < nearest || gap * gap * left * (room - left) < 2.25 * room * variance)
            continue;
        z = dampened(z_of_gap(gap, left, room - left, variance), k, count, dependence->correlation);
        if (z > split.z)
            split = (struct tb_rank_split){window->begin + k, z};
    }
    split.z = tb_normal_of(split.z, dependence->freedom);
    return split;
}
