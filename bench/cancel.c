/* Cancelling a thread that sleeps in a cancellation point, as the kernel reports before each
 * sample. The C library makes the thread; no runtime takes part.
 *
 * cancel/deliver: from before the cancelling call until the thread's cleanup handler runs: the
 * signal, the thread's wake, and the unwinding of its frames up to the handler. cancel/lifecycle:
 * from before the call until the join has returned.
 *
 * cancel/handlers: pushing a cleanup handler and popping it again, by a thread that is not
 * cancelled; a mean over a block.
 *
 * glibc unwinds by a library of the compiler's, libgcc_s, which it loads for the first cancellation
 * or pthread_exit of a process. `warm:cold` is that first one. The label has whether the library
 * had been loaded before for something else. */
#include <threadbench/bench.h>
#include <threadbench/proc.h>

#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <unistd.h>

enum { PAIRS = 256 };
static const int64_t deadline_ns = 10000000000;

/* Written by the thread; read once `tid` is there, the rest after the join. */
struct victim {
    pthread_t thread;
    _Atomic pid_t tid;
    int64_t handled_ns;
    int cpu;
};

static void handle(void *argument)
{
    struct victim *victim = argument;

    victim->handled_ns = tb_clock_ns();
    victim->cpu = tb_clock_cpu();
}

static void *sleep_until_cancelled(void *argument)
{
    struct victim *victim = argument;

    pthread_cleanup_push(handle, victim);
    atomic_store_explicit(&victim->tid, gettid(), memory_order_release);
    for (;;)
        (void)pause(); /* a signal without a handler of its own does not end it */
    pthread_cleanup_pop(0);
    return NULL;
}

/* On one CPU the thread needs that CPU to fall asleep, hence the yield. */
static int await_asleep(struct victim *victim)
{
    int64_t begin_ns = tb_clock_ns();
    bool asleep = false;
    int fd, err;

    while (!atomic_load_explicit(&victim->tid, memory_order_acquire))
        (void)sched_yield(); /* always succeeds, here and below */
    err = tb_proc_open_state(atomic_load_explicit(&victim->tid, memory_order_relaxed), &fd);
    if (err)
        return err;
    while (!asleep && tb_clock_ns() - begin_ns < deadline_ns) {
        asleep = tb_proc_is_asleep(fd);
        if (!asleep)
            (void)sched_yield();
    }
    (void)close(fd); /* read only: nothing to lose */
    return asleep ? 0 : ETIMEDOUT;
}

/* It is cancelled also where it did not fall asleep, so that it ends. */
static enum tb_status cancel(struct tb_run *run, bool whole)
{
    struct victim victim = {.cpu = -1};
    int64_t end_ns;
    int err = pthread_create(&victim.thread, NULL, sleep_until_cancelled, &victim), late;

    if (err)
        return tb_fail(run, "pthread_create", err);
    late = await_asleep(&victim);
    tb_start(run);
    err = pthread_cancel(victim.thread);
    err = err ? err : pthread_join(victim.thread, NULL);
    end_ns = tb_clock_ns();
    if (err || late || !victim.handled_ns)
        return tb_fail(run, "asleep, cancelled and joined", err ? err : late ? late : ECANCELED);
    tb_record_stamps(run, (whole ? end_ns : victim.handled_ns) - run->start_ns, run->start_cpu,
                     victim.cpu);
    return TB_DONE;
}

static void note_unwinder(struct tb_run *run)
{
    void *unwinder = dlopen("libgcc_s.so.1", RTLD_LAZY | RTLD_NOLOAD);

    tb_note(run, unwinder ? "libgcc_s loaded before" : "libgcc_s not loaded before");
    if (unwinder)
        (void)dlclose(unwinder); /* what had it loaded holds it */
}

static enum tb_status deliver(struct tb_run *run)
{
    note_unwinder(run);
    while (tb_next(run))
        if (cancel(run, false) != TB_DONE)
            return tb_broken(run);
    return TB_DONE;
}

static enum tb_status lifecycle(struct tb_run *run)
{
    note_unwinder(run);
    while (tb_next(run))
        if (cancel(run, true) != TB_DONE)
            return tb_broken(run);
    return TB_DONE;
}

static void push_and_pop(struct victim *unused)
{
    pthread_cleanup_push(handle, unused);
    pthread_cleanup_pop(0);
}

static enum tb_status handlers(struct tb_run *run)
{
    struct victim unused;

    while (tb_next(run)) {
        tb_start(run);
        for (int i = 0; i < PAIRS; i++)
            push_and_pop(&unused);
        tb_stop(run);
    }
    return TB_DONE;
}

const struct tb_bench tb_bench_cancel[] = {
    {
        .name = "cancel/deliver",
        .doc = "from before pthread_cancel until the cleanup handler of a thread that slept runs",
        .threadless = true,
        .sweeps = {TB_SWEEP(cpu, TB_CPU_SAME, TB_CPU_FREE), TB_SWEEP(warm, TB_WARM, TB_COLD)},
        .statistic = "p10",
        .run = deliver,
    },
    {
        .name = "cancel/lifecycle",
        .doc = "from before pthread_cancel of a thread that slept until its join has returned",
        .threadless = true,
        .sweeps = {TB_SWEEP(cpu, TB_CPU_SAME, TB_CPU_FREE), TB_SWEEP(warm, TB_WARM, TB_COLD)},
        .statistic = "p10",
        .run = lifecycle,
    },
    {
        .name = "cancel/handlers",
        .doc = "a call that pushes a cleanup handler and pops it; mean over 256",
        .threadless = true,
        .sweeps = {TB_SWEEP(cpu, TB_CPU_SAME)},
        .block = PAIRS,
        .statistic = "p10",
        .run = handlers,
    },
    {0},
};
