/*
 * Interpreters side by side.
 */
#ifndef TB_CLI_PYTHON_TABLE_H
#define TB_CLI_PYTHON_TABLE_H

#include "cli/measure.h"
#include <stdbool.h>

/*
 * Interpreters side by side, operations × interpreters, each as its ratio to the first one: writes
 * the table on stdout as the options' format has it, for reading, in Markdown, or as the JSON of
 * `ab`. Returns false, having written nothing, where there are fewer than two interpreters.
 */
bool tb_python_table_put(const struct tb_measurement *run);

#endif
