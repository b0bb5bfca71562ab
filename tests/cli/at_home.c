/* A benchmark in C that takes on the locale of its user, by which numbers may have commas. */
#include <locale.h>
#include <stdlib.h>

#include <benchmark_c.h>

static void work(struct bm_state *state, void *unused)
{
    (void)unused;
    BM_LOOP(state)
    bm_set_iteration_time(state, 1.5e-6);
    bm_set_counter(state, "share", 0.25, 0);
}

int main(int argc, char **argv)
{
    struct bm_benchmark *benchmark;

    if (!setlocale(LC_ALL, ""))
        return EXIT_FAILURE;
    benchmark = bm_register("work", work, NULL);
    bm_use_manual_time(benchmark);
    bm_set_iterations(benchmark, 1000);
    bm_initialize(&argc, argv);
    return bm_run_specified() && !bm_failed() ? EXIT_SUCCESS : EXIT_FAILURE;
}
