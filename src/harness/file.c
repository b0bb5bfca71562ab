#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "memory.h"

static int read_all(FILE *file, size_t limit, char **ret_text, size_t *ret_size)
{
    size_t room = 4096, size = 0, got;
    char *text = tb_alloc(1, room + 1);

    while ((got = fread(text + size, 1, room - size, file)) > 0 && size + got <= limit) {
        size += got;
        if (size == room)
            text = tb_grow(text, 1, (room *= 2) + 1);
    }
    if (ferror(file) || got > 0) {
        int err = got > 0 ? EFBIG : errno;

        free(text);
        return err;
    }
    text[size] = '\0';
    *ret_text = text;
    *ret_size = size;
    return 0;
}

int tb_file_read(const char *path, size_t limit, char **ret_text, size_t *ret_size)
{
    FILE *file = fopen(path, "re");
    int err;

    if (!file)
        return errno;
    err = read_all(file, limit, ret_text, ret_size);
    (void)fclose(file); /* nothing was written to it */
    return err;
}

static bool is_special(const char *path)
{
    struct stat status;

    return stat(path, &status) == 0 && !S_ISREG(status.st_mode);
}

/* What `path` leads to in the end, so that a rename replaces that and not a link to it. */
static char *final_path(const char *path)
{
    char *resolved = realpath(path, NULL);

    return resolved ? resolved : tb_copy(path);
}

/* A name of our own in the folder of `path`; opened. */
static int open_beside(const char *path, char **ret_name)
{
    char *name = tb_print("%s.XXXXXX", path);
    int fd = mkostemp(name, O_CLOEXEC);

    if (fd < 0)
        free(name);
    else
        *ret_name = name;
    return fd;
}

/* 0 or an errno value; closes `fd` either way. */
static int put_text(int fd, const char *text, bool sync)
{
    size_t left = strlen(text);
    int err = 0;

    while (left && !err) {
        ssize_t wrote = write(fd, text, left);

        if (wrote < 0 && errno != EINTR)
            err = errno;
        else if (wrote > 0)
            text += wrote, left -= (size_t)wrote;
    }
    if (!err && sync && fsync(fd))
        err = errno;
    if (close(fd) && !err)
        err = errno;
    return err;
}

static int write_directly(const char *path, const char *text)
{
    int fd = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY);

    return fd < 0 ? errno : put_text(fd, text, false);
}

/* Makes the rename itself lasting. */
static int sync_folder(const char *path)
{
    char *copy = tb_copy(path);
    int fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int err = fd < 0 ? errno : put_text(fd, "", true);

    free(copy);
    /* Some file systems cannot sync a folder; the file itself is safe by then. */
    return err == EINVAL ? 0 : err;
}

/* The mode a newly made file would have: mkostemp's own is for its owner alone. */
static mode_t usual_mode(void)
{
    mode_t mask = umask(0);

    (void)umask(mask); /* cannot fail */
    return 0666 & ~mask;
}

static int write_and_rename(const char *path, const char *text)
{
    char *name;
    int fd = open_beside(path, &name);
    int err;

    if (fd < 0)
        return errno;
    err = fchmod(fd, usual_mode()) ? errno : 0;
    if (err)
        (void)close(fd); /* the first error is the one to tell */
    else
        err = put_text(fd, text, true);
    if (!err && rename(name, path))
        err = errno;
    if (err)
        (void)unlink(name); /* the first error is the one to tell */
    free(name);
    return err ? err : sync_folder(path);
}

int tb_file_write(const char *path, const char *text, struct tb_error *error)
{
    char *end = final_path(path);
    int err = is_special(end) ? write_directly(end, text) : write_and_rename(end, text);

    free(end);
    return err ? tb_error_set(error, TB_FAILURE, "cannot write '%s': %s", path, strerror(err)) : 0;
}

/* 0 or an errno value. */
static int try_beside(const char *path)
{
    char *name;
    int fd = open_beside(path, &name);
    int err;

    if (fd < 0)
        return errno;
    err = unlink(name) ? errno : 0;
    (void)close(fd); /* nothing was written to it */
    free(name);
    return err;
}

int tb_file_check(const char *path, struct tb_error *error)
{
    char *end = final_path(path);
    struct stat status;
    int err;

    if (stat(end, &status) == 0 && S_ISDIR(status.st_mode))
        err = EISDIR;
    else if (is_special(end))
        err = access(end, W_OK) ? errno : 0;
    else
        err = try_beside(end);
    free(end);
    return err ? tb_error_set(error, TB_FAILURE, "cannot write '%s': %s", path, strerror(err)) : 0;
}
