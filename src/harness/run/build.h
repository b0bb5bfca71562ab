/*
 * Subjects that are built from a revision.
 */
#ifndef TB_RUN_BUILD_H
#define TB_RUN_BUILD_H

#include <stdbool.h>

#include "document/revision.h"
#include "util/error.h"

/* How a revision is built. */
struct tb_recipe {
    const char *repo;      /* NULL: that of the working directory */
    char *const *commands; /* NULL: those of threadbench itself */
    const char *product;   /* what they make; NULL: the suite */
    bool quiet;            /* nothing is reported while it is being built */
};

/*
 * Makes a word "@rev:REVISION" the path of what is built from that revision, in a work tree of its
 * own that is removed afterwards; tells the revision. Each command of the recipe is run in that
 * tree; a word {out} in it is the folder that is kept, in which their product is; the rest is
 * thrown away. What was built once for a commit by the same commands is not built again: it is kept
 * in $XDG_CACHE_HOME/threadbench, or under $HOME/.cache; what was broken off or failed is. Two
 * programs that want the same wait for each other. Any other word stays as it is.
 */
int tb_build_word(const struct tb_recipe *recipe, char **word, struct tb_revision *ret_revision,
                  struct tb_error *error);

#endif
