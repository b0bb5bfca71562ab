/* Whole files: what a reader gets, what a writer leaves, whatever is there already. */
#include "util/file.h"

#include "check.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "util/memory.h"
#include "util/strings.h"

static char *folder; /* of each test its own */

static int set_up(void **state)
{
    const char *place = getenv("TMPDIR");

    (void)state;
    folder = tb_print("%s/file-XXXXXX", place ? place : P_tmpdir);
    return mkdtemp(folder) ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    tb_file_remove_all(folder);
    assert_int_equal(access(folder, F_OK), -1);
    free(folder);
    return 0;
}

static char *within(const char *name)
{
    return tb_print("%s/%s", folder, name);
}

static void assert_content(const char *path, const char *expected)
{
    tb_autofree char *text = NULL;
    size_t size = 0;

    assert_int_equal(tb_file_read(path, 1 << 20, &text, &size), 0);
    assert_int_equal(size, strlen(expected));
    assert_string_equal(text, expected);
}

static void reading_has_a_bound(void **state)
{
    tb_autofree char *path = within("x"), *missing = within("y"), *large = tb_alloc(10001, 1);
    tb_autofree char *head = NULL, *text = NULL;
    struct tb_error error;
    size_t size;

    (void)state;
    memset(large, 'a', 10000);
    assert_int_equal(tb_file_write(path, large, &error), 0);
    assert_content(path, large);
    assert_int_equal(tb_file_read(path, 9999, &text, &size), EFBIG);
    assert_int_equal(tb_file_read(path, 10000, &text, &size), 0);
    assert_int_equal(tb_file_read_head(path, 7, &head, &size), 0);
    assert_int_equal(size, 7);
    assert_string_equal(head, "aaaaaaa");
    tb_free(&head);
    assert_int_equal(tb_file_read_head(path, 20000, &head, &size), 0);
    assert_int_equal(size, 10000);
    tb_free(&head);
    assert_int_equal(tb_file_read_head(missing, 7, &head, &size), ENOENT);
    assert_null(head);
    assert_int_equal(tb_file_read("/dev/zero", 1 << 16, &head, &size), EFBIG);
    assert_int_equal(tb_file_read(folder, 7, &head, &size), EISDIR);
}

static void a_file_keeps_its_mode_and_its_links(void **state)
{
    tb_autofree char *path = within("x"), *link = within("l"), *loop = within("o");
    tb_autofree char *ahead = within("a"), *far = within("f");
    struct stat status;
    struct tb_error error = {""};

    (void)state;
    assert_int_equal(tb_file_write(path, "one", &error), 0);
    assert_int_equal(chmod(path, 0640), 0);
    assert_int_equal(symlink("x", link), 0);
    assert_int_equal(tb_file_write(link, "two", &error), 0);
    assert_content(path, "two");
    assert_int_equal(lstat(link, &status), 0);
    assert_true(S_ISLNK(status.st_mode));
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0640);
    assert_int_equal(symlink("a", far), 0); /* to a link to what is not there yet */
    assert_int_equal(symlink("z", ahead), 0);
    assert_int_equal(tb_file_write(far, "three", &error), 0);
    assert_int_equal(unlink(ahead), 0);
    assert_int_equal(symlink("o", loop), 0);
    assert_int_equal(tb_file_write(loop, "four", &error), TB_FAILURE);
    assert_contains(error.text, "cannot write");
    assert_int_equal(tb_file_check(loop), ELOOP);
    assert_int_equal(tb_file_check(link), 0);
    free(far);
    far = within("z");
    assert_content(far, "three");
}

/* What has no name any more is written to where it is; a link without a folder is in this one. */
static void a_path_may_be_short_or_lead_nowhere(void **state)
{
    tb_autofree char *path = within("x"), *gone = NULL, *text = NULL, *far = within("y");
    struct tb_error error = {""};
    size_t size;
    int fd, back = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    (void)state;
    assert_int_equal(tb_file_write(path, "one", &error), 0);
    fd = open(path, O_RDWR | O_CLOEXEC);
    gone = tb_print("/proc/self/fd/%d", fd);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(tb_file_write(gone, "two", &error), 0);
    assert_int_equal(tb_file_read(gone, 100, &text, &size), 0);
    assert_string_equal(text, "two");
    (void)close(fd);
    assert_int_equal(chdir(folder), 0);
    assert_int_equal(symlink("y", "l"), 0);
    assert_int_equal(tb_file_write("l", "three", &error), 0);
    assert_int_equal(fchdir(back), 0);
    (void)close(back);
    assert_content(far, "three");
}

static void what_cannot_be_written_comes_with_what_to_do(void **state)
{
    static const struct {
        int err;
        const char *advice;
    } table[] = {
        {ENOSPC, "make room, or choose another place"},
        {EDQUOT, "make room, or choose"},
        {EROFS, "choose another place"},
        {EACCES, "choose another place"},
        {ENXIO, "nobody reads it"},
        {EIO, "error"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct tb_error error = {""};

        assert_int_equal(tb_file_unwritable("write", "x", table[i].err, &error), TB_FAILURE);
        assert_contains(error.text, "cannot write 'x': ");
        assert_contains(error.text, table[i].advice);
    }
}

static void what_is_no_file_is_written_to(void **state)
{
    tb_autofree char *fifo = within("p"), *deep = within("no/such");
    struct tb_error error = {""};
    struct tb_draft draft;
    char got[8] = "";
    int end;

    (void)state;
    assert_int_equal(mkfifo(fifo, 0600), 0);
    assert_int_equal(tb_file_write(fifo, "x", &error), TB_FAILURE);
    assert_contains(error.text, "nobody reads it");
    end = open(fifo, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    assert_true(end >= 0);
    assert_int_equal(tb_file_write(fifo, "abc", &error), 0);
    assert_int_equal(read(end, got, sizeof got), 3);
    assert_int_equal(tb_draft_begin(&draft, fifo, &error), 0);
    assert_int_equal(fputs("defg", draft.out) >= 0, 1);
    assert_int_equal(tb_draft_end(&draft, true, &error), 0);
    assert_int_equal(read(end, got, sizeof got), 4);
    assert_memory_equal(got, "defg", 4);
    (void)close(end);
    assert_int_equal(tb_file_check(fifo), 0);
    assert_int_equal(tb_file_check(folder), EISDIR);
    assert_int_equal(tb_file_check(deep), ENOENT);
    assert_int_equal(tb_file_write(folder, "x", &error), TB_FAILURE);
    assert_int_equal(tb_draft_begin(&draft, deep, &error), TB_FAILURE);
    assert_contains(error.text, deep);
    assert_int_equal(tb_file_write("/dev/full", "x", &error), TB_FAILURE);
    assert_contains(error.text, "make room");
}

static void a_draft_replaces_when_it_is_kept(void **state)
{
    tb_autofree char *path = within("x");
    struct tb_error error = {""};
    struct tb_draft draft;

    (void)state;
    assert_int_equal(tb_file_write(path, "old", &error), 0);
    assert_int_equal(tb_draft_begin(&draft, path, &error), 0);
    (void)fputs("new", draft.out);
    assert_content(path, "old");
    assert_int_equal(tb_draft_end(&draft, false, &error), 0);
    assert_content(path, "old");
    assert_int_equal(tb_draft_begin(&draft, path, &error), 0);
    (void)fputs("new", draft.out);
    assert_int_equal(tb_draft_end(&draft, true, &error), 0);
    assert_content(path, "new");
    assert_int_equal(tb_draft_begin(&draft, "/dev/full", &error), 0);
    (void)fputs("new", draft.out);
    assert_int_equal(tb_draft_end(&draft, true, &error), TB_FAILURE);
    assert_contains(error.text, "/dev/full");
    assert_int_equal(tb_draft_begin(&draft, "/dev/full", &error), 0);
    (void)fputs("new", draft.out);
    (void)fflush(draft.out); /* it has failed before its end, and is not asked again */
    assert_int_equal(tb_draft_end(&draft, true, &error), TB_FAILURE);
}

/* As where memory runs out. */
static void a_draft_goes_with_the_program(void **state)
{
    tb_autofree char *path = within("x"), *loop = within("o");
    struct tb_error error = {""};
    struct tb_draft draft;
    pid_t child = fork();
    int status;

    (void)state;
    assert_true(child >= 0);
    if (!child)
        exit(tb_draft_begin(&draft, path, &error));
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status) && !WEXITSTATUS(status));
    assert_int_equal(rmdir(folder), 0); /* it was empty */
    assert_int_equal(mkdir(folder, 0700), 0);
    assert_int_equal(symlink("o", loop), 0);
    assert_int_equal(tb_draft_begin(&draft, loop, &error), TB_FAILURE);
}

static void nothing_is_replaced_by_what_is_created(void **state)
{
    tb_autofree char *path = within("a/b/c/x"), *blocked = within("a/b/c/x/y/z");
    tb_autofree char *same = tb_copy(blocked);

    (void)state;
    assert_int_equal(tb_file_create(path, "one", 3), ENOENT);
    assert_int_equal(tb_file_make_folders(path, strlen(folder)), 0);
    assert_int_equal(tb_file_make_folders(path, 0), 0); /* again, and all are synced */
    assert_int_equal(tb_file_create(path, "one", 3), 0);
    assert_int_equal(tb_file_create(path, "two", 3), EEXIST);
    assert_content(path, "one");
    assert_int_equal(tb_file_make_folders(blocked, strlen(folder)), ENOTDIR);
    assert_string_equal(blocked, same);
}

static void a_cache_is_where_its_user_alone_is(void **state)
{
    static const struct {
        const char *cache, *home, *path;
    } table[] = {
        {"/dev", "/proc", "/dev/threadbench/n"},
        {"dev", "/proc", "/proc/.cache/threadbench/n"},
        {"", "/proc", "/proc/.cache/threadbench/n"},
        {NULL, "/proc", "/proc/.cache/threadbench/n"},
        {NULL, "proc", NULL},
        {NULL, NULL, NULL},
    };

    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        tb_autofree char *path = NULL;

        (void)unsetenv("XDG_CACHE_HOME"); /* fail for what is no name */
        (void)unsetenv("HOME");
        assert_true(!table[i].cache || !setenv("XDG_CACHE_HOME", table[i].cache, 1));
        assert_true(!table[i].home || !setenv("HOME", table[i].home, 1));
        path = tb_file_cached("n");
        assert_true(tb_same(path, table[i].path));
    }
}

/* A terminal is read by whoever sits before it. */
static bool is_terminal_stdout(void)
{
    int end = posix_openpt(O_RDWR | O_NOCTTY), fd;
    bool is_stdout;

    if (end < 0 || grantpt(end) || unlockpt(end))
        return false;
    fd = open(ptsname(end), O_RDWR | O_NOCTTY | O_CLOEXEC);
    is_stdout = dup2(fd, STDOUT_FILENO) == STDOUT_FILENO && tb_file_is_stdout(ptsname(end));
    (void)close(fd);
    (void)close(end);
    return is_stdout;
}

static void stdout_is_known_by_any_name(void **state)
{
    tb_autofree char *path = within("x"), *other = within("y");
    struct tb_error error;
    int kept = dup(STDOUT_FILENO), fd;
    bool same, different, nowhere, terminal;

    (void)state;
    assert_int_equal(tb_file_write(path, "", &error) || tb_file_write(other, "", &error), 0);
    fd = open(path, O_WRONLY | O_CLOEXEC);
    assert_int_equal(dup2(fd, STDOUT_FILENO), STDOUT_FILENO);
    same = tb_file_is_stdout(path);
    different = tb_file_is_stdout(other) || tb_file_is_stdout("/nonexistent");
    (void)close(fd);
    fd = open("/dev/null", O_WRONLY | O_CLOEXEC);
    assert_int_equal(dup2(fd, STDOUT_FILENO), STDOUT_FILENO);
    nowhere = tb_file_is_stdout("/dev/null");
    terminal = is_terminal_stdout();
    (void)close(STDOUT_FILENO);
    nowhere |= tb_file_is_stdout(path);
    assert_int_equal(dup2(kept, STDOUT_FILENO), STDOUT_FILENO);
    (void)close(fd);
    (void)close(kept);
    assert_true(same);
    assert_false(different || nowhere);
    assert_true(terminal);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(reading_has_a_bound, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_file_keeps_its_mode_and_its_links, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_no_file_is_written_to, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_path_may_be_short_or_lead_nowhere, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_draft_goes_with_the_program, set_up, tear_down),
        cmocka_unit_test(what_cannot_be_written_comes_with_what_to_do),
        cmocka_unit_test_setup_teardown(a_draft_replaces_when_it_is_kept, set_up, tear_down),
        cmocka_unit_test_setup_teardown(nothing_is_replaced_by_what_is_created, set_up, tear_down),
        cmocka_unit_test_setup_teardown(stdout_is_known_by_any_name, set_up, tear_down),
        cmocka_unit_test(a_cache_is_where_its_user_alone_is),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
