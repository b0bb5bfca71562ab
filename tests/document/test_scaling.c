/* How costs grow along axes. */
#include "document/scaling.h"

#include "check.h"
#include "made.h"

/* Cases of one benchmark, each of which took 10 ns for one of x: of two series in turn, or of one.
 */
static struct made *make_grown(const double *x, size_t count, bool two)
{
    struct made *made = make();

    made->result.count = count;
    for (size_t i = 0; i < count; i++) {
        tb_autojson cJSON *entry = cJSON_CreateObject();
        struct tb_record *record = &made->result.records[i];
        cJSON *source = cJSON_CreateObject(), *axes = tb_json_set_object(source, "axes");
        const struct tb_series series = {0};
        struct tb_repetition repetition;

        tb_json_set_text(source, "benchmark", "some");
        tb_json_set_number(axes, "live", x[i]);
        tb_json_set_text(axes, "cpu", two && i % 2 ? "same" : "free");
        made->specs[i] = (struct tb_case){
            .name = "some", .primary = "mean", .unit = "ns", .block = 1, .source = source};
        *record = (struct tb_record){.spec = &made->specs[i], .role = TB_SELECTED};
        repetition = tb_repetition_of(record, entry, NULL, 10 * x[i], true);
        tb_record_add(record, &repetition, &series);
    }
    return made;
}

static void cost_grows_along_each_series(void **state)
{
    static const double x[] = {4, 1, 2, 2, 3, 3};
    struct made *made = make_grown(x, 6, true);
    tb_autojson cJSON *list = tb_scaling(&made->result);
    const cJSON *item = list->child; /* of "free": 4, 2, 3 */

    (void)state;
    assert_int_equal(cJSON_GetArraySize(list), 2);
    assert_string_equal(tb_json_text(item, "axis"), "live");
    assert_string_equal(tb_json_text(item, "formula"), "a + b*x");
    assert_int_equal(cJSON_GetArraySize(tb_json_find(item, "points")), 3);
    assert_float_equal(tb_json_number(item, "points.0.x", 0), 2, 1e-9);
    assert_float_equal(tb_json_number(item, "points.2.value_ns", 0), 40, 1e-9);
    assert_float_equal(tb_json_number(item->next, "points.0.x", 0), 1, 1e-9);
    made_free(made);
}

static void a_single_value_is_no_series(void **state)
{
    static const double same[] = {3, 3, 3, 3}, two[] = {3, 3, 4, 4};
    struct made *made = make_grown(same, 4, false), *other = make_grown(two, 4, false);
    tb_autojson cJSON *none = tb_scaling(&made->result), *neither = tb_scaling(&other->result);

    (void)state;
    assert_int_equal(cJSON_GetArraySize(none), 0);
    assert_int_equal(cJSON_GetArraySize(neither), 0);
    made_free(made);
    made_free(other);
}

static void many_cases_are_one_series(void **state)
{
    tb_autofree double *x = tb_alloc(MOST, sizeof *x);
    struct made *made;
    cJSON *list;

    (void)state;
    for (size_t i = 0; i < MOST; i++)
        x[i] = (double)(i + 1);
    made = make_grown(x, MOST, false);
    list = tb_scaling(&made->result);
    assert_int_equal(cJSON_GetArraySize(list), 1);
    assert_int_equal(cJSON_GetArraySize(tb_json_find(list->child, "points")), MOST);
    cJSON_Delete(list);
    made_free(made);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cost_grows_along_each_series),
        cmocka_unit_test(a_single_value_is_no_series),
        cmocka_unit_test(many_cases_are_one_series),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
