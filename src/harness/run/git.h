/*
 * What git knows of a repository.
 */
#ifndef TB_RUN_GIT_H
#define TB_RUN_GIT_H

#include "document/subject.h"
#include "util/error.h"
#include "util/names.h"

/* Removes from our environment what git sets for hooks: a git that we, or a build, call would take
 * the hook's repository for the one it is to work in. To be called once, at the start. */
void tb_git_init(void);

/*
 * All of these return what tb_git_ask() does, TB_USAGE where git refuses: the error is then in its
 * own words. What they find is the caller's to finish, and empty where git knows of none.
 */

/* The commit of the working tree that `folder` is in, and the state of that tree. */
int tb_git_describe(const char *folder, struct tb_revision *ret_revision, struct tb_error *error);

/* The commit that `name` means in a repository, without the state of its tree. */
int tb_git_find(const char *folder, const char *name, struct tb_revision *ret_revision,
                struct tb_error *error);

/* A branch, a tag or "HEAD" whose name is nearest to that of a revision which is none, with what
 * follows it: "HEAD~1" for "HAED~1". The caller's; NULL: none is near. */
char *tb_git_nearest(const char *folder, const char *revision);

/* The commit and its ancestors, newest first, a line each; the caller's. */
int tb_git_history(const char *folder, const char *commit, char **ret_commits,
                   struct tb_error *error);

/* The first-parent line of a revision: each commit holds all that the one before it does. */
struct tb_git_line {
    char **commits;  /* the oldest first; point into `text`, as the next ones do */
    char **subjects; /* first lines of their messages, which are anyone's; at the same places */
    int64_t *times;  /* when they were committed, in seconds of Unix time, likewise */
    struct tb_names names; /* the commits', at the same places */
    size_t count;
    char *text;
};

/*
 * Of "v1.2", or of a range "v1.0..v1.2", in a repository: of its newest 100,000 commits. Objects
 * are read, and nothing else: no work tree, no index, no hook. TB_USAGE: there is no such revision,
 * too, or it is no line, as "v1.0...v1.2" is none. The line begins zeroed and is to be finished
 * also on failure.
 */
int tb_git_line(const char *folder, const char *range, struct tb_git_line *line,
                struct tb_error *error);
void tb_git_line_finish(struct tb_git_line *line);

/* Whether the repository has each of `count` commits, wherever they are in it; false for what is no
 * commit's whole name. */
int tb_git_know(const char *folder, const char *const *commits, size_t count, bool *ret_known,
                struct tb_error *error);

/* Whether the repository has only the newest part of its history. */
int tb_git_is_shallow(const char *folder, bool *ret_shallow, struct tb_error *error);

#endif
