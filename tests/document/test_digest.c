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

/* A document of one process whose context has these members beside those that each has. */
static struct tb_document document_with(const char *outer, const char *inner)
{
    char *text = tb_print(
        "{\"context\": {%s \"threadbench\": {\"schema\": \"threadbench-result\", \"version\": 2,"
        " %s \"run_id\": \"0a\", \"session\": \"0b\", \"rounds_finished\": 1}}, \"benchmarks\":"
        " [{\"name\": \"a\", \"run_name\": \"a\", \"run_type\": \"iteration\", \"real_time\": 1,"
        " \"cpu_time\": 1, \"time_unit\": \"ns\", \"round\": 0}]}",
        outer, inner);
    struct tb_document document = {0};
    struct tb_error error = {""};

    assert_int_equal(tb_document_parse("made up", text, strlen(text), false, &document, &error), 0);
    return document;
}

static void assert_commands(const char *outer, const char *inner, const char *command,
                            const char *setup)
{
    tb_auto(tb_document_finish) struct tb_document document = document_with(outer, inner);
    tb_auto(tb_texts_finish) struct tb_texts texts = {0};
    tb_auto(tb_digest_finish) struct tb_digest digest = tb_digest_of(&document, &texts);

    assert_string_equal(digest.command, command);
    assert_string_equal(digest.setup, setup);
}

static void a_setup_has_no_folders_of_its_program(void **state)
{
    (void)state;
    assert_commands("", "\"subject\": {\"argv\": [\"b/in dir/x\", \"\", \"c/d\"]},",
                    "b/in\\ dir/x '' c/d", "x '' c/d");
    assert_commands("",
                    "\"subject\": {\"label\": \"l\", \"argv\": [\"x\"]}, \"samples\": 7,"
                    " \"time_s\": 1,",
                    "x", "l: x, 7 samples a process");
    assert_commands("", "\"subject\": {\"argv\": [\"x\"]}, \"time_s\": 0.5,", "x",
                    "x, 0.5 s a process");
    assert_commands("\"executable\": \"a/b\",", "", "a/b", "b");
    assert_commands("\"executable\": \"a/\",", "", "a/", "a/");
    assert_commands("", "", "unknown", "unknown");
}

static void a_setup_has_no_folder_of_its_build(void **state)
{
    static const char commit[] = "\"revision\": {\"commit\": \"0a1b\"},";
    tb_autofree char *built =
        tb_print("%s \"subject\": {\"argv\": [\"taskset\", \"c/0a1b-x/out/bin/p\"]},", commit);
    tb_autofree char *other =
        tb_print("%s \"subject\": {\"argv\": [\"taskset\", \"c/0a1b-x/in/p\"]},", commit);

    (void)state;
    assert_commands("", built, "taskset c/0a1b-x/out/bin/p", "taskset bin/p");
    assert_commands("", other, "taskset c/0a1b-x/in/p", "taskset c/0a1b-x/in/p");
    assert_commands("", "\"subject\": {\"argv\": [\"taskset\", \"c/0a1b-x/out/bin/p\"]},",
                    "taskset c/0a1b-x/out/bin/p", "taskset c/0a1b-x/out/bin/p");
}

static void an_environment_is_part_of_the_setup(void **state)
{
    static const char subject[] =
        "\"subject\": {\"argv\": [\"x\"], \"environment\": {\"A\": \"1 2\","
        " \"PYTHONPATH\": \"p\", \"THREADBENCH_SIDECAR\": \"s\", \"B\": \"\"}},";
    tb_autofree char *python = tb_print("%s \"python\": {\"version\": \"3.13\"},", subject);

    (void)state;
    assert_commands("", subject, "A=1\\ 2 B= x", "A=1\\ 2 B= x");
    assert_commands("", python, "A=1\\ 2 PYTHONPATH=p B= x", "A=1\\ 2 PYTHONPATH=p B= x");
}

static void bytes_of_another_kind_are_none(void **state)
{
    tb_auto(tb_document_finish) struct tb_document document = document_with("", "");
    tb_auto(tb_texts_finish) struct tb_texts texts = {0};
    tb_auto(tb_digest_finish) struct tb_digest digest = tb_digest_of(&document, &texts);
    struct tb_digest read = {0};
    size_t size;
    tb_autofree char *bytes = tb_digest_bytes(&digest, &size);
    tb_autofree char *more = tb_alloc(size + 1, 1);

    (void)state;
    memcpy(more, bytes, size);
    for (size_t left = 0; left < size; left++)
        assert_false(tb_digest_read(bytes, left, &texts, &read));
    assert_false(tb_digest_read(more, size + 1, &texts, &read));
    assert_true(tb_digest_read(bytes, size, &texts, &read));
    assert_int_equal(read.count, 1);
    assert_string_equal(read.host, "unknown");
    tb_digest_finish(&read);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_setup_has_no_folders_of_its_program),
        cmocka_unit_test(a_setup_has_no_folder_of_its_build),
        cmocka_unit_test(an_environment_is_part_of_the_setup),
        cmocka_unit_test(bytes_of_another_kind_are_none),
        cmocka_unit_test(intervals_are_at_the_usual_confidence),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
