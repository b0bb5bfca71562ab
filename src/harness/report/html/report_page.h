/*
 * A report: one page of HTML that says what was measured, what it came to, and how to repeat it.
 */
#ifndef TB_REPORT_HTML_REPORT_PAGE_H
#define TB_REPORT_HTML_REPORT_PAGE_H

#include "report/html/report_view.h"
#include "util/error.h"

struct tb_report_page {
    const struct tb_report_view *views;
    size_t count;
    const char *title;
    const char *svg; /* the folder in which each figure becomes a file; NULL: none */
    char **ret_page; /* the caller's */
    size_t *ret_size;
};

/*
 * Makes the page. Returns 0; TB_FAILURE with a sentence where the figures could not be drawn or
 * their files not be written: the page is made all the same, with its tables, and says so; or 128 +
 * the number of the signal that interrupted it.
 */
int tb_report_make(const struct tb_report_page *report, struct tb_error *error);

#endif
