/* A document's result as its run had it. */
#include "document/recall.h"

#include "check.h"

#include "document/breakdown.h"
#include "document/summary.h"
#include "util/json.h"
#include "util/memory.h"

static const char text[] =
    "{\"context\": {\"host_name\": \"h\", \"threadbench\": {\"schema\": \"threadbench-result\","
    " \"version\": 2, \"run_id\": \"0a\", \"session\": \"0b\", \"rounds_finished\": 1,"
    " \"stopped_by\": \"budget\", \"signal\": \"TERM\", \"other_run\": \"process 7\","
    " \"look_alpha_share\": 0.25, \"forced\": true, \"margin\": 0.05, \"alarm_alpha\": 0.01,"
    " \"host\": {\"name\": \"h\", \"cpu\": \"c\"}, \"before\": {\"load_avg\": [1]}, \"after\": "
    "null,"
    " \"clock\": {\"cost_ns\": 25}, \"axes\": [{\"name\": \"n\", \"zero\": 1}], \"build\": null,"
    " \"stacks_guarded_by\": \"madvise\","
    " \"subject\": {\"label\": \"a\", \"argv\": [\"x\"], \"knows_threadbench\": true,"
    " \"stderr\": [\"oh\"], \"loaded\": null}}},\n"
    "\"benchmarks\": [{\"name\": \"one\", \"run_name\": \"one\", \"run_type\": \"iteration\","
    " \"real_time\": 10, \"cpu_time\": 1, \"time_unit\": \"ns\", \"round\": 0, \"mean\": 10, "
    "\"call_mean\": 4,"
    " \"lower_half_mean\": 9, \"call_lower_half_mean\": 3}, {\"name\": \"part\","
    " \"run_name\": \"part\", \"run_type\": \"iteration\", \"real_time\": 2, \"cpu_time\": 1, "
    "\"time_unit\": \"ns\","
    " \"round\": 0, \"mean\": 2, \"lower_half_mean\": 2}],\n"
    "\"threadbench_cases\": [{\"case\": \"one\", \"name\": \"one\","
    " \"phases\": [{\"name\": \"call\", \"value_ns\": 4}], \"breakdown\": {\"phases\": [{"
    "\"name\": \"call\", \"parts\": [{\"phase\": \"call\", \"what\": \"it\", \"times\": 1,"
    " \"case\": \"part\", \"field\": \"lower_half_mean\", \"value_ns\": 77}, 7]},"
    " {\"parts\": [{\"what\": \"of no phase\"}]}, {\"name\": \"rest\"}, {\"name\": \"old\", "
    "\"parts\":"
    " [{\"what\": \"its phase is told above it\"}]}]}},"
    " {\"case\": \"part\", \"name\": \"part\", \"role\": \"part\"}]}";

static void read(const char *what, struct tb_document *document)
{
    struct tb_error error = {""};
    int code = tb_document_parse("d", tb_copy(what), strlen(what), false, document, &error);

    assert_string_equal(error.text, "");
    assert_int_equal(code, 0);
    tb_document_recall(document);
}

static void circumstances_are_there(void **state)
{
    tb_auto(tb_document_finish) struct tb_document document = {0};
    const struct tb_result *result = &document.result;

    (void)state;
    read(text, &document);
    assert_string_equal(tb_json_text(result->host, "cpu"), "c");
    assert_near(tb_json_number(result->before, "load_avg.0", 0), 1);
    assert_int_equal(result->stop, TB_STOP_BUDGET);
    assert_int_equal(result->signal, 15);
    assert_string_equal(result->settings->other_run, "process 7");
    assert_true(result->settings->forced);
    assert_near(result->settings->margin, 0.05);
    assert_near(result->settings->alarm_alpha, 0.01);
    assert_string_equal(tb_json_text(result->subject->seen, "stderr.0"), "oh");
    assert_null(tb_json_find(result->subject->seen, "loaded")); /* null: it is not known */
    assert_near(tb_json_number(result->subject->catalogue.root, "clock.cost_ns", 0), 25);
    assert_near(tb_json_number(result->subject->catalogue.root, "axes.0.zero", 0), 1);
    assert_string_equal(tb_json_text(result->subject->catalogue.root, "stacks_guarded_by"),
                        "madvise");
}

static void phases_and_parts_are_those_of_the_subject(void **state)
{
    tb_auto(tb_document_finish) struct tb_document document = {0};
    const struct tb_record *record;
    tb_autojson cJSON *breakdown = NULL;

    (void)state;
    read(text, &document);
    record = &document.result.records[0];
    assert_int_equal(tb_phase_count(record), 1);
    assert_string_equal(tb_phase_name(record, 0), "call");
    assert_near(tb_phase_value(&document.result, record, 0).median, 4);
    breakdown = tb_breakdown(&document.result, record);
    assert_near(tb_json_number(breakdown, "phases.0.value_ns", 0), 3);
    assert_near(tb_json_number(breakdown, "phases.0.parts.0.value_ns", 0), 2); /* anew */
    assert_near(tb_json_number(breakdown, "phases.0.unattributed_ns", 0), 1);
    assert_int_equal(cJSON_GetArraySize(tb_json_find(breakdown, "phases.0.parts")), 1);
    assert_string_equal(tb_json_text(record->spec->source, "parts.0.phase"), "call");
    assert_null(tb_json_text(record->spec->source, "parts.1.phase"));
    assert_string_equal(tb_json_text(record->spec->source, "parts.2.phase"), "old");
}

/* The ab of a version that did not keep what it was asked for. */
static void what_was_asked_for_is_the_usual_where_nothing_says(void **state)
{
    static const char old[] =
        "{\"context\": {\"threadbench\": {\"schema\": \"threadbench-result\", \"version\": 2,"
        " \"session\": \"0b\", \"look_alpha_share\": 0.25%s}}, \"benchmarks\": []}";
    tb_autofree char *judged = tb_print(old, ""), *precise = tb_print(old, ", \"precision\": 0.1");
    tb_auto(tb_document_finish) struct tb_document of_ab = {0}, of_run = {0};

    (void)state;
    read(judged, &of_ab);
    assert_near(of_ab.settings.alarm_alpha, TB_USUAL_ALPHA);
    assert_near(of_ab.settings.margin, TB_USUAL_MARGIN);
    read(precise, &of_run);
    assert_near(of_run.settings.alarm_alpha, 0);
}

/* As a later version may have them. */
static void what_ended_a_run_need_not_be_known(void **state)
{
    static const char later[] =
        "{\"context\": {\"threadbench\": {\"schema\": \"threadbench-result\", \"version\": 2,"
        " \"stopped_by\": \"the moon\", \"signal\": \"MOON\"}}, \"benchmarks\": []}";
    tb_auto(tb_document_finish) struct tb_document document = {0};

    (void)state;
    read(later, &document);
    assert_int_equal(document.result.signal, 0);
    assert_true(document.result.stop != TB_STOP_BUDGET);
}

static void of_another_program_the_host_is_known(void **state)
{
    static const char other[] =
        "{\"context\": {\"host_name\": \"h\", \"num_cpus\": 4}, \"benchmarks\": []}";
    tb_auto(tb_document_finish) struct tb_document document = {0};

    (void)state;
    read(other, &document);
    assert_string_equal(tb_json_text(document.result.host, "name"), "h");
    assert_near(tb_json_number(document.result.host, "topology.pus", 0), 4);
    assert_null(document.result.before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(circumstances_are_there),
        cmocka_unit_test(phases_and_parts_are_those_of_the_subject),
        cmocka_unit_test(what_was_asked_for_is_the_usual_where_nothing_says),
        cmocka_unit_test(what_ended_a_run_need_not_be_known),
        cmocka_unit_test(of_another_program_the_host_is_known),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
