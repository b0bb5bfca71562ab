#include "run/scratch.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "run/keeper.h"
#include "run/reaper.h"
#include "util/file.h"
#include "util/folder.h"
#include "util/memory.h"
#include "util/strings.h"

#define PREFIX "threadbench-run-"
#define DRAWN  "XXXXXX"

/* By the sticky bit, which does nothing in a folder of one user, a scratch folder is told from a
 * folder that somebody has named threadbench-run-output. */
enum { marked_mode = S_ISVTX | S_IRWXU };

/* The latest worker's, as they run one at a time; NULL: there is none. */
static char *scratch;
static int held = -1; /* open and locked, so that others see that its run is alive */

static void let_go(int *fd)
{
    if (*fd >= 0)
        (void)close(*fd); /* nothing was written to it */
    *fd = -1;
}

static void remove_scratch(void)
{
    tb_keeper_folder(NULL);
    if (scratch)
        tb_file_remove_all(scratch);
    let_go(&held);
    free(scratch);
    scratch = NULL;
}

/* What still writes there is ended first: memory may have run out while a worker ran. */
void tb_scratch_end(void)
{
    tb_reaper_end();
    remove_scratch();
}

static int open_folder(const char *path)
{
    return open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

/* Locks and marks a new folder; false where another run is sweeping it, or has. A file system that
 * knows no locks or no such mode has nothing swept. */
static bool hold(const char *path)
{
    struct stat status;

    held = open_folder(path);
    if (held >= 0 && flock(held, LOCK_EX | LOCK_NB) && errno == EWOULDBLOCK)
        return false;
    if (held >= 0)
        (void)fchmod(held, marked_mode); /* see above */
    return lstat(path, &status) == 0;
}

/* 0 or an errno value. */
static int make_in(const char *folder)
{
    for (int tries = 0; tries < 8; tries++) { /* each run sweeps once */
        char *path = tb_print("%s/" PREFIX DRAWN, folder);
        int err = mkdtemp(path) ? 0 : errno;

        if (err) {
            free(path);
            return err;
        }
        scratch = path; /* it is removed from here on, whatever ends the program */
        if (hold(path)) {
            tb_keeper_folder(path);
            return 0;
        }
        remove_scratch(); /* it may be gone */
    }
    return EBUSY;
}

static bool is_scratch(const char *name)
{
    return tb_begins_with(name, PREFIX) && strlen(name) == strlen(PREFIX DRAWN);
}

/* A user's own scratch folder that nobody holds is that of a run that was killed. It is emptied by
 * its descriptor: whatever takes its name meanwhile is left alone. */
static void sweep(const char *path)
{
    int fd = open_folder(path);
    struct stat status;

    if (fd >= 0 && !fstat(fd, &status) && status.st_uid == geteuid() &&
        (status.st_mode & 07777) == marked_mode && !flock(fd, LOCK_EX | LOCK_NB)) {
        tb_autofree char *inside = tb_print("/proc/self/fd/%d/.", fd);

        tb_file_remove_all(inside);
        (void)rmdir(path); /* what cannot be removed stays */
    }
    let_go(&fd);
}

static void sweep_all(const char *folder)
{
    tb_autowords char **names = NULL;

    (void)tb_folder_names(folder, &names); /* what cannot be read stays */
    for (char **name = names; *name; name++) {
        tb_autofree char *path = tb_folder_path(folder, *name);

        if (is_scratch(*name))
            sweep(path);
    }
}

/*
 * Where no place was chosen it is in memory: the FIFOs of a worker live for milliseconds, and ext4,
 * which lets an inode lie for a while before it is used again, takes up to 1.5 ms for them.
 */
static int make(bool first, struct tb_error *error)
{
    const char *folder = getenv("TMPDIR");
    bool chosen = folder && *folder;
    /* A worker, and git, may work in another folder than we do. */
    tb_autofree char *real = chosen ? realpath(folder, NULL) : NULL;
    int err = 0;

    if (real)
        folder = real;
    if (!chosen && !access("/dev/shm", W_OK))
        folder = "/dev/shm";
    else if (!chosen)
        folder = "/tmp";
    if (first)
        sweep_all(folder);
    err = make_in(folder);
    if (err && !chosen)
        err = make_in(folder = "/tmp");
    return err ? tb_failure(error,
                            "cannot make the folder '%s/" PREFIX DRAWN "': %s: set TMPDIR to "
                            "another place",
                            folder, strerror(err))
               : 0;
}

int tb_scratch_renew(struct tb_error *error)
{
    static bool registered;
    bool first = !registered;

    remove_scratch();
    if (first && atexit(tb_scratch_end))
        return tb_failure(error, "out of memory");
    registered = true;
    return make(first, error);
}

char *tb_scratch_path(const char *name)
{
    return tb_print("%s/%s", scratch, name);
}
