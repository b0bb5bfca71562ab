/*
 * Whole files: read with a bound, written so that a reader sees the old or the new, never a part.
 */
#ifndef TB_UTIL_FILE_H
#define TB_UTIL_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "util/error.h"

/*
 * Reads a file that holds at most `limit` bytes into *ret_text, which is the caller's and ends with
 * a NUL that *ret_size does not count. Returns 0 or an errno value (EFBIG: over the limit).
 */
int tb_file_read(const char *path, size_t limit, char **ret_text, size_t *ret_size);

/* Reads the first `most` bytes of a file, or all where it has fewer, in the same way. The text, or
 * NULL, is the caller's also on failure. */
int tb_file_read_head(const char *path, size_t most, char **ret_text, size_t *ret_size);

/*
 * Writes `text` to `path`: into a file beside it, which is synced and renamed over it, and keeps
 * the mode of what was there. What is there and no regular file (a pipe, a terminal) is written to
 * directly. A symbolic link is followed, even if there is nothing at its end yet. Returns 0 or
 * TB_FAILURE.
 */
int tb_file_write(const char *path, const char *text, struct tb_error *error);

/*
 * The same of what is written piece by piece: what was there stays until all of it is. What is no
 * regular file gets the pieces as they come.
 */
struct tb_draft {
    FILE *out;
    char *path, *name; /* owned: where it goes in the end, and where it is; NULL: there already */
};

/* TB_FAILURE: nothing is begun. */
int tb_draft_begin(struct tb_draft *draft, const char *path, struct tb_error *error);

/* Ends it: `keep`, or what was there stays. TB_FAILURE: it could not be written, and that stays. */
int tb_draft_end(struct tb_draft *draft, bool keep, struct tb_error *error);

/*
 * Writes a file that is not there yet, in the same way, and replaces nothing. Returns 0 or an errno
 * value (EEXIST: something has that name).
 */
int tb_file_create(const char *path, const char *bytes, size_t size);

/* The names of these files begin so; one that stays has a writer that was killed. */
#define TB_FILE_LEFTOVER ".tmp-"

/*
 * Makes every folder before the last slash of `path`, which is unchanged afterwards, and syncs it.
 * Folders that are there already are synced, too, unless they are named within the first `known`
 * bytes: another writer may have made them a moment ago and not synced them yet. Returns 0 or an
 * errno value.
 */
int tb_file_make_folders(char *path, size_t known);

/* The path of what is kept for the next time and can be made anew: in $XDG_CACHE_HOME/threadbench,
 * or under $HOME/.cache; the caller's. NULL where neither is a path that begins with a slash: one
 * that anyone can guess may be anyone's. */
char *tb_file_cached(const char *name);

/* Removes a folder and what is in it, as far as that is possible. */
void tb_file_remove_all(const char *folder);

/* "cannot read 'PATH': why"; returns TB_FAILURE. */
int tb_file_unreadable(const char *path, int err, struct tb_error *error);

/* "cannot VERB 'PATH': why", of what was to be written, with what to do about it. */
int tb_file_unwritable(const char *verb, const char *path, int err, struct tb_error *error);

/* Tries whether tb_file_write() could begin, before minutes are spent on the content. Returns 0 or
 * an errno value. */
int tb_file_check(const char *path);

/* Whether `path` and stdout are the same file, pipe or terminal; false for /dev/null. */
bool tb_file_is_stdout(const char *path);

#endif
