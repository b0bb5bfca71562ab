#include "worker.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "load.h"
#include "memory.h"

/* Blocked signals arrive here; -1 before tb_worker_init(). */
static int signals = -1;
static int stopped;
static sigset_t inherited;

int tb_worker_init(void)
{
    sigset_t set;

    (void)sigemptyset(&set); /* these four cannot fail for signals that exist */
    (void)sigaddset(&set, SIGINT);
    (void)sigaddset(&set, SIGTERM);
    (void)sigaddset(&set, SIGHUP);
    if (sigprocmask(SIG_BLOCK, &set, &inherited))
        return errno;
    signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    return signals < 0 ? errno : 0;
}

int tb_worker_stopped(void)
{
    struct signalfd_siginfo info;

    if (!stopped && read(signals, &info, sizeof info) == (ssize_t)sizeof info)
        stopped = (int)info.ssi_signo;
    return stopped;
}

/* What a pipe gave: its head (stdout) or its tail (stderr) is kept. */
struct stream {
    int fd; /* -1: closed */
    bool tail;
    bool cut;
    size_t size, limit;
    char *text; /* limit + 1 bytes; NULL: nothing is kept */
};

static void keep(struct stream *stream, const char *data, size_t size)
{
    if (stream->size + size > stream->limit) {
        size_t over = stream->size + size - stream->limit;

        stream->cut = true;
        if (!stream->tail) {
            size -= over;
        } else {
            /* One read is never more than the limit of a tail. */
            stream->size -= over;
            memmove(stream->text, stream->text + over, stream->size);
        }
    }
    memcpy(stream->text + stream->size, data, size);
    stream->size += size;
}

/* Takes what is there, but no more than a pipe holds: who never stops writing must not hold us. */
static void drain(struct stream *stream)
{
    char data[4096];
    ssize_t got = 1;

    if (stream->fd < 0)
        return;
    for (int reads = 0; reads < 16 && got > 0; reads++) {
        got = read(stream->fd, data, sizeof data);
        if (got > 0)
            keep(stream, data, (size_t)got);
    }
    if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR)) {
        (void)close(stream->fd); /* only read from */
        stream->fd = -1;
    }
}

static void stream_finish(struct stream *stream)
{
    if (stream->fd >= 0)
        (void)close(stream->fd); /* only read from */
    free(stream->text);
}

/* Opens a pipe into `stream`; returns its other end, or -1 with errno set. */
static int stream_open(struct stream *stream, size_t limit, bool tail)
{
    int ends[2];

    *stream = (struct stream){.fd = -1, .tail = tail, .limit = limit};
    if (!limit)
        return open("/dev/null", O_WRONLY | O_CLOEXEC);
    if (pipe2(ends, O_CLOEXEC))
        return -1;
    if (fcntl(ends[0], F_SETFL, O_NONBLOCK)) {
        (void)close(ends[0]); /* neither was used */
        (void)close(ends[1]);
        return -1;
    }
    stream->fd = ends[0];
    stream->text = tb_alloc(1, limit + 1);
    return ends[1];
}

static int set_environment(const struct tb_variable *variable)
{
    int err = 0;

    for (; !err && variable && variable->name; variable++)
        err =
            variable->value ? setenv(variable->name, variable->value, 1) : unsetenv(variable->name);
    return err;
}

/* In the child: becomes the program, or reports errno through `report`. */
static _Noreturn void become(const struct tb_job *job, pid_t parent, int out, int errors,
                             int report)
{
    int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
    bool failed = null < 0 || setpgid(0, 0) || prctl(PR_SET_PDEATHSIG, SIGKILL) ||
                  dup2(null, STDIN_FILENO) < 0 || dup2(out, STDOUT_FILENO) < 0 ||
                  dup2(errors, STDERR_FILENO) < 0 || signal(SIGPIPE, SIG_DFL) == SIG_ERR ||
                  sigprocmask(SIG_SETMASK, &inherited, NULL) || set_environment(job->environment);

    /* The parent may have died before its death could be a signal. */
    if (getppid() != parent)
        _exit(127);
    if (!failed)
        (void)execvp(job->argv[0], job->argv); /* returns only with errno set */
    failed = write(report, &errno, sizeof errno) < 0;
    _exit(failed ? 126 : 127);
}

/* Starts the child and waits until it runs its program; returns 0 or an errno value. */
static int start(const struct tb_job *job, int out, int errors, pid_t *ret_pid)
{
    pid_t parent = getpid(), pid;
    int report[2], err = 0;
    ssize_t got;

    if (pipe2(report, O_CLOEXEC))
        return errno;
    pid = fork();
    if (pid == 0)
        become(job, parent, out, errors, report[1]);
    if (pid < 0)
        err = errno;
    (void)close(report[1]); /* nothing was written by us */
    /* End of file: the descriptor was closed by a successful exec. */
    do
        got = pid < 0 ? 0 : read(report[0], &err, sizeof err);
    while (got < 0 && errno == EINTR);
    (void)close(report[0]);
    if (got > 0)
        (void)waitpid(pid, NULL, 0); /* our child, already leaving */
    *ret_pid = pid;
    return err;
}

/* The worker while it runs. */
struct watch {
    pid_t pid;
    int pidfd;
    struct stream out, errors;
    double deadline; /* on the clock of tb_totals */
    bool asked;      /* SIGTERM was sent */
    enum tb_end end;
};

/* Asks the group to end, the second time without a choice. */
static void ask(struct watch *watch, enum tb_end why)
{
    if (!watch->asked)
        watch->end = why;
    /* The first process is not reaped yet, so the group is still ours; it may be a zombie. */
    (void)kill(-watch->pid, watch->asked ? SIGKILL : SIGTERM);
    watch->deadline = tb_now() + 1;
    watch->asked = true;
}

/* Waits for the next event; false when the worker has ended. */
static bool attend(struct watch *watch)
{
    struct pollfd polls[] = {{.fd = watch->pidfd, .events = POLLIN},
                             {.fd = watch->out.fd, .events = POLLIN},
                             {.fd = watch->errors.fd, .events = POLLIN},
                             {.fd = stopped ? -1 : signals, .events = POLLIN}};
    double left = fmax(0, watch->deadline - tb_now());
    struct timespec time = {(time_t)left, (long)((left - floor(left)) * 1e9)};
    int count = ppoll(polls, sizeof polls / sizeof *polls, &time, NULL);

    drain(&watch->out);
    drain(&watch->errors);
    if (count > 0 && polls[0].revents)
        return false;
    if (tb_now() >= watch->deadline)
        ask(watch, TB_LATE);
    if (!stopped && tb_worker_stopped())
        ask(watch, TB_INTERRUPTED);
    return true;
}

/*
 * Kills what is left of the group, takes the end of the first process and the last output. Without
 * a pidfd (a kernel before 5.3) there was no waiting: the worker counts as not started.
 */
static void reap(struct watch *watch, struct rusage *ret_usage, struct tb_finish *finish)
{
    int status = 0;

    /* Not reaped yet, the first process keeps its number: the group cannot be another's. */
    (void)kill(-watch->pid, SIGKILL);               /* there may be nobody left */
    (void)wait4(watch->pid, &status, 0, ret_usage); /* our child: it is there */
    drain(&watch->out);
    drain(&watch->errors);
    if (watch->pidfd < 0)
        return;
    (void)close(watch->pidfd);
    finish->end = watch->end;
    finish->number = WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status);
    if (watch->end == TB_EXITED && WIFSIGNALED(status))
        finish->end = TB_KILLED;
}

static double seconds(const struct timeval *time)
{
    return (double)time->tv_sec + (double)time->tv_usec / 1e6;
}

static struct tb_load load_between(const struct tb_totals *before, const struct tb_totals *after,
                                   const struct rusage *usage)
{
    double own = seconds(&usage->ru_utime) + seconds(&usage->ru_stime);
    double all = after->all - before->all;

    /* Both are counted in ticks: of a short life the difference can come out below nothing. */
    return (struct tb_load){
        .pressure_us = rint((after->pressure - before->pressure) * 1e6),
        .other_share = all > 0 ? fmax(0, after->busy - before->busy - own) / all : NAN,
        .steal_share = all > 0 ? (after->steal - before->steal) / all : NAN,
    };
}

static void follow(struct watch *watch, double deadline_s, struct tb_finish *finish)
{
    struct tb_totals before = tb_totals_read(), after;
    struct rusage usage = {0};

    watch->deadline = before.now + deadline_s;
    watch->pidfd = (int)syscall(SYS_pidfd_open, watch->pid, 0);
    if (watch->pidfd < 0)
        finish->number = errno;
    while (watch->pidfd >= 0 && attend(watch))
        continue;
    reap(watch, &usage, finish);
    after = tb_totals_read();
    finish->wall_s = after.now - before.now;
    finish->load = load_between(&before, &after, &usage);
}

static void take(struct stream *stream, char **ret_text, bool *ret_cut)
{
    *ret_text = stream->text;
    *ret_cut = stream->cut;
    stream->text = NULL;
}

struct tb_finish tb_worker_run(const struct tb_job *job)
{
    struct tb_finish finish = {.end = TB_UNSTARTED, .load = {NAN, NAN, NAN}};
    struct watch watch = {.end = TB_EXITED};
    int out = stream_open(&watch.out, job->output_limit, false);
    int errors = stream_open(&watch.errors, 4096, true);
    bool cut;

    finish.number = out < 0 || errors < 0 ? errno : start(job, out, errors, &watch.pid);
    if (out >= 0)
        (void)close(out); /* the child has its own */
    if (errors >= 0)
        (void)close(errors);
    if (!finish.number)
        follow(&watch, job->deadline_s, &finish);
    take(&watch.errors, &finish.errors, &cut);
    take(&watch.out, &finish.output, &finish.cut);
    stream_finish(&watch.out);
    stream_finish(&watch.errors);
    return finish;
}

void tb_finish_finish(struct tb_finish *finish)
{
    free(finish->output);
    free(finish->errors);
    *finish = (struct tb_finish){0};
}

/* The last line of stderr that says something; it is cut out of `text`. */
static const char *last_line(char *text)
{
    char *line;

    if (!text)
        return "";
    for (size_t size = strlen(text); size && strchr(" \t\r\n", text[size - 1]);)
        text[--size] = '\0';
    line = strrchr(text, '\n');
    return line ? line + 1 : text;
}

char *tb_finish_text(const struct tb_finish *finish)
{
    const char *last = last_line(finish->errors);
    const char *between = *last ? ": " : "";

    switch (finish->end) {
    case TB_EXITED:
        return tb_print("exit status %d%s%s", finish->number, between, last);
    case TB_KILLED:
        return tb_print("killed by signal %d (%s)%s%s", finish->number, strsignal(finish->number),
                        between, last);
    case TB_LATE:
        return tb_print("not finished after %.3g s", finish->wall_s);
    case TB_INTERRUPTED:
        return tb_copy("interrupted");
    case TB_UNSTARTED:
        break;
    }
    return tb_print("cannot start: %s", strerror(finish->number));
}
