#include "run/job.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "run/keeper.h"
#include "run/signals.h"
#include "util/memory.h"
#include "util/strings.h"

#define SIDECAR "THREADBENCH_SIDECAR="
#define SAMPLES "THREADBENCH_SAMPLES="
#define TRACE   "THREADBENCH_TRACE="
#define COUNTED "THREADBENCH_COUNTED="

/* Ours, but for what is between us and a subject: that is the job's; for tb_words_free(). */
static char **environment_of(const struct tb_job *job)
{
    char **all = tb_alloc(tb_words_count(environ) + 5, sizeof *all);
    size_t count = 0;

    for (char **entry = environ; *entry; entry++) {
        if (!tb_begins_with(*entry, SIDECAR) && !tb_begins_with(*entry, SAMPLES) &&
            !tb_begins_with(*entry, TRACE) && !tb_begins_with(*entry, COUNTED))
            all[count++] = tb_copy(*entry);
    }
    if (job->sidecar)
        all[count++] = tb_print(SIDECAR "%s", job->sidecar);
    if (job->trace)
        all[count++] = tb_print(TRACE "%s", job->trace);
    if (job->samples)
        all[count++] = tb_print(SAMPLES "%" PRIu64, job->samples);
    if (job->counted)
        all[count++] = tb_copy(COUNTED "1");
    return all;
}

/* What the child needs, all of it made by the parent. */
struct start {
    char *const *argv, *const *environment;
    int in, out, err;
    pid_t parent;
};

/* The child's streams; 0 or an errno value. */
static int take_streams(const struct start *start)
{
    if (dup2(start->in, STDIN_FILENO) < 0 || dup2(start->out, STDOUT_FILENO) < 0 ||
        dup2(start->err, STDERR_FILENO) < 0)
        return errno;
    return 0;
}

/* Becomes the program; returns only with an errno value. */
static int become(const struct start *start)
{
    int err;

    if (setpgid(0, 0) || prctl(PR_SET_PDEATHSIG, SIGKILL))
        return errno;
    tb_keeper_group(getpid());
    err = take_streams(start);
    if (!err)
        err = tb_signals_reset();
    if (err)
        return err;
    if (getppid() != start->parent)
        return ESRCH; /* it died before its death could be a signal */
    (void)execvpe(start->argv[0], start->argv,
                  start->environment); /* returns only where it fails */
    return errno;
}

/* The child. Until it is its program it makes system calls alone, in the parent's memory. */
static _Noreturn void run_child(const struct start *start, _Atomic int *ret_err)
{
    *ret_err = become(start);
    _exit(127);
}

/*
 * A fork would copy the page tables of all that was measured so far, once for each worker: after a
 * thousand rounds that takes as long as a worker. posix_spawn() has no signal for the parent's
 * death.
 */
static int start_child(const struct start *start, pid_t *ret_pid)
{
    _Atomic int err = 0; /* the child's, which shares our memory */
    pid_t pid = vfork(); /* NOLINT(clang-analyzer-security.insecureAPI.vfork): see above */

    if (pid == 0)
        run_child(start, &err); /* NOLINT(clang-analyzer-unix.Vfork): see there */
    if (pid < 0)
        return errno;
    if (err) {
        tb_keeper_group(0);
        (void)waitpid(pid, NULL, 0); /* our child, already leaving */
    }
    *ret_pid = pid;
    return err;
}

int tb_spawn(const struct tb_job *job, struct tb_ending *ending, pid_t *ret_pid)
{
    const struct tb_capture *written = ending->written;
    tb_autowords char **environment = environment_of(job);
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    int printed = written[job->log_limit ? TB_ERRORS : TB_OUTPUT].far;
    struct start start = {
        .argv = job->argv,
        .environment = environment,
        .in = null,
        .out = printed < 0 ? null : printed,
        .err = written[TB_ERRORS].far,
        .parent = getpid(),
    };
    int err = null < 0 ? errno : start_child(&start, ret_pid);

    if (err == EAGAIN && tb_keeper_end()) /* of the few processes that we may have, this was one */
        err = start_child(&start, ret_pid);

    if (null < 0)
        ending->missing = "/dev/null";
    else
        (void)close(null); /* nothing was written to it */
    return err;
}
