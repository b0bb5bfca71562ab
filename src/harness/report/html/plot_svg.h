/*
 * What gnuplot draws, for a page and for a file. Pure.
 */
#ifndef TB_REPORT_HTML_PLOT_SVG_H
#define TB_REPORT_HTML_PLOT_SVG_H

#include "report/html/plot.h"

/* What gnuplot is told to draw in: "#rrggbb", the light page's. In a page each becomes the page's
 * own variable, so that it turns with light and dark. */
extern const char *const tb_plot_hues[TB_HUES];
extern const char tb_plot_grid[];

/* The content of an SVG document of gnuplot's as an element of a page, which begins with the
 * opening: black becomes the page's ink, and what the page says already is left out. The caller's.
 */
char *tb_plot_inline(const char *drawn, const char *opening);

/* The document as a file, with a title and what its hues mean; texts are escaped; the caller's. */
char *tb_plot_file(const char *drawn, const char *title, const char *legend);

#endif
