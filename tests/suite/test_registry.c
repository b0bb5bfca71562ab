/* The registry as it is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "cases.h"

static void test_the_core_set_has_at_most_twelve_cases(void **state)
{
    struct tb_bench_case *cases;
    size_t count, core = 0;

    (void)state;
    assert_int_equal(tb_bench_cases_create(NULL, &cases, &count), 0);
    for (size_t i = 0; i < count; i++)
        core += cases[i].core;
    assert_true(core > 0 && core <= 12);
    free(cases);
}

/* A pick that names no case would be silence. */
static size_t count_picks(const char *const *picks)
{
    size_t picked = 0;

    while (picked < TB_MAX_PICKS && picks[picked])
        picked++;
    return picked;
}

static void test_every_pick_names_a_case(void **state)
{
    struct tb_bench_case *cases;
    size_t count, picks = 0, marks = 0;

    (void)state;
    assert_int_equal(tb_bench_cases_create(NULL, &cases, &count), 0);
    for (const struct tb_family *family = tb_families; family->name; family++)
        for (const struct tb_bench *bench = family->benches; bench->name; bench++)
            picks += count_picks(bench->core) + count_picks(bench->card_cases);
    for (size_t i = 0; i < count; i++)
        marks += (size_t)cases[i].core + (cases[i].card != NULL);
    assert_int_equal(picks, marks);
    free(cases);
}

static bool is_phase(const struct tb_bench *bench, const char *name)
{
    for (size_t i = 0; i < TB_MAX_PHASES && bench->phases[i]; i++)
        if (!strcmp(bench->phases[i], name))
            return true;
    return !bench->phases[0] && !strcmp(name, TB_WHOLE);
}

static bool is_case(const struct tb_bench_case *cases, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (!strcmp(cases[i].name, name))
            return true;
    return false;
}

/* Whether "axis:value…/runtime" names a case of the benchmark. */
static bool is_case_of(const struct tb_bench_case *cases, size_t count,
                       const struct tb_bench *bench, const char *pick)
{
    char name[256];

    (void)snprintf(name, sizeof(name), "%s/%s", bench->name, pick);
    return is_case(cases, count, name);
}

/* Whether it is in the standard set anyway: of the core set, or with each axis at its base. */
static bool is_standard_anyway(const struct tb_bench_case *c)
{
    bool base = true;

    for (size_t i = 0; i < TB_MAX_AXES && c->bench->sweeps[i].axis; i++)
        base &= c->values[i] == c->bench->sweeps[i].values[0];
    return base || c->core;
}

static void test_no_case_is_named_for_the_standard_set_in_vain(void **state)
{
    struct tb_bench_case *cases;
    size_t count;

    (void)state;
    assert_int_equal(tb_bench_cases_create(NULL, &cases, &count), 0);
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < count_picks(cases[i].bench->standard); k++)
            if (!strcmp(cases[i].name + strlen(cases[i].bench->name) + 1,
                        cases[i].bench->standard[k]))
                assert_false(is_standard_anyway(&cases[i]));
    free(cases);
}

static void test_what_is_of_the_standard_set_is_a_case(void **state)
{
    struct tb_bench_case *cases;
    size_t count, picks = 0;

    (void)state;
    assert_int_equal(tb_bench_cases_create(NULL, &cases, &count), 0);
    for (const struct tb_family *family = tb_families; family->name; family++)
        for (const struct tb_bench *bench = family->benches; bench->name; bench++)
            for (size_t i = 0; i < count_picks(bench->standard); i++, picks++)
                assert_true(is_case_of(cases, count, bench, bench->standard[i]));
    assert_int_not_equal(picks, 0);
    free(cases);
}

static void test_every_part_is_of_a_phase_and_a_case(void **state)
{
    struct tb_bench_case *cases;
    size_t count, parts = 0;

    (void)state;
    assert_int_equal(tb_bench_cases_create(NULL, &cases, &count), 0);
    for (size_t i = 0; i < count; i++)
        for (const struct tb_phase_part *part = cases[i].parts; part && part->phase; part++) {
            assert_true(is_phase(cases[i].bench, part->phase));
            assert_true(is_case(cases, count, part->of));
            assert_true(!part->less || is_case(cases, count, part->less));
            assert_non_null(part->what);
            parts++;
        }
    assert_int_not_equal(parts, 0);
    free(cases);
}

static void test_every_row_is_documented_and_in_its_family(void **state)
{
    (void)state;
    for (const struct tb_family *family = tb_families; family->name; family++)
        for (const struct tb_bench *bench = family->benches; bench->name; bench++) {
            assert_non_null(bench->doc);
            assert_non_null(bench->run);
            assert_int_equal(strncmp(bench->name, family->name, strlen(family->name)), 0);
            assert_int_equal(bench->name[strlen(family->name)], '/');
            assert_int_equal(strlen(family->version), 12);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_core_set_has_at_most_twelve_cases),
        cmocka_unit_test(test_every_pick_names_a_case),
        cmocka_unit_test(test_what_is_of_the_standard_set_is_a_case),
        cmocka_unit_test(test_no_case_is_named_for_the_standard_set_in_vain),
        cmocka_unit_test(test_every_part_is_of_a_phase_and_a_case),
        cmocka_unit_test(test_every_row_is_documented_and_in_its_family),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
