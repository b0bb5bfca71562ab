#include "archive/index.h"

#include <inttypes.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "util/file.h"
#include "util/memory.h"

enum {
    patience_ms = 2000, /* for another program that writes */
    batch = 256,        /* documents in one transaction: so many an interrupted one loses */
    many = 500,         /* documents whose reading takes its time */
};

/* Changes with tb_digest_bytes(), and with what digests are made of. Each version has an index of
 * its own: several may be in use. */
#define VERSION "3-" TB_VERSION

struct index {
    const struct tb_archive *archive;
    struct tb_digests *digests;
    struct tb_names paths; /* of the archive's entries, within its folder, at the same places */
    char *file;            /* NULL: there is no place for one */
    char *about;           /* what it has to say of itself */
    sqlite3 *database;     /* NULL: of no use */
    char **gone;           /* paths that it has, of what the archive does not have any more */
    size_t gone_count;
    bool damaged; /* some of its rows are not as they were written */
};

static void index_finish(struct index *index)
{
    (void)sqlite3_close_v2(index->database); /* of what was not committed nothing is to be kept */
    for (size_t i = 0; i < index->gone_count; i++)
        free(index->gone[i]);
    free(index->gone);
    tb_names_finish(&index->paths);
    free(index->file);
    free(index->about);
}

/* It is of no use any more, and not asked again. */
static void give_up(struct index *index, const char *why)
{
    index->digests->obstacle = tb_print("%s: %s", index->file ? index->file : "no index", why);
    (void)sqlite3_close_v2(index->database); /* as above */
    index->database = NULL;
}

static bool run(const struct index *index, const char *sql)
{
    return sqlite3_exec(index->database, sql, NULL, NULL, NULL) == SQLITE_OK;
}

static void statement_finish(sqlite3_stmt **statement)
{
    (void)sqlite3_finalize(*statement); /* repeats the error of the last step */
}

/* NULL where the index cannot be asked that. */
static sqlite3_stmt *prepare(const struct index *index, const char *sql)
{
    sqlite3_stmt *statement = NULL;

    if (sqlite3_prepare_v2(index->database, sql, -1, &statement, NULL) != SQLITE_OK)
        return NULL;
    return statement;
}

/* It is this archive's, and written by a program like this one. */
static bool is_right(const struct index *index)
{
    tb_auto(statement_finish) sqlite3_stmt *ask = prepare(index, "SELECT text FROM about");
    const char *text;

    if (!ask || sqlite3_step(ask) != SQLITE_ROW)
        return false;
    text = (const char *)sqlite3_column_text(ask, 0);
    return text && !strcmp(text, index->about);
}

/* Within a transaction that writes: this index's tables are there. Those of another go. */
static bool lay_out(const struct index *index)
{
    tb_auto(statement_finish) sqlite3_stmt *tell = NULL;

    if (!run(index, "DROP TABLE IF EXISTS about; DROP TABLE IF EXISTS document;"
                    "CREATE TABLE about (text TEXT NOT NULL);"
                    "CREATE TABLE document (path TEXT PRIMARY KEY, size INTEGER,"
                    " changed_ns INTEGER, crc32 INTEGER, digest BLOB) WITHOUT ROWID;"))
        return false;
    tell = prepare(index, "INSERT INTO about VALUES (?1)");
    return tell && sqlite3_bind_text(tell, 1, index->about, -1, SQLITE_STATIC) == SQLITE_OK &&
           sqlite3_step(tell) == SQLITE_DONE;
}

/* Begins to write. What another program took away meanwhile is there again. */
static bool begin_writing(const struct index *index)
{
    return run(index, "BEGIN IMMEDIATE") && (is_right(index) || lay_out(index));
}

static bool open_file(struct index *index)
{
    int code = sqlite3_open_v2(index->file, &index->database,
                               SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL);

    if (code != SQLITE_OK || sqlite3_busy_timeout(index->database, patience_ms) != SQLITE_OK)
        return false;
    /* What a power failure damages is made anew, as any other damage is. */
    (void)run(index, "PRAGMA synchronous = OFF");
    return true;
}

static bool make(const struct index *index)
{
    return is_right(index) || (sqlite3_errcode(index->database) != SQLITE_BUSY &&
                               begin_writing(index) && run(index, "COMMIT"));
}

/* Whether that comes from what is in the file, and not from who else uses it or where it is: it is
 * no database, a broken one, or has a header or tables of another kind; a row may claim to be
 * larger than the memory. A file that may not be written does not get emptied either. */
static bool is_broken(int code)
{
    static const int others[] = {SQLITE_BUSY, SQLITE_LOCKED,   SQLITE_IOERR,     SQLITE_FULL,
                                 SQLITE_PERM, SQLITE_CANTOPEN, SQLITE_INTERRUPT, SQLITE_PROTOCOL};

    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        if (code == others[i])
            return false;
    }
    return true;
}

/* The same of one that has nothing, or nothing right. Its header may claim that it is as large as
 * any may be; on a disk that is full there is little to lose. */
static bool is_useless(int code)
{
    return is_broken(code) || code == SQLITE_FULL;
}

/* Empties the file where it is, under the locks of the database: others may have it open. */
static bool empty(const struct index *index)
{
    (void)run(index, "ROLLBACK"); /* if it was within a transaction */
    return sqlite3_db_config(index->database, SQLITE_DBCONFIG_RESET_DATABASE, 1, NULL) ==
               SQLITE_OK &&
           run(index, "VACUUM") &&
           sqlite3_db_config(index->database, SQLITE_DBCONFIG_RESET_DATABASE, 0, NULL) == SQLITE_OK;
}

static void open_index(struct index *index)
{
    int err;

    if (!index->file) {
        give_up(index, "set HOME or XDG_CACHE_HOME to a path that begins with a slash");
        return;
    }
    err = tb_file_make_folders(index->file, SIZE_MAX);
    if (err) {
        give_up(index, strerror(err));
        return;
    }
    if (open_file(index) && (make(index) || (is_useless(sqlite3_errcode(index->database)) &&
                                             empty(index) && make(index))))
        return;
    give_up(index, sqlite3_errmsg(index->database));
}

/* The index of an archive, wherever that is called from. */
static void find_file(struct index *index)
{
    tb_autofree char *real = realpath(index->archive->folder, NULL), *name = NULL;
    const char *path = real ? real : index->archive->folder;
    const Bytef *bytes = (const Bytef *)path;

    name = tb_print("index-" VERSION "-%08lx%08lx.sqlite", crc32_z(0, bytes, strlen(path)),
                    adler32_z(1, bytes, strlen(path)));
    index->file = tb_file_cached(name);
    index->about = tb_print("threadbench index " VERSION ", of %s", path);
}

/* The entry's path within the archive. */
static const char *path_of(const struct tb_archive *archive, const struct tb_archive_entry *entry)
{
    const char *path = entry->path + strlen(archive->folder);

    return path + strspn(path, "/");
}

/* Of a row, which tells whether it is as it was written. */
static uint32_t sum_of(const char *path, uint64_t size, int64_t changed_ns, const void *bytes,
                       size_t count)
{
    uLong crc = crc32_z(0, (const Bytef *)path, strlen(path));

    crc = crc32_z(crc, (const Bytef *)&size, sizeof size);
    crc = crc32_z(crc, (const Bytef *)&changed_ns, sizeof changed_ns);
    return (uint32_t)crc32_z(crc, bytes, count);
}

static void note_gone(struct index *index, const char *path)
{
    index->gone = tb_grow(index->gone, index->gone_count + 1, sizeof *index->gone);
    index->gone[index->gone_count++] = tb_copy(path);
}

static bool is_unchanged(const struct tb_archive_entry *entry, uint64_t size, int64_t changed_ns)
{
    return entry->kind == TB_ARCHIVED_DOCUMENT && entry->size == size &&
           entry->changed_ns == changed_ns;
}

/* Takes a row: what is not believed is read from its document, and then replaced. */
static void take_row(struct index *index, sqlite3_stmt *row)
{
    struct tb_digests *digests = index->digests;
    const char *path = (const char *)sqlite3_column_text(row, 0);
    uint64_t size = (uint64_t)sqlite3_column_int64(row, 1);
    int64_t changed_ns = sqlite3_column_int64(row, 2);
    const void *bytes = sqlite3_column_blob(row, 4);
    size_t count = (size_t)sqlite3_column_bytes(row, 4);
    size_t at = path ? tb_names_find(&index->paths, path) : 0;

    if (!path || !bytes ||
        sum_of(path, size, changed_ns, bytes, count) != (uint32_t)sqlite3_column_int64(row, 3))
        index->damaged = true;
    else if (at == index->paths.count)
        note_gone(index, path);
    else if (is_unchanged(&index->archive->entries[at], size, changed_ns))
        digests->there[at] = tb_digest_read(bytes, count, &digests->texts, &digests->each[at]);
}

/* SQLITE_DONE: all were taken. */
static int take_rows(struct index *index)
{
    tb_auto(statement_finish) sqlite3_stmt *row =
        prepare(index, "SELECT path, size, changed_ns, crc32, digest FROM document");
    int code = row ? SQLITE_ROW : sqlite3_errcode(index->database);

    while (code == SQLITE_ROW && (code = sqlite3_step(row)) == SQLITE_ROW)
        take_row(index, row);
    return code;
}

static bool put_row(const struct index *index, sqlite3_stmt *put, size_t at)
{
    const struct tb_archive_entry *entry = &index->archive->entries[at];
    const char *path = index->paths.names[at];
    size_t size;
    tb_autofree char *bytes = tb_digest_bytes(&index->digests->each[at], &size);
    uint32_t sum = sum_of(path, entry->size, entry->changed_ns, bytes, size);

    return sqlite3_bind_text(put, 1, path, -1, SQLITE_STATIC) == SQLITE_OK &&
           sqlite3_bind_int64(put, 2, (sqlite3_int64)entry->size) == SQLITE_OK &&
           sqlite3_bind_int64(put, 3, entry->changed_ns) == SQLITE_OK &&
           sqlite3_bind_int64(put, 4, sum) == SQLITE_OK &&
           sqlite3_bind_blob64(put, 5, bytes, size, SQLITE_STATIC) == SQLITE_OK &&
           sqlite3_step(put) == SQLITE_DONE && sqlite3_reset(put) == SQLITE_OK;
}

static bool put_rows(const struct index *index, const bool *marked, size_t begin, size_t end)
{
    tb_auto(statement_finish) sqlite3_stmt *put =
        prepare(index, "INSERT OR REPLACE INTO document VALUES (?1, ?2, ?3, ?4, ?5)");
    bool well = put != NULL;

    for (size_t i = begin; well && i < end; i++)
        well = !marked[i] || put_row(index, put, i);
    return well;
}

static bool rewrite(const struct index *index)
{
    return run(index, "BEGIN IMMEDIATE") && lay_out(index) &&
           put_rows(index, index->digests->there, 0, index->archive->count) && run(index, "COMMIT");
}

/* What was taken from a damaged one has a right checksum: that alone stays, and what was read. Not
 * even its tables can be dropped from one whose pages are not what they are said to be. */
static void renew(struct index *index)
{
    index->damaged = true;
    if (!rewrite(index) &&
        !(is_useless(sqlite3_errcode(index->database)) && empty(index) && rewrite(index)))
        give_up(index, sqlite3_errmsg(index->database));
}

/* Those of the entries from `begin` up to `end` that are marked. */
static void write_rows(struct index *index, const bool *marked, size_t begin, size_t end)
{
    if (!index->database ||
        (begin_writing(index) && put_rows(index, marked, begin, end) && run(index, "COMMIT")))
        return;
    if (is_broken(sqlite3_errcode(index->database)) && empty(index))
        renew(index);
    else
        give_up(index, sqlite3_errmsg(index->database));
}

/* After its rows were taken, which ended with that. */
static void mend(struct index *index, int code)
{
    if (code != SQLITE_DONE && !(is_broken(code) && empty(index)))
        give_up(index, sqlite3_errmsg(index->database));
    else if (index->damaged || code != SQLITE_DONE)
        renew(index);
}

static bool delete_rows(const struct index *index)
{
    tb_auto(statement_finish) sqlite3_stmt *row =
        prepare(index, "DELETE FROM document WHERE path = ?1");
    bool well = row != NULL;

    for (size_t i = 0; well && i < index->gone_count; i++)
        well = sqlite3_bind_text(row, 1, index->gone[i], -1, SQLITE_STATIC) == SQLITE_OK &&
               sqlite3_step(row) == SQLITE_DONE && sqlite3_reset(row) == SQLITE_OK;
    return well;
}

static void remove_rows(struct index *index)
{
    if (index->database && index->gone_count && !index->damaged &&
        !(begin_writing(index) && delete_rows(index) && run(index, "COMMIT")))
        give_up(index, sqlite3_errmsg(index->database));
}

static bool read_document(struct index *index, size_t at)
{
    struct tb_digests *digests = index->digests;
    struct tb_document document;
    struct tb_error error;

    if (tb_archive_read(index->archive->entries[at].path, &document, &error)) {
        tb_notice("skipped: %s", error.text);
        digests->damaged++;
        return false;
    }
    digests->each[at] = tb_digest_of(&document, &digests->texts);
    tb_document_finish(&document);
    digests->read++;
    return digests->there[at] = true;
}

/* Reads what the index lacks, and keeps it: from time to time, as it may be interrupted. */
static void read_rest(struct index *index, const bool *wanted)
{
    const struct tb_archive *archive = index->archive;
    tb_autofree bool *added = tb_alloc(archive->count, sizeof *added);
    size_t written = 0, waiting = 0, missing = 0;

    for (size_t i = 0; i < archive->count; i++)
        missing += wanted[i] && !index->digests->there[i];
    if (missing >= many)
        tb_notice("reading %zu documents of '%s', once", missing, archive->folder);
    for (size_t i = 0; i < archive->count; i++) {
        added[i] = !index->digests->there[i] && wanted[i] && read_document(index, i);
        waiting += added[i];
        if (waiting < batch && i + 1 < archive->count)
            continue;
        if (waiting)
            write_rows(index, added, written, i + 1);
        written = i + 1;
        waiting = 0;
    }
}

static struct index begin(const struct tb_archive *archive, struct tb_digests *digests)
{
    struct index index = {.archive = archive, .digests = digests};

    digests->count = archive->count;
    digests->each = tb_alloc(archive->count, sizeof *digests->each);
    digests->there = tb_alloc(archive->count, sizeof *digests->there);
    for (size_t i = 0; i < archive->count; i++)
        (void)tb_names_add(&index.paths, path_of(archive, &archive->entries[i])); /* all differ */
    find_file(&index);
    return index;
}

struct tb_digests tb_index_read(const struct tb_archive *archive, const bool *wanted)
{
    struct tb_digests digests = {0};
    tb_auto(index_finish) struct index index = begin(archive, &digests);

    open_index(&index);
    if (index.database)
        mend(&index, take_rows(&index));
    read_rest(&index, wanted);
    remove_rows(&index);
    return digests;
}

struct tb_digests tb_index_peek(const struct tb_archive *archive)
{
    struct tb_digests digests = {0};
    tb_auto(index_finish) struct index index = begin(archive, &digests);

    if (index.file &&
        sqlite3_open_v2(index.file, &index.database, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK &&
        sqlite3_busy_timeout(index.database, patience_ms) == SQLITE_OK && is_right(&index))
        (void)take_rows(&index); /* as far as it can be read */
    return digests;
}

void tb_digests_finish(struct tb_digests *digests)
{
    for (size_t i = 0; i < digests->count; i++)
        tb_digest_finish(&digests->each[i]);
    free(digests->each);
    free(digests->there);
    tb_texts_finish(&digests->texts);
    free(digests->obstacle);
    *digests = (struct tb_digests){0};
}
