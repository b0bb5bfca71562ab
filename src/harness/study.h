/*
 * Interpreters side by side: operations × interpreters, each as its ratio to the first one.
 */
#ifndef TB_HARNESS_STUDY_H
#define TB_HARNESS_STUDY_H

#include "measure.h"

/*
 * Writes the table on stdout as the options' format has it: for reading, in Markdown, or as the
 * JSON of `ab`. Returns false, having written nothing, where there are fewer than two interpreters.
 */
bool tb_study_put(const struct tb_measurement *run);

#endif
