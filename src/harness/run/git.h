/*
 * What git knows of a repository.
 */
#ifndef TB_RUN_GIT_H
#define TB_RUN_GIT_H

#include "document/subject.h"

/* Removes from our environment what git sets for hooks: a git that we, or a build, call would take
 * the hook's repository for the one it is to work in. To be called once, at the start. */
void tb_git_init(void);

/* The commit of the working tree that `folder` is in, and the state of that tree. Empty where there
 * is no git, no tree or no commit. The caller's to finish, as is the next one. */
struct tb_revision tb_git_describe(const char *folder);

/* The commit that `name` means in a repository, without the state of its tree; empty for none. */
struct tb_revision tb_git_find(const char *folder, const char *name);

/* Why git refuses to look at a repository that is there, in its own words on one line; the
 * caller's. NULL where it does not refuse, or there is no git or no repository. */
char *tb_git_refusal(const char *folder);

/* The commit and its ancestors, newest first, a line each; the caller's, NULL where git fails. */
char *tb_git_history(const char *folder, const char *commit);

#endif
