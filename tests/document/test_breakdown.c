/* What explains a case's phases: cases less others, and a case of one sample a process. */
#include "document/breakdown.h"

#include "check.h"

#include <stdlib.h>
#include <string.h>

#include "document/read.h"
#include "document/recall.h"
#include "util/json.h"
#include "util/memory.h"
#include "util/strings.h"

static cJSON *parse(const char *text)
{
    cJSON *object = cJSON_Parse(text);

    assert_non_null(object);
    return object;
}

static void add_process(cJSON *root, const char *name, double round, double whole, double call)
{
    cJSON *item = parse("{\"run_type\": \"iteration\", \"real_time\": 1, \"cpu_time\": 1,"
                        " \"time_unit\": \"ns\", \"mean\": 1}");

    tb_json_set_text(item, "name", name);
    tb_json_set_text(item, "run_name", name);
    tb_json_set_number(item, "round", round);
    tb_json_set_number(item, "lower_half_mean", whole);
    tb_json_set_number(item, "call_lower_half_mean", call);
    tb_json_add(cJSON_GetObjectItemCaseSensitive(root, "benchmarks"), item);
}

/* Twice a part less another, and one that was not measured. */
#define PHASES                                                                                     \
    "\"phases\": [{\"name\": \"call\"}],"                                                          \
    " \"breakdown\": {\"phases\": [{\"name\": \"call\", \"parts\": ["                              \
    "{\"what\": \"more\", \"times\": 2, \"case\": \"part\", \"field\": \"lower_half_mean\","       \
    " \"less\": \"rest\"}, {\"what\": \"gone\", \"times\": 1, \"case\": \"part\","                 \
    " \"field\": \"lower_half_mean\", \"less\": \"gone\"}]}]}"

static const char document_text[] =
    "{\"context\": {\"threadbench\": {\"schema\": \"threadbench-result\", \"version\": 2,"
    " \"session\": \"0b\", \"subject\": {\"knows_threadbench\": true}}},"
    " \"benchmarks\": [], \"threadbench_cases\": ["
    "{\"case\": \"one\", \"name\": \"one\", \"max_samples\": 1, " PHASES "},"
    "{\"case\": \"many\", \"name\": \"many\", " PHASES "},"
    "{\"case\": \"plain\", \"name\": \"plain\", \"breakdown\": {\"phases\": [{\"name\": \"whole\","
    " \"parts\": [{\"what\": \"some\", \"times\": 1, \"case\": \"part\","
    " \"field\": \"lower_half_mean\"}]}]}},"
    "{\"case\": \"part\", \"name\": \"part\"}, {\"case\": \"rest\", \"name\": \"rest\"}]}";

static void read(struct tb_document *document)
{
    tb_autojson cJSON *root = parse(document_text);
    struct tb_error error = {""};
    char *text;

    add_process(root, "one", 0, 10, 6);
    add_process(root, "one", 1, 30, 50);
    add_process(root, "one", 2, 20, 8);
    add_process(root, "many", 0, 30, 50);
    add_process(root, "many", 1, 10, 9);
    add_process(root, "many", 2, 20, 8);
    add_process(root, "plain", 0, 7, 1);
    add_process(root, "part", 0, 5, 1);
    add_process(root, "part", 1, 4, 1);
    add_process(root, "part", 2, 9, 1);
    add_process(root, "rest", 0, 1, 1);
    text = cJSON_PrintUnformatted(root);
    assert_non_null(text);
    assert_int_equal(tb_document_parse("d", text, strlen(text), false, document, &error), 0);
    tb_document_recall(document);
}

static void parts_are_cases_less_others(void **state)
{
    tb_auto(tb_document_finish) struct tb_document document = {0};
    tb_autojson cJSON *breakdown = NULL;

    (void)state;
    read(&document);
    breakdown = tb_breakdown(&document.result, &document.result.records[0]);
    assert_near(tb_json_number(breakdown, "total_ns", 0), 15); /* of the two that took least */
    assert_near(tb_json_number(breakdown, "phases.0.value_ns", 0), 7);
    assert_near(tb_json_number(breakdown, "phases.0.parts.0.value_ns", 0), 7); /* 4.5 less 1 */
    assert_true(cJSON_IsNull(tb_json_find(breakdown, "phases.0.parts.1.value_ns")));
    assert_near(tb_json_number(breakdown, "phases.0.unattributed_ns", 0), 0);
}

/* Of a case of many samples all figures are of the process that took least. */
static void parts_have_the_statistic_of_their_whole(void **state)
{
    tb_auto(tb_document_finish) struct tb_document document = {0};
    tb_autojson cJSON *breakdown = NULL;

    (void)state;
    read(&document);
    breakdown = tb_breakdown(&document.result, &document.result.records[1]);
    assert_near(tb_json_number(breakdown, "total_ns", 0), 10);
    assert_near(tb_json_number(breakdown, "phases.0.value_ns", 0), 9);
    assert_near(tb_json_number(breakdown, "phases.0.parts.0.value_ns", 0), 6); /* 4 less 1 */
    assert_near(tb_json_number(breakdown, "phases.0.unattributed_ns", 0), 3);
}

static void without_phases_the_whole_is_explained(void **state)
{
    tb_auto(tb_document_finish) struct tb_document document = {0};
    tb_autojson cJSON *breakdown = NULL;

    (void)state;
    read(&document);
    breakdown = tb_breakdown(&document.result, &document.result.records[2]);
    assert_string_equal(tb_json_text(breakdown, "phases.0.name"), "whole");
    assert_near(tb_json_number(breakdown, "phases.0.value_ns", 0), 7);
    assert_near(tb_json_number(breakdown, "phases.0.parts.0.value_ns", 0), 4);
    assert_near(tb_json_number(breakdown, "unattributed_ns", 0), 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_are_cases_less_others),
        cmocka_unit_test(parts_have_the_statistic_of_their_whole),
        cmocka_unit_test(without_phases_the_whole_is_explained),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
