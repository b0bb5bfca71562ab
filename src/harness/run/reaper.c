#include "run/reaper.h"

#include <ctype.h>
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "run/procstat.h"
#include "util/file.h"
#include "util/folder.h"
#include "util/memory.h"
#include "util/strings.h"

/* Children that are not to be ended: numbers, each between blanks; NULL before tb_reaper_init(). */
static char *inherited;

/* The numbers of our children, by asking every process for its parent; the caller's. */
static char *search_children(void)
{
    tb_autowords char **names = NULL;
    char *text;
    size_t size;
    FILE *found = tb_open_text(&text, &size);

    (void)tb_folder_names("/proc", &names); /* processes that cannot be seen cannot be ended */
    for (char **name = names; *name; name++) {
        tb_autofree char *path = tb_print("/proc/%s/status", *name);

        if (isdigit((unsigned char)**name) && tb_kernel_number(path, "\nPPid:") == getpid())
            (void)fprintf(found, "%s ", *name); /* cannot fail, as fclose(): memory */
    }
    (void)fclose(found);
    return text;
}

/* The same in one read, which is quick enough to catch up with a process that goes on forking; not
 * every kernel was built to answer it. */
static char *list_children(void)
{
    char *text;
    size_t size;

    return tb_file_read("/proc/thread-self/children", 16 << 20, &text, &size) ? search_children()
                                                                              : text;
}

int tb_reaper_init(void)
{
    tb_autofree char *children = list_children();

    inherited = tb_print(" %s ", children);
    return prctl(PR_SET_CHILD_SUBREAPER, 1) ? errno : 0;
}

void tb_reaper_spare(pid_t pid)
{
    char *children = tb_print("%s%d ", inherited ? inherited : " ", (int)pid);

    free(inherited);
    inherited = children;
}

static bool is_inherited(const char *number)
{
    tb_autofree char *word = tb_print(" %s ", number);

    return inherited && strstr(inherited, word);
}

/*
 * Kills a child; false where that is not allowed. In a session that is not ours its whole group is
 * killed at once, so that nobody in it forks on. The number is the child's until it is reaped.
 */
static bool end_child(pid_t pid)
{
    pid_t group = getpgid(pid);

    if (group > 0 && getsid(pid) != getsid(0))
        (void)kill(-group, SIGKILL); /* it may have ended meanwhile */
    return kill(pid, SIGKILL) == 0;
}

/* Whether any could be killed. */
static bool end_children(void)
{
    tb_autofree char *text = list_children();
    bool any = false;

    for (char *number = strtok(text, " \n"); number; number = strtok(NULL, " \n")) {
        if (!is_inherited(number))
            any |= end_child((pid_t)strtol(number, NULL, 10));
    }
    return any;
}

bool tb_reaper_end(void)
{
    bool any = false;

    while (end_children()) {
        any = true;
        /* At least one is about to die, and its children become ours in that moment. */
        (void)waitpid(-1, NULL, 0);
        while (waitpid(-1, NULL, WNOHANG) > 0)
            continue;
    }
    return any;
}
