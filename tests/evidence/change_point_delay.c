/*
 * After how many runs `threadbench history` finds a change, by simulation as in change_points.c.
 * docs/evidence/history.md quotes it.
 *
 * usage: change-point-delay
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "stats/rank_split.h"
#include "world.h"

/* After how many runs from the step on a point is found within one run of it; TB_WORLD_RUNS: not at
 * all. */
static size_t delay_of(const struct tb_run_value *values, const struct tb_world *world,
                       double alpha)
{
    size_t at = world->steps[0].at;

    for (size_t runs = at + 3; runs <= world->runs; runs++) {
        struct tb_change_points found = tb_change_points(values, runs, alpha);
        bool is_found = false;

        for (size_t i = 0; i < found.count; i++)
            is_found |= found.points[i].at + 1 >= at && found.points[i].at <= at + 1;
        tb_change_points_finish(&found);
        if (is_found)
            return runs - at;
    }
    return TB_WORLD_RUNS;
}

static int by_size(const void *a, const void *b)
{
    size_t x = *(const size_t *)a, y = *(const size_t *)b;

    return (x > y) - (x < y);
}

/* After how many runs a change is seen at the soonest; 0: never. */
static size_t soonest(size_t before, double alpha)
{
    for (size_t after = 1; after <= 1000; after++) {
        if (tb_change_points_possible(before, after, alpha))
            return after;
    }
    return 0;
}

static void show_delay(size_t before, double change, double r, double alpha)
{
    enum { series = 300 };
    struct tb_world world = {before + 60, 0.01, r, 0.02, .steps = {{before, change, 0}}};
    static struct tb_run_value values[TB_WORLD_RUNS];
    static size_t delays[series];

    for (size_t t = 0; t < series; t++) {
        tb_world_draw(&world, values);
        delays[t] = delay_of(values, &world, alpha);
    }
    qsort(delays, series, sizeof *delays, by_size);
    printf("  %6zu %5.0f %% %6.1f %8.3f %% %8zu %8zu", before, 100 * change, r, 100 * alpha,
           soonest(before, alpha), delays[series / 2]);
    printf(delays[series * 9 / 10] == TB_WORLD_RUNS ? "   over 60\n" : "%10zu\n",
           delays[series * 9 / 10]);
}

int main(void)
{
    static const size_t befores[] = {20, 40, 200};
    static const double alphas[] = {0.01, 0.0008, 0.00001}, changes[] = {0.05, 0.2};
    static const double correlations[] = {0, 0.3};

    puts("runs from a step on until it is found, 1 % noise, 300 series of one case for itself");
    puts("  before   step   corr.      alpha  soonest   median   9 of 10");
    for (size_t b = 0; b < 3; b++) {
        for (size_t c = 0; c < 2; c++) {
            for (size_t a = 0; a < 3; a++) {
                for (size_t r = 0; r < 2; r++)
                    show_delay(befores[b], changes[c], correlations[r], alphas[a]);
            }
        }
    }
}
