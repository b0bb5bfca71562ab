/*
 * Whether two sides that were read can be compared at all. Pure.
 */
#ifndef TB_COMPARE_COMPARABLE_H
#define TB_COMPARE_COMPARABLE_H

#include <stdbool.h>

#include "document/read.h"

/* What is not the same in all documents of both sides, "the kernel", so that what differs need not
 * come from the change; or NULL. */
const char *tb_sides_differ(const struct tb_side *old, const struct tb_side *new);

/* Whether each document of a side is of a run that the other one has, too. */
bool tb_side_is_part(const struct tb_side *side, const struct tb_side *other);

/* The smallest share of alpha that the last look of any of their documents had, 1 where there was
 * none: more would let more false alarms pass. */
double tb_sides_look_share(const struct tb_side *old, const struct tb_side *new);

#endif
