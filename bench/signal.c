/* A signal to one thread, by pthread_kill, for which the process has a handler that stamps.
 *
 * signal/deliver: from before the call to the handler's first instruction, in a thread that sleeps
 * in a futex, as the kernel reports before each sample: its wake is part of it. signal/call: the
 * call alone, until it returns; on one CPU the woken thread may run before it does.
 *
 * signal/deliver-running: the same as the first for a thread that runs on another CPU all the
 * while: that CPU is interrupted.
 *
 * signal/self: to the calling thread itself, until the call has returned: the delivery, an empty
 * handler, and the way back from it; a mean over a block. */
#include <threadbench/bench.h>
#include <threadbench/partner.h>

#include <errno.h>
#include <linux/futex.h>
#include <pthread.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { BLOCK = 64, SIGNAL = SIGUSR1 };

struct post {
    _Atomic uint32_t received;
    struct tb_partners *partners;
    bool installed; /* and by then had been: */
    struct sigaction action_before;
    sigset_t mask_before;
};

/* Who is to receive: stored before the signal is sent, which orders it before the handler. */
static struct tb_partner *_Atomic addressee;

static void receive(int signal)
{
    struct tb_partner *partner = atomic_load_explicit(&addressee, memory_order_acquire);
    struct post *post = partner->shared;

    (void)signal;
    tb_partner_stamp(partner);
    atomic_store_explicit(&post->received, 1, memory_order_release);
}

static void ignore(int signal)
{
    (void)signal;
}

static void sleep_until_received(struct tb_partner *partner)
{
    struct post *post = partner->shared;

    tb_partner_arrive(partner);
    while (!atomic_load_explicit(&post->received, memory_order_acquire))
        (void)syscall(SYS_futex, &post->received, FUTEX_WAIT_PRIVATE, 0, NULL); /* or again */
}

static void run_until_received(struct tb_partner *partner)
{
    struct post *post = partner->shared;

    tb_partner_arrive(partner);
    while (!atomic_load_explicit(&post->received, memory_order_acquire))
        ;
}

/* Allowed too, in the caller and in the partner that is made after this. */
static int install(struct post *post, void (*handler)(int signal))
{
    const struct sigaction action = {.sa_handler = handler};
    sigset_t allowed;

    if (sigaction(SIGNAL, &action, &post->action_before))
        return errno;
    post->installed = true;
    (void)sigemptyset(&allowed); /* fail only for bad arguments, these three */
    (void)sigaddset(&allowed, SIGNAL);
    (void)pthread_sigmask(SIG_UNBLOCK, &allowed, &post->mask_before);
    return 0;
}

static int setup_partner(struct tb_run *run, void (*turn)(struct tb_partner *partner))
{
    struct post *post = run->own;
    int err = install(post, receive);

    return err ? err : tb_partners_create(run, 1, turn, post, &post->partners);
}

static int setup_sleeping(struct tb_run *run)
{
    return setup_partner(run, sleep_until_received);
}

static int setup_running(struct tb_run *run)
{
    return setup_partner(run, run_until_received);
}

static int setup_self(struct tb_run *run)
{
    return install(run->own, ignore);
}

static void teardown(struct tb_run *run)
{
    struct post *post = run->own;

    tb_partners_destroy(post->partners);
    if (!post->installed)
        return;
    (void)pthread_sigmask(SIG_SETMASK, &post->mask_before, NULL); /* as they were: valid */
    (void)sigaction(SIGNAL, &post->action_before, NULL);
}

/* Without a signal. */
static void let_go(struct post *post)
{
    atomic_store_explicit(&post->received, 1, memory_order_release);
    (void)syscall(SYS_futex, &post->received, FUTEX_WAKE_PRIVATE, 1);
}

/* The signal is sent also where the partner did not come so far, so that its turn ends. */
static enum tb_status deliver(struct tb_run *run, bool asleep, bool call_alone)
{
    struct post *post = run->own;
    struct tb_partner *partner = &post->partners->each[0];

    atomic_store_explicit(&addressee, partner, memory_order_release);
    while (tb_next(run)) {
        int64_t end_ns;
        int late, err;

        atomic_store_explicit(&post->received, 0, memory_order_relaxed); /* ordered by the turn */
        tb_partner_go(partner);
        late = asleep ? tb_partner_await_asleep(partner) : tb_partner_await_arrived(partner);
        tb_start(run);
        err = pthread_kill(partner->thread, SIGNAL);
        end_ns = tb_clock_ns();
        if (err)
            let_go(post);
        tb_partner_await_done(partner);
        if (err || late)
            return tb_fail(run, err ? "pthread_kill" : "asleep, or running", err ? err : late);
        tb_record_stamps(run, (call_alone ? end_ns : partner->stamp_ns) - run->start_ns,
                         run->start_cpu, partner->cpu);
    }
    return TB_DONE;
}

static enum tb_status to_sleeping(struct tb_run *run)
{
    return deliver(run, true, false);
}

static enum tb_status to_running(struct tb_run *run)
{
    return deliver(run, false, false);
}

static enum tb_status call(struct tb_run *run)
{
    return deliver(run, true, true);
}

static enum tb_status to_self(struct tb_run *run)
{
    while (tb_next(run)) {
        int err = 0;

        tb_start(run);
        for (int i = 0; i < BLOCK; i++)
            err |= pthread_kill(pthread_self(), SIGNAL);
        tb_stop(run);
        if (err)
            return tb_fail(run, "pthread_kill", err);
    }
    return TB_DONE;
}

const struct tb_bench tb_bench_signal[] = {
    {
        .name = "signal/deliver",
        .doc = "from before pthread_kill to the first instruction of the handler, in a thread that "
               "slept",
        .threadless = true,
        .sweeps = {TB_SWEEP(cpu, TB_CPU_SAME, TB_CPU_OTHER, TB_CPU_FREE),
                   TB_SWEEP(warm, TB_WARM, TB_COLD, TB_RESIDENT)},
        .statistic = "p10",
        .own_bytes = sizeof(struct post),
        .setup = setup_sleeping,
        .run = to_sleeping,
        .teardown = teardown,
    },
    {
        .name = "signal/deliver-running",
        .doc = "from before pthread_kill to the first instruction of the handler, in a thread that "
               "runs on another CPU",
        .threadless = true,
        .sweeps = {TB_SWEEP(cpu, TB_CPU_OTHER, TB_CPU_SIBLING, TB_CPU_FAR)},
        .statistic = "p10",
        .own_bytes = sizeof(struct post),
        .setup = setup_running,
        .run = to_running,
        .teardown = teardown,
    },
    {
        .name = "signal/call",
        .doc = "pthread_kill of a thread that sleeps, until it returns",
        .threadless = true,
        .sweeps = {TB_SWEEP(cpu, TB_CPU_SAME, TB_CPU_OTHER, TB_CPU_FREE)},
        .statistic = "p10",
        .own_bytes = sizeof(struct post),
        .setup = setup_sleeping,
        .run = call,
        .teardown = teardown,
    },
    {
        .name = "signal/self",
        .doc = "a signal to the calling thread, its handler included; mean over 64",
        .threadless = true,
        .sweeps = {TB_SWEEP(cpu, TB_CPU_SAME)},
        .block = BLOCK,
        .statistic = "p10",
        .own_bytes = sizeof(struct post),
        .setup = setup_self,
        .run = to_self,
        .teardown = teardown,
    },
    {0},
};
