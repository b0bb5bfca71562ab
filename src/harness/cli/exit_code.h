/*
 * Comparisons as a command tells them: printed, and as an exit code.
 */
#ifndef TB_CLI_EXIT_CODE_H
#define TB_CLI_EXIT_CODE_H

#include "cli/options.h"
#include "report/compare_table.h"

/* Exit codes that mean something to 'git bisect run'. */
enum { TB_BISECT_SLOWER = 1, TB_BISECT_SKIP = 125, TB_BISECT_STOP = 128 };

struct tb_gate {
    const struct tb_options *options;
    struct tb_comparison *comparisons; /* owned; the sides' names are borrowed */
    size_t count;
};

/* Adds one of `of` comparisons that share the options' alpha, tested at `looks` looks. */
void tb_gate_add(struct tb_gate *gate, const struct tb_side *old, const struct tb_side *new,
                 unsigned looks, size_t of);

/* Compares the first of one session's results with each of the others. */
void tb_gate_add_results(struct tb_gate *gate, const struct tb_result *results, size_t count,
                         unsigned looks);

/* On stdout, in the options' format. */
void tb_gate_put(const struct tb_gate *gate);

/*
 * 0, TB_EXIT_REGRESSION, TB_FAILURE of a case, or with --strict TB_EXIT_INCONCLUSIVE; with --bisect
 * git's: 0, 1 or 125. That no case could be compared, or none was chosen, is an error.
 */
int tb_gate_code(const struct tb_gate *gate, struct tb_error *error);

/*
 * What the program ends with: where `error` says something went wrong, git's code for that with
 * --bisect (125: skip this revision; 128: stop, as the command line is wrong, or the side that is
 * compared with), else `code` as it is.
 */
int tb_gate_exit(const struct tb_options *options, int code, const struct tb_error *error);

void tb_gate_finish(struct tb_gate *gate);

#endif
