#include "run/signals.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/signalfd.h>
#include <unistd.h>

/* Blocked signals arrive here; -1 before tb_signals_catch(). */
static int descriptor = -1;
static int stopped;
static sigset_t inherited;

int tb_signals_init(void)
{
    return sigprocmask(SIG_BLOCK, NULL, &inherited) ? errno : 0;
}

static bool is_ignored(int number)
{
    struct sigaction action;

    return sigaction(number, NULL, &action) == 0 && action.sa_handler == SIG_IGN;
}

int tb_signals_catch(void)
{
    sigset_t set;

    (void)sigemptyset(&set); /* these five cannot fail for signals that exist */
    (void)sigaddset(&set, SIGINT);
    (void)sigaddset(&set, SIGQUIT);
    (void)sigaddset(&set, SIGTERM);
    /* nohup means it; a shell that has SIGINT ignored by what it runs beside itself does not. */
    if (!is_ignored(SIGHUP))
        (void)sigaddset(&set, SIGHUP);
    if (sigprocmask(SIG_BLOCK, &set, NULL))
        return errno;
    if (descriptor < 0)
        descriptor = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    return descriptor < 0 ? errno : 0;
}

void tb_signals_release(void)
{
    (void)tb_signals_stopped();                       /* what came until now has been answered */
    (void)sigprocmask(SIG_SETMASK, &inherited, NULL); /* cannot fail for this set */
}

int tb_signals_stopped(void)
{
    struct signalfd_siginfo info;

    while (read(descriptor, &info, sizeof info) == (ssize_t)sizeof info) {
        if (!stopped)
            stopped = (int)info.ssi_signo;
    }
    return stopped;
}

bool tb_signals_shared(int number)
{
    enum { moment_ms = 50 };
    struct pollfd arrival = {descriptor, POLLIN, 0};

    if (number != SIGINT && number != SIGQUIT && number != SIGTERM && number != SIGHUP)
        return false;
    if (!stopped)
        (void)poll(&arrival, 1, moment_ms); /* what it says is asked for below */
    return tb_signals_stopped() != 0;
}

int tb_signals_fd(void)
{
    return descriptor;
}

int tb_signals_reset(void)
{
    if (signal(SIGPIPE, SIG_DFL) == SIG_ERR || signal(SIGXFSZ, SIG_DFL) == SIG_ERR)
        return errno;
    return sigprocmask(SIG_SETMASK, &inherited, NULL) ? errno : 0;
}
