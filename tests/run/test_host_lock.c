/* Who else measures on this host is found, as far as it can be seen. */
#include "run/host_lock.h"

#include "check.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "apart.h"
#include "fault.h"
#include "run/worker.h"
#include "util/file.h"
#include "util/memory.h"
#include "util/strings.h"

TB_FAILING(int, flock, (int fd, int how), (fd, how), tb_fault_errno())
TB_FAILING(int, fstat64, (int fd, struct stat *status), (fd, status), tb_fault_errno())
TB_FAILING(FILE *, fopen64, (const char *path, const char *mode), (path, mode),
           (tb_fault_errno(), NULL))

static char *file; /* that is locked; of each test its own */
static pid_t other;
static char shell[] = "another threadbench";

/* Another process holds it, until it is killed; its command line begins with that word. */
static bool is_held_by(char *word)
{
    static char option[] = "-c", script[] = "echo; exec 1>&-; while :; do kill -s STOP $$; done";
    char *const words[] = {word, option, script, NULL};
    int ends[2];
    char byte;

    if (pipe2(ends, O_CLOEXEC))
        return false;
    other = fork();
    if (!other) {
        if (flock(open(file, O_RDONLY), LOCK_SH) || dup2(ends[1], STDOUT_FILENO) < 0)
            _exit(TB_APART_BAD);
        (void)execv("/bin/sh", words);
        _exit(TB_APART_BAD);
    }
    (void)close(ends[1]); /* the other's */
    return read(ends[0], &byte, 1) == 1 && !close(ends[0]);
}

static int set_up(void **state)
{
    const char *place = getenv("TMPDIR");
    int fd;

    (void)state;
    file = tb_print("%s/lock-XXXXXX", place ? place : P_tmpdir);
    fd = mkstemp(file);
    return fd < 0 || close(fd) || setenv("THREADBENCH_LOCK", file, 1) ? -1 : 0;
}

static int tear_down(void **state)
{
    (void)state;
    (void)tb_fault_disarm();
    (void)unlink(file); /* it may be gone */
    free(file);
    if (other > 0) {
        (void)kill(other, SIGKILL); /* it never ends */
        (void)waitpid(other, NULL, 0);
    }
    other = 0;
    return 0;
}

static void the_usual_place_is_taken_where_none_is_given(void **state)
{
    static const char *const given[] = {NULL, ""};

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct tb_host_lock lock = {0};
        struct stat locked, usual;

        if (given[i])
            assert_int_equal(setenv("THREADBENCH_LOCK", given[i], 1), 0);
        else
            assert_int_equal(unsetenv("THREADBENCH_LOCK"), 0);
        tb_host_lock_open(&lock);
        assert_true(lock.opened);
        assert_int_equal(fstat(lock.fd, &locked), 0);
        assert_int_equal(stat("/sys/devices/system/cpu", &usual), 0);
        assert_true(locked.st_ino == usual.st_ino && locked.st_dev == usual.st_dev);
        tb_host_lock_finish(&lock);
    }
}

static void the_other_one_is_named_once(void **state)
{
    static char long_word[] =
        "dots ........................................................."
        "........................................................................",
                dots[] = "................................................................."
                         "................................................................";
    static const struct {
        char *word;
        const char *shown;
    } each[] = {
        {shell, "another threadbench -c echo; exec 1>&-; while :; do kill -s STOP $$; done"},
        {long_word, "dots..."},
        {dots, "..."},
    };

    for (size_t i = 0; i < sizeof each / sizeof *each; i++) {
        struct tb_host_lock lock = {0};
        tb_autofree char *wanted = NULL;

        assert_int_equal(set_up(state), 0);
        tb_host_lock_open(&lock);
        assert_false(tb_host_lock_look(&lock)); /* there is none yet */
        assert_true(is_held_by(each[i].word));
        assert_true(tb_host_lock_look(&lock));
        wanted = tb_print("process %d: %s", (int)other, each[i].shown);
        assert_string_equal(lock.other, wanted);
        assert_false(tb_host_lock_look(&lock)); /* it was met before */
        tb_host_lock_finish(&lock);
        assert_int_equal(tear_down(state), 0);
    }
}

static void expect_other(const char *name, unsigned at, const char *wanted)
{
    struct tb_host_lock lock = {0};

    tb_host_lock_open(&lock);
    tb_fault_arm(name, at, EIO);
    assert_true(tb_host_lock_look(&lock));
    assert_true(tb_fault_disarm());
    assert_string_equal(lock.other, wanted);
    tb_host_lock_finish(&lock);
}

static void what_cannot_be_seen_of_it_is_said(void **state)
{
    static const char unseen[] = "a process that cannot be seen from here";
    tb_autofree char *number = NULL;

    (void)state;
    assert_true(is_held_by(shell));
    number = tb_print("process %d", (int)other);
    expect_other("fstat64", 1, unseen);
    expect_other("fopen64", 1, unseen); /* /proc/locks */
    expect_other("fopen64", 2, number); /* its command line */
}

static void where_there_are_no_locks_nobody_is_met(void **state)
{
    struct tb_host_lock lock = {0};
    tb_autofree char *says = tb_print("cannot lock '%s': %s", file, strerror(ENOLCK));
    struct tb_error error;

    (void)state;
    tb_host_lock_open(&lock);
    tb_fault_arm("flock", 1, ENOLCK);
    assert_false(tb_host_lock_look(&lock));
    assert_true(tb_fault_disarm());
    assert_string_equal(lock.refused, says);
    assert_false(lock.opened);
    assert_int_equal(tb_host_lock_wait(&lock, &error), 0); /* for nobody */
    tb_host_lock_finish(&lock);
}

static void who_cannot_wait_says_why(void **state)
{
    struct tb_host_lock lock = {0};
    tb_autofree char *path = tb_copy(getenv("PATH"));
    struct tb_error error = {""};
    int code;

    (void)state;
    tb_host_lock_open(&lock);
    assert_true(is_held_by(shell));
    assert_int_equal(setenv("PATH", "/nonexistent", 1), 0);
    code = tb_host_lock_wait(&lock, &error);
    assert_int_equal(setenv("PATH", path, 1), 0);
    assert_int_equal(code, TB_FAILURE);
    assert_string_equal(error.text, "--wait: flock: cannot start: No such file or directory");
    tb_host_lock_finish(&lock);
}

#define WITH_FILE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_FILE(the_usual_place_is_taken_where_none_is_given),
        cmocka_unit_test(the_other_one_is_named_once),
        WITH_FILE(what_cannot_be_seen_of_it_is_said),
        WITH_FILE(where_there_are_no_locks_nobody_is_met),
        WITH_FILE(who_cannot_wait_says_why),
    };

    tb_memory_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
