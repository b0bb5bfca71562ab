#include <threadbench/bench.h>

#include <ctype.h>
#include <dirent.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

static const int64_t unlimited = INT64_MAX;

/* The first number in a file after a mark, if one is given; "max", or no such file, is no limit. */
static int64_t number_after(const char *path, char mark)
{
    FILE *file = fopen(path, "re");
    char line[128] = "", *at = line, *end;
    int64_t number;

    if (!file)
        return unlimited;
    if (!fgets(line, sizeof(line), file))
        line[0] = '\0';
    (void)fclose(file); /* read only: nothing to lose */
    if (mark && (at = strchr(line, mark)))
        at++;
    number = at ? strtoll(at, &end, 10) : 0;
    return at && end != at ? number : unlimited;
}

static int64_t number_in(const char *path)
{
    return number_after(path, '\0');
}

static int64_t left_of(int64_t most, int64_t used)
{
    return most == unlimited || used == unlimited ? unlimited : most - used;
}

/* Threads of all processes: the number after the slash in /proc/loadavg. */
static int64_t left_of_all(const char *limit)
{
    return left_of(number_in(limit), number_after("/proc/loadavg", '/'));
}

static int64_t left_of_threads_max(void)
{
    return left_of_all("/proc/sys/kernel/threads-max");
}

/* The kernel gives out the numbers below 300 once, and then begins again at 300. */
static int64_t left_of_pid_max(void)
{
    enum { RESERVED = 300 };

    return left_of_all("/proc/sys/kernel/pid_max") - RESERVED;
}

/* A thread takes two mappings: its stack, and the guard. */
static int64_t left_of_maps(void)
{
    FILE *file = fopen("/proc/self/maps", "re");
    int64_t used = 0;

    if (!file)
        return unlimited;
    for (int c; (c = getc(file)) != EOF;)
        used += c == '\n';
    (void)fclose(file);
    return left_of(number_in("/proc/sys/vm/max_map_count"), used) / 2;
}

/* Two stacks, of which a part is touched, page tables, the kernel's records: nobody refuses them
 * when they run out, but some process is killed. So this is the upper end of what they take. */
static int64_t left_of_memory(void)
{
    enum { THREAD_KIB = 64 };
    static const char key[] = "MemAvailable:";
    FILE *file = fopen("/proc/meminfo", "re");
    int64_t left = unlimited;
    char line[128];

    while (file && fgets(line, sizeof(line), file))
        if (!strncmp(line, key, sizeof(key) - 1))
            left = strtoll(line + sizeof(key) - 1, NULL, 10) / THREAD_KIB;
    if (file)
        (void)fclose(file);
    return left;
}

/* Threads of a process: its directory of them has a link for each, and two of its own. */
static int64_t threads_of(const char *process, uid_t user)
{
    char path[PATH_MAX];
    struct stat status;

    (void)snprintf(path, sizeof(path), "/proc/%s/task", process);
    return !stat(path, &status) && status.st_uid == user ? (int64_t)status.st_nlink - 2 : 0;
}

static int64_t threads_of_user(uid_t user)
{
    DIR *processes = opendir("/proc");
    int64_t used = 0;

    for (struct dirent *entry; processes && (entry = readdir(processes));)
        if (isdigit((unsigned char)entry->d_name[0]))
            used += threads_of(entry->d_name, user);
    if (processes)
        (void)closedir(processes);
    return used;
}

static int64_t left_of_nproc(void)
{
    struct rlimit limit = {.rlim_cur = RLIM_INFINITY};

    (void)getrlimit(RLIMIT_NPROC, &limit); /* fails only for bad arguments */
    return limit.rlim_cur == RLIM_INFINITY || !getuid()
               ? unlimited
               : (int64_t)limit.rlim_cur - threads_of_user(getuid());
}

/* Of the group at `path`, and of those that it is in. */
static int64_t left_of_group(const char *root, char *path)
{
    int64_t least = unlimited;
    char *slash = path;

    while (slash) {
        char file[2 * PATH_MAX];
        int64_t most, used;

        (void)snprintf(file, sizeof(file), "%s%s/pids.max", root, path);
        most = number_in(file);
        (void)snprintf(file, sizeof(file), "%s%s/pids.current", root, path);
        used = number_in(file);
        least = left_of(most, used) < least ? left_of(most, used) : least;
        slash = strrchr(path, '/');
        if (slash)
            *slash = '\0';
    }
    return least;
}

/* A line is NUMBER:CONTROLLERS:PATH; the second version's has no controllers. */
static int64_t left_of_pids(void)
{
    FILE *file = fopen("/proc/self/cgroup", "re");
    int64_t least = unlimited;
    char line[PATH_MAX];

    while (file && fgets(line, sizeof(line), file)) {
        char *group = strchr(line, ':');
        char *path = group ? strchr(group + 1, ':') : NULL;
        bool second = group && path == group + 1;
        int64_t left;

        if (!path || (!second && strncmp(group, ":pids:", 6) != 0))
            continue;
        path[strcspn(path, "\n")] = '\0';
        left = left_of_group(second ? "/sys/fs/cgroup" : "/sys/fs/cgroup/pids", path + 1);
        least = left < least ? left : least;
    }
    if (file)
        (void)fclose(file);
    return least;
}

static const struct {
    const char *name;
    int64_t (*left)(void);
} limits[] = {
    {"RLIMIT_NPROC", left_of_nproc},
    {"pids.max", left_of_pids},
    {"kernel.threads-max", left_of_threads_max},
    {"kernel.pid_max", left_of_pid_max},
    {"vm.max_map_count", left_of_maps},
    {"memory", left_of_memory},
};

struct tb_limit tb_limits_least(void)
{
    struct tb_limit least = {.left = unlimited};

    for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
        int64_t left = limits[i].left();

        if (left < least.left)
            least = (struct tb_limit){limits[i].name, left};
    }
    return least;
}
