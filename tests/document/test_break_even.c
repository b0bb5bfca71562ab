/* From which length of task on a thread costs no more than an alternative. */
#include "document/break_even.h"

#include <math.h>
#include <stdlib.h>

#include "check.h"
#include "made.h"
#include "util/json.h"
#include "util/memory.h"

/* What each round of a case took; NaN: it had no such round. */
static struct tb_record *add(struct made *made, const char *name, const double *rounds,
                             size_t count)
{
    size_t at = made->result.count++;
    struct tb_record *record = &made->result.records[at];

    made->specs[at] = (struct tb_case){.name = name, .primary = "mean", .unit = "ns", .block = 1};
    *record = (struct tb_record){.spec = &made->specs[at], .role = TB_SELECTED};
    (void)tb_names_add(&made->result.names, name);
    for (size_t i = 0; i < count; i++) {
        tb_autojson cJSON *entry = cJSON_CreateObject();
        const struct tb_series series = {0};
        struct tb_repetition repetition;

        if (isnan(rounds[i]))
            continue;
        repetition = tb_repetition_of(record, entry, NULL, rounds[i], true);
        repetition.round = (unsigned)i;
        tb_record_add(record, &repetition, &series);
    }
    return record;
}

/* The last case that was added is set against `thread`. */
static void set_against(struct made *made, const char *thread, const char *empty, double length)
{
    struct tb_case *spec = &made->specs[made->result.count - 1];
    cJSON *source = cJSON_CreateObject();

    tb_json_set_number(tb_json_set_object(source, "break_even"), "length_ns", length);
    spec->thread = thread;
    spec->empty = empty;
    spec->source = source;
}

#define ADD(made, name, ...)                                                                       \
    add(made, name, (const double[]){__VA_ARGS__},                                                 \
        sizeof((const double[]){__VA_ARGS__}) / sizeof(double))

static double number(const cJSON *list, const char *path)
{
    return tb_json_number(list->child, path, NAN);
}

/* (thread - pool) / margin - pool, in each round: of 5 % 20 x 10 - 10 = 190 and so on. */
static void lengths_follow_from_empty_tasks_round_by_round(void **state)
{
    struct made *made = make();
    cJSON *list;

    (void)state;
    ADD(made, "t", 20, 40, 20, 20, 20, 23);
    ADD(made, "p", 10, 30, 10, 10, 10, 12);
    set_against(made, "t", "p", 0);
    list = tb_break_even(&made->result);
    assert_int_equal(cJSON_GetArraySize(list), 1);
    assert_string_equal(tb_json_text(list->child, "case"), "p");
    assert_string_equal(tb_json_text(list->child, "thread"), "t");
    assert_float_equal(number(list, "rounds"), 6, 0);
    assert_float_equal(number(list, "thread_ns"), 20, 1e-9);
    assert_float_equal(number(list, "alternative_ns"), 10, 1e-9);
    assert_float_equal(number(list, "margins.0.margin"), 0.05, 1e-9);
    assert_float_equal(number(list, "margins.0.length_ns"), 190, 1e-3);
    assert_float_equal(number(list, "margins.0.low_ns"), 170, 1e-3);  /* 20 x 10 - 30 */
    assert_float_equal(number(list, "margins.0.high_ns"), 208, 1e-3); /* 20 x 11 - 12 */
    assert_float_equal(number(list, "margins.1.length_ns"), 990, 1e-3);
    assert_float_equal(number(list, "margins.2.length_ns"), 9990, 1e-2);
    assert_true(isnan(number(list, "margins.0.refuted_ns")));
    cJSON_Delete(list);
    made_free(made);
}

static void five_rounds_have_no_interval(void **state)
{
    struct made *made = make();
    cJSON *list;

    (void)state;
    ADD(made, "t", 20, 20, 20, 20, 20, NAN);
    ADD(made, "p", 10, 10, 10, 10, 10, 10);
    set_against(made, "t", "p", 0);
    list = tb_break_even(&made->result);
    assert_float_equal(number(list, "rounds"), 5, 0);
    assert_float_equal(number(list, "margins.0.length_ns"), 190, 1e-3);
    assert_true(isnan(number(list, "margins.0.low_ns")));
    cJSON_Delete(list);
    made_free(made);
}

static void a_thread_that_costs_less_always_does(void **state)
{
    struct made *made = make();
    cJSON *list;

    (void)state;
    ADD(made, "t", 9, 9, 9, 9, 9, 9);
    ADD(made, "p", 10, 10, 10, 10, 10, 10);
    set_against(made, "t", "p", 0);
    list = tb_break_even(&made->result);
    assert_float_equal(number(list, "margins.2.length_ns"), 0, 0);
    assert_float_equal(number(list, "margins.2.high_ns"), 0, 0);
    cJSON_Delete(list);
    made_free(made);
}

/* By empty tasks 190 for 5 %; at 1000 a thread still takes 1.1 times as long. */
static void what_is_measured_checks_what_follows(void **state)
{
    struct made *made = make();
    cJSON *list;

    (void)state;
    ADD(made, "t", 20, 20, 20, 20, 20, 20);
    ADD(made, "t/100", 120, 120, 120, 120, 120, 120);
    ADD(made, "t/1000", 1111, 1111, 1111, 1111, 1111, 1111);
    ADD(made, "p/1000", 1010, 1010, 1010, 1010, 1010, 1010);
    set_against(made, "t/1000", "p", 1000);
    ADD(made, "p", 10, 10, 10, 10, 10, 10);
    set_against(made, "t", "p", 0);
    ADD(made, "p/100", 110, 110, 110, 110, 110, 110);
    set_against(made, "t/100", "p", 100);
    list = tb_break_even(&made->result);
    assert_int_equal(cJSON_GetArraySize(list), 1);
    assert_int_equal(cJSON_GetArraySize(tb_json_find(list->child, "points")), 2);
    assert_string_equal(tb_json_text(list->child, "points.0.case"), "p/1000");
    assert_float_equal(number(list, "points.0.ratio"), 1.1, 1e-6);
    assert_float_equal(number(list, "points.0.expected"), 1020.0 / 1010, 1e-6);
    assert_float_equal(number(list, "points.1.ratio"), 120.0 / 110, 1e-6);
    assert_float_equal(number(list, "points.1.low"), 120.0 / 110, 1e-6);
    assert_float_equal(number(list, "points.1.expected"), 120.0 / 110, 1e-6);
    assert_float_equal(number(list, "margins.0.refuted_ns"), 1000, 0);
    assert_float_equal(number(list, "margins.1.refuted_ns"), 1000,
                       0);                                    /* it is 990 by empty tasks */
    assert_true(isnan(number(list, "margins.2.refuted_ns"))); /* 9990, which is longer */
    cJSON_Delete(list);
    made_free(made);
}

static void what_is_missing_is_named_and_what_has_no_thread_is_left_out(void **state)
{
    struct made *made = make();
    struct tb_record *missing;
    cJSON *list;

    (void)state;
    ADD(made, "t", 20, 20, 20, 20, 20, 20);
    missing = add(made, "p", NULL, 0);
    set_against(made, "t", "p", 0);
    tb_record_end(missing, TB_SKIPPED, "built without it");
    ADD(made, "q", 10, 10, 10, 10, 10, 10);
    set_against(made, "gone", "q", 0);
    (void)add(made, "r", NULL, 0); /* it has had no turn */
    set_against(made, "t", "r", 0);
    list = tb_break_even(&made->result);
    assert_int_equal(cJSON_GetArraySize(list), 1);
    assert_string_equal(tb_json_text(list->child, "case"), "p");
    assert_string_equal(tb_json_text(list->child, "reason"), "built without it");
    assert_true(isnan(number(list, "margins.0.length_ns")));
    cJSON_Delete(list);
    made_free(made);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lengths_follow_from_empty_tasks_round_by_round),
        cmocka_unit_test(five_rounds_have_no_interval),
        cmocka_unit_test(a_thread_that_costs_less_always_does),
        cmocka_unit_test(what_is_measured_checks_what_follows),
        cmocka_unit_test(what_is_missing_is_named_and_what_has_no_thread_is_left_out),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
