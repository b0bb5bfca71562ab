/* limit/threads: how many threads this process can make, what ends it, and what the creating call
 * costs near that end. It may slow down everything else on the machine and make other programs
 * fail, so it runs only when THREADBENCH_LIMIT_THREADS=N is in the environment, and makes no more
 * than N.
 *
 * Threads with small stacks are made, and left asleep, until one cannot be made or there are N. The
 * last 16 go again, as what the kernel counts is given back a moment after a join. A sample is then
 * the creating call alone: one of those that sleep is woken and joined, another made in its place.
 * The note beside the times names how many there were and which limit was reached. */
#include <threadbench/bench.h>

#include <ctype.h>
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define VARIABLE "THREADBENCH_LIMIT_THREADS"

enum { MARGIN = 16, MOST = 4000000, MOST_TRIES = 1000, STACK_BYTES = 32 * 1024 };

/* ---- the threads ---- */

struct sleeper {
    pthread_t thread;
    sem_t leave;
};

struct crowd {
    pthread_attr_t attributes;
    bool has_attributes;
    size_t count;
    struct sleeper *sleepers;
};

static void *sleep_on(void *argument)
{
    struct sleeper *sleeper = argument;

    while (sem_wait(&sleeper->leave) && errno == EINTR)
        ;
    return NULL;
}

static int add(struct crowd *crowd)
{
    struct sleeper *sleeper = &crowd->sleepers[crowd->count];
    int err = pthread_create(&sleeper->thread, &crowd->attributes, sleep_on, sleeper);

    crowd->count += !err;
    return err;
}

static void remove_last(struct crowd *crowd)
{
    struct sleeper *sleeper = &crowd->sleepers[--crowd->count];

    (void)sem_post(&sleeper->leave); /* never near its maximum */
    (void)pthread_join(sleeper->thread, NULL);
}

static void teardown(struct tb_run *run)
{
    struct crowd *crowd = run->own;

    while (crowd->count)
        remove_last(crowd);
    if (crowd->has_attributes)
        (void)pthread_attr_destroy(&crowd->attributes); /* cannot fail */
    free(crowd->sleepers);
}

static size_t bound(void)
{
    const char *text = getenv(VARIABLE);
    char *end = NULL;
    long number = text && isdigit((unsigned char)text[0]) ? strtol(text, &end, 10) : 0;

    return end && !*end && number > MARGIN && number <= MOST ? (size_t)number : 0;
}

static int setup(struct tb_run *run)
{
    struct crowd *crowd = run->own;
    size_t most = bound();
    int err;

    err = pthread_attr_init(&crowd->attributes);
    crowd->has_attributes = !err;
    if (!err)
        err = pthread_attr_setstacksize(&crowd->attributes, STACK_BYTES);
    crowd->sleepers = calloc(most + 1, sizeof(*crowd->sleepers));
    for (size_t i = 0; crowd->sleepers && i < most; i++)
        (void)sem_init(&crowd->sleepers[i].leave, 0, 0); /* fails only above the maximum */
    return crowd->sleepers ? err : ENOMEM;
}

/* Another process may take what was given back: that is tried again, within reason. */
static enum tb_status time_last(struct tb_run *run, struct crowd *crowd)
{
    int tries = 0;

    while (tb_next(run)) {
        int64_t end_ns;
        int err;

        remove_last(crowd);
        do {
            tb_start(run);
            err = add(crowd);
            end_ns = tb_clock_ns();
        } while (err == EAGAIN && ++tries < MOST_TRIES && !sched_yield());
        if (err)
            return tb_fail(run, "create", err);
        tb_record_stamps(run, end_ns - run->start_ns, run->start_cpu, -1);
    }
    return TB_DONE;
}

static enum tb_status threads(struct tb_run *run)
{
    struct crowd *crowd = run->own;
    size_t most = bound();
    int err = 0;

    if (!most)
        return tb_skip(run,
                       "may disturb the machine: set " VARIABLE " to the most that it may "
                       "make, %d to %d",
                       MARGIN + 1, MOST);
    while (crowd->count < most && !(err = add(crowd)))
        ;
    /* The number of other processes moves while one looks. */
    if (err)
        tb_note(run, "%zu threads, then %s: %s", crowd->count, strerror(err),
                tb_limits_reached(MARGIN));
    else
        tb_note(run, "%zu threads, as many as were allowed; no limit was reached", crowd->count);
    for (int i = 0; i < MARGIN && crowd->count > 1; i++)
        remove_last(crowd);
    return crowd->count ? time_last(run, crowd) : tb_fail(run, "create", err);
}

const struct tb_bench tb_bench_limit[] = {
    {
        .name = "limit/threads",
        .doc = "the creating call with nearly as many threads as can be made; opt-in",
        .threadless = true,
        .sweeps = {TB_SWEEP(cpu, TB_CPU_SAME)},
        .statistic = "p10",
        .own_bytes = sizeof(struct crowd),
        .setup = setup,
        .run = threads,
        .teardown = teardown,
    },
    {0},
};
