/*
 * Prints series of which the truth is known, and the change points that threadbench finds in each,
 * for change_points_others.py: noise, step (at run 40 of 60), correlation, points, "|", values.
 *
 * usage: change-point-series COUNT    of each kind
 */
#include <stdio.h>
#include <stdlib.h>

#include "world.h"

static void print_series(const struct tb_world *world)
{
    static struct tb_run_value values[TB_WORLD_RUNS];
    struct tb_change_points found;

    tb_world_draw(world, values);
    found = tb_change_points(values, world->runs, 0.01);
    printf("%g %g %g", world->noise, world->steps[0].change, world->correlation);
    for (size_t i = 0; i < found.count; i++)
        printf(" %zu", found.points[i].at);
    printf(" |");
    for (size_t i = 0; i < world->runs; i++)
        printf(" %.6f", values[i].value);
    putchar('\n');
    tb_change_points_finish(&found);
}

int main(int argc, char **argv)
{
    static const struct {
        double noise, change;
    } kinds[] = {{0.01, 0}, {0.02, 0}, {0.01, 0.02}, {0.01, 0.05}, {0.02, 0.05}};
    static const double correlations[] = {0, 0.3};
    unsigned long count = argc == 2 ? strtoul(argv[1], NULL, 10) : 0;

    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        for (size_t r = 0; r < 2; r++) {
            for (unsigned long i = 0; i < count; i++)
                print_series(&(struct tb_world){60, kinds[k].noise, correlations[r], 0.02,
                                                .steps = {{40, kinds[k].change, 0}}});
        }
    }
    if (!count)
        (void)fprintf(stderr, "usage: change-point-series COUNT\n"); /* no more can be said */
    return count ? 0 : 2;
}
