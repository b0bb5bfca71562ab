/*
 * What a subject can measure.
 */
#ifndef TB_REPORT_LISTING_H
#define TB_REPORT_LISTING_H

#include "document/catalog.h"
#include "report/page.h"

/* What a subject can measure, of its cases the selected ones. */
void tb_listing_put(const struct tb_page *page, const struct tb_catalogue *catalogue,
                    const enum tb_role *roles);

#endif
