/* Stands in for clone.c under ThreadSanitizer, which keeps its account of a thread in thread-local
 * storage and cannot follow one that was made behind libc's back. */
#include <threadbench/runtime.h>

#include <errno.h>

static const char *unavailable(void)
{
    return "built with ThreadSanitizer, which cannot follow a raw clone";
}

static int refuse(struct tb_thread *thread)
{
    (void)thread;
    return ENOTSUP;
}

static void release(struct tb_thread *thread)
{
    (void)thread;
}

const struct tb_runtime tb_runtime_clone = {
    .name = "clone",
    .doc = "raw clone3 and futex on a ready stack, without a libc thread: the floor",
    .role = TB_FLOOR,
    .can = TB_RUNS | TB_STACK_SIZE,
    .unavailable = unavailable,
    .prepare = refuse,
    .create = refuse,
    .join = refuse,
    .release = release,
};
