/* Switching between two threads.
 *
 * switch/pingpong-…: a message to another thread, which sleeps until it comes, as the kernel
 * reports before each sample, and its answer, over a futex, by futex_wait or futex_waitv, an
 * eventfd, a pipe, a semaphore or a condition variable: two wakes and two switches. On one CPU both
 * threads share it and a sample is little else than the switches; on two, each wake is that of a
 * CPU that may be idle.
 *
 * switch/yield: sched_yield() of a thread that shares its CPU with one that does nothing but yield,
 * repeated until that one has run: two switches, there and back, and the calls that came to nothing
 * because the scheduler went on with the caller. switch/yield-alone: the call where no other thread
 * of the process wants the CPU. Both are means over a block. */
#include <threadbench/bench.h>
#include <threadbench/partner.h>

#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <sched.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { YIELDS = 16, YIELDS_ALONE = 64 };

/* ---- one direction of a connection ---- */

struct way {
    _Atomic uint32_t word; /* futex: a message is there */
    int fds[2];
    sem_t semaphore;
    pthread_mutex_t lock; /* condition: guards `full` */
    pthread_cond_t filled;
    bool full;
};

/* All return 0 or an errno value. */
struct medium {
    int (*open)(struct way *way);
    void (*close)(struct way *way);
    int (*send)(struct way *way);
    int (*receive)(struct way *way);
};

static int futex_open(struct way *way)
{
    atomic_init(&way->word, 0);
    return 0;
}

static void futex_close(struct way *way)
{
    (void)way;
}

static int futex_send(struct way *way)
{
    atomic_store_explicit(&way->word, 1, memory_order_release);
    return syscall(SYS_futex, &way->word, FUTEX_WAKE_PRIVATE, 1) < 0 ? errno : 0;
}

/* The acquire pairs with the sender's release. */
static int futex_receive(struct way *way)
{
    while (!atomic_exchange_explicit(&way->word, 0, memory_order_acquire))
        if (syscall(SYS_futex, &way->word, FUTEX_WAIT_PRIVATE, 0, NULL) && errno != EAGAIN &&
            errno != EINTR)
            return errno;
    return 0;
}

/* The same number on every architecture but alpha; older headers lack it. */
enum { CALL_FUTEX_WAITV = 449 };

/* Asked for no futex it refuses, where it is there: Linux 5.16. */
static int waitv_open(struct way *way)
{
    if (syscall(CALL_FUTEX_WAITV, NULL, 0, 0, NULL, 0) < 0 && errno != EINVAL)
        return ENOTSUP;
    return futex_open(way);
}

static int waitv_receive(struct way *way)
{
    struct futex_waitv one = {.uaddr = (uintptr_t)&way->word,
                              .flags = FUTEX_32 | FUTEX_PRIVATE_FLAG};

    while (!atomic_exchange_explicit(&way->word, 0, memory_order_acquire))
        if (syscall(CALL_FUTEX_WAITV, &one, 1, 0, NULL, 0) < 0 && errno != EAGAIN && errno != EINTR)
            return errno;
    return 0;
}

static int event_open(struct way *way)
{
    way->fds[0] = eventfd(0, EFD_CLOEXEC);
    return way->fds[0] < 0 ? errno : 0;
}

static void event_close(struct way *way)
{
    (void)close(way->fds[0]); /* whatever it counts is no longer wanted */
}

static int event_send(struct way *way)
{
    const uint64_t one = 1;

    return write(way->fds[0], &one, sizeof(one)) == sizeof(one) ? 0 : errno;
}

static int event_receive(struct way *way)
{
    uint64_t count;

    return read(way->fds[0], &count, sizeof(count)) == sizeof(count) ? 0 : errno;
}

static int pipe_open(struct way *way)
{
    return pipe2(way->fds, O_CLOEXEC) ? errno : 0;
}

static void pipe_close(struct way *way)
{
    (void)close(way->fds[0]); /* whatever is in it is no longer wanted */
    (void)close(way->fds[1]);
}

static int pipe_send(struct way *way)
{
    return write(way->fds[1], "", 1) == 1 ? 0 : errno;
}

static int pipe_receive(struct way *way)
{
    char message;

    return read(way->fds[0], &message, 1) == 1 ? 0 : errno;
}

static int semaphore_open(struct way *way)
{
    return sem_init(&way->semaphore, 0, 0) ? errno : 0;
}

static void semaphore_close(struct way *way)
{
    (void)sem_destroy(&way->semaphore); /* nobody waits for it */
}

static int semaphore_send(struct way *way)
{
    return sem_post(&way->semaphore) ? errno : 0;
}

static int semaphore_receive(struct way *way)
{
    return sem_wait(&way->semaphore) ? errno : 0;
}

static int condition_open(struct way *way)
{
    way->full = false;
    (void)pthread_mutex_init(&way->lock, NULL); /* Linux's never fail with default attributes */
    return pthread_cond_init(&way->filled, NULL);
}

static void condition_close(struct way *way)
{
    (void)pthread_cond_destroy(&way->filled); /* nobody waits for them */
    (void)pthread_mutex_destroy(&way->lock);
}

static int condition_send(struct way *way)
{
    int err = pthread_mutex_lock(&way->lock);

    if (err)
        return err;
    way->full = true;
    err = pthread_cond_signal(&way->filled);
    return pthread_mutex_unlock(&way->lock) | err;
}

static int condition_receive(struct way *way)
{
    int err = pthread_mutex_lock(&way->lock);

    if (err)
        return err;
    while (!err && !way->full)
        err = pthread_cond_wait(&way->filled, &way->lock);
    way->full = false;
    return pthread_mutex_unlock(&way->lock) | err;
}

static const struct medium futex = {futex_open, futex_close, futex_send, futex_receive};
static const struct medium waitv = {waitv_open, futex_close, futex_send, waitv_receive};
static const struct medium event = {event_open, event_close, event_send, event_receive};
static const struct medium pipes = {pipe_open, pipe_close, pipe_send, pipe_receive};
static const struct medium semaphore = {semaphore_open, semaphore_close, semaphore_send,
                                        semaphore_receive};
static const struct medium condition = {condition_open, condition_close, condition_send,
                                        condition_receive};

/* ---- ping, pong ---- */

struct pingpong {
    const struct medium *medium;
    struct way there, back;
    int opened;
    atomic_bool over; /* ordered by the message that follows it */
    int answered_on;  /* the partner's CPU; ordered by its answer */
    int err;          /* the partner's; read when its turn has ended, or after an answer */
    struct tb_partners *partners;
};

static void answer(struct tb_partner *partner)
{
    struct pingpong *game = partner->shared;

    tb_partner_arrive(partner);
    while (!(game->err = game->medium->receive(&game->there)) &&
           !atomic_load_explicit(&game->over, memory_order_relaxed)) {
        game->answered_on = tb_clock_cpu();
        if ((game->err = game->medium->send(&game->back)))
            return;
    }
}

static int pingpong_setup(struct tb_run *run)
{
    struct pingpong *game = run->own;
    int err;

    game->medium = run->bench->data;
    err = game->medium->open(&game->there);
    game->opened += !err;
    if (!err)
        err = game->medium->open(&game->back);
    game->opened += !err;
    if (!err)
        err = tb_partners_create(run, 1, answer, game, &game->partners);
    if (!err)
        tb_partner_go(&game->partners->each[0]);
    return err; /* the teardown follows either way */
}

static void pingpong_teardown(struct tb_run *run)
{
    struct pingpong *game = run->own;

    if (game->partners) {
        atomic_store_explicit(&game->over, true, memory_order_relaxed);
        (void)game->medium->send(&game->there); /* it has worked before, or the partner has left */
        tb_partner_await_done(&game->partners->each[0]);
    }
    tb_partners_destroy(game->partners);
    if (game->opened > 1)
        game->medium->close(&game->back);
    if (game->opened > 0)
        game->medium->close(&game->there);
}

static enum tb_status pingpong(struct tb_run *run)
{
    struct pingpong *game = run->own;

    while (tb_next(run)) {
        int64_t end_ns;
        int err = tb_partner_await_asleep(&game->partners->each[0]);

        if (err)
            return tb_fail(run, "asleep before the message", err);
        tb_start(run);
        err = game->medium->send(&game->there);
        if (!err)
            err = game->medium->receive(&game->back);
        end_ns = tb_clock_ns();
        if (err)
            return tb_fail(run, "a message and its answer", err);
        tb_record_stamps(run, end_ns - run->start_ns, run->start_cpu, game->answered_on);
    }
    return TB_DONE;
}

/* ---- yield ---- */

struct yielding {
    atomic_bool over;
    atomic_uint turns; /* that the partner has had; nothing else depends on it */
    struct tb_partners *partners;
};

static void yield_on(struct tb_partner *partner)
{
    struct yielding *yielding = partner->shared;

    while (!atomic_load_explicit(&yielding->over, memory_order_relaxed)) {
        (void)atomic_fetch_add_explicit(&yielding->turns, 1, memory_order_relaxed);
        (void)sched_yield(); /* always succeeds */
    }
}

static int yield_setup(struct tb_run *run)
{
    struct yielding *yielding = run->own;
    int err = tb_partners_create(run, 1, yield_on, yielding, &yielding->partners);

    if (!err)
        tb_partner_go(&yielding->partners->each[0]);
    return err;
}

static void yield_teardown(struct tb_run *run)
{
    struct yielding *yielding = run->own;

    atomic_store_explicit(&yielding->over, true, memory_order_relaxed);
    if (yielding->partners)
        tb_partner_await_done(&yielding->partners->each[0]);
    tb_partners_destroy(yielding->partners);
}

static void yield_until_it_ran(atomic_uint *turns)
{
    unsigned before = atomic_load_explicit(turns, memory_order_relaxed);

    while (atomic_load_explicit(turns, memory_order_relaxed) == before)
        (void)sched_yield();
}

static enum tb_status yield(struct tb_run *run)
{
    struct yielding *yielding = run->own;

    while (tb_next(run)) {
        tb_start(run);
        for (int i = 0; i < YIELDS; i++)
            yield_until_it_ran(&yielding->turns);
        tb_stop(run);
    }
    return TB_DONE;
}

static enum tb_status yield_alone(struct tb_run *run)
{
    while (tb_next(run)) {
        tb_start(run);
        for (int i = 0; i < YIELDS_ALONE; i++)
            (void)sched_yield();
        tb_stop(run);
    }
    return TB_DONE;
}

/* A benchmark of each medium. */
#define PINGPONG(which, what, medium)                                                              \
    {                                                                                              \
        .name = "switch/pingpong-" what,                                                           \
        .doc = "a message to another thread and its answer, by " medium, .threadless = true,       \
        .data = &(which), .sweeps = {TB_SWEEP(cpu, TB_CPU_SAME, TB_CPU_OTHER, TB_CPU_FREE)},       \
        .statistic = "p10", .own_bytes = sizeof(struct pingpong), .setup = pingpong_setup,         \
        .run = pingpong, .teardown = pingpong_teardown,                                            \
    }

const struct tb_bench tb_bench_switch[] = {
    PINGPONG(futex, "futex", "a futex"),
    PINGPONG(waitv, "futex-waitv", "a futex and futex_waitv"),
    PINGPONG(event, "eventfd", "an eventfd"),
    PINGPONG(pipes, "pipe", "a pipe"),
    PINGPONG(semaphore, "semaphore", "a semaphore"),
    PINGPONG(condition, "condition", "a condition variable"),
    {
        .name = "switch/yield",
        .doc = "yielding until another thread that only yields has run on the CPU; mean over 16",
        .threadless = true,
        .sweeps = {TB_SWEEP(cpu, TB_CPU_SAME)},
        .block = YIELDS,
        .warmup = 2,
        .statistic = "p10",
        .own_bytes = sizeof(struct yielding),
        .setup = yield_setup,
        .run = yield,
        .teardown = yield_teardown,
    },
    {
        .name = "switch/yield-alone",
        .doc = "yielding where no other thread of the process wants the CPU; mean over 64",
        .threadless = true,
        .sweeps = {TB_SWEEP(cpu, TB_CPU_SAME)},
        .block = YIELDS_ALONE,
        .statistic = "p10",
        .run = yield_alone,
    },
    {0},
};
