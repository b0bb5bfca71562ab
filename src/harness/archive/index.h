/*
 * The digests of an archive's documents. Each comes from its document; an index keeps it, so that a
 * document is read once.
 *
 * The index is an SQLite database in the user's cache folder (tb_file_cached()), one for each
 * archive's path and version of the program. It is believed as long as a document's name, size and
 * time of writing are those that it was read with, and its own checksum is right. Deleted or
 * damaged it is made anew, where it is, as other programs may have it open; where it cannot be
 * written, or another program holds it for long, documents are read instead. So what comes out is
 * the same with it and without it.
 */
#ifndef TB_ARCHIVE_INDEX_H
#define TB_ARCHIVE_INDEX_H

#include "archive/archive.h"
#include "document/digest.h"

/* Zeroed: none. */
struct tb_digests {
    struct tb_digest *each; /* at the places of the archive's entries */
    bool *there;            /* at the same places: whether there is one */
    size_t count;
    struct tb_texts texts; /* the digests' */
    size_t read;           /* documents that were read, as the index did not have them */
    size_t damaged;        /* that could not, each with a notice */
    char *obstacle;        /* why the index was of no use to tb_index_read(); NULL: it was */
};

/* Of those documents of the archive that are `wanted`, at the places of its entries. Documents that
 * the index does not have are read and added to it; what is no longer there is removed from it. */
struct tb_digests tb_index_read(const struct tb_archive *archive, const bool *wanted);

/* Those that the index has, and no others: nothing is read, and nothing written. */
struct tb_digests tb_index_peek(const struct tb_archive *archive);

void tb_digests_finish(struct tb_digests *digests);

#endif
