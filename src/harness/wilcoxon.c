#include "wilcoxon.h"

#include <math.h>
#include <stdlib.h>

#include "memory.h"

/* Up to so many pairs the orders are counted; beyond, the sum's distribution is normal enough. */
enum { counted_pairs = 100 };

/* P(W = w) for w = 0 ... most, W being the sum of those of the ranks 1 ... count that coins pick.
 */
static double *chances_of(size_t most, size_t count)
{
    double *chances = tb_alloc(most + 1, sizeof *chances);

    chances[0] = 1;
    for (size_t rank = 1; rank <= count; rank++) {
        for (size_t w = most + 1; w-- > 0;)
            chances[w] = (chances[w] + (w >= rank ? chances[w - rank] : 0)) / 2;
    }
    return chances;
}

static double all_ranks(size_t count)
{
    return (double)count * ((double)count + 1) / 2;
}

static double deviation_of(size_t count)
{
    return sqrt(all_ranks(count) * (2 * (double)count + 1) / 12);
}

/* P(W <= most), where that is no more than half of all ranks. */
static double at_most(double most, size_t count)
{
    double middle = all_ranks(count) / 2, p = 0, *chances;

    if (most < 0)
        return 0;
    if (count > counted_pairs)
        return erfc((middle - most - 0.5) / deviation_of(count) / M_SQRT2) / 2;
    chances = chances_of((size_t)most, count);
    for (size_t w = 0; w <= (size_t)most; w++)
        p += chances[w];
    free(chances);
    return p;
}

/* The distribution is symmetric, and its shorter end has fewer terms. */
double tb_signed_rank_p(double sum, size_t count)
{
    double all = all_ranks(count), rest = ceil(all - sum);

    return 2 * rest < all ? at_most(rest, count) : 1 - at_most(all - rest - 1, count);
}

/*
 * Of the means of each two of ascending values, and of each value itself, those above a line; one
 * that is on it is half above. About a line, that is the sum of the ranks of the values above it,
 * by their distance from it.
 */
static double means_above(const double *sorted, size_t count, double line)
{
    size_t above = count, from = count; /* the first value above the other of two, and not below */
    double sum = 0;

    for (size_t i = 0; i < count; i++) {
        double other = 2 * line - sorted[i];

        while (above > 0 && sorted[above - 1] > other)
            above--;
        while (from > 0 && sorted[from - 1] >= other)
            from--;
        sum += (double)(count - (above > i ? above : i)) / 2;
        sum += (double)(count - (from > i ? from : i)) / 2;
    }
    return sum;
}

struct tb_sides tb_signed_rank_test(const double *sorted, size_t count, double line)
{
    double *apart = tb_alloc(count, sizeof *apart), above;
    struct tb_sides sides;
    size_t left = 0;

    for (size_t i = 0; i < count; i++) {
        if (sorted[i] != line)
            apart[left++] = sorted[i];
    }
    above = means_above(apart, left, line);
    sides.p_above = tb_signed_rank_p(above, left);
    sides.p_below = tb_signed_rank_p(all_ranks(left) - above, left);
    free(apart);
    return sides;
}

double tb_rank_sum_p(size_t wins, size_t first, size_t second)
{
    size_t most = first * second;
    double *ways = tb_alloc(most + 1, sizeof *ways), all = 0, enough = 0;

    /* The Gaussian binomial coefficient (first + second over second) in a variable whose power is
     * U: for i = 1 ... second, times (1 - q^(first + i)), divided by (1 - q^i). */
    ways[0] = 1;
    for (size_t i = 1; i <= second; i++) {
        for (size_t u = most + 1; u-- > first + i;)
            ways[u] -= ways[u - first - i];
        for (size_t u = i; u <= most; u++)
            ways[u] += ways[u - i];
    }
    /* The distribution is symmetric, and its lower end the one that rounding has not spoilt. */
    for (size_t u = 0; u <= most; u++) {
        all += ways[u];
        enough += u + wins <= most ? ways[u] : 0;
    }
    free(ways);
    return enough / all;
}
