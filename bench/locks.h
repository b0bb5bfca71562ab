/* One of everything that threads wait for, and what is done with it: inline, so that a benchmark
 * that times a call times that call. The functions return 0 or an errno value. */
#ifndef TB_BENCH_LOCKS_H
#define TB_BENCH_LOCKS_H

#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdbool.h>

/* 0 is the default of each. */
struct mutex_traits {
    int type, robust, protocol;
};

struct lock {
    struct mutex_traits traits;
    unsigned threads;      /* that take part */
    pthread_mutex_t mutex; /* also the one of the condition */
    pthread_cond_t condition;
    bool open; /* what the condition is about */
    pthread_rwlock_t rwlock;
    pthread_spinlock_t spin;
    sem_t semaphore;
    pthread_barrier_t barrier;
    pthread_once_t once;
};

static inline int nothing(struct lock *lock)
{
    (void)lock;
    return 0;
}

static inline int mutex_init(struct lock *lock)
{
    pthread_mutexattr_t attributes;
    int err = pthread_mutexattr_init(&attributes);

    if (err)
        return err;
    if (pthread_mutexattr_settype(&attributes, lock->traits.type))
        err = ENOTSUP; /* a type that this C library does not have */
    err |= pthread_mutexattr_setrobust(&attributes, lock->traits.robust);
    err |= pthread_mutexattr_setprotocol(&attributes, lock->traits.protocol);
    if (!err)
        err = pthread_mutex_init(&lock->mutex, &attributes);
    (void)pthread_mutexattr_destroy(&attributes); /* cannot fail */
    return err;
}

static inline void mutex_destroy(struct lock *lock)
{
    (void)pthread_mutex_destroy(&lock->mutex); /* nobody holds it; so with the others below */
}

static inline int mutex_lock(struct lock *lock)
{
    return pthread_mutex_lock(&lock->mutex);
}

static inline int mutex_unlock(struct lock *lock)
{
    return pthread_mutex_unlock(&lock->mutex);
}

static inline int rwlock_init(struct lock *lock)
{
    return pthread_rwlock_init(&lock->rwlock, NULL);
}

static inline void rwlock_destroy(struct lock *lock)
{
    (void)pthread_rwlock_destroy(&lock->rwlock);
}

static inline int rwlock_read(struct lock *lock)
{
    return pthread_rwlock_rdlock(&lock->rwlock);
}

static inline int rwlock_write(struct lock *lock)
{
    return pthread_rwlock_wrlock(&lock->rwlock);
}

static inline int rwlock_unlock(struct lock *lock)
{
    return pthread_rwlock_unlock(&lock->rwlock);
}

static inline int spin_init(struct lock *lock)
{
    return pthread_spin_init(&lock->spin, PTHREAD_PROCESS_PRIVATE);
}

static inline void spin_destroy(struct lock *lock)
{
    (void)pthread_spin_destroy(&lock->spin);
}

static inline int spin_lock(struct lock *lock)
{
    return pthread_spin_lock(&lock->spin);
}

static inline int spin_unlock(struct lock *lock)
{
    return pthread_spin_unlock(&lock->spin);
}

static inline int semaphore_init(struct lock *lock)
{
    return sem_init(&lock->semaphore, 0, 1) ? errno : 0;
}

static inline void semaphore_destroy(struct lock *lock)
{
    (void)sem_destroy(&lock->semaphore);
}

static inline int semaphore_down(struct lock *lock)
{
    return sem_wait(&lock->semaphore) ? errno : 0;
}

static inline int semaphore_up(struct lock *lock)
{
    return sem_post(&lock->semaphore) ? errno : 0;
}

static inline int condition_init(struct lock *lock)
{
    int err = mutex_init(lock);

    return err ? err : pthread_cond_init(&lock->condition, NULL);
}

static inline void condition_destroy(struct lock *lock)
{
    (void)pthread_cond_destroy(&lock->condition);
    mutex_destroy(lock);
}

static inline int condition_signal(struct lock *lock)
{
    return pthread_cond_signal(&lock->condition);
}

static inline int condition_close(struct lock *lock)
{
    lock->open = false; /* nobody looks at it now */
    return 0;
}

static inline int condition_open(struct lock *lock)
{
    int err = mutex_lock(lock);

    if (err)
        return err;
    lock->open = true;
    err = pthread_cond_broadcast(&lock->condition);
    return mutex_unlock(lock) | err;
}

static inline int condition_wait(struct lock *lock)
{
    int err = mutex_lock(lock);

    while (!err && !lock->open)
        err = pthread_cond_wait(&lock->condition, &lock->mutex);
    return err;
}

static inline int barrier_init(struct lock *lock)
{
    return pthread_barrier_init(&lock->barrier, NULL, lock->threads);
}

static inline void barrier_destroy(struct lock *lock)
{
    (void)pthread_barrier_destroy(&lock->barrier);
}

static inline int barrier_wait(struct lock *lock)
{
    int err = pthread_barrier_wait(&lock->barrier);

    return err == PTHREAD_BARRIER_SERIAL_THREAD ? 0 : err;
}

static inline int once_init(struct lock *lock)
{
    lock->once = (pthread_once_t)PTHREAD_ONCE_INIT;
    return 0;
}

static inline void once_destroy(struct lock *lock)
{
    (void)lock; /* holds nothing */
}

static inline void do_nothing(void)
{
}

static inline int once(struct lock *lock)
{
    return pthread_once(&lock->once, do_nothing);
}

#endif
