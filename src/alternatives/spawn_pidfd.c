/* posix_spawn that returns a descriptor of the child. glibc has it from 2.39 on; it is looked up
 * when it is wanted, as the suite may run with a newer C library than it was built with. */
#include "process.h"

#include <dlfcn.h>
#include <spawn.h>

typedef int spawner(int *ret_pidfd, const char *path, const posix_spawn_file_actions_t *actions,
                    const posix_spawnattr_t *attributes, char *const arguments[],
                    char *const environment[]);

static spawner *spawn;

static const char *unavailable(void)
{
    *(void **)&spawn = dlsym(RTLD_DEFAULT, "pidfd_spawn");
    return spawn ? NULL : "the C library has no pidfd_spawn (glibc has it from 2.39 on)";
}

static int create(struct tb_thread *thread)
{
    int pidfd = -1;
    int err =
        spawn(&pidfd, tb_process_path, NULL, NULL, tb_process_arguments, tb_process_environment);

    return tb_process_made(thread, err ? -1 : pidfd, err);
}

const struct tb_runtime tb_runtime_spawn_pidfd = {
    .name = "spawn-pidfd",
    .doc = "pidfd_spawn of a static program that does nothing, waitid with P_PIDFD",
    .kind = TB_PROCESSES,
    .unavailable = unavailable,
    .enter = tb_process_enter,
    .leave = tb_process_leave,
    .prepare = tb_process_prepare,
    .create = create,
    .join = tb_process_join_pidfd,
    .release = tb_process_release,
};
