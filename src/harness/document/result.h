/*
 * What a run has measured so far.
 */
#ifndef TB_DOCUMENT_RESULT_H
#define TB_DOCUMENT_RESULT_H

#include <cjson/cJSON.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include "document/catalog.h"
#include "document/gbench.h"
#include "document/series.h"
#include "document/settings.h"
#include "document/subject.h"
#include "stats/stats.h"

/* One process. */
struct tb_repetition {
    unsigned round; /* from 0 */
    double *values; /* owned: of its record's fields, in their order, as far as it has them */
    size_t count;
    char *entry; /* owned; as Google Benchmark wrote it, times in ns, with what we know besides;
                    NULL: it is not to be written */
};

/* A case's results. Zeroed but for `spec` and `role`: nothing yet. */
struct tb_record {
    const struct tb_case *spec; /* the catalogue's */
    enum tb_role role;
    enum tb_outcome outcome;           /* not TB_OK: it is not run any further */
    char *reason;                      /* owned; NULL for TB_OK, unless a budget left it out */
    uint64_t samples;                  /* asked for in each process; 0: left to the subject */
    struct tb_repetition *repetitions; /* by round */
    size_t count;
    char **fields; /* owned, printable: what its processes report, numbers all */
    size_t field_count;
    struct tb_histogram pooled[TB_PLACEMENTS];
    cJSON *counts; /* owned; what was counted of it (document/counts.h); NULL: nothing */
};

/* Why no more rounds followed. */
enum tb_stop {
    TB_STOP_ROUNDS,  /* as many as were asked for */
    TB_STOP_DECIDED, /* every case was known well enough */
    TB_STOP_BUDGET,  /* the time was up */
    TB_STOP_SIGNAL,  /* interrupted */
    TB_STOP_RUNNING, /* none yet: this was written in case the program is killed */
};

extern const char *const tb_stop_names[]; /* "rounds", "decided", "budget", ... */
extern const char *const tb_stop_texts[]; /* for a reader: "all rounds are done", ... */

struct tb_result {
    char run_id[17];
    const struct tb_settings *settings;
    const struct tb_subject *subject; /* borrowed, as is the one before and the next one */
    const struct tb_revision *revision;
    size_t place; /* of the subject among the session's, from 0 */
    unsigned finished_rounds;
    enum tb_stop stop;
    int signal;    /* that interrupted it; 0: none */
    cJSON *host;   /* owned, as are the next three */
    cJSON *before; /* tb_host_moment() */
    cJSON *after;
    cJSON *context;            /* the first worker's; NULL: none */
    char *drawing;             /* of a lifecycle, the latest; owned; NULL: none */
    struct tb_record *records; /* in the order of the catalogue */
    size_t count;
    struct tb_names names; /* the records', at the same places */
};

/* Makes one record for each case of the subject that has a role; NULL: all are selected. */
void tb_result_init(struct tb_result *result, const struct tb_subject *subject,
                    const enum tb_role *roles);
void tb_result_finish(struct tb_result *result);
void tb_record_finish(struct tb_record *record);

/*
 * A repetition of the record's case, from an entry whose times are in ns. "mean" is what the
 * operation took, in ns. Of a subject that knows threadbench each number is a field; the counters
 * of any other one may mean anything, and are left in the entry. `text`, which it takes, is the
 * entry in JSON, or NULL. The rest is the caller's to set.
 */
struct tb_repetition tb_repetition_of(struct tb_record *record, const cJSON *entry, char *text,
                                      double mean_ns, bool known);

/* Where a field's values are in the record's repetitions; past all of them where it has none. */
size_t tb_record_field(const struct tb_record *record, const char *name);

/* The value at that place; NaN where the process has none. */
double tb_repetition_value(const struct tb_repetition *repetition, size_t field);

/* Adds a repetition, which it takes, and its samples. */
void tb_record_add(struct tb_record *record, const struct tb_repetition *repetition,
                   const struct tb_series *series);

/* Ends the case with a reason, of which it keeps a copy; NULL: none was given; what it measured
 * stays. */
void tb_record_end(struct tb_record *record, enum tb_outcome outcome, const char *reason);

/*
 * Goes on where another result of the same cases stopped: takes its repetitions and samples, and
 * what was found about cases that ended.
 */
void tb_result_take(struct tb_result *result, struct tb_result *from);

/* The record of the case of that name, or NULL. */
struct tb_record *tb_result_find(const struct tb_result *result, const char *name);

/* Whether both tell that they are of the same run. */
bool tb_is_same_run(const struct tb_result *a, const struct tb_result *b);

/* Its latest process, or NULL. */
const struct tb_repetition *tb_record_last(const struct tb_record *record);

/* Whether the case had no turn yet, nor an outcome. */
bool tb_is_pending(const struct tb_record *record);

/* Its outcome's name, or "pending". */
const char *tb_record_outcome(const struct tb_record *record);

/* How many cases failed, are pending, and were measured. */
struct tb_tally {
    size_t failed, pending, measured;
};

struct tb_tally tb_result_tally(const struct tb_result *results, size_t count);

#endif
