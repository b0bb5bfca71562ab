/* The series of a case in a worker's sidecar: the first one that has samples. */
#include "document/series.h"

#include "check.h"
#include "util/memory.h"

#define HEAD "{\"schema\":\"threadbench-sidecar\",\"version\":1,\"series\":"

static void the_first_with_samples_counts(void **state)
{
    static const char text[] =
        HEAD "[{\"case\":\"b\",\"samples\":9,\"histograms\":[]},{\"case\":\"a\",\"samples\":0},"
             "{\"case\":\"a\",\"samples\":3,\"wall_ns\":70,\"histograms\":[{\"placement\":\"same\","
             "\"lower_ns\":[10,20],\"count\":[2,1]}]},{\"case\":\"a\",\"samples\":4}]}";
    struct tb_series series;
    struct tb_error error = {""};

    (void)state;
    assert_int_equal(tb_series_read(text, strlen(text), "a", &series, &error), 0);
    assert_int_equal(series.samples, 3);
    assert_near(series.wall_ns, 70);
    assert_int_equal(series.histograms[TB_SAME_CPU].total, 3);
    tb_series_finish(&series);
    assert_int_equal(tb_series_read(text, strlen(text), "c", &series, &error), 0);
    assert_int_equal(series.samples, 0);
    assert_true(isnan(series.wall_ns));
    tb_series_finish(&series);
}

static void damage_is_named_and_ends_it(void **state)
{
    static const char *const table[][2] = {
        {"[{\"case\":\"a\",\"samples\":1,\"histograms\":[{\"lower_ns\":[1]}]},{\"case\":\"a\"}]}",
         "case 'a': a histogram is not two lists of numbers"},
        {"[{\"case\":\"a\",\"samples\":\"x\"}]}",
         "case 'a': its 'samples' is not a whole number from 0"},
        {"[{\"case\":\"a\",", "it ends too early"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        tb_autofree char *text = tb_print("%s%s", HEAD, table[i][0]);
        struct tb_series series = {.samples = 77};
        struct tb_error error = {""};

        assert_int_equal(tb_series_read(text, strlen(text), "a", &series, &error), TB_FAILURE);
        assert_contains(error.text, table[i][1]);
        assert_int_equal(series.samples, 77); /* untouched */
    }
}

/* As a document's list may have it, which the list's own check refuses afterwards. */
static void a_case_without_a_name_is_one_too(void **state)
{
    cJSON *item = cJSON_Parse("{\"samples\":1,\"histograms\":[{\"lower_ns\":[1]}]}");
    cJSON *wrong = cJSON_Parse("{\"samples\":\"x\"}");
    struct tb_series series;
    struct tb_error error = {""};

    (void)state;
    assert_int_equal(tb_series_take("it", item, &series, &error), TB_FAILURE);
    assert_contains(error.text, "it, case '?': a histogram");
    tb_series_finish(&series);
    assert_int_equal(tb_series_take("it", wrong, &series, &error), TB_FAILURE);
    assert_contains(error.text, "it, case '?': its 'samples' is not a whole number from 0");
    tb_series_finish(&series);
    assert_int_equal(tb_series_take("it", NULL, &series, &error), 0);
    tb_series_finish(&series);
    cJSON_Delete(item);
    cJSON_Delete(wrong);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_with_samples_counts),
        cmocka_unit_test(damage_is_named_and_ends_it),
        cmocka_unit_test(a_case_without_a_name_is_one_too),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
