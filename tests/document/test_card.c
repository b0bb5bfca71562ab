/* Which cases stand on the cost card, and what each of them costs. */
#include "document/card.h"

#include <stdlib.h>

#include "check.h"
#include "made.h"
#include "util/json.h"
#include "util/memory.h"

/* A case that had no turn; no `cpu`: it has no such axis. */
static struct tb_record *add(struct made *made, const char *card, const char *cpu)
{
    size_t at = made->result.count++;
    cJSON *source = cJSON_CreateObject();

    if (cpu)
        tb_json_set_text(tb_json_set_object(source, "axes"), "cpu", cpu);
    made->specs[at] = (struct tb_case){.name = "some",
                                       .card = card,
                                       .primary = "mean",
                                       .unit = "ns",
                                       .block = 1,
                                       .source = source};
    made->result.records[at] = (struct tb_record){.spec = &made->specs[at], .role = TB_SELECTED};
    return &made->result.records[at];
}

/* A process in which it took so long. */
static void measure(struct tb_record *record, double ns)
{
    tb_autojson cJSON *entry = cJSON_CreateObject();
    const struct tb_series series = {0};
    struct tb_repetition repetition = tb_repetition_of(record, entry, NULL, ns, true);

    tb_record_add(record, &repetition, &series);
}

static void rows_have_the_first_case_of_each_placement(void **state)
{
    struct made *made = make();
    tb_autofree struct tb_card_row *rows = NULL;
    size_t count;

    (void)state;
    measure(add(made, NULL, "same"), 1);
    measure(add(made, "call", "other"), 2);
    measure(add(made, "join", NULL), 30); /* of one thread: nothing is pinned */
    measure(add(made, "call", "free"), 40);
    measure(add(made, "call", "same"), 50);
    measure(add(made, "call", "same"), 60);
    rows = tb_card_rows(&made->result, &count);
    assert_int_equal(count, 2);
    assert_string_equal(rows[0].label, "join");
    assert_null(rows[0].pinned.record);
    assert_true(isnan(rows[0].pinned.value));
    assert_near(rows[0].released.value, 30);
    assert_string_equal(rows[1].label, "call");
    assert_near(rows[1].pinned.value, 50);
    assert_true(isnan(rows[1].pinned.half)); /* of one process */
    assert_near(rows[1].released.value, 40);
    assert_int_equal(tb_card_phases(&rows[1]), 0);
    made_free(made);
}

static void what_had_no_turn_has_no_row(void **state)
{
    struct made *made = make();
    tb_autofree struct tb_card_row *rows = NULL;
    size_t count;

    (void)state;
    (void)add(made, "call", "same"); /* as it is */
    (void)add(made, "call", "free"); /* likewise */
    add(made, "join", "same")->outcome = TB_SKIPPED;
    (void)add(made, "exit", "same"); /* likewise */
    measure(add(made, "exit", "free"), 5);
    rows = tb_card_rows(&made->result, &count);
    assert_int_equal(count, 2);
    assert_string_equal(rows[0].label, "join");
    assert_false(tb_card_is_measured(&rows[0].pinned));
    assert_string_equal(rows[1].label, "exit");
    assert_false(tb_card_is_measured(&rows[1].pinned));
    assert_true(tb_card_is_measured(&rows[1].released));
    made_free(made);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_have_the_first_case_of_each_placement),
        cmocka_unit_test(what_had_no_turn_has_no_row),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
