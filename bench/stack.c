/* What a stack costs.
 *
 * stack/map: the system calls by which a C library makes and unmakes one. Nothing is touched, no
 * thread is made. There are two ways, which the axis `guard-by` names by the call that makes the
 * guard; at its base the benchmark goes the way that the C library goes here. By mprotect: mmap of
 * stack and guard without access, mprotect of all but the guard, munmap. They are two mappings. By
 * madvise: mmap of both with access, madvise of the guard, munmap (glibc from 2.42 on, Linux from
 * 6.13 on). They are one mapping, and one with the stack beside it.
 *
 * What that takes depends on where the mapping lies: beside page tables that are there anyway, or
 * where new ones are wanted. In a process where it always lies in the same place, that is as the
 * layout of its address space has it, and processes differ by half. So wherever stacks are mapped,
 * another mapping of the process is replaced before each sample, and each process sees many places.
 *
 * stack/life: the same by the stamp, with the first touch of its top page in between, where a
 * thread's descriptor lies, and of the next, where its frames are: phases `map`, `top`, `next`, and
 * `unmap`, which gives both pages back. Of a process's first sample (the axis `warm`) no thread was
 * made before, nor a neighbour.
 *
 * stack/kernel-write: a system call that stores what signals are blocked in the top page of a stack
 * that was just made and touched. A creating call has the kernel write the thread's id there. Under
 * a hypervisor that keeps page tables of its own for the kernel and for the program, that page is
 * new to the kernel's.
 *
 * stack/guard: what a guard adds to that: the call that makes all but the guard accessible, or the
 * one that advises it. Without a guard the mapping is made accessible at once.
 *
 * stack/touch, stack/touch-huge: the first access to each page of a new mapping, which the kernel
 * answers with memory; in small pages, and where huge ones are allowed. Mapping is not included.
 *
 * stack/cached, stack/uncached: the creating call when the C library has a stack of the right size
 * at hand, and when it has none and maps one. It has one after a thread with such a stack has been
 * joined, as it keeps some; it has none in a process that was started with glibc's tunable that
 * keeps none, which a first thread proves: its stack is gone after its join.
 *
 * stack/then-lifecycle: create and join with a stack at hand, just after another stack was mapped,
 * touched and unmapped, which is not part of it: those calls leave less of what a thread wants in
 * the caches. The phases are those of lifecycle/phases, and explain lifecycle/phases-uncached.
 *
 * stack/alternate: giving the calling thread a stack for its signals and taking it away again, by
 * mmap, mprotect of a guard, sigaltstack, sigaltstack, munmap: as Rust's library does in each
 * thread.
 *
 * stack/user: the creating call on a stack that the caller made and touched beforehand. None of the
 * three includes the child's run or its join. */
#include <threadbench/bench.h>

#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "alternate.h"
#include "neighbours.h"

enum { USUAL_BYTES = 8388608 };

/* A stack, and below it the guard, made by the call that the case is about. */
struct shape {
    size_t bytes, guard;
    bool advised; /* by madvise; else by mprotect of all but the guard, a page */
};

/* Whether its sample is the first of its process. */
static bool is_first(const struct tb_run *run)
{
    return tb_value(run, &tb_axis_warm) != TB_WARM;
}

static struct shape shape_of(struct tb_run *run)
{
    int64_t by = tb_value(run, &tb_axis_guard_by);

    if (by == TB_BY_LIBRARY) {
        by = is_first(run) ? tb_guard_by_expected() : tb_guard_by();
        tb_note(run, "guarded by %s",
                by == TB_BY_LIBRARY ? "mprotect; by what the C library does it is not known"
                                    : tb_axis_guard_by.labels[by]);
    }
    return (struct shape){(size_t)tb_value(run, &tb_axis_stack), (size_t)sysconf(_SC_PAGESIZE),
                          by == TB_BY_MADVISE};
}

/* Address space for both, accessible only where the guard is advised; MAP_FAILED: see errno. */
static char *reserve(const struct shape *shape)
{
    return mmap(NULL, shape->guard + shape->bytes,
                shape->advised ? PROT_READ | PROT_WRITE : PROT_NONE,
                MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
}

/* As the system's calls do: 0, or -1 with errno set. */
static int guard(char *stack, const struct shape *shape)
{
    return shape->advised ? madvise(stack, shape->guard, TB_GUARD_INSTALL)
                          : mprotect(stack + shape->guard, shape->bytes, PROT_READ | PROT_WRITE);
}

static int unmap(char *stack, const struct shape *shape)
{
    return munmap(stack, shape->guard + shape->bytes);
}

/* Its uppermost `touched` pages are written to; 0 or an errno value. */
static int map_and_unmap(const struct shape *shape, size_t touched)
{
    char *stack = reserve(shape);
    int err = 0;

    if (stack == MAP_FAILED)
        return errno;
    if (guard(stack, shape))
        err = errno;
    for (size_t below = 0; !err && below < touched; below++)
        *(_Atomic char *)(stack + shape->guard + shape->bytes - 1 - below * shape->guard) = 1;
    return unmap(stack, shape) ? errno : err;
}

static enum tb_status refused(struct tb_run *run, const struct shape *shape, int err)
{
    return shape->advised && err == EINVAL
               ? tb_skip(run, "the kernel makes no guards by madvise: Linux 6.13 or later does")
               : tb_fail(run, "mmap, guard, munmap", err);
}

static enum tb_status stack_map(struct tb_run *run)
{
    struct shape shape = shape_of(run);

    while (tb_next(run)) {
        int err;

        neighbours_replace(run->own);
        tb_start(run);
        err = map_and_unmap(&shape, 0);
        tb_stop(run);
        if (err)
            return refused(run, &shape, err);
    }
    return TB_DONE;
}

/* Makes each call to no effect, so that its name is not bound within a process's first sample: a C
 * library's own calls need none bound. */
static void bind_calls(void)
{
    (void)mprotect(NULL, 0, PROT_NONE);
    (void)madvise(NULL, 0, MADV_NORMAL);
    (void)munmap(NULL, 0); /* is refused */
    (void)syscall(SYS_rt_sigprocmask, SIG_BLOCK, NULL, NULL, sizeof(uint64_t));
}

static enum tb_status stack_lifecycle(struct tb_run *run)
{
    struct shape shape = shape_of(run);

    bind_calls();
    while (tb_next(run)) {
        char *stack, *top;
        int err = 0;

        if (!is_first(run))
            neighbours_replace(run->own);
        tb_start(run);
        stack = reserve(&shape);
        if (stack == MAP_FAILED)
            return tb_fail(run, "mmap", errno);
        if (guard(stack, &shape))
            err = errno;
        top = stack + shape.guard + shape.bytes - 1;
        for (size_t below = 0; below < 2; below++) {
            tb_phase(run);
            if (!err)
                *(_Atomic char *)(top - below * shape.guard) = 1;
        }
        tb_phase(run);
        if (unmap(stack, &shape))
            err = errno;
        tb_stop(run);
        if (err)
            return refused(run, &shape, err);
    }
    return TB_DONE;
}

/* What was expected of the C library is looked up after a first sample. */
static void check_guard_and_teardown(struct tb_run *run)
{
    int64_t by;

    neighbours_teardown(run);
    if (!is_first(run) || tb_value(run, &tb_axis_guard_by) || tb_broken(run) != TB_DONE)
        return;
    by = tb_guard_by();
    if (by != TB_BY_LIBRARY && by != tb_guard_by_expected())
        (void)tb_skip(run, "the C library guards stacks by %s, which its version does not show",
                      tb_guard_by_name());
}

/* The program's own set of signals is not touched. 0 or an errno value. */
static int time_kernel_write(struct tb_run *run, char *stack, const struct shape *shape)
{
    char *top = stack + shape->bytes; /* the guard lies below */
    long failed;

    if (guard(stack, shape))
        return errno;
    *(_Atomic char *)top = 1;
    tb_start(run);
    failed = syscall(SYS_rt_sigprocmask, SIG_BLOCK, NULL, top, sizeof(uint64_t));
    tb_stop(run);
    return failed ? errno : 0;
}

static enum tb_status kernel_write(struct tb_run *run)
{
    struct shape shape = shape_of(run);

    bind_calls();
    while (tb_next(run)) {
        char *stack;
        int err;

        if (!is_first(run))
            neighbours_replace(run->own);
        stack = reserve(&shape);
        if (stack == MAP_FAILED)
            return tb_fail(run, "mmap", errno);
        err = time_kernel_write(run, stack, &shape);
        if (unmap(stack, &shape))
            return tb_fail(run, "munmap", errno);
        if (err)
            return refused(run, &shape, err);
    }
    return TB_DONE;
}

static enum tb_status stack_guard(struct tb_run *run)
{
    struct shape shape = shape_of(run);

    while (tb_next(run)) {
        char *stack = reserve(&shape);
        int err;

        if (stack == MAP_FAILED)
            return tb_fail(run, "mmap", errno);
        tb_start(run);
        err = guard(stack, &shape) ? errno : 0;
        tb_stop(run);
        if (unmap(stack, &shape))
            return tb_fail(run, "munmap", errno);
        if (err)
            return refused(run, &shape, err);
    }
    return TB_DONE;
}

/* Each page once, from the top down, as a growing stack does. */
static void touch(char *stack, size_t bytes, size_t page)
{
    for (size_t left = bytes; left >= page; left -= page)
        *(_Atomic char *)(stack + left - page) = 1;
}

/* `data` is what the kernel is advised about the mapping. A huge page needs one that is aligned. */
static enum tb_status stack_touch(struct tb_run *run)
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

            (void)munmap(room, bytes + align); /* the first error is the one to report */
            return tb_skip(run, "the kernel takes no advice about huge pages (error %d)", err);
        }
        tb_start(run);
        touch(stack, bytes, page);
        tb_stop(run);
        if (munmap(room, bytes + align))
            return tb_fail(run, "munmap", errno);
    }
    return TB_DONE;
}

static const int small_pages = MADV_NOHUGEPAGE, huge_pages = MADV_HUGEPAGE;

static enum tb_status then_lifecycle(struct tb_run *run)
{
    struct shape shape = shape_of(run);

    shape.bytes = USUAL_BYTES;
    while (tb_next(run)) {
        struct tb_thread *thread = tb_thread_next(run, tb_task_stamp_both);
        int err;

        if (!thread)
            return tb_broken(run);
        neighbours_replace(run->own);
        err = map_and_unmap(&shape, 2);
        if (err)
            return tb_fail(run, "mmap, guard, munmap", err);
        if (tb_run_phases(run, thread) != TB_DONE)
            return tb_broken(run);
    }
    return TB_DONE;
}

static enum tb_status alternate(struct tb_run *run)
{
    while (tb_next(run)) {
        struct alternate alternate;
        int err;

        tb_start(run);
        err = alternate_set(&alternate);
        err = err ? err : alternate_unset(&alternate);
        tb_stop(run);
        if (err)
            return tb_fail(run, "mmap, mprotect, sigaltstack, munmap", err);
    }
    return TB_DONE;
}

static enum tb_status uncached(struct tb_run *run)
{
    if (tb_prove_uncached(run) != TB_DONE)
        return tb_broken(run);
    tb_note(run, "stacks guarded by %s", tb_guard_by_name());
    while (tb_next(run)) {
        struct tb_thread *thread = tb_thread_next(run, tb_task_noop);
        int err;

        if (!thread)
            return tb_broken(run);
        neighbours_replace(run->own);
        tb_start(run);
        err = tb_create(thread);
        tb_stop(run);
        if (err)
            return tb_fail(run, "create", err);
    }
    return TB_DONE;
}

const struct tb_bench tb_bench_stack[] = {
    {
        .name = "stack/map",
        .doc = "one stack mapped, guarded and unmapped, and never touched",
        .threadless = true,
        .sweeps =
            {
                TB_SWEEP(stack, 8388608, 16384, 65536, 1048576, 67108864),
                TB_SWEEP(cpu, TB_CPU_SAME),
                TB_SWEEP(live, 0, 256),
                TB_SWEEP(guard_by, TB_BY_LIBRARY, TB_BY_MPROTECT, TB_BY_MADVISE),
            },
        .statistic = "p10",
        .core = {"stack:8388608/cpu:same"},
        .standard = {"stack:8388608/cpu:same/guard-by:mprotect",
                     "stack:8388608/cpu:same/guard-by:madvise"},
        .card = "mapping its stack",
        .card_cases = {"stack:8388608/cpu:same"},
        .own_bytes = sizeof(struct neighbours),
        .run = stack_map,
        .teardown = neighbours_teardown,
    },
    {
        .name = "stack/life",
        .doc = "one stack mapped and guarded, its two top pages touched, and unmapped",
        .threadless = true,
        .sweeps = {TB_SWEEP(stack, 8388608, 65536, 67108864), TB_SWEEP(cpu, TB_CPU_SAME),
                   TB_SWEEP(guard_by, TB_BY_LIBRARY, TB_BY_MPROTECT, TB_BY_MADVISE),
                   TB_SWEEP(warm, TB_WARM, TB_COLD, TB_RESIDENT)},
        .phases = {"map", "top", "next", "unmap"},
        .statistic = "p10",
        .own_bytes = sizeof(struct neighbours),
        .run = stack_lifecycle,
        .teardown = check_guard_and_teardown,
    },
    {
        .name = "stack/kernel-write",
        .doc = "a system call that writes to the top page of a stack just made and touched",
        .threadless = true,
        .sweeps = {TB_SWEEP(stack, 8388608), TB_SWEEP(cpu, TB_CPU_SAME),
                   TB_SWEEP(warm, TB_WARM, TB_COLD, TB_RESIDENT)},
        .statistic = "p10",
        .own_bytes = sizeof(struct neighbours),
        .run = kernel_write,
        .teardown = check_guard_and_teardown,
    },
    {
        .name = "stack/guard",
        .doc = "the call that makes the guard of a fresh stack",
        .threadless = true,
        .sweeps = {TB_SWEEP(stack, 8388608, 16384, 67108864), TB_SWEEP(cpu, TB_CPU_SAME),
                   TB_SWEEP(guard_by, TB_BY_LIBRARY, TB_BY_MPROTECT, TB_BY_MADVISE)},
        .statistic = "p10",
        .run = stack_guard,
    },
    {
        .name = "stack/touch",
        .doc = "the first touch of each page of a fresh stack, in pages of the usual size",
        .threadless = true,
        .sweeps = {TB_SWEEP(stack, 65536, 4096, 1048576, 8388608), TB_SWEEP(cpu, TB_CPU_SAME),
                   TB_SWEEP(node, TB_NODE_USUAL, TB_NODE_NEAR, TB_NODE_FAR)},
        .statistic = "p10",
        .data = &small_pages,
        .run = stack_touch,
    },
    {
        .name = "stack/touch-huge",
        .doc =
            "the first touch of each page of a fresh stack, where the kernel may take huge pages",
        .threadless = true,
        .sweeps = {TB_SWEEP(stack, 8388608, 65536, 1048576), TB_SWEEP(cpu, TB_CPU_SAME)},
        .statistic = "p10",
        .data = &huge_pages,
        .run = stack_touch,
    },
    {
        .name = "stack/cached",
        .doc = "the creating call when the C library has a stack of the size at hand",
        .needs = TB_OWN_STACK,
        .sweeps =
            {
                TB_SWEEP(stack, 0, 16384, 65536, 1048576, 8388608),
                TB_SWEEP(cpu, TB_CPU_SAME, TB_CPU_FREE),
                TB_SWEEP(guard, TB_PAGE, TB_NONE, TB_64K, TB_1M),
            },
        .statistic = "p10",
        .run = tb_time_create,
    },
    {
        .name = "stack/uncached",
        .doc = "the creating call when the C library has no stack at hand and maps one",
        .needs = TB_OWN_STACK,
        .tunables = "glibc.pthread.stack_cache_size=0",
        .sweeps =
            {
                TB_SWEEP(stack, 0, 16384, 65536, 1048576, 8388608, 67108864),
                TB_SWEEP(cpu, TB_CPU_SAME, TB_CPU_FREE),
                TB_SWEEP(guard, TB_PAGE, TB_NONE, TB_64K, TB_1M),
            },
        .statistic = "p10",
        .core = {"cpu:same/posix"},
        .card = "the call, no stack at hand",
        .card_cases = {"cpu:same/posix"},
        .own_bytes = sizeof(struct neighbours),
        .run = uncached,
        .teardown = neighbours_teardown,
    },
    {
        .name = "stack/then-lifecycle",
        .doc = "create and join, divided as lifecycle/phases, just after another stack was mapped, "
               "touched and unmapped",
        .needs = TB_RUNS,
        .sweeps = {TB_SWEEP(cpu, TB_CPU_SAME)},
        .phases = {"call", "start", "run", "join"},
        .statistic = "p10",
        .own_bytes = sizeof(struct neighbours),
        .run = then_lifecycle,
        .teardown = neighbours_teardown,
    },
    {
        .name = "stack/alternate",
        .doc = "a stack for its signals given to a thread, and taken away",
        .threadless = true,
        .sweeps = {TB_SWEEP(cpu, TB_CPU_SAME), TB_SWEEP(live, 0, 256)},
        .statistic = "p10",
        .run = alternate,
    },
    {
        .name = "stack/user",
        .doc = "the creating call on a stack that the caller supplies, touched beforehand",
        .needs = TB_RUNS | TB_GIVEN_STACK,
        .sweeps = {TB_SWEEP(stack, 65536, 1048576, 8388608),
                   TB_SWEEP(cpu, TB_CPU_SAME, TB_CPU_FREE)},
        .attributes = {.given_stack = true},
        .statistic = "p10",
        .run = tb_time_create,
    },
    {0},
};
