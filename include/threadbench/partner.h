/* Threads that take part in a sample without being what is measured: they wait for a lock, answer a
 * message, are woken. The C library makes them before the series. Each runs `turn` once for each
 * tb_partner_go, and sleeps in between.
 *
 *     the measuring thread                  the partner
 *     tb_partner_go                         turn begins
 *                                           tb_partner_arrive, then the call that puts it to sleep
 *     tb_partner_await_asleep
 *     … the operation …                     tb_partner_stamp
 *     tb_partner_await_done                 turn has ended: what it wrote can be read
 */
#ifndef THREADBENCH_PARTNER_H
#define THREADBENCH_PARTNER_H

#include <threadbench/bench.h>

#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct tb_partner {
    void (*turn)(struct tb_partner *partner);
    void *shared;     /* the benchmark's */
    int64_t stamp_ns; /* written by tb_partner_stamp, */
    int cpu;          /* like this; read them after tb_partner_await_done */

    pthread_t thread;
    pid_t tid;

    /* The rest belongs to partner.c. */
    atomic_bool arrived;
    atomic_bool leaving;
    int state_fd;
    sem_t go, done;
};

struct tb_partners {
    size_t count;
    struct tb_partner each[];
};

/* `count` partners, asleep; the caller's until tb_partners_destroy, which accepts NULL and wants
 * every turn to have ended. Where the case wants two CPUs, each is bound to the one and the caller
 * to the other: as that is done beforehand, it adds nothing to a sample. Else they inherit the
 * caller's CPUs. 0 or an errno value. */
int tb_partners_create(struct tb_run *run, size_t count, void (*turn)(struct tb_partner *partner),
                       void *shared, struct tb_partners **ret_partners);
void tb_partners_destroy(struct tb_partners *partners);

/* Called by the measuring thread. tb_partner_go begins a turn. The others wait: until the partner
 * has called tb_partner_arrive(); until the kernel reports that it sleeps after that; until its
 * turn has ended. 0, or ETIMEDOUT after 10 s. */
void tb_partner_go(struct tb_partner *partner);
int tb_partner_await_arrived(const struct tb_partner *partner);
int tb_partner_await_asleep(const struct tb_partner *partner);
void tb_partner_await_done(struct tb_partner *partner);

/* Called by the partner in its turn: that it is about to sleep; and, into stamp_ns and cpu, that it
 * is running again. */
void tb_partner_arrive(struct tb_partner *partner);
void tb_partner_stamp(struct tb_partner *partner);

#endif
