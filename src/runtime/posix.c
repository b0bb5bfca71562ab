/* POSIX threads, as the C library makes them. */
#include <threadbench/runtime.h>

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { GIVEN_STACK_BYTES = 64 * 1024, TOUCHED_BYTES = 4096 };

/* A thread that is to have no attributes is created without attributes, as most programs do it. */
struct posix_thread {
    pthread_t id;
    pthread_attr_t attributes;
    const pthread_attr_t *used; /* NULL, or &attributes */
    void *stack;                /* a given one, or NULL */
    size_t stack_bytes;
};

static void *start(void *task)
{
    ((struct tb_task *)task)->run(task);
    return NULL;
}

static int give_stack(struct posix_thread *own, size_t bytes)
{
    void *stack =
        mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);

    if (stack == MAP_FAILED)
        return errno;
    own->stack = stack;
    own->stack_bytes = bytes;
    memset((char *)stack + bytes - TOUCHED_BYTES, 1, TOUCHED_BYTES); /* where the child begins */
    return pthread_attr_setstack(&own->attributes, stack, bytes);
}

static int set_stack(struct posix_thread *own, const struct tb_thread *thread)
{
    size_t bytes = thread->stack_bytes;

    if (thread->attributes.given_stack)
        return give_stack(own, bytes ? bytes : GIVEN_STACK_BYTES);
    return bytes ? pthread_attr_setstacksize(&own->attributes, bytes) : 0;
}

static int set_policy(pthread_attr_t *attributes, const struct tb_attributes *wanted)
{
    const struct sched_param parameters = {.sched_priority = wanted->priority};
    int err = pthread_attr_setinheritsched(attributes, PTHREAD_EXPLICIT_SCHED);

    if (!err)
        err = pthread_attr_setschedpolicy(attributes, wanted->policy);
    return err ? err : pthread_attr_setschedparam(attributes, &parameters);
}

/* A mapping of another length may lie in another way, as the kernel aligns some for huge pages. */
static int take_page(pthread_attr_t *attributes)
{
    size_t bytes;
    int err = pthread_attr_getstacksize(attributes, &bytes);

    return err ? err : pthread_attr_setstacksize(attributes, bytes + (size_t)sysconf(_SC_PAGESIZE));
}

static int set_attributes(pthread_attr_t *attributes, const struct tb_attributes *wanted)
{
    int err = 0;

    if (wanted->unguarded || wanted->guard_bytes)
        err = pthread_attr_setguardsize(attributes, wanted->guard_bytes);
    if (!err && wanted->unguarded)
        err = take_page(attributes);
    if (!err && wanted->detached)
        err = pthread_attr_setdetachstate(attributes, PTHREAD_CREATE_DETACHED);
    if (!err && wanted->policy)
        err = set_policy(attributes, wanted);
    if (!err && wanted->cpus)
        err = pthread_attr_setaffinity_np(attributes, sizeof(*wanted->cpus), wanted->cpus);
    return err;
}

static bool has_attributes(const struct tb_thread *thread)
{
    const struct tb_attributes *wanted = &thread->attributes;

    return thread->stack_bytes || wanted->detached || wanted->given_stack || wanted->unguarded ||
           wanted->guard_bytes || wanted->policy || wanted->cpus;
}

static int use_attributes(struct posix_thread *own, const struct tb_thread *thread)
{
    int err = pthread_attr_init(&own->attributes);

    if (err)
        return err;
    own->used = &own->attributes;
    err = set_stack(own, thread);
    return err ? err : set_attributes(&own->attributes, &thread->attributes);
}

static void release(struct tb_thread *thread)
{
    struct posix_thread *own = thread->own;

    if (own && own->used)
        (void)pthread_attr_destroy(&own->attributes); /* cannot fail */
    if (own && own->stack)
        (void)munmap(own->stack, own->stack_bytes); /* a mapping of our own */
    free(own);
    thread->own = NULL;
}

static int prepare(struct tb_thread *thread)
{
    int err;

    thread->own = calloc(1, sizeof(struct posix_thread));
    if (!thread->own)
        return ENOMEM;
    err = has_attributes(thread) ? use_attributes(thread->own, thread) : 0;
    if (err)
        release(thread);
    return err;
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

static int key_create(unsigned *ret_key, void (*ended)(void *value))
{
    return pthread_key_create(ret_key, ended);
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
    .can = TB_RUNS | TB_RUNS_LIBC | TB_STACK_SIZE | TB_OWN_STACK | TB_KEYS | TB_DETACHES |
           TB_ATTRIBUTES | TB_CREATES_DETACHED | TB_GIVEN_STACK,
    .prepare = prepare,
    .create = create,
    .join = join,
    .release = release,
    .detach = detach,
    .keys = &keys,
};
