/*
 * A case on one side of a comparison: its records, and the values that they give. Pure.
 */
#ifndef TB_COMPARE_VALUES_H
#define TB_COMPARE_VALUES_H

#include "compare/pairing.h"
#include "document/summary.h"

/* The records of one case, one for each result of the side, of which there is at least one: NULL
 * where that does not have it. */
struct tb_found {
    const struct tb_side *side;
    const struct tb_record **records;
};

/* Goes on to another case. Most results have the same cases in the same order, so the next is tried
 * first. */
void tb_found_next(struct tb_found *found, const char *name);

/* What a record has is all that there will be of it, unless it ended before its time. */
bool tb_is_missing(const struct tb_record *record);

/* The record that says most of the case: that it failed, else what was measured, else why nothing
 * was; NULL where the case is not there. */
const struct tb_record *tb_found_best(const struct tb_found *found);

/* Whether every process of the case on this side has the field, and above 0. */
bool tb_found_has(const struct tb_found *found, const char *field);

/* A field of the case on both sides: a value for each unit, or for each pair of them. */
struct tb_values tb_found_values(const struct tb_found *old, const struct tb_found *new,
                                 enum tb_unit unit, const char *field);

/* A side's value by itself; NaN where it has none. */
double tb_found_value(const struct tb_found *found);

/* Seconds that a process of the case takes, which only documents of ours tell; NaN where that is
 * not known. */
double tb_found_process_s(const struct tb_found *found);

#endif
