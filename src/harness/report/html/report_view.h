/*
 * What a report is of.
 */
#ifndef TB_REPORT_HTML_REPORT_VIEW_H
#define TB_REPORT_HTML_REPORT_VIEW_H

#include "compare/compare.h"

/* Results that stand beside each other: the subjects of a session, or two sides with the results
 * of one session or more each. */
struct tb_report_view {
    const char *name;            /* what it is called where the report has several */
    const struct tb_side *sides; /* a name may be NULL where there is one side */
    size_t count;
    struct tb_comparisons comparisons; /* of the first side with each of the others; borrowed; none:
                                          they are not compared */
    bool interpreters;                 /* the sides are interpreters, and compared as such */
};

#endif
