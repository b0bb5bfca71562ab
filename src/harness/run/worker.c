#include "run/worker.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "run/procstat.h"
#include "run/reaper.h"
#include "util/memory.h"
#include "util/strings.h"

/* Of each file that a worker writes; as JSON in memory it may take forty times as much. */
enum { file_limit = 8 << 20, errors_limit = 4096 };

/* Blocked signals arrive here; -1 before tb_worker_catch(). */
static int signals = -1;
static int stopped;
static int terminal = -1; /* that controls us; -1: none */
static sigset_t inherited;

static bool is_ignored(int number)
{
    struct sigaction action;

    return sigaction(number, NULL, &action) == 0 && action.sa_handler == SIG_IGN;
}

int tb_worker_init(void)
{
    /* Ignored, SIGCHLD would take the workers' ends away. */
    if (signal(SIGCHLD, SIG_DFL) == SIG_ERR || sigprocmask(SIG_BLOCK, NULL, &inherited))
        return errno;
    terminal = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
    return tb_reaper_init();
}

int tb_worker_catch(void)
{
    sigset_t set;

    if (signals >= 0)
        return 0;
    (void)sigemptyset(&set); /* these five cannot fail for signals that exist */
    (void)sigaddset(&set, SIGINT);
    (void)sigaddset(&set, SIGQUIT);
    (void)sigaddset(&set, SIGTERM);
    /* nohup means it; a shell that has SIGINT ignored by what it runs beside itself does not. */
    if (!is_ignored(SIGHUP))
        (void)sigaddset(&set, SIGHUP);
    if (sigprocmask(SIG_BLOCK, &set, NULL))
        return errno;
    signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    return signals < 0 ? errno : 0;
}

void tb_worker_release(void)
{
    (void)tb_worker_stopped();                        /* what came until now has been answered */
    (void)sigprocmask(SIG_SETMASK, &inherited, NULL); /* cannot fail for this set */
}

int tb_worker_stopped(void)
{
    struct signalfd_siginfo info;

    while (read(signals, &info, sizeof info) == (ssize_t)sizeof info) {
        if (!stopped)
            stopped = (int)info.ssi_signo;
    }
    return stopped;
}

#define DETAIL  "THREADBENCH_SIDECAR="
#define SAMPLES "THREADBENCH_SAMPLES="

/* Ours, but for what is between us and a subject: that is the job's; for tb_words_free(). */
static char **environment_of(const struct tb_job *job)
{
    char **all = tb_alloc(tb_words_count(environ) + 3, sizeof *all);
    size_t count = 0;

    for (char **entry = environ; *entry; entry++) {
        if (strncmp(*entry, DETAIL, strlen(DETAIL)) != 0 &&
            strncmp(*entry, SAMPLES, strlen(SAMPLES)) != 0)
            all[count++] = tb_copy(*entry);
    }
    if (job->detail)
        all[count++] = tb_print(DETAIL "%s", job->detail);
    if (job->samples)
        all[count++] = tb_print(SAMPLES "%" PRIu64, job->samples);
    return all;
}

/* In the child: becomes the program, or leaves errno in the parent's memory, which it shares. */
static _Noreturn void become(const struct tb_job *job, char *const *environment, pid_t parent,
                             const struct tb_capture *written, _Atomic int *ret_err)
{
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    const struct tb_capture *printed = &written[job->log_limit ? TB_ERRORS : TB_OUTPUT];
    int out = printed->far < 0 ? null : printed->far;
    bool failed = null < 0 || setpgid(0, 0) || prctl(PR_SET_PDEATHSIG, SIGKILL) ||
                  dup2(null, STDIN_FILENO) < 0 || dup2(out, STDOUT_FILENO) < 0 ||
                  dup2(written[TB_ERRORS].far, STDERR_FILENO) < 0 ||
                  signal(SIGPIPE, SIG_DFL) == SIG_ERR || signal(SIGXFSZ, SIG_DFL) == SIG_ERR ||
                  sigprocmask(SIG_SETMASK, &inherited, NULL);

    /* The parent may have died before its death could be a signal. */
    if (!failed && getppid() == parent)
        (void)execvpe(job->argv[0], job->argv, environment); /* returns only with errno set */
    *ret_err = errno;
    _exit(127);
}

/*
 * Starts the child and waits until it runs its program; returns 0 or an errno value. A fork would
 * copy the page tables of all that was measured so far, once for each worker: after a thousand
 * rounds that takes as long as a worker. Until it has become its program, the child makes system
 * calls alone.
 */
static int spawn(const struct tb_job *job, const struct tb_capture *written, pid_t *ret_pid)
{
    tb_autowords char **environment = environment_of(job);
    _Atomic int err = 0;
    pid_t parent = getpid();
    pid_t pid = vfork(); /* NOLINT(clang-analyzer-security.insecureAPI.vfork): see above */

    if (pid == 0)
        become(job, environment, parent, written, &err); /* NOLINT(clang-analyzer-unix.Vfork) */
    if (pid < 0)
        err = errno;
    else if (err)
        (void)waitpid(pid, NULL, 0); /* our child, already leaving */
    *ret_pid = pid;
    return err;
}

/* The worker while it runs. */
struct watch {
    const struct tb_job *job;
    pid_t pid;
    int pidfd;
    double deadline; /* on the clock of tb_totals */
    bool asked;      /* SIGTERM was sent */
    struct tb_finish *finish;
};

/*
 * To the group, and to the first process, which may have left it: not reaped yet, that keeps both
 * numbers ours. False where it is another user's by now.
 */
static bool reach(pid_t pid, int number)
{
    (void)kill(-pid, number); /* there may be nobody left in it */
    return kill(pid, number) == 0;
}

static void ask(struct watch *watch, enum tb_end why)
{
    (void)reach(watch->pid, SIGTERM); /* whether it can be ended shows when it must */
    watch->finish->end = why;
    watch->deadline = tb_now() + 1;
    watch->asked = true;
}

/* Takes what was written; whether any of it went over its limit. */
static bool drain(struct tb_capture *written, bool ended)
{
    bool over = false;

    for (size_t i = 0; i < TB_WRITTEN; i++) {
        tb_capture_drain(&written[i], ended);
        over |= written[i].cut && !written[i].tail;
    }
    return over;
}

/* Until when there is time: what the job ends for counts until the worker was asked to end. */
static double end_of(const struct watch *watch)
{
    double ends = watch->job->ends;

    return ends && !watch->asked ? fmin(watch->deadline, ends) : watch->deadline;
}

/*
 * Waits for an event, no longer than a second; whether the worker has ended. Who was to wake up
 * earlier was stopped until now, and so much is added to the deadline.
 */
static bool await_end(struct watch *watch)
{
    struct pollfd polls[TB_WRITTEN + 2] = {{.fd = watch->pidfd, .events = POLLIN},
                                           {.fd = signals, .events = POLLIN}};
    double begin = tb_now(), left = fmin(fmax(0, end_of(watch) - begin), 1);
    struct timespec time = {(time_t)left, (long)((left - floor(left)) * 1e9)};
    bool ended;

    for (size_t i = 0; i < TB_WRITTEN; i++)
        polls[i + 2] = (struct pollfd){.fd = watch->finish->written[i].fd, .events = POLLIN};
    ended = ppoll(polls, sizeof polls / sizeof *polls, &time, NULL) > 0 && polls[0].revents;
    watch->deadline += fmax(0, tb_now() - begin - left);
    return ended;
}

/* Waits for what comes next; false when the worker has ended, or cannot be ended. */
static bool attend(struct watch *watch)
{
    bool ended = await_end(watch), over = drain(watch->finish->written, false);
    const struct tb_job *job = watch->job;
    double now = tb_now();

    if (ended)
        return false;
    if (watch->asked)
        return now < watch->deadline || reach(watch->pid, SIGKILL);
    if ((tb_worker_stopped() && !job->to_its_end) || (job->ends && now >= job->ends))
        ask(watch, TB_INTERRUPTED);
    else if (over)
        ask(watch, TB_OVER);
    else if (now >= watch->deadline)
        ask(watch, TB_LATE);
    return true;
}

/*
 * A worker can make itself the terminal's foreground. When it is gone with all that it left nobody
 * would have the keys, and Ctrl-C is for us.
 */
static void take_terminal(void)
{
    pid_t group = tcgetpgrp(terminal);
    sigset_t output, before;

    if (group <= 0 || kill(-group, 0) == 0 || errno != ESRCH)
        return;
    (void)sigemptyset(&output); /* these cannot fail for a signal that exists */
    (void)sigaddset(&output, SIGTTOU);
    (void)sigprocmask(SIG_BLOCK, &output, &before);
    (void)tcsetpgrp(terminal, getpgrp()); /* else it is as the worker left it */
    (void)sigprocmask(SIG_SETMASK, &before, NULL);
}

/*
 * Kills what is left of the group, takes the end of the first process and the last output. Without
 * a pidfd (a kernel before 5.3) there was no waiting: the worker counts as not started.
 */
static void reap(struct watch *watch, struct rusage *ret_usage)
{
    struct tb_finish *finish = watch->finish;
    bool ours = reach(watch->pid, SIGKILL);
    int status = 0;
    bool over;

    /* Another user's may have ended; else nothing of ours can make it. */
    finish->left = wait4(watch->pid, &status, ours ? 0 : WNOHANG, ret_usage) == 0;
    tb_reaper_end();
    take_terminal();
    if (watch->pidfd < 0)
        return;
    (void)close(watch->pidfd);
    finish->number = WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status);
    over = drain(finish->written, true);
    if (finish->end == TB_EXITED && over)
        finish->end = TB_OVER;
    else if (finish->end == TB_EXITED && WIFSIGNALED(status))
        finish->end = TB_KILLED;
}

static double seconds(const struct timeval *time)
{
    return (double)time->tv_sec + (double)time->tv_usec / 1e6;
}

static void follow(struct tb_finish *finish, pid_t pid, const struct tb_job *job)
{
    struct tb_totals before = tb_totals_read(), after;
    struct rusage usage = {0};
    struct watch watch = {
        .job = job,
        .pid = pid,
        .pidfd = (int)syscall(SYS_pidfd_open, pid, 0),
        .deadline = before.now + job->timeout_s,
        .finish = finish,
    };

    if (watch.pidfd < 0)
        finish->number = errno;
    else
        finish->end = TB_EXITED;
    while (watch.pidfd >= 0 && attend(&watch))
        continue;
    reap(&watch, &usage);
    after = tb_totals_read();
    finish->wall_s = after.now - before.now;
    finish->load =
        tb_load_between(&before, &after, seconds(&usage.ru_utime) + seconds(&usage.ru_stime));
}

/* Opens all of them, so that all can be closed; returns 0 or the last errno value. */
static int open_streams(struct tb_finish *finish)
{
    for (size_t i = 0; i < TB_WRITTEN; i++) {
        int err = tb_capture_open(&finish->written[i]);

        if (err) {
            finish->number = err;
            finish->missing = finish->written[i].what;
        }
    }
    return finish->number;
}

struct tb_finish tb_worker_run(const struct tb_job *job)
{
    struct tb_finish finish = {
        .end = TB_UNSTARTED,
        .load = {NAN, NAN, NAN},
        .written =
            {
                {.what = "list", .limit = job->output_limit},
                {.what = "stderr",
                 .limit = job->log_limit ? job->log_limit : errors_limit,
                 .tail = true},
                {.what = "result file", .path = job->result, .limit = job->result ? file_limit : 0},
                {.what = "sidecar", .path = job->detail, .limit = job->detail ? file_limit : 0},
            },
    };
    pid_t pid;

    if (!open_streams(&finish))
        finish.number = spawn(job, finish.written, &pid);
    for (size_t i = 0; i < TB_WRITTEN; i++)
        tb_capture_close_far(&finish.written[i]); /* the child has its own */
    if (!finish.number)
        follow(&finish, pid, job);
    for (size_t i = 0; i < TB_WRITTEN; i++)
        tb_capture_close(&finish.written[i]);
    return finish;
}

void tb_finish_finish(struct tb_finish *finish)
{
    for (size_t i = 0; i < TB_WRITTEN; i++)
        free(finish->written[i].text);
    *finish = (struct tb_finish){0};
}

/* The last line of stderr that says something, unless it is one of those that the benchmark library
 * begins with; it is cut out of `text`. */
static const char *last_line(char *text)
{
    static const char warning[] = "***WARNING***", load[] = "Load Average:";
    char *line;

    do {
        for (size_t size = strlen(text); size && strchr(" \t\r\n", text[size - 1]);)
            text[--size] = '\0';
        line = strrchr(text, '\n');
        line = line ? line + 1 : text;
        if (!strncmp(line, warning, strlen(warning)))
            *line = '\0';
    } while (!*line && line > text);
    return strncmp(line, load, strlen(load)) ? line : "";
}

/* What to look at where something could not be had. */
static const char *advice(int err)
{
    static const struct {
        int err;
        const char *advice;
    } table[] = {
        {EAGAIN, ": see the limits of processes, ulimit -u and the cgroup's pids.max"},
        {EMFILE, ": see the limit of open files, ulimit -n"},
        {ENOMEM, ": see the limits of memory, ulimit -v and the cgroup's memory.max"},
        {ENOSPC, ": set TMPDIR to another place"},
        {EDQUOT, ": set TMPDIR to another place"},
        {EROFS, ": set TMPDIR to another place"},
    };

    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        if (table[i].err == err)
            return table[i].advice;
    }
    return "";
}

static char *unstarted_text(const struct tb_finish *finish)
{
    return tb_print("cannot start: %s%s%s%s", finish->missing ? finish->missing : "",
                    finish->missing ? ": " : "", strerror(finish->number), advice(finish->number));
}

static char *over_text(const struct tb_finish *finish)
{
    const struct tb_capture *written = finish->written;

    while (written->tail || !written->cut)
        written++;
    return tb_print("its %s is over %zu MiB", written->what, written->limit >> 20);
}

char *tb_finish_text(const struct tb_finish *finish)
{
    const char *last = last_line(finish->written[TB_ERRORS].text);
    const char *between = *last ? ": " : "";

    switch (finish->end) {
    case TB_EXITED:
        return tb_print("exit status %d%s%s", finish->number, between, last);
    case TB_KILLED:
        return tb_print("killed by signal %d (%s)%s%s", finish->number, strsignal(finish->number),
                        between, last);
    case TB_LATE:
        return tb_print("not finished after %.3g s%s", finish->wall_s,
                        finish->left ? ": another user's by now, it cannot be ended, and runs on"
                                     : "");
    case TB_OVER:
        return over_text(finish);
    case TB_INTERRUPTED:
        return tb_copy("interrupted");
    case TB_UNSTARTED:
        break;
    }
    return unstarted_text(finish);
}
