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

/* 0 or an errno value. */
static int make_in(const char *folder)
{
    tb_autofree char *path = tb_print("%s/threadbench-XXXXXX", folder);

    if (!mkdtemp(path))
        return errno;
    scratch = tb_copy(path);
    return 0;
}

/*
 * Where no place was chosen it is in memory: the FIFOs of a worker live for milliseconds, and ext4,
 * which lets an inode lie for a while before it is used again, takes up to 1.5 ms for them.
 */
int tb_scratch_renew(struct tb_error *error)
{
    static bool registered;
    const char *folder = getenv("TMPDIR");
    bool chosen = folder && *folder;
    int err;

    remove_scratch();
    if (!registered && atexit(tb_scratch_end))
        return tb_failure(error, "out of memory");
    registered = true;
    if (!chosen && !make_in("/dev/shm"))
        return 0;
    folder = chosen ? folder : "/tmp";
    err = make_in(folder);
    return err ? tb_failure(error,
                            "cannot make the folder '%s/threadbench-XXXXXX': %s: set TMPDIR to "
                            "another place",
                            folder, strerror(err))
               : 0;
}

char *tb_scratch_path(const char *name)
{
    return tb_print("%s/%s", scratch, name);
}
