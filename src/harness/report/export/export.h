/*
 * Results as other programs read them. A document of ours is a Google Benchmark file, of which most
 * of its readers take a single field; here each gets its own format, with the value that counts.
 *
 *     struct tb_export export = {.out = stdout};
 *     int code = tb_export_begin(&export, "bencher", error);
 *
 *     for (size_t i = 0; !code && i < count; i++)
 *         code = tb_export_add(&export, documents[i], error);
 *     if (!code)
 *         code = tb_export_end(&export, error);
 *     tb_export_finish(&export);
 *
 * A document is needed only while it is added: an archive of any size is read one by one. What has
 * no value (skipped, failed, no turn yet, of a unit that the format does not know) is left out, and
 * counted; never is it a zero.
 */
#ifndef TB_REPORT_EXPORT_EXPORT_H
#define TB_REPORT_EXPORT_EXPORT_H

#include <regex.h>
#include <stdbool.h>
#include <stdio.h>

#include "document/read.h"

/* How many documents make sense of a format. */
enum tb_export_takes {
    TB_EXPORT_ONE,    /* a report of one run */
    TB_EXPORT_SERIES, /* runs over time, two at least */
    TB_EXPORT_ANY,
};

struct tb_export_format;

/* Zeroed but for the first four. */
struct tb_export {
    FILE *out;             /* set by the first document; ferror() tells at the end what failed */
    const char *folder;    /* where a format writes that is a folder; NULL: nowhere */
    bool is_archive;       /* of an archive: a point among others, whose time counts */
    const regex_t *filter; /* of the names of cases; NULL: all */
    const struct tb_export_format *format;
    void *kept; /* the format's, until its end */
    size_t documents;
    size_t values;  /* written or kept so far: cases, or processes of them */
    size_t left[8]; /* out, by reason */
};

/* The place-th format's name, a list that ends with NULL; and all of them, "a, b or c", the
 * caller's. */
const char *tb_export_name(size_t place);
char *tb_export_names(void);

/* Whether a format of that name is one, and what it takes; *ret_folder: it is written to one. */
bool tb_export_knows(const char *name, enum tb_export_takes *ret_takes, bool *ret_folder);

/* Begins an export in that format, of which nothing is written yet. TB_USAGE: there is no such
 * format, or it needs a folder and has none, or is a report of one run and the export an archive's.
 */
int tb_export_begin(struct tb_export *export, const char *name, struct tb_error *error);

/* Adds a document, of ours or of another program. TB_USAGE: it is one too many for the format, or
 * cannot stand beside those before it. */
int tb_export_add(struct tb_export *export, const struct tb_document *document,
                  struct tb_error *error);

/* Writes what is left to write, of a report of one run all. TB_FAILURE: there is nothing to export,
 * or a file cannot be written. */
int tb_export_end(struct tb_export *export, struct tb_error *error);

/* What was left out so far, "2 skipped, 1 failed", which the reader has to be told; "": nothing.
 * The caller's. */
char *tb_export_left_out(const struct tb_export *export);

/* To be called whatever went wrong. */
void tb_export_finish(struct tb_export *export);

#endif
