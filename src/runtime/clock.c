#include <threadbench/clock.h>

enum { BLOCKS = 16, READINGS = 64 };

static double block_cost_ns(void)
{
    int64_t begin = tb_clock_ns(), end = begin;

    for (int i = 0; i < READINGS; i++)
        end = tb_clock_ns();
    return (double)(end - begin) / READINGS;
}

double tb_clock_cost_ns(void)
{
    double least = block_cost_ns();

    for (int i = 1; i < BLOCKS; i++) {
        double cost = block_cost_ns();

        least = cost < least ? cost : least;
    }
    return least;
}

int64_t tb_clock_resolution_ns(void)
{
    struct timespec resolution = {0, 0};

    (void)clock_getres(CLOCK_MONOTONIC, &resolution); /* cannot fail: the clock always exists */
    return (int64_t)resolution.tv_sec * 1000000000 + resolution.tv_nsec;
}
