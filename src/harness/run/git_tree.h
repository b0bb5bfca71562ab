/*
 * Whether a work tree is what its commit says.
 */
#ifndef TB_RUN_GIT_TREE_H
#define TB_RUN_GIT_TREE_H

#include <stdbool.h>

#include "util/error.h"

/*
 * Of the work tree that `folder` is in, and the commit it is at. *ret_dirty: files that git follows
 * differ from it, or may, as git cannot tell, or there is no work tree: the repository is bare.
 * What is not committed in a submodule does not count.
 *
 * git looks with a folder of our own in the place of the repository's. So it knows the repository's
 * objects and index, and nothing of its configuration: no filter, hook or monitor that is set there
 * is run. The filters of the user's own configuration are. Returns as tb_git_ask() does. Not to be
 * called while a worker runs, as it uses the scratch folder.
 */
int tb_git_tree_look(const char *folder, const char *commit, bool *ret_dirty,
                     struct tb_error *error);

#endif
