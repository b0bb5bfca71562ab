/*
 * What a subject can measure.
 */
#ifndef TB_REPORT_LISTING_H
#define TB_REPORT_LISTING_H

#include "document/catalog.h"
#include "report/page.h"

/* A line for each benchmark, however many cases it has; there is one at least. */
void tb_listing_put_benchmarks(const struct tb_page *page, const struct tb_catalogue *catalogue);

/* The cases, and what they are made of: what a subject can measure, of its cases the selected ones.
 */
void tb_listing_put(const struct tb_page *page, const struct tb_catalogue *catalogue,
                    const enum tb_role *roles);

#endif
