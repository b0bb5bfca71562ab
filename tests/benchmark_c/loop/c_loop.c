/* One loop of benchmark_c, for loop_cost.sh to count: c_loop empty|kept|add ITERATIONS. */
#include <stdint.h>

#include <benchmark_c.h>

#include "loop.h"

static void empty(struct bm_state *state, void *user)
{
    (void)user;
    BM_LOOP(state)
    {
    }
}

static void kept(struct bm_state *state, void *user)
{
    (void)user;
    BM_LOOP(state)
    {
        LOOP_KEEP();
    }
}

static void add(struct bm_state *state, void *user)
{
    uint64_t total = 0;

    (void)user;
    BM_LOOP(state)
    {
        LOOP_ADD(total);
    }
}

int main(int argc, char **argv)
{
    static bm_function *const bodies[] = {empty, kept, add};
    const long iterations = loop_iterations(argc, argv);
    int none = 1;

    bm_set_iterations(bm_register("loop", bodies[loop_body(argv)], NULL), iterations);
    bm_initialize(&none, argv);
    return bm_run_specified() != 1 || bm_failed();
}
