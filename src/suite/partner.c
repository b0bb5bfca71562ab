#include <threadbench/clock.h>
#include <threadbench/partner.h>
#include <threadbench/proc.h>

#include <errno.h>
#include <sched.h>
#include <stdlib.h>
#include <unistd.h>

#include "engine.h"
#include "place.h"

enum { DEADLINE_S = 10 };

static void await(sem_t *semaphore)
{
    while (sem_wait(semaphore) && errno == EINTR)
        ;
}

static void *take_turns(void *argument)
{
    struct tb_partner *partner = argument;

    partner->tid = gettid();
    (void)sem_post(&partner->done); /* never near its maximum */
    for (;;) {
        await(&partner->go);
        if (atomic_load_explicit(&partner->leaving, memory_order_relaxed)) /* ordered by `go` */
            return NULL;
        partner->turn(partner);
        (void)sem_post(&partner->done);
    }
}

static void give_back(struct tb_partner *partner)
{
    (void)sem_destroy(&partner->go); /* nobody waits for them */
    (void)sem_destroy(&partner->done);
    if (partner->state_fd >= 0)
        (void)close(partner->state_fd); /* read only: nothing to lose */
}

static void leave(struct tb_partner *partner)
{
    atomic_store_explicit(&partner->leaving, true, memory_order_relaxed);
    (void)sem_post(&partner->go);
    (void)pthread_join(partner->thread, NULL); /* joinable, and joined once */
    give_back(partner);
}

/* A partner that could be made has to leave before it is forgotten. */
static int make(struct tb_partner *partner)
{
    int err;

    (void)sem_init(&partner->go, 0, 0); /* fails only above the maximum */
    (void)sem_init(&partner->done, 0, 0);
    partner->state_fd = -1;
    err = pthread_create(&partner->thread, NULL, take_turns, partner);
    if (err) {
        give_back(partner);
        return err;
    }
    await(&partner->done);
    err = tb_proc_open_state(partner->tid, &partner->state_fd);
    if (err)
        leave(partner);
    return err;
}

/* The callers of later ones are bound already. */
static int part(const struct tb_partner *partner, int cpu)
{
    cpu_set_t other;
    int err = tb_place_bind(tb_place_home(), TB_NO_CPU);

    CPU_ZERO(&other);
    CPU_SET(cpu, &other);
    return err ? err : pthread_setaffinity_np(partner->thread, sizeof(other), &other);
}

int tb_partners_create(struct tb_run *run, size_t count, void (*turn)(struct tb_partner *partner),
                       void *shared, struct tb_partners **ret_partners)
{
    struct tb_partners *partners = calloc(1, sizeof(*partners) + count * sizeof(partners->each[0]));
    int err = partners ? 0 : ENOMEM;

    tb_engine_makes_threads();
    for (size_t i = 0; !err && i < count; i++) {
        partners->each[i].turn = turn;
        partners->each[i].shared = shared;
        err = make(&partners->each[i]);
        partners->count += !err;
        if (!err && run->engine->apart)
            err = part(&partners->each[i], run->engine->apart_cpu);
    }
    if (err) {
        tb_partners_destroy(partners);
        return err;
    }
    *ret_partners = partners;
    return 0;
}

void tb_partners_destroy(struct tb_partners *partners)
{
    for (size_t i = 0; partners && i < partners->count; i++)
        leave(&partners->each[i]);
    free(partners);
}

void tb_partner_go(struct tb_partner *partner)
{
    atomic_store_explicit(&partner->arrived, false, memory_order_relaxed); /* ordered by `go` */
    (void)sem_post(&partner->go);
}

void tb_partner_await_done(struct tb_partner *partner)
{
    await(&partner->done);
}

/* The release pairs with the acquire of the one who waits: arrived and asleep, it sleeps in what
 * follows. */
void tb_partner_arrive(struct tb_partner *partner)
{
    atomic_store_explicit(&partner->arrived, true, memory_order_release);
}

void tb_partner_stamp(struct tb_partner *partner)
{
    partner->stamp_ns = tb_clock_ns();
    partner->cpu = tb_clock_cpu();
}

static bool has_arrived(const struct tb_partner *partner)
{
    return atomic_load_explicit(&partner->arrived, memory_order_acquire);
}

static bool is_asleep(const struct tb_partner *partner)
{
    return has_arrived(partner) && tb_proc_is_asleep(partner->state_fd);
}

static int await_that(const struct tb_partner *partner, bool (*is)(const struct tb_partner *))
{
    int64_t deadline_ns = tb_clock_ns() + (int64_t)DEADLINE_S * 1000000000;

    while (!is(partner)) {
        if (tb_clock_ns() > deadline_ns)
            return ETIMEDOUT;
        (void)sched_yield(); /* always succeeds; the partner may need this CPU to get there */
    }
    return 0;
}

int tb_partner_await_arrived(const struct tb_partner *partner)
{
    return await_that(partner, has_arrived);
}

int tb_partner_await_asleep(const struct tb_partner *partner)
{
    return await_that(partner, is_asleep);
}
