#include "run/worker.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "run/keeper.h"
#include "run/procstat.h"
#include "run/reaper.h"
#include "run/signals.h"

/* Of each file that a worker writes; as JSON in memory it may take forty times as much. */
enum { file_limit = 8 << 20, errors_limit = 8192 };

static int terminal = -1; /* that controls us; -1: none */

int tb_worker_init(void)
{
    int err = tb_signals_init();

    /* Ignored, SIGCHLD would take the workers' ends away. */
    if (!err && signal(SIGCHLD, SIG_DFL) == SIG_ERR)
        err = errno;
    terminal = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
    return err ? err : tb_reaper_init();
}

/* The worker while it runs. */
struct watch {
    const struct tb_job *job;
    pid_t pid;
    int pidfd;
    double deadline; /* on tb_now()'s clock */
    bool asked;      /* SIGTERM was sent: the deadline is that of SIGKILL */
    bool looked;     /* the job's glimpse was taken */
    struct tb_ending *ending;
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

static void ask_to_end(struct watch *watch, enum tb_end why)
{
    (void)reach(watch->pid, SIGTERM); /* whether it can be ended shows when it must */
    watch->ending->end = why;
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

/* When to wake up at the latest: at the job's end, too, until the worker is asked to end. */
static double wake_at(const struct watch *watch)
{
    double ends = watch->job->ends;

    return ends && !watch->asked ? fmin(watch->deadline, ends) : watch->deadline;
}

/*
 * Waits for an event, no longer than a second; whether the worker has ended. Who was to wake up
 * earlier was stopped until now, and so much is added to the deadline.
 */
static bool await_event(struct watch *watch)
{
    struct pollfd polls[TB_WRITTEN + 2] = {{.fd = watch->pidfd, .events = POLLIN},
                                           {.fd = tb_signals_fd(), .events = POLLIN}};
    double begin = tb_now(), left = fmin(fmax(0, wake_at(watch) - begin), 1);
    struct timespec time = {(time_t)left, (long)((left - floor(left)) * 1e9)};
    bool ended;

    for (size_t i = 0; i < TB_WRITTEN; i++)
        polls[i + 2] = (struct pollfd){.fd = watch->ending->written[i].fd, .events = POLLIN};
    ended = ppoll(polls, sizeof polls / sizeof *polls, &time, NULL) > 0 && polls[0].revents;
    watch->deadline += fmax(0, tb_now() - begin - left);
    return ended;
}

/* Why it is to end now; TB_EXITED: it may go on. */
static enum tb_end reason_to_end(const struct watch *watch, bool over)
{
    const struct tb_job *job = watch->job;
    double now = tb_now();

    if ((tb_signals_stopped() && !job->to_its_end) || (job->ends && now >= job->ends))
        return TB_INTERRUPTED;
    if (over)
        return TB_TOO_LARGE;
    return now >= watch->deadline ? TB_TIMED_OUT : TB_EXITED;
}

/* Once: by now it has loaded what it starts with, and has not begun to measure. */
static void look(struct watch *watch)
{
    if (watch->looked || !watch->job->glimpse || !watch->ending->written[TB_RESULT].size)
        return;
    watch->looked = true;
    *watch->job->glimpse = tb_glimpse_take(watch->pid, watch->job->result);
}

/* Waits for what comes next; false when the worker has ended, or cannot be ended. */
static bool attend(struct watch *watch)
{
    bool ended = await_event(watch), over = drain(watch->ending->written, false);
    enum tb_end reason;

    if (ended)
        return false;
    look(watch);
    if (watch->asked)
        return tb_now() < watch->deadline || reach(watch->pid, SIGKILL);
    reason = reason_to_end(watch, over);
    if (reason != TB_EXITED)
        ask_to_end(watch, reason);
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

/* Kills what is left of the group, and all that came from it; returns the worker's wait status. */
static int reap(const struct watch *watch, struct rusage *ret_usage)
{
    bool ours = reach(watch->pid, SIGKILL);
    int status = 0;

    tb_keeper_group(0); /* before the number may be another's */
    /* Another user's may have ended; else nothing of ours can make it. */
    watch->ending->runs_on = wait4(watch->pid, &status, ours ? 0 : WNOHANG, ret_usage) == 0;
    watch->ending->left = tb_reaper_end();
    take_terminal();
    return status;
}

/* The first of what it wrote that could not be read to its end; NULL: none. */
static const struct tb_capture *find_unread(const struct tb_ending *ending)
{
    for (size_t i = 0; i < TB_WRITTEN; i++) {
        if (ending->written[i].err)
            return &ending->written[i];
    }
    return NULL;
}

/* Of a worker that was waited for: takes its last output and says how it ended. */
static void conclude(struct tb_ending *ending, int status)
{
    bool over = drain(ending->written, true);
    const struct tb_capture *unread = find_unread(ending);

    ending->number = WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status);
    if (ending->end != TB_EXITED)
        return; /* it was ended by us */
    if (over) {
        ending->end = TB_TOO_LARGE;
    } else if (unread) { /* of which SIGPIPE may have come */
        ending->end = TB_UNREAD;
        ending->number = unread->err;
        ending->missing = unread->what;
    } else if (WIFSIGNALED(status)) {
        ending->end = TB_KILLED;
    }
}

static double seconds(const struct timeval *time)
{
    return (double)time->tv_sec + (double)time->tv_usec / 1e6;
}

/* Watches it to its end. Without a pidfd (a kernel before 5.3) it counts as not started. */
static void watch_worker(struct tb_ending *ending, pid_t pid, const struct tb_job *job)
{
    struct tb_totals before = tb_totals_read(), after;
    struct rusage usage = {0};
    int pidfd = (int)syscall(SYS_pidfd_open, pid, 0), err = errno, status;
    struct watch watch = {.job = job,
                          .pid = pid,
                          .pidfd = pidfd,
                          .deadline = before.now + job->timeout_s,
                          .ending = ending};

    if (pidfd >= 0)
        ending->end = TB_EXITED;
    while (pidfd >= 0 && attend(&watch))
        continue;
    status = reap(&watch, &usage);
    if (pidfd < 0) {
        ending->number = err;
    } else {
        (void)close(pidfd);
        conclude(ending, status);
    }
    after = tb_totals_read();
    ending->faults = usage.ru_minflt + usage.ru_majflt;
    ending->wall_s = after.now - before.now;
    ending->load =
        tb_load_between(&before, &after, seconds(&usage.ru_utime) + seconds(&usage.ru_stime));
}

/* Nothing of it is open yet. */
static struct tb_ending ending_of(const struct tb_job *job)
{
    size_t log_limit = job->log_limit ? job->log_limit : errors_limit;

    return (struct tb_ending){
        .end = TB_UNSTARTED,
        .load = {NAN, NAN, NAN},
        .written[TB_OUTPUT] = {.what = "list", .limit = job->output_limit},
        .written[TB_ERRORS] = {.what = "stderr", .limit = log_limit, .tail = true},
        .written[TB_RESULT] = {.what = "result file",
                               .path = job->result,
                               .limit = job->result ? file_limit : 0},
        .written[TB_SIDECAR] = {.what = "sidecar",
                                .path = job->sidecar,
                                .limit = job->sidecar ? file_limit : 0},
    };
}

/* Opens all of them, so that all can be closed; returns 0 or the last errno value. */
static int open_written(struct tb_ending *ending)
{
    for (size_t i = 0; i < TB_WRITTEN; i++) {
        int err = tb_capture_open(&ending->written[i]);

        if (err) {
            ending->number = err;
            ending->missing = ending->written[i].what;
        }
    }
    return ending->number;
}

struct tb_ending tb_worker_run(const struct tb_job *job)
{
    struct tb_ending ending = ending_of(job);
    pid_t pid;

    tb_keeper_start();
    if (!open_written(&ending))
        ending.number = tb_spawn(job, &ending, &pid);
    for (size_t i = 0; i < TB_WRITTEN; i++)
        tb_capture_close_far(&ending.written[i]); /* the child has its own */
    if (!ending.number)
        watch_worker(&ending, pid, job);
    for (size_t i = 0; i < TB_WRITTEN; i++)
        tb_capture_close(&ending.written[i]);
    return ending;
}
