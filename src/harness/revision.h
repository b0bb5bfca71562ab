/*
 * Which revision was measured, as git tells.
 */
#ifndef TB_HARNESS_REVISION_H
#define TB_HARNESS_REVISION_H

#include <stdbool.h>

/* Zeroed: none. */
struct tb_revision {
    char *commit;   /* owned; NULL: none */
    char *describe; /* owned */
    bool dirty;     /* files that git follows differ from the commit */
};

void tb_revision_finish(struct tb_revision *revision);

/* Of the working tree that `folder` is in. None where there is no git, tree or commit. */
struct tb_revision tb_revision_read(const char *folder);

#endif
