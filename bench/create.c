/* The creating call, in the parent: from before it to its return. What the new thread does, and
 * when it first runs, is not part of a sample, and neither is its join, which comes before the next
 * sample. On one CPU the child cannot run while the call lasts, unless it preempts its parent. */
#include <threadbench/bench.h>

const struct tb_bench tb_bench_create[] = {
    {
        .name = "create/call",
        .doc = "the creating call until it returns; not the child's run, not the join",
        .walks =
            {
                TB_WALK(cpu, TB_SAME, TB_OTHER, TB_FREE),
                TB_WALK(live, 0, 16, 256, 4096),
                TB_WALK(alive, 0, 8, 100, 1000),
                TB_WALK(stack, 0, 65536, 1048576, 33554432),
                TB_WALK(warm, TB_WARM, TB_COLD),
            },
        .decides = "p10",
        .core = {"cpu:same/posix", "cpu:free/posix"},
        .card = "the creating call",
        .card_cases = {"cpu:same/posix", "cpu:free/posix"},
        .run = tb_time_create,
    },
    {0},
};
