/* What was counted: as a record holds it, as a document says it, as others may have written it. */
#include "document/counts.h"

#include "check.h"

#include <stdlib.h>

#include "util/json.h"

/* The counts that are read of such a case; they are the caller's. */
static struct tb_record read_text(const char *text)
{
    struct tb_record record = {0};
    cJSON *item = cJSON_Parse(text);

    tb_counts_read(&record, item);
    cJSON_Delete(item);
    return record;
}

static void rounds_are_kept_with_who_counted_them(void **state)
{
    struct tb_record record = {0};
    struct tb_count count;

    (void)state;
    assert_true(isnan(tb_count_value(&record, TB_SYSCALLS)));
    tb_count_add(&record, TB_SYSCALLS, "strace", 1000, 9.002);
    tb_count_add(&record, TB_SYSCALLS, "strace", 1000, 8.998);
    count = tb_count_of(&record, TB_SYSCALLS);
    assert_string_equal(count.counter, "strace");
    assert_null(count.reason);
    assert_int_equal(count.count, 2);
    assert_near(count.values[0], 9.002);
    assert_near(count.operations, 1000);
    assert_near(count.value, 9);
    assert_true(count.repeats);
    tb_count_finish(&count);
    tb_count_add(&record, TB_SYSCALLS, "strace", 1000, 10);
    count = tb_count_of(&record, TB_SYSCALLS);
    assert_int_equal(count.count, 3);
    assert_false(count.repeats);
    tb_count_finish(&count);
    assert_true(isnan(tb_count_value(&record, TB_FAULTS)));
    tb_record_finish(&record);
}

/* Two processes that differ the wrong way by a start's noise. */
static void below_nothing_is_nothing(void **state)
{
    struct tb_record record = {0};

    (void)state;
    tb_count_add(&record, TB_FAULTS, "rusage", 1000, -0.003);
    assert_near(tb_count_value(&record, TB_FAULTS), 0);
    tb_record_finish(&record);
}

static void a_reason_takes_the_place_of_counts(void **state)
{
    struct tb_record record = {0};
    struct tb_count count;

    (void)state;
    tb_count_add(&record, TB_FAULTS, "rusage", 1000, 1);
    tb_count_refuse(&record, TB_FAULTS, "gone");
    count = tb_count_of(&record, TB_FAULTS);
    assert_string_equal(count.reason, "gone");
    assert_int_equal(count.count, 0);
    assert_null(count.counter);
    tb_count_finish(&count);
    tb_record_finish(&record);
}

static void a_document_says_it_and_is_read_back(void **state)
{
    struct tb_record record = {0}, again;
    cJSON *item = cJSON_Parse("{\"counts\":{\"faults\":{\"counter\":\"none of ours\"}}}");
    char *text;

    (void)state;
    tb_counts_write(&record, item);
    assert_null(tb_json_find(item, "counts"));
    tb_count_add(&record, TB_INSTRUCTIONS, "perf", 100, 2152.25);
    tb_count_refuse(&record, TB_SYSCALLS, "strace is missing: install strace");
    tb_counts_write(&record, item);
    assert_near(tb_json_number(item, "counts.instructions.value", NAN), 2152.25);
    assert_true(tb_json_flag(item, "counts.instructions.repeats"));
    text = cJSON_PrintUnformatted(item);
    again = read_text(text);
    assert_near(tb_count_value(&again, TB_INSTRUCTIONS), 2152.25);
    free(text);
    cJSON_Delete(item);
    tb_record_finish(&record);
    tb_record_finish(&again);
}

static void what_is_no_count_is_none(void **state)
{
    static const char *const texts[] = {
        "{}",
        "{\"counts\":[]}",
        "{\"counts\":{\"faults\":7}}",
        "{\"counts\":{\"faults\":{\"counter\":\"x\"}}}",
        "{\"counts\":{\"faults\":{\"rounds\":[1]}}}",
        "{\"counts\":{\"faults\":{\"counter\":\"x\",\"rounds\":7}}}",
        "{\"counts\":{\"faults\":{\"counter\":\"x\",\"rounds\":[]}}}",
        "{\"counts\":{\"faults\":{\"counter\":\"x\",\"rounds\":[\"1\",null,-1,1e999]}}}",
    };

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct tb_record record = read_text(texts[i]);
        struct tb_count count = tb_count_of(&record, TB_FAULTS);

        assert_int_equal(count.count, 0);
        assert_null(count.counter);
        assert_true(isnan(count.value));
        assert_false(count.repeats);
        tb_count_finish(&count);
        tb_record_finish(&record);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rounds_are_kept_with_who_counted_them),
        cmocka_unit_test(below_nothing_is_nothing),
        cmocka_unit_test(a_reason_takes_the_place_of_counts),
        cmocka_unit_test(a_document_says_it_and_is_read_back),
        cmocka_unit_test(what_is_no_count_is_none),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
