#include "run/host_lock.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "run/job.h"
#include "run/signals.h"
#include "run/worker.h"
#include "util/file.h"
#include "util/memory.h"

static const char usual_path[] = "/sys/devices/system/cpu";

/* As the processes of a container are for another one. */
static const char unseen[] = "a process that cannot be seen from here";

/* Of the other one's command line, which may be long, so much is shown. */
enum { shown_bytes = 120 };

static const char *path(void)
{
    const char *given = getenv("THREADBENCH_LOCK");

    return given && *given ? given : usual_path;
}

static void refuse(struct tb_host_lock *lock, const char *verb, int err)
{
    free(lock->refused);
    lock->refused = tb_print("cannot %s '%s': %s", verb, path(), strerror(err));
}

/* Only to be locked: nothing that stands there is changed, followed or waited for. */
void tb_host_lock_open(struct tb_host_lock *lock)
{
    lock->fd = open(path(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    lock->opened = lock->fd >= 0;
    if (!lock->opened)
        refuse(lock, "open", errno);
}

/* How many bytes of a longer text are shown: dots before those that tell of the rest are not. */
static int shown_of(const char *text)
{
    int shown = shown_bytes;

    while (shown && strchr(" .", text[shown - 1]))
        shown--;
    return shown;
}

/* "process 71: threadbench run -f ^join/", of its command line, in which each word has an end of
 * its own; the caller's. */
static char *process_text(intmax_t pid, char *words, size_t size)
{
    bool cut;

    for (size_t i = 0; i + 1 < size; i++) {
        if (!words[i]) /* the end of one */
            words[i] = ' ';
    }
    cut = strlen(words) > shown_bytes;
    return tb_print("process %" PRIdMAX ": %.*s%s", pid, cut ? shown_of(words) : shown_bytes, words,
                    cut ? "..." : "");
}

static char *describe(intmax_t pid)
{
    tb_autofree char *file = tb_print("/proc/%" PRIdMAX "/cmdline", pid), *words = NULL;
    size_t size = 0;

    if (tb_file_read(file, 1 << 20, &words, &size) || !size)
        return tb_print("process %" PRIdMAX, pid);
    return process_text(pid, words, size);
}

/* Of a line of /proc/locks, "1: FLOCK ADVISORY READ 71 00:16:3562 0 EOF", the process that holds
 * the lock; 0: it waits for it ("1: -> FLOCK ..."). Cuts the line into words. */
static intmax_t holder_of(char *line)
{
    char *rest = NULL, *word = strtok_r(line, " ", &rest);

    for (size_t i = 0; word && i < 4; i++) {
        word = strtok_r(NULL, " ", &rest);
        if (i == 0 && word && strcmp(word, "FLOCK") != 0)
            return 0;
    }
    return word ? strtoimax(word, NULL, 10) : 0;
}

/* The first process but this one that holds a lock on the file that is marked so, in /proc/locks,
 * whose text is cut into words; 0: there is none. */
static intmax_t find_holder(char *locks, const char *mark)
{
    char *rest = NULL;

    for (char *line = strtok_r(locks, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
        intmax_t pid = strstr(line, mark) ? holder_of(line) : 0;

        if (pid > 0 && pid != getpid())
            return pid;
    }
    return 0;
}

/* Who holds the lock besides us, as far as it is in our namespace of processes; the caller's. */
static char *find_other(int fd)
{
    tb_autofree char *text = NULL, *mark = NULL;
    struct stat status;
    size_t size;
    intmax_t pid;

    if (fstat(fd, &status) || tb_file_read("/proc/locks", 16 << 20, &text, &size))
        return tb_copy(unseen);
    mark = tb_print(" %02x:%02x:%" PRIuMAX " ", major(status.st_dev), minor(status.st_dev),
                    (uintmax_t)status.st_ino);
    pid = find_holder(text, mark);
    return pid ? describe(pid) : tb_copy(unseen);
}

/* Whether nobody else has it; then it is ours alone for a moment. */
static bool is_alone(struct tb_host_lock *lock)
{
    if (!lock->opened || !flock(lock->fd, LOCK_EX | LOCK_NB))
        return true;
    if (errno == EWOULDBLOCK)
        return false;
    refuse(lock, "lock", errno);
    (void)close(lock->fd); /* nothing was written, here and below */
    lock->opened = false;
    return true;
}

/* A program of its own waits, so that signals end it; that another one is first is no harm. */
int tb_host_lock_wait(struct tb_host_lock *lock, struct tb_error *error)
{
    char flock_word[] = "flock", true_word[] = "true";
    tb_autofree char *place = tb_copy(path());
    char *const argv[] = {flock_word, place, true_word, NULL};

    while (!is_alone(lock)) {
        tb_autofree char *other = find_other(lock->fd), *how = NULL;
        tb_auto(tb_ending_finish) struct tb_ending ending = {0};

        tb_notice("waiting for another threadbench that measures on this host (%s)", other);
        ending = tb_worker_run(&(struct tb_job){.argv = argv, .timeout_s = 86400});
        if (ending.end == TB_INTERRUPTED)
            return tb_error_set(error, 128 + tb_signals_stopped(), "--wait: interrupted");
        how = tb_ending_text(&ending);
        if (!tb_ending_is_good(&ending))
            return tb_failure(error, "--wait: flock: %s", how);
    }
    return 0;
}

/*
 * Whoever measures shares the lock, so that each can see the others by asking for it alone. Asked
 * in vain it is lost: it is taken again, unless another one asks just now, and then in the next
 * round.
 */
bool tb_host_lock_look(struct tb_host_lock *lock)
{
    bool alone = is_alone(lock);

    if (lock->opened)
        (void)flock(lock->fd, LOCK_SH | LOCK_NB);
    if (alone || lock->other)
        return false;
    lock->other = find_other(lock->fd);
    return true;
}

void tb_host_lock_finish(struct tb_host_lock *lock)
{
    if (lock->opened)
        (void)close(lock->fd);
    free(lock->other);
    free(lock->refused);
    *lock = (struct tb_host_lock){0};
}
