#include <threadbench/proc.h>

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

int tb_proc_read(const char *path, char *text, size_t size, size_t *ret_length)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC), err = 0;
    size_t length = 0;
    ssize_t part = 1;

    if (fd < 0)
        return errno;
    while (part > 0 && length + 1 < size) {
        part = read(fd, text + length, size - 1 - length);
        if (part > 0)
            length += (size_t)part;
        else if (part < 0)
            err = errno;
    }
    (void)close(fd); /* read only: nothing to lose */
    text[length] = '\0';
    if (!err)
        *ret_length = length;
    return err;
}

/* The C library ends each setting that it takes where a colon was. No variable has a dot in its
 * name. */
const char *tb_proc_tunables(char *variables, size_t size)
{
    static const char name[] = "GLIBC_TUNABLES=";
    char *at = variables, *end = variables + size;

    while (at < end && strncmp(at, name, strlen(name)) != 0)
        at += strlen(at) + 1;
    if (at >= end)
        return NULL;
    for (char *colon = at; colon < end; *colon = ':') {
        colon += strlen(colon);
        if (colon + 1 >= end || colon[1 + strcspn(colon + 1, ".=")] != '.')
            break;
    }
    return at + strlen(name);
}

int tb_proc_number(const char *path, const char *mark, int64_t *ret_number)
{
    char text[8192], *at, *end;
    size_t length;
    int err = tb_proc_read(path, text, sizeof(text), &length);
    long long number;

    if (err)
        return err;
    at = strstr(text, mark);
    if (!at)
        return ENOENT;
    number = strtoll(at + strlen(mark), &end, 10);
    if (end == at + strlen(mark))
        return ENOENT;
    *ret_number = number;
    return 0;
}

int tb_proc_other(const char *path, int64_t own, int64_t *ret_other)
{
    char list[8192] = "", *end;
    size_t length;
    int err = tb_proc_read(path, list, sizeof(list), &length);

    if (err)
        return err;
    for (const char *at = list; *at; at = end + (*end == ',')) {
        long long first = strtoll(at, &end, 10), last = first;

        if (end == at)
            break;
        if (*end == '-')
            last = strtoll(end + 1, &end, 10);
        if (first == own && first == last)
            continue;
        *ret_other = first == own ? first + 1 : first;
        return 0;
    }
    return ENOENT;
}

int tb_proc_lines(const char *path, int64_t *ret_lines)
{
    FILE *file = fopen(path, "re");
    int64_t lines = 0;

    if (!file)
        return errno;
    for (int c; (c = getc(file)) != EOF;)
        lines += c == '\n';
    (void)fclose(file); /* read only: nothing to lose */
    *ret_lines = lines;
    return 0;
}

/* Each line begins with LOW-HIGH, in hexadecimal digits, and is shorter than a path and 128. */
static int mapping_in(FILE *maps, uintptr_t address, uintptr_t *ret_begin)
{
    char line[PATH_MAX + 128];

    while (fgets(line, sizeof(line), maps)) {
        char *at;
        uintptr_t low = (uintptr_t)strtoumax(line, &at, 16);
        uintptr_t high = *at == '-' ? (uintptr_t)strtoumax(at + 1, NULL, 16) : 0;

        if (address < low || address >= high)
            continue;
        *ret_begin = low;
        return 0;
    }
    return ENOENT;
}

int tb_proc_mapping(uintptr_t address, uintptr_t *ret_begin)
{
    FILE *maps = fopen("/proc/self/maps", "re");
    int err;

    if (!maps)
        return errno;
    err = mapping_in(maps, address, ret_begin);
    (void)fclose(maps); /* read only: nothing to lose */
    return err;
}

/* A line ends with the file's path, and with a mark if that has been replaced since. */
bool tb_proc_has_mapped(const char *file)
{
    FILE *maps = fopen("/proc/self/maps", "re");
    char line[PATH_MAX + 128];
    bool has = false;

    while (maps && !has && fgets(line, sizeof(line), maps)) {
        const char *slash = strrchr(line, '/');
        char *mark = strstr(line, " (deleted)");

        line[strcspn(line, "\n")] = '\0';
        if (mark)
            *mark = '\0';
        has = slash && !strcmp(slash + 1, file);
    }
    if (maps)
        (void)fclose(maps); /* read only: nothing to lose */
    return has;
}

/* From here, as the hypervisor of a virtual machine may have tables of its own, which get a page
 * when it is accessed. A sanitizer is not asked: much of this memory is no object of the program's.
 */
__attribute__((no_sanitize("address", "thread"))) static void read_pages(uintptr_t low,
                                                                         uintptr_t high)
{
    uintptr_t bytes = (uintptr_t)sysconf(_SC_PAGESIZE);

    for (; low < high; low += bytes)
        __asm__("" : : "r"(*(const char *)low)); /* not left out, though nothing takes it */
}

/* MADV_POPULATE_READ and _WRITE, which older headers lack. Some mappings are no memory, or of no
 * use by the gigabyte, as those of sanitizers: they are left as they are. */
static bool populate(const char *line)
{
    enum { POPULATE_READ = 22, POPULATE_WRITE = 23, MOST_BYTES = 1 << 28 };
    char *at;
    uintptr_t low = (uintptr_t)strtoumax(line, &at, 16);
    uintptr_t high = *at == '-' ? (uintptr_t)strtoumax(at + 1, &at, 16) : low;
    bool reads = at[0] == ' ' && at[1] == 'r', writes = reads && at[2] == 'w' && at[4] == 'p';

    if (!reads || high - low > MOST_BYTES ||
        madvise((void *)low, high - low, writes ? POPULATE_WRITE : POPULATE_READ))
        return false;
    read_pages(low, high);
    return true;
}

/* Whatever the kernel, it refuses the advice about the mappings that are its own. */
int tb_proc_populate(void)
{
    FILE *maps = fopen("/proc/self/maps", "re");
    char line[PATH_MAX + 128];
    bool able = false;

    if (!maps)
        return errno;
    while (fgets(line, sizeof(line), maps))
        able |= populate(line);
    (void)fclose(maps); /* read only: nothing to lose */
    return able ? 0 : EINVAL;
}

/* ---- threads ---- */

int tb_proc_open_state(pid_t tid, int *ret_fd)
{
    char path[64];
    int fd;

    (void)snprintf(path, sizeof(path), "/proc/self/task/%d/stat", (int)tid);
    fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return errno;
    *ret_fd = fd;
    return 0;
}

/* The state letter stands after the last parenthesis: the name before it may hold anything. */
bool tb_proc_is_asleep(int state_fd)
{
    char text[256];
    ssize_t length = pread(state_fd, text, sizeof(text), 0);
    const char *end = length > 0 ? memrchr(text, ')', (size_t)length) : NULL;

    return end && end + 2 < text + length && end[2] == 'S';
}

/* Of a process: its directory of threads has a link for each, and two of its own. */
static int64_t threads_of_process(const char *process, uid_t user)
{
    char path[PATH_MAX];
    struct stat status;

    (void)snprintf(path, sizeof(path), "/proc/%s/task", process);
    return !stat(path, &status) && status.st_uid == user ? (int64_t)status.st_nlink - 2 : 0;
}

int64_t tb_proc_threads_of(uid_t user)
{
    DIR *processes = opendir("/proc");
    int64_t threads = 0;

    for (struct dirent *entry; processes && (entry = readdir(processes));)
        if (isdigit((unsigned char)entry->d_name[0]))
            threads += threads_of_process(entry->d_name, user);
    if (processes)
        (void)closedir(processes);
    return threads;
}

/* ---- control groups ---- */

/* "max", or no such file, is no limit. */
static int64_t tasks_left_in(const char *group)
{
    char path[2 * PATH_MAX];
    int64_t most, used;

    (void)snprintf(path, sizeof(path), "%s/pids.max", group);
    if (tb_proc_number(path, "", &most))
        return INT64_MAX;
    (void)snprintf(path, sizeof(path), "%s/pids.current", group);
    return tb_proc_number(path, "", &used) ? INT64_MAX : most - used;
}

/* Of the group at `path` below `root`, and of those that it is in, `root` among them. */
static int64_t tasks_left_up_from(const char *root, const char *path)
{
    char group[PATH_MAX + 64], *end;
    int64_t least = INT64_MAX;

    (void)snprintf(group, sizeof(group), "%s%s", root, path);
    do {
        int64_t left = tasks_left_in(group);

        least = left < least ? left : least;
        end = strrchr(group, '/');
        *end = '\0';
    } while (end >= group + strlen(root));
    return least;
}

/* The path of the group, cut out of a line NUMBER:CONTROLLERS:PATH, and below which folder it is;
 * NULL: of other controllers. The second version's has none. */
static const char *group_in(char *line, const char **ret_root)
{
    char *controllers = strchr(line, ':'), *path;
    bool second = controllers && controllers[1] == ':';

    if (!second && (!controllers || strncmp(controllers, ":pids:", 6) != 0))
        return NULL;
    path = strchr(controllers + 1, ':') + 1;
    path[strcspn(path, "\n")] = '\0';
    *ret_root = second ? "/sys/fs/cgroup" : "/sys/fs/cgroup/pids";
    return path;
}

int64_t tb_proc_tasks_left(void)
{
    FILE *file = fopen("/proc/self/cgroup", "re");
    int64_t least = INT64_MAX;
    char line[PATH_MAX];

    while (file && fgets(line, sizeof(line), file)) {
        const char *root, *path = group_in(line, &root);
        int64_t left = path ? tasks_left_up_from(root, path) : INT64_MAX;

        least = left < least ? left : least;
    }
    if (file)
        (void)fclose(file); /* read only: nothing to lose */
    return least;
}

/* ---- this process ---- */

int tb_proc_program(char *path, size_t size)
{
    ssize_t length = readlink("/proc/self/exe", path, size - 1);

    if (length < 0)
        return errno;
    path[length] = '\0';
    return 0;
}
