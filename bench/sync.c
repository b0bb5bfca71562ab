/* Locks and the like: alone, and handed over from one thread to another.
 *
 * sync/KIND: taking and giving back what no other thread wants, a mean over a block: locking and
 * unlocking; waiting for a semaphore that is up, and raising it; signalling a condition for which
 * nobody waits; a barrier of one; a `once` that has been done. In a process that has made a thread
 * before, and in one that never has, in which a C library may do without atomic instructions.
 *
 * sync/KIND-handover: T - 1 threads wait for what the measuring one holds, asleep, as the kernel
 * tells before each sample. A sample begins before its giving call and ends when the first of them
 * is back from its waiting call; where all are let go at once (readers, a condition, a barrier, a
 * `once`) it ends with the last. The measuring thread goes to sleep after its call: on one CPU that
 * is how the next one comes to run, and part of the sample. How they then pass it on among
 * themselves is not. Waiters for a spin lock do not sleep. Nor does the first one for a mutex with
 * priority inheritance, while the holder runs on another CPU: the kernel has it spin, and calls
 * that asleep. */
#include <threadbench/bench.h>
#include <threadbench/partner.h>

#include <errno.h>
#include <stdlib.h>

enum { BLOCK = 256 };

struct kind;
struct handover;

struct lock {
    const struct kind *kind;
    unsigned threads;      /* that take part */
    pthread_mutex_t mutex; /* also the one of the condition */
    pthread_cond_t condition;
    bool open; /* what the condition is about */
    pthread_rwlock_t rwlock;
    pthread_spinlock_t spin;
    sem_t semaphore;
    pthread_barrier_t barrier;
    pthread_once_t once;
};

/* The functions return 0 or an errno value. */
struct kind {
    int type, robust, protocol; /* of a mutex; 0 is the default of each */
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

static int nothing(struct lock *lock)
{
    (void)lock;
    return 0;
}

static int mutex_init(struct lock *lock)
{
    pthread_mutexattr_t attributes;
    int err = pthread_mutexattr_init(&attributes);

    if (err)
        return err;
    err |= pthread_mutexattr_settype(&attributes, lock->kind->type);
    err |= pthread_mutexattr_setrobust(&attributes, lock->kind->robust);
    err |= pthread_mutexattr_setprotocol(&attributes, lock->kind->protocol);
    if (!err)
        err = pthread_mutex_init(&lock->mutex, &attributes);
    (void)pthread_mutexattr_destroy(&attributes); /* cannot fail */
    return err;
}

static void mutex_destroy(struct lock *lock)
{
    (void)pthread_mutex_destroy(&lock->mutex); /* nobody holds it; so with the others below */
}

static int mutex_lock(struct lock *lock)
{
    return pthread_mutex_lock(&lock->mutex);
}

static int mutex_unlock(struct lock *lock)
{
    return pthread_mutex_unlock(&lock->mutex);
}

static int rwlock_init(struct lock *lock)
{
    return pthread_rwlock_init(&lock->rwlock, NULL);
}

static void rwlock_destroy(struct lock *lock)
{
    (void)pthread_rwlock_destroy(&lock->rwlock);
}

static int rwlock_read(struct lock *lock)
{
    return pthread_rwlock_rdlock(&lock->rwlock);
}

static int rwlock_write(struct lock *lock)
{
    return pthread_rwlock_wrlock(&lock->rwlock);
}

static int rwlock_unlock(struct lock *lock)
{
    return pthread_rwlock_unlock(&lock->rwlock);
}

static int spin_init(struct lock *lock)
{
    return pthread_spin_init(&lock->spin, PTHREAD_PROCESS_PRIVATE);
}

static void spin_destroy(struct lock *lock)
{
    (void)pthread_spin_destroy(&lock->spin);
}

static int spin_lock(struct lock *lock)
{
    return pthread_spin_lock(&lock->spin);
}

static int spin_unlock(struct lock *lock)
{
    return pthread_spin_unlock(&lock->spin);
}

static int semaphore_init(struct lock *lock)
{
    return sem_init(&lock->semaphore, 0, 1) ? errno : 0;
}

static void semaphore_destroy(struct lock *lock)
{
    (void)sem_destroy(&lock->semaphore);
}

static int semaphore_down(struct lock *lock)
{
    return sem_wait(&lock->semaphore) ? errno : 0;
}

static int semaphore_up(struct lock *lock)
{
    return sem_post(&lock->semaphore) ? errno : 0;
}

static int condition_init(struct lock *lock)
{
    int err = mutex_init(lock);

    return err ? err : pthread_cond_init(&lock->condition, NULL);
}

static void condition_destroy(struct lock *lock)
{
    (void)pthread_cond_destroy(&lock->condition);
    mutex_destroy(lock);
}

static int condition_signal(struct lock *lock)
{
    return pthread_cond_signal(&lock->condition);
}

static int condition_close(struct lock *lock)
{
    lock->open = false; /* nobody looks at it now */
    return 0;
}

static int condition_open(struct lock *lock)
{
    int err = mutex_lock(lock);

    if (err)
        return err;
    lock->open = true;
    err = pthread_cond_broadcast(&lock->condition);
    return mutex_unlock(lock) | err;
}

static int condition_wait(struct lock *lock)
{
    int err = mutex_lock(lock);

    while (!err && !lock->open)
        err = pthread_cond_wait(&lock->condition, &lock->mutex);
    return err;
}

static int barrier_init(struct lock *lock)
{
    return pthread_barrier_init(&lock->barrier, NULL, lock->threads);
}

static void barrier_destroy(struct lock *lock)
{
    (void)pthread_barrier_destroy(&lock->barrier);
}

static int barrier_wait(struct lock *lock)
{
    int err = pthread_barrier_wait(&lock->barrier);

    return err == PTHREAD_BARRIER_SERIAL_THREAD ? 0 : err;
}

static int once_init(struct lock *lock)
{
    lock->once = (pthread_once_t)PTHREAD_ONCE_INIT;
    return 0;
}

static void once_destroy(struct lock *lock)
{
    (void)lock; /* holds nothing */
}

static void do_nothing(void)
{
}

static int once(struct lock *lock)
{
    return pthread_once(&lock->once, do_nothing);
}

/* ---- a series ---- */

struct handover {
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
    err = handover->lock.kind->wait(&handover->lock);
    tb_partner_stamp(waiter);
    err |= handover->lock.kind->pass(&handover->lock);
    (void)atomic_fetch_or_explicit(&handover->err, err, memory_order_relaxed);
}

static int setup(struct tb_run *run)
{
    struct handover *handover = calloc(1, sizeof(*handover));
    size_t threads = (size_t)tb_value(run, &tb_axis_threads); /* 0: alone */
    int err;

    if (!handover)
        return ENOMEM;
    run->own = handover;
    handover->run = run;
    handover->lock.kind = run->bench->data;
    handover->lock.threads = threads ? (unsigned)threads : 1;
    err = handover->lock.kind->init(&handover->lock);
    handover->made = !err;
    if (!err && threads)
        err = tb_partners_create(run, threads - 1, wait_and_pass, handover, &handover->waiters);
    return err;
}

static void teardown(struct tb_run *run)
{
    struct handover *handover = run->own;

    if (handover)
        tb_partners_destroy(handover->waiters);
    if (handover && handover->made)
        handover->lock.kind->destroy(&handover->lock);
    free(handover);
}

/* ---- alone ---- */

/* Made part of each of the bodies below, so that the two calls are direct ones. */
__attribute__((always_inline)) static inline enum tb_outcome
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
    return TB_OK;
}

static enum tb_outcome mutex_alone(struct tb_run *run)
{
    return time_alone(run, mutex_lock, mutex_unlock);
}

static enum tb_outcome read_alone(struct tb_run *run)
{
    return time_alone(run, rwlock_read, rwlock_unlock);
}

static enum tb_outcome write_alone(struct tb_run *run)
{
    return time_alone(run, rwlock_write, rwlock_unlock);
}

static enum tb_outcome spin_alone(struct tb_run *run)
{
    return time_alone(run, spin_lock, spin_unlock);
}

static enum tb_outcome semaphore_alone(struct tb_run *run)
{
    return time_alone(run, semaphore_down, semaphore_up);
}

static enum tb_outcome condition_alone(struct tb_run *run)
{
    return time_alone(run, condition_signal, nothing);
}

static enum tb_outcome barrier_alone(struct tb_run *run)
{
    return time_alone(run, barrier_wait, nothing);
}

static enum tb_outcome once_alone(struct tb_run *run)
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
        handover->gather_err |= handover->lock.kind->spins
                                    ? tb_partner_await_arrived(&waiters->each[i])
                                    : tb_partner_await_asleep(&waiters->each[i]);
    tb_start(handover->run);
}

static int hold_and_give(struct handover *handover)
{
    int err = handover->lock.kind->hold(&handover->lock);

    if (err)
        return err;
    gather(handover);
    return handover->lock.kind->give(&handover->lock);
}

/* What pthread_once calls is told nothing; there is one measuring thread. */
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
        if ((handover->waiters->each[i].stamp_ns > found->stamp_ns) == handover->lock.kind->all)
            found = &handover->waiters->each[i];
    return found;
}

static enum tb_outcome hand_over(struct tb_run *run)
{
    struct handover *handover = run->own;
    const struct kind *kind = handover->lock.kind;

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
    return TB_OK;
}

#define KIND(which, hold_it, give_it, wait_for_it, pass_it)                                        \
    .init = which##_init, .destroy = which##_destroy, .hold = (hold_it), .give = (give_it),        \
    .wait = (wait_for_it), .pass = (pass_it)
#define LOCK(which, take, back) KIND(which, take, back, take, back)
#define MUTEX                   LOCK(mutex, mutex_lock, mutex_unlock)

static const struct kind mutex = {MUTEX};
static const struct kind adaptive = {MUTEX, .type = PTHREAD_MUTEX_ADAPTIVE_NP};
static const struct kind recursive = {MUTEX, .type = PTHREAD_MUTEX_RECURSIVE};
static const struct kind robust = {MUTEX, .robust = PTHREAD_MUTEX_ROBUST};
static const struct kind pi = {MUTEX, .protocol = PTHREAD_PRIO_INHERIT};
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

/* A row of the table below for each kind, alone and handed over. */
#define ALONE(which, what, body)                                                                   \
    {                                                                                              \
        .name = "sync/" what,                                                                      \
        .doc = what " that no other thread wants, taken and given back; mean over 256",            \
        .threadless = true, .data = &(which),                                                      \
        .walks = {TB_WALK(cpu, TB_SAME), TB_WALK(made, TB_SOME, TB_NEVER)}, .block = BLOCK,        \
        .decides = "p10", .setup = setup, .run = (body), .teardown = teardown,                     \
    }

#define HANDED_OVER(which, what, ...)                                                              \
    {                                                                                              \
        .name = "sync/" what "-handover",                                                          \
        .doc = what ", from before it is given to the return of a call that waited for it",        \
        .threadless = true, .data = &(which), .walks = {__VA_ARGS__}, .decides = "p10",            \
        .setup = setup, .run = hand_over, .teardown = teardown,                                    \
    }
#define SLEEPERS TB_WALK(threads, 2, 8), TB_WALK(cpu, TB_SAME, TB_OTHER)
#define SPINNER  TB_WALK(threads, 2), TB_WALK(cpu, TB_OTHER)

const struct tb_bench tb_bench_sync[] = {
    ALONE(mutex, "mutex", mutex_alone),
    ALONE(adaptive, "adaptive", mutex_alone),
    ALONE(robust, "robust", mutex_alone),
    ALONE(pi, "pi", mutex_alone),
    ALONE(recursive, "recursive", mutex_alone),
    ALONE(readers, "rwlock-read", read_alone),
    ALONE(writers, "rwlock-write", write_alone),
    ALONE(spin, "spin", spin_alone),
    ALONE(semaphore, "semaphore", semaphore_alone),
    ALONE(condition, "condition", condition_alone),
    ALONE(barrier, "barrier", barrier_alone),
    ALONE(onces, "once", once_alone),
    HANDED_OVER(mutex, "mutex", SLEEPERS),
    HANDED_OVER(adaptive, "adaptive", SLEEPERS),
    HANDED_OVER(robust, "robust", SLEEPERS),
    HANDED_OVER(pi, "pi", SLEEPERS),
    HANDED_OVER(recursive, "recursive", SLEEPERS),
    HANDED_OVER(readers, "rwlock-read", SLEEPERS),
    HANDED_OVER(writers, "rwlock-write", SLEEPERS),
    HANDED_OVER(semaphore, "semaphore", SLEEPERS),
    HANDED_OVER(condition, "condition", SLEEPERS),
    HANDED_OVER(barrier, "barrier", SLEEPERS),
    HANDED_OVER(onces, "once", SLEEPERS),
    HANDED_OVER(spin, "spin", SPINNER),
    {0},
};
