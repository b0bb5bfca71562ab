/* GLib's thread pool: one thread per CPU that the caller may use, made beforehand. It has no way to
 * wait for one task, so each has a flag, a mutex and a condition variable, as programs do it. GLib
 * keeps the threads of a pool that was freed for the next one. */
#include <threadbench/runtime.h>

#include <errno.h>
#include <glib.h>
#include <stdlib.h>

struct glib_task {
    GMutex lock; /* guards `done` */
    GCond changed;
    bool done;
};

static GThreadPool *pool;

static void work(gpointer argument, gpointer unused)
{
    struct tb_thread *thread = argument;
    struct glib_task *own = thread->own;

    (void)unused;
    thread->task.run(&thread->task);
    g_mutex_lock(&own->lock);
    own->done = true;
    g_cond_signal(&own->changed);
    g_mutex_unlock(&own->lock);
}

static int64_t count_threads(void)
{
    return g_get_num_processors();
}

/* With an error there is a pool all the same, of fewer threads or none. */
static int enter(void)
{
    GError *error = NULL;

    pool = g_thread_pool_new(work, NULL, (gint)count_threads(), TRUE, &error);
    if (!error)
        return 0;
    g_error_free(error);
    g_thread_pool_free(pool, TRUE, FALSE);
    pool = NULL;
    return EAGAIN;
}

static void leave(void)
{
    g_thread_pool_free(pool, FALSE, TRUE);
    pool = NULL;
}

static int prepare(struct tb_thread *thread)
{
    struct glib_task *own;

    if (thread->stack_bytes)
        return ENOTSUP;
    own = calloc(1, sizeof(*own));
    if (!own)
        return ENOMEM;
    g_mutex_init(&own->lock);
    g_cond_init(&own->changed);
    thread->own = own;
    return 0;
}

static int create(struct tb_thread *thread)
{
    ((struct glib_task *)thread->own)->done = false; /* the push orders it for the worker */
    return g_thread_pool_push(pool, thread, NULL) ? 0 : EAGAIN;
}

static int join(struct tb_thread *thread)
{
    struct glib_task *own = thread->own;

    g_mutex_lock(&own->lock);
    while (!own->done)
        g_cond_wait(&own->changed, &own->lock);
    g_mutex_unlock(&own->lock);
    return 0;
}

static void release(struct tb_thread *thread)
{
    struct glib_task *own = thread->own;

    if (own) {
        g_cond_clear(&own->changed);
        g_mutex_clear(&own->lock);
    }
    free(own);
    thread->own = NULL;
}

const struct tb_runtime tb_runtime_glib = {
    .name = "glib",
    .doc = "g_thread_pool_push to a thread per CPU; a mutex and a condition to wait for the task",
    .kind = TB_POOLS,
    .can = TB_RUNS | TB_RUNS_LIBC,
    .lasting = true,
    .threads = count_threads,
    .enter = enter,
    .leave = leave,
    .prepare = prepare,
    .create = create,
    .join = join,
    .release = release,
};
