/*
 * Bars and sparklines: figures that are read at a glance, of block characters, or in ASCII where
 * the page has no others.
 */
#ifndef TB_REPORT_BAR_H
#define TB_REPORT_BAR_H

#include "report/page.h"
#include "stats/histogram.h"

/* A bar of `share` (0 to 1) of `width` columns, to an eighth of one; "" for what is no number or
 * not above 0, and at least its smallest mark for what is. The caller's. */
char *tb_bar(const struct tb_page *page, double share, size_t width);

/* A block that is so many eighths of a line high, 1 to 8. */
const char *tb_block(const struct tb_page *page, size_t height);

/*
 * A distribution in `width` characters: equal steps of the logarithm of time, from the fastest
 * sample to the 99th percentile or twice the median, whichever is less, or to the slowest where
 * neither is known. What is slower counts in the last step. The fullest step is the highest mark,
 * and an empty one a blank. "" without samples. The caller's.
 */
char *tb_sparkline(const struct tb_page *page, const struct tb_histogram *histogram, size_t width);

#endif
