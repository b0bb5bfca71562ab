/* Thread-local storage.
 *
 * tls/setup: the creating call in a program whose static TLS holds `bytes` more than its own.
 * Static TLS is laid out when a program starts, so each size runs in a process of its own with a
 * module of that size preloaded; every thread made there has that much to allocate and to clear or
 * copy.
 *
 * The operations on keys take nanoseconds, so a sample is the mean over a block of operations.
 * tls/set-first: the first value that a thread sets for a key, over 16 keys in one new thread, on
 * the child's side; a sixteenth of a reading of the clock is part of it. tls/set, tls/get: a key
 * that the thread has used before. The keys are among the first of the process, for which the C
 * library allocates nothing.
 *
 * tls/destructors: from a thread's last instruction until the last of its keys' destructors has
 * run, each of which only counts. tls/first-access: on the child's side, the first access to a
 * variable of a module that the program has loaded while it ran, for which the C library allocates
 * and clears the thread's copy of all that module's variables; two readings of the clock are part
 * of it. tls/access-static, tls/access-dynamic: a later access, the call of the function that does
 * it included, in the program itself and in such a module. */
#include <threadbench/bench.h>

#include <dlfcn.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>

enum { FIRST_KEYS = 16, PAIRS = 64, ACCESSES = 256, MOST_KEYS = 128 };

/* ---- keys ---- */

struct keys {
    const struct tb_keys *table;
    void (*ended)(void *value); /* their destructor, or NULL */
    size_t count;
    unsigned keys[MOST_KEYS];
    int err; /* of the child */

    size_t left;      /* destructors that have not run yet */
    int64_t ended_ns; /* when the last of them ran */
};

static void keys_teardown(struct tb_run *run)
{
    struct keys *keys = run->own;

    while (keys->count)
        (void)keys->table->destroy(keys->keys[--keys->count]); /* one that was created */
}

static int keys_setup(struct tb_run *run)
{
    void (*const *ended)(void *value) = run->bench->data;
    int64_t count = tb_value(run, &tb_axis_keys);
    struct keys *keys = run->own;
    int err = 0;

    keys->table = run->runtime->keys;
    keys->ended = ended ? *ended : NULL;
    for (size_t most = count ? (size_t)count : FIRST_KEYS; !err && keys->count < most;
         keys->count += !err)
        err = keys->table->create(&keys->keys[keys->count], keys->ended);
    return err; /* the teardown follows either way */
}

static void set_each_first(struct tb_task *task)
{
    struct keys *keys = task->arg;
    int err = 0;

    task->cpu = tb_clock_cpu();
    task->first_ns = tb_clock_ns();
    for (size_t i = 0; i < FIRST_KEYS; i++)
        err |= keys->table->set(keys->keys[i], task);
    task->last_ns = tb_clock_ns();
    keys->err = err;
}

static enum tb_status set_first(struct tb_run *run)
{
    struct keys *keys = run->own;

    while (tb_next(run)) {
        struct tb_thread *thread = tb_thread_next(run, set_each_first);

        if (!thread)
            return tb_broken(run);
        thread->task.arg = keys;
        if (tb_run_thread(run, thread) != TB_DONE)
            return tb_broken(run);
        if (keys->err)
            return tb_fail(run, "set", keys->err);
        tb_record_stamps(run, thread->task.last_ns - thread->task.first_ns, run->start_cpu,
                         thread->task.cpu);
    }
    return TB_DONE;
}

/* ---- what a thread leaves behind ---- */

static void count_down(void *value)
{
    struct keys *keys = value;

    if (!--keys->left)
        keys->ended_ns = tb_clock_ns();
}

static void (*const counting)(void *value) = count_down;

static void set_each_and_end(struct tb_task *task)
{
    struct keys *keys = task->arg;
    int err = 0;

    task->cpu = tb_clock_cpu();
    for (size_t i = 0; i < keys->count; i++)
        err |= keys->table->set(keys->keys[i], keys);
    keys->err = err;
    task->last_ns = tb_clock_ns();
}

static enum tb_status destructors(struct tb_run *run)
{
    struct keys *keys = run->own;

    while (tb_next(run)) {
        struct tb_thread *thread = tb_thread_next(run, set_each_and_end);

        if (!thread)
            return tb_broken(run);
        thread->task.arg = keys;
        keys->left = keys->count;
        if (tb_run_thread(run, thread) != TB_DONE)
            return tb_broken(run);
        if (keys->err || keys->left)
            return tb_fail(run, "destructors", keys->err ? keys->err : EINVAL);
        tb_record_stamps(run, keys->ended_ns - thread->task.last_ns, run->start_cpu,
                         thread->task.cpu);
    }
    return TB_DONE;
}

/* ---- keys, by the measuring thread ---- */

static enum tb_status create_delete(struct tb_run *run)
{
    const struct tb_keys *keys = run->runtime->keys;

    while (tb_next(run)) {
        int err = 0;

        tb_start(run);
        for (int i = 0; i < PAIRS; i++) {
            unsigned key = 0;

            err |= keys->create(&key, NULL);
            err |= keys->destroy(key);
        }
        tb_stop(run);
        if (err)
            return tb_fail(run, "create and delete", err);
    }
    return TB_DONE;
}

static enum tb_status set(struct tb_run *run)
{
    struct keys *keys = run->own;

    while (tb_next(run)) {
        int err = 0;

        tb_start(run);
        for (int i = 0; i < ACCESSES; i++)
            err |= keys->table->set(keys->keys[0], keys);
        tb_stop(run);
        if (err)
            return tb_fail(run, "set", err);
    }
    return TB_DONE;
}

static enum tb_status get(struct tb_run *run)
{
    struct keys *keys = run->own;
    int err = keys->table->set(keys->keys[0], keys);

    if (err)
        return tb_fail(run, "set", err);
    while (tb_next(run)) {
        uintptr_t seen = (uintptr_t)keys;

        tb_start(run);
        for (int i = 0; i < ACCESSES; i++)
            seen &= (uintptr_t)keys->table->get(keys->keys[0]);
        tb_stop(run);
        if (seen != (uintptr_t)keys)
            return tb_fail(run, "get", EINVAL);
    }
    return TB_DONE;
}

/* ---- variables ---- */

struct loaded {
    void *module;
    char *(*access)(void);
    const char *ours; /* the measuring thread's variable */
};

static void loaded_teardown(struct tb_run *run)
{
    struct loaded *loaded = run->own;

    if (loaded->module)
        (void)dlclose(loaded->module); /* no thread that has used it is left */
}

static int loaded_setup(struct tb_run *run)
{
    int64_t bytes = tb_value(run, &tb_axis_loaded);
    struct loaded *loaded = run->own;
    char name[64], path[PATH_MAX];

    (void)snprintf(name, sizeof(name), "threadbench-tls-%" PRId64 ".so", bytes);
    if (!tb_module_path(name, path, sizeof(path)))
        return tb_modules_load() ? ENOENT : ENOTSUP;
    loaded->module = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (loaded->module)
        *(void **)&loaded->access = dlsym(loaded->module, "tb_tls_module_access");
    if (!loaded->access)
        return ENOEXEC;
    loaded->ours = loaded->access();
    return 0;
}

static void access_once(struct tb_task *task)
{
    const struct loaded *loaded = task->arg;

    task->cpu = tb_clock_cpu();
    task->first_ns = tb_clock_ns();
    task->arg = loaded->access();
    task->last_ns = tb_clock_ns();
}

static enum tb_status first_access(struct tb_run *run)
{
    const struct loaded *loaded = run->own;

    while (tb_next(run)) {
        struct tb_thread *thread = tb_thread_next(run, access_once);

        if (!thread)
            return tb_broken(run);
        thread->task.arg = run->own;
        if (tb_run_thread(run, thread) != TB_DONE)
            return tb_broken(run);
        if (thread->task.arg == loaded->ours)
            return tb_fail(run, "a variable of its own", EINVAL);
        tb_record_stamps(run, thread->task.last_ns - thread->task.first_ns, run->start_cpu,
                         thread->task.cpu);
    }
    return TB_DONE;
}

static enum tb_status time_accesses(struct tb_run *run, char *(*access)(void))
{
    const char *first = access();

    while (tb_next(run)) {
        const char *seen = first;

        tb_start(run);
        for (int i = 0; i < ACCESSES; i++)
            seen = access() == first ? seen : NULL;
        tb_stop(run);
        if (!seen)
            return tb_fail(run, "access", EINVAL);
    }
    return TB_DONE;
}

static _Thread_local char variable;

static char *access_static(void)
{
    variable++;
    return &variable;
}

/* Called through a pointer that the compiler does not see through, as the other one is. */
static char *(*_Atomic statically)(void) = access_static;

static enum tb_status static_access(struct tb_run *run)
{
    return time_accesses(run, atomic_load_explicit(&statically, memory_order_relaxed));
}

static enum tb_status dynamic_access(struct tb_run *run)
{
    return time_accesses(run, ((const struct loaded *)run->own)->access);
}

const struct tb_bench tb_bench_tls[] = {
    {
        .name = "tls/setup",
        .doc = "the creating call in a program with `bytes` more of static TLS",
        .needs = TB_RUNS_LIBC,
        .sweeps =
            {
                TB_SWEEP(bytes, 0, 4096, 65536, 1048576),
                TB_SWEEP(cpu, TB_CPU_SAME, TB_CPU_FREE),
            },
        .statistic = "p10",
        .core = {"bytes:65536/cpu:same/posix"},
        .card = "the call with 64 KiB of TLS",
        .card_cases = {"bytes:65536/cpu:same/posix"},
        .run = tb_time_create,
    },
    {
        .name = "tls/set-first",
        .doc = "the first value a thread sets for a key; mean over 16 keys",
        .needs = TB_RUNS_LIBC | TB_KEYS,
        .sweeps = {TB_SWEEP(cpu, TB_CPU_SAME, TB_CPU_FREE)},
        .block = FIRST_KEYS,
        .statistic = "p10",
        .core = {"cpu:same/posix"},
        .card = "its first key",
        .card_cases = {"cpu:same/posix"},
        .own_bytes = sizeof(struct keys),
        .setup = keys_setup,
        .run = set_first,
        .teardown = keys_teardown,
    },
    {
        .name = "tls/key-create-delete",
        .doc = "creating and deleting a key; mean over 64",
        .needs = TB_KEYS,
        .sweeps = {TB_SWEEP(cpu, TB_CPU_SAME, TB_CPU_FREE)},
        .block = PAIRS,
        .statistic = "p10",
        .run = create_delete,
    },
    {
        .name = "tls/set",
        .doc = "setting a key that the thread has used before; mean over 256",
        .needs = TB_KEYS,
        .sweeps = {TB_SWEEP(cpu, TB_CPU_SAME, TB_CPU_FREE)},
        .block = ACCESSES,
        .statistic = "p10",
        .own_bytes = sizeof(struct keys),
        .setup = keys_setup,
        .run = set,
        .teardown = keys_teardown,
    },
    {
        .name = "tls/get",
        .doc = "getting the value of a key; mean over 256",
        .needs = TB_KEYS,
        .sweeps = {TB_SWEEP(cpu, TB_CPU_SAME, TB_CPU_FREE)},
        .block = ACCESSES,
        .statistic = "p10",
        .own_bytes = sizeof(struct keys),
        .setup = keys_setup,
        .run = get,
        .teardown = keys_teardown,
    },
    {
        .name = "tls/destructors",
        .doc = "from a thread's last instruction until the destructor of its last key has run",
        .needs = TB_RUNS_LIBC | TB_KEYS,
        .sweeps = {TB_SWEEP(keys, 1, 16, 128), TB_SWEEP(cpu, TB_CPU_SAME, TB_CPU_FREE)},
        .data = &counting,
        .statistic = "p10",
        .own_bytes = sizeof(struct keys),
        .setup = keys_setup,
        .run = destructors,
        .teardown = keys_teardown,
    },
    {
        .name = "tls/first-access",
        .doc = "a thread's first access to a variable of a module that was loaded at run time",
        .needs = TB_RUNS_LIBC,
        .sweeps = {TB_SWEEP(loaded, 8, 4096, 65536, 1048576),
                   TB_SWEEP(cpu, TB_CPU_SAME, TB_CPU_FREE)},
        .statistic = "p10",
        .own_bytes = sizeof(struct loaded),
        .setup = loaded_setup,
        .run = first_access,
        .teardown = loaded_teardown,
    },
    {
        .name = "tls/access-static",
        .doc = "a call that increments a thread-local variable of the program; mean over 256",
        .threadless = true,
        .sweeps = {TB_SWEEP(cpu, TB_CPU_SAME)},
        .block = ACCESSES,
        .statistic = "p10",
        .run = static_access,
    },
    {
        .name = "tls/access-dynamic",
        .doc =
            "a call that increments a thread-local variable of a module loaded at run time; mean "
            "over 256",
        .threadless = true,
        .sweeps = {TB_SWEEP(loaded, 8), TB_SWEEP(cpu, TB_CPU_SAME)},
        .block = ACCESSES,
        .statistic = "p10",
        .own_bytes = sizeof(struct loaded),
        .setup = loaded_setup,
        .run = dynamic_access,
        .teardown = loaded_teardown,
    },
    {0},
};
