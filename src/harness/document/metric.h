/*
 * What cases can be compared by.
 */
#ifndef TB_DOCUMENT_METRIC_H
#define TB_DOCUMENT_METRIC_H

enum tb_metric {
    TB_TIME, /* of a case its primary statistic; the others are counted (document/counts.h) */
    TB_INSTRUCTIONS,
    TB_SYSCALLS,
    TB_FAULTS,
    TB_METRICS,
};

extern const char *const tb_metric_names[]; /* "time", "instructions", "syscalls", "faults" */

/* The metric of that name; TB_TIME for any other, and for NULL. */
enum tb_metric tb_metric_of(const char *name);

#endif
