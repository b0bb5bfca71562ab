/*
 * What was measured in a session: as run and ab print it when it has ended, and show from its
 * documents, by one way for all. Whether stdout took it is for ferror() to tell.
 */
#ifndef TB_REPORT_SESSION_PAGE_H
#define TB_REPORT_SESSION_PAGE_H

#include "compare/compare.h"
#include "report/page.h"

/* The circumstances, a table, why cases have no figure, how costs grow, what a thread costs, from
 * which task length on it costs no more than its alternatives. */
void tb_figures_put(const struct tb_page *page, const struct tb_result *results, size_t count);

/*
 * The results of a session as run prints them, on stdout: the figures above, or interpreters side
 * by side, if there are several, below which the figures are in a table that is `verbose`, has
 * other subjects, or what was counted. In JSON that is their comparisons, or else the document of
 * the first result, and in CSV a line for each case of each.
 */
void tb_results_put(const struct tb_result *results, size_t count, enum tb_format format,
                    bool verbose);

/* The place of the first of a session's interpreters, which follow all other subjects; `count`:
 * there are none. */
size_t tb_first_interpreter(const struct tb_result *results, size_t count);

/* Whether two interpreters or more are among them, which JSON and Markdown then are about. */
bool tb_has_interpreters(const struct tb_result *results, size_t count);

/* The comparisons of a session as ab prints them, the conclusion first; in a table also the
 * subjects, and why the session ended. CSV has none: it is for the results. */
void tb_judged_put(const struct tb_result *results, size_t count,
                   const struct tb_comparisons *comparisons, enum tb_format format);

#endif
