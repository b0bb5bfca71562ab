/*
 * Documents by what the user calls them.
 */
#ifndef TB_ARCHIVE_LOOKUP_H
#define TB_ARCHIVE_LOOKUP_H

#include "document/read.h"

/* Where to look; NULL: the nearest archive, and the repository of the working directory. */
struct tb_places {
    const char *archive, *repo;
};

/* One side of a comparison, read. Zeroed: nothing. */
struct tb_source {
    struct tb_document **document;
    const struct tb_result **results;
    size_t count;
    char *caption; /* how to call it */
};

/*
 * Reads a file, all documents in a folder, or those that the archive has of a git revision on this
 * host; with `ancestor` those of the nearest ancestor of that revision that the archive has any of.
 * What is damaged is named on stderr and skipped; that nothing is left is an error.
 */
int tb_source_read(const struct tb_places *places, const char *name, bool ancestor,
                   struct tb_source *source, struct tb_error *error);
void tb_source_finish(struct tb_source *source);

#endif
