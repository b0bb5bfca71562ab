/*
 * Series of which the truth is known: steps, and noise about them.
 *
 * Noise is normal; some runs, mostly one in fifty, are off by a factor of 1.3, up or down;
 * neighbours of a series with a correlation r depend on each other as an autoregression of order
 * one.
 */
#ifndef TB_TESTS_WORLD_H
#define TB_TESTS_WORLD_H

#include <math.h>
#include <stdbool.h>
#include <stdint.h>

#include "stats/change_points.h"
#include "stats/shuffle.h"

enum { TB_WORLD_RUNS = 1000, TB_WORLD_STEPS = 2 }; /* at most */

static uint64_t tb_world_state = 1;

/* Between 0 and 1, neither included. */
static inline double tb_world_uniform(void)
{
    return ((double)(tb_random(&tb_world_state) >> 11) + 0.5) * 0x1p-53;
}

static inline double tb_world_normal(void)
{
    return sqrt(-2 * log(tb_world_uniform())) * cos(2 * M_PI * tb_world_uniform());
}

/* What a series is drawn from. */
struct tb_world {
    size_t runs;
    double noise, correlation;
    double outliers; /* share of the runs */
    struct {
        size_t at;
        double change; /* 0.02: to 1.02 times */
        size_t over;   /* that many runs, evenly; 0: at once */
    } steps[TB_WORLD_STEPS];
    double rough; /* share of the runs with ten times the noise, which their intervals tell */
    bool known;   /* whether there are intervals */
};

static inline double tb_world_level(const struct tb_world *world, size_t run)
{
    double level = 0;

    for (size_t i = 0; i < TB_WORLD_STEPS; i++) {
        size_t over = world->steps[i].over, at = world->steps[i].at;
        double share = run < at ? 0 : over ? fmin((double)(run - at + 1) / (double)over, 1) : 1;

        level += share * log1p(world->steps[i].change);
    }
    return level;
}

static inline void tb_world_draw(const struct tb_world *world, struct tb_run_value *values)
{
    double r = world->correlation, last = tb_world_normal();

    for (size_t i = 0; i < world->runs; i++) {
        double off = tb_world_uniform() < world->outliers ? log(1.3) : 0;
        double noise = world->noise * (tb_world_uniform() < world->rough ? 10 : 1);

        off = tb_world_uniform() < 0.5 ? off : -off;
        values[i].value = 100 * exp(tb_world_level(world, i) + noise * last + off);
        values[i].half_width = world->known ? 1.96 * noise * values[i].value : NAN;
        last = r * last + sqrt(1 - r * r) * tb_world_normal();
    }
}

#endif
