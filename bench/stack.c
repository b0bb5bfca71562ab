/* What a stack costs.
 *
 * stack/map: the system calls by which a C library makes and unmakes one: mmap of all of it without
 * access, mprotect of all but a guard page, munmap. Nothing is touched, no thread is made.
 *
 * stack/cached, stack/uncached: the creating call when the C library has a stack of the right size
 * at hand, and when it has none. A stack is at hand when a thread of that size has been joined
 * before. It is not when each thread of the process asks for a page more than any before it, as no
 * stack that is kept is large enough then. Neither includes the child's run or its join. */
#include <threadbench/bench.h>

#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>

static int map_and_unmap(size_t bytes, size_t guard)
{
    char *stack = mmap(NULL, bytes, PROT_NONE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK | MAP_NORESERVE, -1, 0);

    if (stack == MAP_FAILED)
        return errno;
    if (mprotect(stack + guard, bytes - guard, PROT_READ | PROT_WRITE))
        return errno;
    return munmap(stack, bytes) ? errno : 0;
}

static enum tb_outcome stack_map(struct tb_run *run)
{
    size_t bytes = (size_t)tb_value(run, &tb_axis_stack);
    size_t guard = (size_t)sysconf(_SC_PAGESIZE);

    while (tb_next(run)) {
        int err;

        tb_start(run);
        err = map_and_unmap(bytes, guard);
        tb_stop(run);
        if (err)
            return tb_fail(run, "mmap, mprotect, munmap", err);
    }
    return TB_OK;
}

static enum tb_outcome cached(struct tb_run *run)
{
    while (tb_next(run)) {
        struct tb_thread *thread = tb_thread_next(run, tb_task_noop);
        int err;

        if (!thread)
            return tb_broken(run);
        tb_start(run);
        err = tb_create(thread);
        tb_stop(run);
        if (err)
            return tb_fail(run, "create", err);
    }
    return TB_OK;
}

/* One thread at a time, prepared anew for each sample, as its stack's size is another. */
static enum tb_outcome uncached(struct tb_run *run)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    size_t bytes = (size_t)tb_value(run, &tb_axis_stack);

    while (tb_next(run)) {
        struct tb_thread thread = {.runtime = run->runtime, .stack_bytes = bytes += page};
        int err = run->runtime->prepare(&thread);

        if (err)
            return tb_fail(run, "prepare", err);
        thread.task = (struct tb_task){.run = tb_task_noop};
        tb_start(run);
        err = tb_create(&thread);
        tb_stop(run);
        if (!err)
            err = tb_join(&thread);
        run->runtime->release(&thread);
        if (err)
            return tb_fail(run, "create", err);
    }
    return TB_OK;
}

const struct tb_bench tb_bench_stack[] = {
    {
        .name = "stack/map",
        .doc = "mmap, mprotect up to the guard, munmap of one stack that is never touched",
        .threadless = true,
        .walks =
            {
                TB_WALK(stack, 8388608, 16384, 65536, 1048576, 67108864),
                TB_WALK(cpu, TB_SAME),
                TB_WALK(live, 0, 256),
            },
        .decides = "p10",
        .core = {"stack:8388608/cpu:same"},
        .card = "mapping its stack",
        .card_cases = {"stack:8388608/cpu:same"},
        .run = stack_map,
    },
    {
        .name = "stack/cached",
        .doc = "the creating call when the C library has a stack of the size at hand",
        .needs = TB_OWN_STACK,
        .walks =
            {
                TB_WALK(stack, 0, 65536, 1048576, 8388608),
                TB_WALK(cpu, TB_SAME, TB_FREE),
            },
        .decides = "p10",
        .run = cached,
    },
    {
        .name = "stack/uncached",
        .doc = "the creating call when the C library has no stack at hand and maps one",
        .needs = TB_OWN_STACK | TB_STACK_SIZE,
        .fresh = true,
        .walks =
            {
                TB_WALK(stack, 8388608, 65536, 1048576, 67108864),
                TB_WALK(cpu, TB_SAME, TB_FREE),
            },
        .decides = "p10",
        .core = {"stack:8388608/cpu:same/posix"},
        .card = "creating it, no stack at hand",
        .card_cases = {"stack:8388608/cpu:same/posix"},
        .run = uncached,
    },
    {0},
};
