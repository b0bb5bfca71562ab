#include "stats/wilcoxon.h"

#include <math.h>
#include <stdlib.h>

#include "util/memory.h"

/* So many pairs, or values of both sides, are counted. */
enum { counted_pairs = 100, counted_values = 200 };

/* P(Z >= z) for a normal Z. */
static double normal_p(double z)
{
    return erfc(z * M_SQRT1_2) / 2;
}

/* The values' ranks, doubled: so the mean of those that ties share is whole. */
struct ranks {
    size_t *twice;
    size_t count;
    size_t above; /* the sum of those above the line */
    size_t all;   /* of all */
};

/* What lies at one distance takes the next places together. */
static void add_ties(struct ranks *ranks, size_t above, size_t below)
{
    size_t twice = 2 * ranks->count + above + below + 1;

    for (size_t i = 0; i < above + below; i++)
        ranks->twice[ranks->count++] = twice;
    ranks->above += above * twice;
    ranks->all += (above + below) * twice;
}

/* From the line outwards to both sides. */
static struct ranks rank(const double *sorted, size_t count, double line)
{
    struct ranks ranks = {tb_alloc(count, sizeof *ranks.twice)};
    size_t low = 0, high;

    while (low < count && sorted[low] < line)
        low++;
    for (high = low; high < count && sorted[high] == line;)
        high++;
    while (low > 0 || high < count) {
        double below = low > 0 ? line - sorted[low - 1] : INFINITY;
        double distance = fmin(below, high < count ? sorted[high] - line : INFINITY);
        size_t was_low = low, was_high = high;

        while (low > 0 && line - sorted[low - 1] <= distance)
            low--;
        while (high < count && sorted[high] - line <= distance)
            high++;
        add_ties(&ranks, high - was_high, was_low - low);
    }
    return ranks;
}

/* P(W <= most), W being the sum of those of the ranks that coins pick, all counted. */
static double share_up_to(const struct ranks *ranks, size_t most)
{
    double *ways = tb_alloc(most + 1, sizeof *ways), sum = 0;

    ways[0] = 1;
    for (size_t i = 0; i < ranks->count; i++) {
        size_t step = ranks->twice[i];

        for (size_t w = most + 1; w-- > step;)
            ways[w] += ways[w - step];
    }
    for (size_t w = 0; w <= most; w++)
        sum += ways[w];
    free(ways);
    return ldexp(sum, -(int)ranks->count);
}

static double deviation_of(const struct ranks *ranks)
{
    double squares = 0;

    for (size_t i = 0; i < ranks->count; i++)
        squares += (double)ranks->twice[i] * (double)ranks->twice[i];
    return sqrt(squares) / 2;
}

/* P(W >= sum). The distribution is symmetric, and its shorter end has fewer terms. */
static double at_least(const struct ranks *ranks, size_t sum)
{
    size_t rest = ranks->all - sum;

    if (!sum)
        return 1;
    if (ranks->count > counted_pairs) /* sums are mostly two apart, as ranks are doubled */
        return normal_p(((double)sum - 1 - (double)ranks->all / 2) / deviation_of(ranks));
    return rest < sum ? share_up_to(ranks, rest) : 1 - share_up_to(ranks, sum - 1);
}

struct tb_sides tb_signed_rank_test(const double *sorted, size_t count, double line)
{
    struct ranks ranks = rank(sorted, count, line);
    struct tb_sides sides = {at_least(&ranks, ranks.above),
                             at_least(&ranks, ranks.all - ranks.above)};

    free(ranks.twice);
    return sides;
}

/*
 * P(U <= most), by the Gaussian binomial coefficient (larger + smaller over smaller) in a variable
 * whose power is U: for i = 1 ... smaller, times (1 - q^(larger + i)), divided by (1 - q^i). With
 * the sides in this order, and up to the middle, little is taken away: rounding does not spoil it.
 */
static double orders_up_to(size_t most, size_t larger, size_t smaller)
{
    double *ways = tb_alloc(most + 1, sizeof *ways), sum = 0;
    double all = lgamma((double)(larger + smaller + 1)) - lgamma((double)(larger + 1)) -
                 lgamma((double)(smaller + 1));

    ways[0] = 1;
    for (size_t i = 1; i <= smaller; i++) {
        for (size_t u = most + 1; u-- > larger + i;)
            ways[u] -= ways[u - larger - i];
        for (size_t u = i; u <= most; u++)
            ways[u] += ways[u - i];
    }
    for (size_t u = 0; u <= most; u++)
        sum += ways[u];
    free(ways);
    return sum / exp(all);
}

double tb_rank_sum_p(size_t wins, size_t first, size_t second)
{
    size_t larger = first > second ? first : second, smaller = first + second - larger;
    size_t most = first * second, rest = most - wins;
    double deviation = sqrt((double)most * (double)(first + second + 1) / 12);

    if (!wins)
        return 1;
    if (first + second > counted_values)
        return normal_p(((double)wins - 0.5 - (double)most / 2) / deviation);
    return rest < wins ? orders_up_to(rest, larger, smaller)
                       : 1 - orders_up_to(wins - 1, larger, smaller);
}
