/*
 * What a case's processes say together: the figures that every output shows. Pure.
 */
#ifndef TB_DOCUMENT_SUMMARY_H
#define TB_DOCUMENT_SUMMARY_H

#include "document/result.h"

/* NaN where something is not known. Times in ns per operation. */
struct tb_summary {
    const char *statistic;      /* the field that stands for a process */
    struct tb_statistics value; /* its interval at the settings' alpha */
    double p99;         /* of all samples pooled; NaN where a sample is the mean of a block */
    double switches;    /* voluntary and involuntary, per operation, set-up included */
    double floor_ratio; /* median over rounds of value / the floor's value in that round */
};

struct tb_summary tb_summarise(const struct tb_result *result, const struct tb_record *record);

/*
 * The primary field: the one the case names, or "mean" if any process lacks it (a quantile
 * needs ten samples beyond it), so that all processes of a case are judged by the same.
 */
const char *tb_primary_field(const struct tb_record *record);

/* What the processes say by that field. */
struct tb_statistics tb_primary_value(const struct tb_result *result,
                                      const struct tb_record *record);

/* A field of those processes that have it, in the order of rounds; the caller's. */
double *tb_field_values(const struct tb_record *record, const char *name, size_t *ret_count);

/* Values of two sides; owned. */
struct tb_values {
    double *old, *new;
    size_t old_count, new_count; /* equal where they are pairs */
};

/* Adds a field of two cases, or of one on two sides, in the rounds in which both have it above 0.
 */
void tb_values_add_pairs(struct tb_values *values, const struct tb_record *old,
                         const struct tb_record *new, const char *name);
void tb_values_finish(struct tb_values *values);

/*
 * The phases that a sample of the case is made of, as its subject names them, and what the
 * processes that tell of one say together, each by its mean: within a process these add up to the
 * mean of the sample, the medians over processes need not.
 */
size_t tb_phase_count(const struct tb_record *record);
const char *tb_phase_name(const struct tb_record *record, size_t phase);
struct tb_statistics tb_phase_value(const struct tb_result *result, const struct tb_record *record,
                                    size_t phase);

/* Half the interval's width as a share of the median; NaN where there is no interval. */
double tb_half_width(const struct tb_statistics *value);

/* Whether the case is known as closely as the settings ask for. */
bool tb_is_precise(const struct tb_result *result, const struct tb_record *record);

/* Whether that holds for every selected case that can be measured; without a precision, whether
 * each of them was measured at all. */
bool tb_result_is_precise(const struct tb_result *result);

/* What measuring itself adds to a sample, from the cases that hold no operation. */
struct tb_overhead {
    size_t cases;
    double median_ns; /* over cases; per sample, which may be a block of operations */
};

struct tb_overhead tb_overhead(const struct tb_result *result);

#endif
