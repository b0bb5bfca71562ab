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
#include "document/revision.h"
#include "document/series.h"
#include "document/subject.h"
#include "stats/stats.h"
#include "util/json_scan.h"

enum { TB_MOST_ROUNDS = 10000, TB_MOST_SAMPLES = 10000000 };

/* What other programs did to the machine while a worker ran; NaN where it is not known. */
struct tb_load {
    double pressure_us; /* time in which some runnable task waited for a CPU */
    double other_share; /* CPU time of other processes, as a share of all CPUs' time */
    double steal_share; /* time the hypervisor took, likewise */
};

/* One process. */
struct tb_repetition {
    unsigned round;       /* from 0 */
    unsigned order;       /* its place in the round, from 0 */
    struct tb_span entry; /* the benchmark library's, times in ns but for those below */
    char *owned;          /* its text where that is not another's */
    double mean_ns;
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

/* Why no more rounds followed. */
enum tb_stop {
    TB_STOP_ROUNDS,  /* as many as were asked for */
    TB_STOP_DECIDED, /* every case was known well enough */
    TB_STOP_BUDGET,  /* the time was up */
    TB_STOP_SIGNAL,  /* interrupted */
};

extern const char *const tb_stop_names[]; /* "rounds", "settled", "budget", "signal" */

/* What several subjects of one session have in common. */
struct tb_settings {
    char session[17];
    size_t subjects; /* of the session; 0: not known */
    struct timespec started;
    uint64_t seed;
    unsigned rounds;     /* at most */
    unsigned resumed;    /* how often the session was continued */
    unsigned looks;      /* planned ones, at whether it is enough; 0: none */
    unsigned first_look; /* the rounds before the first of them */
    double precision;    /* half an interval's width as a share of its middle; 0: none asked for */
    double alpha;        /* of one interval */
    double budget_s;     /* 0: none */
    double time_s;       /* of the loop of one process */
    double timeout_s;
    uint64_t samples;     /* in a process that knows us; 0: a pilot finds them */
    unsigned repetitions; /* within a process of a subject that does not */
    char *const *command; /* ours; borrowed */
};

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
    struct tb_record *records; /* in the order of the catalogue */
    size_t count;
};

/* Makes one record for each case of the subject that has a role. */
void tb_result_init(struct tb_result *result, const struct tb_subject *subject,
                    const enum tb_role *roles);
void tb_result_finish(struct tb_result *result);

/* With an entry of its own, of which it keeps a copy; the rest is the caller's to set. */
struct tb_repetition tb_repetition_of(const cJSON *entry);

/* Adds a process's reading, which it takes, and its samples. */
void tb_record_add(struct tb_record *record, const struct tb_repetition *repetition,
                   const struct tb_series *series);

/* Ends the case with a reason, of which it keeps a copy; what it measured stays. */
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
