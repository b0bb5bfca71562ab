#include "stats/sign_flip.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "stats/stats.h"
#include "util/memory.h"

enum {
    counted = 500,  /* of more values the sum of scores is taken for normal */
    top_score = 64, /* scores are whole, so that their sums can be counted */
};

/* The values that are not on the line, from it outwards. */
struct distances {
    double *distance;
    bool *above;
    size_t count;
};

static void distances_finish(struct distances *distances)
{
    free(distances->distance);
    free(distances->above);
}

static struct distances distances_of(const double *sorted, size_t count, double line)
{
    struct distances all = {tb_alloc(count, sizeof *all.distance),
                            tb_alloc(count, sizeof *all.above), 0};
    size_t low = 0, high;

    while (low < count && sorted[low] < line)
        low++;
    for (high = low; high < count && sorted[high] == line;)
        high++;
    for (; low > 0 || high < count; all.count++) {
        double below = low > 0 ? line - sorted[low - 1] : INFINITY;
        double above = high < count ? sorted[high] - line : INFINITY;

        all.distance[all.count] = fmin(below, above);
        all.above[all.count] = above < below;
        if (above < below)
            high++;
        else
            low--;
    }
    return all;
}

/* How soon a score falls again. */
static double nu_of(const struct distances *all, double median)
{
    double sum = 0, beyond;

    for (size_t i = 0; i < all->count; i++)
        sum += all->distance[i];
    beyond = fmax(sum / (double)all->count / median - 1.19, 0.05);
    return 1 + 0.2 / (beyond * beyond);
}

/* From 1, so that each value counts for something, to `top_score`. The caller's. */
static unsigned *scores_of(const struct distances *all)
{
    unsigned *scores = tb_alloc(all->count, sizeof *scores);
    double median = tb_median(all->distance, all->count);
    double nu = nu_of(all, median), root = sqrt(nu);

    for (size_t i = 0; i < all->count; i++) {
        double u = all->distance[i] / median * 0.6745;
        double share = 2 * (u / root) / (1 + u * u / nu); /* of the top */

        scores[i] = (unsigned)fmax(rint(top_score * share), 1);
    }
    return scores;
}

/* P(S <= most), S being the sum of those of the scores that coins pick, all counted. */
static double share_up_to(const unsigned *scores, size_t count, size_t most)
{
    double *ways = tb_alloc(most + 1, sizeof *ways), sum = 0;
    size_t reached = 0;

    ways[0] = 1;
    for (size_t i = 0; i < count; i++) {
        reached = reached + scores[i] < most ? reached + scores[i] : most;
        for (size_t w = reached + 1; w-- > scores[i];)
            ways[w] += ways[w - scores[i]];
    }
    for (size_t w = 0; w <= most; w++)
        sum += ways[w];
    free(ways);
    return ldexp(sum, -(int)count);
}

static double normal_at_least(const unsigned *scores, size_t count, size_t sum, size_t all)
{
    double squares = 0;

    for (size_t i = 0; i < count; i++)
        squares += (double)scores[i] * scores[i];
    return tb_normal_p(((double)sum - 0.5 - (double)all / 2) / (sqrt(squares) / 2));
}

/* P(S >= sum) where all scores sum up to `all`. The distribution is symmetric, and its shorter end
 * has fewer terms. */
static double at_least(const unsigned *scores, size_t count, size_t sum, size_t all)
{
    size_t rest = all - sum;

    if (!sum)
        return 1;
    if (count > counted)
        return normal_at_least(scores, count, sum, all);
    return rest < sum ? share_up_to(scores, count, rest) : 1 - share_up_to(scores, count, sum - 1);
}

struct tb_sides tb_sign_flip_test(const double *sorted, size_t count, double line)
{
    tb_auto(distances_finish) struct distances all = distances_of(sorted, count, line);
    tb_autofree unsigned *scores = scores_of(&all);
    size_t above = 0, sum = 0;

    for (size_t i = 0; i < all.count; i++) {
        sum += scores[i];
        above += all.above[i] ? scores[i] : 0;
    }
    return (struct tb_sides){at_least(scores, all.count, above, sum),
                             at_least(scores, all.count, sum - above, sum)};
}
