/*
 * Two sides, case by case. Pure.
 */
#ifndef TB_COMPARE_COMPARE_H
#define TB_COMPARE_COMPARE_H

#include <regex.h>
#include <stdbool.h>

#include "compare/pairing.h"
#include "document/counts.h"
#include "stats/verdict.h"

enum { TB_SHIFTS = 4 };

/* What the quantiles of all samples are shown for, in per cent: 10, 50, 90, 99. */
extern const double tb_shift_percents[TB_SHIFTS];

/* Of alpha, what is spent on primary statistics. The rest is for tails, whose tests answer a second
 * question, which matters less. */
#define TB_PRIMARY_ALPHA_SHARE 0.8

/* One statistic of a case, compared. */
struct tb_test {
    const char *statistic; /* a value of it stands for a process; NULL: it is not compared */
    struct tb_effect effect;
    enum tb_verdict verdict;
    bool powerless; /* no alarm is possible, whatever so few values are */
};

/* One case. Texts are the results'. */
struct tb_compared {
    const char *name;
    const char *unit; /* of the values: "ns", or what else the case counts; "": see `test` */
    double old_value, new_value; /* NaN on a side that has no value */
    struct tb_test test;         /* of the primary statistic */
    struct tb_test tail;         /* of a high quantile, or of the mean */
    double shifts[TB_SHIFTS];    /* ratios of pooled quantiles; NaN where not known */
    char *reason;                /* owned; why there is nothing to compare; NULL where there is */
    bool old_failed, new_failed; /* that is the reason */
    bool uncompared;             /* there is one although neither side skipped or failed the case */
    double varies;               /* of counts that do not repeat the spread, a share; else 0 */
    double old_s, new_s;         /* what a process takes, to its end; NaN where not known */
};

/* Whether the tail's verdict is the one to tell: an alarm where the case itself has none, and good
 * news where it is the same. */
bool tb_reports_tail(const struct tb_compared *row);

struct tb_comparison {
    const char *old, *new; /* the sides' names */
    struct tb_rule rule;   /* of the primary statistics; tails have their own share of alpha */
    double alpha;          /* of both, and of all looks */
    double look_share;     /* what this look had of it */
    enum tb_unit unit;
    enum tb_metric metric;
    bool drifts;       /* what changed between two sessions counts as the change */
    size_t fewest;     /* units a side with which an alarm is possible, were all of one mind */
    bool same_program; /* byte for byte, as far as the results tell */
    size_t left_out;   /* results: of a pair or a session there is one on each side */
    struct tb_compared *rows;
    size_t count;
};

struct tb_demand {
    double margin;
    double alpha;          /* of the whole comparison, at all its looks */
    double look_share;     /* of alpha, of this look; 0: it is the only one */
    size_t others;         /* further comparisons of the same session, which share alpha */
    const regex_t *filter; /* on names; NULL: all */
    bool core, standard;   /* cases of that set alone */
    bool force;            /* compare cases that have changed themselves, too */
    enum tb_metric metric; /* what decides; anything but the time was counted */
    bool pair;             /* results at the same place are of one session, whatever they say */
};

/*
 * Compares every case that either side selected, in the old side's order and then the new one's.
 * What cannot be compared has a row with the reason. Where any sessions have a result on both
 * sides, which is another run on each, these alone count; else each session counts once, by the
 * first of its subjects that there is; where each side has but one, each of their processes does.
 */
struct tb_comparison tb_compare(const struct tb_side *old, const struct tb_side *new,
                                const struct tb_demand *demand);
void tb_comparison_finish(struct tb_comparison *comparison);

/* The row of the case of that name, or NULL. */
const struct tb_compared *tb_comparison_find(const struct tb_comparison *comparison,
                                             const char *name);

/* What a session that was measured to be compared asks for. */
struct tb_demand tb_demand_of(const struct tb_settings *settings);

/* Comparisons of one session, the first of its results with each of the others. Zeroed: none. */
struct tb_comparisons {
    struct tb_comparison *each;
    size_t count;
};

/* Adds one; its sides' names are borrowed. */
void tb_comparisons_add(struct tb_comparisons *comparisons, const struct tb_side *old,
                        const struct tb_side *new, const struct tb_demand *demand);

/* Adds the first of the results against each of the others, named by their subjects' labels; they
 * share the demand's alpha, with as many further comparisons as it says if these are more. */
void tb_comparisons_add_results(struct tb_comparisons *comparisons, const struct tb_result *results,
                                size_t count, const struct tb_demand *demand);
void tb_comparisons_finish(struct tb_comparisons *comparisons);

#endif
