#include "room.h"

#include <threadbench/bench.h>
#include <threadbench/proc.h>

#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>

static const int64_t patience_ns = 10 * INT64_C(1000000000);

/* Allocates, so that its arena is made as well: the C library keeps it for the pool's threads.
 * Returned, as a compiler leaves out what is freed at once. */
static void *visit(void *leave)
{
    void *allocated = malloc(1);

    while (sem_wait(leave) && errno == EINTR)
        ;
    return allocated;
}

/* A joined thread counts until the kernel has let it go. */
static void await_alone(int64_t before)
{
    int64_t deadline_ns = tb_clock_ns() + patience_ns, now;

    while (!tb_proc_number("/proc/self/status", "Threads:", &now) && now > before &&
           tb_clock_ns() < deadline_ns)
        (void)sched_yield(); /* always succeeds */
}

/* How many of `wanted` threads can be there at once. */
static int64_t make_all(int64_t wanted)
{
    pthread_t *threads = calloc((size_t)wanted, sizeof(*threads));
    int64_t made = 0;
    sem_t leave;

    (void)sem_init(&leave, 0, 0); /* fails only above the maximum, as does sem_post() */
    while (threads && made < wanted && !pthread_create(&threads[made], NULL, visit, &leave))
        made++;
    for (int64_t i = 0; i < made; i++)
        (void)sem_post(&leave);
    for (int64_t i = 0; i < made; i++) {
        void *allocated = NULL;

        (void)pthread_join(threads[i], &allocated); /* joinable, and joined once */
        free(allocated);
    }
    (void)sem_destroy(&leave); /* nobody waits */
    free(threads);
    return made;
}

bool tb_room_for(const struct tb_runtime *runtime, char *reason, size_t size)
{
    int64_t wanted = runtime->threads ? runtime->threads() : 0, before = INT64_MAX, made;
    const char *limit;

    if (wanted < 1)
        return true;
    (void)tb_proc_number("/proc/self/status", "Threads:", &before); /* else nothing is waited for */
    made = make_all(wanted);
    await_alone(before);
    if (made == wanted)
        return true;
    limit = tb_limits_reached(wanted);
    (void)snprintf(reason, size, "%s: a pool of %" PRId64 " thread%s: %s leaves room for %" PRId64,
                   runtime->name, wanted, wanted == 1 ? "" : "s", limit, made);
    return false;
}
