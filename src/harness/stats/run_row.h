/*
 * The runs of a case in a row, made ready for the search for change points. Pure.
 */
#ifndef TB_STATS_RUN_ROW_H
#define TB_STATS_RUN_ROW_H

#include <stdbool.h>
#include <stddef.h>

#include "stats/change_points.h"
#include "stats/levels.h"
#include "stats/noise.h"

/* Half of a 95 % interval, in deviations. */
#define TB_HALF_OF_95 1.96

/* The runs that have a value, and what is known of their noise; the arrays are its own. */
struct tb_run_row {
    size_t count;
    double *x;         /* logarithms */
    double *own;       /* deviation by the run's own interval; 0: not known */
    double *deviation; /* the larger of that and the common noise */
    double *weight;    /* among others: 1, less for a run less precise than half of them */
    size_t *place;     /* among the runs as they were given */
    size_t *order;     /* 0 ... count-1, ascending in x */
    struct tb_level_row levels;
    struct tb_dependence dependence;
    double alpha;
};

/* Whether a run has a value. */
bool tb_run_counts(const struct tb_run_value *run);

/* Of the runs, which it copies; noise is not set yet. `alpha`: the share of this case. */
struct tb_run_row tb_run_row_of(const struct tb_runs *runs, double alpha);

/* Sets the common noise, at least TB_LEAST_NOISE, and what follows from it. */
void tb_run_row_set_noise(struct tb_run_row *row, double noise, struct tb_dependence dependence);

/* The positions begin ... end-1, ascending in x. The caller's. */
size_t *tb_run_row_sorted(const struct tb_run_row *row, size_t begin, size_t end);

void tb_run_row_finish(struct tb_run_row *row);

#endif
