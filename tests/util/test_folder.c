#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"
#include "util/folder.h"
#include "util/memory.h"
#include "util/strings.h"

static void names_are_sorted_and_whole(void **state)
{
    const char *place = getenv("TMPDIR");
    tb_autofree char *folder = tb_print("%s/tb-folder-XXXXXX", place && *place ? place : "/tmp");
    static const char *const made[] = {"b", ".hidden", "a", "c c"};
    static const char *const sorted[] = {".hidden", "a", "b", "c c"};
    tb_autowords char **names = NULL;

    (void)state;
    assert_non_null(mkdtemp(folder));
    for (size_t i = 0; i < 4; i++) {
        tb_autofree char *path = tb_folder_path(folder, made[i]);

        assert_int_equal(mkdir(path, 0700), 0);
    }
    assert_true(tb_is_folder(folder));
    assert_int_equal(tb_folder_names(folder, &names), 0);
    assert_int_equal(tb_words_count(names), 4);
    for (size_t i = 0; i < 4; i++) {
        tb_autofree char *path = tb_folder_path(folder, sorted[i]);

        assert_string_equal(names[i], sorted[i]);
        assert_int_equal(rmdir(path), 0);
    }
    assert_int_equal(rmdir(folder), 0);
}

static void what_is_no_folder_has_no_names(void **state)
{
    tb_autowords char **none = NULL, **file = NULL;

    (void)state;
    assert_int_equal(tb_folder_names("/nonexistent", &none), ENOENT);
    assert_int_equal(tb_words_count(none), 0);
    assert_false(tb_is_folder("/dev/null"));
    assert_int_equal(tb_folder_names("/dev/null", &file), ENOTDIR);
    assert_int_equal(tb_words_count(file), 0);
}

static void a_path_has_one_slash(void **state)
{
    tb_autofree char *plain = tb_folder_path("a/b", "c"), *ended = tb_folder_path("a/b/", "c");

    (void)state;
    assert_string_equal(plain, "a/b/c");
    assert_string_equal(ended, "a/b/c");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_sorted_and_whole),
        cmocka_unit_test(what_is_no_folder_has_no_names),
        cmocka_unit_test(a_path_has_one_slash),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
