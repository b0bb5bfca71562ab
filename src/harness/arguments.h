/*
 * A command's part of the command line, by popt's tables.
 */
#ifndef TB_HARNESS_ARGUMENTS_H
#define TB_HARNESS_ARGUMENTS_H

#include <popt.h>
#include <stdbool.h>

#include "error.h"

/* What a table stores texts for is allocated by popt: free() it. */
struct tb_arguments {
    char **words; /* that are no options, in their order; ended by NULL, for tb_words_free() */
    bool help;    /* it was asked for, and printed */
};

/*
 * Reads `argv`, of which argv[1] is the command, by the command's tables, a list that ends with
 * NULL; --help is added to them.
 * `operands` is how the usage line calls the words. On failure there is nothing to free here.
 */
int tb_arguments_read(int argc, char **argv, const struct poptOption *const *tables,
                      const char *operands, struct tb_arguments *ret_arguments,
                      struct tb_error *error);

#endif
