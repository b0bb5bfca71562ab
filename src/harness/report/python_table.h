/*
 * Interpreters side by side.
 */
#ifndef TB_REPORT_PYTHON_TABLE_H
#define TB_REPORT_PYTHON_TABLE_H

#include "compare/compare.h"
#include "report/page.h"

/* The chance of any false alarm among interpreters. */
extern const double tb_python_alpha;

/*
 * Cases × interpreters, each as its ratio to the first one, of two results or more. Cases of the
 * cost card come first, which are the study's table: creation, start, join, TLS setup. A ratio has
 * an interval: where there are too few rounds for one it is left out.
 */
void tb_python_table_put(const struct tb_page *page, const struct tb_result *results, size_t count);

/* "1.23x [1.20, 1.27] slower", or what there is without something to compare with: "12.3 µs",
 * "missing"; empty for too few rounds. `row` may be NULL. The caller's. */
char *tb_python_ratio(const struct tb_page *page, const struct tb_compared *row);

/* A sentence for each way in which the interpreters were compiled otherwise: differences of
 * versions are judged only between those that were compiled alike. */
void tb_python_each_difference(const struct tb_result *old, const struct tb_result *new,
                               void (*put)(void *user, const char *sentence), void *user);

/* The table on stdout, as the JSON of `ab`, with what was counted of each case. */
void tb_python_json_put(const struct tb_result *results, size_t count);

#endif
