/* What a subject reports of itself: its cases, and the samples of one of them. */
#include "document/catalog.h"

#include "check.h"
#include "document/series.h"
#include "listing.h"

#define CASE(more) "\"cases\":[{\"name\":\"x\",\"case\":\"x\"," more "}]}"

static void a_catalogue_is_read(void **state)
{
    struct tb_catalogue catalogue = catalogue_of(listing);
    const struct tb_case *item = tb_catalogue_find(&catalogue, "a/posix");

    (void)state;
    assert_int_equal(catalogue.count, 7); /* what is named twice is there once */
    assert_true(catalogue.known && catalogue.has_core);
    assert_non_null(item);
    assert_string_equal(item->gb_name, "a/posix/manual");
    assert_string_equal(item->primary, "p10");
    assert_string_equal(catalogue.cases[1].primary, "mean");
    assert_null(item->card);
    assert_null(tb_catalogue_find(&catalogue, "a"));
    assert_null(tb_catalogue_find(&catalogue, NULL));
    tb_catalogue_finish(&catalogue);
}

static void names_alone_are_a_catalogue(void **state)
{
    struct tb_catalogue catalogue;
    struct tb_error error;

    (void)state;
    assert_int_equal(tb_catalogue_from_names("x/1\n\ny \"z\"\nx/1\nlast", &catalogue, &error), 0);
    assert_int_equal(catalogue.count, 3);
    assert_false(catalogue.known || catalogue.has_core);
    assert_string_equal(catalogue.cases[1].name, "y \"z\"");
    assert_string_equal(catalogue.cases[2].gb_name, "last");
    tb_catalogue_finish(&catalogue);
    assert_int_equal(tb_catalogue_from_names("", &catalogue, &error), 0);
    assert_int_equal(catalogue.count, 0);
    tb_catalogue_finish(&catalogue);
}

static void damaged_catalogues_are_refused(void **state)
{
    static const struct {
        const char *text, *message;
    } bad[] = {
        {"{\"schema\":\"other\",\"version\":1}", "schema"},
        {"{\"schema\":\"threadbench-sidecar\",\"version\":2}", "version 1"},
        {HEAD "\"cases\":[{\"name\":\"x\"}]}", "case 1 has no name"},
        {HEAD "\"cases\":[3]}", "its 'cases' is not a list of objects"},
        {HEAD "\"cases\":{}}", "its 'cases' is not a list of objects"},
        {HEAD "\"clock\":{\"cost_ns\":\"25\"}}", "its 'clock.cost_ns' is not a finite number"},
        {HEAD "\"series\":[[]]}", "its 'series' is not a list of objects"},
        {HEAD "\"cases\":[{\"name\":\"x\",\"case\":\"x\"},"
              "{\"name\":\"y\",\"case\":\"y\",\"axes\":[1]}]}",
         "case 2: its 'axes' is not an object of numbers, texts and flags"},
        {HEAD CASE("\"axes\":{\"x\":1,\"x\":2}"), "its 'axes' has a member twice"},
        {HEAD CASE("\"phases\":[1]"), "its 'phases' is not a list of texts"},
        {HEAD CASE("\"parts\":[{\"times\":\"2\"}]"), "its 'parts.times' is not a finite number"},
        {HEAD CASE("\"block\":0"), "its 'block' is not a whole number from 1"},
        {HEAD CASE("\"version\":1"), "its 'version' is not a text"},
        {HEAD CASE("\"core\":\"true\""), "its 'core' is not true or false"},
        {HEAD CASE("\"floor\":null,\"floor\":\"x\""), "its 'floor' is there twice"},
        {HEAD "\n\"cases\":[}", "line 2 column 10"}};
    struct tb_catalogue catalogue;
    struct tb_error error;

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_int_equal(tb_catalogue_read(bad[i].text, strlen(bad[i].text), &catalogue, &error),
                         TB_FAILURE);
        assert_contains(error.text, bad[i].message);
    }
}

/* Of a core case that is there twice the first counts; the second, which is dropped, does not make
 * the catalogue have a core. */
static void a_core_case_that_is_dropped_is_no_core(void **state)
{
    struct tb_catalogue catalogue =
        catalogue_of(HEAD "\"cases\":[{\"name\":\"a\",\"case\":\"a\"},"
                          "{\"name\":\"a\",\"case\":\"a\",\"core\":true}]}");

    (void)state;
    assert_int_equal(catalogue.count, 1);
    assert_true(catalogue.cases[0].duplicated);
    assert_false(catalogue.has_core);
    tb_catalogue_finish(&catalogue);
}

static void a_series_is_read(void **state)
{
    static const char text[] =
        HEAD "\"series\":[{\"case\":\"x\",\"samples\":9},{\"case\":\"y\",\"samples\":4,\"wall_ns\":"
             "80,\"histograms\":[{\"placement\":\"same\",\"lower_ns\":[-1,2.5],\"count\":[1,2]},"
             "{\"placement\":\"unheard of\",\"lower_ns\":[7],\"count\":[1]}]}]}";
    struct tb_series series;
    struct tb_error error;

    (void)state;
    assert_int_equal(tb_series_read(text, strlen(text), "y", &series, &error), 0);
    assert_int_equal(series.samples, 4);
    assert_near(series.wall_ns, 80);
    assert_int_equal(series.histograms[TB_SAME_CPU].total, 3);
    assert_near(series.histograms[TB_SAME_CPU].bins[1].lower_ns, 2.5);
    assert_int_equal(series.histograms[TB_OTHER_CPU].total, 0);
    assert_int_equal(series.histograms[TB_UNKNOWN_CPU].total, 1);
    tb_series_finish(&series);
    assert_int_equal(tb_series_read(text, strlen(text), "z", &series, &error), 0);
    assert_int_equal(series.samples, 0);
    tb_series_finish(&series);
}

static void damaged_histograms_are_refused(void **state)
{
    static const char *const bad[] = {"\"lower_ns\":[2,1],\"count\":[1,1]",
                                      "\"lower_ns\":[1,2],\"count\":[1]",
                                      "\"lower_ns\":[1],\"count\":[1,1]",
                                      "\"lower_ns\":[1],\"count\":[-1]",
                                      "\"lower_ns\":[1],\"count\":[\"1\"]",
                                      "\"lower_ns\":[1e999],\"count\":[1]",
                                      "\"count\":[1]"};
    struct tb_series series;
    struct tb_error error;
    char text[512];

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_true(snprintf(text, sizeof text,
                             HEAD "\"series\":[{\"case\":\"x\",\"histograms\":[{%s}]}]}",
                             bad[i]) < (int)sizeof text);
        assert_int_equal(tb_series_read(text, strlen(text), "x", &series, &error), TB_FAILURE);
        assert_contains(error.text, "histogram");
    }
}

static bool are_same(const char *one, const char *other)
{
    struct tb_catalogue first = catalogue_of(one), second = catalogue_of(other);
    bool same = tb_is_same_case(first.cases, second.cases);

    tb_catalogue_finish(&first);
    tb_catalogue_finish(&second);
    return same;
}

static void a_case_is_the_same_in_each_version_that_is_told(void **state)
{
    static const char one[] = HEAD CASE("\"version\":\"1\"");
    static const char two[] = HEAD CASE("\"version\":\"2\"");
    static const char none[] = HEAD CASE("\"doc\":\"d\"");

    (void)state;
    assert_true(are_same(one, one));
    assert_false(are_same(one, two));
    assert_true(are_same(one, none));
    assert_true(are_same(none, two));
    assert_false(are_same(none, HEAD "\"cases\":[{\"name\":\"y\",\"case\":\"y\"}]}"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_catalogue_is_read),
        cmocka_unit_test(names_alone_are_a_catalogue),
        cmocka_unit_test(damaged_catalogues_are_refused),
        cmocka_unit_test(a_core_case_that_is_dropped_is_no_core),
        cmocka_unit_test(a_case_is_the_same_in_each_version_that_is_told),
        cmocka_unit_test(a_series_is_read),
        cmocka_unit_test(damaged_histograms_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
