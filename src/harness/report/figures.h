/*
 * Figures as text, each with as many digits as it has to say.
 *
 * The rule: the last digit shown is the first digit of the half-width of the value's confidence
 * interval, since what follows may as well be another one. So 5.3127 µs within 10 % is "5.3 µs",
 * within 1 % "5.31 µs". Never fewer than two digits, so that ratios can be read off, and never more
 * than four. A value of which no interval is known has three.
 */
#ifndef TB_REPORT_FIGURES_H
#define TB_REPORT_FIGURES_H

#include <stdbool.h>
#include <stddef.h>

struct tb_page;

/* A figure from here on has an exponent: all its digits would be wider than a table. */
#define TB_LARGE 1e7

/* Each returns text in a buffer of its own kind: "-" where the value is not a number. */
struct tb_text {
    char text[48];
};

/* Printed as by printf, where it is `known`. */
struct tb_text tb_text_print(bool known, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* How many digits the rule gives a value; `half` is NaN where no interval is known. */
int tb_digits(double value, double half);

/* "6.42 µs"; the digits of a value that no interval is known of. */
struct tb_text tb_text_time(const struct tb_page *page, double ns);
/* "6.42 µs" of "ns", "12.4 kB" of "bytes", "12.4 UNIT" of any other, "12.4" of "". */
struct tb_text tb_text_value(const struct tb_page *page, const char *unit, double value);
/* The same by its interval; `half` is half its width. */
struct tb_text tb_text_within(const struct tb_page *page, const char *unit, double value,
                              double half);

/* "95 %": the confidence of an interval that misses so often; never "100 %". */
struct tb_text tb_text_confidence(double alpha);

struct tb_text tb_text_percent(double share);                 /* "1.3%", "13%" */
struct tb_text tb_text_number(double value);                  /* "1.45", "14.5", "145" */
struct tb_text tb_text_count(size_t count, const char *noun); /* "1 pair", "2 pairs" */

/* A ratio as a change in per cent; 0, with no sign, where so many decimals show nothing else. */
double tb_percent_of(double ratio, int decimals);

/* A ratio as the change it means, "+2.1%"; `half` is half the width of its interval, a share. */
struct tb_text tb_text_change(double ratio, double half);

/* Of a change the interval: "+1.2 .. +3.0", in per cent; "-" where it is not known. */
struct tb_text tb_text_changes(double low, double high);

/* Both, as in a sentence: "+6.4 % [5.9, 7.1]", or "+6.4 %" where no interval is known. */
struct tb_text tb_text_change_within(double ratio, double low, double high);

#endif
