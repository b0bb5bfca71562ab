/*
 * A history as a page of HTML.
 */
#ifndef TB_REPORT_HTML_HISTORY_PAGE_H
#define TB_REPORT_HTML_HISTORY_PAGE_H

#include "report/history_view.h"

/* Writes the page, which is going to be the file `path`, so that its links lead to the documents;
 * NULL: it is not known where it will be, and they are paths from the working directory. Whether
 * writing failed is for ferror() to tell. */
void tb_history_page_put(FILE *out, const struct tb_history_view *view, const char *path);

#endif
