/* What is made of what git answers, which may be cut short or be of another version's form, and of
 * calls that fail. */
#include "run/git.h"

#include "check.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fault.h"
#include "run/git_ask.h"
#include "run/git_tree.h"
#include "run/scratch.h"
#include "run/worker.h"
#include "util/file.h"
#include "util/memory.h"

TB_FAILING(int, mkdir, (const char *path, mode_t mode), (path, mode), tb_fault_errno())
TB_FAILING(int, symlink, (const char *from, const char *to), (from, to), tb_fault_errno())
TB_FAILING(char *, realpath, (const char *path, char *resolved), (path, resolved),
           (tb_fault_errno(), NULL))

#define COMMIT "0123456789abcdef0123456789abcdef01234567"
#define OTHER  "fedcba9876543210fedcba9876543210fedcba98"
#define LONG   COMMIT "0123456789abcdef01234567"

/* What git answers a command, in turn; the last answer ends with a command of NULL. */
struct answer {
    const char *command;
    int code;
    const char *text; /* NULL: "no" */
};

static const struct answer *answers;

/* NOLINTBEGIN(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp): the linker's names */
int __wrap_tb_git_ask(const struct tb_question *question, char **ret_answer,
                      struct tb_error *error);
int __wrap_tb_git_ask(const struct tb_question *question, char **ret_answer, struct tb_error *error)
{
    assert_non_null(answers->command);
    assert_string_equal(question->words[0], answers->command);
    *ret_answer = answers->text ? tb_copy(answers->text) : NULL;
    if (answers->code)
        (void)tb_error_set(error, answers->code, "git's own words");
    return answers++->code;
}
/* NOLINTEND(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp) */

static void expect_all_asked(void)
{
    assert_null(answers->command);
}

static const struct {
    int code;
    const char *says; /* of the error */
    const char *commit, *describe;
    struct answer answers[3];
} revisions[] = {
    {0, "", COMMIT, "v1", {{"rev-parse", 0, COMMIT "\n"}, {"describe", 0, "v1\n"}}},
    {0, "", LONG, "v1", {{"rev-parse", 0, LONG "\n"}, {"describe", 0, "v1"}}},
    {0, "", NULL, NULL, {{"rev-parse", 0, NULL}}},
    {0, "", NULL, NULL, {{"rev-parse", 0, "^" COMMIT "\n"}}},
    {TB_FAILURE, "git rev-parse: it printed nothing of use", NULL, NULL, {{"rev-parse", 0, "\n"}}},
    {TB_FAILURE,
     "git rev-parse: it printed nothing of use",
     NULL,
     NULL,
     {{"rev-parse", 0, "x" COMMIT "\n"}}},
    {TB_FAILURE,
     "git rev-parse: it printed nothing of use",
     NULL,
     NULL,
     {{"rev-parse", 0, "HEAD is a commit of forty characters: no\n"}}},
    {TB_USAGE, "git's own words", NULL, NULL, {{"rev-parse", TB_USAGE, NULL}}},
    /* A tag that is damaged is no reason to do without the commit. */
    {0, "", COMMIT, NULL, {{"rev-parse", 0, COMMIT "\n"}, {"describe", TB_USAGE, NULL}}},
    {TB_FAILURE,
     "git's own words",
     NULL,
     NULL,
     {{"rev-parse", 0, COMMIT "\n"}, {"describe", TB_FAILURE, NULL}}},
};

static void a_revision_is_a_commit_and_a_name(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof revisions / sizeof *revisions; i++) {
        struct tb_revision revision;
        struct tb_error error = {""};

        answers = revisions[i].answers;
        assert_int_equal(tb_git_find(".", "v1", &revision, &error), revisions[i].code);
        expect_all_asked();
        assert_string_equal(error.text, revisions[i].says);
        if (revisions[i].commit)
            assert_string_equal(revision.commit, revisions[i].commit);
        else
            assert_null(revision.commit);
        if (revisions[i].describe)
            assert_string_equal(revision.describe, revisions[i].describe);
        else
            assert_null(revision.describe);
        tb_revision_finish(&revision);
    }
}

/* Of a folder with an index that is split. */
static char *folder;

static int set_up(void **state)
{
    const char *place = getenv("TMPDIR");
    tb_autofree char *shared = NULL, *other = NULL;

    (void)state;
    folder = tb_print("%s/git-XXXXXX", place ? place : P_tmpdir);
    if (!mkdtemp(folder))
        return -1;
    shared = tb_print("%s/sharedindex.0", folder);
    other = tb_print("%s/config", folder);
    return tb_file_create(shared, "", 0) || tb_file_create(other, "", 0) ? -1 : 0;
}

static int tear_down(void **state)
{
    (void)state;
    (void)tb_fault_disarm();
    tb_file_remove_all(folder);
    free(folder);
    return 0;
}

#define PLACES           "true\n\n.\nindex\n/objects\n"
#define CLEAN            "# branch.oid " COMMIT "\n# branch.head main\n"
#define USELESS(command) "git " command ": it printed nothing of use"

static const struct {
    int code;
    bool dirty;
    const char *says;
    struct answer answers[4];
} trees[] = {
    {0, false, "", {{"rev-parse", 0, PLACES}, {"config", 0, ""}, {"status", 0, CLEAN}}},
    {0,
     true,
     "",
     {{"rev-parse", 0, PLACES}, {"config", 0, NULL}, {"status", 0, CLEAN "1 .M N... x\n"}}},
    {TB_FAILURE,
     false,
     USELESS("status"),
     {{"rev-parse", 0, PLACES}, {"config", 0, ""}, {"status", 0, ""}}},
    {TB_FAILURE,
     false,
     USELESS("status"),
     {{"rev-parse", 0, PLACES}, {"config", 0, ""}, {"status", 0, "# a branch\n"}}},
    {TB_FAILURE,
     false,
     USELESS("status"),
     {{"rev-parse", 0, PLACES}, {"config", 0, ""}, {"status", 0, "# branch.oid " OTHER "\n"}}},
    {TB_FAILURE,
     false,
     USELESS("status"),
     {{"rev-parse", 0, PLACES}, {"config", 0, ""}, {"status", 0, NULL}}},
    {TB_FAILURE,
     false,
     "git's own words",
     {{"rev-parse", 0, PLACES}, {"config", 0, ""}, {"status", TB_FAILURE, NULL}}},
    {TB_FAILURE,
     false,
     "git's own words",
     {{"rev-parse", 0, PLACES}, {"config", TB_FAILURE, NULL}}},
    {0, true, "'.' is in no work tree", {{"rev-parse", 0, "false\n"}}},
    {0, true, "git's own words", {{"rev-parse", TB_USAGE, NULL}}},
    {TB_FAILURE, false, USELESS("rev-parse"), {{"rev-parse", 0, NULL}}},
    {TB_FAILURE, false, USELESS("rev-parse"), {{"rev-parse", 0, "true\n\n.\n"}}},
};

static void a_tree_is_clean_where_git_says_so(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof trees / sizeof *trees; i++) {
        struct tb_error error = {""};
        bool dirty = !trees[i].dirty;

        answers = trees[i].answers;
        assert_int_equal(tb_git_tree_look(".", COMMIT, &dirty, &error), trees[i].code);
        expect_all_asked();
        assert_int_equal(dirty, trees[i].dirty);
        assert_string_equal(error.text, trees[i].says);
    }
}

/* As the folder that git gets in the place of its own has it; the caller's. */
static char *configured(const char *commit, const char *settings)
{
    const struct answer each[] = {
        {"rev-parse", 0, PLACES}, {"config", 0, settings}, {"status", TB_FAILURE, NULL}, {NULL}};
    tb_autofree char *path = NULL;
    struct tb_error error;
    size_t size;
    char *text = NULL;
    bool dirty;

    answers = each;
    assert_int_equal(tb_git_tree_look(folder, commit, &dirty, &error), TB_FAILURE);
    path = tb_scratch_path("git/config");
    assert_int_equal(tb_file_read(path, 10000, &text, &size), 0);
    return text;
}

static void of_the_settings_those_that_can_be_obeyed_by_nobody_are_taken(void **state)
{
    tb_autofree char *usual = configured(COMMIT, "core.filemode false\ncore.eol\n"
                                                 "core.autocrlf a;b\ncore.fsmonitor x\n"
                                                 "core.eol crlf\ncore.ignorecase");
    tb_autofree char *sha256 = configured(LONG, NULL);
    tb_autofree char *shared = tb_scratch_path("git/sharedindex.0");
    tb_autofree char *other = tb_scratch_path("git/sharedindex.1");

    (void)state;
    assert_string_equal(usual, "[core]\nrepositoryformatversion = 0\nbare = false\n"
                               "filemode = false\neol = crlf\n");
    assert_string_equal(sha256, "[core]\nrepositoryformatversion = 1\nbare = false\n"
                                "[extensions]\nobjectFormat = sha256\n");
    assert_int_equal(access(shared, F_OK), 0); /* an index may be split */
    assert_int_equal(access(other, F_OK), -1);
}

static void where_its_folder_cannot_be_made_that_is_said(void **state)
{
    static const struct answer each[] = {{"rev-parse", 0, PLACES}, {"config", 0, ""}, {NULL}};
    static const struct {
        const char *name;
        unsigned at;
    } faults[] = {{"mkdir", 1}, {"mkdir", 2}, {"symlink", 1}};

    (void)state;
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        struct tb_error error = {""};
        bool dirty;

        answers = each;
        tb_fault_arm(faults[i].name, faults[i].at, ENOSPC);
        assert_int_equal(tb_git_tree_look(folder, COMMIT, &dirty, &error), TB_FAILURE);
        assert_true(tb_fault_disarm());
        expect_all_asked();
        assert_contains(error.text, "cannot make '");
        assert_contains(error.text, strerror(ENOSPC));
    }
}

/* One that was removed meanwhile. */
static void a_folder_without_a_path_is_of_no_use(void **state)
{
    static const struct answer each[] = {{"rev-parse", 0, PLACES}, {NULL}};
    struct tb_error error = {""};
    bool dirty;

    (void)state;
    answers = each;
    tb_fault_arm("realpath", 1, ENOENT);
    assert_int_equal(tb_git_tree_look(folder, COMMIT, &dirty, &error), TB_FAILURE);
    assert_true(tb_fault_disarm());
    assert_string_equal(error.text, USELESS("rev-parse"));
}

static void a_dirty_tree_is_in_its_name(void **state)
{
    static const struct answer named[] = {{"rev-parse", 0, COMMIT "\n"},
                                          {"describe", 0, "v1\n"},
                                          {"rev-parse", 0, "false\n"},
                                          {NULL}};
    static const struct answer nameless[] = {{"rev-parse", 0, COMMIT "\n"},
                                             {"describe", TB_USAGE, NULL},
                                             {"rev-parse", 0, "false\n"},
                                             {NULL}};
    struct tb_revision revision;
    struct tb_error error;

    (void)state;
    answers = named;
    assert_int_equal(tb_git_describe(".", &revision, &error), 0);
    assert_true(revision.dirty);
    assert_string_equal(revision.describe, "v1-dirty");
    tb_revision_finish(&revision);
    answers = nameless;
    assert_int_equal(tb_git_describe(".", &revision, &error), 0);
    assert_true(revision.dirty);
    assert_null(revision.describe);
    tb_revision_finish(&revision);
}

static void the_nearest_name_is_one_of_gits(void **state)
{
    static const struct {
        const char *wanted, *nearest;
        struct answer answers[2];
    } each[] = {
        {"HAED~1", "HEAD~1", {{"for-each-ref", 0, "main\nv1.0\n"}}},
        {"mian", "main", {{"for-each-ref", 0, "main\nv1.0\n"}}},
        {"main~9",
         NULL,
         {{"for-each-ref", 0, "main\n"}}}, /* it is what follows that is not there */
        {"nothing-like-it", NULL, {{"for-each-ref", 0, "main\n"}}},
        {"mian", NULL, {{"for-each-ref", 0, NULL}}},
        {"mian", NULL, {{"for-each-ref", TB_FAILURE, NULL}}},
    };

    (void)state;
    for (size_t i = 0; i < sizeof each / sizeof *each; i++) {
        tb_autofree char *nearest = NULL;

        answers = each[i].answers;
        nearest = tb_git_nearest(".", each[i].wanted);
        expect_all_asked();
        if (each[i].nearest)
            assert_string_equal(nearest, each[i].nearest);
        else
            assert_null(nearest);
    }
}

static void a_line_of_commits_is_read_as_far_as_it_is_one(void **state)
{
    static const struct {
        const char *text;
        size_t count;
    } each[] = {
        {"commit " COMMIT "\n:first\ncommit " OTHER "\n:second\n", 2},
        {"commit " COMMIT "\n:first\ncommit " OTHER "\n:sec", 2},
        {"commit " COMMIT "\n:first\ncommit " OTHER, 1},
        {"commit " COMMIT "\n:first\nanything else\n", 1},
        {"commit " COMMIT "\nfirst\n", 1},
    };

    (void)state;
    for (size_t i = 0; i < sizeof each / sizeof *each; i++) {
        const struct answer answer[] = {{"rev-list", 0, each[i].text}, {NULL}};
        struct tb_git_line line = {0};
        struct tb_error error;

        answers = answer;
        assert_int_equal(tb_git_line(".", "v1", &line, &error), 0);
        assert_int_equal(line.count, each[i].count);
        assert_string_equal(line.commits[0], COMMIT);
        assert_string_equal(line.subjects[0], "first");
        tb_git_line_finish(&line);
    }
}

static void what_is_no_line_of_commits_is_refused(void **state)
{
    static const struct {
        int code;
        const char *says;
        struct answer answers[2];
    } each[] = {
        {TB_USAGE, "'v1': no commit is in that range", {{"rev-list", 0, ""}}},
        {TB_USAGE, "'v1': git finds no such revision in '.'", {{"rev-list", 0, NULL}}},
        {TB_USAGE,
         "'v1': git finds no such revision in '.': git's own words",
         {{"rev-list", TB_USAGE, NULL}}},
        {TB_FAILURE, "git's own words", {{"rev-list", TB_FAILURE, NULL}}},
    };

    (void)state;
    for (size_t i = 0; i < sizeof each / sizeof *each; i++) {
        struct tb_git_line line = {0};
        struct tb_error error = {""};

        answers = each[i].answers;
        assert_int_equal(tb_git_line(".", "v1", &line, &error), each[i].code);
        expect_all_asked();
        assert_string_equal(error.text, each[i].says);
        tb_git_line_finish(&line);
    }
}

static void what_git_knows_is_what_it_prints(void **state)
{
    static const char *const commits[] = {COMMIT, "no commit", OTHER};
    static const char *const none[] = {"no commit"};
    static const struct answer one[] = {{"rev-list", 0, COMMIT "\n"}, {NULL}};
    static const struct answer cut[] = {{"rev-list", 0, OTHER}, {NULL}};
    static const struct answer no[] = {{"rev-list", 0, NULL}, {NULL}};
    static const struct answer failure[] = {{"rev-list", TB_FAILURE, NULL}, {NULL}};
    struct tb_error error;
    bool known[3];

    (void)state;
    answers = one;
    assert_int_equal(tb_git_know(".", commits, 3, known, &error), 0);
    assert_true(known[0] && !known[1] && !known[2]);
    answers = cut;
    assert_int_equal(tb_git_know(".", commits, 3, known, &error), 0);
    assert_true(!known[0] && !known[1] && known[2]);
    answers = no;
    assert_int_equal(tb_git_know(".", commits, 3, known, &error), 0);
    assert_false(known[0] || known[1] || known[2]);
    assert_int_equal(tb_git_know(".", none, 1, known, &error), 0); /* git is not asked */
    expect_all_asked();
    answers = failure;
    assert_int_equal(tb_git_know(".", commits, 3, known, &error), TB_FAILURE);
    assert_string_equal(error.text, "git's own words");
}

/* A thousand at a time; what could not be asked ends it. */
static void many_commits_are_asked_for_in_parts(void **state)
{
    static const struct answer both[] = {{"rev-list", 0, ""}, {"rev-list", 0, COMMIT "\n"}, {NULL}};
    static const struct answer failure[] = {{"rev-list", TB_FAILURE, NULL}, {NULL}};
    static const char *commits[1001];
    static bool known[1001];
    struct tb_error error;

    (void)state;
    for (size_t i = 0; i < 1001; i++)
        commits[i] = COMMIT;
    answers = both;
    assert_int_equal(tb_git_know(".", commits, 1001, known, &error), 0);
    expect_all_asked();
    assert_true(!known[0] && !known[999] && known[1000]);
    answers = failure;
    assert_int_equal(tb_git_know(".", commits, 1001, known, &error), TB_FAILURE);
    expect_all_asked();
}

static void a_repository_is_shallow_where_git_says_so(void **state)
{
    static const struct {
        int code;
        bool shallow;
        struct answer answers[2];
    } each[] = {
        {0, true, {{"rev-parse", 0, "true\n"}}},
        {0, false, {{"rev-parse", 0, "false\n"}}},
        {0, false, {{"rev-parse", 0, NULL}}},
        {TB_FAILURE, false, {{"rev-parse", TB_FAILURE, NULL}}},
    };

    (void)state;
    for (size_t i = 0; i < sizeof each / sizeof *each; i++) {
        struct tb_error error;
        bool shallow = !each[i].shallow;

        answers = each[i].answers;
        assert_int_equal(tb_git_is_shallow(".", &shallow, &error), each[i].code);
        assert_int_equal(shallow, each[i].shallow);
    }
}

#define WITH_FOLDER(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_revision_is_a_commit_and_a_name),
        cmocka_unit_test(a_tree_is_clean_where_git_says_so),
        WITH_FOLDER(of_the_settings_those_that_can_be_obeyed_by_nobody_are_taken),
        WITH_FOLDER(where_its_folder_cannot_be_made_that_is_said),
        WITH_FOLDER(a_folder_without_a_path_is_of_no_use),
        cmocka_unit_test(a_dirty_tree_is_in_its_name),
        cmocka_unit_test(the_nearest_name_is_one_of_gits),
        cmocka_unit_test(a_line_of_commits_is_read_as_far_as_it_is_one),
        cmocka_unit_test(what_is_no_line_of_commits_is_refused),
        cmocka_unit_test(what_git_knows_is_what_it_prints),
        cmocka_unit_test(many_commits_are_asked_for_in_parts),
        cmocka_unit_test(a_repository_is_shallow_where_git_says_so),
    };

    tb_memory_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
