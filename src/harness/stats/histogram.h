/*
 * A distribution of per-operation times as counts in bins. Pure.
 *
 * A bin is known by its lower bound; bins without samples are left out, and a bin is at most 1 %
 * wide, so a value read from it is at most 1 % too low.
 */
#ifndef TB_STATS_HISTOGRAM_H
#define TB_STATS_HISTOGRAM_H

#include <stddef.h>
#include <stdint.h>

struct tb_bin {
    double lower_ns;
    uint64_t count;
};

/* Zeroed: empty. */
struct tb_histogram {
    struct tb_bin *bins; /* ascending */
    size_t size;
    uint64_t total;
};

void tb_histogram_finish(struct tb_histogram *histogram);

/*
 * Adds the samples of `other`, which may have other bins. Bounds that differ by a millionth are
 * one: a document keeps seven digits of them.
 */
void tb_histogram_add(struct tb_histogram *histogram, const struct tb_histogram *other);

/*
 * The quantile `share`: the smallest value that at least share * total samples do not exceed (the
 * ceil(share * total)-th smallest, without interpolation), told by its bin's lower bound. NaN where
 * fewer than ten samples lie beyond it on its outer side: such a figure would be chance.
 */
double tb_histogram_quantile(const struct tb_histogram *histogram, double share);

#endif
