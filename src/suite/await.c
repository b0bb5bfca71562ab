/* Waiting for what the kernel does, with a deadline. */
#include <threadbench/bench.h>

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { DEADLINE_S = 10 };

static bool is_there(pid_t tid)
{
    return !syscall(SYS_tgkill, getpid(), tid, 0) || errno != ESRCH;
}

/* A thread that has not named itself yet is there, too. */
int tb_await_exit(const struct tb_thread *thread)
{
    int64_t deadline_ns = tb_clock_ns() + (int64_t)DEADLINE_S * 1000000000;
    pid_t tid;

    if (!tb_runtime_can(thread->runtime, TB_RUNS))
        return 0;
    while (!(tid = atomic_load_explicit(&thread->task.tid, memory_order_acquire)) ||
           is_there(tid)) {
        if (tb_clock_ns() > deadline_ns)
            return ETIMEDOUT;
        (void)sched_yield(); /* always succeeds; the thread may need this CPU to end */
    }
    return 0;
}
