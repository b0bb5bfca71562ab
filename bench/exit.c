/* How a thread ends: from its last instruction to the moment when the kernel has let it go, which
 * means that its id is no longer there. The parent asks for the id again and again, so that the
 * last of its questions, on one CPU the switch back to it, is part of a sample. The child does not
 * end before the parent asks, however long the creating call took: what is left of that call is no
 * part of a sample, nor is what a join would add: it follows. */
#include <threadbench/bench.h>

static enum tb_status last_instruction(struct tb_run *run)
{
    while (tb_next(run)) {
        struct tb_thread *thread = tb_thread_next(run, tb_task_exit_when_armed);
        int64_t end_ns;
        int err, late;

        if (!thread)
            return tb_broken(run);
        tb_start(run);
        err = tb_create(thread);
        if (err)
            return tb_fail(run, "create", err);
        atomic_store_explicit(&thread->task.armed, 1, memory_order_release);
        late = tb_await_exit(thread);
        end_ns = tb_clock_ns();
        err = tb_join(thread);
        if (err || late)
            return tb_fail(run, err ? "join" : "exit", err ? err : late);
        tb_record_stamps(run, end_ns - thread->task.last_ns, tb_clock_cpu(), thread->task.last_cpu);
        tb_joined(run, thread);
    }
    return TB_DONE;
}

const struct tb_bench tb_bench_exit[] = {
    {
        .name = "exit/last-instruction",
        .doc = "from the child's last instruction until the kernel has let it go",
        .needs = TB_RUNS,
        .sweeps =
            {
                TB_SWEEP(cpu, TB_CPU_SAME, TB_CPU_OTHER, TB_CPU_FREE),
                TB_SWEEP(live, 0, 256),
                TB_SWEEP(stack, 0, 65536, 33554432),
            },
        .statistic = "p10",
        .run = last_instruction,
    },
    {0},
};
