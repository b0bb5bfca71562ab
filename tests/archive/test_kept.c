/* Documents put together by session. */
#include "archive/kept.h"

#include "check.h"

#include <stdlib.h>

#include "util/memory.h"

/* A document of that session, run and place, of so many rounds; "": of another program. */
static struct tb_document *made(const char *session, const char *run, int place, int rounds,
                                const char *more)
{
    struct tb_document *document = tb_alloc(1, sizeof *document);
    char *text =
        *session ? tb_print("{\"context\": {\"threadbench\": {\"schema\": \"threadbench-result\","
                            " \"version\": 2, \"session\": \"%s\", \"run_id\": \"%s\","
                            " \"place\": %d, \"rounds_finished\": %d, \"subjects\": 2%s}},"
                            " \"benchmarks\": [], \"threadbench_cases\": []}",
                            session, run, place, rounds, more)
                 : tb_print("{\"context\": {\"date\": \"%s\"}, \"benchmarks\": []}", run);
    struct tb_error error;

    assert_int_equal(tb_document_parse(run, text, strlen(text), false, document, &error), 0);
    return document;
}

/* A side of documents, which it takes, as an array with one element. */
static struct tb_side *side_of(struct tb_document *const *documents, size_t count)
{
    struct tb_side *side = tb_alloc(1, sizeof *side);

    side->documents = tb_alloc(count, sizeof *side->documents);
    side->results = tb_alloc(count, sizeof *side->results);
    side->count = count;
    for (size_t i = 0; i < count; i++) {
        side->documents[i] = documents[i];
        side->results[i] = &documents[i]->result;
    }
    return side;
}

static void what_shares_a_session_is_one_by_place(void **state)
{
    static const char judged[] = ", \"alarm_alpha\": 0.001";
    struct tb_document *documents[] = {made("0a", "01", 1, 3, judged), made("0b", "02", 0, 3, ""),
                                       made("0a", "03", 0, 3, judged), made("", "one", 0, 0, ""),
                                       made("", "two", 0, 0, "")};
    tb_auto(tb_kept_finish) struct tb_kept kept = tb_kept_of(side_of(documents, 5), 1);

    (void)state;
    assert_int_equal(kept.count, 4);
    assert_int_equal(kept.sessions[0].count, 2);
    assert_string_equal(kept.sessions[0].results[0].run_id, "03");
    assert_string_equal(kept.sessions[0].results[1].run_id, "01");
    assert_string_equal(kept.sessions[0].documents[1]->path, "01");
    assert_int_equal(kept.sessions[0].missing, 0);
    assert_true(kept.sessions[0].judged);
    assert_string_equal(kept.sessions[1].results[0].run_id, "02");
    assert_int_equal(kept.sessions[1].missing, 1);
    assert_false(kept.sessions[1].judged);
    assert_string_equal(kept.sessions[2].documents[0]->path, "one");
    assert_string_equal(kept.sessions[3].documents[0]->path, "two");
}

static void the_longer_of_two_of_a_run_stays(void **state)
{
    struct tb_document *documents[] = {made("0a", "01", 0, 3, ""), made("0a", "01", 0, 5, ""),
                                       made("0a", "01", 0, 4, "")};
    tb_auto(tb_kept_finish) struct tb_kept kept = tb_kept_of(side_of(documents, 3), 1);

    (void)state;
    assert_int_equal(kept.count, 1);
    assert_int_equal(kept.sessions[0].count, 1);
    assert_int_equal(kept.sessions[0].results->finished_rounds, 5);
}

static void names_of_one_kind_are_not_those_of_another(void **state)
{
    struct tb_document *documents[] = {made("0a", "0b", 0, 3, ""), made("0b", "0a", 0, 3, ""),
                                       made("", "0a", 0, 0, ""), made("", "0a", 0, 0, "")};
    tb_auto(tb_kept_finish) struct tb_kept kept = tb_kept_of(side_of(documents, 4), 1);

    (void)state;
    assert_int_equal(kept.count, 3);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(kept.sessions[i].count, 1);
}

static void what_lacks_the_first_subject_is_not_judged(void **state)
{
    static const char judged[] = ", \"alarm_alpha\": 0.001";
    struct tb_document *documents[] = {made("0a", "01", 1, 3, judged),
                                       made("0a", "02", 2, 3, judged)};
    tb_auto(tb_kept_finish) struct tb_kept kept = tb_kept_of(side_of(documents, 2), 1);

    (void)state;
    assert_int_equal(kept.sessions[0].count, 2);
    assert_false(kept.sessions[0].judged);
}

static void what_cannot_be_read_leaves_no_session(void **state)
{
    char missing[] = "/nonexistent/document.json", *names[] = {missing, NULL};
    tb_auto(tb_kept_finish) struct tb_kept kept = {0};
    struct tb_error error;

    (void)state;
    assert_int_equal(tb_kept_read(&(struct tb_places){0}, names, &kept, &error), TB_USAGE);
    assert_int_equal(kept.count, 0);
    assert_contains(error.text, "/nonexistent/document.json");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_shares_a_session_is_one_by_place),
        cmocka_unit_test(the_longer_of_two_of_a_run_stays),
        cmocka_unit_test(names_of_one_kind_are_not_those_of_another),
        cmocka_unit_test(what_lacks_the_first_subject_is_not_judged),
        cmocka_unit_test(what_cannot_be_read_leaves_no_session),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
