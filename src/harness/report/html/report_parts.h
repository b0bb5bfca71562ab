/*
 * The parts of a report, each a section of the page or more. They leave out what they have nothing
 * for.
 */
#ifndef TB_REPORT_HTML_REPORT_PARTS_H
#define TB_REPORT_HTML_REPORT_PARTS_H

#include "report/html/report_writing.h"

/* The distributions of some cases beside each other, which differ in their runtimes alone: figures
 * with what they show in numbers, and further ones where there are more curves than hues. `doc`
 * says what a sample is; NULL: it was said before. */
void tb_report_point(struct tb_writing *writing, const char *name, const char *doc,
                     const struct tb_case *const *specs, size_t count);

/* How each quantile of a case moved between the sides of a comparison, where it changed and not all
 * of them did so alike. */
void tb_report_shift(struct tb_writing *writing, const struct tb_comparison *comparison,
                     const struct tb_compared *row, const struct tb_side *old,
                     const struct tb_side *new);

/* Words as a line of a shell; the caller's. */
char *tb_report_command(char *const *words);

void tb_report_conclusion(struct tb_writing *writing);
void tb_report_cost(struct tb_writing *writing);       /* the cost card */
void tb_report_break_even(struct tb_writing *writing); /* threads and their alternatives */
void tb_report_breakdown(struct tb_writing *writing);  /* where a lifecycle's time goes */
void tb_report_comparison(struct tb_writing *writing); /* intervals, and how quantiles moved */
void tb_report_interpreters(struct tb_writing *writing);
void tb_report_cases(struct tb_writing *writing);      /* figures and distributions */
void tb_report_growth(struct tb_writing *writing);     /* scaling fits */
void tb_report_left_out(struct tb_writing *writing);   /* skipped, failed, pending: why */
void tb_report_conditions(struct tb_writing *writing); /* host, warnings, commands */

#endif
