/* Setup and teardown, and what several threads share. */
#include "capture.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum {
    THREADS = 4,
};

/* What the hooks and bodies of one benchmark saw. Atomic: its threads share it. */
struct trace {
    atomic_int setups;
    atomic_int teardowns;
    atomic_int bodies;
    atomic_int out_of_order;
};

static void set_up(struct bm_state *state, void *user)
{
    struct trace *trace = user;

    assert_string_equal(bm_name(state), "subject");
    trace->setups++;
    if (trace->bodies != 0)
        trace->out_of_order++;
}

static void body(struct bm_state *state, void *user)
{
    struct trace *trace = user;

    if (trace->setups != 1 || trace->teardowns != 0)
        trace->out_of_order++;
    trace->bodies++;
    BM_LOOP(state)
    {
    }
    if (trace->teardowns != 0)
        trace->out_of_order++;
}

static void tear_down(struct bm_state *state, void *user)
{
    struct trace *trace = user;

    (void)state;
    trace->teardowns++;
    if (trace->bodies != bm_threads(state))
        trace->out_of_order++;
}

static void test_hooks_run_once_around_all_threads(void **state)
{
    (void)state;
    for (int threads = 1; threads <= THREADS; threads++) {
        struct trace trace = {0};
        struct bm_benchmark *benchmark = NULL;

        bm_unregister_all();
        benchmark = subject_of(body, &trace);
        bm_set_setup(benchmark, set_up);
        bm_set_teardown(benchmark, tear_down);
        bm_add_threads(benchmark, threads);
        assert_int_equal(run_one()->run.outcome, BM_OK);
        assert_int_equal(trace.setups, 1);
        assert_int_equal(trace.teardowns, 1);
        assert_int_equal(trace.bodies, threads);
        assert_int_equal(trace.out_of_order, 0);
    }
}

static void test_hooks_run_again_for_each_call(void **state)
{
    struct trace trace = {0};
    struct bm_benchmark *benchmark = subject_of(loop_only, &trace);

    (void)state;
    bm_set_setup(benchmark, set_up);
    bm_set_teardown(benchmark, tear_down);
    bm_set_setup(benchmark, NULL);
    bm_set_repetitions(benchmark, 3);
    bm_add_threads(benchmark, 2);
    assert_int_equal(run_all()->count, 3 + 4);
    assert_int_equal(trace.setups, 0); /* removed */
    assert_int_equal(trace.teardowns, 3);
}

static void skip_setup(struct bm_state *state, void *user)
{
    (void)user;
    bm_skip(state, "nothing to set up");
}

static void fail_setup(struct bm_state *state, void *user)
{
    (void)user;
    bm_skip_with_error(state, "could not set up");
}

static void must_not_run(struct bm_state *state, void *user)
{
    (void)state;
    (void)user;
    abort();
}

static void test_setup_decides_for_all_threads(void **state)
{
    struct bm_benchmark *benchmark = subject_of(must_not_run, NULL);

    (void)state;
    bm_set_setup(benchmark, skip_setup);
    bm_add_threads(benchmark, THREADS);
    assert_int_equal(run_one()->run.outcome, BM_SKIPPED);
    assert_string_equal(run_one()->message, "nothing to set up");

    bm_set_setup(benchmark, fail_setup);
    assert_int_equal(run_one()->run.outcome, BM_FAILED);
    assert_string_equal(run_one()->message, "could not set up");
}

static void test_failing_teardown(void **state)
{
    (void)state;
    bm_set_teardown(subject(), fail_setup);
    assert_string_equal(run_one()->message, "could not set up");
}

static void pause_in_hook(struct bm_state *state, void *user)
{
    (void)user;
    bm_pause_timing(state);
}

static void test_no_loop_in_hooks(void **state)
{
    struct bm_benchmark *benchmark = subject();

    (void)state;
    bm_set_setup(benchmark, loop_only);
    assert_string_equal(run_one()->message, "BM_LOOP: entered from setup or teardown");
    bm_set_setup(benchmark, pause_in_hook);
    assert_string_equal(run_one()->message, "bm_pause_timing: called outside the loop");
    bm_set_setup(benchmark, NULL);
    bm_set_teardown(benchmark, loop_only);
    assert_string_equal(run_one()->message, "BM_LOOP: entered from setup or teardown");
}

static void mark_thread(struct bm_state *state, void *user)
{
    atomic_int *seen = user;

    assert_int_equal(bm_threads(state), THREADS);
    seen[bm_thread_index(state)]++;
    BM_LOOP(state)
    {
    }
    bm_set_counter(state, "each", 2, BM_COUNTER_DEFAULTS);
    bm_set_counter(state, "mean", 2, BM_COUNTER_AVG_THREADS);
}

static void test_threads_have_indices_and_add_their_counters(void **state)
{
    atomic_int seen[THREADS] = {0};
    const struct captured_run *run = NULL;

    (void)state;
    bm_add_threads(subject_of(mark_thread, seen), THREADS);
    run = run_one();
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(seen[i], 1);
    assert_true(counter_named(run, "each")->value == 2 * THREADS);
    assert_true(counter_named(run, "mean")->value == 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_hooks_run_once_around_all_threads, fresh),
        cmocka_unit_test_setup(test_hooks_run_again_for_each_call, fresh),
        cmocka_unit_test_setup(test_setup_decides_for_all_threads, fresh),
        cmocka_unit_test_setup(test_failing_teardown, fresh),
        cmocka_unit_test_setup(test_no_loop_in_hooks, fresh),
        cmocka_unit_test_setup(test_threads_have_indices_and_add_their_counters, fresh),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
