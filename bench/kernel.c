/* What a C library asks the kernel for in the lifecycle of a thread besides clone3 and its end,
 * each alone: with libc/tls-renew and the floor these explain lifecycle/phases.
 *
 * kernel/sigmask: blocking all signals, or taking that back. kernel/robust-list: registering the
 * list of robust mutexes. kernel/rseq: unregistering the area for restartable sequences, or
 * registering it again; a thread only registers it. kernel/advise: giving back the unused part of a
 * stack, of which nothing but the top has been touched.
 *
 * kernel/filtered, kernel/filtered-cached: a call that does next to nothing, getppid, under a
 * seccomp filter that every call runs, or that asks for no argument; without one it is the price of
 * a call.
 *
 * kernel/futex-hash: giving the process a hash table of its own for its futexes, of 16 slots, as
 * Linux does when the first thread is made, from 6.16 on. It is part of a first creation. A
 * process does it once.
 *
 * Each of the others is a mean over a block of calls, which are made in pairs where one takes back
 * what the other did. No thread is made. */
#include <threadbench/bench.h>
#include <threadbench/proc.h>

#include <dlfcn.h>
#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

enum {
    BLOCK = 64,
    MASK_BYTES = 8,             /* of the kernel's set of signals */
    RSEQ_BYTES = 32,            /* that the C library registers at least */
    RSEQ_UNREGISTER = 1,        /* the kernel's flag */
    RSEQ_SIGNATURE = 0x53053053 /* the C library's, on x86-64 */
};

/* One call, for an even turn and for an odd one. 0 or an errno value. */
struct call {
    int (*make)(char *own, size_t bytes, int turn);
};

static enum tb_status repeat(struct tb_run *run, char *own, size_t bytes)
{
    const struct call *call = run->bench->data;

    while (tb_next(run)) {
        int err = 0;

        tb_start(run);
        for (int i = 0; i < BLOCK; i++)
            err |= call->make(own, bytes, i);
        tb_stop(run);
        if (err)
            return tb_skip(run, "the kernel refuses the call (error %d)", err);
    }
    return TB_DONE;
}

static int make_sigmask(char *own, size_t bytes, int turn)
{
    static const uint64_t all = UINT64_MAX;
    const void *mask = turn % 2 ? own : (const void *)&all;

    return syscall(SYS_rt_sigprocmask, SIG_SETMASK, mask, NULL, bytes) ? errno : 0;
}

static enum tb_status call_sigmask(struct tb_run *run)
{
    uint64_t before = 0;

    if (syscall(SYS_rt_sigprocmask, SIG_SETMASK, NULL, &before, MASK_BYTES))
        return tb_fail(run, "rt_sigprocmask", errno);
    return repeat(run, (char *)&before, MASK_BYTES);
}

static int make_robust_list(char *own, size_t bytes, int turn)
{
    (void)turn; /* each is the same */
    return syscall(SYS_set_robust_list, own, bytes) ? errno : 0;
}

static enum tb_status call_robust_list(struct tb_run *run)
{
    char *list = NULL;
    size_t bytes = 0;

    if (syscall(SYS_get_robust_list, 0, &list, &bytes))
        return tb_fail(run, "get_robust_list", errno);
    return list ? repeat(run, list, bytes)
                : tb_skip(run, "the C library has no list of robust mutexes");
}

static int make_rseq(char *own, size_t bytes, int turn)
{
    int flags = turn % 2 ? 0 : RSEQ_UNREGISTER;

    return syscall(SYS_rseq, own, bytes, flags, RSEQ_SIGNATURE) ? errno : 0;
}

/* The C library exports the distance of the area from the thread pointer, which pthread_self() is,
 * and how much of the area is in use. From 2.40 on glibc registers that much, but 32 bytes at
 * least; older ones register 32, and export that. The kernel unregisters no other length. */
static enum tb_status call_rseq(struct tb_run *run)
{
    const ptrdiff_t *offset = dlsym(RTLD_DEFAULT, "__rseq_offset");
    const unsigned *size = dlsym(RTLD_DEFAULT, "__rseq_size");
    size_t bytes = RSEQ_BYTES;

    if (!offset || !size || !*size)
        return tb_skip(run, "the C library has no restartable sequences");
    if (*size > bytes)
        bytes = *size;
    tb_note(run, "%zu bytes registered", bytes);
    return repeat(run, (char *)pthread_self() + *offset, bytes);
}

static int make_advice(char *own, size_t bytes, int turn)
{
    (void)turn; /* each is the same */
    return madvise(own, bytes, MADV_DONTNEED) ? errno : 0;
}

/* As glibc does when a thread ends: all but the top page in use and the smallest stack's size. */
static enum tb_status call_advise(struct tb_run *run)
{
    size_t bytes = (size_t)tb_value(run, &tb_axis_stack);
    size_t page = (size_t)sysconf(_SC_PAGESIZE), kept = page + 16384;
    char *stack =
        mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
    enum tb_status status;

    if (stack == MAP_FAILED)
        return tb_fail(run, "mmap", errno);
    stack[bytes - 1] = 1;
    status = repeat(run, stack, bytes - kept);
    return munmap(stack, bytes) ? tb_fail(run, "munmap", errno) : status;
}

static int make_nothing(char *own, size_t bytes, int turn)
{
    (void)own;
    (void)bytes;
    (void)turn;                 /* each is the same */
    (void)syscall(SYS_getppid); /* cannot fail */
    return 0;
}

static enum tb_status call_nothing(struct tb_run *run)
{
    int64_t filters;

    if (!tb_proc_number("/proc/self/status", "Seccomp_filters:", &filters))
        tb_note(run, "under %" PRId64 " seccomp filters in all", filters);
    return repeat(run, NULL, 0);
}

/* PR_FUTEX_HASH_SET_SLOTS, which older headers lack. */
static enum tb_status call_futex_hash(struct tb_run *run)
{
    enum { FUTEX_HASH = 78, SET_SLOTS = 1, SLOTS = 16 };

    while (tb_next(run)) {
        int err;

        tb_start(run);
        err = prctl(FUTEX_HASH, SET_SLOTS, SLOTS, 0, 0) ? errno : 0;
        tb_stop(run);
        if (err)
            return tb_skip(run,
                           "a process has no futex hash of its own (error %d): Linux 6.16 or "
                           "later gives it one",
                           err);
    }
    return TB_DONE;
}

#define CALL(title, text, function, body)                                                          \
    .name = (title), .doc = (text), .data = &(const struct call){function}, .run = (body),         \
    .threadless = true, .block = BLOCK, .statistic = "p10"

const struct tb_bench tb_bench_kernel[] = {
    {
        CALL("kernel/sigmask", "blocking all signals, or taking that back; mean over 64",
             make_sigmask, call_sigmask),
        .sweeps = {TB_SWEEP(cpu, TB_CPU_SAME)},
    },
    {
        CALL("kernel/robust-list", "registering the list of robust mutexes; mean over 64",
             make_robust_list, call_robust_list),
        .sweeps = {TB_SWEEP(cpu, TB_CPU_SAME)},
    },
    {
        CALL("kernel/rseq",
             "unregistering the area for restartable sequences, or registering it; mean over 64",
             make_rseq, call_rseq),
        .sweeps = {TB_SWEEP(cpu, TB_CPU_SAME)},
    },
    {
        CALL("kernel/advise", "giving back the untouched part of a stack; mean over 64",
             make_advice, call_advise),
        .sweeps = {TB_SWEEP(stack, 8388608, 65536, 67108864), TB_SWEEP(cpu, TB_CPU_SAME)},
    },
    {
        CALL("kernel/filtered",
             "a system call that a seccomp filter allows by an argument; mean over 64",
             make_nothing, call_nothing),
        .sweeps = {TB_SWEEP(seccomp, 64, 0, 1, 512), TB_SWEEP(cpu, TB_CPU_SAME)},
    },
    {
        CALL("kernel/filtered-cached",
             "a system call that a seccomp filter allows by its number; mean over 64", make_nothing,
             call_nothing),
        .sweeps = {TB_SWEEP(seccomp_cached, 64, 512), TB_SWEEP(cpu, TB_CPU_SAME)},
    },
    {
        .name = "kernel/futex-hash",
        .doc = "giving the process a hash table for its futexes, as its first thread does",
        .threadless = true,
        .sweeps = {TB_SWEEP(warm, TB_COLD, TB_RESIDENT), TB_SWEEP(cpu, TB_CPU_SAME)},
        .run = call_futex_hash,
    },
    {0},
};
