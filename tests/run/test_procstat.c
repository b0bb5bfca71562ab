/* Values in files of the kernel's, and limits of control groups. */
#include "run/procstat.h"

#include <stdlib.h>
#include <unistd.h>

#include "check.h"

static char path[] = "procstat-XXXXXX";

static int write_file(void **state)
{
    int fd = mkstemp(path);
    static const char text[] = "cpu  10 20 x\nName:\tone two \nsome avg10=0.25 total=7\nmax 5\n";

    (void)state;
    return fd < 0 || write(fd, text, sizeof text - 1) < 0 || close(fd);
}

static int remove_file(void **state)
{
    (void)state;
    return unlink(path);
}

static void assert_value(const char *mark, const char *expected)
{
    char *text = tb_kernel_text(path, mark);

    assert_non_null(text);
    assert_string_equal(text, expected);
    free(text);
}

static void a_value_is_what_follows_its_mark(void **state)
{
    (void)state;
    assert_value("", "cpu  10 20 x");
    assert_value("Name", "one two");
    assert_value("\nsome avg10", "0.25 total=7");
    assert_null(tb_kernel_text(path, "none"));
    assert_null(tb_kernel_text("/nonexistent/file", ""));
}

static void numbers_end_where_there_is_none(void **state)
{
    double values[3] = {0};

    (void)state;
    assert_int_equal(tb_kernel_numbers(path, "cpu ", values, 3), 2);
    assert_near(values[0], 10);
    assert_near(values[1], 20);
    assert_int_equal(tb_kernel_numbers(path, "cpu ", values, 1), 1);
    assert_int_equal(tb_kernel_numbers(path, "two \n", values, 3), 0);
    assert_near(tb_kernel_number(path, "total="), 7);
    assert_true(isnan(tb_kernel_number(path, "Name")));
    assert_true(isnan(tb_kernel_number(path, "none")));
}

static size_t folders;
static size_t longest;

/* Each folder has the limit 5, but for the outermost one, which has none. */
static double limit_of(const char *folder)
{
    assert_memory_equal(folder, "root", 4);
    assert_true(folders++ == 0 || strlen(folder) < longest);
    longest = strlen(folder);
    return longest == 4 ? -1 : 5;
}

static void the_walk_ends_at_the_root(void **state)
{
    static const char *const marks[] = {"0::", ":pids:"}; /* of either version of control groups */

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        double least = tb_cgroup_least(marks[i], "root", limit_of);

        assert_true(folders ? longest == 4 : isnan(least));
        assert_true(folders > 1 ? tb_is_near(least, 5) : isnan(least));
        folders = 0;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_value_is_what_follows_its_mark),
        cmocka_unit_test(numbers_end_where_there_is_none),
        cmocka_unit_test(the_walk_ends_at_the_root),
    };

    return cmocka_run_group_tests(tests, write_file, remove_file);
}
