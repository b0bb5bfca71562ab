/* Inside a body: the loop and its misuse, time, counters, skips, hooks, threads. */
#include "capture.h"

#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

static void count_turns(struct bm_state *state, void *user)
{
    int64_t *turns = user;

    assert_int_equal(bm_iterations(state), 1000); /* before the loop as after it */
    BM_LOOP(state)
    ++*turns;
    assert_int_equal(bm_iterations(state), 1000);
    assert_false(bm_skipped(state));
}

static void test_loop_runs_its_iterations(void **state)
{
    int64_t turns = 0;

    (void)state;
    bm_set_iterations(subject_of(count_turns, &turns), 1000);
    assert_int_equal(run_one()->run.outcome, BM_OK);
    assert_int_equal(turns, 1000);
    assert_int_equal(run_one()->run.iterations, 1000);
}

static void returns_early(struct bm_state *state, void *user)
{
    (void)user;
    BM_LOOP(state)
    return;
}

static void breaks(struct bm_state *state, void *user)
{
    (void)user;
    BM_LOOP(state)
    break;
}

static void never_enters(struct bm_state *state, void *user)
{
    (void)state;
    (void)user;
}

static void enters_twice(struct bm_state *state, void *user)
{
    loop_only(state, user);
    BM_LOOP(state)
    abort();
}

static void nests(struct bm_state *state, void *user)
{
    BM_LOOP(state)
    loop_only(state, user);
}

static void ends_paused(struct bm_state *state, void *user)
{
    (void)user;
    BM_LOOP(state)
    bm_pause_timing(state);
}

static void test_misused_loops(void **state)
{
    (void)state;
    assert_body_fails(
        returns_early,
        "BM_LOOP: the body left its loop early, without bm_skip or bm_skip_with_error");
    assert_body_fails(
        breaks, "BM_LOOP: the body left its loop early, without bm_skip or bm_skip_with_error");
    assert_body_fails(never_enters, "BM_LOOP: the body returned without entering its loop");
    assert_body_fails(enters_twice, "BM_LOOP: entered a second time");
    assert_body_fails(nests, "BM_LOOP: entered a second time");
    assert_body_fails(ends_paused, "BM_LOOP: ended while paused");
}

static void fails_in_one_thread(struct bm_state *state, void *user)
{
    bm_function *const misused = *(bm_function **)user;

    (bm_thread_index(state) == 1 ? misused : loop_only)(state, NULL);
}

static void test_misuse_in_one_of_several_threads(void **state)
{
    static bm_function *const bodies[] = {returns_early, never_enters, enters_twice, nests,
                                          ends_paused};

    (void)state;
    for (size_t i = 0; i < sizeof(bodies) / sizeof(*bodies); i++) {
        bm_unregister_all();
        bm_add_threads(subject_of(fails_in_one_thread, (void *)&bodies[i]), 3);
        assert_int_equal(run_one()->run.outcome, BM_FAILED);
    }
}

static void pauses(struct bm_state *state, void *user)
{
    (void)user;
    BM_LOOP(state)
    {
        bm_pause_timing(state);
        bm_resume_timing(state);
    }
}

static void pauses_outside(struct bm_state *state, void *user)
{
    bm_pause_timing(state);
    loop_only(state, user);
}

static void pauses_twice(struct bm_state *state, void *user)
{
    (void)user;
    BM_LOOP(state)
    {
        bm_pause_timing(state);
        bm_pause_timing(state);
    }
}

static void resumes_unpaused(struct bm_state *state, void *user)
{
    (void)user;
    BM_LOOP(state)
    bm_resume_timing(state);
}

static void test_pausing(void **state)
{
    (void)state;
    bm_set_iterations(subject_of(pauses, NULL), 10);
    assert_int_equal(run_one()->run.outcome, BM_OK);
    assert_body_fails(pauses_outside, "bm_pause_timing: called outside the loop");
    assert_body_fails(pauses_twice, "bm_pause_timing: the timer is paused already");
    assert_body_fails(resumes_unpaused, "bm_resume_timing: the timer is not paused");
}

static void bad_index(struct bm_state *state, void *user)
{
    assert_int_equal(bm_arg_count(state), 0);
    assert_int_equal(bm_arg(state, 0), 0);
    loop_only(state, user);
}

static void test_bad_argument_index(void **state)
{
    (void)state;
    assert_body_fails(bad_index, "bm_arg: index 0 of 0 argument(s)");
}

static void negative_time(struct bm_state *state, void *user)
{
    bm_set_iteration_time(state, -1);
    loop_only(state, user);
}

static void nan_time(struct bm_state *state, void *user)
{
    bm_set_iteration_time(state, NAN);
    loop_only(state, user);
}

static void rate_of_zero_time(struct bm_state *state, void *user)
{
    bm_set_iteration_time(state, 0);
    loop_only(state, user);
    bm_set_items_processed(state, 1);
}

static void test_manual_time(void **state)
{
    (void)state;
    assert_body_fails(
        negative_time,
        "bm_set_iteration_time: the time must be finite and not negative, not -1.000000");
    assert_body_fails(nan_time,
                      "bm_set_iteration_time: the time must be finite and not negative, not nan");
    bm_unregister_all();
    bm_use_manual_time(subject());
    assert_string_equal(run_one()->message,
                        "bm_set_iteration_time: never called, though the time is manual");
    bm_unregister_all();
    bm_use_manual_time(subject_of(rate_of_zero_time, NULL));
    assert_string_equal(run_one()->message, "bm_set_counter: a rate over a manual time of 0");
}

static void sets_counters(struct bm_state *state, void *user)
{
    (void)user;
    bm_set_counter(state, "plain", 6, BM_COUNTER_DEFAULTS);
    bm_set_counter(state, "average", 6, BM_COUNTER_AVG_ITERATIONS);
    bm_set_counter(state, "shared", 6, BM_COUNTER_AVG_THREADS);
    bm_set_counter(state, "times", 6, BM_COUNTER_ITERATION_INVARIANT);
    bm_set_counter(state, "inverse", 4, BM_COUNTER_INVERT | BM_COUNTER_1024);
    BM_LOOP(state)
    bm_set_iteration_time(state, 0.5);
    bm_set_items_processed(state, 10);
    bm_set_bytes_processed(state, 2048);
    bm_set_label(state, "a label");
}

static void test_counters(void **state)
{
    struct bm_benchmark *benchmark = subject_of(sets_counters, NULL);
    const struct captured_run *run = NULL;

    (void)state;
    bm_use_manual_time(benchmark);
    bm_set_iterations(benchmark, 2);
    run = run_one();
    assert_int_equal(run->counter_count, 7);
    assert_true(counter_named(run, "plain")->value == 6);
    assert_true(counter_named(run, "average")->value == 3);
    assert_true(counter_named(run, "shared")->value == 6);
    assert_true(counter_named(run, "times")->value == 12);
    assert_true(counter_named(run, "inverse")->value == 0.25);
    assert_int_equal(counter_named(run, "inverse")->flags, BM_COUNTER_INVERT | BM_COUNTER_1024);
    assert_true(counter_named(run, "items_per_second")->value == 10);
    assert_true(counter_named(run, "bytes_per_second")->value == 2048);
    assert_int_equal(counter_named(run, "bytes_per_second")->flags,
                     BM_COUNTER_RATE | BM_COUNTER_1024);
    assert_string_equal(run->label, "a label");
}

static void nan_counter(struct bm_state *state, void *user)
{
    bm_set_counter(state, "c", NAN, BM_COUNTER_DEFAULTS);
    loop_only(state, user);
}

static void infinite_counter(struct bm_state *state, void *user)
{
    loop_only(state, user);
    bm_set_counter(state, "c", INFINITY, BM_COUNTER_DEFAULTS);
}

static void inverted_zero(struct bm_state *state, void *user)
{
    bm_set_counter(state, "c", 0, BM_COUNTER_INVERT);
    loop_only(state, user);
}

static void unnamed_counter(struct bm_state *state, void *user)
{
    bm_set_counter(state, NULL, 1, BM_COUNTER_DEFAULTS);
    loop_only(state, user);
}

static void counter_like_a_field(struct bm_state *state, void *user)
{
    bm_set_counter(state, "real_time", 1, BM_COUNTER_DEFAULTS);
    loop_only(state, user);
}

static void unknown_flags(struct bm_state *state, void *user)
{
    bm_set_counter(state, "c", 1, 0x8000u);
    loop_only(state, user);
}

static void negative_items(struct bm_state *state, void *user)
{
    loop_only(state, user);
    bm_set_items_processed(state, -1);
}

static void negative_bytes(struct bm_state *state, void *user)
{
    loop_only(state, user);
    bm_set_bytes_processed(state, INT64_MIN);
}

static void null_label(struct bm_state *state, void *user)
{
    loop_only(state, user);
    bm_set_label(state, NULL);
}

static void zero_complexity_n(struct bm_state *state, void *user)
{
    loop_only(state, user);
    bm_set_complexity_n(state, 0);
}

static void test_refused_reports(void **state)
{
    (void)state;
    assert_body_fails(nan_counter, "bm_set_counter: the value of 'c' is not finite");
    assert_body_fails(infinite_counter, "bm_set_counter: the value of 'c' is not finite");
    assert_body_fails(inverted_zero,
                      "bm_set_counter: the value of 'c' is 0 and cannot be inverted");
    assert_body_fails(unnamed_counter, "bm_set_counter: the name is missing");
    assert_body_fails(counter_like_a_field, "bm_set_counter: 'real_time' is a field of the entry");
    assert_body_fails(unknown_flags, "bm_set_counter: unknown flags for 'c'");
    assert_body_fails(negative_items, "bm_set_items_processed: the total is negative: -1");
    assert_body_fails(negative_bytes,
                      "bm_set_bytes_processed: the total is negative: -9223372036854775808");
    assert_body_fails(null_label, "bm_set_label: the label is NULL");
    assert_body_fails(zero_complexity_n, "bm_set_complexity_n: N must be at least 1, not 0");
}

static void test_default_complexity_n(void **state)
{
    struct bm_benchmark *benchmark = subject();
    const struct capture *all = NULL;

    (void)state;
    bm_add_dense_range(benchmark, 0, 2, 1);
    bm_set_complexity(benchmark, BM_O_N);
    all = run_all();
    assert_string_equal(all->runs[0].message,
                        "bm_set_complexity_n: never called, and the first argument is below 1");
    assert_int_equal(all->runs[1].run.complexity_n, 1);
    assert_int_equal(all->runs[2].run.complexity_n, 2);
    assert_int_equal(all->count, 3 + 2);

    bm_unregister_all();
    benchmark = subject();
    bm_add_thread_range(benchmark, 1, 2);
    bm_set_complexity(benchmark, BM_O_N);
    all = run_all();
    assert_int_equal(all->runs[0].run.complexity_n, 1);
    assert_int_equal(all->runs[1].run.complexity_n, 2);
}

static void skips_before(struct bm_state *state, void *user)
{
    bm_skip(state, user);
    assert_true(bm_skipped(state));
}

static void skips_inside(struct bm_state *state, void *user)
{
    BM_LOOP(state)
    {
        bm_skip(state, user);
        bm_pause_timing(state); /* nothing to pause any more */
        bm_resume_timing(state);
        break;
    }
}

static void skips_and_goes_on(struct bm_state *state, void *user)
{
    BM_LOOP(state)
    bm_skip(state, user);
    bm_skip_with_error(state, "too late");
}

static void skips_then_loops(struct bm_state *state, void *user)
{
    bm_skip(state, user);
    BM_LOOP(state)
    abort();
}

static void test_skips(void **state)
{
    static bm_function *const bodies[] = {skips_before, skips_inside, skips_then_loops};
    static char reason[] = "no such thing here";

    (void)state;
    for (int threads = 1; threads <= 3; threads++) {
        for (size_t i = 0; i < sizeof(bodies) / sizeof(*bodies); i++) {
            bm_unregister_all();
            bm_add_threads(subject_of(bodies[i], reason), threads);
            assert_int_equal(run_one()->run.outcome, BM_SKIPPED);
            assert_string_equal(run_one()->message, reason);
            assert_false(bm_failed()); /* a skip is not a failure */
        }
    }
}

static void test_first_outcome_stays(void **state)
{
    static char reason[] = "first";

    (void)state;
    bm_set_iterations(subject_of(skips_and_goes_on, reason), 5);
    assert_int_equal(run_one()->run.outcome, BM_SKIPPED);
    assert_string_equal(run_one()->message, reason);
    assert_true(bm_failed()); /* the error is not forgotten */
}

static void errs(struct bm_state *state, void *user)
{
    bm_skip_with_error(state, user);
}

static void test_errors(void **state)
{
    static char broken[] = "it \"broke\"\x01";
    static char misleading[] = "skipped: not really";

    (void)state;
    subject_of(errs, broken);
    assert_int_equal(run_one()->run.outcome, BM_FAILED);
    assert_string_equal(run_one()->message, "it \"broke\"?");

    bm_unregister_all();
    subject_of(errs, misleading);
    assert_int_equal(run_one()->run.outcome, BM_FAILED);
    assert_string_equal(run_one()->message, "error: skipped: not really");
}

static void skips_without_reason(struct bm_state *state, void *user)
{
    (void)user;
    bm_skip(state, "");
}

static void errs_without_message(struct bm_state *state, void *user)
{
    (void)user;
    bm_skip_with_error(state, NULL);
}

static void test_missing_messages(void **state)
{
    (void)state;
    assert_body_fails(skips_without_reason, "bm_skip: the reason is missing");
    assert_body_fails(errs_without_message, "bm_skip_with_error: the message is missing");
}

static void do_not_optimize(struct bm_state *state, void *user)
{
    int64_t total = 0;

    (void)user;
    BM_LOOP(state)
    {
        total++;
        BM_DO_NOT_OPTIMIZE(total);
        bm_do_not_optimize(&total);
        bm_clobber_memory();
    }
    BM_DO_NOT_OPTIMIZE(1 + 2);
    BM_DO_NOT_OPTIMIZE(1.5);
    assert_int_equal(total, bm_iterations(state));
}

static void test_barriers_change_nothing(void **state)
{
    (void)state;
    subject_of(do_not_optimize, NULL);
    assert_int_equal(run_one()->run.outcome, BM_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_loop_runs_its_iterations, fresh),
        cmocka_unit_test_setup(test_misused_loops, fresh),
        cmocka_unit_test_setup(test_misuse_in_one_of_several_threads, fresh),
        cmocka_unit_test_setup(test_pausing, fresh),
        cmocka_unit_test_setup(test_bad_argument_index, fresh),
        cmocka_unit_test_setup(test_manual_time, fresh),
        cmocka_unit_test_setup(test_counters, fresh),
        cmocka_unit_test_setup(test_refused_reports, fresh),
        cmocka_unit_test_setup(test_default_complexity_n, fresh),
        cmocka_unit_test_setup(test_skips, fresh),
        cmocka_unit_test_setup(test_first_outcome_stays, fresh),
        cmocka_unit_test_setup(test_errors, fresh),
        cmocka_unit_test_setup(test_missing_messages, fresh),
        cmocka_unit_test_setup(test_barriers_change_nothing, fresh),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
