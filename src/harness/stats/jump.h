/*
 * A test whether values in a row jump further than their noise can, whatever neighbours have in
 * common. Pure.
 *
 * Ranks say nothing of how far values are apart, and where neighbours correlate few of them count.
 * But correlated noise is no wider than other noise. So a level counts as one value here, however
 * many it has: that sees large jumps alone, but sees them where ranks cannot.
 */
#ifndef TB_STATS_JUMP_H
#define TB_STATS_JUMP_H

#include "stats/levels.h"

/* Values that either side has at least: so many outliers on one side of a level do not meet. */
enum { TB_JUMP_SIDE = 5 };

/*
 * P(noise, which `count` values tell of, jumps so far at any place of begin ... end-1), where `at`
 * is the first value of the second side; 1 where a side has too few values, or more than one in
 * five that is nearer to the other side's level.
 */
double tb_jump_p(const struct tb_level_row *row, size_t begin, size_t at, size_t end, size_t count);

#endif
