/* The same as fork_pidfd.c, with the child put into a control group as it is made. It is the
 * caller's own group, named by its descriptor: the kernel takes the same steps as for another one,
 * and nothing is left on the machine. */
#include "process.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/sched.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { PATH_SIZE = 2 * PATH_MAX };

static int group = -1;

/* Scans the lines of a file with `format`, of one string, until one fits that holds `mark`. */
static bool find_line(const char *path, const char *mark, const char *format, char *found)
{
    char line[PATH_MAX];
    FILE *file = fopen(path, "re");
    bool fits = false;

    while (file && !fits && fgets(line, sizeof(line), file))
        fits = strstr(line, mark) && sscanf(line, format, found) == 1;
    if (file)
        (void)fclose(file); /* read only: nothing to lose */
    return fits;
}

/* The folder of the caller's group, in the hierarchy of version 2. Of that a part may be mounted
 * as well, whose root is not "/". */
static bool find_group(char *path)
{
    char root[PATH_MAX], own[PATH_MAX];

    if (!find_line("/proc/self/mountinfo", " - cgroup2 ", "%*s %*s %*s /%*[ ]%4095s", root) ||
        !find_line("/proc/self/cgroup", "0::", "0::%4095s", own))
        return false;
    (void)snprintf(path, PATH_SIZE, "%s%s", root, own);
    return true;
}

static int enter(void)
{
    char path[PATH_SIZE];

    if (!find_group(path))
        return ENOENT;
    group = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
    return group < 0 ? errno : 0;
}

static void leave(void)
{
    (void)close(group); /* nothing was written */
}

static int create(struct tb_thread *thread)
{
    return tb_process_clone(thread, CLONE_INTO_CGROUP, group);
}

static int try_one(void)
{
    struct tb_thread child = {0};
    int err = create(&child);

    return err ? err : tb_process_join_pidfd(&child);
}

static const char *unavailable(void)
{
    static char reason[128];
    char path[PATH_SIZE];
    int err;

    if (!find_group(path))
        return "the root of the control groups of version 2 is not mounted";
    err = enter();
    if (!err) {
        err = try_one();
        leave();
    }
    if (!err)
        return NULL;
    (void)snprintf(reason, sizeof(reason), "clone3 into the caller's control group: %s",
                   strerror(err));
    return reason;
}

const struct tb_runtime tb_runtime_fork_cgroup = {
    .name = "fork-cgroup",
    .doc = "the same with CLONE_INTO_CGROUP",
    .kind = TB_PROCESSES,
    .unavailable = unavailable,
    .enter = enter,
    .leave = leave,
    .prepare = tb_process_prepare,
    .create = create,
    .join = tb_process_join_pidfd,
    .release = tb_process_release,
};
