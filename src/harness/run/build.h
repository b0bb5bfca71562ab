/*
 * Subjects that are built from a revision.
 */
#ifndef TB_RUN_BUILD_H
#define TB_RUN_BUILD_H

#include <stdbool.h>

#include "document/subject.h"
#include "util/error.h"

/* How a revision is built. */
struct tb_recipe {
    const char *repo;      /* NULL: that of the working directory */
    char *const *commands; /* NULL: those of threadbench itself */
    const char *product;   /* what they make; NULL: the suite */
    bool quiet;            /* nothing is reported while it is being built */
};

/* Whether its commands can be read, and there is a place for what they make: else TB_USAGE. */
int tb_recipe_check(const struct tb_recipe *recipe, struct tb_error *error);

/*
 * Puts the path of what is built from a revision in the place of each "@rev:REVISION" in a word,
 * which it owns, and gives the last such revision; without one *ret_revision stays as it is. It may
 * be a part of the word: of a variable ("LD_PRELOAD=@rev:v1:./b.so"), or of a shell's script.
 * Within a name or a path, or right after "LABEL:", it is wrong usage.
 *
 * Each command of the recipe is run in a work tree of that commit, which is removed afterwards. A
 * word {out} in it is the folder that is kept, in which their product is.
 *
 * What was built once for a commit by the same commands is not built again: it is kept in
 * $XDG_CACHE_HOME/threadbench, or under $HOME/.cache. What failed or was interrupted is. Two
 * programs that want the same wait for each other.
 *
 * Returns TB_USAGE for an unknown revision and for what stands wrongly in the recipe, TB_FAILURE
 * where a command failed, 128 + N after signal N.
 */
int tb_build_word(const struct tb_recipe *recipe, char **word, struct tb_revision *ret_revision,
                  struct tb_error *error);

#endif
