/* What the C library does by itself within the creating call, without a thread being made.
 *
 * libc/tls-allocate, libc/tls-renew: glibc's own functions for the thread-local storage of a
 * thread: made and given back, as creation does where it maps a stack; made like new again, as it
 * does on a stack that it has kept. */
#include <threadbench/bench.h>

#include <dlfcn.h>
#include <errno.h>
#include <stddef.h>

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
    {0},
};
