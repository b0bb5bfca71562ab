/* What the C library does by itself: within the creating call, without a thread being made; and for
 * a thread that asks for random numbers.
 *
 * libc/tls-allocate, libc/tls-renew: glibc's own functions for the thread-local storage of a
 * thread: made and given back, as creation does where it maps a stack; made like new again, as it
 * does on a stack that it has kept.
 *
 * libc/tls-first: made for the first time in a process. libc/bind: looking up pthread_create by
 * name, as the first call of a function does where a program is bound lazily; skipped where the
 * suite is not.
 *
 * libc/getrandom-first, libc/getrandom: a thread's first call of getrandom for 16 bytes, on the
 * child's side, one reading of the clock included; and a later one. From glibc 2.41 and Linux 6.11
 * on the first one takes state for the thread, and the later ones make no system call. */
#include <threadbench/bench.h>

#include <dlfcn.h>
#include <errno.h>
#include <link.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/random.h>

/* What glibc keeps for its own libraries; the second argument came with 2.36. */
struct makers {
    void *(*allocate)(void *storage);
    void *(*renew)(void *storage, bool clear);
    void (*release)(void *storage, bool own);
};

static bool find_makers(struct makers *makers)
{
    *(void **)&makers->allocate = dlsym(RTLD_DEFAULT, "_dl_allocate_tls");
    *(void **)&makers->renew = dlsym(RTLD_DEFAULT, "_dl_allocate_tls_init");
    *(void **)&makers->release = dlsym(RTLD_DEFAULT, "_dl_deallocate_tls");
    /* cppcheck-suppress uninitvar ; set above, through the type that dlsym() has */
    return makers->allocate && makers->renew && makers->release;
}

static bool make_like_new(const struct makers *makers, void *storage)
{
    return makers->renew(storage, true) != NULL;
}

static bool make_another(const struct makers *makers, void *storage)
{
    (void)storage; /* it stays as it is */
    storage = makers->allocate(NULL);
    if (storage)
        makers->release(storage, true);
    return storage != NULL;
}

struct maker {
    bool (*make)(const struct makers *makers, void *storage);
};

static enum tb_status make_storage(struct tb_run *run)
{
    const struct maker *maker = run->bench->data;
    struct makers makers;
    bool made = true;
    void *storage;

    if (!find_makers(&makers))
        return tb_skip(run, "the C library has no such functions");
    storage = makers.allocate(NULL);
    while (storage && made && tb_next(run)) {
        tb_start(run);
        for (int i = 0; i < run->block; i++)
            made &= maker->make(&makers, storage);
        tb_stop(run);
    }
    if (storage)
        makers.release(storage, true);
    return storage && made ? TB_DONE : tb_fail(run, "allocate", ENOMEM);
}

static enum tb_status first_storage(struct tb_run *run)
{
    struct makers makers;

    if (!find_makers(&makers))
        return tb_skip(run, "the C library has no such functions");
    while (tb_next(run)) {
        void *storage;

        tb_start(run);
        storage = makers.allocate(NULL);
        tb_stop(run);
        if (!storage)
            return tb_fail(run, "allocate", ENOMEM);
        makers.release(storage, true);
    }
    return TB_DONE;
}

/* ---- lazy binding ---- */

static bool asks_for_all(const ElfW(Dyn) * entry)
{
    for (; entry->d_tag != DT_NULL; entry++)
        if (entry->d_tag == DT_BIND_NOW ||
            (entry->d_tag == DT_FLAGS && (entry->d_un.d_val & DF_BIND_NOW)) ||
            (entry->d_tag == DT_FLAGS_1 && (entry->d_un.d_val & DF_1_NOW)))
            return true;
    return false;
}

/* Ends at the first object, which is the program. A static one has nothing to bind later. */
static int look_at_program(struct dl_phdr_info *info, size_t size, void *lazy)
{
    (void)size;
    for (int i = 0; i < info->dlpi_phnum; i++)
        if (info->dlpi_phdr[i].p_type == PT_DYNAMIC)
            *(bool *)lazy =
                !asks_for_all((const ElfW(Dyn) *)(info->dlpi_addr + info->dlpi_phdr[i].p_vaddr));
    return 1;
}

/* Whether all that the program calls was bound when it was loaded. */
static bool is_bound(void)
{
    bool lazy = false;

    (void)dl_iterate_phdr(look_at_program, &lazy); /* returns what the function does */
    return !lazy || getenv("LD_BIND_NOW") != NULL;
}

static enum tb_status bind(struct tb_run *run)
{
    if (is_bound())
        return tb_skip(run, "the suite is bound when it is loaded, not lazily");
    while (tb_next(run)) {
        const void *found;

        tb_start(run);
        found = dlsym(RTLD_DEFAULT, "pthread_create");
        tb_stop(run);
        if (!found)
            return tb_fail(run, "dlsym", ENOENT);
    }
    return TB_DONE;
}

/* ---- random numbers ---- */

enum { RANDOM_BYTES = 16, CALLS = 64 };

static bool draw(void)
{
    char bytes[RANDOM_BYTES];

    return getrandom(bytes, sizeof(bytes), 0) == RANDOM_BYTES;
}

static void draw_first(struct tb_task *task)
{
    bool drawn;

    task->cpu = tb_clock_cpu();
    task->first_ns = tb_clock_ns();
    drawn = draw();
    task->last_ns = tb_clock_ns();
    task->arg = drawn ? task : NULL;
}

static enum tb_status first_random(struct tb_run *run)
{
    while (tb_next(run)) {
        struct tb_thread *thread = tb_thread_next(run, draw_first);

        if (!thread || tb_run_thread(run, thread) != TB_DONE)
            return tb_broken(run);
        if (!thread->task.arg)
            return tb_skip(run, "the kernel refuses random bytes");
        tb_record_stamps(run, thread->task.last_ns - thread->task.first_ns, run->start_cpu,
                         thread->task.cpu);
    }
    return TB_DONE;
}

static enum tb_status later_random(struct tb_run *run)
{
    while (tb_next(run)) {
        bool drawn = true;

        tb_start(run);
        for (int i = 0; i < run->block; i++)
            drawn &= draw();
        tb_stop(run);
        if (!drawn)
            return tb_skip(run, "the kernel refuses random bytes");
    }
    return TB_DONE;
}

const struct tb_bench tb_bench_libc[] = {
    {
        .name = "libc/tls-allocate",
        .doc = "making a thread's storage and giving it back; mean over 16",
        .threadless = true,
        .sweeps = {TB_SWEEP(bytes, 0, 4096, 65536, 1048576), TB_SWEEP(cpu, TB_CPU_SAME)},
        .block = 16,
        .statistic = "p10",
        .data = &(const struct maker){make_another},
        .run = make_storage,
    },
    {
        .name = "libc/tls-renew",
        .doc = "making a thread's storage like new; mean over 16",
        .threadless = true,
        .sweeps = {TB_SWEEP(bytes, 0, 4096, 65536, 1048576), TB_SWEEP(cpu, TB_CPU_SAME)},
        .block = 16,
        .statistic = "p10",
        .data = &(const struct maker){make_like_new},
        .run = make_storage,
    },
    {
        .name = "libc/tls-first",
        .doc = "making a thread's storage for the first time in a process",
        .threadless = true,
        .sweeps = {TB_SWEEP(warm, TB_COLD, TB_RESIDENT), TB_SWEEP(cpu, TB_CPU_SAME)},
        .run = first_storage,
    },
    {
        .name = "libc/bind",
        .doc = "looking up a function by name, as its first call does where it is bound lazily",
        .threadless = true,
        .sweeps = {TB_SWEEP(cpu, TB_CPU_SAME), TB_SWEEP(warm, TB_WARM, TB_COLD, TB_RESIDENT)},
        .statistic = "p10",
        .run = bind,
    },
    {
        .name = "libc/getrandom-first",
        .doc = "a thread's first getrandom, for 16 bytes",
        .needs = TB_RUNS_LIBC,
        .sweeps = {TB_SWEEP(cpu, TB_CPU_SAME, TB_CPU_FREE), TB_SWEEP(warm, TB_WARM, TB_COLD)},
        .statistic = "p10",
        .standard = {"cpu:same/warm:cold/posix"},
        .run = first_random,
    },
    {
        .name = "libc/getrandom",
        .doc = "a later getrandom, for 16 bytes; mean over 64",
        .threadless = true,
        .sweeps = {TB_SWEEP(cpu, TB_CPU_SAME)},
        .block = CALLS,
        .statistic = "p10",
        .run = later_random,
    },
    {0},
};
