/* Whatever call to the database fails, and with what: the same values come out, and the next
 * reading leaves an index that is of use. */
#include "archive/index.h"

#include "archived.h"
#include "check.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <unistd.h>

#include "fault.h"
#include "util/file.h"
#include "util/memory.h"

/* In place of the C library's, as nothing here has to outlast a power failure. */
/* NOLINTNEXTLINE(readability-inconsistent-declaration-parameter-name): theirs is reserved */
int fdatasync(int fd)
{
    (void)fd;
    return 0;
}

TB_FAILING(int, sqlite3_open_v2,
           (const char *file, sqlite3 **database, int flags, const char *system),
           (file, database, flags, system), tb_fault.code)
TB_FAILING(int, sqlite3_busy_timeout, (sqlite3 * database, int ms), (database, ms), tb_fault.code)
TB_FAILING(int, sqlite3_exec,
           (sqlite3 * database, const char *sql, sqlite3_callback callback, void *user,
            char **ret_error),
           (database, sql, callback, user, ret_error), tb_fault.code)
TB_FAILING(int, sqlite3_prepare_v2,
           (sqlite3 * database, const char *sql, int size, sqlite3_stmt **statement,
            const char **rest),
           (database, sql, size, statement, rest), tb_fault.code)
TB_FAILING(int, sqlite3_step, (sqlite3_stmt * statement), (statement), tb_fault.code)
TB_FAILING(int, sqlite3_reset, (sqlite3_stmt * statement), (statement), tb_fault.code)
TB_FAILING(int, sqlite3_bind_text,
           (sqlite3_stmt * statement, int at, const char *text, int size, void (*end)(void *)),
           (statement, at, text, size, end), tb_fault.code)
TB_FAILING(int, sqlite3_bind_int64, (sqlite3_stmt * statement, int at, sqlite3_int64 value),
           (statement, at, value), tb_fault.code)
TB_FAILING(int, sqlite3_bind_blob64,
           (sqlite3_stmt * statement, int at, const void *bytes, sqlite3_uint64 size,
            void (*end)(void *)),
           (statement, at, bytes, size, end), tb_fault.code)

/* NOLINTBEGIN(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp): the linker's */
int __real_sqlite3_db_config(sqlite3 *database, int option, ...);
int __wrap_sqlite3_db_config(sqlite3 *database, int option, ...);
int __wrap_sqlite3_db_config(sqlite3 *database, int option, ...)
{
    va_list list;
    int value;

    va_start(list, option);
    value = va_arg(list, int);
    va_end(list);
    return tb_fault_is_now("sqlite3_db_config")
               ? tb_fault.code
               : __real_sqlite3_db_config(database, option, value, NULL);
}

int __real_sqlite3_errcode(sqlite3 *database);
int __wrap_sqlite3_errcode(sqlite3 *database);
int __wrap_sqlite3_errcode(sqlite3 *database)
{
    return tb_fault.last ? tb_fault.last : __real_sqlite3_errcode(database);
}

/* NOLINTEND(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp) */

static const char *const functions[] = {
    "sqlite3_open_v2",     "sqlite3_busy_timeout", "sqlite3_exec",      "sqlite3_prepare_v2",
    "sqlite3_step",        "sqlite3_reset",        "sqlite3_bind_text", "sqlite3_bind_int64",
    "sqlite3_bind_blob64", "sqlite3_db_config",
};

/* One that says that others use it, one that there is no room, and one that it is broken. */
static const int codes[] = {SQLITE_BUSY, SQLITE_FULL, SQLITE_CORRUPT};

enum { FUNCTIONS = sizeof functions / sizeof *functions, CODES = sizeof codes / sizeof *codes };

/* The index as it is before each reading; without one, `bytes` is NULL. */
struct before {
    char *file, *bytes; /* owned */
    size_t size, there; /* `there`: the documents of the archive */
    double sum;
    bool broken; /* it is mended, whatever else fails */
};

static void before_finish(struct before *before)
{
    free(before->file);
    free(before->bytes);
}

static struct before begin(size_t there, double sum)
{
    struct before before = {.file = index_file(), .there = there, .sum = sum};

    assert_int_equal(tb_file_read(before.file, 1 << 20, &before.bytes, &before.size), 0);
    return before;
}

static void restore(const struct before *before)
{
    FILE *file;

    if (!before->bytes) {
        assert_true(unlink(before->file) == 0 || errno == ENOENT);
        return;
    }
    file = fopen(before->file, "we"); /* unsynced, as it is done a thousand times */
    assert_non_null(file);
    assert_int_equal(fwrite(before->bytes, 1, before->size, file), before->size);
    assert_int_equal(fclose(file), 0);
}

static void expect_values(const struct before *before, const struct outcome *outcome)
{
    assert_int_equal(outcome->there, before->there);
    assert_near(outcome->sum, before->sum);
}

/* What others use is left to them, and what is broken is mended: at the first call of a kind. */
static void expect_end(const char *name, int code, bool obstacle)
{
    bool hasty = !strcmp(name, "sqlite3_exec"); /* the first one only makes the rest faster */
    bool opens = !strcmp(name, "sqlite3_open_v2") || !strcmp(name, "sqlite3_busy_timeout");

    if (code == SQLITE_BUSY)
        assert_int_equal(obstacle, !hasty);
    else if (code == SQLITE_CORRUPT)
        assert_int_equal(obstacle, opens);
}

/* One fault; whether the call was made. */
static bool fails_well(const struct before *before, const char *name, unsigned at, int code)
{
    struct outcome outcome;
    bool reached;

    restore(before);
    tb_fault_arm(name, at, code);
    outcome = read_with(tb_index_read);
    reached = tb_fault_disarm();
    expect_values(before, &outcome);
    if (reached && at == 1 && !before->broken)
        expect_end(name, code, outcome.obstacle);
    outcome = read_with(tb_index_read);
    expect_values(before, &outcome);
    assert_false(outcome.obstacle);
    outcome = read_with(tb_index_read);
    expect_values(before, &outcome);
    assert_int_equal(outcome.read, 0);
    return reached;
}

static void walk(const struct before *before)
{
    for (size_t i = 0; i < FUNCTIONS; i++) {
        for (size_t k = 0; k < CODES; k++) {
            unsigned at = 1;

            while (fails_well(before, functions[i], at, codes[k]))
                at++;
        }
    }
}

static void none_is_there(void **state)
{
    tb_auto(before_finish) struct before before = {0};

    (void)state;
    expect_anew();
    before = begin(DOCUMENTS, 15);
    tb_free(&before.bytes);
    before.bytes = NULL;
    walk(&before);
}

static void documents_came_and_went(void **state)
{
    tb_autofree char *sixth = put(6);
    tb_auto(before_finish) struct before before = {0};

    (void)state;
    expect(DOCUMENTS + 1, DOCUMENTS + 1, 21);
    assert_int_equal(unlink(sixth), 0);
    free(put(7));
    before = begin(DOCUMENTS + 1, 22);
    walk(&before);
}

static void a_row_is_damaged(void **state)
{
    tb_auto(before_finish) struct before before = {0};

    (void)state;
    expect_anew();
    run_sql("UPDATE document SET digest = zeroblob(40) WHERE path LIKE '%abc3%'");
    before = begin(DOCUMENTS, 15);
    walk(&before);
}

static void it_is_no_database(void **state)
{
    tb_auto(before_finish) struct before before = {0};

    (void)state;
    expect_anew();
    before = begin(DOCUMENTS, 15);
    memset(before.bytes, 'a', before.size);
    before.broken = true;
    walk(&before);
}

/* A glance at what cannot be read shows nothing. */
static void a_glance_shows_what_it_can(void **state)
{
    static const struct {
        const char *name;
        unsigned at;
        size_t there;
    } table[] = {{"sqlite3_open_v2", 1, 0},    {"sqlite3_busy_timeout", 1, 0},
                 {"sqlite3_prepare_v2", 1, 0}, {"sqlite3_prepare_v2", 2, 0},
                 {"sqlite3_step", 1, 0},       {"sqlite3_step", 4, 2}};

    (void)state;
    expect_anew();
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct outcome outcome;

        tb_fault_arm(table[i].name, table[i].at, SQLITE_IOERR);
        outcome = read_with(peek);
        assert_true(tb_fault_disarm());
        assert_int_equal(outcome.there, table[i].there);
        assert_false(outcome.obstacle);
    }
}

#define WITH_ARCHIVE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_ARCHIVE(none_is_there),
        WITH_ARCHIVE(documents_came_and_went),
        WITH_ARCHIVE(a_row_is_damaged),
        WITH_ARCHIVE(it_is_no_database),
        WITH_ARCHIVE(a_glance_shows_what_it_can),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
