#include "stats/levels.h"

#include <math.h>
#include <stdlib.h>

#include "stats/stats.h"
#include "util/memory.h"

/* One step towards the centre of what is not far from `level`. */
static double nearer(const struct tb_level_row *row, size_t begin, size_t end, double level)
{
    static const double reach = 4.685; /* Tukey's, for 95 % of the mean's efficiency */
    double sum = 0, weights = 0;

    for (size_t i = begin; i < end; i++) {
        double u = (row->x[i] - level) / row->deviation[i] / reach;
        double weight = fabs(u) < 1 ? (1 - u * u) * (1 - u * u) : 0;

        weight /= row->deviation[i] * row->deviation[i];
        sum += weight * row->x[i];
        weights += weight;
    }
    return weights > 0 ? sum / weights : level;
}

double tb_level(const struct tb_level_row *row, size_t begin, size_t end)
{
    double level = tb_median_of(row->x + begin, end - begin);

    for (int i = 0; i < 4; i++)
        level = nearer(row, begin, end, level);
    return level;
}

double tb_level_runs(const struct tb_level_row *row, size_t begin, size_t end)
{
    double runs = 0;

    for (size_t i = begin; i < end; i++)
        runs += row->noise * row->noise / (row->deviation[i] * row->deviation[i]);
    return runs;
}

/* What is left of a value's residual for the next one to depend on. */
static double carried(double residual, double deviation)
{
    return fabs(residual) < TB_OUTLIER * deviation ? residual : 0;
}

/* Minus the logarithm of a value's likelihood at a level, after a value at another. */
static double cost(const struct tb_level_row *row, size_t begin, size_t i, double before,
                   double level)
{
    static const double far = TB_OUTLIER * TB_OUTLIER / 2;
    double r = row->correlation, rest = row->x[i] - level, u;

    if (i > begin)
        rest -= r * carried(row->x[i - 1] - before, row->deviation[i - 1]);
    u = rest / row->deviation[i] / sqrt(1 - r * r);
    return -log(exp(-u * u / 2) + exp(-far));
}

/* Fills costs[k - begin] for a second level that begins at k, but for a constant. */
static void fill_costs(const struct tb_level_row *row, size_t begin, size_t end, size_t guess,
                       double *costs)
{
    double left = tb_level(row, begin, guess), right = tb_level(row, guess, end), sum = 0;

    for (size_t k = begin; k < end; k++) {
        double onset = cost(row, begin, k, left, right), later = cost(row, begin, k, right, right);

        costs[k - begin] = sum + onset - later;
        sum += cost(row, begin, k, left, left) - later;
    }
}

static size_t least_of(const double *costs, size_t begin, size_t end)
{
    size_t best = begin;

    for (size_t i = begin; i < end; i++) {
        if (costs[i] < costs[best])
            best = i;
    }
    return best;
}

/* The places that are left when the least likely at either end go: 1 % each, not 2.5, as levels and
 * correlation are not known but taken from the same values. */
static void enclose(const double *costs, size_t begin, size_t end, struct tb_place *place,
                    size_t offset)
{
    static const double spared = 0.01;
    double least = costs[place->at - offset], all = 0, gone = 0;
    size_t first = begin, last = end - 1;

    for (size_t i = begin; i < end; i++)
        all += exp(least - costs[i]);
    for (; first + offset < place->at; first++) {
        gone += exp(least - costs[first]);
        if (gone > spared * all)
            break;
    }
    gone = 0;
    for (; last + offset > place->at; last--) {
        gone += exp(least - costs[last]);
        if (gone > spared * all)
            break;
    }
    place->first = first + offset;
    place->last = last + offset;
}

struct tb_place tb_place_of(const struct tb_level_row *row, size_t begin, size_t end, size_t guess,
                            size_t nearest)
{
    tb_autofree double *costs = tb_alloc(end - begin, sizeof *costs);
    size_t low = nearest, high = end - begin - nearest + 1;
    struct tb_place place = {.at = guess};

    for (int i = 0; i < 10; i++) {
        size_t last = place.at;

        fill_costs(row, begin, end, last, costs);
        place.at = begin + least_of(costs, low, high);
        if (place.at == last)
            break;
    }
    enclose(costs, low, high, &place, begin);
    return place;
}
