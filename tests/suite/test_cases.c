/* Which cases a registry gives: one made for the purpose, crossed with the runtimes there are. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "cases.h"

static const struct tb_bench rows[] = {
    {
        .name = "made/up",
        .doc = "nothing",
        .sweeps = {TB_SWEEP(cpu, TB_CPU_SAME, TB_CPU_FREE), TB_SWEEP(live, 0, 16, 256),
                   TB_SWEEP(warm, TB_WARM, TB_COLD), TB_SWEEP(seccomp, 0, 1)},
        .core = {"cpu:free/posix"},
        .standard = {"cpu:same/live:256/c11"},
        .card = "a line",
        .card_cases = {"cpu:same/posix"},
    },
    {.name = "made/alone", .doc = "no thread", .threadless = true},
    {.name = "made/needy", .doc = "needs keys", .needs = TB_KEYS},
    {.name = "made/elsewhere", .doc = "no thread, but a fibre", .kinds = TB_FIBRES},
    {
        .name = "made/either",
        .doc = "a task, by a thread or without",
        .kinds = TB_THREADS | TB_FIBRES,
        .sweeps = {TB_SWEEP(cpu, TB_CPU_SAME, TB_CPU_FREE), TB_SWEEP(work, 0, 1000, 5000)},
        .alternatives = {"posix", &tb_axis_work, {"cpu:same", "cpu:same/work:5000"}},
    },
    {0},
};

const struct tb_family tb_families[] = {{"made", "0123456789ab", rows}, {0}};

static struct tb_bench_case *cases;
static size_t count;

static const struct tb_bench_case *find(const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (!strcmp(cases[i].name, name))
            return &cases[i];
    return NULL;
}

static size_t count_runtimes(enum tb_kind kind)
{
    size_t runtimes = 0;

    for (size_t i = 0; tb_runtimes[i]; i++)
        runtimes += tb_runtimes[i]->kind == kind;
    return runtimes;
}

static int setup(void **state)
{
    (void)state;
    return tb_bench_cases_create(NULL, &cases, &count);
}

static int teardown(void **state)
{
    (void)state;
    free(cases);
    return 0;
}

static void test_each_axis_is_walked_from_the_base(void **state)
{
    (void)state;
    assert_int_equal(count, count_runtimes(0) * (1 + 1 + 2 + 1 + 1) + 1 + count_runtimes(0) +
                                count_runtimes(TB_FIBRES) +
                                4 * (count_runtimes(0) + count_runtimes(TB_FIBRES)));
    assert_non_null(find("made/up/cpu:same/posix"));
    assert_non_null(find("made/up/cpu:free/clone"));
    assert_non_null(find("made/up/cpu:same/live:256/null"));
    assert_non_null(find("made/up/cpu:same/warm:cold/c11"));
    assert_null(find("made/up/cpu:free/live:256/posix")); /* two axes at once are not */
}

static void test_no_name_is_given_twice(void **state)
{
    (void)state;
    for (size_t i = 0; i < count; i++)
        assert_ptr_equal(find(cases[i].name), &cases[i]);
}

static void test_a_threadless_row_has_no_runtime(void **state)
{
    const struct tb_bench_case *c = find("made/alone");

    (void)state;
    assert_non_null(c);
    assert_null(c->runtime);
    assert_null(c->floor);
}

static void test_marks_stand_at_their_cases_only(void **state)
{
    size_t core = 0;

    (void)state;
    for (size_t i = 0; i < count; i++)
        core += cases[i].core;
    assert_int_equal(core, 1);
    assert_true(find("made/up/cpu:same/posix")->standard);
    assert_true(find("made/up/cpu:free/posix")->standard); /* of the core set */
    assert_false(find("made/up/cpu:free/c11")->standard);
    assert_true(find("made/up/cpu:same/live:256/c11")->standard); /* named as such */
    assert_false(find("made/up/cpu:same/live:256/c11")->core);
    assert_false(find("made/up/cpu:same/live:256/posix")->standard);
    assert_true(find("made/alone")->standard);
    assert_true(find("made/up/cpu:free/posix")->core);
    assert_string_equal(find("made/up/cpu:same/posix")->card, "a line");
    assert_null(find("made/up/cpu:free/posix")->card);
}

static void test_floor_and_empty_are_the_same_point(void **state)
{
    (void)state;
    assert_ptr_equal(find("made/up/cpu:same/live:16/c11")->floor,
                     find("made/up/cpu:same/live:16/clone"));
    assert_ptr_equal(find("made/up/cpu:free/posix")->overhead, find("made/up/cpu:free/null"));
    assert_null(find("made/up/cpu:free/clone")->floor);
    assert_null(find("made/needy/posix")->floor); /* the floor has no keys */
}

static void test_an_alternative_is_set_against_the_thread_at_its_point(void **state)
{
    const struct tb_bench_case *longer = find("made/either/cpu:same/work:5000/ucontext");
    const struct tb_bench_case *released = find("made/either/cpu:free/ucontext");

    (void)state;
    assert_ptr_equal(longer->thread, find("made/either/cpu:same/work:5000/posix"));
    assert_ptr_equal(longer->empty, find("made/either/cpu:same/ucontext"));
    assert_ptr_equal(longer->empty->empty, longer->empty);
    assert_ptr_equal(released->thread, find("made/either/cpu:free/posix"));
    assert_ptr_equal(released->empty, released);
    assert_null(find("made/either/cpu:same/c11")->thread); /* a thread itself */
    assert_null(find("made/elsewhere/ucontext")->thread);
}

static void test_alternatives_are_a_set_with_their_thread(void **state)
{
    size_t alternatives = 0;

    (void)state;
    for (size_t i = 0; i < count; i++)
        alternatives += cases[i].alternatives;
    assert_int_equal(alternatives, 2 * (1 + count_runtimes(TB_FIBRES)));
    assert_true(find("made/either/cpu:same/posix")->alternatives);
    assert_true(find("made/either/cpu:same/work:5000/ucontext")->alternatives);
    assert_false(find("made/either/cpu:same/work:1000/posix")->alternatives);
    assert_false(find("made/either/cpu:same/c11")->alternatives);
}

static void test_cold_is_one_sample_of_a_fresh_process(void **state)
{
    const struct tb_bench_case *cold = find("made/up/cpu:same/warm:cold/posix");
    char name[256];

    (void)state;
    assert_int_equal(tb_bench_case_max_samples(cold), 1);
    assert_true(tb_bench_case_fresh(cold));
    assert_false(tb_bench_case_fresh(find("made/up/cpu:same/posix")));
    tb_bench_case_registered_name(cold, name, sizeof(name));
    assert_string_equal(name, "made/up/cpu:same/warm:cold/posix/iterations:1/manual_time");
}

static void test_what_cannot_be_taken_back_lasts(void **state)
{
    (void)state;
    assert_true(tb_bench_case_lasts(find("made/up/cpu:same/seccomp:1/posix")));
    assert_false(tb_bench_case_lasts(find("made/up/cpu:same/posix")));
    assert_false(tb_bench_case_lasts(find("made/alone")));
}

static void test_a_missing_ability_has_a_reason(void **state)
{
    char reason[128];

    (void)state;
    assert_true(tb_bench_case_unavailable(find("made/needy/null"), reason, sizeof(reason)));
    assert_string_equal(reason, "null: it has no keys for thread-local storage");
    assert_false(tb_bench_case_unavailable(find("made/needy/posix"), reason, sizeof(reason)));
    assert_false(tb_bench_case_unavailable(find("made/alone"), reason, sizeof(reason)));
}

static void test_a_name_gives_the_cases_of_its_row(void **state)
{
    struct tb_bench_case *some = NULL;
    size_t given = 0;

    (void)state;
    assert_int_equal(tb_bench_cases_create("made/needy/posix", &some, &given), 0);
    assert_int_equal(given, count_runtimes(0));
    for (size_t i = 0; i < given; i++)
        assert_string_equal(some[i].bench->name, "made/needy");
    free(some);
    assert_int_equal(tb_bench_cases_create("made/need/posix", &some, &given), 0);
    assert_int_equal(given, 0);
    free(some);
}

static void test_values_by_axis(void **state)
{
    (void)state;
    assert_int_equal(tb_bench_case_value(find("made/up/cpu:same/live:16/c11"), &tb_axis_live), 16);
    assert_int_equal(tb_bench_case_value(find("made/up/cpu:same/live:16/c11"), &tb_axis_cpu),
                     TB_CPU_SAME);
    assert_int_equal(tb_bench_case_value(find("made/alone"), &tb_axis_live), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_axis_is_walked_from_the_base),
        cmocka_unit_test(test_no_name_is_given_twice),
        cmocka_unit_test(test_a_threadless_row_has_no_runtime),
        cmocka_unit_test(test_marks_stand_at_their_cases_only),
        cmocka_unit_test(test_floor_and_empty_are_the_same_point),
        cmocka_unit_test(test_an_alternative_is_set_against_the_thread_at_its_point),
        cmocka_unit_test(test_alternatives_are_a_set_with_their_thread),
        cmocka_unit_test(test_cold_is_one_sample_of_a_fresh_process),
        cmocka_unit_test(test_what_cannot_be_taken_back_lasts),
        cmocka_unit_test(test_a_missing_ability_has_a_reason),
        cmocka_unit_test(test_a_name_gives_the_cases_of_its_row),
        cmocka_unit_test(test_values_by_axis),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
