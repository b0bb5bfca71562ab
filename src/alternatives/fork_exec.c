/* A copy of the process, which then executes another program. */
#include "process.h"

#include <errno.h>
#include <unistd.h>
static int create(struct tb_thread *thread)
{
    pid_t pid = fork();

    if (!pid) {
        (void)execve(tb_process_path, tb_process_arguments, tb_process_environment);
        _exit(127); /* it has failed */
    }
    return tb_process_made(thread, pid, errno);
}

const struct tb_runtime tb_runtime_fork_exec = {
    .name = "fork-exec",
    .doc = "fork, execve of a static program that does nothing, waitpid",
    .kind = TB_PROCESSES,
    .enter = tb_process_enter,
    .leave = tb_process_leave,
    .prepare = tb_process_prepare,
    .create = create,
    .join = tb_process_join,
    .release = tb_process_release,
};
