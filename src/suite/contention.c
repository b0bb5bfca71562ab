#include "contention.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>

enum { DEADLINE_S = 10 };

struct contender {
    struct tb_contention *all;
    struct tb_thread *child;
    pthread_t thread;
    atomic_size_t made;
    atomic_int err; /* why it had to stop */
};

/* The counters show only how far each is: what a contender writes is read after its join. */
struct tb_contention {
    atomic_bool stop;
    size_t prepared; /* children; and of the contention themselves so many were started: */
    size_t count;
    struct tb_thread *children;
    struct contender each[];
};

static void *compete(void *argument)
{
    struct contender *contender = argument;
    int err = 0;

    while (!err && !atomic_load_explicit(&contender->all->stop, memory_order_relaxed)) {
        contender->child->task = (struct tb_task){.run = tb_task_noop};
        err = tb_create(contender->child);
        if (!err)
            err = tb_join(contender->child);
        if (!err)
            atomic_fetch_add_explicit(&contender->made, 1, memory_order_relaxed);
    }
    atomic_store_explicit(&contender->err, err, memory_order_relaxed);
    return NULL;
}

static int await_first(const struct contender *contender)
{
    int64_t deadline_ns = tb_clock_ns() + (int64_t)DEADLINE_S * 1000000000;

    while (!atomic_load_explicit(&contender->made, memory_order_relaxed)) {
        int err = atomic_load_explicit(&contender->err, memory_order_relaxed);

        if (err || tb_clock_ns() > deadline_ns)
            return err ? err : ETIMEDOUT;
        (void)sched_yield(); /* always succeeds; the contender may need this CPU */
    }
    return 0;
}

/* They inherit the mask: no signal is theirs to handle, and a runtime may want them blocked. */
static int start_all(struct tb_contention *contention)
{
    sigset_t all, before;
    int err;

    (void)sigfillset(&all); /* cannot fail */
    err = pthread_sigmask(SIG_SETMASK, &all, &before);
    if (err)
        return err;
    for (; !err && contention->count < contention->prepared; contention->count += !err) {
        struct contender *contender = &contention->each[contention->count];

        contender->all = contention;
        contender->child = &contention->children[contention->count];
        err = pthread_create(&contender->thread, NULL, compete, contender);
    }
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL); /* the mask is one it gave out */
    for (size_t i = 0; !err && i < contention->count; i++)
        err = await_first(&contention->each[i]);
    return err;
}

int tb_contention_destroy(struct tb_contention *contention)
{
    int err = 0;

    if (!contention)
        return 0;
    atomic_store_explicit(&contention->stop, true, memory_order_relaxed);
    for (size_t i = 0; i < contention->count; i++) {
        (void)pthread_join(contention->each[i].thread, NULL); /* joinable, and joined once */
        err = err ? err : atomic_load_explicit(&contention->each[i].err, memory_order_relaxed);
    }
    tb_threads_release(contention->children, contention->prepared);
    free(contention);
    return err;
}

int tb_contention_create(struct tb_run *run, size_t count, struct tb_contention **ret_rivals)
{
    struct tb_contention *contention =
        calloc(1, sizeof(*contention) + count * sizeof(contention->each[0]));
    int err = contention ? tb_threads_prepare(run, count, &contention->children) : ENOMEM;

    if (!err) {
        contention->prepared = count;
        err = start_all(contention);
    }
    if (err)
        (void)tb_contention_destroy(contention); /* the first error is the one to report */
    else
        *ret_rivals = contention;
    return err;
}

size_t tb_contention_created(const struct tb_contention *contention)
{
    size_t made = 0;

    for (size_t i = 0; i < contention->count; i++)
        made += atomic_load_explicit(&contention->each[i].made, memory_order_relaxed);
    return made;
}
