/* sleep/1ms: how much longer than 1 ms a sleep of 1 ms takes: the overshoot alone, from the moment
 * when it should have ended to the return of the call. The kernel's timer slack (50 µs unless it
 * was changed), the timer's interrupt and the wake are in it. */
#include <threadbench/bench.h>

enum { SLEEP_NS = 1000000 };

static enum tb_status overshoot(struct tb_run *run)
{
    const struct timespec duration = {0, SLEEP_NS};

    while (tb_next(run)) {
        int64_t end_ns;
        int err;

        tb_start(run);
        err = clock_nanosleep(CLOCK_MONOTONIC, 0, &duration, NULL);
        end_ns = tb_clock_ns();
        if (err)
            return tb_fail(run, "clock_nanosleep", err);
        tb_record_stamps(run, end_ns - run->start_ns - SLEEP_NS, run->start_cpu, -1);
    }
    return TB_DONE;
}

const struct tb_bench tb_bench_sleep[] = {
    {
        .name = "sleep/1ms",
        .doc = "by how much a sleep of 1 ms is longer than that",
        .threadless = true,
        .sweeps = {TB_SWEEP(cpu, TB_CPU_SAME, TB_CPU_FREE)},
        .warmup = 2,
        .statistic = "p10",
        .run = overshoot,
    },
    {0},
};
