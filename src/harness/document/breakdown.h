/*
 * Where a case's time goes. Pure.
 */
#ifndef TB_DOCUMENT_BREAKDOWN_H
#define TB_DOCUMENT_BREAKDOWN_H

#include "document/result.h"

/*
 * What explains a case's phases, or "whole" where it has none: the other cases that its subject
 * names as parts of them. An object as docs/reference/result.md describes it, the caller's; NULL
 * where the subject names no parts or no process has told of the phases. All figures are means over
 * the lower half of a process's samples ("lower_half_mean", "PHASE_lower_half_mean"), since only
 * means add up, each from the process in which that mean was least, since load can only add to it:
 * so the phases are those of the same samples of one process and sum to their whole. Where the case
 * gives one sample a process, they are means of those over the lower half of the processes instead,
 * for the case and for all of its parts. A part that was not measured is null, and left over.
 */
cJSON *tb_breakdown(const struct tb_result *result, const struct tb_record *record);

/*
 * One phase of a case, or from tb_phase_count() on its whole, in the process in which the whole was
 * least: as above, but means over all samples where the subject tells of no lower half. NaN where
 * it is not known.
 */
double tb_quietest_value(const struct tb_record *record, size_t phase);

#endif
