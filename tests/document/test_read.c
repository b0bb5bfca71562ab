/* Documents of ours and files of other programs, read: what becomes of each entry. */
#include "document/read.h"

#include "check.h"
#include "document/summary.h"
#include "util/json.h"
#include "util/memory.h"

#define OURS(version)                                                                              \
    "\"context\":{\"threadbench\":{\"schema\":\"threadbench-result\",\"version\":" version ","     \
    "\"run_id\":\"0123456789abcdef\",\"rounds_finished\":2,\"seed\":7,\"looks\":4,"                \
    "\"subject\":{\"knows_threadbench\":true}}}"

#define ENTRY(name, more)                                                                          \
    "{\"name\":\"" name "\",\"run_type\":\"iteration\",\"iterations\":9," more                     \
    "\"time_unit\":\"ns\",\"cpu_time\":1}"

/* The document, which is the caller's to finish. */
static struct tb_document read_text(const char *text)
{
    struct tb_document document;
    struct tb_error error = {""};
    int code = tb_document_parse("it", tb_copy(text), strlen(text), true, &document, &error);

    assert_string_equal(error.text, "");
    assert_int_equal(code, 0);
    return document;
}

static void assert_refused(const char *text, const char *message)
{
    struct tb_document document;
    struct tb_error error = {""};

    assert_int_equal(tb_document_parse("it", tb_copy(text), strlen(text), true, &document, &error),
                     TB_FAILURE);
    assert_string_equal(error.text, message);
}

static double value_of(const struct tb_record *record, size_t index, const char *name)
{
    return tb_repetition_value(&record->repetitions[index], tb_record_field(record, name));
}

static void numbers_of_ours_are_fields(void **state)
{
    struct tb_document document = read_text("{" OURS("2") ",\"benchmarks\":[" ENTRY(
        "a", "\"real_time\":10,\"mean\":12,\"p10\":10,\"round\":"
             "0,") "," ENTRY("a", "\"real_time\":11,\"mean\":13,"
                                  "\"p10\":11,\"call\":5,\"round\":"
                                  "3,") "],\"threadbench_cases\":[{"
                                        "\"name\":\"a\",\"case\":"
                                        "\"a\",\"statistic\":\"p10\","
                                        "\"primary_statistic\":"
                                        "\"p10\"}]}");
    const struct tb_record *record = tb_result_find(&document.result, "a");

    (void)state;
    assert_int_equal(record->count, 2);
    assert_string_equal(tb_primary_field(record), "p10");
    assert_near(value_of(record, 0, "mean"), 12);
    assert_near(value_of(record, 1, "p10"), 11);
    assert_true(isnan(value_of(record, 0, "call")));
    assert_near(value_of(record, 1, "call"), 5);
    assert_true(isnan(value_of(record, 1, "gone")));
    assert_int_equal(record->repetitions[1].round, 3);
    assert_int_equal(document.settings.seed, 7);
    assert_int_equal(document.result.finished_rounds, 2);
    tb_document_finish(&document);
}

/* A counter called as one of our fields is some counter. */
static void other_programs_mean_nothing_of_ours(void **state)
{
    struct tb_document document = read_text("{\"benchmarks\":[" ENTRY(
        "a",
        "\"real_time\":10,\"mean\":99,\"p99\":99,"
        "\"round\":5,\"order\":-1,") "," ENTRY("b",
                                               "\"real_time\":20,") "," ENTRY("a",
                                                                              "\"real_time\":11,"
                                                                              "\"mean\":99,\"p99\":"
                                                                              "99,"
                                                                              "\"round\":5,") "]}");
    const struct tb_record *record = tb_result_find(&document.result, "a");

    (void)state;
    assert_int_equal(document.result.count, 2);
    assert_int_equal(record->count, 2); /* although another one stands between them */
    assert_int_equal(record->repetitions[1].round, 1);
    assert_near(value_of(record, 0, "mean"), 10);
    assert_near(value_of(record, 1, "mean"), 11);
    assert_true(isnan(value_of(record, 0, "p99")));
    tb_document_finish(&document);
}

#define OLD(name, time)                                                                            \
    "{\"name\":\"" name "\",\"real_time\":" time ",\"cpu_time\":1,\"time_unit\":\"ns\"}"

/* As Google Benchmark wrote them before 1.5. */
static void aggregates_are_no_cases_though_they_do_not_say_so(void **state)
{
    struct tb_document document =
        read_text("{\"benchmarks\":[" OLD("case/8", "8") "," OLD("case/8", "9") "," OLD(
            "case/8_mean",
            "8.5") "," OLD("case/8_median",
                           "8.5") "," OLD("case/8_stddev",
                                          "0.5") ",{\"name\":\"case_BigO\",\"cpu_coefficient\":1,"
                                                 "\"big_o\":\"N\",\"time_unit\":\"ns\"},{\"name\":"
                                                 "\"case_RMS\",\"rms\":0.02}," OLD("sum", "1") "," OLD(
                                                     "sum_mean",
                                                     "2") "," OLD("alone_mean",
                                                                  "3") "," OLD("only_mean",
                                                                               "5") "," OLD("only_"
                                                                                            "stdde"
                                                                                            "v",
                                                                                            "1") "]"
                                                                                                 "}");
    const struct tb_record *records = document.result.records;

    (void)state;
    assert_int_equal(document.result.count, 6);
    assert_string_equal(records[0].spec->name, "case/8");
    assert_int_equal(records[0].count, 2);
    assert_near(value_of(&records[2], 0, "mean"), 2); /* a case: "sum" was measured once */
    assert_near(value_of(&records[3], 0, "mean"), 3);
    assert_string_equal(records[4].spec->name, "only_mean");
    assert_int_equal(records[4].count, 0);
    assert_contains(records[4].reason, "only aggregates");
    assert_int_equal(records[5].outcome, TB_SKIPPED);
    tb_document_finish(&document);
}

/* A mark of UTF-8, which JSON has not, is not blanked with half of a document behind it. */
static void a_document_is_no_banner(void **state)
{
    (void)state;
    assert_refused("\xef\xbb\xbf{\"context\":\n{}}\n{\"benchmarks\":[" OLD("a", "8") "]}",
                   "it, line 1 column 1: no object");
}

static void skips_and_failures_of_ours_are_ends_of_cases(void **state)
{
    struct tb_document document = read_text("{" OURS(
        "2") ",\"benchmarks\":[{\"name\":\"a\",\"skipped\":true,\"skip_message\":\"no CPU\"},"
             "{\"name\":\"b\",\"error_occurred\":true,\"error_message\":\"oh\"}]}");

    (void)state;
    assert_int_equal(document.result.records[0].outcome, TB_SKIPPED);
    assert_string_equal(document.result.records[0].reason, "no CPU");
    assert_int_equal(document.result.records[1].outcome, TB_FAILED);
    tb_document_finish(&document);
}

static void what_was_printed_around_it_is_none_of_it(void **state)
{
    struct tb_document document =
        read_text("tables loaded: 3\nNaN\n{\"benchmarks\":[" OLD("a", "8") "]}\nbye\n");

    (void)state;
    assert_int_equal(document.result.count, 1);
    tb_document_finish(&document);
    /* Lines of its own that begin so, behind a blank. */
    document = read_text(" {\"benchmarks\":[\n" OLD("a", "8") ",\n" OLD("b", "9") "]}");
    assert_int_equal(document.result.count, 2);
    tb_document_finish(&document);
    assert_refused("x\n{\"benchmarks\":[" OLD("a", "8") "]}\n{\"benchmarks\":[]}",
                   "it, line 3 column 1: something follows the end");
    assert_refused("{\"benchmarks\":[" OLD("a", "8") "]} bye",
                   "it, line 1 column 75: something follows the end");
    assert_refused("x\n{\"benchmarks\":[}", "it, line 2 column 16: not JSON");
}

static void times_are_in_ns(void **state)
{
    struct tb_document document =
        read_text("{\"benchmarks\":[{\"name\":\"a\",\"real_time\":1.5,\"cpu_time\":2,"
                  "\"time_unit\":\"us\"}]}");
    const struct tb_record *record = tb_result_find(&document.result, "a");

    (void)state;
    assert_near(value_of(record, 0, "mean"), 1500);
    assert_near(value_of(record, 0, "cpu_time"), 2000);
    assert_contains(record->repetitions[0].entry, "1500");
    tb_document_finish(&document);
}

static void what_ended_says_why(void **state)
{
    struct tb_document document =
        read_text("{\"benchmarks\":[{\"name\":\"a\",\"error_occurred\":true,\"error_message\":\"no "
                  "\\u001b\"},{\"name\":\"b\",\"skipped\":true,\"skip_message\":\"not here\"},"
                  "{\"name\":\"c_mean\",\"run_name\":\"c\",\"run_type\":\"aggregate\","
                  "\"aggregate_name\":\"mean\"},{\"name\":\"d\",\"aggregate_name\":\"BigO\"}]}");

    (void)state;
    assert_int_equal(document.result.count, 3);
    assert_string_equal(document.result.records[0].reason, "no ?");
    assert_int_equal(document.result.records[1].outcome, TB_SKIPPED);
    assert_contains(document.result.records[2].reason, "only aggregates");
    tb_document_finish(&document);
}

static void the_first_version_is_still_read(void **state)
{
    struct tb_document document =
        read_text("{" OURS("1") ",\"benchmarks\":[],\"threadbench_cases\":[{\"name\":\"a\","
                                "\"case\":\"a\",\"decides\":\"mean\",\"decides_if_known\":\"p10\","
                                "\"role\":\"empty\",\"outcome\":\"skipped\",\"reason\":\"x\"}]}");
    const struct tb_record *record = document.result.records;

    (void)state;
    assert_near(document.settings.look_share, 0.25);
    assert_string_equal(record->spec->primary, "p10");
    assert_int_equal(record->role, TB_OVERHEAD_CASE);
    assert_int_equal(record->outcome, TB_SKIPPED);
    tb_document_finish(&document);
}

#define OF(more)                                                                                   \
    "{\"context\":{\"threadbench\":{\"schema\":\"threadbench-result\",\"version\":2," more "}},"   \
    "\"benchmarks\":[]}"
#define CASES(list) "{" OURS("2") ",\"benchmarks\":[],\"threadbench_cases\":" list "}"
#define CASE(more)  CASES("[{\"name\":\"a\",\"case\":\"a\"," more "}]")

/* What is taken for missing would change what the figures mean, in silence. */
static void another_type_is_refused(void **state)
{
    (void)state;
    assert_refused(OF("\"session\":5"), "it: damaged: its 'session' is not a text");
    assert_refused(OF("\"host\":{\"kernel\":[]}"),
                   "it: damaged: its 'host.kernel' is not an object");
    assert_refused(OF("\"interrupted\":1"), "it: damaged: its 'interrupted' is not true or false");
    assert_refused(OF("\"rounds_finished\":1.5"),
                   "it: damaged: its 'rounds_finished' cannot be 1.5");
    assert_refused("{\"context\":[],\"benchmarks\":[]}", "it: its 'context' is not an object");
    assert_refused("{\"context\":{\"host_name\":1},\"benchmarks\":[]}",
                   "it: damaged: its 'host_name' is not a text");
    assert_refused("{\"benchmarks\":[],\"benchmarks\":[]}", "it: 'benchmarks' is there twice");
    assert_refused(CASES("{}"), "it: damaged: its 'threadbench_cases' is not a list");
    assert_refused(CASES("[[]]"), "it: case 1 has no name");
    assert_refused(CASE("\"role\":\"x\""), "it: damaged: the role of 'a' cannot be 'x'");
    assert_refused(CASE("\"role\":\"none\""), "it: damaged: the role of 'a' cannot be 'none'");
    assert_refused(CASE("\"outcome\":\"x\""), "it: damaged: the outcome of 'a' cannot be 'x'");
    assert_refused(CASE("\"outcome\":0"), "it, case 1: its 'outcome' is not a text");
    assert_refused(CASE("\"histograms\":{}"),
                   "it, case 'a': its 'histograms' is not a list of objects");
    assert_refused(CASE("\"axes\":[1,2]"),
                   "it, case 1: its 'axes' is not an object of numbers, texts and flags");
    assert_refused(CASE("\"parts\":\"x\""), "it, case 1: its 'parts' is not a list of objects");
    assert_refused(CASE("\"phases\":[\"x\"]"), "it, case 1: its 'phases' is not a list of objects");
}

/* What stands among the entries is compared, or it is told why not. */
static void no_entry_of_ours_is_lost(void **state)
{
    (void)state;
    assert_refused(
        "{" OURS("2") ",\"benchmarks\":[" ENTRY(
            "a", "\"real_time\":10,\"mean\":12,\"round\":0,") "],\"threadbench_cases\":[]}",
        "it: damaged: its 'threadbench_cases' lacks 'a'");
    assert_refused("{" OURS("2") ",\"benchmarks\":[" ENTRY(
                       "a", "\"real_time\":10,\"mean\":\"12\",\"round\":0,") "]}",
                   "it: damaged: entry 1 is no measurement of a later round than the one before it "
                   "of 'a'");
}

static void a_list_of_cases_is_ours_alone(void **state)
{
    struct tb_document document = read_text(
        "{\"threadbench_cases\":[5],\"benchmarks\":[" ENTRY("a", "\"real_time\":10,") "]}");

    (void)state;
    assert_int_equal(document.result.count, 1);
    assert_int_equal(document.result.records[0].count, 1);
    tb_document_finish(&document);
}

static void an_end_without_a_reason_says_so(void **state)
{
    struct tb_document document = read_text(CASE("\"outcome\":\"failed\",\"reason\":null"));

    (void)state;
    assert_string_equal(document.result.records[0].reason, "no reason given");
    tb_document_finish(&document);
}

/* As the catalogue, which takes the first case of a name. */
static void samples_of_a_case_that_is_there_twice_count_once(void **state)
{
    struct tb_document document = read_text(CASES(
        "[{\"name\":\"a\",\"case\":\"a\",\"samples\":3,\"histograms\":[{\"placement\":\"same\","
        "\"lower_ns\":[1,2],\"count\":[2,1]}]},{\"name\":\"a\",\"case\":\"a\",\"samples\":9,"
        "\"histograms\":[{\"placement\":\"same\",\"lower_ns\":[5],\"count\":[9]}]}]"));
    const struct tb_record *record = document.result.records;

    (void)state;
    assert_int_equal(document.result.count, 1);
    assert_int_equal(record->samples, 3);
    assert_int_equal(record->pooled[TB_SAME_CPU].total, 3);
    tb_document_finish(&document);
}

/* They take as much memory as the file. */
static void entries_are_copied_for_a_run_that_goes_on_alone(void **state)
{
    static const char text[] = "{\"benchmarks\":[" ENTRY("a", "\"real_time\":10,") "]}";
    struct tb_document document, whole = read_text(text);
    struct tb_error error;

    (void)state;
    assert_int_equal(tb_document_parse("it", tb_copy(text), strlen(text), false, &document, &error),
                     0);
    assert_null(document.result.records->repetitions->entry);
    assert_string_equal(whole.result.records->repetitions->entry, ENTRY("a", "\"real_time\":10,"));
    tb_document_finish(&document);
    tb_document_finish(&whole);
}

static void damage_is_refused(void **state)
{
    (void)state;
    assert_refused("", "it, line 1 column 1: no object");
    assert_refused("{}", "it: no list of benchmarks in it");
    assert_refused("{\"benchmarks\":[{\"real_time\":1}]}", "it: entry 1 has no name");
    assert_refused("{\"benchmarks\":[5]}", "it: entry 1 has no name");
    assert_refused("{\"benchmarks\":[" ENTRY("a", "\"real_time\":1,"),
                   "it, line 1 column 110: it ends too early");
    assert_refused("{" OURS("3") ",\"benchmarks\":[]}",
                   "it: a document of version 3, of which only 1 and 2 are known here: use a newer "
                   "threadbench");
    assert_refused(
        "{" OURS("2") ",\"benchmarks\":[" ENTRY("a", "\"real_time\":10,\"round\":1,") "," ENTRY(
            "a", "\"real_time\":10,\"round\":1,") "]}",
        "it: damaged: entry 2 is no measurement of a later round than the one before "
        "it of 'a'");
    assert_refused("{" OURS("2") ",\"benchmarks\":[" ENTRY(
                       "a", "\"real_time\":10,\"mean\":1,\"round\":1000000000,") "]}",
                   "it: damaged: entry 1 is no measurement of a later round than the one before it "
                   "of 'a'");
    assert_refused("{" OURS("2") ",\"benchmarks\":[" ENTRY(
                       "a", "\"real_time\":10,\"mean\":1,\"round\":200000000,") "]}",
                   "it: damaged: entry 1 is no measurement of a later round than the one before it "
                   "of 'a'");
    assert_refused("{" OURS("2") ",\"benchmarks\":[" ENTRY("a", "\"real_time\":10,") "]}",
                   "it: damaged: entry 1 is no measurement of a later round than the one before "
                   "it of 'a'");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_of_ours_are_fields),
        cmocka_unit_test(other_programs_mean_nothing_of_ours),
        cmocka_unit_test(aggregates_are_no_cases_though_they_do_not_say_so),
        cmocka_unit_test(what_was_printed_around_it_is_none_of_it),
        cmocka_unit_test(a_document_is_no_banner),
        cmocka_unit_test(skips_and_failures_of_ours_are_ends_of_cases),
        cmocka_unit_test(times_are_in_ns),
        cmocka_unit_test(what_ended_says_why),
        cmocka_unit_test(the_first_version_is_still_read),
        cmocka_unit_test(another_type_is_refused),
        cmocka_unit_test(no_entry_of_ours_is_lost),
        cmocka_unit_test(a_list_of_cases_is_ours_alone),
        cmocka_unit_test(an_end_without_a_reason_says_so),
        cmocka_unit_test(samples_of_a_case_that_is_there_twice_count_once),
        cmocka_unit_test(entries_are_copied_for_a_run_that_goes_on_alone),
        cmocka_unit_test(damage_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
