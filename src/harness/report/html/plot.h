/*
 * Figures: curves along two axes, drawn by gnuplot as SVG, all of a page by one process of it.
 *
 * Numbers and ticks of ours are all that gnuplot gets to see; what a figure and its curves are
 * called is written beside it, in HTML. While a page is written each figure leaves a mark in it,
 * and tb_plots_draw() puts the figures in their places. Without gnuplot the marks vanish: the
 * page has the tables beside them.
 */
#ifndef TB_REPORT_HTML_PLOT_H
#define TB_REPORT_HTML_PLOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "report/html/ruler.h"
#include "stats/fit.h"
#include "util/error.h"

/* How a curve looks. */
enum tb_stroke {
    TB_STROKE_LINE,
    TB_STROKE_STEPS,  /* horizontal to the next point, then up */
    TB_STROKE_DASHED, /* a line that is no measurement */
    TB_STROKE_POINTS,
    TB_STROKE_STALKS, /* from the lower edge up to each point */
};

/* A curve; its hue is one of the page's, from 0, beyond TB_HUES again the first. */
struct tb_curve {
    const struct tb_point *points; /* needed until it is added; NaN: the line has a gap */
    size_t count;
    size_t hue;
    enum tb_stroke stroke;
};

struct tb_plot {
    const char *name;    /* of its file, where files are asked for */
    const char *title;   /* for readers who do not see it, and in its file; texts are anyone's */
    const char *caption; /* below it; anyone's, too */
    const char *legend;  /* in its file: what is drawn in which hue; NULL: nothing */
    const char *reading; /* the unit of x, where the script reads shares off the first curves, one
                            for each name in the legend beside it; NULL: it does not */
    struct tb_ruler x, y;
    const struct tb_curve *curves;
    size_t count;
    const double *levels; /* horizontal lines */
    size_t level_count;
};

/* A hue as it is in a figure's file: "#0067a5". */
const char *tb_plot_hue(size_t hue);

/* Zeroed but for the folder: none yet. */
struct tb_plots {
    const char *folder; /* where each figure becomes a file of its own, too; NULL: nowhere */
    FILE *script;
    char *text;
    size_t size;
    struct tb_plotted {
        char *name, *title, *legend;   /* owned, as all */
        char *opening, *svg, *closing; /* what stands in the page; no `svg`: nothing */
    } * made;
    size_t count;
};

/* Writes what a page has once, before its first figure. */
void tb_plots_begin(FILE *out);

/* Adds a figure, and leaves its mark in `out`; NULL: it is a file alone. One with an axis that has
 * no length, or without a curve, is left out. */
void tb_plots_add(struct tb_plots *plots, FILE *out, const struct tb_plot *plot);

/*
 * Draws what was added. Returns 0; TB_FAILURE where gnuplot is not there, or fails, or a file
 * cannot be written, with a sentence: the page is whole all the same; or 128 + the number of the
 * signal that interrupted it.
 */
int tb_plots_draw(struct tb_plots *plots, struct tb_error *error);

/* The page with its figures in their places; the caller's, as is the one it is made from. */
char *tb_plots_place(const struct tb_plots *plots, const char *page, size_t size, size_t *ret_size);

void tb_plots_finish(struct tb_plots *plots);

#endif
