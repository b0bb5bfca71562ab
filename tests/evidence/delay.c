/* To be preloaded: makes the C library's thread functions slower by a known time, as a yardstick
 * for what a comparison finds.
 *
 * DELAY_CREATE_NS, DELAY_JOIN_NS: added to each call, by a chain of multiplications that takes so
 * long; 0: the same code without a delay, for the other side. DELAY_EVERY=N: to every Nth call
 * only. The clock is read to learn how long one takes, and not after that: until a clock says that
 * it is over would be by half a reading and a step of the clock too long. */
#include <dlfcn.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

struct delay {
    unsigned long steps;
    _Atomic unsigned long calls; /* relaxed: it only counts */
    _Atomic uint64_t value;      /* keeps the chain from being left out */
};

static struct delay on_create, on_join;
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

/* Each step waits for the one before it, and what follows for the last: the processor would begin
 * with that meanwhile, but for the order that the store asks for. */
static void take(struct delay *delay, unsigned long steps)
{
    uint64_t value = atomic_load_explicit(&delay->value, memory_order_relaxed);

    for (; steps; steps--)
        value = value * UINT64_C(6364136223846793005) + 1;
    atomic_store(&delay->value, value);
}

/* By the least of some stretches, as everything else only adds to it. */
static double step_ns(struct delay *delay)
{
    enum { STRETCHES = 50, STEPS = 20000 };
    int64_t least = INT64_MAX;

    for (int i = 0; i < STRETCHES; i++) {
        int64_t begin = now(), end;

        take(delay, STEPS);
        end = now();
        least = end - begin < least ? end - begin : least;
    }
    return (double)least / STEPS;
}

/* The two casts are POSIX's way to a function from dlsym(). */
__attribute__((constructor)) static void begin(void)
{
    *(void **)&real_create = dlsym(RTLD_NEXT, "pthread_create");
    *(void **)&real_join = dlsym(RTLD_NEXT, "pthread_join");
    on_create.steps = (unsigned long)((double)number("DELAY_CREATE_NS", 0) / step_ns(&on_create));
    on_join.steps = (unsigned long)((double)number("DELAY_JOIN_NS", 0) / step_ns(&on_join));
    every = (unsigned long)number("DELAY_EVERY", 1);
}

static void delay(struct delay *delay)
{
    unsigned long call = atomic_fetch_add_explicit(&delay->calls, 1, memory_order_relaxed);

    take(delay, every && call % every == 0 ? delay->steps : 0);
}

/* The names in the system's header are reserved, so these differ from them. */
/* NOLINTNEXTLINE(readability-inconsistent-declaration-parameter-name) */
int pthread_create(pthread_t *newthread, const pthread_attr_t *attr, void *(*start_routine)(void *),
                   void *arg)
{
    delay(&on_create);
    return real_create(newthread, attr, start_routine, arg);
}

/* After it, so that it is part of a join that was waiting before the thread ended, too. */
/* NOLINTNEXTLINE(readability-inconsistent-declaration-parameter-name) */
int pthread_join(pthread_t th, void **thread_return)
{
    int err = real_join(th, thread_return);

    delay(&on_join);
    return err;
}
