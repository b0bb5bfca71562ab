/*
 * A report while it is written, and what its parts have in common.
 */
#ifndef TB_REPORT_HTML_REPORT_WRITING_H
#define TB_REPORT_HTML_REPORT_WRITING_H

#include "report/html/html.h"
#include "report/html/plot.h"
#include "report/html/report_view.h"
#include "report/page.h"

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

/* The first cell of a row: the name of a case, which breaks at its slashes, and a note below it;
 * NULL: none. */
void tb_report_name(struct tb_writing *writing, const char *name, const char *note);

/* A line of a list of facts; none where there is no text. */
void tb_report_fact(struct tb_writing *writing, const char *name, const char *text);

/* The same of what `text_of` says of each result, the caller's; NULL: nothing. A line for each side
 * where they differ. */
void tb_report_facts(struct tb_writing *writing, const char *name,
                     char *(*text_of)(const struct tb_writing *writing,
                                      const struct tb_result *result));

/* How a comparison answers for a case; and how all of them do: slower where any is. */
enum tb_html_kind tb_report_row_kind(const struct tb_compared *row);
enum tb_html_kind tb_report_kind(const struct tb_report_view *view, const char *name);

/* "create/call/cpu:same" of "create/call/cpu:same/posix", whose runtime that is: what stands in one
 * figure. The name where it does not end so. The caller's. */
char *tb_report_point_name(const struct tb_case *spec);

/* The name of a figure's file: `kind` and a text of anyone's, of letters that a name may have; the
 * caller's. */
char *tb_report_file_name(const char *kind, const char *text);

/* The words with a space between them; the caller's. */
char *tb_report_joined(const char *const *words, size_t count);

#endif
