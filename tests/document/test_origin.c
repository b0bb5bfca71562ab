/* What was loaded is the same by what marks it, wherever it is. */
#include "document/origin.h"

#include "check.h"
#include "util/json.h"

#define LIBC(more) "[{\"role\":\"libc\"," more "}]"

static bool differ(const char *text, const char *other_text)
{
    tb_autojson cJSON *one = cJSON_Parse(text), *other = cJSON_Parse(other_text);

    return tb_loaded_differs(one, other) != NULL;
}

static void objects_are_known_by_what_marks_them(void **state)
{
    static const struct {
        const char *one, *other;
        bool differ;
    } table[] = {
        {LIBC("\"build_id\":\"ab\""), LIBC("\"build_id\":\"ab\",\"path\":\"x\""), false},
        {LIBC("\"build_id\":\"ab\""), LIBC("\"build_id\":\"cd\""), true},
        {LIBC("\"build_id\":\"ab\",\"crc32\":1"), LIBC("\"crc32\":1"), false},
        {LIBC("\"build_id\":\"ab\",\"crc32\":1"), LIBC("\"crc32\":2"), true},
        {LIBC("\"crc32\":1,\"path\":\"x\""), LIBC("\"path\":\"x\""), false},
        {LIBC("\"path\":\"x\""), LIBC("\"path\":\"y\""), true},
        {LIBC("\"path\":\"x\""), "[]", true},
        {"[]", LIBC("\"path\":\"x\""), true},
        {"[]", "[]", false},
        {"null", LIBC("\"path\":\"x\""), false}, /* it is not known */
        {LIBC("\"path\":\"x\""), "null", false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        assert_int_equal(differ(table[i].one, table[i].other), table[i].differ);
}

#define DOCUMENT(loaded, libc)                                                                     \
    "{\"threadbench\":{\"subject\":{\"loaded\":" loaded "},\"host\":{\"libc\":" libc "}}}"

static void the_library_is_that_of_the_first_document_that_tells(void **state)
{
    static const struct {
        const char *text;
        bool other;
    } table[] = {
        {"{}", false},
        {DOCUMENT("null", "\"glibc 2.36\""), false},
        {"{}", false},
        {DOCUMENT(LIBC("\"version\":\"glibc 2.36\""), "null"), false},
        {DOCUMENT(LIBC("\"version\":\"glibc 2.41\""), "null"), true},
        {DOCUMENT("null", "\"musl\""), true},
        {DOCUMENT(LIBC("\"version\":\"glibc 2.36\",\"build_id\":\"ab\""), "null"), false},
    };
    enum { count = sizeof table / sizeof *table };
    cJSON *trees[count];
    struct tb_origin origin = {0};

    (void)state;
    for (size_t i = 0; i < count; i++) {
        trees[i] = cJSON_Parse(table[i].text); /* the origin points into them */
        assert_int_equal(tb_origin_loads_other(&origin, trees[i]) != NULL, table[i].other);
    }
    assert_string_equal(origin.libc, "glibc 2.36");
    for (size_t i = 0; i < count; i++)
        cJSON_Delete(trees[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(objects_are_known_by_what_marks_them),
        cmocka_unit_test(the_library_is_that_of_the_first_document_that_tells),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
