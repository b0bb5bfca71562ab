/* Misuse: each kind ends as an entry, or a line, that says what was wrong; nothing aborts. */
#include "capture.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static void lo_above_hi(struct bm_benchmark *benchmark)
{
    bm_add_range(benchmark, 8, 4);
}

static void dense_lo_above_hi(struct bm_benchmark *benchmark)
{
    bm_add_dense_range(benchmark, 8, 4, 1);
}

static void step_of_zero(struct bm_benchmark *benchmark)
{
    bm_add_dense_range(benchmark, 1, 4, 0);
}

static void too_many(struct bm_benchmark *benchmark)
{
    bm_add_dense_range(benchmark, INT64_MIN, INT64_MAX, 1);
}

static void second_of_ranges_wrong(struct bm_benchmark *benchmark)
{
    bm_add_ranges(benchmark, (const struct bm_range[]){{1, 2}, {2, 1}}, 2);
}

static void null_ranges(struct bm_benchmark *benchmark)
{
    bm_add_ranges(benchmark, NULL, 1);
}

static void null_args(struct bm_benchmark *benchmark)
{
    bm_add_args(benchmark, NULL, 1);
}

static void no_args(struct bm_benchmark *benchmark)
{
    bm_add_args(benchmark, &(const int64_t){1}, 0);
}

static void args_of_two_sizes(struct bm_benchmark *benchmark)
{
    bm_add_arg(benchmark, 1);
    bm_add_args(benchmark, (const int64_t[]){1, 2}, 2);
}

static void empty_list(struct bm_benchmark *benchmark)
{
    bm_add_product(benchmark, &(const struct bm_values){&(const int64_t){1}, 0}, 1);
}

static void null_lists(struct bm_benchmark *benchmark)
{
    bm_add_product(benchmark, NULL, 1);
}

static void null_list(struct bm_benchmark *benchmark)
{
    bm_add_product(benchmark, &(const struct bm_values){NULL, 1}, 1);
}

static void huge_product(struct bm_benchmark *benchmark)
{
    static int64_t values[400];
    const struct bm_values lists[] = {{values, 400}, {values, 400}};

    bm_add_product(benchmark, lists, 2);
}

static void multiplier_of_one(struct bm_benchmark *benchmark)
{
    bm_set_range_multiplier(benchmark, 1);
}

static void null_names(struct bm_benchmark *benchmark)
{
    bm_set_arg_names(benchmark, NULL, 1);
}

static void null_name(struct bm_benchmark *benchmark)
{
    bm_set_arg_names(benchmark, (const char *const[]){"a", NULL}, 2);
}

static void no_names(struct bm_benchmark *benchmark)
{
    bm_set_arg_names(benchmark, (const char *const[]){"a"}, 0);
}

static void control_in_name(struct bm_benchmark *benchmark)
{
    bm_set_arg_names(benchmark, (const char *const[]){"a\nb"}, 1);
}

static void more_names_than_args(struct bm_benchmark *benchmark)
{
    bm_add_arg(benchmark, 1);
    bm_set_arg_names(benchmark, (const char *const[]){"a", "b"}, 2);
}

static void more_args_than_names(struct bm_benchmark *benchmark)
{
    bm_set_arg_names(benchmark, (const char *const[]){"a"}, 1);
    bm_add_args(benchmark, (const int64_t[]){1, 2}, 2);
}

static void names_without_args(struct bm_benchmark *benchmark)
{
    bm_set_arg_names(benchmark, (const char *const[]){"a"}, 1);
}

static void no_such_unit(struct bm_benchmark *benchmark)
{
    bm_set_unit(benchmark, 17);
}

static void no_such_order(struct bm_benchmark *benchmark)
{
    bm_set_complexity(benchmark, 17);
}

static void negative_iterations(struct bm_benchmark *benchmark)
{
    bm_set_iterations(benchmark, -1);
}

static void negative_repetitions(struct bm_benchmark *benchmark)
{
    bm_set_repetitions(benchmark, -1);
}

static void zero_min_time(struct bm_benchmark *benchmark)
{
    bm_set_min_time(benchmark, 0);
}

static void nan_warmup(struct bm_benchmark *benchmark)
{
    bm_set_min_warmup_time(benchmark, NAN);
}

static void iterations_then_min_time(struct bm_benchmark *benchmark)
{
    bm_set_iterations(benchmark, 1);
    bm_set_min_time(benchmark, 1);
}

static void iterations_then_warmup(struct bm_benchmark *benchmark)
{
    bm_set_iterations(benchmark, 1);
    bm_set_min_warmup_time(benchmark, 1);
}

static void min_time_then_iterations(struct bm_benchmark *benchmark)
{
    bm_set_min_time(benchmark, 0.001);
    bm_set_iterations(benchmark, 1);
}

static void real_then_manual(struct bm_benchmark *benchmark)
{
    bm_use_real_time(benchmark);
    bm_use_manual_time(benchmark);
}

static void manual_then_real(struct bm_benchmark *benchmark)
{
    bm_use_manual_time(benchmark);
    bm_use_real_time(benchmark);
}

static void no_threads(struct bm_benchmark *benchmark)
{
    bm_add_threads(benchmark, 0);
}

static void too_many_threads(struct bm_benchmark *benchmark)
{
    bm_add_threads(benchmark, INT_MAX);
}

static void thread_lo_above_hi(struct bm_benchmark *benchmark)
{
    bm_add_thread_range(benchmark, 4, 2);
}

static void negative_thread_range(struct bm_benchmark *benchmark)
{
    bm_add_dense_thread_range(benchmark, -1, 2, 1);
}

static void stride_of_zero(struct bm_benchmark *benchmark)
{
    bm_add_dense_thread_range(benchmark, 1, 2, 0);
}

static const struct {
    void (*set)(struct bm_benchmark *benchmark);
    const char *message;
} settings[] = {
    {lo_above_hi, "bm_add_range: lo 8 is above hi 4"},
    {dense_lo_above_hi, "bm_add_dense_range: lo 8 is above hi 4"},
    {step_of_zero, "bm_add_dense_range: the step must be at least 1, not 0"},
    {too_many, "bm_add_dense_range: more than 100000 instances"},
    {second_of_ranges_wrong, "bm_add_ranges: lo 2 is above hi 1"},
    {null_ranges, "bm_add_ranges: the ranges are NULL"},
    {null_args, "bm_add_args: the values are NULL"},
    {no_args, "bm_add_args: no arguments"},
    {args_of_two_sizes, "bm_add_args: 2 argument(s) where the benchmark has 1"},
    {empty_list, "bm_add_product: an argument without values"},
    {null_lists, "bm_add_product: the lists are NULL"},
    {null_list, "bm_add_product: the values are NULL"},
    {huge_product, "bm_add_product: more than 100000 instances"},
    {multiplier_of_one, "bm_set_range_multiplier: the multiplier must be at least 2, not 1"},
    {null_names, "bm_set_arg_names: a name is NULL"},
    {null_name, "bm_set_arg_names: a name is NULL"},
    {no_names, "bm_set_arg_names: no names"},
    {control_in_name, "bm_set_arg_names: a name contains a control character"},
    {more_names_than_args, "bm_set_arg_names: 2 argument(s) where the benchmark has 1"},
    {more_args_than_names, "bm_add_args: 2 argument(s) where the benchmark has 1"},
    {no_such_unit, "bm_set_unit: no such unit: 17"},
    {no_such_order, "bm_set_complexity: no such order: 17"},
    {negative_iterations, "bm_set_iterations: iterations must be at least 1, not -1"},
    {negative_repetitions, "bm_set_repetitions: repetitions must be at least 1, not -1"},
    {zero_min_time, "bm_set_min_time: the time must be finite and above 0, not 0.000000"},
    {nan_warmup, "bm_set_min_warmup_time: the time must be finite and not negative, not nan"},
    {iterations_then_min_time, "bm_set_min_time: iterations and a minimum time exclude each other"},
    {iterations_then_warmup,
     "bm_set_min_warmup_time: iterations and a warm-up time exclude each other"},
    {min_time_then_iterations,
     "bm_set_iterations: iterations and a minimum or warm-up time exclude each other"},
    {real_then_manual, "bm_use_manual_time: real and manual time exclude each other"},
    {manual_then_real, "bm_use_real_time: real and manual time exclude each other"},
    {no_threads, "bm_add_threads: threads must be at least 1, not 0"},
    {too_many_threads, "bm_add_threads: threads must be at most 10000, not 2147483647"},
    {thread_lo_above_hi, "bm_add_thread_range: lo 4 is above hi 2"},
    {negative_thread_range, "bm_add_dense_thread_range: threads must be at least 1, not -1"},
    {stride_of_zero, "bm_add_dense_thread_range: the stride must be at least 1, not 0"},
};

static void must_not_run(struct bm_state *state, void *user)
{
    (void)state;
    (void)user;
    abort();
}

static void test_wrong_settings_are_error_entries(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(settings) / sizeof(*settings); i++) {
        const struct captured_run *entry = NULL;
        struct bm_benchmark *benchmark = NULL;

        bm_unregister_all();
        benchmark = bm_register("subject", must_not_run, NULL);
        settings[i].set(benchmark);
        assert_non_null(bm_error(benchmark));
        assert_string_equal(bm_error(benchmark), settings[i].message);
        assert_true(bm_failed());
        bm_set_complexity(benchmark, BM_O_N); /* a fit over errors alone must not be tried */
        entry = run_one();
        assert_int_equal(entry->run.outcome, BM_FAILED);
        assert_string_equal(entry->message, settings[i].message);
    }
}

static void test_first_wrong_setting_stays(void **state)
{
    struct bm_benchmark *benchmark = subject();

    (void)state;
    no_threads(benchmark);
    lo_above_hi(benchmark);
    assert_string_equal(bm_error(benchmark), "bm_add_threads: threads must be at least 1, not 0");
    assert_string_equal(bm_last_error(), "subject: bm_add_range: lo 8 is above hi 4");
}

static void test_names_without_arguments(void **state)
{
    (void)state;
    names_without_args(bm_register("subject", must_not_run, NULL));
    assert_string_equal(run_one()->message, "bm_set_arg_names: there are names but no arguments");
}

static void assert_registered_wrongly(const char *name, bm_function *body, const char *shown,
                                      const char *message)
{
    const struct captured_run *entry = NULL;

    bm_unregister_all();
    assert_string_equal(bm_error(bm_register(name, body, NULL)), message);
    entry = run_one();
    assert_string_equal(entry->name, shown);
    assert_int_equal(entry->run.outcome, BM_FAILED);
    assert_string_equal(entry->message, message);
}

static void test_wrong_registrations(void **state)
{
    (void)state;
    assert_registered_wrongly(NULL, loop_only, "(unnamed)", "bm_register: the name is missing");
    assert_registered_wrongly("", loop_only, "(unnamed)", "bm_register: the name is missing");
    assert_registered_wrongly("a\nb", loop_only, "(misnamed)",
                              "bm_register: the name contains a control character");
    assert_registered_wrongly("a", NULL, "a", "bm_register: the function is NULL");
}

static void assert_misuse(const char *message)
{
    assert_true(bm_failed());
    assert_string_equal(bm_last_error(), message);
    bm_unregister_all();
    assert_false(bm_failed());
    assert_string_equal(bm_last_error(), "");
}

static void test_null_benchmark(void **state)
{
    (void)state;
    assert_string_equal(bm_error(NULL), "the benchmark is NULL");
    for (size_t i = 0; i < sizeof(settings) / sizeof(*settings); i++) {
        settings[i].set(NULL);
        assert_true(bm_failed());
        assert_non_null(strstr(bm_last_error(), ": the benchmark is NULL"));
        bm_unregister_all();
    }
    bm_report_aggregates_only(NULL, true);
    assert_misuse("bm_report_aggregates_only: the benchmark is NULL");
    bm_display_aggregates_only(NULL, true);
    assert_misuse("bm_display_aggregates_only: the benchmark is NULL");
    bm_measure_process_cpu_time(NULL);
    assert_misuse("bm_measure_process_cpu_time: the benchmark is NULL");
    bm_add_arg(NULL, 1);
    assert_misuse("bm_add_arg: the benchmark is NULL");
    bm_add_thread_per_cpu(NULL);
    assert_misuse("bm_add_thread_per_cpu: the benchmark is NULL");
    bm_set_setup(NULL, loop_only);
    assert_misuse("bm_set_setup: the benchmark is NULL");
    bm_set_teardown(NULL, loop_only);
    assert_misuse("bm_set_teardown: the benchmark is NULL");
}

static void test_null_state(void **state)
{
    (void)state;
    BM_LOOP(NULL)
    abort();
    assert_misuse("BM_LOOP: the state is NULL");
    assert_int_equal(bm_iterations(NULL), 0);
    assert_misuse("bm_iterations: the state is NULL");
    assert_string_equal(bm_name(NULL), "");
    assert_misuse("bm_name: the state is NULL");
    assert_int_equal(bm_arg(NULL, 0), 0);
    assert_misuse("bm_arg: the state is NULL");
    assert_int_equal(bm_arg_count(NULL), 0);
    assert_misuse("bm_arg_count: the state is NULL");
    assert_int_equal(bm_threads(NULL), 0);
    assert_misuse("bm_threads: the state is NULL");
    assert_int_equal(bm_thread_index(NULL), 0);
    assert_misuse("bm_thread_index: the state is NULL");
    bm_pause_timing(NULL);
    assert_misuse("bm_pause_timing: the state is NULL");
    bm_resume_timing(NULL);
    assert_misuse("bm_resume_timing: the state is NULL");
    bm_set_iteration_time(NULL, 1);
    assert_misuse("bm_set_iteration_time: the state is NULL");
    bm_set_counter(NULL, "a", 1, BM_COUNTER_DEFAULTS);
    assert_misuse("bm_set_counter: the state is NULL");
    bm_set_items_processed(NULL, 1);
    assert_misuse("bm_set_items_processed: the state is NULL");
    bm_set_bytes_processed(NULL, 1);
    assert_misuse("bm_set_bytes_processed: the state is NULL");
    bm_set_label(NULL, "a");
    assert_misuse("bm_set_label: the state is NULL");
    bm_set_complexity_n(NULL, 1);
    assert_misuse("bm_set_complexity_n: the state is NULL");
    bm_skip(NULL, "a");
    assert_misuse("bm_skip: the state is NULL");
    bm_skip_with_error(NULL, "a");
    assert_misuse("bm_skip_with_error: the state is NULL");
    assert_true(bm_skipped(NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_wrong_settings_are_error_entries, fresh),
        cmocka_unit_test_setup(test_first_wrong_setting_stays, fresh),
        cmocka_unit_test_setup(test_names_without_arguments, fresh),
        cmocka_unit_test_setup(test_wrong_registrations, fresh),
        cmocka_unit_test_setup(test_null_benchmark, fresh),
        cmocka_unit_test_setup(test_null_state, fresh),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
