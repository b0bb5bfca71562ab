#include "stats/histogram.h"

#include <math.h>
#include <stdlib.h>

#include "util/memory.h"

void tb_histogram_finish(struct tb_histogram *histogram)
{
    free(histogram->bins);
    *histogram = (struct tb_histogram){0};
}

/* What a document's digits may make of one bound. */
static const double one_bound = 1e-6;

/* The lower one of the next bins of both. */
static struct tb_bin take_lowest(const struct tb_histogram *a, size_t *i,
                                 const struct tb_histogram *b, size_t *j)
{
    if (*j == b->size || (*i < a->size && a->bins[*i].lower_ns <= b->bins[*j].lower_ns))
        return a->bins[(*i)++];
    return b->bins[(*j)++];
}

/* One bound makes one bin. */
static void append(struct tb_histogram *sum, struct tb_bin bin)
{
    struct tb_bin *last = sum->size ? &sum->bins[sum->size - 1] : NULL;

    if (last && bin.lower_ns - last->lower_ns <= one_bound * fabs(bin.lower_ns))
        last->count += bin.count;
    else
        sum->bins[sum->size++] = bin;
}

void tb_histogram_add(struct tb_histogram *histogram, const struct tb_histogram *other)
{
    struct tb_histogram sum = {.total = histogram->total + other->total};
    size_t i = 0, j = 0;

    if (!other->size)
        return;
    sum.bins = tb_alloc(histogram->size + other->size, sizeof *sum.bins);
    while (i < histogram->size || j < other->size)
        append(&sum, take_lowest(histogram, &i, other, &j));
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
