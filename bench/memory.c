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
 * memory/stack-thp: the growth of Rss by `alive` threads that wait, as above, on stacks of the
 * caller's that lie side by side in one mapping, without guards. The axis `thp` is what the kernel
 * is advised about huge pages for that mapping: the first touch of a stack, at its top, then is
 * answered with a page of the usual size or a huge one, which lies in several stacks if they are
 * smaller. It is mapped without MAP_STACK, to which Linux gives no huge pages from 6.7 on.
 *
 * memory/thread-tls: from the frame of the thread's task to the end of its stack's mapping: static
 * thread-local storage, the C library's own record of the thread, and its few frames. */
#include <threadbench/bench.h>
#include <threadbench/proc.h>

#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>

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

/* ---- on stacks of the caller's ---- */

#define SETTING "/sys/kernel/mm/transparent_hugepage/enabled"

/* Threads that wait, each on its part of one mapping. */
struct field {
    struct waiting waiting;
    pthread_t *ids;
    size_t count, created, each_bytes, huge_bytes;
    char *room; /* of all stacks and a huge page more */
};

static size_t room_bytes(const struct field *field)
{
    return field->count * field->each_bytes + field->huge_bytes;
}

static void *rest(void *waiting)
{
    struct tb_task task = {.arg = waiting};

    wait_to_leave(&task);
    return NULL;
}

static int set_up_field(struct tb_run *run)
{
    struct field *field = run->own;
    int64_t huge_bytes = 2 << 20;

    (void)tb_proc_number("/sys/kernel/mm/transparent_hugepage/hpage_pmd_size", "", &huge_bytes);
    (void)sem_init(&field->waiting.arrived, 0, 0); /* fails only above the maximum */
    (void)sem_init(&field->waiting.leave, 0, 0);
    field->huge_bytes = (size_t)huge_bytes;
    field->each_bytes = (size_t)tb_value(run, &tb_axis_stack);
    field->count = count_of(run);
    field->ids = calloc(field->count, sizeof(*field->ids));
    return field->ids ? 0 : ENOMEM;
}

static void tear_down_field(struct tb_run *run)
{
    free(((struct field *)run->own)->ids);
}

/* Whether the kernel gives huge pages where it is advised to, as far as it tells. */
static enum tb_status prove_huge(struct tb_run *run)
{
    const struct field *field = run->own;
    size_t touched = field->each_bytes > field->huge_bytes ? field->huge_bytes : field->each_bytes;
    char setting[64] = "";
    size_t length;

    if (!tb_proc_read(SETTING, setting, sizeof(setting), &length))
        tb_note(run, "transparent_hugepage/enabled: %.*s", (int)strcspn(setting, "\n"), setting);
    if (tb_value(run, &tb_axis_thp) != TB_THP_MADVISE)
        return TB_DONE;
    if (strstr(setting, "[never]"))
        return tb_skip(run, "there are no huge pages: " SETTING " is never");
    if (prctl(PR_GET_THP_DISABLE, 0, 0, 0, 0) == 1)
        return tb_skip(run, "this process gets no huge pages: PR_SET_THP_DISABLE is set");
    return tb_prove_memory(run, (int64_t)(field->count * touched));
}

/* 0 or an errno value. A kernel without huge pages refuses the advice. */
static int map_field(struct field *field, int64_t thp)
{
    static const int advice[] = {
        [TB_THP_MADVISE] = MADV_HUGEPAGE, [TB_THP_NEVER] = MADV_NOHUGEPAGE};

    field->room = mmap(NULL, room_bytes(field), PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (field->room == MAP_FAILED)
        return errno;
    if (thp == TB_THP_SYSTEM || !madvise(field->room, room_bytes(field), advice[thp]))
        return 0;
    return thp == TB_THP_MADVISE ? ENOTSUP : 0;
}

static int create_on(struct field *field, pthread_attr_t *attributes)
{
    char *first = field->room + field->huge_bytes - (uintptr_t)field->room % field->huge_bytes;
    int err = 0;

    for (field->created = 0; !err && field->created < field->count; field->created += !err) {
        err = pthread_attr_setstack(attributes, first + field->created * field->each_bytes,
                                    field->each_bytes);
        if (!err)
            err = pthread_create(&field->ids[field->created], attributes, rest, &field->waiting);
    }
    for (size_t i = 0; i < field->created; i++)
        await(&field->waiting.arrived);
    return err;
}

static int create_field(struct field *field)
{
    pthread_attr_t attributes;
    int err = pthread_attr_init(&attributes);

    field->created = 0;
    if (err)
        return err;
    err = create_on(field, &attributes);
    (void)pthread_attr_destroy(&attributes); /* cannot fail */
    return err;
}

static void leave_field(struct field *field)
{
    for (size_t i = 0; i < field->created; i++)
        (void)sem_post(&field->waiting.leave); /* never near its maximum */
    for (size_t i = 0; i < field->created; i++)
        (void)pthread_join(field->ids[i], NULL);  /* joinable, and joined once */
    (void)munmap(field->room, room_bytes(field)); /* a mapping of our own */
}

/* What Rss has grown by for one of the threads. */
static int measure_field(struct field *field, int64_t thp, int64_t *ret_bytes)
{
    static const struct gauge rss = {"/proc/self/smaps_rollup", "Rss:"};
    int64_t before = 0, after = 0;
    int err = read_gauge(&rss, &before);

    if (err)
        return err;
    err = map_field(field, thp);
    if (field->room == MAP_FAILED)
        return err;
    if (!err)
        err = create_field(field);
    if (!err)
        err = read_gauge(&rss, &after);
    leave_field(field);
    *ret_bytes = (after - before) / (int64_t)field->count;
    return err;
}

static enum tb_status on_stacks_given(struct tb_run *run)
{
    int64_t thp = tb_value(run, &tb_axis_thp), bytes = 0;

    if (prove_huge(run) != TB_DONE)
        return tb_broken(run);
    while (tb_next(run)) {
        int err = measure_field(run->own, thp, &bytes);

        if (err == ENOTSUP)
            return tb_skip(run, "the kernel has no huge pages");
        if (err)
            return tb_fail(run, "create on a given stack", err);
        tb_record_stamps(run, bytes, run->start_cpu, -1);
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
        .name = "memory/stack-thp",
        .doc = "memory of its process that a live thread has touched, on a stack for which the "
               "kernel may take huge pages; bytes",
        .unit = "bytes",
        .threadless = true,
        .sweeps = {TB_SWEEP(thp, TB_THP_MADVISE, TB_THP_NEVER, TB_THP_SYSTEM),
                   TB_SWEEP(stack, 8388608, 131072, 1048576), TB_SWEEP(alive, 64)},
        .warmup = 1,
        .statistic = "mean",
        .own_bytes = sizeof(struct field),
        .setup = set_up_field,
        .run = on_stacks_given,
        .teardown = tear_down_field,
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
