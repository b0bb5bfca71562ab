/*
 * Runs in the order of their commits: what each case came to in each of them, and where that
 * changed. Pure.
 */
#ifndef TB_COMPARE_HISTORY_H
#define TB_COMPARE_HISTORY_H

#include <regex.h>
#include <stdbool.h>
#include <stddef.h>

#include "document/digest.h"

/* One document. */
struct tb_history_run {
    const struct tb_digest *digest;
    size_t commit;    /* the place of its commit on the line, the oldest first */
    const char *path; /* of the document */
};

/* What a case came to in a run. */
struct tb_history_value {
    size_t run; /* its place among the runs */
    const struct tb_digest_case *found;
};

/* From a value on, figures are not of the same thing as before: no change is looked for across. */
struct tb_history_split {
    size_t at;        /* the first value after it */
    const char *what; /* that is another one: "the kernel" */
};

enum tb_confirmation {
    TB_UNCONFIRMED,        /* it was not tried */
    TB_CONFIRMED,          /* measured again it is slower or faster, as it was found */
    TB_REFUTED,            /* measured again it is the same, or the other way round */
    TB_AGAIN_INCONCLUSIVE, /* within its budget nothing was shown */
    TB_UNBUILT,            /* it could not be measured again */
};

extern const char *const tb_confirmation_names[]; /* "unconfirmed", "confirmed", ... */

/* A change of level. The first three are places among the values of its series. */
struct tb_history_change {
    size_t at;          /* the first value after it, most likely */
    size_t first, last; /* with 95 % confidence that is one of these */
    double ratio;       /* level after / level before */
    double low, high;   /* its 95 % interval */
    double p;
    /* Between which commits it is, by their places on the line: after `old`, and at `new` at the
     * latest. They are equal where both runs are of one commit, which then cannot be the reason. */
    size_t old, new;
    size_t earliest, latest; /* the same, with 95 % confidence */
    enum tb_confirmation confirmation;
    double again, again_low, again_high; /* the ratio when it was measured again; NaN: it was not */
    char *remark;                        /* owned; why it is not confirmed; or NULL */
};

/* One case on one host in one setup. */
struct tb_history_series {
    const char *name, *unit, *host, *command, *setup; /* the digests', the first's command */
    struct tb_history_value *values; /* in order; those of dirty trees are among them */
    size_t count;
    size_t clean;   /* values that are not of a dirty tree, which alone are looked at */
    size_t longest; /* of these between two splits */
    size_t failed;  /* runs in which it failed or was skipped, and so has no value */
    struct tb_history_split *splits;
    size_t split_count;
    struct tb_history_change *changes; /* in order */
    size_t change_count;
    double noise; /* deviation of a run about its level, the largest of all parts; NaN: not known */
    double
        correlation; /* of neighbouring runs about their level, likewise; 0: none, or not known */
};

struct tb_history {
    const struct tb_history_run *runs; /* borrowed */
    size_t run_count;
    struct tb_history_series *series;
    size_t count;
    double alpha;  /* of any false point in all of it */
    size_t parts;  /* of series, between splits: those with a value that is looked at */
    size_t blind;  /* of these: with so few runs that no change could be seen, however large */
    size_t needed; /* so many runs a part takes for one to be seen, with the share of alpha that a
                      part has now; if all are blind, with that which it has if none is */
    size_t changes;
};

struct tb_history_demand {
    const regex_t *filter; /* on names; NULL: all */
    bool core, standard;   /* cases of that set alone */
    double alpha;          /* chance of any false change in all of it */
};

/*
 * Brings runs into order: by commit, those of dirty trees after the others, then by time. Of a run
 * that is there twice the document with fewer rounds is left out. Returns how many are left.
 */
size_t tb_history_sort(struct tb_history_run *runs, size_t count);

/* The history of runs in order, which it borrows, with the cases' digests. */
struct tb_history tb_history_of(const struct tb_history_run *runs, size_t count,
                                const struct tb_history_demand *demand);
void tb_history_finish(struct tb_history *history);

/* Whether the value is of a dirty tree. */
bool tb_history_is_dirty(const struct tb_history *history, const struct tb_history_value *value);

/* One change with its series. */
struct tb_history_finding {
    struct tb_history_series *series;
    struct tb_history_change *change;
};

/* All of them, `changes` many, the largest first; the caller's. */
struct tb_history_finding *tb_history_findings(const struct tb_history *history);

#endif
