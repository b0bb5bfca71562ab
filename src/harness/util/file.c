#include "util/file.h"

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

#include "util/memory.h"
#include "util/suggest.h"

/* How much the file should need; a guess, so that the memory rarely has to grow. */
static size_t room_for(FILE *file, size_t limit)
{
    struct stat status = {0};

    (void)fstat(fileno(file), &status); /* it is open */
    if (status.st_size < 4096 || (uintmax_t)status.st_size > limit)
        return 4096;
    return (size_t)status.st_size + 1;
}

/* The first `limit` bytes; EFBIG where there are more. The text, or NULL, is the caller's in any
 * case. */
static int read_up_to(const char *path, size_t limit, char **ret_text, size_t *ret_size)
{
    FILE *file = fopen(path, "re");
    size_t room, size = 0, got;
    int err;

    *ret_text = NULL;
    if (!file)
        return errno;
    room = room_for(file, limit);
    *ret_text = tb_alloc_text(room + 1);
    while (size <= limit && (got = fread(*ret_text + size, 1, room - size, file)) > 0) {
        size += got;
        if (size == room)
            *ret_text = tb_grow(*ret_text, 1, (room *= 2) + 1);
    }
    err = ferror(file) ? errno : size > limit ? EFBIG : 0;
    (void)fclose(file); /* nothing was written to it */
    *ret_size = size > limit ? limit : size;
    (*ret_text)[*ret_size] = '\0';
    return err;
}

int tb_file_read(const char *path, size_t limit, char **ret_text, size_t *ret_size)
{
    char *text;
    size_t size;
    int err = read_up_to(path, limit, &text, &size);

    if (err) {
        free(text);
        return err;
    }
    *ret_text = text;
    *ret_size = size;
    return 0;
}

int tb_file_read_head(const char *path, size_t most, char **ret_text, size_t *ret_size)
{
    int err = read_up_to(path, most, ret_text, ret_size);

    return err == EFBIG ? 0 : err;
}

/* The path that a symbolic link leads to, the caller's; NULL where `link` is none. */
static char *follow(const char *link)
{
    const char *slash = strrchr(link, '/');
    char target[PATH_MAX]; /* than which a link's is shorter */
    ssize_t size = readlink(link, target, sizeof target);

    if (size < 0)
        return NULL;
    return tb_print("%.*s%.*s", *target != '/' && slash ? (int)(slash + 1 - link) : 0, link,
                    (int)size, target);
}

/* The file that a write to a path replaces, or makes. */
struct target {
    char *path; /* owned: where the links of the path lead to in the end */
    bool there;
    bool direct; /* it is there and no regular file: it is written to, not replaced */
    bool is_folder;
    mode_t mode; /* where it is there */
};

static void target_finish(struct target *target)
{
    free(target->path);
}

/* Returns 0 or an errno value; the target is to be finished either way. */
static int find_target(const char *path, struct target *target)
{
    struct stat status;
    char *next;

    *target = (struct target){.path = realpath(path, NULL)};
    if (!stat(path, &status)) {
        target->there = true;
        target->mode = status.st_mode & 0777;
        target->is_folder = S_ISDIR(status.st_mode);
        /* What has no path, as a pipe behind /dev/stdout, has the one that was given. */
        target->direct = !S_ISREG(status.st_mode) || !target->path;
    } else if (errno != ENOENT) {
        return errno;
    }
    if (target->path)
        return 0;
    target->path = tb_copy(path);
    while (!target->direct && (next = follow(target->path)) != NULL) {
        free(target->path); /* stat() found an end, so that there is no circle */
        target->path = next;
    }
    return 0;
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

/* Does not wait for a reader of a FIFO, as no signal would end that: ENXIO where there is none. */
static int open_directly(const char *path)
{
    int fd = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);

    if (fd >= 0)
        (void)fcntl(fd, F_SETFL, 0); /* should it fail, a full pipe is an error of writing */
    return fd;
}

static int write_directly(const char *path, const char *text)
{
    int fd = open_directly(path);

    return fd < 0 ? errno : put_bytes(fd, text, strlen(text), false);
}

/* Syncs the folder of `path`, so that its name is there after a crash: 0 or an errno value. */
static int sync_name(const char *path)
{
    tb_autofree char *copy = tb_copy(path);
    int fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int err = fd < 0 ? errno : put_bytes(fd, "", 0, true);

    /* Some file systems cannot sync a folder, and some folders may be written and not be read; the
     * file itself is safe by then. */
    return err == EINVAL || err == EACCES ? 0 : err;
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

/* Renames a file; where `path` is taken it is replaced or not, EEXIST. */
static int move(const char *name, const char *path, bool replace)
{
    if (!renameat2(AT_FDCWD, name, AT_FDCWD, path, replace ? 0 : RENAME_NOREPLACE))
        return 0;
    if (replace || (errno != EINVAL && errno != ENOSYS))
        return errno;
    /* This file system cannot; a second name cannot replace anything either. */
    return link(name, path) || unlink(name) ? errno : 0;
}

/* As open_beside(), with the mode of `old`, if that is there. */
static int begin_beside(const char *path, const struct target *old, char **ret_name)
{
    int fd = open_beside(path, ret_name), err;

    if (fd < 0 || !old || !old->there || !fchmod(fd, old->mode))
        return fd;
    err = errno;
    (void)close(fd); /* the first error is the one to report, here and below */
    (void)unlink(*ret_name);
    errno = err;
    return -1;
}

/* That a file has as many bytes as were written to it: EIO where it has not. */
static int check_size(const char *name, uint64_t size)
{
    struct stat status;

    if (stat(name, &status))
        return errno;
    return (uint64_t)status.st_size == size ? 0 : EIO;
}

/* Moves what is beside it there, if all went well and all of it is there; 0 or the error. */
static int end_beside(const char *name, uint64_t size, const char *path, bool replace, int err)
{
    if (!err)
        err = check_size(name, size);
    if (!err)
        err = move(name, path, replace);
    if (err)
        (void)unlink(name);
    return err ? err : sync_name(path);
}

/* Replaces `old`, if that is there; NULL: nothing may be replaced. */
static int write_and_move(const char *path, const char *bytes, size_t size,
                          const struct target *old)
{
    tb_autofree char *name = NULL;
    int fd = begin_beside(path, old, &name);

    return fd < 0 ? errno
                  : end_beside(name, size, path, old != NULL, put_bytes(fd, bytes, size, true));
}

int tb_file_create(const char *path, const char *bytes, size_t size)
{
    return write_and_move(path, bytes, size, NULL);
}

int tb_file_unreadable(const char *path, int err, struct tb_error *error)
{
    tb_autofree char *nearest = err == ENOENT ? tb_nearest_path(path) : NULL;

    if (nearest)
        return tb_failure(error, "cannot read '%s': %s: did you mean '%s'?", path, strerror(err),
                          nearest);
    return tb_failure(error, "cannot read '%s': %s", path, strerror(err));
}

int tb_file_unwritable(const char *verb, const char *path, int err, struct tb_error *error)
{
    const char *advice = "";

    if (err == ENOSPC || err == EDQUOT)
        advice = ": make room, or choose another place";
    else if (err == EROFS || err == EACCES)
        advice = ": choose another place";
    else if (err == ENXIO)
        advice = ": nobody reads it";
    return tb_failure(error, "cannot %s '%s': %s%s", verb, path, strerror(err), advice);
}

int tb_file_write(const char *path, const char *text, struct tb_error *error)
{
    tb_auto(target_finish) struct target target = {0};
    int err = find_target(path, &target);

    if (!err)
        err = target.direct ? write_directly(target.path, text)
                            : write_and_move(target.path, text, strlen(text), &target);
    return err ? tb_file_unwritable("write", path, err, error) : 0;
}

/* Of the draft that is being written, as one is at a time; NULL: there is none. */
static const char *draft_name;

/* For an end in between, as where memory runs out. */
static void remove_draft(void)
{
    if (draft_name)
        (void)unlink(draft_name); /* it is for nobody, and named as a leftover is */
}

static void register_draft(const char *name)
{
    static bool registered;

    draft_name = name;
    registered = registered || !atexit(remove_draft); /* else it would stay, named as a leftover */
}

int tb_draft_begin(struct tb_draft *draft, const char *path, struct tb_error *error)
{
    tb_auto(target_finish) struct target target = {0};
    int fd = -1, err = find_target(path, &target);

    *draft = (struct tb_draft){0};
    if (!err) {
        fd = target.direct ? open_directly(target.path)
                           : begin_beside(target.path, &target, &draft->name);
        err = fd < 0 ? errno : 0;
    }
    if (err) {
        tb_free(&draft->name);
        draft->name = NULL;
        return tb_file_unwritable("write", path, err, error);
    }
    register_draft(draft->name);
    draft->path = tb_copy(target.path);
    draft->out = tb_or_end(fdopen(fd, "w")); /* it fails for lack of memory alone */
    return 0;
}

int tb_draft_end(struct tb_draft *draft, bool keep, struct tb_error *error)
{
    int err = ferror(draft->out) ? EIO : 0;
    off_t size = ftello(draft->out); /* -1 of a pipe, which is not moved */

    if (!err && (fflush(draft->out) || (keep && draft->name && fsync(fileno(draft->out)))))
        err = errno;
    if (fclose(draft->out) && !err)
        err = errno;
    draft_name = NULL;
    if (draft->name && !keep)
        (void)unlink(draft->name); /* likewise */
    else if (draft->name)
        err = end_beside(draft->name, (uint64_t)size, draft->path, true, err);
    if (err && keep)
        err = tb_file_unwritable("write", draft->path, err, error);
    free(draft->name);
    free(draft->path);
    return keep ? err : 0;
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

int tb_file_check(const char *path)
{
    tb_auto(target_finish) struct target target = {0};
    int err = find_target(path, &target);

    if (err)
        return err;
    if (target.is_folder)
        return EISDIR;
    if (target.direct)
        return access(target.path, W_OK) ? errno : 0;
    return try_beside(target.path);
}

bool tb_file_is_stdout(const char *path)
{
    struct stat one, other;

    if (stat(path, &one) || fstat(STDOUT_FILENO, &other))
        return false;
    /* Of what is no terminal and no file nobody reads anything: /dev/null. */
    return one.st_dev == other.st_dev && one.st_ino == other.st_ino &&
           (!S_ISCHR(one.st_mode) || isatty(STDOUT_FILENO));
}

char *tb_file_cached(const char *name)
{
    const char *cache = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");

    if (cache && *cache == '/')
        return tb_print("%s/threadbench/%s", cache, name);
    return home && *home == '/' ? tb_print("%s/.cache/threadbench/%s", home, name) : NULL;
}

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *place)
{
    /* Who waits for a reader of a FIFO goes on, and finds none: nobody is left in there. */
    bool is_fifo = type == FTW_F && S_ISFIFO(status->st_mode);
    int fd = is_fifo ? open(path, O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC) : -1;

    (void)place;
    (void)remove(path); /* what can be is: the rest is not given up for it */
    if (fd >= 0)
        (void)close(fd); /* nothing was written to it */
    return 0;
}

void tb_file_remove_all(const char *folder)
{
    (void)nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS); /* likewise */
}
