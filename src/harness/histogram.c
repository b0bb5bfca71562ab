#include "histogram.h"

#include <math.h>
#include <stdlib.h>

#include "memory.h"

void tb_histogram_finish(struct tb_histogram *histogram)
{
    free(histogram->bins);
    *histogram = (struct tb_histogram){0};
}

/* The next bin of both in order; equal ones become one. */
static struct tb_bin take_lowest(const struct tb_histogram *a, size_t *i,
                                 const struct tb_histogram *b, size_t *j)
{
    struct tb_bin bin;

    if (*j == b->size || (*i < a->size && a->bins[*i].lower_ns < b->bins[*j].lower_ns))
        return a->bins[(*i)++];
    bin = b->bins[(*j)++];
    if (*i < a->size && a->bins[*i].lower_ns == bin.lower_ns)
        bin.count += a->bins[(*i)++].count;
    return bin;
}

void tb_histogram_add(struct tb_histogram *histogram, const struct tb_histogram *other)
{
    struct tb_histogram sum = {.total = histogram->total + other->total};
    size_t i = 0, j = 0;

    if (!other->size)
        return;
    sum.bins = tb_alloc(histogram->size + other->size, sizeof *sum.bins);
    while (i < histogram->size || j < other->size)
        sum.bins[sum.size++] = take_lowest(histogram, &i, other, &j);
    tb_histogram_finish(histogram);
    *histogram = sum;
}

double tb_histogram_quantile(const struct tb_histogram *histogram, double share)
{
    double total = (double)histogram->total;
    double rank = fmax(1, ceil(share * total));
    double seen = 0;

    if ((share >= 0.5 && total - rank < 10) || (share < 0.5 && rank - 1 < 10))
        return NAN;
    for (size_t i = 0; i < histogram->size; i++) {
        seen += (double)histogram->bins[i].count;
        if (seen >= rank)
            return histogram->bins[i].lower_ns;
    }
    return NAN;
}
