/* What POSIX offers in the place of fork and exec. */
#include "process.h"

#include <spawn.h>
static int create(struct tb_thread *thread)
{
    pid_t pid = -1;
    int err = posix_spawn(&pid, tb_process_path, NULL, NULL, tb_process_arguments,
                          tb_process_environment);

    return tb_process_made(thread, err ? -1 : pid, err);
}

const struct tb_runtime tb_runtime_spawn = {
    .name = "spawn",
    .doc = "posix_spawn of a static program that does nothing, waitpid",
    .kind = TB_PROCESSES,
    .enter = tb_process_enter,
    .leave = tb_process_leave,
    .prepare = tb_process_prepare,
    .create = create,
    .join = tb_process_join,
    .release = tb_process_release,
};
