/* An event loop on the caller's own thread: from before the call that asks for a callback until the
 * loop has made it and returned. Includes what the loop does in that turn; the callback does
 * nothing.
 */
#include <threadbench/bench.h>

const struct tb_bench tb_bench_loop[] = {
    {
        .name = "loop/callback",
        .doc = "asking for a callback, and the turn of the loop that makes it",
        .needs = TB_RUNS_ON_CALLER,
        .kinds = TB_LOOPS,
        .sweeps = {TB_SWEEP(cpu, TB_CPU_SAME, TB_CPU_FREE), TB_SWEEP(warm, TB_WARM, TB_COLD)},
        .statistic = "p10",
        .standard = {"cpu:same/warm:cold/uring-async"},
        .run = tb_time_lifecycle,
    },
    {0},
};
