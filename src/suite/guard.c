/* By which call the C library makes the guard below a stack: looked up on a thread of its own, as
 * one library does it by one call or by the other, depending on its version and the kernel's. */
#include <threadbench/bench.h>
#include <threadbench/proc.h>

#include <pthread.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "engine.h"

/* Below the stack lies the guard. Advised, it is in the same mapping; else that begins above it. */
static int64_t look(void)
{
    pthread_attr_t attributes;
    uintptr_t begin = 0;
    int64_t by = TB_BY_LIBRARY;
    size_t bytes;
    void *stack;

    if (pthread_getattr_np(pthread_self(), &attributes))
        return by;
    if (!pthread_attr_getstack(&attributes, &stack, &bytes) &&
        !tb_proc_mapping((uintptr_t)__builtin_frame_address(0), &begin))
        by = begin < (uintptr_t)stack ? TB_BY_MADVISE : TB_BY_MPROTECT;
    (void)pthread_attr_destroy(&attributes); /* cannot fail */
    return by;
}

static void *note(void *by)
{
    *(int64_t *)by = look();
    return NULL;
}

int64_t tb_guard_by(void)
{
    static int64_t by = TB_BY_LIBRARY;
    pthread_t thread;

    if (by != TB_BY_LIBRARY)
        return by;
    tb_engine_makes_threads();
    if (!pthread_create(&thread, NULL, note, &by))
        (void)pthread_join(thread, NULL); /* joinable, and joined once */
    return by;
}

/* Advice about nothing is refused by a kernel that does not know it, and else does nothing. */
int64_t tb_guard_by_expected(void)
{
    char version[128] = "";

    (void)confstr(_CS_GNU_LIBC_VERSION, version, sizeof(version)); /* empty where it is another */
    return strverscmp(version, "glibc 2.42") >= 0 && !madvise(NULL, 0, TB_GUARD_INSTALL)
               ? TB_BY_MADVISE
               : TB_BY_MPROTECT;
}

const char *tb_guard_by_name(void)
{
    static const char *const names[] = {
        [TB_BY_LIBRARY] = "an unknown call",
        [TB_BY_MPROTECT] = "mprotect",
        [TB_BY_MADVISE] = "madvise",
    };

    return names[tb_guard_by()];
}
