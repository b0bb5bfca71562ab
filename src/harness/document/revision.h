/*
 * Which revision was measured.
 */
#ifndef TB_DOCUMENT_REVISION_H
#define TB_DOCUMENT_REVISION_H

#include <stdbool.h>

/* Zeroed: none. */
struct tb_revision {
    char *commit;   /* owned; NULL: none */
    char *describe; /* owned */
    bool dirty;     /* files that git follows differ from the commit, or may: git cannot tell */
};

void tb_revision_finish(struct tb_revision *revision);

#endif
