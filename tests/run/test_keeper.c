/* What becomes of a worker, of what has left its group, and of its folder when the program that
 * started it is killed. */
#include "run/keeper.h"

#include "check.h"

#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "apart.h"
#include "fault.h"
#include "util/file.h"
#include "util/memory.h"

TB_FAILING(int, pipe2, (int *ends, int flags), (ends, flags), tb_fault_errno())
TB_FAILING(pid_t, fork, (void), (), tb_fault_errno())
TB_FAILING(void *, mmap64, (void *at, size_t size, int kind, int flags, int fd, off_t offset),
           (at, size, kind, flags, fd, offset), (tb_fault_errno(), MAP_FAILED))
TB_FAILING(int, atexit, (void (*function)(void)), (function), tb_fault.code)

static char *folder; /* of each test its own */

/* What the processes of a test know of each other. */
static struct {
    pid_t stray;    /* what has left the worker's group */
    unsigned reads; /* of the keeper, from when it was begun */
} * shared;

/* NOLINTBEGIN(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp): the linker's names */
ssize_t __real_read(int fd, void *bytes, size_t size);
ssize_t __wrap_read(int fd, void *bytes, size_t size);
ssize_t __wrap_read(int fd, void *bytes, size_t size)
{
    shared->reads++;
    return tb_fault_is_now("read") ? tb_fault_errno() : __real_read(fd, bytes, size);
}
/* NOLINTEND(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp) */

static int set_up(void **state)
{
    const char *place = getenv("TMPDIR");

    (void)state;
    folder = tb_print("%s/keeper-XXXXXX", place ? place : P_tmpdir);
    return mkdtemp(folder) && !prctl(PR_SET_CHILD_SUBREAPER, 1) ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    tb_file_remove_all(folder);
    free(folder);
    return 0;
}

/* Starts a program that knows the folder, and never ends, in a group or a session of its own. */
static pid_t start_worker(bool strays)
{
    tb_autofree char *sidecar = tb_print("THREADBENCH_SIDECAR=%s/sidecar", folder);
    char *const environment[] = {sidecar, NULL};
    pid_t pid = fork();

    if (pid)
        return pid;
    if (strays ? setsid() < 0 : setpgid(0, 0) != 0)
        _exit(TB_APART_BAD);
    (void)execle("/usr/bin/tail", "tail", "-f", "/dev/null", NULL, environment);
    _exit(TB_APART_BAD);
}

/* A harness that is killed while its worker runs, beside one that has left the worker's group. */
static _Noreturn void be_killed(const char *kept)
{
    int ends[2];
    pid_t worker;
    char byte;

    tb_keeper_start();
    (void)tb_fault_disarm(); /* it is the keeper's */
    tb_keeper_folder(kept);
    if (pipe2(ends, O_CLOEXEC))
        _exit(TB_APART_BAD);
    worker = start_worker(false);
    shared->stray = start_worker(true);
    tb_keeper_group(worker);
    (void)close(ends[1]);
    if (__real_read(ends[0], &byte, 1) == 0) /* both have become their program */
        (void)raise(SIGKILL);
    _exit(TB_APART_BAD);
}

/* Waits until so many of what the test has started, and of theirs, were killed; the others end by
 * themselves, and well. */
static void await_killed(int wanted)
{
    int status;

    while (wanted > 0) {
        assert_true(waitpid(-1, &status, 0) > 0);
        assert_true(WIFSIGNALED(status) || WEXITSTATUS(status) == 0);
        wanted -= WIFSIGNALED(status);
    }
}

/* The others end well. */
static void await_all(void)
{
    int status;

    while (waitpid(-1, &status, 0) > 0)
        assert_int_equal(status, 0);
}

static void kill_harness(const char *kept)
{
    pid_t pid = fork();

    assert_true(pid >= 0);
    if (!pid)
        be_killed(kept);
}

static void what_is_left_of_a_killed_run_ends_and_its_folder_goes(void **state)
{
    tb_autofree char *file = tb_print("%s/sidecar", folder);

    (void)state;
    assert_int_equal(tb_file_create(file, "x", 1), 0);
    kill_harness(folder);
    await_killed(3); /* the harness, the worker, what has left its group */
    await_all();
    assert_int_equal(access(folder, F_OK), -1);
}

static void an_interruption_is_no_end(void **state)
{
    (void)state;
    shared->reads = 0;
    tb_fault_arm("read", 1, EINTR);
    kill_harness(folder);
    (void)tb_fault_disarm(); /* the keeper's is its own */
    await_killed(3);
    await_all();
    assert_int_equal(shared->reads, 2);
    assert_int_equal(access(folder, F_OK), -1);
}

/* Which folder was meant is not known: nothing is removed, nor what writes there ended. */
static void of_a_folder_that_is_not_known_nothing_is_removed(void **state)
{
    tb_autofree char *long_name = tb_alloc(PATH_MAX + 1, 1);
    const char *const names[] = {NULL, memset(long_name, 'x', PATH_MAX)};

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        kill_harness(names[i]);
        await_killed(2); /* the harness, the worker */
        assert_int_equal(kill(shared->stray, SIGKILL), 0);
        await_killed(1);
        await_all();
        assert_int_equal(access(folder, F_OK), 0);
    }
}

static bool ends_in_order(void)
{
    tb_keeper_start();
    tb_keeper_start(); /* is the first one alone */
    tb_keeper_folder(folder);
    return tb_keeper_end() && !tb_keeper_end() && waitpid(-1, NULL, 0) < 0 && errno == ECHILD &&
           !access(folder, F_OK);
}

static void in_good_order_it_goes_and_removes_nothing(void **state)
{
    (void)state;
    tb_apart_expect(ends_in_order);
}

/* The run goes on without it. */
static bool starts_none(const char *name)
{
    tb_fault_arm(name, 1, ENOMEM);
    tb_keeper_start();
    if (!tb_fault_disarm())
        return false;
    tb_keeper_group(getpid());
    tb_keeper_folder(folder);
    return !tb_keeper_end() && !access(folder, F_OK);
}

static bool without_memory(void)
{
    return starts_none("mmap64");
}

static bool without_descriptors(void)
{
    return starts_none("pipe2");
}

static bool without_processes(void)
{
    return starts_none("fork");
}

static bool without_an_end(void)
{
    return starts_none("atexit") && waitpid(-1, NULL, 0) > 0; /* it saw the pipe closed */
}

static void where_there_is_none_the_run_goes_on(void **state)
{
    (void)state;
    tb_apart_expect(without_memory);
    tb_apart_expect(without_descriptors);
    tb_apart_expect(without_processes);
    tb_apart_expect(without_an_end);
}

#define WITH_FOLDER(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_FOLDER(what_is_left_of_a_killed_run_ends_and_its_folder_goes),
        WITH_FOLDER(an_interruption_is_no_end),
        WITH_FOLDER(of_a_folder_that_is_not_known_nothing_is_removed),
        WITH_FOLDER(in_good_order_it_goes_and_removes_nothing),
        WITH_FOLDER(where_there_is_none_the_run_goes_on),
    };

    shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    return shared == MAP_FAILED ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
