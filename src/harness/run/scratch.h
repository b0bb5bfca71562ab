/*
 * The folder that a worker writes into.
 */
#ifndef TB_RUN_SCRATCH_H
#define TB_RUN_SCRATCH_H

#include "util/error.h"

/*
 * Makes the scratch folder of the next worker. It is new for each, as one may do with it what it
 * likes, and goes with the next one, or when the program exits.
 */
int tb_scratch_renew(struct tb_error *error);

/* No subject runs any more: the scratch folder goes now, and not at the program's end. */
void tb_scratch_end(void);

/* A file in the scratch folder; the caller's. */
char *tb_scratch_path(const char *name);

#endif
