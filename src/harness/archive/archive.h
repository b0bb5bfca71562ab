/*
 * Where documents are kept for good, each a file that is never changed:
 *
 *     FOLDER/<host>/<commit or "none">[-dirty]/<UTC time>-<run id>[-<label>]-<CRC-32>.json
 *
 * All but the checksum is said by the document itself, so that a name can be checked against it and
 * two archives are merged by copying. In names, what is not a letter, a digit, '.', '_' or '-' is
 * '_'. Everything an entry points to is the archive's.
 */
#ifndef TB_ARCHIVE_ARCHIVE_H
#define TB_ARCHIVE_ARCHIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#include "document/read.h"

enum tb_archived {
    TB_ARCHIVED_DOCUMENT,
    TB_ARCHIVED_LEFTOVER,   /* of a writer that was killed, or is at work */
    TB_ARCHIVED_FOREIGN,    /* not a name of ours */
    TB_ARCHIVED_UNREADABLE, /* a folder that cannot be read, a document that is no file or empty */
};

/* What a name says; the texts are NULL where it is not a document's. */
struct tb_archive_entry {
    char *path;
    enum tb_archived kind;
    time_t changed;
    char *host;
    char *commit; /* NULL: none */
    bool dirty;
    char *time; /* "20261123T005102Z" */
    char *run_id;
    char *label; /* NULL: none */
    char *crc;   /* 8 hexadecimal digits */
    char *texts; /* what the others point into */
};

struct tb_archive {
    char *folder;
    struct tb_archive_entry *entries; /* by host, time and path; those without a host first */
    size_t count;
};

/* Makes the folder, and makes sure that a document can be put there. */
int tb_archive_check(const char *folder, struct tb_error *error);

/*
 * Puts a Google Benchmark file of `size` bytes into the archive, under the name that its context
 * gives it; the folder is made. Nothing is ever replaced: where the same bytes are there already
 * the result is 0 with a sentence in `error`. *ret_path is the caller's. On return the document
 * survives a loss of power.
 */
int tb_archive_put(const char *folder, const char *text, size_t size, char **ret_path,
                   struct tb_error *error);

/* The path that tb_archive_put() would give. */
int tb_archive_path(const char *folder, const char *text, size_t size, char **ret_path,
                    struct tb_error *error);

/* How a host of that name is called in an archive; the caller's. */
char *tb_archive_host(const char *name);

/* What the last three parts of a path say, of which `entry` keeps a copy. */
void tb_archive_parse(struct tb_archive_entry *entry, const char *path);
void tb_archive_entry_finish(struct tb_archive_entry *entry);

/* All files of an archive, by their names alone. On failure nothing is left to finish. */
int tb_archive_load(struct tb_archive *archive, const char *folder, struct tb_error *error);
void tb_archive_finish(struct tb_archive *archive);

/* Reads a document, which also has to be what was kept; on failure nothing is left to finish. */
int tb_archive_read(const char *path, struct tb_document *document, struct tb_error *error);

/* The folder "bench-results" nearest to the working directory, upwards; the caller's, or NULL. */
char *tb_archive_nearest(void);

#endif
