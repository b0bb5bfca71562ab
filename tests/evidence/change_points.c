/*
 * How often change points are false, and which changes they find, by simulation: the very function
 * that `threadbench history` uses, on series of which the truth is known.
 * docs/evidence/history.md quotes it.
 *
 * usage: change-points [test | alarms | steps | shapes | curve | family | short | own | time]
 *
 * world.h says what the series are.
 */
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "stats/rank_split.h"
#include "world.h"

static const double correlations[] = {0, 0.3, 0.5, 0.7}; /* mostly the first two */

/* What became of many series of one world. */
struct tally {
    double series, with_any, points, correlation;
    double near, exact; /* with all steps found, each within one run, or at its own */
    double far;         /* points that are further from all steps, or further points there */
    double singles;     /* series with one step and one point */
    double holds_at, positions, holds_size; /* of those: intervals that hold the truth; places */
};

static void tally_single(const struct tb_world *world, const struct tb_change_point *point,
                         struct tally *tally)
{
    size_t at = world->steps[0].at;
    double ratio = 1 + world->steps[0].change;

    tally->singles++;
    tally->holds_at += point->first <= at && at <= point->last;
    tally->positions += (double)(point->last - point->first + 1);
    tally->holds_size += point->low <= ratio && ratio <= point->high;
}

static void count_up(const struct tb_world *world, const struct tb_change_points *found,
                     struct tally *tally)
{
    size_t near = 0, exact = 0, steps = 0;

    for (size_t s = 0; s < TB_WORLD_STEPS && world->steps[s].change != 0; s++) {
        long least = TB_WORLD_RUNS;

        steps++;
        for (size_t i = 0; i < found->count; i++) {
            long off = labs((long)found->points[i].at - (long)world->steps[s].at);

            least = off < least ? off : least;
        }
        near += least <= 1;
        exact += least == 0;
    }
    tally->series++;
    tally->with_any += found->count > 0;
    tally->points += (double)found->count;
    tally->near += steps && near == steps;
    tally->exact += steps && exact == steps;
    tally->far += (double)(found->count - near);
    tally->correlation += found->correlation;
    if (steps == 1 && found->count == 1)
        tally_single(world, &found->points[0], tally);
}

static struct tally simulate(const struct tb_world *world, double alpha, size_t series)
{
    static struct tb_run_value values[TB_WORLD_RUNS];
    struct tally tally = {0};

    for (size_t t = 0; t < series; t++) {
        struct tb_change_points found;

        tb_world_draw(world, values);
        found = tb_change_points(values, world->runs, alpha);
        count_up(world, &found, &tally);
        tb_change_points_finish(&found);
    }
    return tally;
}

static double percent(double part, double of)
{
    return of > 0 ? 100 * part / of : NAN;
}

static const double *sorted_by;

static int by_value(const void *a, const void *b)
{
    double x = sorted_by[*(const size_t *)a], y = sorted_by[*(const size_t *)b];

    return (x > y) - (x < y);
}

/* The share of rows of independent values whose clearest place has a p of at most alpha. */
static double share_of_test(size_t count, double alpha)
{
    enum { trials = 100000, most = 200 };
    double x[most], weights[most];
    size_t order[most], hits = 0, nearest = tb_rank_split_fewest(count, alpha);
    struct tb_window window = {x, weights, order, 0, count};

    sorted_by = x;
    for (size_t t = 0; t < trials; t++) {
        double z;

        for (size_t i = 0; i < count; i++) {
            x[i] = tb_world_normal();
            weights[i] = 1;
            order[i] = i;
        }
        qsort(order, count, sizeof *order, by_value);
        z = tb_rank_split_best(&window, nearest, &(struct tb_dependence){0, INFINITY}).z;
        hits += tb_rank_split_p(z, count, nearest) <= alpha;
    }
    return 100.0 * (double)hits / trials;
}

static void simulate_test(void)
{
    static const size_t counts[] = {20, 60, 200};

    puts("the test of one window by itself, independent values, per cent of 100,000 with p <= "
         "alpha");
    puts("  values   alpha 10 %      1 %    0.1 %");
    for (size_t n = 0; n < 3; n++)
        printf("  %6zu %12.2f %8.3f %8.3f\n", counts[n], share_of_test(counts[n], 0.1),
               share_of_test(counts[n], 0.01), share_of_test(counts[n], 0.001));
}

static void show_alarms(size_t runs, double noise, double correlation)
{
    struct tb_world world = {runs, noise, correlation, .outliers = 0.02};
    size_t more = runs <= 60 ? 20000 : runs <= 200 ? 4000 : 400;
    struct tally first = simulate(&world, 0.01, more < 1000 ? more : 1000);
    struct tally all = simulate(&world, 0.01, more);

    printf("  %4zu  %3.0f %%  %11.1f  %12.1f  %9.2f of %zu\n", runs, 100 * noise, correlation,
           percent(first.with_any, first.series), percent(all.with_any, all.series), more);
}

static void simulate_alarms(void)
{
    static const size_t runs[] = {60, 20, 200, 1000};

    puts("series without a step, alpha 1 %: per cent with any point");
    puts("  runs  noise  correlation  of 1,000 (or all)   of others");
    for (size_t n = 0; n < 4; n++) {
        for (int noise = 1; noise <= (n ? 1 : 2); noise++) {
            for (size_t r = 0; r < 4; r++)
                show_alarms(runs[n], 0.01 * noise, correlations[r]);
        }
    }
}

static void show_step(const struct tb_world *world)
{
    struct tally tally = simulate(world, 0.01, 1000);

    printf("  %4zu %6zu %5.0f %% %5.0f %% %6.1f %8.1f %8.1f %8.1f %9.3f %9.1f %9.1f %9.1f\n",
           world->runs, world->steps[0].at, 100 * world->noise, 100 * world->steps[0].change,
           world->correlation, percent(tally.with_any, tally.series),
           percent(tally.near, tally.series), percent(tally.exact, tally.series),
           tally.far / tally.series, percent(tally.holds_at, tally.singles),
           tally.positions / tally.singles, percent(tally.holds_size, tally.singles));
}

static void head_of_steps(void)
{
    puts("  runs  at run  noise    step   corr.      any  within 1    exact  elsewhere   range"
         " holds  its runs  size holds");
}

static void simulate_steps(void)
{
    static const struct {
        double noise, change;
    } kinds[] = {{0.01, 0.02}, {0.01, 0.05}, {0.02, 0.05}, {0.01, -0.05}, {0.01, 0.01}};
    static const size_t places[] = {40, 30, 20, 10, 50, 54, 56};

    puts("one step, alpha 1 %, per cent of 1,000 series; where the 95 % ranges hold the truth");
    head_of_steps();
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        for (size_t p = 0; p < sizeof places / sizeof *places; p++) {
            for (size_t r = 0; r < 2; r++)
                show_step(&(struct tb_world){60, kinds[k].noise, correlations[r], 0.02,
                                             .steps = {{places[p], kinds[k].change, 0}}});
        }
    }
}

static void simulate_short(void)
{
    static const size_t runs[] = {8, 10, 12, 14, 16, 18, 20, 24, 30};

    puts("short series, a step in their middle, alpha 1 %, per cent of 1,000");
    head_of_steps();
    for (size_t n = 0; n < sizeof runs / sizeof *runs; n++) {
        for (size_t r = 0; r < 2; r++)
            show_step(&(struct tb_world){runs[n], 0.01, correlations[r], 0.02,
                                         .steps = {{runs[n] / 2, 0.05, 0}}});
    }
}

static void simulate_shapes(void)
{
    static const struct {
        const char *name;
        struct tb_world world;
    } shapes[] = {
        {"+5 % at 20, +5 % at 40", {60, .steps = {{20, 0.05, 0}, {40, 0.05, 0}}}},
        {"+5 % at 20, back at 40", {60, .steps = {{20, 0.05, 0}, {40, 1 / 1.05 - 1, 0}}}},
        {"+5 % at 25, back at 35", {60, .steps = {{25, 0.05, 0}, {35, 1 / 1.05 - 1, 0}}}},
        {"+5 % at 100, back at 110", {200, .steps = {{100, 0.05, 0}, {110, 1 / 1.05 - 1, 0}}}},
        {"+2 % at 300, -2 % at 700", {1000, .steps = {{300, 0.02, 0}, {700, -0.02, 0}}}},
        {"+5 % over 10 runs from 30", {60, .steps = {{30, 0.05, 10}}}},
        {"+5 % over 30 runs from 15", {60, .steps = {{15, 0.05, 30}}}},
        {"+10 % over all 60", {60, .steps = {{0, 0.1, 60}}}},
    };

    puts("other shapes in 1 % noise, alpha 1 %, of 1,000 series: per cent with any point, with all"
         " steps within 1");
    puts("  shape                        corr.       any   within 1   points a series");
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        for (size_t r = 0; r < 2; r++) {
            struct tb_world world = shapes[i].world;
            struct tally tally;

            world.noise = 0.01;
            world.outliers = 0.02;
            world.correlation = correlations[r];
            tally = simulate(&world, 0.01, 1000);
            printf("  %-26s %7.1f %9.1f %10.1f %17.2f\n", shapes[i].name, correlations[r],
                   percent(tally.with_any, tally.series), percent(tally.near, tally.series),
                   tally.points / tally.series);
        }
    }
}

static void simulate_curve(void)
{
    static const double alphas[] = {0.3, 0.1, 0.03, 0.01, 0.003, 0.001, 0.0001, 0.00001};

    puts("detection against false alarms, 60 runs, a step at run 40, per cent of 2,000 series");
    puts("                       any without a step       2 % in 1 % within 1"
         "       5 % in 2 % within 1");
    puts("     alpha   corr. 0     0.3     0.5          0     0.3          0     0.3");
    for (size_t a = 0; a < sizeof alphas / sizeof *alphas; a++) {
        printf("  %6.3f %%", 100 * alphas[a]);
        for (size_t r = 0; r < 3; r++) {
            struct tally tally = simulate(&(struct tb_world){60, 0.01, correlations[r], 0.02},
                                          alphas[a], alphas[a] < 0.005 ? 50000 : 5000);

            printf("%9.3f", percent(tally.with_any, tally.series));
        }
        for (int noise = 1; noise <= 2; noise++) {
            for (size_t r = 0; r < 2; r++) {
                struct tally tally =
                    simulate(&(struct tb_world){60, 0.01 * noise, correlations[r], 0.02,
                                                .steps = {{40, noise == 1 ? 0.02 : 0.05, 0}}},
                             alphas[a], 2000);

                printf("%9.1f", percent(tally.near, tally.series));
            }
        }
        putchar('\n');
    }
}

/* Many cases of which one changes, as one family. */
struct census {
    double families, with_false, found, near;
};

static void judge_family(const struct tb_world *changed, size_t cases,
                         struct tb_change_points *found, struct census *census)
{
    bool is_false = false, near = false;

    for (size_t i = 0; i < cases; i++) {
        for (size_t k = 0; k < found[i].count; k++) {
            long off = labs((long)found[i].points[k].at - (long)changed->steps[0].at);

            is_false |= i > 0;
            near |= i == 0 && off <= 1;
        }
    }
    census->families++;
    census->with_false += is_false;
    census->found += found[0].count > 0;
    census->near += near;
    for (size_t i = 0; i < cases; i++)
        tb_change_points_finish(&found[i]);
}

static struct census simulate_family(const struct tb_world *changed, size_t cases, size_t families)
{
    struct tb_run_value *values = calloc(cases * changed->runs, sizeof *values);
    struct tb_runs *family = calloc(cases, sizeof *family);
    struct tb_change_points *found = calloc(cases, sizeof *found);
    struct tb_world still = *changed;
    struct census census = {0};

    if (!values || !family || !found)
        abort();
    memset(still.steps, 0, sizeof still.steps);
    for (size_t t = 0; t < families; t++) {
        for (size_t i = 0; i < cases; i++) {
            family[i] = (struct tb_runs){values + i * changed->runs, changed->runs};
            tb_world_draw(i ? &still : changed, values + i * changed->runs);
        }
        tb_change_points_of_family(family, cases, 0.01, found);
        judge_family(changed, cases, found, &census);
    }
    free(values);
    free(family);
    free(found);
    return census;
}

static void simulate_families(void)
{
    static const size_t sizes[] = {12, 100, 1000};
    static const struct {
        double noise, change;
    } kinds[] = {{0.01, 0.02}, {0.01, 0.05}, {0.02, 0.05}};

    puts("a family of cases, 60 runs each, of which one has a step at run 40; alpha 1 % for all:");
    puts("per cent of families with a point in another case, with the step found, within 1");
    puts("  cases  noise   step  corr.  families    false    found  within 1");
    for (size_t n = 0; n < sizeof sizes / sizeof *sizes; n++) {
        for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
            for (size_t r = 0; r < 2; r++) {
                struct tb_world world = {60, kinds[k].noise, correlations[r], 0.02,
                                         .steps = {{40, kinds[k].change, 0}}};
                size_t families = sizes[n] == 12 ? 3000 : sizes[n] == 100 ? 1000 : 200;
                struct census census = simulate_family(&world, sizes[n], families);

                printf("  %5zu  %3.0f %%  %3.0f %%  %5.1f  %8zu %8.1f %8.1f %9.1f\n", sizes[n],
                       100 * world.noise, 100 * kinds[k].change, correlations[r], families,
                       percent(census.with_false, census.families),
                       percent(census.found, census.families),
                       percent(census.near, census.families));
            }
        }
    }
}

static void simulate_own(void)
{
    puts("60 runs, one in five with ten times the noise, a step at run 40 of 2 % in 1 % noise,");
    puts("alpha 1 %, of 1,000 series");
    puts("  intervals   corr.   any without a step   within 1");
    for (int known = 0; known < 2; known++) {
        for (size_t r = 0; r < 2; r++) {
            struct tb_world world = {60, 0.01, correlations[r], 0, .rough = 0.2, .known = known};
            struct tally still = simulate(&world, 0.01, 10000), moved;

            world.steps[0].at = 40;
            world.steps[0].change = 0.02;
            moved = simulate(&world, 0.01, 1000);
            printf("  %-10s %6.1f %20.2f %10.1f\n", known ? "given" : "not known", correlations[r],
                   percent(still.with_any, still.series), percent(moved.near, moved.series));
        }
    }
}

static double seconds(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now); /* cannot fail */
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static void simulate_time(void)
{
    static const struct {
        size_t cases, runs;
    } sizes[] = {{1000, 60}, {1000, 200}, {1000, 1000}};

    puts("CPU seconds of a family of cases, of which one has a step, with drawing the series");
    puts("  cases   runs   seconds   of drawing");
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        struct tb_world world = {sizes[i].runs, 0.01, 0.3, 0.02,
                                 .steps = {{sizes[i].runs / 2, 0.05, 0}}};
        static struct tb_run_value values[TB_WORLD_RUNS];
        double begin = seconds(), drawn, end;

        for (size_t k = 0; k < sizes[i].cases; k++)
            tb_world_draw(&world, values);
        drawn = seconds();
        (void)simulate_family(&world, sizes[i].cases, 1); /* its time is the result */
        end = seconds();
        printf("  %5zu  %5zu  %8.2f  %11.2f\n", sizes[i].cases, sizes[i].runs, end - drawn,
               drawn - begin);
    }
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        void (*simulate)(void);
    } parts[] = {
        {"test", simulate_test},     {"alarms", simulate_alarms}, {"steps", simulate_steps},
        {"shapes", simulate_shapes}, {"curve", simulate_curve},   {"family", simulate_families},
        {"short", simulate_short},   {"own", simulate_own},       {"time", simulate_time}};
    bool known = argc == 1;

    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        if (argc > 1 && strcmp(argv[1], parts[i].name) != 0)
            continue;
        tb_world_state = 1;
        parts[i].simulate();
        known = true;
    }
    if (!known)
        (void)fprintf(stderr,
                      "usage: change-points [test | alarms | steps | shapes | curve | family | "
                      "short | own | time]\n"); /* no more can be said */
    return known ? 0 : 2;
}
