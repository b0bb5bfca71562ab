/* To be preloaded: makes the C library's thread functions slower by a known time, as a yardstick
 * for what a comparison finds.
 *
 * DELAY_CREATE_NS, DELAY_JOIN_NS: added to each call, by reading the clock until it is over; 0: the
 * same code without a delay, for the other side. DELAY_EVERY=N: to every Nth call only. */
#include <dlfcn.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

struct delay {
    int64_t ns;
    _Atomic unsigned long calls; /* relaxed: it only counts */
};

static struct delay on_create, on_join;
static int64_t half_a_reading_ns; /* by which the clock is seen too late, in the mean */
static unsigned long every = 1;
static int (*real_create)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);
static int (*real_join)(pthread_t, void **);

static int64_t number(const char *name, int64_t fallback)
{
    const char *text = getenv(name);
    char *end = NULL;
    int64_t value = text ? strtoll(text, &end, 10) : fallback;

    if (text && (*end || end == text || value < 0 || value > 1000000000)) {
        (void)fprintf(stderr, "%s '%s': give a whole number up to 1000000000\n", name, text);
        _exit(2);
    }
    return value;
}

static int64_t now(void)
{
    struct timespec time;

    (void)clock_gettime(CLOCK_MONOTONIC, &time); /* cannot fail for this clock */
    return time.tv_sec * INT64_C(1000000000) + time.tv_nsec;
}

/* The least of some stretches, as everything else only adds to it. */
static int64_t cost_of_reading(void)
{
    enum { STRETCHES = 50, READINGS = 100 };
    int64_t least = INT64_MAX;

    for (int i = 0; i < STRETCHES; i++) {
        int64_t begin = now(), end = begin;

        for (int k = 0; k < READINGS; k++)
            end = now();
        least = end - begin < least ? end - begin : least;
    }
    return least / READINGS;
}

/* The two casts are POSIX's way to a function from dlsym(). */
__attribute__((constructor)) static void begin(void)
{
    *(void **)&real_create = dlsym(RTLD_NEXT, "pthread_create");
    *(void **)&real_join = dlsym(RTLD_NEXT, "pthread_join");
    on_create.ns = number("DELAY_CREATE_NS", 0);
    on_join.ns = number("DELAY_JOIN_NS", 0);
    every = (unsigned long)number("DELAY_EVERY", 1);
    half_a_reading_ns = cost_of_reading() / 2;
}

/* The clock is read once in any case, so that both sides differ by the time alone. */
static void wait_for(struct delay *delay)
{
    unsigned long call = atomic_fetch_add_explicit(&delay->calls, 1, memory_order_relaxed);
    int64_t end = now() + (every && call % every == 0 ? delay->ns : 0);

    while (delay->ns && now() + half_a_reading_ns < end)
        continue;
}

/* The names in the system's header are reserved, so these differ from them. */
/* NOLINTNEXTLINE(readability-inconsistent-declaration-parameter-name) */
int pthread_create(pthread_t *newthread, const pthread_attr_t *attr, void *(*start_routine)(void *),
                   void *arg)
{
    wait_for(&on_create);
    return real_create(newthread, attr, start_routine, arg);
}

/* After it, so that it is part of a join that was waiting before the thread ended, too. */
/* NOLINTNEXTLINE(readability-inconsistent-declaration-parameter-name) */
int pthread_join(pthread_t th, void **thread_return)
{
    int err = real_join(th, thread_return);

    wait_for(&on_join);
    return err;
}
