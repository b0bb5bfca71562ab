/* Processes: what a task costs that gets one of its own. The child ends at once, or executes a
 * static program that does nothing; it is waited for before the next.
 *
 * process/call: the creating call, in the parent, until it returns; for vfork and posix_spawn that
 * is when the child has executed. process/serial: the call, the child's lifecycle and the wait. */
#include <threadbench/bench.h>

const struct tb_bench tb_bench_process[] = {
    {
        .name = "process/call",
        .doc = "the creating call until it returns; not the wait",
        .kinds = TB_PROCESSES,
        .sweeps = {TB_SWEEP(cpu, TB_CPU_SAME, TB_CPU_FREE), TB_SWEEP(live, 0, 16, 256, 4096),
                   TB_SWEEP(resident, 0, 1 << 20, 16 << 20, 256 << 20)},
        .statistic = "p10",
        .run = tb_time_create,
    },
    {
        .name = "process/serial",
        .doc = "creating a process that does nothing, and waiting for its end",
        .kinds = TB_PROCESSES,
        .sweeps = {TB_SWEEP(cpu, TB_CPU_SAME, TB_CPU_FREE), TB_SWEEP(fds, 0, 256, 4096, 16384),
                   TB_SWEEP(live, 0, 16, 256, 4096),
                   TB_SWEEP(resident, 0, 1 << 20, 16 << 20, 256 << 20)},
        .statistic = "p10",
        .standard = {"cpu:same/live:4096/fork", "cpu:same/resident:268435456/fork"},
        .run = tb_time_lifecycle,
    },
    {0},
};
