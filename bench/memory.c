/* What one live thread holds. A sample is not a time but a number of bytes.
 *
 * memory/thread-…: `alive` threads with nothing to do are made and wait; a sample is what a figure
 * of the kernel's has grown by, divided by their number. The C library keeps no stacks meanwhile,
 * as those would be counted with the threads that come before.
 *     address-space  of the process (VmSize): its stack and guard
 *     resident       of the process (Rss): what it has touched of them
 *     page-tables    of the process (VmPTE)
 *     kernel-stack   of the whole machine (KernelStack)
 *     kernel         of the whole machine (SUnreclaim): the kernel's records of the thread, and of
 *                    the mappings that its stack is made of
 * memory/thread-mappings: by how many mappings the process has grown for all `alive` of them. A
 * stack and its guard are two, or one that joins with the stack beside it (bench/stack.c).
 *
 * What other processes begin and end meanwhile is part of the last two. The kernel keeps some of
 * what it held for threads before, so that with few threads the last one may not grow at all.
 *
 * memory/thread-tls: from the frame of the thread's task to the end of its stack's mapping: static
 * thread-local storage, the C library's own record of the thread, and its few frames. */
#include <threadbench/bench.h>
#include <threadbench/proc.h>

#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <string.h>

struct gauge {
    const char *path;
    const char *key; /* the line's beginning; a number of KiB follows. NULL: its lines count */
};

struct waiting {
    sem_t arrived, leave;
    struct tb_thread *threads;
};

static int read_gauge(const struct gauge *gauge, int64_t *ret_value)
{
    int64_t kib;
    int err;

    if (!gauge->key)
        return tb_proc_lines(gauge->path, ret_value);
    err = tb_proc_number(gauge->path, gauge->key, &kib);
    if (!err)
        *ret_value = kib * 1024;
    return err;
}

static void await(sem_t *semaphore)
{
    while (sem_wait(semaphore) && errno == EINTR)
        ;
}

static void wait_to_leave(struct tb_task *task)
{
    struct waiting *waiting = task->arg;

    (void)sem_post(&waiting->arrived); /* never near its maximum */
    await(&waiting->leave);
}

static size_t count_of(const struct tb_run *run)
{
    return (size_t)tb_value(run, &tb_axis_alive);
}

static int setup(struct tb_run *run)
{
    struct waiting *waiting = run->own;

    (void)sem_init(&waiting->arrived, 0, 0); /* fails only above the maximum */
    (void)sem_init(&waiting->leave, 0, 0);
    return tb_threads_prepare(run, count_of(run), &waiting->threads);
}

static void teardown(struct tb_run *run)
{
    struct waiting *waiting = run->own;

    tb_threads_release(waiting->threads, count_of(run));
}

static int create_all(struct waiting *waiting, size_t count, size_t *ret_created)
{
    int err;

    for (size_t i = 0; i < count; i++)
        waiting->threads[i].task = (struct tb_task){.run = wait_to_leave, .arg = waiting};
    err = tb_threads_create(waiting->threads, count, ret_created);
    for (size_t i = 0; i < *ret_created; i++)
        await(&waiting->arrived);
    return err;
}

static int join_all(struct waiting *waiting, size_t created)
{
    for (size_t i = 0; i < created; i++)
        (void)sem_post(&waiting->leave); /* never near its maximum */
    return tb_threads_join(waiting->threads, created);
}

static enum tb_status grown(struct tb_run *run)
{
    const struct gauge *gauge = run->bench->data;
    int64_t before = 0, after = 0;
    size_t count = count_of(run), created;

    while (tb_next(run)) {
        int err = read_gauge(gauge, &before), late;

        if (err)
            return tb_skip(run, "%s, %s %s", gauge->path,
                           gauge->key ? gauge->key : "its lines:", strerror(err));
        tb_start(run);
        err = create_all(run->own, count, &created);
        if (!err)
            err = read_gauge(gauge, &after);
        late = join_all(run->own, created);
        if (err || late)
            return tb_fail(run, "create and join", err ? err : late);
        tb_record_stamps(run, (after - before) / (gauge->key ? (int64_t)count : 1), run->start_cpu,
                         -1);
    }
    return TB_DONE;
}

/* ---- within the stack ---- */

static void measure_top(struct tb_task *task)
{
    pthread_attr_t attributes;
    void *stack;
    size_t bytes;

    task->cpu = tb_clock_cpu();
    task->arg = NULL;
    if (pthread_getattr_np(pthread_self(), &attributes))
        return;
    if (!pthread_attr_getstack(&attributes, &stack, &bytes))
        task->arg = (void *)((uintptr_t)stack + bytes - (uintptr_t)__builtin_frame_address(0));
    (void)pthread_attr_destroy(&attributes); /* cannot fail */
}

static enum tb_status top(struct tb_run *run)
{
    while (tb_next(run)) {
        struct tb_thread *thread = tb_thread_next(run, measure_top);

        if (!thread || tb_run_thread(run, thread) != TB_DONE)
            return tb_broken(run);
        if (!thread->task.arg)
            return tb_fail(run, "pthread_getattr_np", ENOTSUP);
        tb_record_stamps(run, (int64_t)(intptr_t)thread->task.arg, run->start_cpu,
                         thread->task.cpu);
    }
    return TB_DONE;
}

/* A benchmark of one of the kernel's figures. */
#define GROWN(what, where, line, text, ...)                                                        \
    {                                                                                              \
        .name = "memory/thread-" what, .doc = text, .unit = "bytes",                               \
        .needs = TB_RUNS_LIBC | TB_STACK_SIZE, .tunables = "glibc.pthread.stack_cache_size=0",     \
        .sweeps = {__VA_ARGS__}, .data = &(const struct gauge){where, line}, .warmup = 1,          \
        .statistic = "mean", .own_bytes = sizeof(struct waiting), .setup = setup, .run = grown,    \
        .teardown = teardown,                                                                      \
    }

#define EACH_SIZE TB_SWEEP(alive, 1000, 256), TB_SWEEP(stack, 0, 65536, 1048576)

const struct tb_bench tb_bench_memory[] = {
    GROWN("address-space", "/proc/self/status",
          "VmSize:", "address space that a live thread takes; bytes", EACH_SIZE),
    GROWN("resident", "/proc/self/smaps_rollup",
          "Rss:", "memory of its process that a live thread has touched; bytes", EACH_SIZE),
    GROWN("page-tables", "/proc/self/status",
          "VmPTE:", "page tables that a live thread takes; bytes", EACH_SIZE),
    GROWN("kernel-stack", "/proc/meminfo", "KernelStack:",
          "stack that a live thread has in the kernel; bytes", TB_SWEEP(alive, 1000, 256)),
    GROWN("kernel", "/proc/meminfo", "SUnreclaim:",
          "what else the kernel holds for a live thread; bytes", TB_SWEEP(alive, 4096)),
    {
        .name = "memory/thread-mappings",
        .doc = "mappings that all live threads take together",
        .unit = "mappings",
        .needs = TB_RUNS_LIBC | TB_STACK_SIZE,
        .tunables = "glibc.pthread.stack_cache_size=0",
        .sweeps = {EACH_SIZE},
        .data = &(const struct gauge){"/proc/self/maps", NULL},
        .warmup = 1,
        .statistic = "mean",
        .own_bytes = sizeof(struct waiting),
        .setup = setup,
        .run = grown,
        .teardown = teardown,
    },
    {
        .name = "memory/thread-tls",
        .doc = "static thread-local storage and the C library's record of a thread; bytes",
        .unit = "bytes",
        .needs = TB_RUNS_LIBC,
        .sweeps = {TB_SWEEP(bytes, 0, 4096, 65536, 1048576)},
        .statistic = "mean",
        .run = top,
    },
    {0},
};
