/*
 * An export from the command line: to stdout, a file or a folder, as the options say.
 */
#ifndef TB_CLI_EXPORT_H
#define TB_CLI_EXPORT_H

#include "cli/options.h"
#include "report/export/export.h"

/* Whether --format is one of an export's, and not of what is printed for a reader. */
bool tb_wants_export(const struct tb_options *options);

/*
 * Makes the export that --format names (none: the first), of the documents that `add` hands to
 * tb_export_add(), one after the other; it returns 0 or a code with its sentence. What was left out
 * is told on stderr. A file is replaced when all of the export is written, and not touched before,
 * so that one that fails leaves the one before it.
 */
int tb_export_to_output(const struct tb_options *options, bool is_archive,
                        int (*add)(struct tb_export *export, void *user, struct tb_error *error),
                        void *user, struct tb_error *error);

#endif
