/*
 * What a reader wants to know of comparisons first: whether anything became slower, what the most,
 * and, where that is not known, what would decide it. Pure.
 */
#ifndef TB_COMPARE_CONCLUSION_H
#define TB_COMPARE_CONCLUSION_H

#include "compare/compare.h"

/* What a case came to. */
enum tb_row_state {
    TB_ROW_SLOWER, /* by the statistic or the tail: an alarm */
    TB_ROW_FASTER,
    TB_ROW_SAME,
    TB_ROW_INCONCLUSIVE, /* compared, without a verdict */
    TB_ROW_UNCOMPARED,   /* although both sides have it */
    TB_ROW_FAILED,       /* on either side */
    TB_ROW_MISSING,      /* skipped on a side, or not there */
    TB_ROW_STATES,
};

enum tb_row_state tb_row_state(const struct tb_compared *row);

/* How many cases there are. */
struct tb_verdict_counts {
    size_t of[TB_ROW_STATES];
    size_t listed;     /* all of these */
    size_t compared;   /* of the first four states */
    size_t decided;    /* of the first three */
    size_t old_failed; /* of the failed ones, on the old side */
};

struct tb_verdict_counts tb_verdict_counts(const struct tb_comparisons *comparisons);

enum tb_conclusion_kind {
    TB_CONCLUDE_INCONCLUSIVE,
    TB_CONCLUDE_NO_REGRESSION, /* each case that both sides have is shown to be the same or faster
                                */
    TB_CONCLUDE_REGRESSION,
};

extern const char *const tb_conclusion_names[]; /* "inconclusive", "no regression", ... */

/* One case of one comparison. */
struct tb_finding {
    const struct tb_comparison *comparison;
    const struct tb_compared *row;
    const struct tb_test *test; /* the row's: the one that is slower */
};

enum { TB_FINDINGS = 3 };

struct tb_conclusion {
    enum tb_conclusion_kind kind;
    struct tb_verdict_counts counts;
    /* Of the alarms, of what is faster, or else of what is inconclusive: those that changed most,
     * the worst first, tails last; `of` all. */
    struct tb_finding findings[TB_FINDINGS];
    size_t found, of;
    size_t hopeless;       /* inconclusive cases that more units would hardly decide */
    size_t units_needed;   /* that would decide the others: rounds, or others a side; 0: there are
                              none */
    double seconds_needed; /* what so many rounds take; NaN where that is not known */
    bool powerless;        /* no inconclusive case has as many units as an alarm needs */
    size_t fewest, most;   /* units that it needs, and the most that an inconclusive case has */
    size_t runs_needed;    /* further sessions a side, for drift to be accounted for; 0: it is */
};

/* The comparisons are at least one, and live as long as the conclusion. */
struct tb_conclusion tb_conclude(const struct tb_comparisons *comparisons);

#endif
