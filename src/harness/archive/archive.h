/*
 * Where documents are kept for good, each a file that is never changed:
 *
 *     FOLDER/<host>/<commit or "none">[-dirty]/<UTC time>-<run id>[-<label>]-<CRC-32>.json
 *
 * All of a name follows from the document's content: a name can be checked against it, and two
 * archives are merged by copying. In names, what is not a letter, a digit, '.', '_' or '-' is '_'.
 */
#ifndef TB_ARCHIVE_ARCHIVE_H
#define TB_ARCHIVE_ARCHIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "document/read.h"

enum tb_archived {
    TB_ARCHIVED_DOCUMENT,
    TB_ARCHIVED_LEFTOVER,   /* half written: its writer was killed, or is at work */
    TB_ARCHIVED_FOREIGN,    /* has no document's name */
    TB_ARCHIVED_UNREADABLE, /* a folder that cannot be read, or a link to one; a document's name on
                               no file, or on an empty one */
};

/* What a name says; the texts are the entry's, and NULL where it is not a document's. */
struct tb_archive_entry {
    char *path;
    enum tb_archived kind;
    char *host;
    char *commit; /* NULL: none */
    bool dirty;
    char *time; /* "20261123T005102Z" */
    char *run_id;
    char *label; /* NULL: none */
    char *texts; /* what the texts above point into */
    bool link;   /* a symbolic link: none is followed */
    int err;     /* why it cannot be read, an errno value; 0: for another reason */
    /* Of the file, where the entry is an archive's. */
    uint64_t size;
    int64_t changed_ns; /* when it was written, since 1970 */
};

struct tb_archive {
    char *folder;
    struct tb_archive_entry *entries; /* by host, time and path; those without a host first */
    size_t count;
};

/* Makes the folder if need be; an error where no document can be written to it. */
int tb_archive_check(const char *folder, struct tb_error *error);

/*
 * Puts a Google Benchmark file of `size` bytes into the archive, under the name that `context`, the
 * file's, gives it; folders are made. Nothing is ever replaced: where the same bytes are there
 * already the result is 0 with a sentence in `error`. *ret_path is the caller's, on success alone.
 * A document that was put survives a loss of power.
 */
int tb_archive_put(const char *folder, const cJSON *context, const char *text, size_t size,
                   char **ret_path, struct tb_error *error);

/* The path that a file of that context and checksum has there, the caller's; NULL: it has no date.
 */
char *tb_archive_path(const char *folder, const cJSON *context, uint32_t crc32);

/* The folder of a host of that name, as tb_archive_entry has it in `host`; the caller's. */
char *tb_archive_host(const char *name);

/* "did you mean 'runner'?" of a host that an archive has nothing of; the caller's. NULL: it has, or
 * no other one is called alike. */
char *tb_archive_meant_host(const struct tb_archive *archive, const char *name);

/* Reads the last three parts of a path, of which `entry` keeps a copy; finish it. */
void tb_archive_parse(struct tb_archive_entry *entry, const char *path);
void tb_archive_entry_finish(struct tb_archive_entry *entry);

/* Why an entry is none of the archive's documents, in words; not for a document. */
const char *tb_archive_reason(const struct tb_archive_entry *entry);

/* All files of an archive, by their names alone; TB_USAGE where there is no such folder. On failure
 * nothing is left to finish. */
int tb_archive_load(struct tb_archive *archive, const char *folder, struct tb_error *error);
void tb_archive_finish(struct tb_archive *archive);

/* Reads a document of an archive, if its bytes are those that were put there; on failure nothing is
 * left to finish. */
int tb_archive_read(const char *path, struct tb_document *document, struct tb_error *error);

/* Whether a document can be read and is what was put there, under the name that belongs to it. */
int tb_archive_verify(const char *path, struct tb_error *error);

/* The folder "bench-results" nearest to the working directory, upwards; the caller's, or NULL. */
char *tb_archive_nearest(void);

#endif
