#include "run/worker.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "run/procstat.h"
#include "run/reaper.h"
#include "run/signals.h"
#include "run/spawn.h"
#include "util/memory.h"
#include "util/strings.h"

/* Of each file that a worker writes; as JSON in memory it may take forty times as much. */
enum { file_limit = 8 << 20, errors_limit = 4096 };

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
    double deadline; /* on the clock of tb_totals */
    bool asked;      /* SIGTERM was sent */
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

static void ask(struct watch *watch, enum tb_end why)
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
                                           {.fd = tb_signals_fd(), .events = POLLIN}};
    double begin = tb_now(), left = fmin(fmax(0, end_of(watch) - begin), 1);
    struct timespec time = {(time_t)left, (long)((left - floor(left)) * 1e9)};
    bool ended;

    for (size_t i = 0; i < TB_WRITTEN; i++)
        polls[i + 2] = (struct pollfd){.fd = watch->ending->written[i].fd, .events = POLLIN};
    ended = ppoll(polls, sizeof polls / sizeof *polls, &time, NULL) > 0 && polls[0].revents;
    watch->deadline += fmax(0, tb_now() - begin - left);
    return ended;
}

/* Waits for what comes next; false when the worker has ended, or cannot be ended. */
static bool attend(struct watch *watch)
{
    bool ended = await_end(watch), over = drain(watch->ending->written, false);
    const struct tb_job *job = watch->job;
    double now = tb_now();

    if (ended)
        return false;
    if (watch->asked)
        return now < watch->deadline || reach(watch->pid, SIGKILL);
    if ((tb_signals_stopped() && !job->to_its_end) || (job->ends && now >= job->ends))
        ask(watch, TB_INTERRUPTED);
    else if (over)
        ask(watch, TB_TOO_LARGE);
    else if (now >= watch->deadline)
        ask(watch, TB_TIMED_OUT);
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
    struct tb_ending *ending = watch->ending;
    bool ours = reach(watch->pid, SIGKILL);
    int status = 0;
    bool over;

    /* Another user's may have ended; else nothing of ours can make it. */
    ending->runs_on = wait4(watch->pid, &status, ours ? 0 : WNOHANG, ret_usage) == 0;
    tb_reaper_end();
    take_terminal();
    if (watch->pidfd < 0)
        return;
    (void)close(watch->pidfd);
    ending->number = WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status);
    over = drain(ending->written, true);
    if (ending->end == TB_EXITED && over)
        ending->end = TB_TOO_LARGE;
    else if (ending->end == TB_EXITED && WIFSIGNALED(status))
        ending->end = TB_KILLED;
}

static double seconds(const struct timeval *time)
{
    return (double)time->tv_sec + (double)time->tv_usec / 1e6;
}

static void follow(struct tb_ending *ending, pid_t pid, const struct tb_job *job)
{
    struct tb_totals before = tb_totals_read(), after;
    struct rusage usage = {0};
    struct watch watch = {
        .job = job,
        .pid = pid,
        .pidfd = (int)syscall(SYS_pidfd_open, pid, 0),
        .deadline = before.now + job->timeout_s,
        .ending = ending,
    };

    if (watch.pidfd < 0)
        ending->number = errno;
    else
        ending->end = TB_EXITED;
    while (watch.pidfd >= 0 && attend(&watch))
        continue;
    reap(&watch, &usage);
    after = tb_totals_read();
    ending->wall_s = after.now - before.now;
    ending->load =
        tb_load_between(&before, &after, seconds(&usage.ru_utime) + seconds(&usage.ru_stime));
}

/* Opens all of them, so that all can be closed; returns 0 or the last errno value. */
static int open_streams(struct tb_ending *ending)
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
    struct tb_ending ending = {
        .end = TB_UNSTARTED,
        .load = {NAN, NAN, NAN},
        .written =
            {
                {.what = "list", .limit = job->output_limit},
                {.what = "stderr",
                 .limit = job->log_limit ? job->log_limit : errors_limit,
                 .tail = true},
                {.what = "result file", .path = job->result, .limit = job->result ? file_limit : 0},
                {.what = "sidecar", .path = job->sidecar, .limit = job->sidecar ? file_limit : 0},
            },
    };
    pid_t pid;

    if (!open_streams(&ending))
        ending.number = tb_spawn(job, ending.written, &pid);
    for (size_t i = 0; i < TB_WRITTEN; i++)
        tb_capture_close_far(&ending.written[i]); /* the child has its own */
    if (!ending.number)
        follow(&ending, pid, job);
    for (size_t i = 0; i < TB_WRITTEN; i++)
        tb_capture_close(&ending.written[i]);
    return ending;
}
