/*
 * A history as a page of HTML.
 */
#ifndef TB_REPORT_HTML_HISTORY_PAGE_H
#define TB_REPORT_HTML_HISTORY_PAGE_H

#include "report/history_view.h"
#include "util/error.h"

/* Writes the page, which is going to be the file `path`, so that its links lead to the documents;
 * NULL: it is not known where it will be, and they are paths from the working directory. Whether
 * writing failed is for ferror() to tell. Returns 0, or 128 + the number of the signal that
 * interrupted it, with a sentence: then it has written nothing. */
int tb_history_page_put(FILE *out, const struct tb_history_view *view, const char *path,
                        struct tb_error *error);

#endif
