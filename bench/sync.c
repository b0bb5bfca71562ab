/* Locks and the like: alone, and handed over from one thread to another.
 *
 * sync/KIND: taking and giving back what no other thread wants, a mean over a block: locking and
 * unlocking; waiting for a semaphore that is up, and raising it; signalling a condition for which
 * nobody waits; a barrier of one; a `once` that has been done. In a process that has made a thread
 * before, and in one that never has, in which a C library may do without atomic instructions.
 *
 * sync/KIND-handover: T - 1 threads wait for what the measuring one holds, asleep, as the kernel
 * reports before each sample. A sample begins before its giving call and ends when the first of
 * them is back from its waiting call; where all are let go at once (readers, a condition, a
 * barrier, a `once`) it ends with the last. The measuring thread goes to sleep after its call: on
 * one CPU that is how the next one comes to run, and part of the sample. How they then pass it on
 * among themselves is not. Waiters for a spin lock do not sleep. Nor does the first one for a mutex
 * with priority inheritance, while the holder runs on another CPU: the kernel has it spin, and
 * calls that asleep. */
#include <threadbench/bench.h>
#include <threadbench/partner.h>

#include <errno.h>

#include "locks.h"

enum { BLOCK = 256 };

struct handover;

/* The functions return 0 or an errno value. */
struct kind {
    struct mutex_traits traits;
    int (*init)(struct lock *lock);
    void (*destroy)(struct lock *lock);
    int (*hold)(struct lock *lock); /* by the measuring thread, before the others come */
    int (*give)(struct lock *lock); /* timed */
    int (*wait)(struct lock *lock); /* by the others */
    int (*pass)(struct lock *lock); /* when they have it */

    /* In place of hold and give, where the others have to come in the midst of a call. */
    int (*give_to_all)(struct handover *handover);
    bool all;   /* one gift lets all of them go */
    bool spins; /* they do not sleep */
};

/* ---- a series ---- */

struct handover {
    const struct kind *kind;
    struct lock lock;
    bool made;
    struct tb_run *run;
    struct tb_partners *waiters;
    atomic_int err; /* any waiter's: read when their turns have ended */
    int gather_err;
};

static void wait_and_pass(struct tb_partner *waiter)
{
    struct handover *handover = waiter->shared;
    int err;

    tb_partner_arrive(waiter);
    err = handover->kind->wait(&handover->lock);
    tb_partner_stamp(waiter);
    err |= handover->kind->pass(&handover->lock);
    (void)atomic_fetch_or_explicit(&handover->err, err, memory_order_relaxed);
}

static int setup(struct tb_run *run)
{
    struct handover *handover = run->own;
    size_t threads = (size_t)tb_value(run, &tb_axis_threads); /* 0: alone */
    int err;

    handover->run = run;
    handover->kind = run->bench->data;
    handover->lock.traits = handover->kind->traits;
    handover->lock.threads = threads ? (unsigned)threads : 1;
    err = handover->kind->init(&handover->lock);
    handover->made = !err;
    if (!err && threads)
        err = tb_partners_create(run, threads - 1, wait_and_pass, handover, &handover->waiters);
    return err;
}

static void teardown(struct tb_run *run)
{
    struct handover *handover = run->own;

    tb_partners_destroy(handover->waiters);
    if (handover->made)
        handover->kind->destroy(&handover->lock);
}

/* ---- alone ---- */

/* Made part of each of the bodies below, so that the two calls are direct ones. */
__attribute__((always_inline)) static inline enum tb_status
time_alone(struct tb_run *run, int (*take)(struct lock *), int (*give)(struct lock *))
{
    struct lock *lock = &((struct handover *)run->own)->lock;

    while (tb_next(run)) {
        int err = 0;

        tb_start(run);
        for (int i = 0; i < BLOCK; i++) {
            err |= take(lock);
            err |= give(lock);
        }
        tb_stop(run);
        if (err)
            return tb_fail(run, "take and give back", err);
    }
    return TB_DONE;
}

static enum tb_status mutex_alone(struct tb_run *run)
{
    return time_alone(run, mutex_lock, mutex_unlock);
}

static enum tb_status read_alone(struct tb_run *run)
{
    return time_alone(run, rwlock_read, rwlock_unlock);
}

static enum tb_status write_alone(struct tb_run *run)
{
    return time_alone(run, rwlock_write, rwlock_unlock);
}

static enum tb_status spin_alone(struct tb_run *run)
{
    return time_alone(run, spin_lock, spin_unlock);
}

static enum tb_status semaphore_alone(struct tb_run *run)
{
    return time_alone(run, semaphore_down, semaphore_up);
}

static enum tb_status condition_alone(struct tb_run *run)
{
    return time_alone(run, condition_signal, nothing);
}

static enum tb_status barrier_alone(struct tb_run *run)
{
    return time_alone(run, barrier_wait, nothing);
}

static enum tb_status once_alone(struct tb_run *run)
{
    return time_alone(run, once, nothing);
}

/* ---- handed over ---- */

/* All of them wait: what comes next is timed. */
static void gather(struct handover *handover)
{
    struct tb_partners *waiters = handover->waiters;

    handover->gather_err = 0;
    for (size_t i = 0; i < waiters->count; i++)
        tb_partner_go(&waiters->each[i]);
    for (size_t i = 0; i < waiters->count; i++)
        handover->gather_err |= handover->kind->spins ? tb_partner_await_arrived(&waiters->each[i])
                                                      : tb_partner_await_asleep(&waiters->each[i]);
    tb_start(handover->run);
}

static int hold_and_give(struct handover *handover)
{
    int err = handover->kind->hold(&handover->lock);

    if (err)
        return err;
    gather(handover);
    return handover->kind->give(&handover->lock);
}

/* What pthread_once calls gets no argument; there is one measuring thread. */
static struct handover *initialising;

static void gather_within(void)
{
    gather(initialising);
}

static int once_give(struct handover *handover)
{
    initialising = handover;
    (void)once_init(&handover->lock); /* cannot fail */
    return pthread_once(&handover->lock.once, gather_within);
}

/* The one whose stamp ends the sample. */
static const struct tb_partner *deciding(const struct handover *handover)
{
    const struct tb_partner *found = &handover->waiters->each[0];

    for (size_t i = 1; i < handover->waiters->count; i++)
        if ((handover->waiters->each[i].stamp_ns > found->stamp_ns) == handover->kind->all)
            found = &handover->waiters->each[i];
    return found;
}

static enum tb_status hand_over(struct tb_run *run)
{
    struct handover *handover = run->own;
    const struct kind *kind = handover->kind;

    while (tb_next(run)) {
        int err = kind->give_to_all ? kind->give_to_all(handover) : hold_and_give(handover);
        const struct tb_partner *next;

        if (err)
            return tb_fail(run, "hold and give", err);
        for (size_t i = 0; i < handover->waiters->count; i++)
            tb_partner_await_done(&handover->waiters->each[i]);
        err = handover->gather_err | atomic_load_explicit(&handover->err, memory_order_relaxed);
        if (err)
            return tb_fail(run, "wait", err);
        next = deciding(handover);
        tb_record_stamps(run, next->stamp_ns - run->start_ns, run->start_cpu, next->cpu);
    }
    return TB_DONE;
}

#define KIND(which, hold_it, give_it, wait_for_it, pass_it)                                        \
    .init = which##_init, .destroy = which##_destroy, .hold = (hold_it), .give = (give_it),        \
    .wait = (wait_for_it), .pass = (pass_it)
#define LOCK(which, take, back) KIND(which, take, back, take, back)
#define MUTEX                   LOCK(mutex, mutex_lock, mutex_unlock)

static const struct kind mutex = {MUTEX};
static const struct kind adaptive = {MUTEX, .traits.type = PTHREAD_MUTEX_ADAPTIVE_NP};
static const struct kind recursive = {MUTEX, .traits.type = PTHREAD_MUTEX_RECURSIVE};
static const struct kind robust = {MUTEX, .traits.robust = PTHREAD_MUTEX_ROBUST};
static const struct kind pi = {MUTEX, .traits.protocol = PTHREAD_PRIO_INHERIT};
static const struct kind writers = {LOCK(rwlock, rwlock_write, rwlock_unlock)};
static const struct kind spin = {LOCK(spin, spin_lock, spin_unlock), .spins = true};
static const struct kind semaphore = {LOCK(semaphore, semaphore_down, semaphore_up)};
static const struct kind readers = {
    KIND(rwlock, rwlock_write, rwlock_unlock, rwlock_read, rwlock_unlock), .all = true};
static const struct kind condition = {
    KIND(condition, condition_close, condition_open, condition_wait, mutex_unlock), .all = true};
static const struct kind barrier = {KIND(barrier, nothing, barrier_wait, barrier_wait, nothing),
                                    .all = true};
static const struct kind onces = {KIND(once, nothing, nothing, once, nothing),
                                  .give_to_all = once_give, .all = true};

/* A benchmark of each kind, alone and handed over. */
#define ALONE(which, what, text, body)                                                             \
    {                                                                                              \
        .name = "sync/" what, .doc = text "; mean over 256", .threadless = true, .data = &(which), \
        .sweeps = {TB_SWEEP(cpu, TB_CPU_SAME), TB_SWEEP(made, TB_SOME, TB_NEVER)}, .block = BLOCK, \
        .statistic = "p10", .own_bytes = sizeof(struct handover), .setup = setup, .run = (body),   \
        .teardown = teardown,                                                                      \
    }
#define UNCONTENDED(which, what, noun)                                                             \
    ALONE(which, what, "locking and unlocking an uncontended " noun, mutex_alone)

#define HANDED_OVER(which, what, begin, waiter, ...)                                               \
    {                                                                                              \
        .name = "sync/" what "-handover",                                                          \
        .doc = "from before " begin " until the " waiter " call has returned", .threadless = true, \
        .data = &(which), .sweeps = {__VA_ARGS__}, .statistic = "p10",                             \
        .own_bytes = sizeof(struct handover), .setup = setup, .run = hand_over,                    \
        .teardown = teardown,                                                                      \
    }
#define SLEEPERS                                                                                   \
    TB_SWEEP(threads, 2, 8), TB_SWEEP(cpu, TB_CPU_SAME, TB_CPU_OTHER), TB_SWEEP(live, 0, 256)
#define SPINNER TB_SWEEP(threads, 2), TB_SWEEP(cpu, TB_CPU_OTHER)
#define UNLOCKED(which, what, noun)                                                                \
    HANDED_OVER(which, what, noun " is unlocked", "first waiter's", SLEEPERS)

const struct tb_bench tb_bench_sync[] = {
    UNCONTENDED(mutex, "mutex", "mutex"),
    UNCONTENDED(adaptive, "adaptive", "adaptive mutex"),
    UNCONTENDED(robust, "robust", "robust mutex"),
    UNCONTENDED(pi, "pi", "mutex with priority inheritance"),
    UNCONTENDED(recursive, "recursive", "recursive mutex"),
    ALONE(readers, "rwlock-read", "taking and releasing an uncontended read lock", read_alone),
    ALONE(writers, "rwlock-write", "taking and releasing an uncontended write lock", write_alone),
    ALONE(spin, "spin", "locking and unlocking an uncontended spin lock", spin_alone),
    ALONE(semaphore, "semaphore", "waiting for a semaphore that is up, and posting it",
          semaphore_alone),
    ALONE(condition, "condition", "signalling a condition variable for which nobody waits",
          condition_alone),
    ALONE(barrier, "barrier", "waiting at a barrier of one thread", barrier_alone),
    ALONE(onces, "once", "a pthread_once that has been done", once_alone),
    UNLOCKED(mutex, "mutex", "a mutex"),
    UNLOCKED(adaptive, "adaptive", "an adaptive mutex"),
    UNLOCKED(robust, "robust", "a robust mutex"),
    UNLOCKED(pi, "pi", "a mutex with priority inheritance"),
    UNLOCKED(recursive, "recursive", "a recursive mutex"),
    HANDED_OVER(readers, "rwlock-read", "a write lock is released", "last waiting reader's",
                SLEEPERS),
    HANDED_OVER(writers, "rwlock-write", "a write lock is released", "first waiter's", SLEEPERS),
    HANDED_OVER(semaphore, "semaphore", "a semaphore is posted", "first waiter's", SLEEPERS),
    HANDED_OVER(condition, "condition", "a condition variable is broadcast", "last waiter's",
                SLEEPERS),
    HANDED_OVER(barrier, "barrier", "the last thread comes to a barrier", "last waiter's",
                SLEEPERS),
    HANDED_OVER(onces, "once", "a pthread_once is done", "last waiter's", SLEEPERS),
    HANDED_OVER(spin, "spin", "a spin lock is unlocked", "first waiter's", SPINNER),
    {0},
};
