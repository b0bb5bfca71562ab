/* Counters: what they write, read; and what one of the kernel's counts here. */
#include "run/count.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/perf_event.h>
#include <stdlib.h>
#include <unistd.h>

#include "check.h"
#include "fault.h"
#include "run/scratch.h"
#include "run/worker.h"
#include "util/file.h"
#include "util/folder.h"
#include "util/memory.h"

/* As where the folder cannot be read to its end. */
TB_FAILING(int, tb_folder_names, (const char *folder, char ***ret_names), (folder, ret_names),
           ((void)__real_tb_folder_names(folder, ret_names), tb_fault.code))

/* A code of 0: perf_event_open() gives the descriptor of something. */
TB_FAILING(long, syscall,
           (long number, void *event, long process, long cpu, long group, long flags),
           (number, event, process, cpu, group, flags),
           tb_fault.code ? tb_fault_errno() : open("/dev/null", O_RDONLY | O_CLOEXEC))

static const struct tb_counter *counter_of(const char *name)
{
    const struct tb_counter *counter = tb_counters;

    while (counter->name && strcmp(counter->name, name) != 0)
        counter++;
    assert_non_null(counter->name);
    return counter;
}

static void logs_are_read(void **state)
{
    (void)state;
    assert_near(tb_counter_valgrind("==7== Cachegrind\n==7== \n==7== I   refs:      5,140,045\n"),
                5140045);
    assert_near(tb_counter_valgrind("==12345== I refs:        9\n"), 9);
    assert_true(isnan(tb_counter_valgrind("==7== Command: I refs: 7\n")));
    assert_true(isnan(tb_counter_valgrind("==7== I   refs:      \n")));
    assert_true(isnan(tb_counter_valgrind("")));
    assert_near(tb_counter_strace("    calls syscall\n--------- -----\n       12 read\n     2131 "
                                  "total\n"),
                2131);
    assert_near(tb_counter_strace("7 total"), 7);
    assert_true(isnan(tb_counter_strace("       12 read\n")));
    assert_true(isnan(tb_counter_strace("")));
}

static void write_log(const char *path, unsigned process, const char *text)
{
    tb_autofree char *file = tb_print("%s.%u", path, process);
    struct tb_error error;

    assert_int_equal(tb_file_write(file, text, &error), 0);
}

/* Of three processes, one of which was killed. */
static void valgrinds_files_are_added_up_or_there_is_no_count(void **state)
{
    const struct tb_counter *valgrind = counter_of("valgrind");
    const struct tb_ending good = {.end = TB_EXITED};
    tb_autofree char *path = NULL;
    struct tb_error error;

    (void)state;
    assert_int_equal(tb_scratch_renew(&error), 0);
    path = tb_scratch_path("count");
    write_log(path, 7, "==7== I refs: 1,000\n");
    write_log(path, 8, "==8== I refs: 2,000\n");
    write_log(path, 9, "==9== Cachegrind\n");
    assert_near(valgrind->end(&good, path, -1), 3000);
    tb_fault_arm("tb_folder_names", 1, EIO);
    assert_true(isnan(valgrind->end(&good, path, -1)));
    assert_true(tb_fault_disarm());
}

/* What perf's descriptor gives, of so many numbers. */
static double end_perf(const uint64_t *numbers, size_t size)
{
    const struct tb_ending good = {.end = TB_EXITED};
    int ends[2];
    double count;

    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], numbers, size), size);
    (void)close(ends[1]);
    count = counter_of("perf")->end(&good, "", ends[0]);
    (void)close(ends[0]);
    return count;
}

static void what_was_counted_a_part_of_the_time_is_no_count(void **state)
{
    static const uint64_t whole[] = {5140045, 900, 900}, part[] = {3000000, 900, 500},
                          none[] = {0, 900, 900};

    (void)state;
    assert_near(end_perf(whole, sizeof whole), 5140045);
    assert_true(isnan(end_perf(part, sizeof part)));
    assert_true(isnan(end_perf(none, sizeof none)));
    assert_true(isnan(end_perf(whole, sizeof *whole)));
}

static void as_many_samples_as_a_second_holds(void **state)
{
    static const struct tb_case any = {.name = "any"}, few = {.max_samples = 9},
                                one = {.max_samples = 1};

    (void)state;
    assert_int_equal(tb_count_samples(&any, true, 20e3), 1000);
    assert_int_equal(tb_count_samples(&any, true, 0), 1000);
    assert_int_equal(tb_count_samples(&any, false, 20), 1000000);
    assert_int_equal(tb_count_samples(&any, true, 25e6), 10);
    assert_int_equal(tb_count_samples(&any, true, 1e9), 1);
    assert_int_equal(tb_count_samples(&few, true, 0), 4);
    assert_int_equal(tb_count_samples(&one, true, 0), 0);
}

/* Any machine has events of its kernel's own, even if it has none of the CPU's. */
static int begin_faults(void)
{
    return tb_counter_perf(PERF_TYPE_SOFTWARE, PERF_COUNT_SW_PAGE_FAULTS);
}

static int begin_nothing(void)
{
    return -ENOENT;
}

static double count_words(const struct tb_counter *counter, const char *const *words,
                          enum tb_end *ret_end)
{
    const struct tb_job job = {.argv = (char *const *)words, /* which stay as they are */
                               .timeout_s = 60};
    struct tb_error error;
    struct tb_ending ending;
    double count;

    assert_int_equal(tb_scratch_renew(&error), 0);
    ending = tb_counter_run(counter, &job, &count);
    *ret_end = ending.end;
    tb_ending_finish(&ending);
    return count;
}

/* The harness's own are not among them, and what a child's child takes is. */
static void a_process_is_counted_with_what_descends_from_it(void **state)
{
    const struct tb_counter counter = {.name = "event",
                                       .metric = TB_FAULTS,
                                       .begin = begin_faults,
                                       .end = counter_of("perf")->end};
    const char *const one[] = {"sh", "-c", ":", NULL};
    const char *const many[] = {"sh", "-c",
                                "for i in 1 2 3 4 5 6 7 8 9 10; do true & wait; (:); done", NULL};
    enum tb_end end;
    int fd = begin_faults();
    double few, more;

    (void)state;
    if (fd < 0)
        skip();
    (void)close(fd);
    few = count_words(&counter, one, &end);
    assert_int_equal(end, TB_EXITED);
    more = count_words(&counter, many, &end);
    assert_true(few > 10);
    assert_true(more > few + 100);
}

static void what_did_not_end_well_has_no_count(void **state)
{
    const struct tb_counter counter = {.name = "event",
                                       .metric = TB_FAULTS,
                                       .begin = begin_nothing,
                                       .end = counter_of("perf")->end};
    const char *const fails[] = {"false", NULL}, *const works[] = {"true", NULL};
    const struct tb_counter *faults;
    enum tb_end end;
    char *why = NULL;

    (void)state;
    assert_true(isnan(count_words(&counter, works, &end)));
    assert_int_equal(end, TB_UNSTARTED);
    faults = tb_counter_find(TB_FAULTS, &why);
    assert_non_null(faults);
    assert_true(count_words(faults, works, &end) > 10);
    assert_true(isnan(count_words(faults, fails, &end)));
    assert_int_equal(end, TB_EXITED);
}

/* The real one, where it is installed, in a folder whose name it would take for something else; two
 * processes, as the shell starts another. */
static void valgrind_counts_in_any_folder(void **state)
{
    const struct tb_counter *valgrind = counter_of("valgrind");
    const char *const one[] = {"sh", "-c", ":", NULL};
    const char *const two[] = {"sh", "-c", "sh -c :; :", NULL};
    const char *given = getenv("TMPDIR"), *place = given ? given : "/tmp";
    tb_autofree char *usual = tb_copy(place), *folder = tb_print("%s/100%%p-XXXXXX", place);
    enum tb_end end;
    double few, more;

    (void)state;
    assert_non_null(mkdtemp(folder));
    assert_int_equal(setenv("TMPDIR", folder, 1), 0);
    few = count_words(valgrind, one, &end);
    more = end == TB_EXITED ? count_words(valgrind, two, &end) : NAN;
    tb_scratch_end();
    assert_int_equal(setenv("TMPDIR", usual, 1), 0);
    assert_int_equal(rmdir(folder), 0);
    if (end == TB_UNSTARTED)
        skip();
    assert_true(few > 10000);
    assert_true(more > 1.8 * few);
}

/* Where PATH has no program at all. */
static void why_nothing_counts_is_said(void **state)
{
    static const struct {
        enum tb_metric metric;
        int code; /* of perf_event_open() */
        const char *why;
    } known[] = {
        {TB_INSTRUCTIONS, EACCES, "perf: kernel.perf_event_paranoid is above 2"},
        {TB_INSTRUCTIONS, ENOENT,
         "perf: the CPU shows no counter, as in many virtual machines; "
         "valgrind is missing: install valgrind"},
        {TB_INSTRUCTIONS, ENOSYS, "perf: the kernel has none; "},
        {TB_INSTRUCTIONS, EMFILE, "perf: Too many open files; "},
        {TB_INSTRUCTIONS, 0, "perf: cannot start: No such file or directory; "},
        {TB_SYSCALLS, ENOSYS, "strace is missing: install strace, 5.7 or later"},
        {TB_FAULTS, ENOSYS, "rusage: cannot start: No such file or directory"},
    };
    const char *path = getenv("PATH");
    tb_autofree char *usual = tb_copy(path ? path : "/usr/bin:/bin");

    (void)state;
    assert_int_equal(setenv("PATH", "/nonexistent", 1), 0);
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        tb_autofree char *why = NULL;

        tb_fault_arm("syscall", 1, known[i].code);
        assert_null(tb_counter_find(known[i].metric, &why));
        (void)tb_fault_disarm(); /* of the others perf_event_open() may be called or not */
        assert_int_equal(strncmp(why, known[i].why, strlen(known[i].why)), 0);
    }
    assert_int_equal(setenv("PATH", usual, 1), 0);
}

static int begin(void **state)
{
    (void)state;
    return tb_worker_init();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(logs_are_read),
        cmocka_unit_test(valgrinds_files_are_added_up_or_there_is_no_count),
        cmocka_unit_test(what_was_counted_a_part_of_the_time_is_no_count),
        cmocka_unit_test(as_many_samples_as_a_second_holds),
        cmocka_unit_test(a_process_is_counted_with_what_descends_from_it),
        cmocka_unit_test(what_did_not_end_well_has_no_count),
        cmocka_unit_test(valgrind_counts_in_any_folder),
        cmocka_unit_test(why_nothing_counts_is_said),
    };

    return cmocka_run_group_tests(tests, begin, NULL);
}
