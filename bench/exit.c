/* How a thread ends: from its last instruction to the moment when the kernel has let it go, which
 * means that its id is no longer there. The parent asks for the id again and again, so that the
 * last of its questions, on one CPU the switch back to it, is part of a sample. The child does not
 * end before the parent asks, however long the creating call took: what is left of that call is no
 * part of a sample, nor is what a join would add: it follows.
 *
 * exit/allocated: the same for a thread that has had memory from malloc and freed it. It gives back
 * what the C library has kept for it: its cache of small blocks, and its arena.
 *
 * exit/pthread-exit: the same for a thread that ends by pthread_exit instead of by returning, so
 * that its frames are unwound (bench/cancel.c has what the first of a process does besides).
 *
 * exit/pthread-exit-loading: the first of a process that has not loaded the unwinder's library,
 * which this program has, for Google Benchmark. So each sample is of a program in plain C, started
 * for it: that takes the stamps and asks for the id. */
#include <threadbench/bench.h>

#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "first.h"
#include "unwinder.h"

static enum tb_status time_exit(struct tb_run *run, void (*task)(struct tb_task *task))
{
    while (tb_next(run)) {
        struct tb_thread *thread = tb_thread_next(run, task);
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

static enum tb_status last_instruction(struct tb_run *run)
{
    return time_exit(run, tb_task_exit_when_armed);
}

/* Its frames are unwound from here. */
static void exit_from_within(struct tb_task *task)
{
    tb_task_exit_when_armed(task);
    pthread_exit(NULL);
}

static enum tb_status from_within(struct tb_run *run)
{
    note_unwinder(run);
    return time_exit(run, exit_from_within);
}

/* ---- a program in plain C ---- */

static const char program[] = "threadbench-first-exit";

/* Its standard output is `fd`. 0 or an errno value. */
static int start(const char *path, int fd, pid_t *ret_pid)
{
    char *const arguments[] = {(char[]){"first-exit"}, NULL};
    posix_spawn_file_actions_t actions;
    int err = posix_spawn_file_actions_init(&actions);

    if (err)
        return err;
    err = posix_spawn_file_actions_adddup2(&actions, fd, STDOUT_FILENO);
    if (!err)
        err = posix_spawn(ret_pid, path, &actions, NULL, arguments, environ);
    (void)posix_spawn_file_actions_destroy(&actions); /* cannot fail */
    return err;
}

/* Starts it and reads what it has written to `fd`. ENOTSUP: it has the library from its start;
 * ECANCELED: it ended otherwise than it should, as *ret_status of waitpid() says. */
static int time_program(const char *path, int fd, int64_t *ret_ns, int *ret_status)
{
    enum { LOADED = 2 };
    int err = lseek(fd, 0, SEEK_SET) ? errno : 0;
    pid_t pid;

    if (!err)
        err = start(path, fd, &pid);
    if (err)
        return err;
    while (waitpid(pid, ret_status, 0) < 0)
        if (errno != EINTR)
            return errno;
    if (WIFEXITED(*ret_status) && WEXITSTATUS(*ret_status) == LOADED)
        return ENOTSUP;
    return !*ret_status && pread(fd, ret_ns, sizeof(*ret_ns), 0) == sizeof(*ret_ns) ? 0 : ECANCELED;
}

static enum tb_status program_failed(struct tb_run *run, int err, int status)
{
    char what[64];

    (void)snprintf(what, sizeof(what), "%s", program);
    if (err == ECANCELED && WIFSIGNALED(status))
        (void)snprintf(what, sizeof(what), "%s, killed by signal %d", program, WTERMSIG(status));
    else if (err == ECANCELED)
        (void)snprintf(what, sizeof(what), "%s, which exited with %d", program,
                       WEXITSTATUS(status));
    return tb_fail(run, what, err);
}

static enum tb_status time_programs(struct tb_run *run, const char *path, int fd)
{
    while (tb_next(run)) {
        int64_t ns = 0;
        int err, status = 0;

        tb_start(run);
        err = time_program(path, fd, &ns, &status);
        if (err == ENOTSUP)
            return tb_skip(run, "%s has %s from its start: is it preloaded?", program, unwinder);
        if (err)
            return program_failed(run, err, status);
        tb_record_stamps(run, ns, run->start_cpu, -1);
    }
    return TB_DONE;
}

/* The program is not started through a loader, and so would have another C library. */
static enum tb_status loading(struct tb_run *run)
{
    char path[PATH_MAX];
    enum tb_status status;
    int fd;

    if (!tb_modules_load())
        return tb_skip(run, "a static program has no library to load");
    if (!getauxval(AT_BASE))
        return tb_skip(run, "%s is not started through a loader, as the suite was", program);
    if (!tb_module_path(program, path, sizeof(path)))
        return tb_skip(run, "%s is not installed beside the suite", program);
    fd = memfd_create(program, MFD_CLOEXEC);
    if (fd < 0)
        return tb_fail(run, "memfd_create", errno);
    status = time_programs(run, path, fd);
    (void)close(fd); /* in memory: nothing to lose */
    return status;
}

/* ---- after malloc ---- */

/* The parent sees that it had memory. */
static void allocate_and_exit(struct tb_task *task)
{
    enum { BYTES = 64 };

    task->arg = malloc(BYTES);
    free(task->arg);
    tb_task_exit_when_armed(task);
}

static enum tb_status allocated(struct tb_run *run)
{
    return time_exit(run, allocate_and_exit);
}

/* What the first of a process takes more. */
static const struct tb_phase_part first[] = {
    FIRST_WHOLE_PARTS("exit/last-instruction", "/posix"),
    FIRST_KERNEL_PART("exit", "exit/last-instruction"),
    {0},
};

static const struct tb_phase_part first_from_within[] = {
    FIRST_WHOLE_PARTS("exit/pthread-exit", "/posix"),
    FIRST_EXIT_PART(TB_WHOLE),
    FIRST_UNWINDER_PART(TB_WHOLE),
    {TB_WHOLE, "a first arena made, as that allocates",
     .of = "alloc/arena/arena:made/cpu:same/warm:resident/posix"},
    FIRST_WALK_PART(TB_WHOLE),
    {0},
};

const struct tb_bench tb_bench_exit[] = {
    {
        .name = "exit/last-instruction",
        .doc = "from the child's last instruction until its thread id no longer exists",
        .needs = TB_RUNS,
        .sweeps =
            {
                TB_SWEEP(cpu, TB_CPU_SAME, TB_CPU_OTHER, TB_CPU_FREE),
                TB_SWEEP(live, 0, 256),
                TB_SWEEP(stack, 0, 65536, 33554432),
                TB_SWEEP(warm, TB_WARM, TB_COLD, TB_RESIDENT),
            },
        .statistic = "p10",
        .parts_case = "cpu:same/warm:cold/posix",
        .parts = first,
        .run = last_instruction,
    },
    {
        .name = "exit/pthread-exit",
        .doc = "from the last instruction before pthread_exit until the thread id no longer exists",
        .needs = TB_RUNS_LIBC,
        .sweeps = {TB_SWEEP(cpu, TB_CPU_SAME, TB_CPU_FREE),
                   TB_SWEEP(warm, TB_WARM, TB_COLD, TB_RESIDENT)},
        .statistic = "p10",
        .standard = {"cpu:same/warm:cold/posix"},
        .parts_case = "cpu:same/warm:cold/posix",
        .parts = first_from_within,
        .run = from_within,
    },
    {
        .name = "exit/pthread-exit-loading",
        .doc = "from the last instruction before a first pthread_exit until the thread id no "
               "longer exists, in a program in plain C that loads libgcc_s for it",
        .threadless = true,
        .sweeps = {TB_SWEEP(cpu, TB_CPU_SAME, TB_CPU_FREE)},
        .warmup = 1,
        .run = loading,
    },
    {
        .name = "exit/allocated",
        .doc = "from the last instruction of a thread that has had memory from malloc until its "
               "thread id no longer exists",
        .needs = TB_RUNS_LIBC,
        .sweeps =
            {
                TB_SWEEP(cpu, TB_CPU_SAME, TB_CPU_OTHER, TB_CPU_FREE),
                TB_SWEEP(live, 0, 256),
            },
        .statistic = "p10",
        .run = allocated,
    },
    {0},
};
