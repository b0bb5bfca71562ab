#include "stats/rank_sum.h"

#include <math.h>
#include <stdlib.h>

#include "stats/stats.h"
#include "util/memory.h"

/* So many values, of both sides, are counted. */
enum { counted_values = 200 };

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
        return tb_normal_p(((double)wins - 0.5 - (double)most / 2) / deviation);
    return rest < wins ? orders_up_to(rest, larger, smaller)
                       : 1 - orders_up_to(wins - 1, larger, smaller);
}

size_t tb_rank_sum_fewest(double p)
{
    double least = 1; /* 1 / (2 count over count) */
    size_t count = 0;

    while (least > p) {
        count++;
        least *= (double)count / (double)(4 * count - 2);
    }
    return count;
}
