/*
 * Which results of two sides belong together. Pure.
 */
#ifndef TB_COMPARE_PAIRING_H
#define TB_COMPARE_PAIRING_H

#include <stdbool.h>

#include "document/read.h"

/* Lists of its own, of results that are the sides'. */
struct tb_match {
    bool paired; /* what stands at the same place of both is of one session */
    struct tb_side old, new;
};

/*
 * Where any sessions have a result on both sides, which is another run on each, it is these, each
 * once; else one result for each session, of the first of its subjects that there is. `forced`:
 * results at the same place are of one session, whatever they say.
 */
struct tb_match tb_match(const struct tb_side *old, const struct tb_side *new, bool forced);
void tb_match_finish(struct tb_match *match);

#endif
