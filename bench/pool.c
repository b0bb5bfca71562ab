/* A thread pool, whose threads exist and wait: what it takes to have a task done by one of them.
 * The whole of it, and its throughput, are in task.c, beside threads made for their tasks.
 *
 * pool/submit: the submitting call, in the caller, until it returns.
 *
 * pool/start: from before the submitting call to the task's first instruction, on the same clock.
 * OpenMP's taskwait may run the task on the caller's own thread. */
#include <threadbench/bench.h>

const struct tb_bench tb_bench_pool[] = {
    {
        .name = "pool/submit",
        .doc = "the submitting call until it returns; not the task's run, not the wait",
        .kinds = TB_POOLS,
        .sweeps = {TB_SWEEP(cpu, TB_CPU_SAME, TB_CPU_FREE)},
        .statistic = "p10",
        .run = tb_time_create,
    },
    {
        .name = "pool/start",
        .doc = "from before the submitting call to the task's first instruction",
        .needs = TB_RUNS,
        .kinds = TB_POOLS,
        .sweeps = {TB_SWEEP(cpu, TB_CPU_SAME, TB_CPU_FREE)},
        .statistic = "p10",
        .run = tb_time_start,
    },
    {0},
};
