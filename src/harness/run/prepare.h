/*
 * What comes before the rounds: pilots, and what the budget does not hold.
 */
#ifndef TB_RUN_PREPARE_H
#define TB_RUN_PREPARE_H

#include "run/grid.h"

/* Finds how many samples each case takes, and what a round of it takes; leaves out, with its
 * reason, what the budget does not hold so often as is needed, and what no subject can run. */
void tb_grid_prepare(const struct tb_grid *grid);

#endif
