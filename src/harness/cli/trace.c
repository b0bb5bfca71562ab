#include "cli/trace.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/file.h"

/* An older one would be taken for this measurement's. 0 or an errno value. */
static int remove_older(const char *path)
{
    struct stat status;

    return !stat(path, &status) && S_ISREG(status.st_mode) && unlink(path) ? errno : 0;
}

int tb_trace_prepare(const char *path, struct tb_error *error)
{
    int err = path ? tb_file_check(path) : 0;

    if (path && !err)
        err = remove_older(path);
    return err ? tb_file_unwritable("write", path, err, error) : 0;
}

void tb_trace_check(const char *path)
{
    if (path && access(path, F_OK))
        tb_notice("--trace %s: not written: no case that was measured has a phase of its child's",
                  path);
}
