#include "parked.h"

#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

struct tb_parked {
    pthread_mutex_t lock;   /* guards `parked` and `released` */
    pthread_cond_t arrived; /* another one is parked */
    pthread_cond_t release; /* `released` is true */
    size_t parked;
    bool released;
    size_t count;
    pthread_t threads[];
};

static void *park(void *argument)
{
    struct tb_parked *parked = argument;

    (void)pthread_mutex_lock(&parked->lock); /* a default mutex that is not held: cannot fail */
    parked->parked++;
    (void)pthread_cond_signal(&parked->arrived);
    while (!parked->released)
        (void)pthread_cond_wait(&parked->release, &parked->lock);
    (void)pthread_mutex_unlock(&parked->lock);
    return NULL;
}

static void await_all(struct tb_parked *parked)
{
    (void)pthread_mutex_lock(&parked->lock);
    while (parked->parked < parked->count)
        (void)pthread_cond_wait(&parked->arrived, &parked->lock);
    (void)pthread_mutex_unlock(&parked->lock);
}

static size_t small_stack(void)
{
    long least = sysconf(_SC_THREAD_STACK_MIN);

    return (least > 0 ? (size_t)least : PTHREAD_STACK_MIN) + (size_t)16 * 1024;
}

static int create_all(struct tb_parked *parked, size_t count)
{
    pthread_attr_t attributes;
    int err = pthread_attr_init(&attributes);

    if (err)
        return err;
    err = pthread_attr_setstacksize(&attributes, small_stack());
    for (; !err && parked->count < count; parked->count += !err)
        err = pthread_create(&parked->threads[parked->count], &attributes, park, parked);
    (void)pthread_attr_destroy(&attributes); /* cannot fail */
    return err;
}

int tb_parked_create(size_t count, struct tb_parked **ret_parked)
{
    struct tb_parked *parked = calloc(1, sizeof(*parked) + count * sizeof(pthread_t));
    int err;

    if (!parked)
        return ENOMEM;
    (void)pthread_mutex_init(&parked->lock, NULL); /* Linux's never fail with default attributes */
    (void)pthread_cond_init(&parked->arrived, NULL);
    (void)pthread_cond_init(&parked->release, NULL);
    err = create_all(parked, count);
    if (err) {
        tb_parked_destroy(parked);
        return err;
    }
    await_all(parked);
    *ret_parked = parked;
    return 0;
}

void tb_parked_destroy(struct tb_parked *parked)
{
    if (!parked)
        return;
    (void)pthread_mutex_lock(&parked->lock);
    parked->released = true;
    (void)pthread_cond_broadcast(&parked->release);
    (void)pthread_mutex_unlock(&parked->lock);
    for (size_t i = 0; i < parked->count; i++)
        (void)pthread_join(parked->threads[i], NULL); /* joinable, and joined once */
    (void)pthread_cond_destroy(&parked->release);
    (void)pthread_cond_destroy(&parked->arrived);
    (void)pthread_mutex_destroy(&parked->lock);
    free(parked);
}
