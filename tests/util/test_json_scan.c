/* Reading piece by piece: each value comes by, and damage is found where it is. */
#include "util/json_scan.h"

#include <stdlib.h>

#include "check.h"
#include "util/json.h"

static struct tb_scan scan_of(const char *text)
{
    return tb_scan_of(text, strlen(text));
}

static void members_come_one_after_another(void **state)
{
    struct tb_scan scan = scan_of(" {\"a\" : 1,\"\\u0062\":[2, {}],\n\"a\":\"x\"} ");
    char key[TB_SCAN_KEY] = "", keys[4 * TB_SCAN_KEY] = "";
    struct tb_error error;

    (void)state;
    for (bool first = true; tb_scan_member(&scan, &first, key);) {
        tb_autojson cJSON *value = tb_scan_value(&scan);

        assert_non_null(value);
        assert_true(strlen(keys) + strlen(key) < sizeof keys);
        strcat(keys, key);
    }
    assert_string_equal(keys, "aba");
    assert_int_equal(tb_scan_end(&scan, "it", &error), 0);
}

static void items_are_trees_of_their_own(void **state)
{
    struct tb_scan scan = scan_of("[{\"x\":1.5}, null, \"x\", -2e3]");
    struct tb_error error;
    cJSON *values[5] = {NULL};
    size_t count = 0;

    (void)state;
    for (bool first = true; tb_scan_item(&scan, &first);)
        values[count++] = tb_scan_value(&scan);
    assert_int_equal(count, 4);
    assert_near(tb_json_number(values[0], "x", 0), 1.5);
    assert_true(cJSON_IsNull(values[1]));
    assert_string_equal(cJSON_GetStringValue(values[2]), "x");
    assert_near(cJSON_GetNumberValue(values[3]), -2000);
    assert_int_equal(tb_scan_end(&scan, "it", &error), 0);
    for (size_t i = 0; i < count; i++)
        cJSON_Delete(values[i]);
}

static void what_is_no_list_or_object_is_said_once(void **state)
{
    struct tb_scan list = scan_of("5"), object = scan_of("[1,]");
    char key[TB_SCAN_KEY];
    struct tb_error error;
    bool first = true;

    (void)state;
    assert_false(tb_scan_item(&list, &first));
    assert_null(tb_scan_value(&list)); /* of what has failed nothing is read any more */
    assert_int_equal(tb_scan_end(&list, "it", &error), TB_FAILURE);
    assert_contains(error.text, "no list");
    first = true;
    assert_false(tb_scan_member(&object, &first, key));
    assert_int_equal(tb_scan_end(&object, "it", &error), TB_FAILURE);
    assert_contains(error.text, "no object");
}

static void long_keys_are_cut(void **state)
{
    struct tb_scan scan = scan_of("{\"0123456789012345678901234567890123456789\":1}");
    char key[TB_SCAN_KEY] = "";
    bool first = true;

    (void)state;
    assert_true(tb_scan_member(&scan, &first, key));
    assert_int_equal(strlen(key), TB_SCAN_KEY - 1);
}

/* Goes through an object of lists, as a document is. */
static int read_all(const char *text, struct tb_error *error)
{
    struct tb_scan scan = scan_of(text);
    char key[TB_SCAN_KEY] = "";

    for (bool first = true; tb_scan_member(&scan, &first, key);) {
        if (*scan.at != '[') {
            cJSON_Delete(tb_scan_value(&scan));
            continue;
        }
        for (bool begin = true; tb_scan_item(&scan, &begin);)
            cJSON_Delete(tb_scan_value(&scan));
    }
    return tb_scan_end(&scan, "it", error);
}

static void damage_has_a_place(void **state)
{
    static const struct {
        const char *text, *message;
    } table[] = {
        {"", "it, line 1 column 1: no object"},
        {"[1]", "it, line 1 column 1: no object"},
        {"{\"a\":[1,\n 2", "it, line 2 column 3: it ends too early"},
        {"{\"a\":[1 2]}", "it, line 1 column 9: not JSON"},
        {"{\"a\":[1,]}", "it, line 1 column 9: not JSON"},
        {"{\"a\":1,}", "it, line 1 column 8: not JSON"},
        {"{\"a\" 1}", "it, line 1 column 6: not JSON"},
        {"{\"a\":{\"b\":nan}}", "it, line 1 column 11: a number that is not finite"},
        {"{\"a\":1} 2", "it, line 1 column 9: something follows the end"},
        {"{1:2}", "it, line 1 column 2: not JSON"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct tb_error error;

        assert_int_equal(read_all(table[i].text, &error), TB_FAILURE);
        assert_string_equal(error.text, table[i].message);
    }
}

/* Goes through an object whose values are skipped. */
static int skip_all(const char *text, size_t *ret_members, struct tb_error *error)
{
    struct tb_scan scan = scan_of(text);
    char key[TB_SCAN_KEY] = "";

    *ret_members = 0;
    for (bool first = true; tb_scan_member(&scan, &first, key); ++*ret_members)
        tb_scan_skip(&scan);
    return tb_scan_end(&scan, "it", error);
}

static void what_is_skipped_ends_where_it_ends(void **state)
{
    static const char *const values[] = {
        "1",
        "-2.5e3",
        "\"a\\\"],}\"",
        "null",
        "[]",
        "{}",
        "[ [ ] , { } ]",
        "{ \"a\" : { \"b\" : [1, {}] } , \"c\":[]}",
        "[[[1,2],[3]],[[]]]",
    };

    (void)state;
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        tb_autofree char *text = tb_print("{\"x\":%s , \"y\": %s}", values[i], values[i]);
        struct tb_error error = {""};
        size_t members;

        assert_int_equal(skip_all(text, &members, &error), 0);
        assert_int_equal(members, 2);
    }
}

/* Lists within each other, `depth` of them, closed as they were opened or not. */
static char *nested(size_t depth, const char *close)
{
    char *lists = tb_alloc(2 * depth + 1, 1), *text;

    memset(lists, '[', depth);
    memset(lists + depth, *close, depth);
    text = tb_print("{\"x\":%s}", lists);
    free(lists);
    return text;
}

static void what_is_skipped_is_json_as_deep_as_trees_are(void **state)
{
    tb_autofree char *deep = nested(CJSON_NESTING_LIMIT, "]");
    tb_autofree char *deeper = nested(CJSON_NESTING_LIMIT + 1, "]");
    tb_autofree char *crossed = nested(3, "}");
    struct tb_error error = {""};
    size_t members;

    (void)state;
    assert_int_equal(skip_all(deep, &members, &error), 0);
    assert_int_equal(skip_all(deeper, &members, &error), TB_FAILURE);
    assert_int_equal(skip_all(crossed, &members, &error), TB_FAILURE);
    assert_string_equal(error.text, "it, line 1 column 9: not JSON");
    assert_int_equal(skip_all("{\"x\":[1,{\"a\":nan}]}", &members, &error), TB_FAILURE);
    assert_string_equal(error.text, "it, line 1 column 14: a number that is not finite");
    assert_int_equal(skip_all("{\"x\":[[1,", &members, &error), TB_FAILURE);
    assert_string_equal(error.text, "it, line 1 column 10: it ends too early");
}

static void a_part_of_a_text_is_not_whole(void **state)
{
    static const char text[] = "{\"a\": {\"b\": [1]}, \"list\": [{\"x\": 1}, 2], \"c\": \"d\"}\n";
    struct tb_error error;

    (void)state;
    assert_int_equal(tb_scan_check(text, strlen(text), "it", &error), 0);
    for (size_t size = 0; size < strlen(text) - 1; size++) {
        char part[sizeof text] = "";

        memcpy(part, text, size);
        assert_int_equal(tb_scan_check(part, size, "it", &error), TB_FAILURE);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(members_come_one_after_another),
        cmocka_unit_test(items_are_trees_of_their_own),
        cmocka_unit_test(what_is_no_list_or_object_is_said_once),
        cmocka_unit_test(long_keys_are_cut),
        cmocka_unit_test(damage_has_a_place),
        cmocka_unit_test(what_is_skipped_ends_where_it_ends),
        cmocka_unit_test(what_is_skipped_is_json_as_deep_as_trees_are),
        cmocka_unit_test(a_part_of_a_text_is_not_whole),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
