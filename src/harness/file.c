#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <inttypes.h>
#include <libgen.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "memory.h"

/* What the file should fit into without growing; only a guess. */
static size_t room_for(FILE *file, size_t limit)
{
    struct stat status;

    if (fstat(fileno(file), &status) || status.st_size < 4096 || (uintmax_t)status.st_size > limit)
        return 4096;
    return (size_t)status.st_size + 1;
}

static int read_all(FILE *file, size_t limit, char **ret_text, size_t *ret_size)
{
    size_t room = room_for(file, limit), size = 0, got;
    char *text = tb_alloc_text(room + 1);

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

/* What `path` leads to in the end, so that a rename replaces that and not a link to it. */
static char *final_path(const char *path)
{
    char *resolved = realpath(path, NULL);

    return resolved ? resolved : tb_copy(path);
}

/* A file with a name of our own, the caller's, in the folder of `path`; -1 with errno set. */
static int open_beside(const char *path, char **ret_name)
{
    const char *slash = strrchr(path, '/');
    int folder = slash ? (int)(slash + 1 - path) : 0;
    uint64_t drawn;

    if (getrandom(&drawn, sizeof drawn, 0) != (ssize_t)sizeof drawn)
        return -1;
    *ret_name = tb_print("%.*s%s%016" PRIx64, folder, path, TB_FILE_LEFTOVER, drawn);
    return open(*ret_name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
}

/* 0 or an errno value; closes `fd` either way. */
static int put_bytes(int fd, const char *bytes, size_t left, bool sync)
{
    int err = 0;

    while (left && !err) {
        ssize_t wrote = write(fd, bytes, left);

        if (wrote < 0 && errno != EINTR)
            err = errno;
        else if (wrote > 0)
            bytes += wrote, left -= (size_t)wrote;
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

    return fd < 0 ? errno : put_bytes(fd, text, strlen(text), false);
}

/* Makes it lasting that `path` has come into its folder: 0 or an errno value. */
static int sync_name(const char *path)
{
    tb_autofree char *copy = tb_copy(path);
    int fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int err = fd < 0 ? errno : put_bytes(fd, "", 0, true);

    /* Some file systems cannot sync a folder; the file itself is safe by then. */
    return err == EINVAL ? 0 : err;
}

int tb_file_make_folders(char *path, size_t known)
{
    int err = 0;

    for (char *slash = path; !err && (slash = strchr(slash + 1, '/')) != NULL;) {
        bool made;

        *slash = '\0';
        made = mkdir(path, 0777) == 0;
        if (!made && errno != EEXIST)
            err = errno;
        else if (made || (size_t)(slash - path) > known)
            err = sync_name(path);
        *slash = '/';
    }
    return err;
}

/* Gives `name` the name `path`, which may be taken only if `replace`. */
static int move(const char *name, const char *path, bool replace)
{
    if (!renameat2(AT_FDCWD, name, AT_FDCWD, path, replace ? 0 : RENAME_NOREPLACE))
        return 0;
    if (replace || (errno != EINVAL && errno != ENOSYS))
        return errno;
    /* This file system cannot; a second name cannot replace anything either. */
    return link(name, path) || unlink(name) ? errno : 0;
}

static int write_and_move(const char *path, const char *bytes, size_t size, bool replace)
{
    tb_autofree char *name = NULL;
    int fd = open_beside(path, &name);
    int err;

    if (fd < 0)
        return errno;
    err = put_bytes(fd, bytes, size, true);
    if (!err)
        err = move(name, path, replace);
    if (err)
        (void)unlink(name); /* the first error is the one to tell */
    return err ? err : sync_name(path);
}

int tb_file_create(const char *path, const char *bytes, size_t size)
{
    return write_and_move(path, bytes, size, false);
}

int tb_file_failed(const char *verb, const char *path, int err, struct tb_error *error)
{
    const char *advice = "";

    if (err == ENOSPC || err == EDQUOT)
        advice = ": make room, or choose another place";
    else if (err == EROFS || err == EACCES)
        advice = ": choose another place";
    return tb_error_set(error, TB_FAILURE, "cannot %s '%s': %s%s", verb, path, strerror(err),
                        advice);
}

int tb_file_write(const char *path, const char *text, struct tb_error *error)
{
    tb_autofree char *end = final_path(path);
    struct stat status;
    int err = !stat(end, &status) && !S_ISREG(status.st_mode)
                  ? write_directly(end, text)
                  : write_and_move(end, text, strlen(text), true);

    return err ? tb_file_failed("write", path, err, error) : 0;
}

/* 0 or an errno value. */
static int try_beside(const char *path)
{
    tb_autofree char *name = NULL;
    int fd = open_beside(path, &name);
    int err;

    if (fd < 0)
        return errno;
    err = unlink(name) ? errno : 0;
    (void)close(fd); /* nothing was written to it */
    return err;
}

int tb_file_check(const char *path, struct tb_error *error)
{
    tb_autofree char *end = final_path(path);
    struct stat status;
    int err;

    if (stat(end, &status) || S_ISREG(status.st_mode))
        err = try_beside(end);
    else if (S_ISDIR(status.st_mode))
        err = EISDIR;
    else
        err = access(end, W_OK) ? errno : 0;
    return err ? tb_file_failed("write", path, err, error) : 0;
}

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *place)
{
    (void)status;
    (void)type;
    (void)place;
    (void)remove(path); /* what can be is: the rest is not given up for it */
    return 0;
}

void tb_file_remove_all(const char *folder)
{
    (void)nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS); /* likewise */
}
