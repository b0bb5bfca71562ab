/* What a stack costs.
 *
 * stack/map: the system calls by which a C library makes and unmakes one: mmap of stack and guard
 * without access, mprotect of all but the guard, munmap. Nothing is touched, no thread is made.
 *
 * stack/guard: what a guard adds to that, the call that makes all but the guard accessible. Without
 * a guard the mapping is made accessible at once.
 *
 * stack/touch, stack/touch-huge: the first access to each page of a new mapping, which the kernel
 * answers with memory; in small pages, and where huge ones are allowed. Mapping is not included.
 *
 * stack/cached, stack/uncached: the creating call when the C library has a stack of the right size
 * at hand, and when it has none and maps one. It has one after a thread with such a stack has been
 * joined, as it keeps some; it has none in a process that was started with glibc's tunable that
 * keeps none, which a first thread proves: its stack is gone after its join.
 *
 * stack/user: the creating call on a stack that the caller made and touched beforehand. None of the
 * three includes the child's run or its join. */
#include <threadbench/bench.h>

#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>

static int map_and_unmap(size_t bytes, size_t guard)
{
    char *stack =
        mmap(NULL, guard + bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
    int err = 0;

    if (stack == MAP_FAILED)
        return errno;
    if (mprotect(stack + guard, bytes, PROT_READ | PROT_WRITE))
        err = errno;
    return munmap(stack, guard + bytes) ? errno : err;
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

static enum tb_outcome stack_guard(struct tb_run *run)
{
    size_t bytes = (size_t)tb_value(run, &tb_axis_stack);
    size_t guard = (size_t)sysconf(_SC_PAGESIZE);

    while (tb_next(run)) {
        char *stack =
            mmap(NULL, guard + bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
        int failed;

        if (stack == MAP_FAILED)
            return tb_fail(run, "mmap", errno);
        tb_start(run);
        failed = mprotect(stack + guard, bytes, PROT_READ | PROT_WRITE);
        tb_stop(run);
        if (failed || munmap(stack, guard + bytes))
            return tb_fail(run, "mprotect, munmap", errno);
    }
    return TB_OK;
}

/* Each page once, from the top down, as a growing stack does. */
static void touch(char *stack, size_t bytes, size_t page)
{
    for (size_t left = bytes; left >= page; left -= page)
        *(_Atomic char *)(stack + left - page) = 1;
}

/* `data` is what the kernel is advised about the mapping. A huge page needs one that is aligned. */
static enum tb_outcome stack_touch(struct tb_run *run)
{
    const int *advice = run->bench->data;
    size_t bytes = (size_t)tb_value(run, &tb_axis_stack), align = bytes;
    size_t page = (size_t)sysconf(_SC_PAGESIZE);

    while (tb_next(run)) {
        char *room = mmap(NULL, bytes + align, PROT_READ | PROT_WRITE,
                          MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
        char *stack = room;

        if (room == MAP_FAILED)
            return tb_fail(run, "mmap", errno);
        stack += align - (uintptr_t)room % align;
        if (madvise(stack, bytes, *advice)) {
            int err = errno;

            (void)munmap(room, bytes + align); /* the first error is the one to tell */
            return tb_skip(run, "the kernel takes no advice about huge pages (error %d)", err);
        }
        tb_start(run);
        touch(stack, bytes, page);
        tb_stop(run);
        if (munmap(room, bytes + align))
            return tb_fail(run, "munmap", errno);
    }
    return TB_OK;
}

static const int small_pages = MADV_NOHUGEPAGE, huge_pages = MADV_HUGEPAGE;

/* Where a stack of this process is: a task that says so. */
static void tell_where(struct tb_task *task)
{
    task->arg = __builtin_frame_address(0);
}

/* Whether the stack of a thread that has been joined is still mapped: msync refuses what is not. */
static bool is_kept(const struct tb_thread *joined)
{
    uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);

    return !msync((void *)((uintptr_t)joined->task.arg & ~(page - 1)), page, MS_ASYNC);
}

/* The first turn of the warm-up proves that the tunable is heeded. */
static enum tb_outcome uncached(struct tb_run *run)
{
    bool proven = false;

    while (tb_next(run)) {
        struct tb_thread *thread = tb_thread_next(run, proven ? tb_task_noop : tell_where);
        int err;

        if (!thread)
            return tb_broken(run);
        tb_start(run);
        err = tb_create(thread);
        tb_stop(run);
        if (!err)
            err = tb_join(thread);
        if (err)
            return tb_fail(run, "create and join", err);
        tb_joined(run, thread);
        if (!proven && is_kept(thread))
            return tb_skip(run, "the C library keeps stacks all the same: it has no such tunable");
        proven = true;
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
        .name = "stack/guard",
        .doc = "mprotect of all of a fresh stack but its guard",
        .threadless = true,
        .walks = {TB_WALK(stack, 8388608, 16384, 67108864), TB_WALK(cpu, TB_SAME)},
        .decides = "p10",
        .run = stack_guard,
    },
    {
        .name = "stack/touch",
        .doc = "the first touch of each page of a fresh stack, in pages of the usual size",
        .threadless = true,
        .walks = {TB_WALK(stack, 65536, 4096, 1048576, 8388608), TB_WALK(cpu, TB_SAME)},
        .decides = "p10",
        .data = &small_pages,
        .run = stack_touch,
    },
    {
        .name = "stack/touch-huge",
        .doc = "the same, where the kernel may take huge pages",
        .threadless = true,
        .walks = {TB_WALK(stack, 8388608, 65536, 1048576), TB_WALK(cpu, TB_SAME)},
        .decides = "p10",
        .data = &huge_pages,
        .run = stack_touch,
    },
    {
        .name = "stack/cached",
        .doc = "the creating call when the C library has a stack of the size at hand",
        .needs = TB_OWN_STACK,
        .walks =
            {
                TB_WALK(stack, 0, 16384, 65536, 1048576, 8388608),
                TB_WALK(cpu, TB_SAME, TB_FREE),
                TB_WALK(guard, TB_PAGE, TB_NONE, TB_64K, TB_1M),
            },
        .decides = "p10",
        .run = tb_time_create,
    },
    {
        .name = "stack/uncached",
        .doc = "the creating call when the C library has no stack at hand and maps one",
        .needs = TB_OWN_STACK,
        .tunables = "glibc.pthread.stack_cache_size=0",
        .walks =
            {
                TB_WALK(stack, 0, 16384, 65536, 1048576, 8388608, 67108864),
                TB_WALK(cpu, TB_SAME, TB_FREE),
                TB_WALK(guard, TB_PAGE, TB_NONE, TB_64K, TB_1M),
            },
        .decides = "p10",
        .core = {"cpu:same/posix"},
        .card = "the call, no stack at hand",
        .card_cases = {"cpu:same/posix"},
        .run = uncached,
    },
    {
        .name = "stack/user",
        .doc = "the creating call on a stack that the caller supplies, touched beforehand",
        .needs = TB_RUNS | TB_GIVEN_STACK,
        .walks = {TB_WALK(stack, 65536, 1048576, 8388608), TB_WALK(cpu, TB_SAME, TB_FREE)},
        .wish = {.given_stack = true},
        .decides = "p10",
        .run = tb_time_create,
    },
    {0},
};
