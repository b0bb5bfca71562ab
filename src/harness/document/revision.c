#include "document/revision.h"

#include <stdlib.h>

void tb_revision_finish(struct tb_revision *revision)
{
    free(revision->commit);
    free(revision->describe);
    *revision = (struct tb_revision){0};
}
