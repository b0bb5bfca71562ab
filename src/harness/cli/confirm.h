/*
 * Measures the changes of a history again, each by itself: what was found among runs of other days
 * is shown, or not, by the commits on both sides side by side.
 */
#ifndef TB_CLI_CONFIRM_H
#define TB_CLI_CONFIRM_H

#include "cli/options.h"
#include "compare/history.h"
#include "run/git.h"

/*
 * Builds the commits on both sides of each change and measures them as ab does, with all of the
 * options' budget for each change; where commits between them were not measured it goes on within,
 * by bisection, as long as the budget lasts. Fills in what became of each change, and where it is
 * now. What cannot be built, or is of another host, kernel or processor than this one, is a remark
 * of its change. Signals are caught until it returns: 0, or
 * 128 + the number of the signal that interrupted it, with what was found until then filled in.
 */
int tb_confirm(const struct tb_options *options, const struct tb_git_line *line,
               struct tb_history *history, struct tb_error *error);

#endif
