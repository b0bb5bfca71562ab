/* Makes no thread and runs no task: each function returns at once, so that a sample taken with it
 * shows what measuring adds. */
#include <threadbench/runtime.h>

static int nothing(struct tb_thread *thread)
{
    (void)thread;
    return 0;
}

static void nothing_to_release(struct tb_thread *thread)
{
    (void)thread;
}

const struct tb_runtime tb_runtime_null = {
    .name = "null",
    .doc = "nothing: what measuring itself adds to a sample",
    .role = TB_ROLE_OVERHEAD,
    .can = TB_STACK_SIZE, /* of no stack, any size */
    .prepare = nothing,
    .create = nothing,
    .join = nothing,
    .release = nothing_to_release,
};
