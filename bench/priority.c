/* Priorities of threads, and a lock that lends them.
 *
 * priority/set-nice, -policy, -fifo: the call that changes the calling thread's nice value (0 and
 * 1), its policy (SCHED_OTHER and SCHED_BATCH, both ordinary), or makes it a real-time thread and
 * an ordinary one again; a mean over a block, as many there as back. What was set is read back
 * once. Nice values go down, and real-time policies are had, with a privilege only.
 *
 * priority/inheritance-…: a mutex with priority inheritance, held by an ordinary thread; a
 * real-time thread wants it, and a second one, of a priority in between, wants the CPU that all
 * three share. boost      from before the first one's locking call until the holder goes on
 *     hand-over  from before the holder's unlocking call until the first one has the lock
 * The thread in between would have run if the holder had not been lent the higher priority: that it
 * ran last is proven in each sample. */
#include <threadbench/bench.h>
#include <threadbench/partner.h>

#include <errno.h>
#include <sched.h>
#include <string.h>
#include <sys/resource.h>

enum { PAIRS = 32, BETWEEN = 1, FIRST = 2 };

/* ---- set ---- */

/* A property of the calling thread: its two values are 0 and 1. Both return 0, or -1 and errno. */
struct property {
    const char *needs; /* the privilege to change it, for the reason of a skip */
    int (*set)(int value);
    int (*get)(int *ret_value);
    int (*probe)(int value); /* a setting that needs what the way back from 1 needs, or NULL */
};

static int set_nice(int value)
{
    return setpriority(PRIO_PROCESS, 0, value);
}

static int get_nice(int *ret_value)
{
    errno = 0;
    *ret_value = getpriority(PRIO_PROCESS, 0);
    return errno ? -1 : 0;
}

static int set_policy(int policy, int priority)
{
    const struct sched_param parameters = {.sched_priority = priority};

    return sched_setscheduler(0, policy, &parameters);
}

static int set_batch(int value)
{
    return set_policy(value ? SCHED_BATCH : SCHED_OTHER, 0);
}

static int get_batch(int *ret_value)
{
    *ret_value = sched_getscheduler(0) == SCHED_BATCH;
    return 0;
}

static int set_fifo(int value)
{
    return set_policy(value ? SCHED_FIFO : SCHED_OTHER, value);
}

static int get_fifo(int *ret_value)
{
    *ret_value = sched_getscheduler(0) == SCHED_FIFO;
    return 0;
}

static const struct property nice_value = {"CAP_SYS_NICE or RLIMIT_NICE", set_nice, get_nice,
                                           set_nice};
static const struct property batch = {"an ordinary policy", set_batch, get_batch};
static const struct property fifo = {"CAP_SYS_NICE or RLIMIT_RTPRIO", set_fifo, get_fifo};

/* A thread without the privilege can raise its nice value and not lower it again, so that the way
 * back is asked for first: from 0 to -1 and, as that is the same privilege, back to 0. */
static enum tb_status prove(struct tb_run *run, const struct property *property)
{
    int before = -1, changed = -1;

    if (property->get(&before) || before)
        return tb_skip(run, "the process was not started at the ordinary priority");
    if ((property->probe && (property->probe(-1) || property->set(0))) || property->set(1) ||
        property->get(&changed))
        return tb_skip(run, "%s: needs %s", strerror(errno), property->needs);
    if (property->set(0))
        return tb_fail(run, "set back", errno);
    return changed == 1 ? TB_DONE : tb_fail(run, "it was set, and has not changed", EINVAL);
}

static enum tb_status set(struct tb_run *run)
{
    const struct property *property = run->bench->data;
    enum tb_status proof = prove(run, property);

    while (proof == TB_DONE && tb_next(run)) {
        int failed = 0;

        tb_start(run);
        for (int i = 0; i < PAIRS; i++) {
            failed |= property->set(1);
            failed |= property->set(0);
        }
        tb_stop(run);
        if (failed)
            return tb_fail(run, "set", errno);
    }
    return proof;
}

/* ---- inheritance ---- */

struct inheritance {
    pthread_mutex_t lock;
    bool made;
    int64_t wanted_ns; /* by the first, before its locking call */
    int err;           /* the first one's */
    struct tb_partners *first, *between;
};

/* The other one is awake before the lock is asked for, and cannot run before this one sleeps. */
static void want_lock(struct tb_partner *first)
{
    struct inheritance *all = first->shared;

    tb_partner_go(&all->between->each[0]);
    all->wanted_ns = tb_clock_ns();
    all->err = pthread_mutex_lock(&all->lock);
    tb_partner_stamp(first);
    if (!all->err)
        all->err = pthread_mutex_unlock(&all->lock);
}

static int make_lock(struct inheritance *all)
{
    pthread_mutexattr_t attributes;
    int err = pthread_mutexattr_init(&attributes);

    if (err)
        return err;
    err = pthread_mutexattr_setprotocol(&attributes, PTHREAD_PRIO_INHERIT);
    if (!err)
        err = pthread_mutex_init(&all->lock, &attributes);
    all->made = !err;
    (void)pthread_mutexattr_destroy(&attributes); /* cannot fail */
    return err;
}

static int inheritance_setup(struct tb_run *run)
{
    struct inheritance *all = run->own;
    int err = make_lock(all);

    if (!err)
        err = tb_partners_create(run, 1, want_lock, all, &all->first);
    if (!err)
        err = tb_partners_create(run, 1, tb_partner_stamp, all, &all->between);
    return err;
}

static void inheritance_teardown(struct tb_run *run)
{
    struct inheritance *all = run->own;

    tb_partners_destroy(all->between);
    tb_partners_destroy(all->first);
    if (all->made)
        (void)pthread_mutex_destroy(&all->lock); /* nobody holds it */
}

static int make_real_time(struct tb_partners *partners, int priority)
{
    const struct sched_param parameters = {.sched_priority = priority};

    return pthread_setschedparam(partners->each[0].thread, SCHED_FIFO, &parameters);
}

struct lending {
    int64_t boost_ns, hand_over_ns;
    bool in_order; /* the holder, the first, the one in between */
    int err;
};

static struct lending lend(struct inheritance *all)
{
    struct tb_partner *first = &all->first->each[0], *between = &all->between->each[0];
    struct lending lending = {.err = pthread_mutex_lock(&all->lock)};
    int64_t boosted_ns, given_ns;

    if (lending.err)
        return lending;
    tb_partner_go(first); /* it runs at once, on this CPU, until it sleeps for the lock */
    boosted_ns = tb_clock_ns();
    given_ns = tb_clock_ns();
    lending.err = pthread_mutex_unlock(&all->lock);
    tb_partner_await_done(first);
    tb_partner_await_done(between);
    if (!lending.err)
        lending.err = all->err;
    lending.boost_ns = boosted_ns - all->wanted_ns;
    lending.hand_over_ns = first->stamp_ns - given_ns;
    lending.in_order = all->wanted_ns < boosted_ns && boosted_ns < first->stamp_ns &&
                       first->stamp_ns < between->stamp_ns;
    return lending;
}

static enum tb_status inherit(struct tb_run *run, bool hand_over)
{
    struct inheritance *all = run->own;
    int err = make_real_time(all->first, FIRST);

    if (!err)
        err = make_real_time(all->between, BETWEEN);
    if (err)
        return tb_skip(run, "SCHED_FIFO: %s: needs %s", strerror(err), fifo.needs);
    while (tb_next(run)) {
        struct lending lending;
        int cpu = tb_clock_cpu();

        tb_start(run);
        lending = lend(all);
        if (lending.err || !lending.in_order)
            return tb_fail(run, "the priority was not lent", lending.err ? lending.err : EPROTO);
        tb_record_stamps(run, hand_over ? lending.hand_over_ns : lending.boost_ns, cpu,
                         all->first->each[0].cpu);
    }
    return TB_DONE;
}

static enum tb_status inherit_boost(struct tb_run *run)
{
    return inherit(run, false);
}

static enum tb_status inherit_hand_over(struct tb_run *run)
{
    return inherit(run, true);
}

/* A benchmark of each property. */
#define SET(which, what, how)                                                                      \
    {                                                                                              \
        .name = "priority/set-" what,                                                              \
        .doc = "the calling thread " how ", there and back; mean over 64", .threadless = true,     \
        .data = &(which), .sweeps = {TB_SWEEP(cpu, TB_CPU_SAME)}, .block = 2 * PAIRS, .warmup = 2, \
        .statistic = "p10", .run = set,                                                            \
    }

const struct tb_bench tb_bench_priority[] = {
    SET(nice_value, "nice", "changes its nice value"),
    SET(batch, "policy", "goes from SCHED_OTHER to SCHED_BATCH"),
    SET(fifo, "fifo", "goes from SCHED_OTHER to SCHED_FIFO"),
    {
        .name = "priority/inheritance-boost",
        .doc = "from a real-time thread's locking call until the lock's holder runs in its stead",
        .threadless = true,
        .sweeps = {TB_SWEEP(cpu, TB_CPU_SAME)},
        .statistic = "p10",
        .own_bytes = sizeof(struct inheritance),
        .setup = inheritance_setup,
        .run = inherit_boost,
        .teardown = inheritance_teardown,
    },
    {
        .name = "priority/inheritance-handover",
        .doc = "from the boosted holder's unlocking call until the real-time thread has the lock",
        .threadless = true,
        .sweeps = {TB_SWEEP(cpu, TB_CPU_SAME)},
        .statistic = "p10",
        .own_bytes = sizeof(struct inheritance),
        .setup = inheritance_setup,
        .run = inherit_hand_over,
        .teardown = inheritance_teardown,
    },
    {0},
};
