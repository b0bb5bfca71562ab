/*
 * Whole files: read with a bound, written so that a reader sees the old or the new, never a part.
 */
#ifndef TB_UTIL_FILE_H
#define TB_UTIL_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "util/error.h"

/*
 * Reads a file that holds at most `limit` bytes into *ret_text, which is the caller's and ends with
 * a NUL that *ret_size does not count. Returns 0 or an errno value (EFBIG: over the limit).
 */
int tb_file_read(const char *path, size_t limit, char **ret_text, size_t *ret_size);

/* The first `most` bytes of it, in the same way; fewer where it ends before. The text, or NULL, is
 * the caller's also on failure. */
int tb_file_read_head(const char *path, size_t most, char **ret_text, size_t *ret_size);

/*
 * Writes `text` to `path`: beside it, synced, renamed over it, with the mode of what was there.
 * What exists and is no regular file (a pipe, a terminal) is written to directly; a symbolic link
 * is followed, also to what is not there yet.
 */
int tb_file_write(const char *path, const char *text, struct tb_error *error);

/*
 * Writes a file that is not there yet, in the same way, and replaces nothing. Returns 0 or an errno
 * value (EEXIST: something has that name).
 */
int tb_file_create(const char *path, const char *bytes, size_t size);

/* How the names begin of files whose writer was killed before their time. */
#define TB_FILE_LEFTOVER ".tmp-"

/*
 * Makes every folder that `path`, which it only borrows, names before its last slash, and makes it
 * lasting that they are there. Of what is there already the first `known` bytes name what is: what
 * lies further down may have been made by another writer a moment ago, which has not come to that.
 * Returns 0 or an errno value.
 */
int tb_file_make_folders(char *path, size_t known);

/* Removes a folder and what is in it, as far as that is possible. */
void tb_file_remove_all(const char *folder);

/* Says that `verb` was not possible on `path`; returns TB_FAILURE. */
int tb_file_refused(const char *verb, const char *path, int err, struct tb_error *error);

/* The same of what was to be written, and what to do about it. */
int tb_file_failed(const char *verb, const char *path, int err, struct tb_error *error);

/* Whether tb_file_write() could begin: to be asked before minutes are spent on the content. Returns
 * 0 or an errno value. */
int tb_file_check(const char *path);

/* Whether what is written to `path` comes where stdout does, and is not lost there. */
bool tb_file_is_stdout(const char *path);

#endif
