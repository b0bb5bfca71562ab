/* The stack on which a thread's signals are handled when its own has overflowed, as Rust's standard
 * library gives one to each thread (as of 1.95): a page that is made a guard, and two above it. */
#ifndef TB_BENCH_ALTERNATE_H
#define TB_BENCH_ALTERNATE_H

#include <errno.h>
#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

struct alternate {
    char *room; /* the guard, and the stack */
    size_t page, bytes;
};

/* Of the calling thread, which has none. 0 or an errno value, and then it has none still. */
static inline int alternate_set(struct alternate *alternate)
{
    stack_t stack;

    alternate->page = (size_t)sysconf(_SC_PAGESIZE);
    alternate->bytes = 3 * alternate->page;
    alternate->room = mmap(NULL, alternate->bytes, PROT_READ | PROT_WRITE,
                           MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
    if (alternate->room == MAP_FAILED)
        return errno;
    stack = (stack_t){.ss_sp = alternate->room + alternate->page,
                      .ss_size = alternate->bytes - alternate->page};
    if (!mprotect(alternate->room, alternate->page, PROT_NONE) && !sigaltstack(&stack, NULL))
        return 0;
    (void)munmap(alternate->room, alternate->bytes); /* the first error is the one to report */
    return errno;
}

static inline int alternate_unset(const struct alternate *alternate)
{
    const stack_t none = {.ss_flags = SS_DISABLE, .ss_size = alternate->bytes - alternate->page};

    return sigaltstack(&none, NULL) || munmap(alternate->room, alternate->bytes) ? errno : 0;
}

#endif
