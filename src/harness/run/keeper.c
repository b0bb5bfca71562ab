#include "run/keeper.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "run/reaper.h"
#include "util/file.h"
#include "util/folder.h"
#include "util/memory.h"
#include "util/strings.h"

/*
 * What both processes see; NULL: there is no keeper. It is read when its writer is dead, which may
 * have happened anywhere: so `whole` is false while `folder` changes, released after it and
 * acquired before it.
 */
static struct shared {
    _Atomic pid_t group;
    atomic_bool whole;
    char folder[PATH_MAX];
} * shared;

static pid_t keeper;
static int line = -1; /* the end of a pipe that closes with this program */

/* Nothing of ours stays open in it but the pipe, nor any signal but SIGKILL. */
static void stand_apart(int end)
{
    sigset_t all;

    (void)sigfillset(&all); /* these cannot fail, but for close_range() on an old kernel: then */
    (void)sigprocmask(SIG_BLOCK, &all, NULL); /* descriptors are held for as long as we live */
    (void)setsid();
    (void)prctl(PR_SET_NAME, "tb-keeper"); /* so that who kills by name does not mean it */
    (void)close(line);
    (void)dup2(end, STDIN_FILENO);
    (void)syscall(SYS_close_range, STDOUT_FILENO, ~0U, 0);
}

/* Whether the process was told to write into the folder, whose name is like no other. */
static bool writes_there(const char *process)
{
    tb_autofree char *path = tb_print("/proc/%s/environ", process), *text = NULL;
    size_t size;

    return !tb_file_read(path, 16 << 20, &text, &size) &&
           memmem(text, size, shared->folder, strlen(shared->folder));
}

/* Kills what has left the worker's process group, as below timeout(1); whether there was any. */
static bool end_strays(void)
{
    tb_autowords char **names = NULL;
    bool any = false;

    (void)tb_folder_names("/proc", &names); /* processes that cannot be seen cannot be ended */
    for (char **name = names; *name; name++) {
        if (isdigit((unsigned char)**name) && writes_there(*name))
            any |= kill((pid_t)strtol(*name, NULL, 10), SIGKILL) == 0;
    }
    return any;
}

static void end_all(void)
{
    enum { most_passes = 100 }; /* those that were killed go soon; they may have forked before */
    pid_t group = atomic_load(&shared->group);

    if (group > 1)
        (void)kill(-group, SIGKILL); /* it may have ended */
    if (!atomic_load_explicit(&shared->whole, memory_order_acquire))
        return;
    for (int pass = 0; group > 1 && pass < most_passes && end_strays(); pass++)
        (void)sched_yield(); /* always succeeds */
    tb_file_remove_all(shared->folder);
}

static _Noreturn void keep(int end)
{
    char byte;

    stand_apart(end);
    while (read(STDIN_FILENO, &byte, 1) < 0 && errno == EINTR)
        continue;
    end_all();
    _exit(0);
}

bool tb_keeper_end(void)
{
    if (line < 0)
        return false;
    tb_keeper_folder(NULL); /* that is ours to remove, or still in use */
    (void)close(line);      /* nothing was written to it */
    line = -1;
    (void)waitpid(keeper, NULL, 0); /* our child; else it would be left to init */
    return true;
}

static void finish(void)
{
    (void)tb_keeper_end(); /* there may be none */
}

/* Where there is no memory, descriptor or process for it; nothing is left of it. */
static void give_up(int *ends)
{
    for (size_t i = 0; i < 2; i++) {
        if (ends[i] >= 0)
            (void)close(ends[i]); /* nothing was written to it */
    }
    line = -1;
    (void)munmap(shared, sizeof *shared);
    shared = NULL;
}

void tb_keeper_start(void)
{
    static bool tried;
    int ends[2] = {-1, -1};

    if (tried)
        return;
    tried = true;
    shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared == MAP_FAILED) {
        shared = NULL;
        return;
    }
    keeper = pipe2(ends, O_CLOEXEC) ? -1 : (line = ends[1], fork());
    if (keeper == 0)
        keep(ends[0]);
    if (keeper < 0 || atexit(finish)) {
        give_up(ends);
        return;
    }
    (void)close(ends[0]); /* the keeper's */
    tb_reaper_spare(keeper);
}

void tb_keeper_group(pid_t group)
{
    if (shared)
        atomic_store(&shared->group, group);
}

void tb_keeper_folder(const char *path)
{
    if (!shared)
        return;
    atomic_store(&shared->whole, false);
    if (!path || strlen(path) >= sizeof shared->folder)
        return;
    memcpy(shared->folder, path, strlen(path) + 1);
    atomic_store_explicit(&shared->whole, true, memory_order_release);
}
