/* How long a new thread takes to run.
 *
 * start/first-instruction: from before the creating call, on the parent's side, to the
 * child's first instruction, on the same clock. The creating call is part of a sample; the rest of
 * what the child does is not. The parent goes straight from the call into the join, so that on one
 * CPU a sample ends with the switch to the child.
 *
 * start/after-call: the same, with the call's return in between as a boundary between two phases.
 * The second one, `after`, is what the benchmark is about: its p50 is the primary statistic. It is
 * negative where the child runs before the call has returned, as it may on another CPU. The reading
 * of the clock at the return is part of it. */
#include <threadbench/bench.h>

#include "first.h"

static enum tb_status after_call(struct tb_run *run)
{
    while (tb_next(run)) {
        struct tb_thread *thread = tb_thread_next(run, tb_task_stamp_first);
        int err;

        if (!thread)
            return tb_broken(run);
        tb_start(run);
        err = tb_create(thread);
        tb_phase(run);
        if (err)
            return tb_fail(run, "create", err);
        err = tb_join(thread);
        if (err)
            return tb_fail(run, "join", err);
        tb_record_stamps(run, thread->task.first_ns - run->start_ns, run->start_cpu,
                         thread->task.cpu);
        tb_joined(run, thread);
    }
    return TB_DONE;
}

/* What the first of a process takes more. */
static const struct tb_phase_part first[] = {
    FIRST_WHOLE_PARTS("start/first-instruction", "/posix"),
    FIRST_CALL_PARTS(TB_WHOLE),
    FIRST_FRAMES_PART(TB_WHOLE),
    FIRST_KERNEL_PART("clone and switch", "start/first-instruction"),
    {0},
};

const struct tb_bench tb_bench_start[] = {
    {
        .name = "start/first-instruction",
        .doc = "from before the creating call to the child's first instruction",
        .needs = TB_RUNS,
        .sweeps =
            {
                TB_SWEEP(cpu, TB_CPU_SAME, TB_CPU_OTHER, TB_CPU_FREE, TB_CPU_SIBLING, TB_CPU_FAR),
                TB_SWEEP(live, 0, 16, 256, 4096),
                TB_SWEEP(stack, 0, 65536, 1048576, 33554432),
                TB_SWEEP(warm, TB_WARM, TB_COLD, TB_RESIDENT),
                TB_SWEEP(priority, TB_USUAL, TB_NICE, TB_FIFO, TB_RR),
                TB_SWEEP(affinity, TB_CPU_INHERITED, TB_CPU_SAME, TB_CPU_OTHER),
            },
        .statistic = "p10",
        .core = {"cpu:same/posix", "cpu:other/posix"},
        .card = "until it runs",
        .card_cases = {"cpu:same/posix", "cpu:free/posix"},
        .parts_case = "cpu:same/warm:cold/posix",
        .parts = first,
        .run = tb_time_start,
    },
    {
        .name = "start/after-call",
        .doc = "from the creating call's return to the child's first instruction, which may come "
               "before it: the phase `after`, that is then negative",
        .needs = TB_RUNS,
        .sweeps = {TB_SWEEP(cpu, TB_CPU_SAME, TB_CPU_OTHER, TB_CPU_FREE)},
        .phases = {"call", "after"},
        .statistic = "after_p50",
        .run = after_call,
    },
    {0},
};
