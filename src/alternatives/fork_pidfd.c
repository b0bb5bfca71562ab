/* A copy of the process, which ends at once, and a descriptor to wait for it: by the kernel's call
 * alone, so that no handler of the C library's fork runs. */
#include "process.h"

#include <stdio.h>
#include <string.h>

static int create(struct tb_thread *thread)
{
    return tb_process_clone(thread, 0, 0);
}

static const char *unavailable(void)
{
    static char reason[128];
    struct tb_thread child = {0};
    int err = create(&child);

    if (!err)
        err = tb_process_join_pidfd(&child);
    if (!err)
        return NULL;
    (void)snprintf(reason, sizeof(reason), "clone3 with CLONE_PIDFD: %s", strerror(err));
    return reason;
}

const struct tb_runtime tb_runtime_fork_pidfd = {
    .name = "fork-pidfd",
    .doc =
        "clone3 with CLONE_PIDFD, as fork, and waitid with P_PIDFD for a child that ends at once",
    .kind = TB_PROCESSES,
    .unavailable = unavailable,
    .prepare = tb_process_prepare,
    .create = create,
    .join = tb_process_join_pidfd,
    .release = tb_process_release,
};
