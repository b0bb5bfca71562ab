/*
 * The folder that a worker writes into.
 */
#ifndef TB_RUN_SCRATCH_H
#define TB_RUN_SCRATCH_H

#include "util/error.h"

/*
 * Makes an empty scratch folder in $TMPDIR, else in /dev/shm, else in /tmp, for the next worker,
 * which may do with it what it likes. The one before is removed, and the last one when the program
 * ends, however it ends. At the first call what this user's runs have left there is removed, too,
 * if they are not alive.
 */
int tb_scratch_renew(struct tb_error *error);

/* Removes the scratch folder now, not when the program exits: no subject runs any more. */
void tb_scratch_end(void);

/* The path of a file in the scratch folder, which is there; the caller's. */
char *tb_scratch_path(const char *name);

#endif
