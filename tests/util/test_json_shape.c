/* Types of members: which are right, and how a wrong one is told. */
#include "util/json_shape.h"

#include "check.h"
#include "util/json.h"

static const struct tb_shape inner[] = {{"x", TB_JSON_NUMBER}, {NULL}};
static const struct tb_shape shape[] = {{"text other-text", TB_JSON_TEXT},
                                        {"flag", TB_JSON_FLAG},
                                        {"number", TB_JSON_NUMBER},
                                        {"count", TB_JSON_COUNT},
                                        {"positive", TB_JSON_POSITIVE},
                                        {"object", TB_JSON_OBJECT, inner},
                                        {"scalars", TB_JSON_SCALARS, NULL, 2},
                                        {"list", TB_JSON_LIST},
                                        {"texts", TB_JSON_TEXTS},
                                        {"numbers", TB_JSON_NUMBERS},
                                        {"objects", TB_JSON_OBJECTS, inner},
                                        {NULL}};

static void right_types_pass(void **state)
{
    static const char *const good[] = {
        "{}",
        "[1]",
        "7",
        "{\"other\":[],\"other\":{}}",
        "{\"text\":\"\",\"flag\":false,\"number\":-1.5,\"count\":0,\"positive\":1}",
        "{\"object\":{\"x\":1,\"y\":[]},\"scalars\":{\"a\":1,\"b\":\"x\"},\"list\":[[],{}]}",
        "{\"texts\":[\"\"],\"numbers\":[1],\"objects\":[{},{\"x\":null}]}",
        "{\"text\":null,\"object\":null,\"objects\":null}",
    };

    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        tb_autojson cJSON *root = cJSON_Parse(good[i]);

        assert_null(tb_shape_wrong(root, shape));
    }
}

static void what_is_wrong_is_named(void **state)
{
    static const struct {
        const char *text, *wrong;
    } bad[] = {
        {"{\"text\":1}", "'text' is not a text"},
        {"{\"text other-text\":1,\"other\":1,\"other-text\":1}", "'other-text' is not a text"},
        {"{\"flag\":1}", "'flag' is not true or false"},
        {"{\"number\":1e999}", "'number' is not a finite number"},
        {"{\"count\":-1}", "'count' is not a whole number from 0"},
        {"{\"count\":1e16}", "'count' is not a whole number from 0"},
        {"{\"positive\":0}", "'positive' is not a whole number from 1"},
        {"{\"object\":[]}", "'object' is not an object"},
        {"{\"object\":{\"x\":\"1\"}}", "'object.x' is not a finite number"},
        {"{\"scalars\":{\"a\":null}}", "'scalars' is not an object of numbers, texts and flags"},
        {"{\"scalars\":{\"a\":1,\"b\":1,\"c\":1}}", "'scalars' has more than 2 elements"},
        {"{\"scalars\":{\"a\":1,\"a\":1}}", "'scalars' has a member twice"},
        {"{\"list\":{}}", "'list' is not a list"},
        {"{\"texts\":[\"\",1]}", "'texts' is not a list of texts"},
        {"{\"numbers\":[null]}", "'numbers' is not a list of finite numbers"},
        {"{\"objects\":[[]]}", "'objects' is not a list of objects"},
        {"{\"objects\":[{},{\"x\":[]}]}", "'objects.x' is not a finite number"},
        {"{\"text\":null,\"flag\":true,\"text\":\"\"}", "'text' is there twice"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        tb_autojson cJSON *root = cJSON_Parse(bad[i].text);
        tb_autofree char *wrong = tb_shape_wrong(root, shape);

        assert_non_null(wrong);
        assert_string_equal(wrong, bad[i].wrong);
    }
}

static void one_member_fits_or_not(void **state)
{
    tb_autojson cJSON *root =
        cJSON_Parse("{\"text\":\"\",\"other\":1,\"flag\":null,\"count\":\"\"}");

    (void)state;
    assert_true(tb_shape_fits(tb_json_find(root, "text"), shape));
    assert_true(tb_shape_fits(tb_json_find(root, "other"), shape));
    assert_false(tb_shape_fits(tb_json_find(root, "flag"), shape));
    assert_false(tb_shape_fits(tb_json_find(root, "count"), shape));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(right_types_pass),
        cmocka_unit_test(what_is_wrong_is_named),
        cmocka_unit_test(one_member_fits_or_not),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
