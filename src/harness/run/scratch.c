#include "run/scratch.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "run/reaper.h"
#include "util/file.h"
#include "util/memory.h"

/* Workers run one at a time: of the latest one. NULL: there is none. */
static char *scratch;

static void remove_scratch(void)
{
    if (scratch)
        tb_file_remove_all(scratch);
    free(scratch);
    scratch = NULL;
}

/* What still writes there ends first, if that is not done: memory may have run out meanwhile. */
void tb_scratch_end(void)
{
    tb_reaper_end();
    remove_scratch();
}

int tb_scratch_renew(struct tb_error *error)
{
    static bool sure;
    const char *folder = getenv("TMPDIR");
    tb_autofree char *path = tb_print("%s/threadbench-XXXXXX", folder && *folder ? folder : "/tmp");

    remove_scratch();
    if ((!sure && atexit(tb_scratch_end)) || !mkdtemp(path))
        return tb_failure(error, "cannot make the folder '%s': %s (set TMPDIR)", path,
                          strerror(errno));
    sure = true;
    scratch = tb_copy(path);
    return 0;
}

char *tb_scratch_path(const char *name)
{
    return tb_print("%s/%s", scratch, name);
}
