/*
 * The parts of a report, each a section of the page or more. They leave out what they have nothing
 * for.
 */
#ifndef TB_REPORT_HTML_REPORT_PARTS_H
#define TB_REPORT_HTML_REPORT_PARTS_H

#include "report/html/html.h"
#include "report/html/plot.h"
#include "report/html/report_page.h"
#include "report/page.h"

/* A report while it is written. */
struct tb_writing {
    struct tb_html *html;
    struct tb_plots *plots;
    struct tb_page text; /* how values are written: as for a terminal that knows UTF-8 */
    const struct tb_report_view *view;
    size_t number;     /* of the view, from 0 */
    const char *after; /* the view's name, behind each heading; NULL where it is the only one */
    bool begun;        /* the view has its first section */
};

/* Begins a section; its id gets the number of the view where that is not the first. Of several
 * views the first section of each is listed at the top. */
void tb_report_section(struct tb_writing *writing, const char *id, const char *title);

/* A cell with the name of a case, which breaks at its slashes, and a note below it; NULL: none. */
void tb_report_name(struct tb_writing *writing, const char *name, const char *note);

/* How the comparisons answer for a case: slower where any is. */
enum tb_html_kind tb_report_kind(const struct tb_report_view *view, const char *name);

/* The distributions of some cases beside each other, which differ in their runtimes alone: figures
 * with what they show in numbers. `doc` says what a sample is; NULL: it was said before. */
void tb_report_point(struct tb_writing *writing, const char *name, const char *doc,
                     const struct tb_case *const *specs, size_t count);

/* How each quantile of a case moved between the sides of a comparison, where it changed and not all
 * of them did so alike. */
void tb_report_shift(struct tb_writing *writing, const struct tb_comparison *comparison,
                     const struct tb_compared *row, const struct tb_side *old,
                     const struct tb_side *new);

/* Words as a line of a shell; the caller's. */
char *tb_report_command(char *const *words);

/* The name of a figure's file: `kind` and a text of anyone's, of letters that a name may have; the
 * caller's. */
char *tb_report_file_name(const char *kind, const char *text);

void tb_report_conclusion(struct tb_writing *writing);
void tb_report_cost(struct tb_writing *writing);       /* the cost card */
void tb_report_breakdown(struct tb_writing *writing);  /* where a lifecycle's time goes */
void tb_report_comparison(struct tb_writing *writing); /* intervals, and how quantiles moved */
void tb_report_interpreters(struct tb_writing *writing);
void tb_report_cases(struct tb_writing *writing);      /* figures and distributions */
void tb_report_growth(struct tb_writing *writing);     /* scaling fits */
void tb_report_left_out(struct tb_writing *writing);   /* skipped, failed, pending: why */
void tb_report_conditions(struct tb_writing *writing); /* host, warnings, commands */

#endif
