/* What of a document stands beside others' in a history. */
#include "document/digest.h"

#include "check.h"

#include "document/summary.h"
#include "util/memory.h"

enum { PROCESSES = 9 };

/* Values of 1001 to 1009 ns, with intervals at 0.45 per cent, as after several looks. */
static char *text_of_precise_run(size_t *ret_size)
{
    char *text;
    FILE *out = tb_open_text(&text, ret_size);

    (void)fputs("{\"context\": {\"host_name\": \"h\", \"threadbench\": {\"schema\":" /* in memory */
                " \"threadbench-result\", \"version\": 2, \"run_id\": \"0a\", \"session\": \"0b\","
                " \"rounds_finished\": 9, \"precision\": 0.01, \"interval_alpha\": 0.0045}},"
                " \"benchmarks\": [",
                out);
    for (int i = 0; i < PROCESSES; i++)
        (void)fprintf(out,
                      "%s{\"name\": \"a\", \"run_name\": \"a\", \"run_type\": \"iteration\","
                      " \"real_time\": %d, \"cpu_time\": 1, \"time_unit\": \"ns\", \"round\": %d}",
                      i ? "," : "", 1001 + i, i);
    (void)fputs("]}", out);
    (void)fclose(out);
    return text;
}

static void intervals_are_at_the_usual_confidence(void **state)
{
    tb_auto(tb_document_finish) struct tb_document document = {0};
    tb_auto(tb_texts_finish) struct tb_texts texts = {0};
    tb_auto(tb_digest_finish) struct tb_digest digest = {0};
    struct tb_summary summary;
    struct tb_error error;
    size_t size;
    char *text = text_of_precise_run(&size);

    (void)state; /* no test here has one */
    assert_int_equal(tb_document_parse("made up", text, size, false, &document, &error), 0);
    summary = tb_summarise(&document.result, document.result.records);
    assert_near(summary.value.low, 1001);
    assert_near(summary.value.high, 1009);
    digest = tb_digest_of(&document, &texts);
    assert_int_equal(digest.count, 1);
    assert_near(digest.cases->value, 1005);
    assert_near(digest.cases->low, 1002);
    assert_near(digest.cases->high, 1008);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(intervals_are_at_the_usual_confidence),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
