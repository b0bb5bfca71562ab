/* How the engine runs a case, with benchmarks and an axis made for the purpose. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "engine.h"

const struct tb_family tb_families[] = {{0}};

/* What happened, in order, a letter each: setup s, run r, teardown t, apply of two axes a b, their
 * undoing A B. */
static char story[16];

static void note(char letter)
{
    size_t length = strlen(story);

    if (length + 1 < sizeof(story))
        story[length] = letter;
}

static enum tb_status apply_a(struct tb_run *run, int64_t value)
{
    (void)run;
    (void)value;
    note('a');
    return TB_DONE;
}

static enum tb_status apply_b(struct tb_run *run, int64_t value)
{
    note('b');
    return value ? tb_skip(run, "b is %d", (int)value) : TB_DONE;
}

static void undo_a(struct tb_run *run, int64_t value)
{
    (void)run;
    (void)value;
    note('A');
}

static void undo_b(struct tb_run *run, int64_t value)
{
    (void)run;
    (void)value;
    note('B');
}

static bool accepts_even(int64_t value, const struct tb_sample *sample)
{
    return !value || sample->ns % 2 == 0;
}

static const struct tb_axis axis_a = {.name = "a", .apply = apply_a, .undo = undo_a};
static const struct tb_axis axis_b = {.name = "b", .apply = apply_b, .undo = undo_b};
static const struct tb_axis axis_even = {.name = "even", .accepts = accepts_even};

static int setup(struct tb_run *run)
{
    (void)run;
    note('s');
    return 0;
}

static int setup_fails(struct tb_run *run)
{
    (void)run;
    note('s');
    return ENOSPC;
}

static void teardown(struct tb_run *run)
{
    (void)run;
    note('t');
}

static enum tb_status does_nothing(struct tb_run *run)
{
    (void)run;
    note('r');
    return TB_DONE;
}

static enum tb_status loops_without_a_sample(struct tb_run *run)
{
    while (tb_next(run))
        ;
    return TB_DONE;
}

static enum tb_status counts(struct tb_run *run)
{
    int64_t turn = 0;

    while (tb_next(run)) {
        tb_start(run);
        tb_record_ns(run, turn++);
    }
    return TB_DONE;
}

static enum tb_status has_a_phase(struct tb_run *run)
{
    while (tb_next(run)) {
        tb_start(run);
        tb_phase(run);
        tb_stop(run);
    }
    return TB_DONE;
}

static enum tb_status fails_at_once(struct tb_run *run)
{
    return tb_fail(run, "the thing", EAGAIN);
}

static enum tb_status makes_threads(struct tb_run *run)
{
    while (tb_next(run)) {
        struct tb_thread *thread = tb_thread_next(run, tb_task_noop);

        if (!thread)
            return tb_broken(run);
        tb_start(run);
        (void)tb_create(thread); /* posix: it works or the join fails */
        tb_stop(run);
    }
    return TB_DONE;
}

static struct tb_engine engine;

static enum tb_status run_with(const struct tb_bench_case *c, size_t samples)
{
    memset(story, 0, sizeof(story));
    (void)tb_engine_open(&engine, c, samples, 0);
    (void)tb_engine_measure(&engine);
    tb_engine_close(&engine);
    return engine.status;
}

static int finish(void **state)
{
    (void)state;
    tb_engine_finish(&engine);
    return 0;
}

/* What a threadless body does for the first time, or the threads that it makes by itself, leave no
 * process that is as new. */
static void test_any_case_uses_up_a_fresh_process(void **state)
{
    const struct tb_bench bench = {.run = does_nothing, .threadless = true};

    (void)state;
    assert_false(tb_engine_has_made_threads());
    (void)run_with(&(struct tb_bench_case){.bench = &bench}, 1);
    assert_true(tb_engine_has_made_threads());
}

static void test_everything_is_undone_in_reverse(void **state)
{
    const struct tb_bench bench = {
        .setup = setup,
        .run = does_nothing,
        .teardown = teardown,
        .sweeps = {{&axis_a, 1, &(int64_t){0}}, {&axis_b, 1, &(int64_t){0}}}};

    (void)state;
    (void)run_with(&(struct tb_bench_case){.bench = &bench}, 1);
    assert_string_equal(story, "absrtBA");
}

static void test_an_axis_that_skips_ends_it_and_is_undone(void **state)
{
    const struct tb_bench bench = {
        .setup = setup,
        .run = does_nothing,
        .teardown = teardown,
        .sweeps = {{&axis_a, 1, &(int64_t){0}}, {&axis_b, 1, &(int64_t){7}}}};

    (void)state;
    assert_int_equal(run_with(&(struct tb_bench_case){.bench = &bench, .values = {0, 7}}, 1),
                     TB_SKIP);
    assert_string_equal(story, "abBA");
    assert_string_equal(engine.reason, "b is 7");
}

static void test_a_setup_that_fails_is_torn_down(void **state)
{
    const struct tb_bench bench = {.setup = setup_fails, .run = does_nothing, .teardown = teardown};

    (void)state;
    assert_int_equal(run_with(&(struct tb_bench_case){.bench = &bench}, 1), TB_FAIL);
    assert_string_equal(story, "st");
    assert_string_equal(engine.reason, "setup: No space left on device");
}

static int setup_lacks(struct tb_run *run)
{
    (void)run;
    note('s');
    return ENOTSUP;
}

static void test_a_setup_that_lacks_something_is_a_skip(void **state)
{
    const struct tb_bench bench = {.setup = setup_lacks, .run = does_nothing, .teardown = teardown};

    (void)state;
    assert_int_equal(run_with(&(struct tb_bench_case){.bench = &bench}, 1), TB_SKIP);
    assert_string_equal(story, "st");
    assert_string_equal(engine.reason, "the C library or the kernel does not have it");
}

static int setup_counts_itself(struct tb_run *run)
{
    return ++*(int *)run->own == 1 ? 0 : EEXIST;
}

static void test_state_begins_zeroed_in_each_series(void **state)
{
    const struct tb_bench bench = {
        .own_bytes = sizeof(int), .setup = setup_counts_itself, .run = counts};

    (void)state;
    for (int i = 0; i < 2; i++) {
        assert_int_equal(run_with(&(struct tb_bench_case){.bench = &bench}, 3), TB_DONE);
        tb_engine_finish(&engine);
    }
}

static void test_no_sample_is_a_failure(void **state)
{
    const struct tb_bench silent = {.run = does_nothing}, looping = {.run = loops_without_a_sample};

    (void)state;
    assert_int_equal(run_with(&(struct tb_bench_case){.bench = &silent}, 3), TB_FAIL);
    assert_non_null(strstr(engine.reason, "0 of 3 samples"));
    tb_engine_finish(&engine);
    assert_int_equal(run_with(&(struct tb_bench_case){.bench = &looping}, 3), TB_FAIL);
}

static void test_a_failure_says_what_and_why(void **state)
{
    const struct tb_bench bench = {.run = fails_at_once};

    (void)state;
    assert_int_equal(run_with(&(struct tb_bench_case){.bench = &bench}, 3), TB_FAIL);
    assert_string_equal(engine.reason, "the thing: Resource temporarily unavailable");
}

static void test_the_warm_up_is_not_recorded(void **state)
{
    const struct tb_bench bench = {.run = counts, .warmup = 5};

    (void)state;
    assert_int_equal(run_with(&(struct tb_bench_case){.bench = &bench}, 3), TB_DONE);
    assert_int_equal(engine.series.count, 3);
    assert_int_equal(engine.series.samples[0].ns, 5);
    assert_int_equal(engine.series.samples[2].ns, 7);
    assert_true(engine.wall_ns > 0);
}

static void test_samples_off_the_axis_are_counted_and_left_out(void **state)
{
    const struct tb_bench bench = {
        .run = counts, .warmup = 1, .sweeps = {{&axis_even, 1, &(int64_t){1}}}};

    (void)state;
    assert_int_equal(run_with(&(struct tb_bench_case){.bench = &bench, .values = {1}}, 5), TB_DONE);
    assert_int_equal(engine.series.count, 5); /* 2 4 6 8 10 */
    assert_int_equal(engine.misplaced, 5);
    assert_int_equal(engine.series.samples[4].ns, 10);
}

static enum tb_status always_one(struct tb_run *run)
{
    while (tb_next(run))
        tb_record_ns(run, 1);
    return TB_DONE;
}

static enum tb_status below_zero(struct tb_run *run)
{
    for (int64_t turn = 0; tb_next(run); turn++)
        tb_record_ns(run, turn % 2 ? 1 : -2);
    return TB_DONE;
}

static void test_a_mean_below_zero_is_a_skip(void **state)
{
    const struct tb_bench bench = {.run = below_zero};

    (void)state;
    assert_int_equal(run_with(&(struct tb_bench_case){.bench = &bench}, 2), TB_SKIP);
    assert_non_null(strstr(engine.reason, "larger than what they measure"));
}

static void test_an_axis_that_is_never_met_is_a_skip(void **state)
{
    const struct tb_bench bench = {.run = always_one, .sweeps = {{&axis_even, 1, &(int64_t){1}}}};

    (void)state;
    assert_int_equal(run_with(&(struct tb_bench_case){.bench = &bench, .values = {1}}, 5), TB_SKIP);
    assert_non_null(strstr(engine.reason, "only 0 of 5 samples"));
    /* However many are wanted, it is given up after as many tries. */
    assert_int_equal(run_with(&(struct tb_bench_case){.bench = &bench, .values = {1}}, 400),
                     TB_SKIP);
    assert_int_equal(engine.turns, 2000);
}

static void test_phases_add_up_to_the_sample(void **state)
{
    const struct tb_bench bench = {.run = has_a_phase, .phases = {"one", "two"}};

    (void)state;
    assert_int_equal(run_with(&(struct tb_bench_case){.bench = &bench}, 4), TB_DONE);
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(engine.series.phases[0][i] + engine.series.phases[1][i],
                         engine.series.samples[i].ns);
}

static void test_threads_are_joined_and_their_cpu_noted(void **state)
{
    const struct tb_bench bench = {
        .run = makes_threads, .warmup = 2, .sweeps = {{&tb_axis_alive, 1, &(int64_t){3}}}};
    const struct tb_bench_case c = {.bench = &bench, .runtime = tb_runtimes[0], .values = {3}};

    (void)state;
    assert_int_equal(run_with(&c, 10), TB_DONE);
    assert_int_equal(engine.held, 0);
    for (size_t i = 0; i < engine.series.count; i++)
        assert_true(engine.series.samples[i].child_cpu >= 0);
    assert_true(tb_engine_has_made_threads());
}

static int join_fails(struct tb_thread *thread)
{
    (void)thread;
    return EDEADLK;
}

static int nothing(struct tb_thread *thread)
{
    (void)thread;
    return 0;
}

static void release(struct tb_thread *thread)
{
    (void)thread;
}

static void test_a_join_that_fails_is_no_success(void **state)
{
    const struct tb_runtime runtime = {.name = "stuck",
                                       .prepare = nothing,
                                       .create = nothing,
                                       .join = join_fails,
                                       .release = release};
    const struct tb_bench bench = {.run = makes_threads};

    (void)state;
    assert_int_equal(run_with(&(struct tb_bench_case){.bench = &bench, .runtime = &runtime}, 1),
                     TB_FAIL);
    assert_string_equal(engine.reason, "join: Resource deadlock avoided");
}

static void test_patience_ends_a_series_with_what_there_is(void **state)
{
    const struct tb_bench bench = {.run = counts};

    (void)state;
    (void)tb_engine_open(&engine, &(struct tb_bench_case){.bench = &bench}, 1000000, 1);
    assert_int_equal(tb_engine_measure(&engine), TB_DONE);
    tb_engine_close(&engine);
    assert_in_range(engine.series.count, 1, 999999);
}

/* More than there are addresses for: refused without making one. */
static void test_live_threads_beyond_a_limit_are_a_skip(void **state)
{
    const struct tb_bench bench = {.run = counts,
                                   .sweeps = {{&tb_axis_live, 1, &(int64_t){1LL << 45}}}};

    (void)state;
    assert_int_equal(run_with(&(struct tb_bench_case){.bench = &bench, .values = {1LL << 45}}, 1),
                     TB_SKIP);
    assert_non_null(strstr(engine.reason, "35184372088832 threads at once: "));
}

/* A sanitizer is to return NULL for it, as the C library does. */
const char *__asan_default_options(void);
const char *__tsan_default_options(void);

const char *__asan_default_options(void)
{
    return "allocator_may_return_null=1";
}

const char *__tsan_default_options(void)
{
    return "allocator_may_return_null=1";
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(test_any_case_uses_up_a_fresh_process, finish),
        cmocka_unit_test_teardown(test_everything_is_undone_in_reverse, finish),
        cmocka_unit_test_teardown(test_an_axis_that_skips_ends_it_and_is_undone, finish),
        cmocka_unit_test_teardown(test_a_setup_that_fails_is_torn_down, finish),
        cmocka_unit_test_teardown(test_a_setup_that_lacks_something_is_a_skip, finish),
        cmocka_unit_test_teardown(test_state_begins_zeroed_in_each_series, finish),
        cmocka_unit_test_teardown(test_no_sample_is_a_failure, finish),
        cmocka_unit_test_teardown(test_a_failure_says_what_and_why, finish),
        cmocka_unit_test_teardown(test_the_warm_up_is_not_recorded, finish),
        cmocka_unit_test_teardown(test_samples_off_the_axis_are_counted_and_left_out, finish),
        cmocka_unit_test_teardown(test_a_mean_below_zero_is_a_skip, finish),
        cmocka_unit_test_teardown(test_an_axis_that_is_never_met_is_a_skip, finish),
        cmocka_unit_test_teardown(test_phases_add_up_to_the_sample, finish),
        cmocka_unit_test_teardown(test_threads_are_joined_and_their_cpu_noted, finish),
        cmocka_unit_test_teardown(test_a_join_that_fails_is_no_success, finish),
        cmocka_unit_test_teardown(test_patience_ends_a_series_with_what_there_is, finish),
        cmocka_unit_test_teardown(test_live_threads_beyond_a_limit_are_a_skip, finish),
    };

    tb_clock_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
