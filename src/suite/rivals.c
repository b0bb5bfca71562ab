#include "rivals.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>

enum { DEADLINE_S = 10 };

struct rival {
    struct tb_rivals *all;
    struct tb_thread *child;
    pthread_t thread;
    atomic_size_t made;
    atomic_int err; /* why it had to stop */
};

/* The counters tell only how far each is: what a rival writes is read after its join. */
struct tb_rivals {
    atomic_bool stop;
    size_t prepared; /* children; and of the rivals themselves so many were started: */
    size_t count;
    struct tb_thread *children;
    struct rival each[];
};

static void *compete(void *argument)
{
    struct rival *rival = argument;
    int err = 0;

    while (!err && !atomic_load_explicit(&rival->all->stop, memory_order_relaxed)) {
        rival->child->task = (struct tb_task){.run = tb_task_noop};
        err = tb_create(rival->child);
        if (!err)
            err = tb_join(rival->child);
        if (!err)
            atomic_fetch_add_explicit(&rival->made, 1, memory_order_relaxed);
    }
    atomic_store_explicit(&rival->err, err, memory_order_relaxed);
    return NULL;
}

static int await_first(const struct rival *rival)
{
    int64_t deadline_ns = tb_clock_ns() + (int64_t)DEADLINE_S * 1000000000;

    while (!atomic_load_explicit(&rival->made, memory_order_relaxed)) {
        int err = atomic_load_explicit(&rival->err, memory_order_relaxed);

        if (err || tb_clock_ns() > deadline_ns)
            return err ? err : ETIMEDOUT;
        (void)sched_yield(); /* always succeeds; the rival may need this CPU */
    }
    return 0;
}

/* They inherit the mask: no signal is theirs to handle, and a runtime may want them blocked. */
static int start_all(struct tb_rivals *rivals)
{
    sigset_t all, before;
    int err;

    (void)sigfillset(&all); /* cannot fail */
    err = pthread_sigmask(SIG_SETMASK, &all, &before);
    if (err)
        return err;
    for (; !err && rivals->count < rivals->prepared; rivals->count += !err) {
        struct rival *rival = &rivals->each[rivals->count];

        rival->all = rivals;
        rival->child = &rivals->children[rivals->count];
        err = pthread_create(&rival->thread, NULL, compete, rival);
    }
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL); /* the mask is one it gave out */
    for (size_t i = 0; !err && i < rivals->count; i++)
        err = await_first(&rivals->each[i]);
    return err;
}

int tb_rivals_destroy(struct tb_rivals *rivals)
{
    int err = 0;

    if (!rivals)
        return 0;
    atomic_store_explicit(&rivals->stop, true, memory_order_relaxed);
    for (size_t i = 0; i < rivals->count; i++) {
        (void)pthread_join(rivals->each[i].thread, NULL); /* joinable, and joined once */
        err = err ? err : atomic_load_explicit(&rivals->each[i].err, memory_order_relaxed);
    }
    tb_threads_release(rivals->children, rivals->prepared);
    free(rivals);
    return err;
}

int tb_rivals_create(struct tb_run *run, size_t count, struct tb_rivals **ret_rivals)
{
    struct tb_rivals *rivals = calloc(1, sizeof(*rivals) + count * sizeof(rivals->each[0]));
    int err = rivals ? tb_threads_prepare(run, count, &rivals->children) : ENOMEM;

    if (!err) {
        rivals->prepared = count;
        err = start_all(rivals);
    }
    if (err)
        (void)tb_rivals_destroy(rivals); /* the first error is the one to tell */
    else
        *ret_rivals = rivals;
    return err;
}

size_t tb_rivals_made(const struct tb_rivals *rivals)
{
    size_t made = 0;

    for (size_t i = 0; i < rivals->count; i++)
        made += atomic_load_explicit(&rivals->each[i].made, memory_order_relaxed);
    return made;
}
