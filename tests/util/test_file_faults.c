/* Whatever call to the system fails: what was there stays, or all of what is new is there. */
#include "util/file.h"

#include "check.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fault.h"
#include "util/memory.h"

/* With no error it only says that it has written. */
TB_FAILING(ssize_t, write, (int fd, const void *bytes, size_t size), (fd, bytes, size),
           tb_fault.code ? tb_fault_errno() : (ssize_t)size)
TB_FAILING(int, fsync, (int fd), (fd), tb_fault_errno())
TB_FAILING(int, close, (int fd), (fd), (__real_close(fd), tb_fault_errno()))
TB_FAILING(int, fclose, (FILE * file), (file), (__real_fclose(file), tb_fault_errno()))
TB_FAILING(int, fflush, (FILE * file), (file), tb_fault_errno())
TB_FAILING(int, fchmod, (int fd, mode_t mode), (fd, mode), tb_fault_errno())
TB_FAILING(int, mkdir, (const char *path, mode_t mode), (path, mode), tb_fault_errno())
TB_FAILING(int, link, (const char *from, const char *to), (from, to), tb_fault_errno())
TB_FAILING(int, unlink, (const char *path), (path), tb_fault_errno())
TB_FAILING(int, access, (const char *name, int mode), (name, mode), tb_fault_errno())
TB_FAILING(ssize_t, getrandom, (void *bytes, size_t size, unsigned flags), (bytes, size, flags),
           tb_fault_errno())

/* Of a file system that cannot keep what has the name, all of them fail. */
static int rename_errno;

/* NOLINTBEGIN(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp): the linker's */
int __real_renameat2(int from, const char *name, int to, const char *path, unsigned flags);
int __wrap_renameat2(int from, const char *name, int to, const char *path, unsigned flags);
int __wrap_renameat2(int from, const char *name, int to, const char *path, unsigned flags)
{
    if (!tb_fault_is_now("renameat2") && !(rename_errno && flags))
        return __real_renameat2(from, name, to, path, flags);
    errno = rename_errno ? rename_errno : tb_fault.code;
    return -1;
}

/* NOLINTEND(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp) */

/* Each with an error that it may end with. */
static const struct fault {
    const char *name;
    int code;
} faults[] = {
    {"write", ENOSPC}, {"fsync", EIO},     {"close", EIO},     {"fclose", EIO},
    {"fflush", EFBIG}, {"fchmod", EPERM},  {"mkdir", ENOSPC},  {"link", EMLINK},
    {"unlink", EPERM}, {"getrandom", EIO}, {"renameat2", EIO},
};
enum { FAULTS = sizeof faults / sizeof *faults, MOST_CALLS = 50 };

static char *folder, *path; /* of each test its own, and a file in there */

static int set_up(void **state)
{
    const char *place = getenv("TMPDIR");

    (void)state;
    rename_errno = 0;
    folder = tb_print("%s/fault-XXXXXX", place ? place : P_tmpdir);
    if (!mkdtemp(folder))
        return -1;
    path = tb_print("%s/x", folder);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    (void)tb_fault_disarm();
    tb_file_remove_all(folder);
    assert_int_equal(access(folder, F_OK), -1);
    free(folder);
    free(path);
    return 0;
}

static bool holds(const char *expected)
{
    tb_autofree char *text = NULL;
    size_t size = 0;

    return !tb_file_read(path, 100, &text, &size) && !strcmp(text, expected);
}

static size_t leftovers(void)
{
    DIR *open_folder = opendir(folder);
    const struct dirent *entry;
    size_t count = 0;

    assert_non_null(open_folder);
    while ((entry = readdir(open_folder)) != NULL)
        count += !strncmp(entry->d_name, TB_FILE_LEFTOVER, strlen(TB_FILE_LEFTOVER));
    (void)closedir(open_folder);
    return count;
}

static void put_old(void)
{
    struct tb_error error;

    assert_int_equal(tb_file_write(path, "old", &error), 0);
}

static int by_file(struct tb_error *error)
{
    return tb_file_write(path, "new", error);
}

static int by_draft(struct tb_error *error)
{
    struct tb_draft draft;
    int code = tb_draft_begin(&draft, path, error);

    if (code)
        return code;
    (void)fputs("new", draft.out);
    return tb_draft_end(&draft, true, error);
}

/* One fault; whether the call was made. */
static bool fails_well(int (*write_new)(struct tb_error *), const struct fault *fault, unsigned at)
{
    struct tb_error error = {""};
    bool reached;
    int code;

    put_old();
    tb_fault_arm(fault->name, at, fault->code);
    code = write_new(&error);
    reached = tb_fault_disarm();
    assert_true(holds("new") || (code && holds("old")));
    assert_int_equal(leftovers(), 0);
    assert_int_equal(code, reached ? TB_FAILURE : 0);
    if (reached) {
        assert_contains(error.text, "cannot write '");
        assert_contains(error.text, strerror(fault->code));
    }
    return reached;
}

static void walk(int (*write_new)(struct tb_error *), size_t least)
{
    size_t reached = 0;

    for (size_t i = 0; i < FAULTS; i++) {
        for (unsigned at = 1; at < MOST_CALLS && fails_well(write_new, &faults[i], at); at++)
            reached++;
    }
    assert_true(reached >= least);
}

static void a_file_that_cannot_be_written_is_as_it_was(void **state)
{
    (void)state;
    walk(by_file, 8);
}

static void nor_does_a_draft_that_cannot_be_written_replace_it(void **state)
{
    (void)state;
    walk(by_draft, 8);
}

/* One call with that error, which is none of the writer's. */
static void expect_written(const char *name, unsigned at, int code)
{
    struct tb_error error = {""};

    put_old();
    tb_fault_arm(name, at, code);
    assert_int_equal(by_file(&error), 0);
    assert_true(tb_fault_disarm());
    assert_true(holds("new"));
}

static void an_interrupted_write_goes_on(void **state)
{
    (void)state;
    expect_written("write", 1, EINTR);
}

static void a_folder_need_not_be_one_that_can_be_synced(void **state)
{
    (void)state;
    expect_written("fsync", 2, EINVAL); /* the first one is of the file */
    expect_written("fsync", 2, EACCES);
}

/* A short write that told of none, as on some network file systems. */
static void what_is_short_does_not_replace_what_is_whole(void **state)
{
    struct tb_error error = {""};

    (void)state;
    put_old();
    tb_fault_arm("write", 1, 0);
    assert_int_equal(by_file(&error), TB_FAILURE);
    assert_true(tb_fault_disarm());
    assert_contains(error.text, strerror(EIO));
    assert_true(holds("old"));
    assert_int_equal(leftovers(), 0);
}

static void a_draft_that_is_not_kept_leaves_nothing(void **state)
{
    struct tb_error error = {""};
    struct tb_draft draft;

    (void)state;
    put_old();
    assert_int_equal(tb_draft_begin(&draft, path, &error), 0);
    (void)fputs("new", draft.out);
    tb_fault_arm("fclose", 1, ENOSPC);
    assert_int_equal(tb_draft_end(&draft, false, &error), 0);
    assert_true(tb_fault_disarm());
    assert_true(holds("old"));
    assert_int_equal(leftovers(), 0);
}

static void some_file_systems_rename_only_over_what_is_there(void **state)
{
    static const int cannot[] = {EINVAL, ENOSYS};

    (void)state;
    for (size_t i = 0; i < sizeof cannot / sizeof *cannot; i++) {
        rename_errno = cannot[i];
        assert_int_equal(tb_file_create(path, "one", 3), 0);
        assert_int_equal(tb_file_create(path, "two", 3), EEXIST);
        assert_true(holds("one"));
        assert_int_equal(leftovers(), 0);
        assert_int_equal(__real_unlink(path), 0);
        tb_fault_arm("unlink", 1, EPERM);
        assert_int_equal(tb_file_create(path, "one", 3), EPERM);
        assert_true(tb_fault_disarm());
        assert_int_equal(__real_unlink(path), 0);
    }
    rename_errno = EPERM;
    assert_int_equal(tb_file_create(path, "one", 3), EPERM);
    assert_int_equal(__real_access(path, F_OK), -1);
}

static void folders_are_made_and_synced_or_the_reason_is_known(void **state)
{
    static const struct fault some[] = {{"mkdir", ENOSPC}, {"fsync", EIO}, {"close", EIO}};
    tb_autofree char *made = tb_print("%s/a", folder), *deep = tb_print("%s/b/x", made);
    tb_autofree char *same = tb_copy(deep);

    (void)state;
    for (size_t i = 0; i < sizeof some / sizeof *some; i++) {
        for (unsigned at = 1; at <= 2; at++) { /* of both folders */
            tb_fault_arm(some[i].name, at, some[i].code);
            assert_int_equal(tb_file_make_folders(deep, strlen(folder)), some[i].code);
            assert_true(tb_fault_disarm());
            assert_string_equal(deep, same);
            tb_file_remove_all(made);
        }
    }
}

static void what_a_check_cannot_do_a_writer_could_not(void **state)
{
    tb_autofree char *fifo = tb_print("%s/p", folder);

    (void)state;
    tb_fault_arm("getrandom", 1, EIO);
    assert_int_equal(tb_file_check(path), EIO);
    tb_fault_arm("unlink", 1, EPERM);
    assert_int_equal(tb_file_check(path), EPERM);
    assert_int_equal(leftovers(), 1);
    assert_int_equal(mkfifo(fifo, 0600), 0);
    tb_fault_arm("access", 1, EACCES);
    assert_int_equal(tb_file_check(fifo), EACCES);
}

#define WITH_FOLDER(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_FOLDER(a_file_that_cannot_be_written_is_as_it_was),
        WITH_FOLDER(nor_does_a_draft_that_cannot_be_written_replace_it),
        WITH_FOLDER(an_interrupted_write_goes_on),
        WITH_FOLDER(a_folder_need_not_be_one_that_can_be_synced),
        WITH_FOLDER(what_is_short_does_not_replace_what_is_whole),
        WITH_FOLDER(a_draft_that_is_not_kept_leaves_nothing),
        WITH_FOLDER(some_file_systems_rename_only_over_what_is_there),
        WITH_FOLDER(folders_are_made_and_synced_or_the_reason_is_known),
        WITH_FOLDER(what_a_check_cannot_do_a_writer_could_not),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
