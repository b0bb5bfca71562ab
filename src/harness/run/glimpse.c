#include "run/glimpse.h"

#include <elf.h>
#include <limits.h>
#include <link.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/file.h"
#include "util/folder.h"
#include "util/json.h"
#include "util/memory.h"
#include "util/strings.h"

enum { proc_limit = 4 << 20, most_generations = 16 };

void tb_glimpse_finish(struct tb_glimpse *glimpse)
{
    free(glimpse->maps);
    free(glimpse->exe);
    free(glimpse->preload);
    free(glimpse->tunables);
    free(glimpse->libc);
    cJSON_Delete(glimpse->build_ids);
    *glimpse = (struct tb_glimpse){0};
}

struct tb_glimpse tb_glimpse_told(const cJSON *process)
{
    return (struct tb_glimpse){
        .maps = tb_copy(tb_json_text(process, "maps")),
        .exe = tb_copy(tb_json_text(process, "exe")),
        .preload = tb_copy(tb_json_text(process, "preload")),
        .tunables = tb_copy(tb_json_text(process, "tunables")),
        .libc = tb_copy(tb_json_text(process, "libc")),
        .visible = true,
        .base = tb_json_whole(process, "base", 0),
        .build_ids = cJSON_Duplicate(tb_json_find(process, "build_ids"), true),
    };
}

/* The caller's; NULL where it cannot be read, or is empty. */
static char *read_proc(pid_t pid, const char *name, size_t *ret_size)
{
    tb_autofree char *path = tb_print("/proc/%d/%s", (int)pid, name);
    char *text = NULL;

    if (tb_file_read(path, proc_limit, &text, ret_size) || *ret_size)
        return text;
    free(text);
    return NULL;
}

/* Where a symbolic link leads; the caller's, NULL for none. */
static char *read_link(pid_t pid, const char *name)
{
    tb_autofree char *path = tb_print("/proc/%d/%s", (int)pid, name);
    char target[PATH_MAX] = "";

    return readlink(path, target, sizeof target - 1) > 0 ? tb_copy(target) : NULL;
}

static bool has_open(pid_t pid, const struct stat *file)
{
    tb_autofree char *folder = tb_print("/proc/%d/fd", (int)pid);
    tb_autowords char **names = NULL;
    bool found = false;

    (void)tb_folder_names(folder, &names); /* a process that has ended has nothing open */
    for (char **name = names; !found && *name; name++) {
        tb_autofree char *path = tb_folder_path(folder, *name);
        struct stat status;

        found =
            !stat(path, &status) && status.st_ino == file->st_ino && status.st_dev == file->st_dev;
    }
    return found;
}

/* Of the process and its descendants; 0: none has it open. */
/* NOLINTNEXTLINE(misc-no-recursion): as deep as the last argument */
static pid_t find_writer(pid_t pid, const struct stat *file, int generations)
{
    tb_autofree char *name = tb_print("task/%d/children", (int)pid), *children = NULL;
    pid_t found = has_open(pid, file) ? pid : 0;
    char *rest = NULL;
    size_t size;

    if (found || !generations)
        return found;
    children = read_proc(pid, name, &size);
    for (char *word = children ? strtok_r(children, " ", &rest) : NULL; word && !found;
         word = strtok_r(NULL, " ", &rest))
        found = find_writer((pid_t)strtol(word, NULL, 10), file, generations - 1);
    return found;
}

/* The value of a variable among `size` bytes of them, each of which ends with a NUL. */
static char *variable_of(const char *all, size_t size, const char *name)
{
    size_t length = strlen(name);

    for (const char *at = all; at && at < all + size; at += strlen(at) + 1) {
        if (!strncmp(at, name, length) && at[length] == '=')
            return tb_copy(at + length + 1);
    }
    return NULL;
}

/* The same of GLIBC_TUNABLES. The C library ends each setting that it takes where a colon was: what
 * follows is a part of it, too, as no variable has a dot in its name. */
static char *tunables_of(char *all, size_t size)
{
    static const char name[] = "GLIBC_TUNABLES";
    char *at = all;

    while (at && at < all + size && !tb_begins_with(at, name))
        at += strlen(at) + 1;
    for (char *end = at; at && end < all + size; *end = ':') {
        end += strlen(end);
        if (end + 1 >= all + size || end[1 + strcspn(end + 1, ".=")] != '.')
            break;
    }
    return variable_of(all, size, name);
}

static uint64_t base_of(const char *bytes, size_t size)
{
    ElfW(auxv_t) entry;
    uint64_t base = 0;

    for (size_t at = 0; bytes && at + sizeof entry <= size; at += sizeof entry) {
        memcpy(&entry, bytes + at, sizeof entry);
        if (entry.a_type == AT_BASE)
            base = entry.a_un.a_val;
    }
    return base;
}

/* Where other file systems are mounted than here, paths mean nothing to us. Elsewhere the kernel
 * shows them from our root on, whatever the process's own is. */
static bool is_visible(pid_t pid)
{
    tb_autofree char *own = read_link(getpid(), "ns/mnt"), *its = read_link(pid, "ns/mnt");

    return tb_same(own, its);
}

struct tb_glimpse tb_glimpse_take(pid_t pid, const char *path)
{
    struct tb_glimpse glimpse = {.tried = true};
    struct stat file;
    pid_t writer = stat(path, &file) ? 0 : find_writer(pid, &file, most_generations);
    tb_autofree char *variables = NULL, *vector = NULL;
    size_t size = 0;

    if (!writer)
        return glimpse;
    vector = read_proc(writer, "auxv", &size);
    glimpse.base = base_of(vector, size);
    variables = read_proc(writer, "environ", &size);
    glimpse.preload = variable_of(variables, size, "LD_PRELOAD");
    glimpse.tunables = tunables_of(variables, size);
    glimpse.exe = read_link(writer, "exe");
    glimpse.visible = is_visible(writer);
    glimpse.maps = read_proc(writer, "maps", &size); /* the last: it lived until here */
    return glimpse;
}
