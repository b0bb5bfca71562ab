/* POSIX threads, as the C library makes them. */
#include <threadbench/runtime.h>

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>

/* A thread with the default stack is created without attributes, as most programs do it. */
struct posix_thread {
    pthread_t id;
    pthread_attr_t attributes;
    const pthread_attr_t *used; /* NULL, or &attributes */
};

static void *start(void *task)
{
    ((struct tb_task *)task)->run(task);
    return NULL;
}

static int use_stack(struct posix_thread *own, size_t stack_bytes)
{
    int err = pthread_attr_init(&own->attributes);

    if (err)
        return err;
    err = pthread_attr_setstacksize(&own->attributes, stack_bytes);
    if (err) {
        (void)pthread_attr_destroy(&own->attributes); /* cannot fail */
        return err;
    }
    own->used = &own->attributes;
    return 0;
}

static int prepare(struct tb_thread *thread)
{
    struct posix_thread *own = calloc(1, sizeof(*own));
    int err = own ? 0 : ENOMEM;

    if (own && thread->stack_bytes)
        err = use_stack(own, thread->stack_bytes);
    if (err) {
        free(own);
        return err;
    }
    thread->own = own;
    return 0;
}

static int create(struct tb_thread *thread)
{
    struct posix_thread *own = thread->own;

    return pthread_create(&own->id, own->used, start, &thread->task);
}

static int join(struct tb_thread *thread)
{
    return pthread_join(((struct posix_thread *)thread->own)->id, NULL);
}

static int detach(struct tb_thread *thread)
{
    return pthread_detach(((struct posix_thread *)thread->own)->id);
}

static void release(struct tb_thread *thread)
{
    struct posix_thread *own = thread->own;

    if (own && own->used)
        (void)pthread_attr_destroy(&own->attributes); /* cannot fail */
    free(own);
    thread->own = NULL;
}

static int key_create(unsigned *ret_key)
{
    return pthread_key_create(ret_key, NULL);
}

static int key_destroy(unsigned key)
{
    return pthread_key_delete(key);
}

static int key_set(unsigned key, void *value)
{
    return pthread_setspecific(key, value);
}

static void *key_get(unsigned key)
{
    return pthread_getspecific(key);
}

static const struct tb_keys keys = {key_create, key_destroy, key_set, key_get};

const struct tb_runtime tb_runtime_posix = {
    .name = "posix",
    .doc = "pthread_create and pthread_join of the C library",
    .can = TB_RUNS | TB_RUNS_LIBC | TB_STACK_SIZE | TB_OWN_STACK | TB_KEYS | TB_DETACHES,
    .prepare = prepare,
    .create = create,
    .join = join,
    .release = release,
    .detach = detach,
    .keys = &keys,
};
