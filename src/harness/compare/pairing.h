/*
 * Which results of two sides belong together. Pure.
 */
#ifndef TB_COMPARE_PAIRING_H
#define TB_COMPARE_PAIRING_H

#include <stdbool.h>

#include "document/read.h"

/* What one value of a side stands for. */
enum tb_unit {
    TB_UNIT_ROUND,      /* a process; with that of the other side in the same round it is a pair */
    TB_UNIT_SESSION,    /* one of several sessions, whose differences count as noise */
    TB_UNIT_REPETITION, /* a process of the side's only session; what else differs between the
                           sessions, drift, is taken for the change */
};

extern const char *const tb_unit_names[]; /* "round", "session", "repetition" */

/* Lists of its own, of results that are the sides'. */
struct tb_match {
    enum tb_unit unit; /* of rounds: what stands at the same place of both is of one session */
    bool drifts;       /* the sides' values are not of one session, nor of several each */
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
