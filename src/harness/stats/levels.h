/*
 * Levels of values in a row, of which some are far off: where one level ends and the next begins,
 * given that there are two. Pure.
 */
#ifndef TB_STATS_LEVELS_H
#define TB_STATS_LEVELS_H

#include <stddef.h>

#include "stats/noise.h"

/* Values in a row and their noise. */
struct tb_level_row {
    const double *x;
    const double *deviation; /* of each about its level, above 0; at least `noise` */
    double noise;            /* above 0: the common deviation */
    double correlation;      /* of neighbours about their level, 0 ... below 1 */
};

/* The level of values begin ... end-1, one or more: their centre, in which outliers do not count
 * (Tukey's biweight from the median on). */
double tb_level(const struct tb_level_row *row, size_t begin, size_t end);

/* How many values of the common deviation would tell the level as precisely. */
double tb_level_runs(const struct tb_level_row *row, size_t begin, size_t end);

/* Where the second level begins. */
struct tb_place {
    size_t at;          /* most likely */
    size_t first, last; /* with 95 % confidence, both included */
};

/*
 * Of begin ... end-1, beginning with a guess: each level has `nearest` values or more, of which
 * there are enough. By likelihood, where noise is normal but for a share of outliers and depends on
 * the value before, and with each place as likely beforehand.
 */
struct tb_place tb_place_of(const struct tb_level_row *row, size_t begin, size_t end, size_t guess,
                            size_t nearest);

#endif
