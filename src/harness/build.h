/*
 * Subjects that are built from a revision.
 */
#ifndef TB_HARNESS_BUILD_H
#define TB_HARNESS_BUILD_H

#include <stdbool.h>

#include "error.h"
#include "revision.h"

/* How to build. A word {out} in a command is the folder that is kept; the rest is thrown away. */
struct tb_recipe {
    const char *repo;
    char *const *commands; /* each in one word, run in the revision's tree; NULL: meson's, for us */
    const char *product;   /* within {out}; NULL: bin/threadbench-suite */
    bool quiet;
};

/*
 * Makes a word "@rev:REVISION" the path of what is built from that revision, in a work tree of its
 * own that is removed afterwards; tells the revision. What was built once for a commit by the same
 * commands is not built again: it is kept in $XDG_CACHE_HOME/threadbench, or under $HOME/.cache.
 * Any other word stays as it is.
 */
int tb_build_word(const struct tb_recipe *recipe, char **word, struct tb_revision *ret_revision,
                  struct tb_error *error);

#endif
