/* With an index, without one, and with any kind of broken one, the same comes out. */
#include "archive/index.h"

#include "archived.h"
#include "check.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "util/file.h"
#include "util/json.h"
#include "util/memory.h"

static void a_document_is_read_once(void **state)
{
    (void)state;
    expect_anew();
}

static void what_changes_is_read_again_and_what_is_gone_is_gone(void **state)
{
    const struct timespec other[2] = {{1, 0}, {1, 0}};
    tb_autofree char *seventh = NULL, *eighth = NULL;

    (void)state;
    expect_anew();
    seventh = put(7);
    eighth = put(8);
    expect(DOCUMENTS + 2, 2, 30);
    assert_int_equal(unlink(eighth), 0);
    expect(DOCUMENTS + 1, 0, 22);
    assert_int_equal(utimensat(AT_FDCWD, seventh, other, 0), 0);
    expect(DOCUMENTS + 1, 1, 22);
    free(put(8));
    expect(DOCUMENTS + 2, 1, 30);
}

static void a_damaged_document_is_not_believed(void **state)
{
    tb_autofree char *path = put(9);
    struct outcome outcome;
    int fd;

    (void)state;
    expect(DOCUMENTS + 1, DOCUMENTS + 1, 24);
    fd = open(path, O_WRONLY | O_APPEND);
    assert_true(fd >= 0 && write(fd, " ", 1) == 1 && close(fd) == 0);
    outcome = read_with(tb_index_read);
    assert_int_equal(outcome.there, DOCUMENTS);
    assert_int_equal(outcome.damaged, 1);
    assert_near(outcome.sum, 15);
}

static void a_deleted_index_is_made_anew(void **state)
{
    tb_autofree char *file = NULL;

    (void)state;
    expect_anew();
    file = index_file();
    assert_int_equal(unlink(file), 0);
    expect_anew();
}

static void a_file_that_is_no_index_is_replaced(void **state)
{
    tb_autofree char *file = NULL;
    struct tb_error error;

    (void)state;
    expect_anew();
    file = index_file();
    assert_int_equal(tb_file_write(file, "this is no database, and long enough for one", &error),
                     0);
    expect_anew();
    assert_int_equal(truncate(file, 3000), 0);
    expect_anew();
    assert_int_equal(truncate(file, 0), 0);
    expect_anew();
}

/* Whatever byte it is that has changed, no other value comes of it. */
static void a_byte_that_changed_changes_no_value(void **state)
{
    tb_autofree char *file = NULL, *whole = NULL;
    size_t size;

    (void)state;
    expect_anew();
    file = index_file();
    assert_int_equal(tb_file_read(file, 1 << 20, &whole, &size), 0);
    for (size_t at = 0; at < size; at += 97) {
        char other = (char)(whole[at] ^ 0x55);
        int fd = open(file, O_WRONLY | O_TRUNC);
        struct outcome outcome;

        assert_true(fd >= 0 && write(fd, whole, size) == (ssize_t)size &&
                    pwrite(fd, &other, 1, (off_t)at) == 1 && close(fd) == 0);
        outcome = read_with(tb_index_read);
        assert_int_equal(outcome.there, DOCUMENTS);
        assert_near(outcome.sum, 15);
        outcome = read_with(tb_index_read);
        assert_int_equal(outcome.there, DOCUMENTS);
        assert_near(outcome.sum, 15);
    }
}

/* Some make it a database that is too new, or read alone. */
static void no_byte_of_its_header_keeps_it_from_use(void **state)
{
    static const char others[] = {2, (char)0xff};
    tb_autofree char *file = NULL;

    (void)state;
    expect_anew();
    file = index_file();
    for (size_t i = 0; i < 100 * sizeof others; i++) {
        int fd = open(file, O_WRONLY);

        assert_true(fd >= 0 &&
                    pwrite(fd, &others[i % sizeof others], 1, (off_t)(i / sizeof others)) == 1 &&
                    close(fd) == 0);
        (void)read_with(tb_index_read);
        expect(DOCUMENTS, 0, 15);
    }
}

static void an_index_of_another_version_is_replaced(void **state)
{
    (void)state;
    expect_anew();
    run_sql("UPDATE about SET text = 'threadbench index 0'");
    expect_anew();
    run_sql("DROP TABLE document; CREATE TABLE document (path TEXT)");
    expect_anew();
    run_sql("DROP TABLE about");
    expect_anew();
}

static void a_row_that_is_false_is_read_again(void **state)
{
    (void)state;
    expect_anew();
    run_sql("UPDATE document SET digest = zeroblob(40) WHERE path LIKE '%abc3%'");
    expect(DOCUMENTS, 1, 15);
    expect(DOCUMENTS, 0, 15);
    run_sql("UPDATE document SET size = size + 1, digest = 'text'");
    expect_anew();
}

static ino_t inode_of(const char *file)
{
    struct stat status;

    assert_int_equal(stat(file, &status), 0);
    return status.st_ino;
}

static void write_over(const char *file, const char *text)
{
    int fd = open(file, O_WRONLY | O_TRUNC);

    assert_true(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text) &&
                close(fd) == 0);
}

/* Of which a locked one may be of no use, on a busy machine. */
static int read_as_another(void)
{
    tb_auto(tb_archive_finish) struct tb_archive archive = {0};
    tb_auto(tb_digests_finish) struct tb_digests digests = {0};
    bool wanted[64];
    struct tb_error error;
    double sum = 0;

    memset(wanted, true, sizeof wanted);
    if (tb_archive_load(&archive, folder, &error))
        return 1;
    digests = tb_index_read(&archive, wanted);
    for (size_t i = 0; i < digests.count; i++)
        sum += digests.there[i] ? digests.each[i].cases->value : 0;
    if (digests.obstacle && !strstr(digests.obstacle, "locked"))
        return 2;
    return !tb_is_near(sum, 15);
}

/* Several processes at once. */
static void read_together(void)
{
    enum { readers = 6 };
    pid_t children[readers];

    for (size_t i = 0; i < readers; i++) {
        children[i] = fork();
        assert_true(children[i] >= 0);
        if (!children[i])
            _exit(read_as_another());
    }
    for (size_t i = 0; i < readers; i++) {
        int status;

        assert_int_equal(waitpid(children[i], &status, 0), children[i]);
        assert_true(WIFEXITED(status));
        assert_int_equal(WEXITSTATUS(status), 0);
    }
    (void)read_with(tb_index_read);
    expect(DOCUMENTS, 0, 15);
}

/* It stays the same file: that of who has it open is not taken away. */
static void a_damaged_one_is_mended_while_others_use_it(void **state)
{
    tb_autofree char *file = NULL;
    ino_t inode;

    (void)state;
    read_together();
    file = index_file();
    inode = inode_of(file);
    for (int i = 0; i < 5; i++) {
        run_sql("UPDATE document SET digest = zeroblob(40) WHERE path LIKE '%abc3%'");
        read_together();
        run_sql("DROP TABLE document");
        read_together();
        run_sql("UPDATE about SET text = 'of another archive'");
        read_together();
        write_over(file, "this is no database, and long enough for one");
        read_together();
        assert_int_equal(truncate(file, 5000), 0);
        read_together();
    }
    assert_int_equal(inode_of(file), inode);
}

static void a_folder_in_its_place_is_no_harm(void **state)
{
    tb_autofree char *file = NULL, *within = NULL;
    struct outcome outcome;

    (void)state;
    expect_anew();
    file = index_file();
    within = tb_print("%s/within", file);
    assert_true(unlink(file) == 0 && mkdir(file, 0777) == 0 && mkdir(within, 0777) == 0);
    for (int i = 0; i < 2; i++) {
        outcome = read_with(tb_index_read);
        assert_int_equal(outcome.there, DOCUMENTS);
        assert_int_equal(outcome.read, DOCUMENTS);
        assert_true(outcome.obstacle);
    }
}

static void there_may_be_no_place_for_one(void **state)
{
    struct outcome outcome;

    (void)state;
    assert_int_equal(setenv("XDG_CACHE_HOME", "relative", 1), 0);
    assert_int_equal(unsetenv("HOME"), 0);
    outcome = read_with(tb_index_read);
    assert_int_equal(outcome.read, DOCUMENTS);
    assert_true(outcome.obstacle);
    outcome = read_with(peek);
    assert_int_equal(outcome.there, 0);
    assert_int_equal(setenv("XDG_CACHE_HOME", "/dev/null", 1), 0);
    outcome = read_with(tb_index_read);
    assert_int_equal(outcome.read, DOCUMENTS);
    assert_true(outcome.obstacle);
}

static void who_holds_it_keeps_nobody_from_reading(void **state)
{
    tb_autofree char *file = NULL;
    struct outcome outcome;
    sqlite3 *database;

    (void)state;
    expect_anew();
    free(put(6));
    file = index_file();
    assert_int_equal(sqlite3_open(file, &database), SQLITE_OK);
    assert_int_equal(sqlite3_exec(database, "BEGIN EXCLUSIVE", NULL, NULL, NULL), SQLITE_OK);
    outcome = read_with(tb_index_read);
    assert_int_equal(outcome.there, DOCUMENTS + 1);
    assert_near(outcome.sum, 21);
    assert_true(outcome.obstacle);
    assert_int_equal(sqlite3_close(database), SQLITE_OK);
    expect(DOCUMENTS + 1, 1, 21);
}

static void a_glance_reads_no_document_and_writes_nothing(void **state)
{
    struct outcome outcome = read_with(peek);

    (void)state;
    assert_int_equal(outcome.there, 0);
    assert_true(access(cache, F_OK) != 0);
    expect_anew();
    free(put(6));
    outcome = read_with(peek);
    assert_int_equal(outcome.there, DOCUMENTS);
    assert_int_equal(outcome.read, 0);
    expect(DOCUMENTS + 1, 1, 21);
}

static void bytes_that_are_no_digest_are_refused(void **state)
{
    struct tb_digest_case item = {.name = "n", .unit = "ns", .statistic = "mean", .value = 3};
    struct tb_digest digest = {.run_id = "",
                               .started = "",
                               .host = "h",
                               .state = "",
                               .command = "",
                               .setup = "",
                               .origin = "{}",
                               .cases = &item,
                               .count = 1};
    tb_auto(tb_texts_finish) struct tb_texts texts = {0};
    size_t size;
    tb_autofree char *bytes = tb_digest_bytes(&digest, &size);

    (void)state;
    for (size_t i = 0; i < size; i++) {
        struct tb_digest read = {0};

        assert_false(tb_digest_read(bytes, i, &texts, &read));
    }
    for (size_t i = 0; i < size; i++) {
        struct tb_digest read = {0};

        bytes[i] = (char)~bytes[i];
        if (tb_digest_read(bytes, size, &texts, &read))
            tb_digest_finish(&read);
        bytes[i] = (char)~bytes[i];
    }
    assert_true(tb_digest_read(bytes, size, &texts, &digest));
    assert_near(digest.cases->value, 3);
    assert_null(digest.commit);
    tb_digest_finish(&digest);
}

#define WITH_ARCHIVE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_ARCHIVE(a_document_is_read_once),
        WITH_ARCHIVE(what_changes_is_read_again_and_what_is_gone_is_gone),
        WITH_ARCHIVE(a_damaged_document_is_not_believed),
        WITH_ARCHIVE(a_deleted_index_is_made_anew),
        WITH_ARCHIVE(a_file_that_is_no_index_is_replaced),
        WITH_ARCHIVE(a_byte_that_changed_changes_no_value),
        WITH_ARCHIVE(no_byte_of_its_header_keeps_it_from_use),
        WITH_ARCHIVE(an_index_of_another_version_is_replaced),
        WITH_ARCHIVE(a_row_that_is_false_is_read_again),
        WITH_ARCHIVE(a_damaged_one_is_mended_while_others_use_it),
        WITH_ARCHIVE(a_folder_in_its_place_is_no_harm),
        WITH_ARCHIVE(there_may_be_no_place_for_one),
        WITH_ARCHIVE(who_holds_it_keeps_nobody_from_reading),
        WITH_ARCHIVE(a_glance_reads_no_document_and_writes_nothing),
        cmocka_unit_test(bytes_that_are_no_digest_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
