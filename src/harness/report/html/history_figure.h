/*
 * The values of a case over the commits, as a figure.
 */
#ifndef TB_REPORT_HTML_HISTORY_FIGURE_H
#define TB_REPORT_HTML_HISTORY_FIGURE_H

#include "report/history_view.h"
#include "report/html/plot.h"

/* Adds the figure of a series with a value, and leaves its mark in `out`: each run by its commit,
 * the levels between changes, and the splits. */
void tb_history_figure_put(struct tb_plots *plots, FILE *out, const struct tb_history_view *view,
                           const struct tb_history_series *series);

#endif
