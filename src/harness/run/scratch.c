#include "run/scratch.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "run/reaper.h"
#include "util/file.h"
#include "util/memory.h"

/* The latest worker's, as they run one at a time; NULL: there is none. */
static char *scratch;

static void remove_scratch(void)
{
    if (scratch)
        tb_file_remove_all(scratch);
    free(scratch);
    scratch = NULL;
}

/* What still writes there is ended first: memory may have run out while a worker ran. */
void tb_scratch_end(void)
{
    tb_reaper_end();
    remove_scratch();
}

int tb_scratch_renew(struct tb_error *error)
{
    static bool registered;
    const char *folder = getenv("TMPDIR");
    tb_autofree char *path = tb_print("%s/threadbench-XXXXXX", folder && *folder ? folder : "/tmp");

    remove_scratch();
    if ((!registered && atexit(tb_scratch_end)) || !mkdtemp(path))
        return tb_failure(error, "cannot make the folder '%s': %s: set TMPDIR to another place",
                          path, strerror(errno));
    registered = true;
    scratch = tb_copy(path);
    return 0;
}

char *tb_scratch_path(const char *name)
{
    return tb_print("%s/%s", scratch, name);
}
