/* What a subject's words and files say of it, and what is heard of its processes. */
#include "document/subject.h"

#include "check.h"
#include "util/json.h"
#include "util/memory.h"
#include "util/strings.h"

static void assignments_are_those_of_a_shell(void **state)
{
    static const char *const some[] = {"A=b", "_x1=", "a=b=c"};
    static const char *const none[] = {"", "=b", "1a=b", "A", "A-B=c", "./a=b"};

    (void)state;
    for (size_t i = 0; i < sizeof some / sizeof *some; i++)
        assert_true(tb_is_assignment(some[i]));
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        assert_false(tb_is_assignment(none[i]));
}

/* The words of a command, as a shell splits it; the caller's. */
static char **words_of(const char *command)
{
    struct tb_error error;
    char **words = NULL;

    assert_int_equal(tb_split("", command, &words, &error), 0);
    return words;
}

static void assert_program(const char *command, const char *program)
{
    tb_autofree char **words = words_of(command);
    const struct tb_subject subject = {.words = words};

    assert_string_equal(tb_subject_program(&subject), program);
}

static void the_program_stands_behind_what_is_set_for_it(void **state)
{
    const struct tb_subject none = {.words = (char *[]){NULL}};

    (void)state;
    assert_program("it A=b", "it");
    assert_program("A=b C=d it", "it");
    assert_program("env A=b it", "it");
    assert_program("env -i it", "env");
    assert_program("env", "env");
    assert_program("A=b", "A=b"); /* there is no other word */
    assert_null(tb_subject_program(&none));
}

static bool are_same(const char *command, const char *files, const char *other_command,
                     const char *other_files)
{
    tb_autofree char **words = words_of(command), **other_words = words_of(other_command);
    tb_autojson cJSON *one = cJSON_Parse(files), *other = cJSON_Parse(other_files);
    const struct tb_subject a = {.words = words, .files = one};
    const struct tb_subject b = {.words = other_words, .files = other};

    return tb_is_same_program(&a, &b);
}

#define FILE_OF(path, size, crc) "{\"path\":\"" path "\",\"size\":" #size ",\"crc32\":" #crc "}"

static void programs_are_the_same_byte_for_byte(void **state)
{
    static const char it[] = "[" FILE_OF("it", 1, 2) "]";
    static const char *const others[] = {
        "[" FILE_OF("it", 1, 3) "]",
        "[" FILE_OF("it", 2, 2) "]",
        "[{\"path\":\"it\",\"size\":1}]",
        "[" FILE_OF("it", 1, 2) "," FILE_OF("more", 1, 2) "]",
        "[]",
        "null",
    };
    const char *words = "it";

    (void)state;
    assert_true(are_same(words, it, words, "[" FILE_OF("other/it", 1, 2) "]"));
    assert_true(
        are_same(words, it, words, "[" FILE_OF("/usr/bin/env", 7, 7) "," FILE_OF("it", 1, 2) "]"));
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        assert_false(are_same(words, it, words, others[i]));
        assert_false(are_same(words, others[i], words, it));
    }
    /* Without a sum nothing is known to be the same. */
    assert_false(are_same(words, others[2], words, others[2]));
}

static void scripts_are_a_part_of_the_program(void **state)
{
    static const char sh[] = "[" FILE_OF("/bin/sh", 1, 2) "]";

    (void)state;
    assert_true(are_same("sh -c 'a b'", sh, "sh 'a b' x", sh));
    assert_false(are_same("sh -c 'a b'", sh, "sh -c 'a c'", sh));
    assert_false(are_same("sh -c 'a b'", sh, "sh 'a b' 'c d'", sh));
    assert_false(are_same("sh", sh, "sh 'a b'", sh));
}

static void some_lines_are_heard_each_once(void **state)
{
    tb_autojson cJSON *seen = cJSON_Parse("{\"stderr\":[]}");
    const struct tb_subject subject = {.seen = seen}, deaf = {0};
    const cJSON *heard = tb_json_find(seen, "stderr");

    (void)state;
    tb_subject_hear(&subject, "***WARNING*** of ours\n\nfirst 1 \nfirst 2\nlast\nbut one");
    assert_int_equal(cJSON_GetArraySize(heard), 2);
    assert_string_equal(tb_json_text(seen, "stderr.0"), "first 1");
    assert_string_equal(tb_json_text(seen, "stderr.1"), "last");
    for (char text[] = "a"; *text < 'z'; (*text)++)
        tb_subject_note(&subject, "stderr", text);
    assert_int_equal(cJSON_GetArraySize(heard), 8);
    tb_subject_hear(&deaf, "it is not to be run");
    assert_null(deaf.seen);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(assignments_are_those_of_a_shell),
        cmocka_unit_test(the_program_stands_behind_what_is_set_for_it),
        cmocka_unit_test(programs_are_the_same_byte_for_byte),
        cmocka_unit_test(scripts_are_a_part_of_the_program),
        cmocka_unit_test(some_lines_are_heard_each_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
