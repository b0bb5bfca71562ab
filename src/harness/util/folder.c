#include "util/folder.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "util/memory.h"
#include "util/strings.h"

bool tb_is_folder(const char *path)
{
    struct stat status;

    return !stat(path, &status) && S_ISDIR(status.st_mode);
}

static int by_bytes(const void *left, const void *right)
{
    return strcmp(*(char *const *)left, *(char *const *)right);
}

int tb_folder_names(const char *folder, char ***ret_names)
{
    char **names = tb_alloc(1, sizeof *names);
    DIR *all = opendir(folder);
    const struct dirent *entry;
    size_t count = 0;
    int err = all ? 0 : errno;

    while (all && (errno = 0, entry = readdir(all)) != NULL) {
        if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
            continue;
        names = tb_room(names, count + 1, sizeof *names);
        names[count++] = tb_copy(entry->d_name);
    }
    if (all) {
        err = errno;
        (void)closedir(all); /* it was only read */
    }
    names[count] = NULL;
    qsort(names, count, sizeof *names, by_bytes);
    *ret_names = names;
    return err;
}

char *tb_folder_path(const char *folder, const char *name)
{
    return tb_print("%s%s%s", folder, tb_ends_with(folder, "/") ? "" : "/", name);
}
