/* How what the kernel reports is read: made-up files, and this process. */
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#include <threadbench/proc.h>

static char path[] = "/tmp/threadbench-proc-XXXXXX";

static int make_file(void **state)
{
    int fd = mkstemp(path);

    (void)state;
    return fd < 0 ? -1 : close(fd);
}

static int remove_file(void **state)
{
    (void)state;
    return unlink(path);
}

static void write_file(const char *text)
{
    FILE *file = fopen(path, "we");

    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static void test_another_number_of_a_list(void **state)
{
    static const struct {
        const char *list;
        int64_t own, other; /* -1: none */
    } lists[] = {{"0\n", 0, -1},  {"0-1\n", 0, 1}, {"0-1\n", 1, 0},
                 {"0,8\n", 0, 8}, {"2-3\n", 0, 2}, {"3,8-9\n", 3, 8},
                 {"0-3\n", 2, 0}, {"", 0, -1},     {"nonsense", 0, -1}};

    (void)state;
    for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
        int64_t other = -1;

        write_file(lists[i].list);
        assert_int_equal(tb_proc_other(path, lists[i].own, &other),
                         lists[i].other < 0 ? ENOENT : 0);
        assert_int_equal(other, lists[i].other);
    }
    assert_int_equal(tb_proc_other("/nowhere", 0, &(int64_t){0}), ENOENT);
}

static void test_a_number_follows_its_mark(void **state)
{
    int64_t number = 0;

    (void)state;
    write_file("0.25 0.10 3/451 77\nFree:   12 kB\nLeft:  -3\n");
    assert_int_equal(tb_proc_number(path, "/", &number), 0);
    assert_int_equal(number, 451);
    assert_int_equal(tb_proc_number(path, "Free:", &number), 0);
    assert_int_equal(number, 12);
    assert_int_equal(tb_proc_number(path, "Left:", &number), 0);
    assert_int_equal(number, -3);
    write_file("4194304\n");
    assert_int_equal(tb_proc_number(path, "", &number), 0);
    assert_int_equal(number, 4194304);
}

static void test_no_number_is_an_error_and_changes_nothing(void **state)
{
    int64_t number = 7;

    (void)state;
    write_file("max\n");
    assert_int_equal(tb_proc_number(path, "", &number), ENOENT);
    assert_int_equal(tb_proc_number(path, "Free:", &number), ENOENT);
    write_file("");
    assert_int_equal(tb_proc_number(path, "", &number), ENOENT);
    assert_int_equal(tb_proc_number("/nonexistent/file", "", &number), ENOENT);
    assert_int_equal(number, 7);
}

static void test_what_is_too_long_is_cut(void **state)
{
    char text[5];
    size_t length = 0;

    (void)state;
    write_file("abcdefgh");
    assert_int_equal(tb_proc_read(path, text, sizeof(text), &length), 0);
    assert_string_equal(text, "abcd");
    assert_int_equal(length, 4);
    assert_int_equal(tb_proc_read("/nonexistent/file", text, sizeof(text), &length), ENOENT);
}

static void test_lines_are_counted(void **state)
{
    int64_t lines = 0;

    (void)state;
    write_file("a\n\nb\n");
    assert_int_equal(tb_proc_lines(path, &lines), 0);
    assert_int_equal(lines, 3);
    assert_int_equal(tb_proc_lines("/nonexistent/file", &lines), ENOENT);
}

static void test_an_address_is_in_a_mapping(void **state)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    char *two = mmap(NULL, 2 * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    uintptr_t begin = 0;

    (void)state;
    assert_true(two != MAP_FAILED);
    assert_int_equal(mprotect(two + page, page, PROT_READ), 0);
    assert_int_equal(tb_proc_mapping((uintptr_t)two + page + 1, &begin), 0);
    assert_int_equal(begin, (uintptr_t)two + page);
    assert_int_equal(munmap(two, 2 * page), 0);
    assert_int_equal(tb_proc_mapping(1, &begin), ENOENT);
    assert_int_equal(begin, (uintptr_t)two + page);
}

static void test_a_mapped_file_is_known_by_its_name(void **state)
{
    char program[PATH_MAX];

    (void)state;
    assert_int_equal(tb_proc_program(program, sizeof(program)), 0);
    assert_true(tb_proc_has_mapped(strrchr(program, '/') + 1));
    assert_false(tb_proc_has_mapped(program)); /* a name, no path */
    assert_false(tb_proc_has_mapped("no-such-file"));
}

static bool is_resident(char *page, size_t bytes)
{
    unsigned char resident = 0;

    assert_int_equal(mincore(page, bytes, &resident), 0);
    return resident & 1;
}

static void test_pages_are_touched_where_there_is_access(void **state)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    char *two = mmap(NULL, 2 * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    int err;

    (void)state;
    assert_true(two != MAP_FAILED);
    assert_int_equal(mprotect(two + page, page, PROT_READ | PROT_WRITE), 0);
    assert_false(is_resident(two + page, page));
    err = tb_proc_populate();
    assert_int_equal(is_resident(two + page, page), !err);
    assert_true(!err || err == EINVAL);
    assert_false(is_resident(two, page));
    assert_int_equal(munmap(two, 2 * page), 0);
}

struct sleeper {
    sem_t named, leave;
    pid_t tid;
};

static void *sleep_on(void *argument)
{
    struct sleeper *sleeper = argument;

    sleeper->tid = gettid();
    (void)sem_post(&sleeper->named); /* never near its maximum */
    while (sem_wait(&sleeper->leave) && errno == EINTR)
        ;
    return NULL;
}

static void test_a_thread_that_waits_is_asleep_and_counted(void **state)
{
    struct sleeper sleeper = {0};
    pthread_t thread;
    int own, other;

    (void)state;
    assert_int_equal(sem_init(&sleeper.named, 0, 0) | sem_init(&sleeper.leave, 0, 0), 0);
    assert_int_equal(pthread_create(&thread, NULL, sleep_on, &sleeper), 0);
    assert_int_equal(sem_wait(&sleeper.named), 0);
    assert_int_equal(tb_proc_open_state(gettid(), &own), 0);
    assert_int_equal(tb_proc_open_state(sleeper.tid, &other), 0);
    while (!tb_proc_is_asleep(other))
        (void)sched_yield(); /* always succeeds; the thread may need this CPU to get there */
    assert_false(tb_proc_is_asleep(own));
    assert_true(tb_proc_threads_of(getuid()) >= 2);
    assert_int_equal(sem_post(&sleeper.leave), 0);
    assert_int_equal(pthread_join(thread, NULL), 0);
    assert_int_equal(close(own) | close(other), 0);
}

static void test_this_process(void **state)
{
    char program[PATH_MAX];

    (void)state;
    assert_int_equal(tb_proc_program(program, sizeof(program)), 0);
    assert_string_equal(strrchr(program, '/'), "/test-proc");
    assert_true(tb_proc_tasks_left() >= 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_number_follows_its_mark),
        cmocka_unit_test(test_another_number_of_a_list),
        cmocka_unit_test(test_no_number_is_an_error_and_changes_nothing),
        cmocka_unit_test(test_what_is_too_long_is_cut),
        cmocka_unit_test(test_lines_are_counted),
        cmocka_unit_test(test_an_address_is_in_a_mapping),
        cmocka_unit_test(test_a_mapped_file_is_known_by_its_name),
        cmocka_unit_test(test_pages_are_touched_where_there_is_access),
        cmocka_unit_test(test_a_thread_that_waits_is_asleep_and_counted),
        cmocka_unit_test(test_this_process),
    };

    return cmocka_run_group_tests(tests, make_file, remove_file);
}
