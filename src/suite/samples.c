#include "samples.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <sys/mman.h>

static void *touched(size_t bytes)
{
    void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);

    return memory == MAP_FAILED ? NULL : memory;
}

static void let_go(void *memory, size_t bytes)
{
    if (memory)
        (void)munmap(memory, bytes); /* a mapping of our own */
}

int tb_samples_init(struct tb_samples *series, size_t wanted, size_t phases)
{
    *series = (struct tb_samples){.wanted = wanted};
    series->samples = touched(wanted * sizeof(*series->samples));
    if (!series->samples)
        return ENOMEM;
    for (size_t i = 0; i < phases; i++) {
        series->phases[i] = touched(wanted * sizeof(int64_t));
        if (!series->phases[i]) {
            tb_samples_finish(series);
            return ENOMEM;
        }
    }
    return 0;
}

void tb_samples_finish(struct tb_samples *series)
{
    let_go(series->samples, series->wanted * sizeof(*series->samples));
    for (size_t i = 0; i < TB_MAX_PHASES; i++)
        let_go(series->phases[i], series->wanted * sizeof(int64_t));
    *series = (struct tb_samples){0};
}

enum tb_child_cpu tb_child_cpu_of(const struct tb_sample *sample)
{
    if (sample->child_cpu < 0)
        return TB_CHILD_UNKNOWN;
    return sample->child_cpu == sample->parent_cpu ? TB_CHILD_SAME : TB_CHILD_OTHER;
}

static int ascending(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;

    return (left > right) - (left < right);
}

static int sorted_init(struct tb_sorted *sorted, size_t room)
{
    sorted->count = 0;
    sorted->values = malloc((room ? room : 1) * sizeof(*sorted->values));
    return sorted->values ? 0 : ENOMEM;
}

int tb_sort(const struct tb_samples *series, int block, enum tb_child_cpu which,
            struct tb_sorted *ret_sorted)
{
    if (sorted_init(ret_sorted, series->count))
        return ENOMEM;
    for (size_t i = 0; i < series->count; i++)
        if (which == TB_CHILD_ANY || tb_child_cpu_of(&series->samples[i]) == which)
            ret_sorted->values[ret_sorted->count++] = (double)series->samples[i].ns / block;
    qsort(ret_sorted->values, ret_sorted->count, sizeof(double), ascending);
    return 0;
}

int tb_sort_phase(const struct tb_samples *series, size_t phase, struct tb_sorted *ret_sorted)
{
    if (sorted_init(ret_sorted, series->count))
        return ENOMEM;
    for (size_t i = 0; i < series->count; i++)
        ret_sorted->values[ret_sorted->count++] = (double)series->phases[phase][i];
    qsort(ret_sorted->values, ret_sorted->count, sizeof(double), ascending);
    return 0;
}

double tb_mean(const struct tb_sorted *sorted)
{
    double sum = 0;

    for (size_t i = 0; i < sorted->count; i++)
        sum += sorted->values[i];
    return sum / (double)sorted->count;
}

double tb_mean_up_to(const struct tb_samples *series, int block, double most_ns, size_t phase)
{
    double sum = 0;
    size_t count = 0;

    for (size_t i = 0; i < series->count; i++) {
        double whole = (double)series->samples[i].ns / block;

        if (!(whole <= most_ns))
            continue;
        sum += phase < TB_MAX_PHASES ? (double)series->phases[phase][i] : whole;
        count++;
    }
    return sum / (double)count;
}

/* Rounded up with a grain of tolerance: 0.9 · 10 is 9.000000000000002 in binary. */
static size_t rank_of(size_t count, double p)
{
    double rank = ceil(p * (double)count - 1e-9);

    return rank < 1 ? 1 : (size_t)rank;
}

double tb_quantile(const struct tb_sorted *sorted, double p)
{
    return sorted->values[rank_of(sorted->count, p) - 1];
}

bool tb_quantile_holds(size_t count, double p)
{
    size_t rank = rank_of(count, p);

    if (rank > count)
        return false; /* there are none */
    return p < 0.5 ? rank - 1 >= TB_BEYOND : count - rank >= TB_BEYOND;
}

double tb_bucket_lower_ns(double ns)
{
    double ps = floor(fabs(ns) * 1000 + 0.5);
    int exponent;

    (void)frexp(ps, &exponent); /* ps < 2^exponent */
    if (exponent > 8)
        ps = ldexp(floor(ldexp(ps, 8 - exponent)), exponent - 8);
    return copysign(ps / 1000, ns);
}

int tb_buckets_init(struct tb_buckets *histogram, const struct tb_sorted *sorted)
{
    size_t room = sorted->count ? sorted->count : 1;

    *histogram = (struct tb_buckets){.lower_ns = malloc(room * sizeof(double)),
                                     .counts = malloc(room * sizeof(uint64_t))};
    if (!histogram->lower_ns || !histogram->counts) {
        tb_buckets_finish(histogram);
        return ENOMEM;
    }
    for (size_t i = 0; i < sorted->count; i++) {
        double lower = tb_bucket_lower_ns(sorted->values[i]);

        if (!histogram->count || histogram->lower_ns[histogram->count - 1] < lower) {
            histogram->lower_ns[histogram->count] = lower;
            histogram->counts[histogram->count++] = 0;
        }
        histogram->counts[histogram->count - 1]++;
    }
    return 0;
}

void tb_buckets_finish(struct tb_buckets *histogram)
{
    free(histogram->lower_ns);
    free(histogram->counts);
    *histogram = (struct tb_buckets){0};
}
