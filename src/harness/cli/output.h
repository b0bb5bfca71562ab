/*
 * A file that is to be written must be none of those that are read for it.
 */
#ifndef TB_CLI_OUTPUT_H
#define TB_CLI_OUTPUT_H

#include "archive/kept.h"
#include "util/error.h"

/*
 * TB_USAGE where writing to `path` would replace one of the files in `inputs`, a list that ends
 * with NULL, under whatever name, or a document of an archive, which is never changed. `option`
 * names it in the sentence: "--output". NULL and "-" are no file, and a pipe or a device replaces
 * nothing.
 */
int tb_output_spare(const char *option, const char *path, char *const *inputs,
                    struct tb_error *error);

/* The same of --output and all documents that were read. */
int tb_output_spare_kept(const char *path, const struct tb_kept *kept, struct tb_error *error);

#endif
