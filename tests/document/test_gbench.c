/* Result files of the benchmark library: good, odd and damaged ones. */
#include "document/gbench.h"

#include "check.h"

#include "util/json.h"
#include "util/memory.h"

static struct tb_reading read_text(const char *text)
{
    return tb_gbench_read(text, strlen(text), "x");
}

static struct tb_reading read_entry(const char *entry)
{
    char text[2048];

    assert_true(snprintf(text, sizeof text, "{\"context\":{\"num_cpus\":2},\"benchmarks\":[%s]}",
                         entry) < (int)sizeof text);
    return read_text(text);
}

static void assert_reading(struct tb_reading reading, enum tb_outcome outcome, const char *reason)
{
    assert_int_equal(reading.outcome, outcome);
    assert_null(reading.entry);
    assert_contains(reading.reason, reason);
    tb_reading_finish(&reading);
}

#define ENTRY(more) "{\"name\":\"x\",\"run_name\":\"x\",\"run_type\":\"iteration\"," more "}"
#define TIMES(real, unit)                                                                          \
    "\"real_time\":" real ",\"cpu_time\":1,\"iterations\":7,\"time_unit\":\"" unit "\""

static void assert_time(struct tb_reading reading, double ns)
{
    assert_int_equal(reading.outcome, TB_OK);
    assert_null(reading.reason);
    assert_near(tb_json_number(reading.entry, "real_time", NAN), ns);
    assert_string_equal(tb_json_text(reading.entry, "time_unit"), "ns");
    assert_near(tb_json_number(reading.context, "num_cpus", 0), 2);
    tb_reading_finish(&reading);
}

static void times_become_nanoseconds(void **state)
{
    (void)state;
    assert_time(read_entry(ENTRY(TIMES("1.5e0", "ns"))), 1.5);
    assert_time(read_entry(ENTRY(TIMES("1.5", "us"))), 1500);
    assert_time(read_entry(ENTRY(TIMES("1.5", "ms"))), 1.5e6);
    assert_time(read_entry(ENTRY(TIMES("1.5", "s"))), 1.5e9);
    assert_time(read_entry("{\"name\":\"x\"," TIMES("3", "ns") "}"), 3);
}

static void counters_are_carried_through(void **state)
{
    struct tb_reading reading = read_entry(
        ENTRY(TIMES("2", "ns") ",\"p99.9\":12.3456789012,\"big\":123456789012,\"odd\":1e999,"
                               "\"none\":NaN,\"least\":-inf,\"label\":\"l, \\\"NaN\""));

    (void)state;
    assert_int_equal(reading.outcome, TB_OK);
    assert_near(tb_json_number(reading.entry, "p99.9", NAN), 12.34568);
    assert_near(tb_json_number(reading.entry, "big", NAN), 123456789012.0);
    assert_false(cJSON_HasObjectItem(reading.entry, "odd"));
    assert_false(cJSON_HasObjectItem(reading.entry, "none"));
    assert_false(cJSON_HasObjectItem(reading.entry, "least"));
    assert_string_equal(tb_json_text(reading.entry, "label"), "l, \"NaN");
    tb_reading_finish(&reading);
}

/* So that each reader of the entry finds the same. */
static void an_entry_is_flat_and_has_each_member_once(void **state)
{
    struct tb_reading reading = read_entry(ENTRY(TIMES(
        "2", "ns") ",\"p10\":1,\"p10\":2,\"run_name\":\"y\",\"list\":[1],\"object\":{\"p50\":3},"
                   "\"null\":null"));

    (void)state;
    assert_int_equal(reading.outcome, TB_OK);
    assert_near(tb_json_number(reading.entry, "p10", NAN), 1);
    assert_int_equal(cJSON_GetArraySize(reading.entry), 8);
    tb_reading_finish(&reading);
}

static void own_repetitions_give_their_median(void **state)
{
    (void)state;
    assert_time(read_entry(ENTRY(TIMES("9", "ns")) "," ENTRY(TIMES("1", "ns")) "," ENTRY(TIMES(
                    "4", "ns")) ",{\"name\":\"x_mean\",\"run_name\":\"x\",\"run_type\":"
                                "\"aggregate\",\"aggregate_name\":\"mean\"," TIMES("5", "ns") "}"),
                4);
    assert_time(read_entry("{\"name\":\"x_mean\",\"run_name\":\"x\",\"run_type\":\"aggregate\","
                           "\"aggregate_name\":\"mean\"," TIMES(
                               "5", "ns") "},{\"name\":\"x_median\",\"run_name\":\"x\",\"run_"
                                          "type\":\"aggregate\",\"aggregate_name\":"
                                          "\"median\"," TIMES("6", "ns") "}"),
                6);
}

static void skips_are_told_from_errors(void **state)
{
    (void)state;
    assert_reading(read_entry(ENTRY("\"skipped\":true,\"skip_message\":\"no CPU\"")), TB_SKIPPED,
                   "no CPU");
    assert_reading(
        read_entry(ENTRY("\"error_occurred\":true,\"error_message\":\"skipped: no CPU\"")),
        TB_SKIPPED, "no CPU");
    assert_reading(read_entry(ENTRY("\"error_occurred\":true,\"error_message\":\"a \\\"b\\\"\"")),
                   TB_FAILED, "a \"b\"");
    assert_reading(read_entry(ENTRY("\"error_occurred\":true,\"error_message\":\"\"")), TB_FAILED,
                   "without a message");
    assert_reading(read_entry(ENTRY("\"error_occurred\":true")), TB_FAILED, "without a message");
    assert_reading(read_entry(ENTRY("\"skipped\":true")), TB_SKIPPED, "no reason");
}

static void what_is_missing_is_named(void **state)
{
    (void)state;
    assert_reading(read_text(""), TB_FAILED, "empty");
    assert_reading(read_text("{}"), TB_FAILED, "no list of benchmarks");
    assert_reading(read_text("[1]"), TB_FAILED, "no list of benchmarks");
    assert_reading(read_text("{\"benchmarks\":7}"), TB_FAILED, "no list of benchmarks");
    assert_reading(read_entry(""), TB_FAILED, "no entry");
    assert_reading(read_entry("{\"name\":\"y\"}"), TB_FAILED, "but 'y'");
    assert_reading(read_entry("3"), TB_FAILED, "no name");
    assert_reading(read_entry(ENTRY(TIMES("1", "weeks"))), TB_FAILED, "time unit");
    assert_reading(read_entry(ENTRY("\"time_unit\":\"ns\"")), TB_FAILED, "no finite");
    assert_reading(read_entry(ENTRY(TIMES("1e307", "s"))), TB_FAILED, "no finite");
    assert_reading(read_entry(ENTRY(TIMES("1e999", "ns"))), TB_FAILED, "no finite");
    assert_reading(read_entry(ENTRY(TIMES("NaN", "ns"))), TB_FAILED, "no finite");
    assert_reading(read_entry(ENTRY(TIMES("-inf", "ns"))), TB_FAILED, "no finite");
    assert_reading(read_entry(ENTRY(TIMES("\"1\"", "ns"))), TB_FAILED, "no finite");
}

static void an_entry_has_members_as_one_has(void **state)
{
    enum { most = 1000, room = 16 * (most + 20) };
    tb_autofree char *text = tb_alloc(room, 1);
    size_t size = (size_t)snprintf(text, room, "{\"benchmarks\":[{");

    (void)state;
    for (int i = 0; i < most; i++)
        size += (size_t)snprintf(text + size, room - size, "\"c%d\":1,", i);
    (void)snprintf(text + size, room - size, "\"name\":\"x\"," TIMES("1", "ns") "}]}");
    assert_reading(read_text(text), TB_FAILED, "more than 1000 members");
}

static void damage_is_placed(void **state)
{
    (void)state;
    assert_reading(read_text("{\n\n  \"a\": tru }"), TB_FAILED, "line 3 column 8: not JSON");
    assert_reading(read_text("{\"a\": [1, 2"), TB_FAILED, "line 1 column 12: it ends too early");
    assert_reading(read_text("{}\n{}"), TB_FAILED, "line 2 column 1: something follows the end");
    assert_reading(tb_gbench_read("{}\0{}", 5, "x"), TB_FAILED, "something follows the end");
    assert_reading(read_text("hello"), TB_FAILED, "line 1 column 1: not JSON");
}

/* As a program writes them whose C++ locale is that of its user. */
static void numbers_of_a_locale_are_named(void **state)
{
    static const char advice[] = ": its numbers are of a locale: start it by 'env LC_ALL=C'";

    (void)state;
    assert_reading(
        read_entry("{\"name\":\"x\",\n\"real_time\": 1,5e+00,\n\"cpu_time\": 1.002,25e+00}"),
        TB_FAILED, advice);
    assert_reading(read_entry("{\"name\":\"x\",\n\"cpu_time\": 2.5,\n\"real_time\": x}"), TB_FAILED,
                   "not JSON");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(times_become_nanoseconds),
        cmocka_unit_test(counters_are_carried_through),
        cmocka_unit_test(an_entry_is_flat_and_has_each_member_once),
        cmocka_unit_test(own_repetitions_give_their_median),
        cmocka_unit_test(skips_are_told_from_errors),
        cmocka_unit_test(what_is_missing_is_named),
        cmocka_unit_test(an_entry_has_members_as_one_has),
        cmocka_unit_test(damage_is_placed),
        cmocka_unit_test(numbers_of_a_locale_are_named),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
