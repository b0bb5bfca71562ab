/*
 * Where a series of runs changes its level: change points, each with its size, its place and how
 * sure that is. Pure. docs/evidence/history.md has how often it is wrong, by simulation.
 *
 *     struct tb_change_points found[CASES];
 *
 *     tb_change_points_of_family(cases, CASES, 0.01, found);
 *     for (size_t i = 0; i < found[0].count; i++)
 *         printf("run %zu: %+.1f %%\n", found[0].points[i].at,
 *                100 * (found[0].points[i].ratio - 1));
 */
#ifndef TB_STATS_CHANGE_POINTS_H
#define TB_STATS_CHANGE_POINTS_H

#include <stdbool.h>
#include <stddef.h>

/* What one run of a case found. */
struct tb_run_value {
    double value;      /* above 0, in any unit; else, or NaN, the run counts for nothing */
    double half_width; /* of the value's 95 % interval, in the same unit; NaN or 0: not known */
};

/* Positions are indices into the runs that were given. */
struct tb_change_point {
    size_t at;    /* the first run after the change, most likely */
    size_t first; /* with 95 % confidence it is one from `first` ... */
    size_t last;  /* ... to `last`, both included; first <= at <= last */
    double ratio; /* level after / level before, up to the neighbouring points */
    double low;   /* its 95 % interval, of this point alone */
    double high;
    double p; /* how likely a case that never changes has such a point, or a clearer one, anywhere,
                 as it was found, before it was placed anew; at most its share of alpha */
};

struct tb_change_points {
    struct tb_change_point *points; /* in the order of runs */
    size_t count;
    size_t used;  /* runs with a value */
    double noise; /* relative deviation of a run about its level; NaN below two runs */
    double
        correlation; /* of neighbouring runs about their level, as it was allowed for; at least 0 */
};

/* A case's runs in the order of their commits. */
struct tb_runs {
    const struct tb_run_value *values;
    size_t count;
};

/* Each case's share of the `alpha` of a family: that, divided by the number of cases with enough
 * runs to show anything. All of it if there are none. */
double tb_change_points_share(const struct tb_runs *family, size_t count, double alpha);

/*
 * The change points of each of a family of cases. `alpha` is the chance that there is any point at
 * all, in any case, where nothing changes; each case has its share of it. What the cases show
 * together of how neighbouring runs correlate helps each of them, so a history is one family.
 *
 * That is so for runs that do not depend on each other, and up to a correlation of neighbours of
 * about 0.3; docs/evidence/history.md has what it is beyond. There is no change within three runs
 * of either end, nor one that the runs' own intervals could explain by themselves. The same runs
 * always give the same points. The cost grows as n log n.
 */
void tb_change_points_of_family(const struct tb_runs *family, size_t count, double alpha,
                                struct tb_change_points *ret_found);

/* Of a case that is a family of its own. */
struct tb_change_points tb_change_points(const struct tb_run_value *values, size_t count,
                                         double alpha);

void tb_change_points_finish(struct tb_change_points *found);

/* Whether a case with a share `alpha` can show a change between so many runs, however large it is,
 * if they do not correlate. */
bool tb_change_points_possible(size_t before, size_t after, double alpha);

#endif
