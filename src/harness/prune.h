/*
 * Which documents of an archive newer ones make superfluous.
 */
#ifndef TB_HARNESS_PRUNE_H
#define TB_HARNESS_PRUNE_H

#include <stdint.h>

#include "archive.h"

/* A document and what becomes of it; zeroed but for `entry`, which is borrowed, before. */
struct tb_kept {
    const struct tb_archive_entry *entry;
    char *damage; /* a sentence; NULL: it is intact. Owned, as the next two */
    char *program;
    char **cases;    /* that it measured, sorted */
    double rounds;   /* it finished */
    bool whole;      /* a run that came to its end */
    bool superseded; /* by one of the same run that came farther */
    bool spare;
};

/*
 * Reads all documents of one folder, and brings the newest to the front. Spare is what `keep` newer
 * ones, or one of the same run, make superfluous: intact, whole runs of the same program and label
 * that measured every case which it measured. What is damaged is never spare.
 */
void tb_prune(struct tb_kept *all, size_t count, uint64_t keep);
void tb_kept_finish(struct tb_kept *kept);

#endif
