/* The suite's readers of /proc. See fuzz_system.c for the file that is included. */
#include "fuzz.h"

/* NOLINTNEXTLINE(bugprone-suspicious-include) */
#include "../suite/proc.c"

#include <assert.h>
#include <stdbool.h>
#include <sys/mman.h>

static char file[32];
static int fd = -1;

static void put(const char *text, size_t size)
{
    if (fd < 0) {
        fd = memfd_create("proc", MFD_CLOEXEC);
        (void)snprintf(file, sizeof file, "/proc/self/fd/%d", fd); /* fits */
    }
    assert(!ftruncate(fd, 0) && pwrite(fd, text, size, 0) == (ssize_t)size);
}

static int64_t count_lines(const char *text, size_t size)
{
    int64_t count = 0;

    for (size_t i = 0; i < size; i++)
        count += text[i] == '\n';
    return count;
}

static void check_file(const char *text, size_t size)
{
    int64_t lines = -1, number = -1, other = -1;
    char part[16] = "";
    size_t length = 0;
    int err = tb_proc_lines(file, &lines);
    bool no_number = tb_proc_number(file, "", &number),
         no_threads = tb_proc_number(file, "Threads:", &other);

    assert(!err && lines == count_lines(text, size));
    assert(!tb_proc_read(file, part, sizeof part, &length));
    assert(length == (size < 15 ? size : 15) && !memcmp(part, text, length) && !part[length]);
    assert(no_number || strpbrk(text, "0123456789"));
    assert(no_threads || strstr(text, "Threads:"));
    err = tb_proc_other(file, 3, &other);
    assert(err || other != 3);
    assert(!tb_proc_is_asleep(fd) || memchr(text, ')', size));
}

static void check_mapping(char *text, size_t size)
{
    static const uintptr_t addresses[] = {0, 0x1000, 0x7f00deadbeef, UINTPTR_MAX};
    FILE *maps = size ? fmemopen(text, size, "r") : NULL;

    for (size_t i = 0; maps && i < sizeof addresses / sizeof *addresses; i++) {
        uintptr_t begin = 0;

        rewind(maps);
        if (!mapping_in(maps, addresses[i], &begin))
            assert(begin <= addresses[i]);
    }
    if (maps)
        (void)fclose(maps); /* in memory */
}

/* Of a line at most: the kernel has a folder for each of its parts. */
static void check_group(char *line)
{
    const char *root = NULL, *path = group_in(line, &root);

    assert(!path || (root && !strchr(path, '\n')));
    if (path && strlen(path) < 64)
        (void)tasks_left_up_from(root, path);
}

/* Of the environment: within it, and all of its settings in one. */
static void check_tunables(char *text, size_t size)
{
    const char *found = tb_proc_tunables(text, size);

    assert(!found || (found > text && found + strlen(found) <= text + size));
}

/* A file, whichever it is taken for. */
void tb_fuzz_proc(char *text, size_t size)
{
    put(text, size);
    check_file(text, size);
    check_mapping(text, size);
    check_group(text);
    check_tunables(text, size);
}
