/*
 * A range of values with named places on it: an axis of a figure, or a column in which marks stand.
 * Pure.
 */
#ifndef TB_REPORT_HTML_RULER_H
#define TB_REPORT_HTML_RULER_H

#include <stdbool.h>
#include <stddef.h>

/* A place that is named. */
struct tb_tick {
    double at;
    char text[24];
};

enum { TB_TICKS = 12, TB_HUES = 8 }; /* hues: of the page, for what is told apart */

struct tb_ruler {
    double low, high; /* low < high; above 0 where it is logarithmic */
    bool log;
    double band_low, band_high; /* a part that is shaded; equal: none */
    struct tb_tick ticks[TB_TICKS];
    size_t count;
};

/* From `low` to `high`, with ticks at round numbers; without any where there is no such range. */
struct tb_ruler tb_ruler(double low, double high, bool log);

/* Names each tick as a value of that unit, "5 µs", "64 kB", or its number alone. */
void tb_ruler_name(struct tb_ruler *ruler, const char *unit);

/* Names each tick as the change that a ratio means: "+5 %". */
void tb_ruler_name_changes(struct tb_ruler *ruler);

/* How far along the ruler a value is, 0 to 1; beyond it, the nearer end. */
double tb_ruler_place(const struct tb_ruler *ruler, double value);

/* Beyond which end a value is by more than can be seen: -1, 1; 0: neither. */
int tb_ruler_beyond(const struct tb_ruler *ruler, double value);

#endif
