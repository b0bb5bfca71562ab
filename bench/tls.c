/* Thread-local storage.
 *
 * tls/setup: the creating call in a program whose static TLS holds `bytes` more than its own.
 * Static TLS is laid out when a program starts, so each size runs in a process of its own with a
 * module of that size preloaded; every thread made there has that much to allocate and to clear or
 * copy.
 *
 * The rows about keys take nanoseconds, so a sample is the mean over a block of operations.
 * tls/set-first: the first value that a thread sets for a key, over 16 keys in one new thread, on
 * the child's side; a sixteenth of a reading of the clock is part of it. tls/set, tls/get: a key
 * that the thread has used before. The keys are among the first of the process, for which the C
 * library allocates nothing. */
#include <threadbench/bench.h>

#include <errno.h>
#include <stdlib.h>

enum { FIRST_KEYS = 16, PAIRS = 64, ACCESSES = 256 };

/* ---- keys ---- */

struct keys {
    const struct tb_keys *table;
    size_t count;
    unsigned keys[FIRST_KEYS];
    int err; /* of the child */
};

static void keys_teardown(struct tb_run *run)
{
    struct keys *keys = run->own;

    while (keys && keys->count)
        (void)keys->table->destroy(keys->keys[--keys->count]); /* one that was created */
    free(keys);
}

static int keys_setup(struct tb_run *run)
{
    struct keys *keys = calloc(1, sizeof(*keys));
    int err = 0;

    if (!keys)
        return ENOMEM;
    run->own = keys;
    keys->table = run->runtime->keys;
    for (; !err && keys->count < FIRST_KEYS; keys->count += !err)
        err = keys->table->create(&keys->keys[keys->count]);
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

static enum tb_outcome set_first(struct tb_run *run)
{
    struct keys *keys = run->own;

    while (tb_next(run)) {
        struct tb_thread *thread = tb_thread_next(run, set_each_first);
        int err;

        if (!thread)
            return tb_broken(run);
        thread->task.arg = keys;
        tb_start(run);
        err = tb_create(thread);
        if (!err)
            err = tb_join(thread);
        if (err || keys->err)
            return tb_fail(run, err ? "create and join" : "set", err ? err : keys->err);
        tb_record_stamps(run, thread->task.last_ns - thread->task.first_ns, run->start_cpu,
                         thread->task.cpu);
        tb_joined(run, thread);
    }
    return TB_OK;
}

static enum tb_outcome create_delete(struct tb_run *run)
{
    const struct tb_keys *keys = run->runtime->keys;

    while (tb_next(run)) {
        int err = 0;

        tb_start(run);
        for (int i = 0; i < PAIRS; i++) {
            unsigned key = 0;

            err |= keys->create(&key);
            err |= keys->destroy(key);
        }
        tb_stop(run);
        if (err)
            return tb_fail(run, "create and delete", err);
    }
    return TB_OK;
}

static enum tb_outcome set(struct tb_run *run)
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
    return TB_OK;
}

static enum tb_outcome get(struct tb_run *run)
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
    return TB_OK;
}

const struct tb_bench tb_bench_tls[] = {
    {
        .name = "tls/setup",
        .doc = "the creating call in a program with so much more static TLS",
        .needs = TB_RUNS_LIBC,
        .walks =
            {
                TB_WALK(bytes, 0, 4096, 65536, 1048576),
                TB_WALK(cpu, TB_SAME, TB_FREE),
            },
        .decides = "p10",
        .core = {"bytes:65536/cpu:same/posix"},
        .card = "the call with 64 KiB of TLS",
        .card_cases = {"bytes:65536/cpu:same/posix"},
        .run = tb_time_create,
    },
    {
        .name = "tls/set-first",
        .doc = "the first value a thread sets for a key; mean over 16 keys",
        .needs = TB_RUNS_LIBC | TB_KEYS,
        .walks = {TB_WALK(cpu, TB_SAME, TB_FREE)},
        .block = FIRST_KEYS,
        .decides = "p10",
        .core = {"cpu:same/posix"},
        .card = "its first key",
        .card_cases = {"cpu:same/posix"},
        .setup = keys_setup,
        .run = set_first,
        .teardown = keys_teardown,
    },
    {
        .name = "tls/key-create-delete",
        .doc = "creating and deleting a key; mean over 64",
        .needs = TB_KEYS,
        .walks = {TB_WALK(cpu, TB_SAME, TB_FREE)},
        .block = PAIRS,
        .decides = "p10",
        .run = create_delete,
    },
    {
        .name = "tls/set",
        .doc = "setting a key that the thread has used before; mean over 256",
        .needs = TB_KEYS,
        .walks = {TB_WALK(cpu, TB_SAME, TB_FREE)},
        .block = ACCESSES,
        .decides = "p10",
        .setup = keys_setup,
        .run = set,
        .teardown = keys_teardown,
    },
    {
        .name = "tls/get",
        .doc = "getting the value of a key; mean over 256",
        .needs = TB_KEYS,
        .walks = {TB_WALK(cpu, TB_SAME, TB_FREE)},
        .block = ACCESSES,
        .decides = "p10",
        .setup = keys_setup,
        .run = get,
        .teardown = keys_teardown,
    },
    {0},
};
