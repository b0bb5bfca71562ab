/* What was probably meant. */
#include "util/suggest.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "check.h"
#include "util/memory.h"

static const char *const words[] = {"list", "run", "compare", "ab", "archive list", "doctor"};

static const char *nearest(const char *word)
{
    return tb_nearest(word, words, sizeof words / sizeof *words);
}

static void the_nearest_word_is_found(void **state)
{
    (void)state;
    assert_string_equal(nearest("run"), "run");
    assert_string_equal(nearest("rnu"), "run");
    assert_string_equal(nearest("comparee"), "compare");
    assert_string_equal(nearest("comprae"), "compare");
    assert_string_equal(nearest("dotcor"), "doctor");
    assert_string_equal(nearest("archivelist"), "archive list");
    assert_string_equal(tb_nearest("HAED", (const char *[]){"main", "HEAD"}, 2), "HEAD");
}

static const char long_word[] =
    "run-as-long-as-a-word-may-be-and-longer-than-that-which-is-never-what-somebody-has-meant-by-"
    "three-letters-or-by-any-other-number-of-them-that-a-hand-can-write/so-long";

static void what_is_far_from_all_is_none(void **state)
{
    (void)state;
    assert_null(nearest("benchmark"));
    assert_null(nearest("machine")); /* "archive" takes three changes, and is not meant */
    assert_null(nearest("a-word-that-is-longer-than-any-option-or-command"));
    assert_null(
        nearest("a-word-that-is-longer-than-any-option-or-command-and-than-is-compared-at-all-"
                "whatever-it-may-have-been-meant-to-be"));
    assert_null(tb_nearest("run", words, 0));
    assert_string_equal(tb_nearest("rum", (const char *[]){long_word, "run"}, 2), "run");
}

static void what_is_cut_is_known_where_it_is_clear(void **state)
{
    static const char *const options[] = {"rounds", "repo", "repetitions", "set", "settle"};
    const struct tb_known_words known = {options, 5, "--", NULL};
    tb_autofree char *empty = tb_did_you_mean("", &known, "none");
    tb_autofree char *several = tb_did_you_mean("r", &known, "none");
    tb_autofree char *two = tb_did_you_mean("rep", &known, "none");
    tb_autofree char *near = tb_did_you_mean("ruonds", &known, "none");
    tb_autofree char *none = tb_did_you_mean("quiet", &known, "none");

    (void)state;
    assert_string_equal(tb_unabbreviated("ro", options, 5), "rounds");
    assert_string_equal(tb_unabbreviated("set", options, 5), "set");
    assert_null(tb_unabbreviated("rep", options, 5));
    assert_null(tb_unabbreviated("x", options, 5));
    assert_null(tb_unabbreviated("", options, 5));
    assert_string_equal(several, "did you mean --rounds, --repo or --repetitions?");
    assert_string_equal(two, "did you mean --repo or --repetitions?");
    assert_string_equal(near, "did you mean --rounds?");
    assert_string_equal(none, "none");
    assert_string_equal(empty, "none");
}

static void a_pattern_is_mended_by_names(void **state)
{
    static const char *const names[] = {"create/call/cpu:same/posix", "create/call/cpu:free/posix",
                                        "join/running/cpu:same/posix", "BM_vec(3)+x/10", long_word};
    static const char *const pairs[][2] = {
        {"create/call", "^create/call"},
        {"^creat/cal", "^create/call"},
        {"creat/", "^create/"},
        {"^join/runing/cpu:same/posx$", "^join/running/cpu:same/posix$"},
        {"cpu:sama", "cpu:same"},
        {"creat/call$", "^create/call"},
        {"posx$", "posix$"},
        {"posx/", "posix"},
        {"BM_vec(3)+x", "^BM_vec\\(3\\)\\+x"},
        {"nothing-like-it", NULL},
        {"/", NULL},
        {"", NULL},
    };

    (void)state;
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        tb_autofree char *mended = tb_nearest_parts(pairs[i][0], names, 5);

        if (pairs[i][1])
            assert_string_equal(mended, pairs[i][1]);
        else
            assert_null(mended);
    }
}

static void make_file(const char *path)
{
    int fd = open(path, O_CREAT | O_WRONLY, 0600);

    assert_true(fd >= 0);
    assert_int_equal(close(fd), 0);
}

static char *nearest_in(const char *folder, const char *name)
{
    tb_autofree char *path = tb_print("%s/%s", folder, name);

    return tb_nearest_path(path);
}

/* Of two that are as near a hidden one is meant by a hidden one alone. */
static void a_file_is_found_beside_its_path(void **state)
{
    char folder[] = "/tmp/threadbench-suggest-XXXXXX";
    tb_autofree char *file = NULL, *hidden = NULL, *found = NULL, *other = NULL, *none = NULL;

    (void)state;
    assert_non_null(mkdtemp(folder));
    file = tb_print("%s/join.json", folder);
    hidden = tb_print("%s/.jon.json", folder);
    make_file(file);
    make_file(hidden);
    found = nearest_in(folder, "jon.json");
    other = nearest_in(folder, ".jn.json");
    none = tb_nearest_path("/no-such-folder/x");
    assert_null(tb_nearest_path("/tmp/"));
    assert_int_equal(unlink(file), 0);
    assert_int_equal(unlink(hidden), 0);
    assert_int_equal(rmdir(folder), 0);
    assert_string_equal(found, file);
    assert_string_equal(other, hidden);
    assert_null(none);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_nearest_word_is_found),
        cmocka_unit_test(what_is_far_from_all_is_none),
        cmocka_unit_test(what_is_cut_is_known_where_it_is_clear),
        cmocka_unit_test(a_pattern_is_mended_by_names),
        cmocka_unit_test(a_file_is_found_beside_its_path),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
