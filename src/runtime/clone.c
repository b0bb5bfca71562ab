/* The floor: clone3 on a stack made and touched beforehand, no libc thread, one exit call, and a
 * futex wait for the word that the kernel clears when the thread is gone. No library can make a
 * thread of this process for less.
 *
 * The child shares its parent's thread-local storage, as it has none of its own, so it must never
 * run a signal handler: all signals are blocked while a series lasts, and the children inherit
 * that. A signal to the process waits until the series is over.
 *
 * Every such thread runs on a given stack, and need not be joined: nothing is left of it. */
#include <threadbench/runtime.h>

#include <errno.h>
#include <linux/futex.h>
#include <linux/sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "arch.h"

enum { STACK_BYTES = 64 * 1024 };

struct clone_thread {
    struct clone_args arguments;
    _Atomic uint32_t alive; /* not 0 until the kernel has let the thread go */
    void *stack;
    size_t stack_bytes;
};

static sigset_t signals_before;

static int enter(void)
{
    sigset_t all;

    (void)sigfillset(&all); /* cannot fail */
    return pthread_sigmask(SIG_SETMASK, &all, &signals_before);
}

static void leave(void)
{
    (void)pthread_sigmask(SIG_SETMASK, &signals_before, NULL); /* the mask is one it gave out */
}

static void describe(struct clone_thread *own)
{
    own->arguments = (struct clone_args){
        .flags = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM |
                 CLONE_CHILD_CLEARTID,
        .child_tid = (uint64_t)(uintptr_t)&own->alive,
        .stack = (uint64_t)(uintptr_t)own->stack,
        .stack_size = own->stack_bytes,
    };
}

static int prepare(struct tb_thread *thread)
{
    struct clone_thread *own = calloc(1, sizeof(*own));

    if (!own)
        return ENOMEM;
    own->stack_bytes = thread->stack_bytes ? thread->stack_bytes : STACK_BYTES;
    own->stack = mmap(NULL, own->stack_bytes, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
    if (own->stack == MAP_FAILED) {
        int err = errno;

        free(own);
        return err;
    }
    memset((char *)own->stack + own->stack_bytes - 4096, 1, 4096); /* where the child begins */
    describe(own);
    thread->own = own;
    return 0;
}

static int create(struct tb_thread *thread)
{
    struct clone_thread *own = thread->own;
    long result;

    atomic_store_explicit(&own->alive, 1, memory_order_relaxed); /* clone orders it for the child */
    result =
        tb_arch_clone(&own->arguments, sizeof(own->arguments), thread->task.run, &thread->task);
    return result < 0 ? (int)-result : 0;
}

static int join(struct tb_thread *thread)
{
    struct clone_thread *own = thread->own;

    /* The acquire pairs with the kernel's own store: what the child wrote is seen after it. The
     * kernel wakes a shared futex, so the wait is not FUTEX_PRIVATE. */
    while (atomic_load_explicit(&own->alive, memory_order_acquire))
        if (syscall(SYS_futex, &own->alive, FUTEX_WAIT, 1, NULL, NULL, 0) == -1 &&
            errno != EAGAIN && errno != EINTR)
            return errno;
    return 0;
}

static void release(struct tb_thread *thread)
{
    struct clone_thread *own = thread->own;

    if (own)
        (void)munmap(own->stack, own->stack_bytes); /* a mapping of our own */
    free(own);
    thread->own = NULL;
}

/* A filter may refuse clone3, and the architecture may be one without the assembly. Asked with no
 * arguments, where it is allowed it finds them invalid; no thread is made. */
static const char *unavailable(void)
{
    static char reason[128];
    int err = (int)-tb_arch_clone(NULL, 0, NULL, NULL);

    if (err == EINVAL)
        return NULL;
    if (err == ENOSYS)
        return "no clone3: another architecture than x86-64, an old kernel, or a seccomp filter";
    (void)strcpy(stpcpy(reason, "clone3: "), strerror(err)); /* the longest message is 50 bytes */
    return reason;
}

const struct tb_runtime tb_runtime_clone = {
    .name = "clone",
    .doc = "raw clone3 and futex on a ready stack, without a libc thread: the floor",
    .role = TB_ROLE_FLOOR,
    .can = TB_RUNS | TB_STACK_SIZE | TB_CREATES_DETACHED | TB_GIVEN_STACK,
    .unavailable = unavailable,
    .enter = enter,
    .leave = leave,
    .prepare = prepare,
    .create = create,
    .join = join,
    .release = release,
};
