/* Whatever call to the system fails: a worker that could not be run, or read, says so and why, and
 * the next one runs. */
#include "run/worker.h"

#include "check.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "apart.h"
#include "fault.h"
#include "run/keeper.h"
#include "run/reaper.h"
#include "run/signals.h"
#include "util/file.h"
#include "util/memory.h"

TB_FAILING(int, pipe2, (int *ends, int flags), (ends, flags), tb_fault_errno())
TB_FAILING(int, fcntl64, (int fd, int command, long value), (fd, command, value), tb_fault_errno())
TB_FAILING(int, mkfifo, (const char *path, mode_t mode), (path, mode), tb_fault_errno())
TB_FAILING(int, open64, (const char *path, int flags, mode_t mode), (path, flags, mode),
           tb_fault_errno())
TB_FAILING(FILE *, fopen64, (const char *path, const char *mode), (path, mode),
           (tb_fault_errno(), NULL))
TB_FAILING(int, setpgid, (pid_t pid, pid_t group), (pid, group), tb_fault_errno())
TB_FAILING(int, prctl, (int what, long value), (what, value), tb_fault_errno())
TB_FAILING(int, dup2, (int from, int to), (from, to), tb_fault_errno())
TB_FAILING(sighandler_t, signal, (int number, sighandler_t handler), (number, handler),
           (tb_fault_errno(), SIG_ERR))
TB_FAILING(int, sigprocmask, (int how, const sigset_t *set, sigset_t *old), (how, set, old),
           tb_fault_errno())
TB_FAILING(int, sigaction, (int number, const struct sigaction *new, struct sigaction *old),
           (number, new, old), tb_fault_errno())
TB_FAILING(int, signalfd, (int fd, const sigset_t *set, int flags), (fd, set, flags),
           tb_fault_errno())
TB_FAILING(pid_t, getppid, (void), (), 1)
TB_FAILING(ssize_t, read, (int fd, void *bytes, size_t size), (fd, bytes, size), tb_fault_errno())
TB_FAILING(long, syscall, (long number, long first, long second), (number, first, second),
           tb_fault_errno())
TB_FAILING(pid_t, getpgid, (pid_t pid), (pid), tb_fault_errno())

static char *folder; /* of each test its own */

static int set_up(void **state)
{
    const char *place = getenv("TMPDIR");

    (void)state;
    folder = tb_print("%s/worker-XXXXXX", place ? place : P_tmpdir);
    return mkdtemp(folder) ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    (void)tb_fault_disarm();
    tb_file_remove_all(folder);
    free(folder);
    return 0;
}

static char shell[] = "sh", option[] = "-c";

static struct tb_ending run_script(char *script, const char *result, const char *sidecar)
{
    char *const words[] = {shell, option, script, NULL};

    return tb_worker_run(&(struct tb_job){.argv = words,
                                          .timeout_s = 600,
                                          .output_limit = 100,
                                          .result = result,
                                          .sidecar = sidecar});
}

/* Writes to all that is read. */
static struct tb_ending run(void)
{
    static char script[] =
        "echo list; echo error >&2; echo result >\"${THREADBENCH_SIDECAR%sidecar}result\"; "
        "echo sidecar >\"$THREADBENCH_SIDECAR\"";
    tb_autofree char *result = tb_print("%s/result", folder);
    tb_autofree char *sidecar = tb_print("%s/sidecar", folder);

    return run_script(script, result, sidecar);
}

static void expect_good(void)
{
    static const char *const texts[] = {"list\n", "error\n", "result\n", "sidecar\n"};
    tb_auto(tb_ending_finish) struct tb_ending ending = run();

    assert_true(tb_ending_is_good(&ending));
    for (size_t i = 0; i < TB_WRITTEN; i++)
        assert_string_equal(ending.written[i].text, texts[i]);
}

static const struct {
    const char *name;
    unsigned at;
    int code;
    const char *missing;
} faults[] = {
    {"pipe2", 1, EMFILE, "list"},     {"pipe2", 2, EMFILE, "stderr"},
    {"fcntl64", 1, EINVAL, "list"},   {"mkfifo", 1, ENOSPC, "result file"},
    {"mkfifo", 2, ENOSPC, "sidecar"}, {"open64", 1, EMFILE, "result file"},
    {"open64", 2, EMFILE, "sidecar"}, {"open64", 3, ENOENT, "/dev/null"},
    {"syscall", 1, ENOSYS, NULL}, /* a kernel without pidfd_open() */
    {"setpgid", 1, EPERM, NULL},  /* from here on the child's */
    {"prctl", 1, EINVAL, NULL},       {"dup2", 1, EMFILE, NULL},
    {"dup2", 2, EMFILE, NULL},        {"dup2", 3, EMFILE, NULL},
    {"signal", 1, EINVAL, NULL},      {"signal", 2, EINVAL, NULL},
    {"sigprocmask", 1, EINVAL, NULL}, {"getppid", 1, ESRCH, NULL}, /* the parent died meanwhile */
};

static void what_could_not_be_started_says_why(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        tb_auto(tb_ending_finish) struct tb_ending ending = {0};

        tb_fault_arm(faults[i].name, faults[i].at, faults[i].code);
        ending = run();
        assert_true(tb_fault_disarm());
        assert_int_equal(ending.end, TB_UNSTARTED);
        assert_int_equal(ending.number, faults[i].code);
        if (faults[i].missing)
            assert_string_equal(ending.missing, faults[i].missing);
        else
            assert_null(ending.missing);
        assert_int_equal(waitpid(-1, NULL, WNOHANG), 0); /* the keeper alone is left */
    }
    expect_good();
}

/* Each read in turn, of what the worker wrote or of what the machine did meanwhile. */
static void what_could_not_be_read_is_not_taken_for_all(void **state)
{
    static char script[] = "echo list; echo error >&2";
    size_t unread = 0;
    bool reached = true;

    (void)state;
    for (unsigned at = 1; reached; at++) {
        tb_auto(tb_ending_finish) struct tb_ending ending = {0};

        tb_fault_arm("read", at, EIO);
        ending = run_script(script, NULL, NULL);
        reached = tb_fault_disarm();
        assert_true(tb_ending_is_good(&ending) ||
                    (ending.end == TB_UNREAD && ending.number == EIO && ending.missing));
        assert_true(ending.end == TB_EXITED || reached);
        unread += ending.end == TB_UNREAD;
    }
    assert_true(unread >= 2); /* as many as are written */
    expect_good();
}

static bool fails_to_begin(const char *name, int (*begin)(void))
{
    int code;

    tb_fault_arm(name, 1, EINVAL);
    code = begin();
    return tb_fault_disarm() && code == EINVAL && begin() == 0;
}

static bool inits_without_mask(void)
{
    return fails_to_begin("sigprocmask", tb_worker_init);
}

static bool inits_without_signal(void)
{
    return fails_to_begin("signal", tb_worker_init);
}

static bool inits_without_orphans(void)
{
    return fails_to_begin("prctl", tb_worker_init);
}

static bool catches_without_mask(void)
{
    return fails_to_begin("sigprocmask", tb_signals_catch);
}

static bool catches_without_descriptor(void)
{
    return fails_to_begin("signalfd", tb_signals_catch);
}

/* What is not known to be ignored is caught. */
static bool catches_unknown(void)
{
    tb_fault_arm("sigaction", 1, EINVAL);
    return tb_signals_catch() == 0 && tb_fault_disarm() && raise(SIGHUP) == 0 &&
           tb_signals_stopped() == SIGHUP;
}

static void who_cannot_begin_says_so(void **state)
{
    (void)state;
    tb_apart_expect(inits_without_mask);
    tb_apart_expect(inits_without_signal);
    tb_apart_expect(inits_without_orphans);
    tb_apart_expect(catches_without_mask);
    tb_apart_expect(catches_without_descriptor);
    tb_apart_expect(catches_unknown);
}

static bool counts_the_first(void)
{
    static const int all[] = {SIGINT, SIGQUIT, SIGTERM, SIGHUP};

    if (tb_signals_catch() || tb_signals_shared(SIGKILL) || tb_signals_shared(SIGTERM))
        return false; /* none came */
    if (raise(SIGQUIT) || !tb_signals_shared(SIGINT) || raise(SIGTERM))
        return false;
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        if (!tb_signals_shared(all[i]) || tb_signals_stopped() != SIGQUIT)
            return false;
    }
    return !tb_signals_shared(SIGKILL);
}

static void the_first_signal_that_stops_us_is_the_one(void **state)
{
    (void)state;
    tb_apart_expect(counts_the_first);
}

/* Sleeps until it is killed; in a session of its own, where that is asked for. */
static pid_t start_sleeper(bool apart)
{
    pid_t pid = fork();

    if (pid)
        return pid;
    if (apart && setsid() < 0)
        _exit(TB_APART_BAD);
    for (;;)
        (void)pause(); /* ends with a signal alone */
}

/* The kernel lists no children: they are searched for. */
static bool ends_children(void)
{
    (void)start_sleeper(false);
    (void)start_sleeper(true);
    tb_fault_arm("fopen64", 1, ENOENT);
    tb_reaper_end();
    return tb_fault_disarm() && waitpid(-1, NULL, 0) < 0;
}

/* Whose group is not known is ended alone. */
static bool ends_a_child_of_no_group(void)
{
    (void)start_sleeper(false);
    tb_fault_arm("getpgid", 1, ESRCH);
    tb_reaper_end();
    return tb_fault_disarm() && waitpid(-1, NULL, 0) < 0;
}

static bool spares_a_child(void)
{
    pid_t first = start_sleeper(false), second = start_sleeper(false);

    tb_reaper_spare(first);
    tb_reaper_spare(second);
    (void)start_sleeper(false);
    tb_reaper_end();
    return !kill(first, SIGKILL) && !kill(second, SIGKILL) && waitpid(-1, NULL, 0) > 0 &&
           waitpid(-1, NULL, 0) > 0 && waitpid(-1, NULL, 0) < 0;
}

static void every_child_is_ended_but_those_that_are_spared(void **state)
{
    (void)state;
    tb_apart_expect(ends_children);
    tb_apart_expect(ends_a_child_of_no_group);
    tb_apart_expect(spares_a_child);
}

#define WITH_FOLDER(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_FOLDER(what_could_not_be_started_says_why),
        WITH_FOLDER(what_could_not_be_read_is_not_taken_for_all),
        cmocka_unit_test(who_cannot_begin_says_so),
        cmocka_unit_test(the_first_signal_that_stops_us_is_the_one),
        cmocka_unit_test(every_child_is_ended_but_those_that_are_spared),
    };

    tb_memory_init();
    tb_keeper_start(); /* here, and by no call that is to fail */
    return cmocka_run_group_tests(tests, NULL, NULL);
}
