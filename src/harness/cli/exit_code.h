/*
 * What a comparison, or an error, ends the program with.
 */
#ifndef TB_CLI_EXIT_CODE_H
#define TB_CLI_EXIT_CODE_H

#include "cli/options.h"
#include "compare/conclusion.h"

/* Exit codes that mean something to 'git bisect run'. */
enum { TB_BISECT_SLOWER = 1, TB_BISECT_SKIP = 125, TB_BISECT_STOP = 128 };

/*
 * 0, TB_EXIT_REGRESSION, TB_FAILURE of a case, or TB_EXIT_INCONCLUSIVE where no case is decided, or
 * with --strict not every one; with --bisect git's: 0, 1, 125 or 128. That no case could be
 * compared, or none was chosen, is an error.
 */
int tb_exit_code(const struct tb_options *options, const struct tb_comparisons *comparisons,
                 struct tb_error *error);

/*
 * `code`; with --bisect, where `error` says that something went wrong, git's code for that: 125,
 * skip this revision, or 128, stop, as the command line is wrong, or the side that is compared
 * with.
 */
int tb_exit_code_of_error(const struct tb_options *options, int code, const struct tb_error *error);

/* The code of what is wrong for each revision alike, and so ends a bisection. */
int tb_lasting(const struct tb_options *options, int code);

#endif
