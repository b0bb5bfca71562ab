/* A copy of the process, which ends at once. */
#include "process.h"

#include <errno.h>
#include <unistd.h>
static int create(struct tb_thread *thread)
{
    pid_t pid = fork();

    if (!pid)
        _exit(0);
    return tb_process_made(thread, pid, errno);
}

const struct tb_runtime tb_runtime_fork = {
    .name = "fork",
    .doc = "fork, and waitpid for a child that ends at once",
    .kind = TB_PROCESSES,
    .prepare = tb_process_prepare,
    .create = create,
    .join = tb_process_join,
    .release = tb_process_release,
};
