/*
 * What an operation of a case takes in instructions, system calls and page faults, as a pass of its
 * own has counted it (run/count.h). Pure.
 */
#ifndef TB_DOCUMENT_COUNTS_H
#define TB_DOCUMENT_COUNTS_H

#include <stdbool.h>

#include "document/result.h"

/* One metric of a case. Texts are the record's. */
struct tb_count {
    const char *counter; /* "perf", "valgrind", ...: whose counts are alike; NULL: there is none */
    const char *reason;  /* why not; NULL where it was counted, or nobody asked */
    double operations;   /* of which a difference was taken; NaN: not known */
    double *values;      /* owned: one for each round, of one operation */
    size_t count;
    double value; /* their median; NaN for none */
    bool repeats; /* they are all the same (stats/repeat.h) */
};

/* The caller's to finish. Of TB_TIME there is none. */
struct tb_count tb_count_of(const struct tb_record *record, enum tb_metric metric);
void tb_count_finish(struct tb_count *count);

/* The median alone; NaN where there is none. */
double tb_count_value(const struct tb_record *record, enum tb_metric metric);

/* Adds what a round has counted, of one operation; what is below 0 is taken for 0. */
void tb_count_add(struct tb_record *record, enum tb_metric metric, const char *counter,
                  double operations, double value);

/* Notes why it cannot be counted; what was counted of it goes. */
void tb_count_refuse(struct tb_record *record, enum tb_metric metric, const char *reason);

/* Whether any result has any count of that metric in a selected case. */
bool tb_is_counted(const struct tb_result *results, size_t count, enum tb_metric metric);

/* Whether anything was to be counted: some case has counts, or a reason why it has none. */
bool tb_counts_asked(const struct tb_result *results, size_t count);

/* As a case of a document says it, an object; reads it back. Anything that is none is none. */
void tb_counts_write(const struct tb_record *record, cJSON *item);
void tb_counts_read(struct tb_record *record, const cJSON *item);

#endif
