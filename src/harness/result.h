/*
 * What a run has measured so far.
 */
#ifndef TB_HARNESS_RESULT_H
#define TB_HARNESS_RESULT_H

#include <cjson/cJSON.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include "detail.h"
#include "gbench.h"
#include "plan.h"
#include "revision.h"
#include "stats.h"
#include "worker.h"

/* One process. */
struct tb_repetition {
    unsigned round; /* from 0 */
    unsigned order; /* its place in the round, from 0 */
    cJSON *entry;   /* owned; the benchmark library's, times in ns */
    double wall_s;
    struct tb_load load;
};

/* A case's results. Zeroed but for `spec` and `role`: nothing yet. */
struct tb_record {
    const struct tb_case *spec; /* the catalogue's */
    enum tb_role role;
    enum tb_outcome outcome; /* not TB_OK: it is not run any further */
    char *reason;            /* owned; NULL for TB_OK */
    uint64_t samples;        /* asked for in each process; 0: left to the subject */
    struct tb_repetition *repetitions;
    size_t count;
    struct tb_histogram pooled[TB_PLACEMENTS];
};

struct tb_result {
    char run_id[17];
    struct timespec started;
    uint64_t seed;
    unsigned rounds; /* asked for */
    unsigned finished_rounds;
    double time_s;
    double deadline_s;
    int signal;           /* that interrupted it; 0: none */
    char *const *command; /* ours; borrowed, as are the next three */
    char *const *subject;
    const struct tb_catalogue *catalogue;
    const struct tb_revision *revision;
    cJSON *host;   /* owned, as are the next three */
    cJSON *before; /* tb_host_moment() */
    cJSON *after;
    cJSON *context;            /* the first worker's; NULL: none */
    struct tb_record *records; /* in the order of the catalogue */
    size_t count;
};

/* Makes one record for each case that has a role. */
void tb_result_init(struct tb_result *result, const struct tb_catalogue *catalogue,
                    const enum tb_role *roles);
void tb_result_finish(struct tb_result *result);

/* Adds a process's reading, of which it takes the entry, and its samples. */
void tb_record_add(struct tb_record *record, const struct tb_repetition *repetition,
                   const struct tb_series *series);

/* Ends the case with a reason, of which it keeps a copy; what it measured stays. */
void tb_record_end(struct tb_record *record, enum tb_outcome outcome, const char *reason);

/* The record of the case of that name, or NULL. */
const struct tb_record *tb_result_find(const struct tb_result *result, const char *name);

/* Whether any case failed. */
bool tb_result_failed(const struct tb_result *result);

#endif
