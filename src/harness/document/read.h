/*
 * A result that was written down: a document of ours, or a file that Google Benchmark wrote.
 */
#ifndef TB_DOCUMENT_READ_H
#define TB_DOCUMENT_READ_H

#include <stddef.h>
#include <stdint.h>

#include "document/result.h"

/* The bytes of a file at most; 30,000 entries take 20 MB. */
enum { TB_DOCUMENT_LIMIT = 256 << 20 };

struct tb_document {
    char *path;
    size_t size;    /* bytes of the file */
    uint32_t crc32; /* of one that is not ours, and so has no other mark of its own */
    cJSON *context; /* the file's own; an object, if an empty one */
    struct tb_settings settings;
    struct tb_subject subject; /* not to be run: there may be no scratch folder */
    struct tb_revision revision;
    struct tb_result result; /* refers to the three above: a document does not move */
};

/*
 * Reads a file. If it is not ours each repetition counts as a round, and its real_time, a mean, as
 * the value. `whole`: with a copy of each entry, which only a run that goes on needs; they take as
 * much memory as the file. On failure nothing is left to finish.
 */
int tb_document_read(const char *path, bool whole, struct tb_document *document,
                     struct tb_error *error);

/* The same with `size` bytes of `text`, which it takes, as the file's content. */
int tb_document_parse(const char *path, char *text, size_t size, bool whole,
                      struct tb_document *document, struct tb_error *error);

void tb_document_finish(struct tb_document *document);

/* Whether both are of the same run: as they tell, or, of files that are not ours, by their bytes.
 */
bool tb_document_is_same_run(const struct tb_document *a, const struct tb_document *b);

/* One side of a comparison: the results of one or more sessions. */
struct tb_side {
    const struct tb_result **results;
    size_t count;
    char *name;                     /* as the reader knows it */
    struct tb_document **documents; /* whose results these are; NULL: they were not read */
    size_t damaged;                 /* further ones, which could not be read */
};

/* The file's context alone, which is quick; the caller's, NULL where there is none. */
cJSON *tb_document_context(const char *path);

/* Why the run of a document with this context is not whole: "interrupted"; "" where it is, or is
 * another program's. */
const char *tb_document_state(const cJSON *context);

#endif
