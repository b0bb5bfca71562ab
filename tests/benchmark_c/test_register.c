/* Registering: what instances a benchmark gets, how they are named, what settings arrive. */
#include "capture.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

static int64_t seen[16][3];
static size_t seen_count;

static void see_args(struct bm_state *state, void *user)
{
    (void)user;
    for (size_t i = 0; i < bm_arg_count(state) && i < 3; i++)
        seen[seen_count % 16][i] = bm_arg(state, i);
    seen_count++;
    BM_LOOP(state)
    {
    }
}

static struct bm_benchmark *with_args(void)
{
    seen_count = 0;
    memset(seen, 0, sizeof(seen));
    return subject_of(see_args, NULL);
}

static void assert_names(const struct capture *all, const char *const *names, size_t count)
{
    assert_int_equal(all->matched, count);
    assert_int_equal(all->count, count);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(all->runs[i].run.outcome, BM_OK);
        assert_string_equal(all->runs[i].name, names[i]);
    }
}

#define ASSERT_NAMES(...)                                                                          \
    assert_names(run_all(), (const char *const[]){__VA_ARGS__},                                    \
                 sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *))

static void see_user(struct bm_state *state, void *user)
{
    int *calls = user;

    assert_string_equal(bm_name(state), "subject");
    (*calls)++;
    BM_LOOP(state)
    {
    }
}

static void test_body_gets_its_user_data(void **state)
{
    int calls = 0;

    (void)state;
    assert_null(bm_error(subject_of(see_user, &calls)));
    ASSERT_NAMES("subject/iterations:1");
    assert_int_equal(calls, 1);
    assert_false(bm_failed());
}

static void test_arg_and_args(void **state)
{
    struct bm_benchmark *benchmark = NULL;

    (void)state;
    benchmark = with_args();
    bm_add_args(benchmark, (const int64_t[]){3, -4}, 2);
    bm_add_args(benchmark, (const int64_t[]){5, INT64_MAX}, 2);
    ASSERT_NAMES("subject/3/-4/iterations:1", "subject/5/9223372036854775807/iterations:1");
    assert_int_equal(seen[0][1], -4);
    assert_int_equal(seen[1][1], INT64_MAX);

    bm_unregister_all();
    bm_add_arg(with_args(), 7);
    ASSERT_NAMES("subject/7/iterations:1");
    assert_int_equal(seen[0][0], 7);
}

static void test_ranges(void **state)
{
    struct bm_benchmark *benchmark = with_args();

    (void)state;
    bm_add_range(benchmark, 8, 512);
    ASSERT_NAMES("subject/8/iterations:1", "subject/64/iterations:1", "subject/512/iterations:1");

    bm_unregister_all();
    benchmark = with_args();
    bm_set_range_multiplier(benchmark, 2);
    bm_add_range(benchmark, 3, 9);
    ASSERT_NAMES("subject/3/iterations:1", "subject/4/iterations:1", "subject/8/iterations:1",
                 "subject/9/iterations:1");

    bm_unregister_all();
    bm_add_ranges(with_args(), (const struct bm_range[]){{1, 8}, {5, 5}}, 2);
    ASSERT_NAMES("subject/1/5/iterations:1", "subject/8/5/iterations:1");
}

static void test_dense_range(void **state)
{
    (void)state;
    bm_add_dense_range(with_args(), -2, 3, 2);
    ASSERT_NAMES("subject/-2/iterations:1", "subject/0/iterations:1", "subject/2/iterations:1");

    bm_unregister_all();
    bm_add_dense_range(with_args(), INT64_MAX - 1, INT64_MAX, INT_MAX);
    ASSERT_NAMES("subject/9223372036854775806/iterations:1");

    bm_unregister_all();
    bm_add_dense_range(with_args(), INT64_MAX - 1, INT64_MAX, 1);
    ASSERT_NAMES("subject/9223372036854775806/iterations:1",
                 "subject/9223372036854775807/iterations:1");
}

static void test_widest_range_is_finite(void **state)
{
    struct bm_benchmark *benchmark = with_args();

    (void)state;
    bm_add_range(benchmark, INT64_MIN, INT64_MAX);
    assert_null(bm_error(benchmark));
    assert_true(run_all()->matched > 40);
    assert_false(bm_failed());
}

static void test_product_and_names(void **state)
{
    static const int64_t sizes[] = {1, 2};
    static const int64_t kinds[] = {9};
    static const char *const names[] = {"size", "kind"};
    const struct bm_values lists[] = {{sizes, 2}, {kinds, 1}};
    struct bm_benchmark *benchmark = with_args();

    (void)state;
    bm_set_arg_names(benchmark, names, 2);
    bm_add_product(benchmark, lists, 2);
    ASSERT_NAMES("subject/size:1/kind:9/iterations:1", "subject/size:2/kind:9/iterations:1");

    bm_unregister_all();
    benchmark = with_args();
    bm_add_product(benchmark, lists, 2);
    bm_set_arg_names(benchmark, names, 2); /* after the arguments as well */
    ASSERT_NAMES("subject/size:1/kind:9/iterations:1", "subject/size:2/kind:9/iterations:1");
}

static void test_units(void **state)
{
    static const enum bm_unit units[] = {BM_NANOSECOND, BM_MICROSECOND, BM_MILLISECOND, BM_SECOND};

    (void)state;
    for (size_t i = 0; i < 4; i++) {
        bm_unregister_all();
        bm_set_unit(subject(), units[i]);
        assert_int_equal(run_one()->run.unit, units[i]);
    }
}

static void test_how_long_to_run(void **state)
{
    struct bm_benchmark *benchmark = NULL;

    (void)state;
    bm_set_iterations(bm_register("fixed", loop_only, NULL), 17);
    assert_int_equal(run_one()->run.iterations, 17);

    bm_unregister_all();
    benchmark = bm_register("timed", loop_only, NULL);
    bm_set_min_time(benchmark, 0.001);
    bm_set_min_warmup_time(benchmark, 0.001);
    assert_string_equal(run_one()->min_time, "min_time:0.001");
    assert_string_equal(run_one()->min_warmup_time, "min_warmup_time:0.001");
}

static void test_repetitions(void **state)
{
    const struct capture *all = NULL;

    (void)state;
    bm_set_repetitions(subject(), 3);
    all = run_all();
    assert_int_equal(all->count, 3 + 4);
    assert_int_equal(all->runs[2].run.repetition_index, 2);
    assert_int_equal(all->runs[2].run.repetitions, 3);
    assert_int_equal(all->runs[3].run.run_type, BM_AGGREGATE);
    assert_int_equal(all->runs[3].run.repetition_index, -1);
    assert_string_equal(all->runs[3].aggregate_name, "mean");
    assert_string_equal(all->runs[6].aggregate_name, "cv");
    assert_true(all->runs[6].run.aggregate_is_percentage);
    assert_false(all->runs[3].run.aggregate_is_percentage);
}

static void test_aggregates_only(void **state)
{
    struct bm_benchmark *benchmark = subject();

    (void)state;
    bm_set_repetitions(benchmark, 2);
    bm_report_aggregates_only(benchmark, true);
    assert_int_equal(run_all()->count, 4);
    bm_report_aggregates_only(benchmark, false);
    assert_int_equal(run_all()->count, 6);
    bm_display_aggregates_only(benchmark, true);
    assert_int_equal(run_all()->count, 4);
}

static void manual(struct bm_state *state, void *user)
{
    (void)user;
    BM_LOOP(state)
    bm_set_iteration_time(state, 0.25);
}

static void test_kinds_of_time(void **state)
{
    struct bm_benchmark *benchmark = subject();

    (void)state;
    bm_use_real_time(benchmark);
    bm_measure_process_cpu_time(benchmark);
    assert_string_equal(run_one()->time_type, "process_time/real_time");

    bm_unregister_all();
    benchmark = bm_register("manual", manual, NULL);
    bm_set_iterations(benchmark, 4);
    bm_set_unit(benchmark, BM_MILLISECOND);
    bm_use_manual_time(benchmark);
    assert_string_equal(run_one()->time_type, "manual_time");
    assert_true(run_one()->run.real_time == 250);
    assert_true(run_one()->run.real_accumulated == 1);
}

static void test_threads(void **state)
{
    struct bm_benchmark *benchmark = subject();

    (void)state;
    bm_add_threads(benchmark, 3);
    assert_string_equal(run_one()->threads_name, "threads:3");
    assert_int_equal(run_one()->run.threads, 3);
    assert_int_equal(run_one()->run.iterations, 3); /* one in each thread */

    bm_unregister_all();
    bm_add_thread_range(subject(), 1, 4);
    ASSERT_NAMES("subject/iterations:1/threads:1", "subject/iterations:1/threads:2",
                 "subject/iterations:1/threads:4");

    bm_unregister_all();
    bm_add_dense_thread_range(subject(), 1, 4, INT_MAX);
    ASSERT_NAMES("subject/iterations:1/threads:1", "subject/iterations:1/threads:4");

    bm_unregister_all();
    bm_add_thread_per_cpu(subject());
    assert_true(run_one()->run.threads >= 1);
}

static void linear(struct bm_state *state, void *user)
{
    (void)user;
    BM_LOOP(state)
    bm_set_iteration_time(state, 1e-6 * (double)bm_arg(state, 0));
    bm_set_complexity_n(state, bm_arg(state, 0));
}

static const struct captured_run *fit(enum bm_order order)
{
    struct bm_benchmark *benchmark = NULL;
    const struct capture *all = NULL;

    bm_unregister_all();
    benchmark = subject_of(linear, NULL);
    bm_use_manual_time(benchmark);
    bm_add_range(benchmark, 8, 4096);
    bm_set_complexity(benchmark, order);
    all = run_all();
    if (order == BM_O_NONE) {
        assert_int_equal(all->count, 4);
        return NULL;
    }
    assert_int_equal(all->count, 4 + 2);
    assert_true(all->runs[4].run.is_big_o);
    assert_true(all->runs[5].run.is_rms);
    assert_int_equal(all->runs[0].run.complexity_n, 8);
    return &all->runs[4];
}

static void test_complexity(void **state)
{
    (void)state;
    for (int order = BM_O_1; order < BM_O_AUTO; order++)
        assert_int_equal(fit((enum bm_order)order)->run.complexity, order);
    assert_int_not_equal(fit(BM_O_AUTO)->run.complexity, BM_O_AUTO);
    assert_true(fit(BM_O_N)->run.real_time > 999 && fit(BM_O_N)->run.real_time < 1001);
    assert_null(fit(BM_O_NONE));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_body_gets_its_user_data, fresh),
        cmocka_unit_test_setup(test_arg_and_args, fresh),
        cmocka_unit_test_setup(test_ranges, fresh),
        cmocka_unit_test_setup(test_dense_range, fresh),
        cmocka_unit_test_setup(test_widest_range_is_finite, fresh),
        cmocka_unit_test_setup(test_product_and_names, fresh),
        cmocka_unit_test_setup(test_units, fresh),
        cmocka_unit_test_setup(test_how_long_to_run, fresh),
        cmocka_unit_test_setup(test_repetitions, fresh),
        cmocka_unit_test_setup(test_aggregates_only, fresh),
        cmocka_unit_test_setup(test_kinds_of_time, fresh),
        cmocka_unit_test_setup(test_threads, fresh),
        cmocka_unit_test_setup(test_complexity, fresh),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
