/*
 * What git knows of a repository.
 */
#ifndef TB_RUN_GIT_H
#define TB_RUN_GIT_H

#include "document/revision.h"

/* Takes away what git tells its hooks, of which each git of ours, also one that a build calls,
 * would believe that it is of the repository it works in. Once, at the start. */
void tb_git_init(void);

/* Of the working tree that `folder` is in. None where there is no git, tree or commit. */
struct tb_revision tb_git_describe(const char *folder);

/* The commit that `name` means in a repository, without the state of its tree; none if none. */
struct tb_revision tb_git_find(const char *folder, const char *name);

/* Why git refuses to look at a repository, which is there, in its own words; the caller's, NULL
 * where it does not refuse, or there is no git or no repository. */
char *tb_git_refusal(const char *folder);

/* The commit's ancestors and itself, newest first, a line each; the caller's, NULL for none. */
char *tb_git_history(const char *folder, const char *commit);

#endif
