/*
 * How the samples of a case are distributed on a side, and as what curves that is drawn. Pure.
 */
#ifndef TB_REPORT_HTML_SPREAD_H
#define TB_REPORT_HTML_SPREAD_H

#include "document/read.h"
#include "report/html/ruler.h"
#include "stats/fit.h"
#include "stats/histogram.h"

/* Zeroed: nothing known. */
struct tb_spread {
    struct tb_histogram samples; /* owned */
    bool of_processes;           /* no samples are known: one value for each process instead */
    size_t processes;
};

/* The samples of all results of the side that have the case; of a program that keeps none, its
 * processes' values. */
struct tb_spread tb_spread_of(const struct tb_side *side, const char *name);
void tb_spread_finish(struct tb_spread *spread);

/* The smallest value that `share` of the samples do not exceed, however few they are; NaN for none.
 */
double tb_spread_value(const struct tb_spread *spread, double share);

/* A range that holds their samples from the quantile `first` to `last`, with some room; of no
 * length where there is none. */
struct tb_ruler tb_spreads_ruler(const struct tb_spread *spreads, size_t count, double first,
                                 double last);

enum { TB_SPREAD_POINTS = 128 };

/* The share of samples up to each of some places along the ruler; returns how many points. */
size_t tb_spread_steps(const struct tb_spread *spread, const struct tb_ruler *ruler,
                       struct tb_point *ret_points);

/* How many bins a histogram along the ruler has: none is narrower than the samples' own. */
size_t tb_spread_bins(const struct tb_ruler *ruler);

/* The outline of that histogram, as shares of all samples; returns how many points. */
size_t tb_spread_outline(const struct tb_spread *spread, const struct tb_ruler *ruler, size_t bins,
                         struct tb_point *ret_points);

#endif
