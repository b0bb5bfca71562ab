/*
 * How far values in a row are from their level, and how neighbours hang together. Pure.
 */
#ifndef TB_STATS_NOISE_H
#define TB_STATS_NOISE_H

#include <stddef.h>

/* A value so many deviations from its level says nothing of it. */
#define TB_OUTLIER 3.5

/* Values are logarithms: what is as near as this differs by rounding only. */
#define TB_LEAST_NOISE 1e-9

struct tb_noise {
    double deviation;   /* of normal noise with as many values as near; NaN below two values */
    double correlation; /* of neighbours, as found: may well be below 0 */
    size_t count;       /* of values that this is from; 0: of none, nothing is known */
};

/* From the differences of neighbours, of which few have a change of level between them. The
 * correlation is not known then, and 0. */
struct tb_noise tb_noise_of_steps(const double *values, size_t count);

/* From the distances of values from their levels, of which there are `levels` (not 0), taken from
 * the same values. */
struct tb_noise tb_noise_of(const double *residuals, size_t count, size_t levels);

/* What tests have to allow for. */
struct tb_dependence {
    double correlation; /* of neighbours, 0 ... below 1; further off it falls as a power */
    double freedom;     /* degrees of it that the estimate leaves to Student's t; INFINITY: known */
};

/* Of one row for itself. */
struct tb_dependence tb_dependence_of(const struct tb_noise *noise);

/*
 * Of each of a family of rows. What all show together is known better than what one shows; so each
 * goes towards the mean of all, the more, the less they differ beyond chance.
 */
void tb_share_dependence(const struct tb_noise *noises, size_t count,
                         struct tb_dependence *ret_dependences);

#endif
