/* Scratch folders are made where that is possible, and swept where their runs are gone. */
#include "run/scratch.h"

#include "check.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "apart.h"
#include "fault.h"
#include "util/file.h"
#include "util/memory.h"
#include "util/strings.h"

TB_FAILING(char *, mkdtemp, (char *path), (path), (tb_fault_errno(), NULL))
TB_FAILING(int, open64, (const char *path, int flags, mode_t mode), (path, flags, mode),
           tb_fault_errno())
TB_FAILING(int, lstat64, (const char *path, struct stat *status), (path, status), tb_fault_errno())
TB_FAILING(int, fstat64, (int fd, struct stat *status), (fd, status), tb_fault_errno())
TB_FAILING(int, access, (const char *path, int mode), (path, mode), tb_fault_errno())
TB_FAILING(uid_t, geteuid, (void), (), (uid_t)tb_fault.code)
TB_FAILING(int, atexit, (void (*function)(void)), (function), tb_fault.code)

static unsigned busy; /* so many times somebody else has a lock that is asked for */

/* NOLINTBEGIN(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp): the linker's names */
int __real_flock(int fd, int how);
int __wrap_flock(int fd, int how);
int __wrap_flock(int fd, int how)
{
    if (!busy && !tb_fault_is_now("flock"))
        return __real_flock(fd, how);
    errno = busy ? EWOULDBLOCK : tb_fault.code;
    busy -= busy > 0;
    return -1;
}
/* NOLINTEND(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp) */

static char *folder; /* of each test its own, and where scratch folders are made */

static int set_up(void **state)
{
    const char *place = getenv("TMPDIR");

    (void)state;
    folder = tb_print("%s/scratch-XXXXXX", place ? place : P_tmpdir);
    return __real_mkdtemp(folder) ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    tb_file_remove_all(folder);
    free(folder);
    return 0;
}

/* Whether a scratch folder is made there, and goes. */
static bool is_made_in(const char *place)
{
    struct tb_error error = {""};
    tb_autofree char *path = NULL, *begin = tb_print("%s/threadbench-run-", place);

    if (tb_scratch_renew(&error))
        return false;
    path = tb_scratch_path("");
    if (!tb_begins_with(path, begin) || __real_access(path, F_OK))
        return false;
    tb_scratch_end();
    return __real_access(path, F_OK) != 0;
}

/* Not where it was chosen. */
static bool is_made_after(const char *name, int code, const char *place)
{
    tb_fault_arm(name, 1, code);
    return is_made_in(place) && tb_fault_disarm();
}

static bool is_refused(const char *name, int code, const char *says)
{
    struct tb_error error = {""};

    tb_fault_arm(name, 1, code);
    return tb_scratch_renew(&error) == TB_FAILURE && tb_fault_disarm() &&
           strstr(error.text, says) != NULL;
}

static bool chosen(void)
{
    return !setenv("TMPDIR", folder, 1) && is_made_in(folder);
}

static bool chosen_and_full(void)
{
    tb_autofree char *says = tb_print("cannot make the folder '%s/threadbench-run-XXXXXX': %s: set "
                                      "TMPDIR to another place",
                                      folder, strerror(ENOSPC));

    return !setenv("TMPDIR", folder, 1) && is_refused("mkdtemp", ENOSPC, says);
}

static bool has_memory_folder(void)
{
    return !__real_access("/dev/shm", W_OK);
}

static bool in_memory(void)
{
    return !unsetenv("TMPDIR") && (!has_memory_folder() || is_made_in("/dev/shm")) &&
           !setenv("TMPDIR", "", 1) && (!has_memory_folder() || is_made_in("/dev/shm"));
}

static bool in_no_memory(void)
{
    return !unsetenv("TMPDIR") && is_made_after("access", EACCES, "/tmp");
}

static bool in_full_memory(void)
{
    return !unsetenv("TMPDIR") && is_made_after("mkdtemp", ENOSPC, "/tmp");
}

static bool without_an_end(void)
{
    return is_refused("atexit", ENOMEM, "out of memory");
}

static void it_is_made_where_that_is_possible(void **state)
{
    (void)state;
    tb_apart_expect(chosen);
    tb_apart_expect(chosen_and_full);
    tb_apart_expect(in_memory);
    tb_apart_expect(in_no_memory);
    tb_apart_expect(in_full_memory);
    tb_apart_expect(without_an_end);
}

static bool without_locks(void)
{
    return !setenv("TMPDIR", folder, 1) && is_made_after("flock", ENOLCK, folder);
}

/* Who may not open it does without the lock. */
static bool without_descriptors(void)
{
    return !setenv("TMPDIR", folder, 1) && is_made_after("open64", EMFILE, folder);
}

/* Another run was quicker, and took it for one that nobody has. */
static bool after_a_sweep(void)
{
    return !setenv("TMPDIR", folder, 1) && is_made_after("lstat64", ENOENT, folder);
}

static bool after_a_sweeper(void)
{
    busy = 1;
    return !setenv("TMPDIR", folder, 1) && is_made_in(folder) && !busy;
}

static bool not_after_eight(void)
{
    struct tb_error error = {""};

    busy = 100;
    return !setenv("TMPDIR", folder, 1) && tb_scratch_renew(&error) == TB_FAILURE && busy == 92 &&
           strstr(error.text, strerror(EBUSY));
}

static void who_cannot_hold_it_does_without_or_makes_another(void **state)
{
    (void)state;
    tb_apart_expect(without_locks);
    tb_apart_expect(without_descriptors);
    tb_apart_expect(after_a_sweep);
    tb_apart_expect(after_a_sweeper);
    tb_apart_expect(not_after_eight);
}

/* A name that a scratch folder may have, in the folder; the caller's. */
static char *like_one(const char *letters)
{
    return tb_print("%s/threadbench-run-%s", folder, letters);
}

static bool make(const char *path, mode_t mode)
{
    return !mkdir(path, 0700) && !chmod(path, mode);
}

/* What is left of a run that was killed. */
static bool is_swept(bool wanted)
{
    tb_autofree char *path = like_one("abcdef"), *file = tb_print("%s/x", path);

    return make(path, 01700) && !tb_file_create(file, "x", 1) && !setenv("TMPDIR", folder, 1) &&
           is_made_in(folder) && (__real_access(path, F_OK) != 0) == wanted;
}

static bool sweeps(void)
{
    return is_swept(true);
}

static bool sweeps_no_other(void)
{
    tb_autofree char *file = like_one("file__"), *link = like_one("link__");
    tb_autofree char *named = like_one("output"), *longer = like_one("abcdefg");

    return !tb_file_create(file, "x", 1) && !symlink(folder, link) && make(named, 0700) &&
           make(longer, 01700) && is_swept(true) && !__real_access(file, F_OK) &&
           !__real_access(link, F_OK) && !__real_access(named, F_OK) &&
           !__real_access(longer, F_OK);
}

static bool sweeps_none_held(void)
{
    busy = 1;
    return is_swept(false);
}

static bool sweeps_none_of_others(void)
{
    tb_fault_arm("geteuid", 1, 12345);
    return is_swept(false) && tb_fault_disarm();
}

static bool sweeps_none_unknown(void)
{
    tb_fault_arm("fstat64", 1, EIO);
    return is_swept(false) && tb_fault_disarm();
}

/* Each in an empty folder. */
static void only_what_is_ours_and_nobody_holds_is_swept(void **state)
{
    bool (*const each[])(void) = {sweeps, sweeps_no_other, sweeps_none_held, sweeps_none_of_others,
                                  sweeps_none_unknown};

    for (size_t i = 0; i < sizeof each / sizeof *each; i++) {
        tb_apart_expect(each[i]);
        assert_int_equal(tear_down(state), 0);
        assert_int_equal(set_up(state), 0);
    }
}

#define WITH_FOLDER(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_FOLDER(it_is_made_where_that_is_possible),
        WITH_FOLDER(who_cannot_hold_it_does_without_or_makes_another),
        WITH_FOLDER(only_what_is_ours_and_nobody_holds_is_swept),
    };

    tb_memory_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
