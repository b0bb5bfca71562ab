/*
 * Finds documents by what stands on a command line: a file, a folder, or a git revision.
 */
#ifndef TB_ARCHIVE_LOOKUP_H
#define TB_ARCHIVE_LOOKUP_H

#include "document/read.h"

/* Where revisions are looked up. NULL: the nearest archive, and the working folder's repository. */
struct tb_places {
    const char *archive, *repo;
};

/* One side of a comparison. Zeroed: nothing; all of it is owned. */
struct tb_source {
    struct tb_document **documents;   /* `count` of them, at least one once read */
    const struct tb_result **results; /* theirs, in the same order */
    size_t count;
    char *caption; /* what tables call it: "HEAD, base (v1.2-3-gabcdef)", "old, 5 documents" */
};

/*
 * Reads a file, all documents in a folder, or those that the archive has of a git revision on this
 * host; with `ancestor` those of the nearest ancestor of that revision of which it has any.
 * In folders and archives damaged documents are skipped, and so is the shorter one of two of the
 * same run, each with a notice; that nothing is left is an error. `source` begins zeroed and is to
 * be finished also on failure.
 */
int tb_source_read(const struct tb_places *places, const char *name, bool ancestor,
                   struct tb_source *source, struct tb_error *error);
void tb_source_finish(struct tb_source *source);

#endif
