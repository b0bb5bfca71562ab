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
 * Operations × interpreters, each as its ratio to the first one, of two results or more: on stdout,
 * for reading, in Markdown, or as the JSON of `ab`. Of the demand it takes all but alpha.
 */
void tb_python_table_put(const struct tb_result *results, size_t count,
                         const struct tb_demand *demand, enum tb_format format);

#endif
