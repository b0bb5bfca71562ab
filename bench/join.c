/* What it takes to wait for a thread.
 *
 * join/exited: the kernel has already let each thread go, as its thread id shows: a flag set by the
 * thread itself would leave the rest of its exit inside the join. One such join takes about two
 * readings of the clock, so 64 are timed in one go. Their stacks are small enough for the C library
 * to keep all of them; what it does with stacks that it cannot keep is not part of this benchmark.
 *
 * join/running: the parent is asleep in its join before the child leaves, which the child sees in
 * the parent's state as the kernel reports it. A sample goes from the child's last instruction, on
 * the child's side, to the return of the join: the child's exit, and the wake of its parent.
 *
 * join/pidfd: the same for a parent that waits in poll for a descriptor of the thread, which Linux
 * has from 6.9 on. Opening it, and the join that follows, are not part of a sample. */
#include <threadbench/bench.h>
#include <threadbench/proc.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { BLOCK = 64, SMALL_STACK = 65536, OF_THREAD = O_EXCL /* PIDFD_THREAD */ };

/* All of them are gone on return, those of an unfinished block joined as well. */
static enum tb_status create_and_await(struct tb_run *run)
{
    struct tb_thread *threads = run->own;
    size_t created;
    int err, late = 0;

    for (int i = 0; i < BLOCK; i++)
        threads[i].task = (struct tb_task){.run = tb_task_note_tid};
    err = tb_threads_create(threads, BLOCK, &created);
    for (int i = 0; !err && !late && i < BLOCK; i++)
        late = tb_await_exit(&threads[i]);
    if (err || late)
        (void)tb_threads_join(threads, created); /* the first error is the one to report */
    if (err)
        return tb_no_more(run, created, err);
    return late ? tb_fail(run, "exit", late) : TB_DONE;
}

static enum tb_status join_exited(struct tb_run *run)
{
    struct tb_thread *threads = run->own;

    while (tb_next(run)) {
        int err = 0;

        if (create_and_await(run) != TB_DONE)
            return tb_broken(run);
        tb_start(run);
        for (int i = 0; i < BLOCK; i++)
            err |= tb_join(&threads[i]);
        tb_stop(run);
        if (err)
            return tb_fail(run, "join", err);
    }
    return TB_DONE;
}

/* How the parent is known to sleep in its join. */
struct parent {
    int state_fd;
};

static int running_setup(struct tb_run *run)
{
    struct parent *parent = run->own;

    parent->state_fd = -1;
    return tb_proc_open_state(gettid(), &parent->state_fd);
}

static void running_teardown(struct tb_run *run)
{
    const struct parent *parent = run->own;

    if (parent->state_fd >= 0)
        (void)close(parent->state_fd); /* read only: nothing to lose */
}

static enum tb_status join_running(struct tb_run *run)
{
    while (tb_next(run)) {
        struct tb_thread *thread = tb_thread_next(run, tb_task_exit_when_joined);
        int64_t end_ns;
        int err;

        if (!thread)
            return tb_broken(run);
        thread->task.parent_state_fd = ((const struct parent *)run->own)->state_fd;
        tb_start(run);
        err = tb_create(thread);
        if (err)
            return tb_fail(run, "create", err);
        atomic_store_explicit(&thread->task.armed, 1, memory_order_release);
        err = tb_join(thread);
        end_ns = tb_clock_ns();
        if (err || !thread->task.last_ns)
            return tb_fail(run, err ? "join" : "asleep in its join", err ? err : ETIMEDOUT);
        tb_record_stamps(run, end_ns - thread->task.last_ns, tb_clock_cpu(), thread->task.last_cpu);
        tb_joined(run, thread);
    }
    return TB_DONE;
}

/* ---- by a descriptor ---- */

static void note_and_exit_when_joined(struct tb_task *task)
{
    atomic_store_explicit(&task->tid, gettid(), memory_order_release);
    tb_task_exit_when_joined(task);
}

/* Waits for a thread that has begun. 0 or an errno value; and when its end was seen. */
static int poll_thread(struct tb_thread *thread, int pidfd, int64_t *ret_end_ns)
{
    struct pollfd end = {.fd = pidfd, .events = POLLIN};
    int found;

    atomic_store_explicit(&thread->task.armed, 1, memory_order_release);
    do
        found = poll(&end, 1, -1);
    while (found < 0 && errno == EINTR);
    *ret_end_ns = tb_clock_ns();
    return found < 0 ? errno : 0;
}

static int open_thread(const struct tb_thread *thread)
{
    pid_t tid;

    while (!(tid = atomic_load_explicit(&thread->task.tid, memory_order_acquire)))
        (void)sched_yield(); /* always succeeds; the thread may need this CPU */
    return (int)syscall(SYS_pidfd_open, tid, OF_THREAD);
}

/* From creation to the record of the sample. */
static enum tb_status poll_one(struct tb_run *run, struct tb_thread *thread)
{
    int64_t end_ns;
    int err, pidfd;

    thread->task.parent_state_fd = ((const struct parent *)run->own)->state_fd;
    tb_start(run);
    err = tb_create(thread);
    if (err)
        return tb_fail(run, "create", err);
    pidfd = open_thread(thread);
    if (pidfd < 0) {
        err = errno;
        atomic_store_explicit(&thread->task.armed, 1, memory_order_release); /* for its join */
        return tb_skip(run, "no descriptor of a thread (Linux has it from 6.9 on): %s",
                       strerror(err));
    }
    err = poll_thread(thread, pidfd, &end_ns);
    (void)close(pidfd); /* read only: nothing to lose */
    err = err ? err : tb_join(thread);
    if (err || !thread->task.last_ns)
        return tb_fail(run, err ? "join" : "asleep in its poll", err ? err : ETIMEDOUT);
    tb_record_stamps(run, end_ns - thread->task.last_ns, tb_clock_cpu(), thread->task.last_cpu);
    tb_joined(run, thread);
    return TB_DONE;
}

static enum tb_status join_pidfd(struct tb_run *run)
{
    while (tb_next(run)) {
        struct tb_thread *thread = tb_thread_next(run, note_and_exit_when_joined);

        if (!thread || poll_one(run, thread) != TB_DONE)
            return tb_broken(run);
    }
    return TB_DONE;
}

const struct tb_bench tb_bench_join[] = {
    {
        .name = "join/exited",
        .doc = "the join of a thread whose thread id no longer exists; mean over 64",
        .needs = TB_STACK_SIZE,
        .sweeps =
            {
                TB_SWEEP(cpu, TB_CPU_SAME, TB_CPU_FREE),
                TB_SWEEP(live, 0, 16, 256, 4096),
            },
        .stack_bytes = SMALL_STACK,
        .block = BLOCK,
        .warmup = 2,
        .statistic = "p10",
        .setup = tb_threads_setup,
        .run = join_exited,
        .teardown = tb_threads_teardown,
    },
    {
        .name = "join/running",
        .doc = "from the child's last instruction to the return of a join that was waiting for it",
        .needs = TB_RUNS,
        .sweeps =
            {
                TB_SWEEP(cpu, TB_CPU_SAME, TB_CPU_OTHER, TB_CPU_FREE, TB_CPU_SIBLING, TB_CPU_FAR),
                TB_SWEEP(live, 0, 16, 256, 4096),
                TB_SWEEP(stack, 0, 65536, 1048576, 33554432),
            },
        .statistic = "p10",
        .core = {"cpu:same/posix"},
        .card = "its exit and the join",
        .card_cases = {"cpu:same/posix", "cpu:free/posix"},
        .own_bytes = sizeof(struct parent),
        .setup = running_setup,
        .run = join_running,
        .teardown = running_teardown,
    },
    {
        .name = "join/pidfd",
        .doc = "from the child's last instruction to the return of a poll for its descriptor",
        .needs = TB_RUNS_LIBC,
        .sweeps = {TB_SWEEP(cpu, TB_CPU_SAME, TB_CPU_OTHER, TB_CPU_FREE), TB_SWEEP(live, 0, 256)},
        .statistic = "p10",
        .own_bytes = sizeof(struct parent),
        .setup = running_setup,
        .run = join_pidfd,
        .teardown = running_teardown,
    },
    {0},
};
