/*
 * Finds documents by what stands on a command line: a file, a folder, or a git revision.
 */
#ifndef TB_ARCHIVE_LOOKUP_H
#define TB_ARCHIVE_LOOKUP_H

#include "archive/archive.h"
#include "document/read.h"

/* Where revisions are looked up. NULL: the nearest archive, the working folder's repository, and
 * what was measured on this host. */
struct tb_places {
    const char *archive, *repo, *host;
};

/* Lists the archive of these places. */
int tb_places_open(const struct tb_places *places, struct tb_archive *archive,
                   struct tb_error *error);

/*
 * Reads a file, all documents in a folder, or those that the archive has of a git revision on the
 * host; with `ancestor` those of the nearest ancestor of that revision of which it has any.
 * In folders and archives damaged documents are skipped and counted, and the shorter one of two of
 * the same run is skipped, each with a notice; that nothing is left is an error. The side's name is
 * what tables call it: "HEAD, base (v1.2-3-gabcdef)", "old, 5 documents". It begins zeroed and is
 * to be finished also on failure.
 */
int tb_side_read(const struct tb_places *places, const char *name, bool ancestor,
                 struct tb_side *side, struct tb_error *error);
void tb_side_finish(struct tb_side *side);

#endif
