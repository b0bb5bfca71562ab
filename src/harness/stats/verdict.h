/*
 * From pairs of values to a verdict. Pure: docs/explanation/verdicts.md states it in words.
 *
 * A value stands for one process; those of a pair come from the same round, so that what the
 * machine did meanwhile is much the same for both. Pairs are tested by sign flips: on which side of
 * a line each pair's log-ratio lies, with a score made of its distance (stats/sign_flip.h). That is
 * exact wherever either side of the line is as likely at each distance: for two sides that do not
 * differ, whatever their distribution.
 */
#ifndef TB_STATS_VERDICT_H
#define TB_STATS_VERDICT_H

#include <stddef.h>

enum tb_verdict {
    TB_INCONCLUSIVE, /* none of the following is shown */
    TB_SAME,         /* the ratio new / old is within the margin */
    TB_SLOWER,       /* it is above it */
    TB_FASTER,       /* it is below it */
};

extern const char *const tb_verdict_names[]; /* "inconclusive", "same", "slower", "faster" */

/* What one look at a family of tests may cost. */
struct tb_rule {
    double margin; /* a ratio up to 1 + margin, and down to its inverse, does not matter */
    double alpha;  /* the chance of any alarm at all, where nothing differs */
};

struct tb_effect {
    size_t pairs;
    double ratio; /* median of new / old; NaN for no pairs */
    double low;   /* its 95 % interval, of this effect alone; NaN below six pairs */
    double high;
    double correlation;  /* of neighbouring pairs' ranks, as found; judged: 0 where that may well be
                            chance */
    double p_slower;     /* chance of such a result or a clearer one if it were not slower ... */
    double p_faster;     /* ... not faster ... */
    double p_same;       /* ... not within the margin */
    double least_p;      /* the smallest that so many values can give, if all agree */
    double mde;          /* the smallest change, as a ratio, that these pairs could have shown */
    size_t pairs_needed; /* more pairs of this kind that would settle it; 0: none, or hopelessly
                            many */
};

/* The largest ratio that is within the margin: a grain above 1 + margin, as ratios are rounded. */
double tb_margin_line(double margin);

/*
 * The effect of `count` pairs of positive values, in the order of their rounds. Pairs on the line
 * that is asked about count for neither side.
 */
struct tb_effect tb_effect_of_pairs(const double *old, const double *new, size_t count,
                                    double margin);

/*
 * The same from values that are no pairs, which it sorts: by the exact test of Mann, Whitney and
 * Wilcoxon. There is no interval.
 */
struct tb_effect tb_effect_of_sides(double *old, size_t old_count, double *new, size_t new_count,
                                    double margin);

/*
 * The verdicts on a family of effects, each as one of the functions above has left it: alarms by
 * Holm's method, which spends alpha on the whole family, two-sided; sameness, which is no alarm,
 * each for itself at that level. Sets `mde`, and `pairs_needed` of what stays inconclusive.
 *
 * Where the ranks of neighbours go together more than chance lets them, in one case or in the
 * family as a whole, pairs count for fewer, count * (1 - r) / (1 + r), and each p becomes what
 * so many would have given.
 */
void tb_judge(struct tb_effect *effects, size_t count, const struct tb_rule *rule,
              enum tb_verdict *ret_verdicts);

#endif
