/* The samples of one case in one process, and what is computed from them. No I/O.
 *
 * Quantiles are order statistics: of n sorted samples the quantile p is the one of rank ⌈p·n⌉. One
 * is reported only where at least TB_BEYOND samples lie beyond it, on its far side from the median.
 */
#ifndef TB_SUITE_SAMPLES_H
#define TB_SUITE_SAMPLES_H

#include <threadbench/bench.h>

enum { TB_BEYOND = 10 };

struct tb_samples {
    size_t wanted; /* room for so many */
    size_t count;
    struct tb_sample *samples;
    int64_t *phases[TB_MAX_PHASES]; /* `wanted` each, NULL past the last */
};

/* Room for `wanted` samples, all of it touched already, so that recording one faults no page.
 * 0 or an errno value. tb_samples_finish accepts a zeroed series. */
int tb_samples_init(struct tb_samples *series, size_t wanted, size_t phases);
void tb_samples_finish(struct tb_samples *series);

/* `count` values in ascending order, in nanoseconds for one operation. */
struct tb_sorted {
    size_t count;
    double *values;
};

/* Which samples: those whose child is known to have run on the parent's CPU, on another one, or of
 * which that is not known. */
enum tb_child_cpu { TB_CHILD_SAME, TB_CHILD_OTHER, TB_CHILD_UNKNOWN, TB_CHILD_ANY };

enum tb_child_cpu tb_child_cpu_of(const struct tb_sample *sample);

/* The samples, each divided by `block`; of one placement, or of all (TB_CHILD_ANY). Free `values`
 * in the end. 0 or ENOMEM. */
int tb_sort(const struct tb_samples *series, int block, enum tb_child_cpu which,
            struct tb_sorted *ret_sorted);

/* The same for the phase `phase`, which is never divided. */
int tb_sort_phase(const struct tb_samples *series, size_t phase, struct tb_sorted *ret_sorted);

double tb_mean(const struct tb_sorted *sorted);

/* Over those samples that are not above `most_ns`, the mean of a phase, or, for TB_MAX_PHASES, of
 * the samples, for one operation; NaN for none. The phases' sum is the samples', as with all means;
 * up to their median it is one of samples that nothing else on the machine has held up. */
double tb_mean_up_to(const struct tb_samples *series, int block, double most_ns, size_t phase);
double tb_quantile(const struct tb_sorted *sorted, double p);
bool tb_quantile_holds(size_t count, double p);

/* A histogram with buckets of at most 1/128 of their value: adjacent buckets, those with nothing in
 * them left out. Picoseconds are the grain below 128 ps. */
struct tb_buckets {
    size_t count;
    double *lower_ns;
    uint64_t *counts;
};

/* 0 or ENOMEM. tb_buckets_finish accepts a zeroed one. */
int tb_buckets_init(struct tb_buckets *histogram, const struct tb_sorted *sorted);
void tb_buckets_finish(struct tb_buckets *histogram);

/* The lower bound of the bucket that holds `ns`. */
double tb_bucket_lower_ns(double ns);

#endif
