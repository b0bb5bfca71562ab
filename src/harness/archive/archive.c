#include "archive/archive.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <regex.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "util/file.h"
#include "util/folder.h"
#include "util/json.h"
#include "util/memory.h"
#include "util/names.h"
#include "util/strings.h"
#include "util/suggest.h"

enum {
    longest_part = 64,  /* a SHA-256 */
    document_level = 3, /* below the archive's folder: host, revision, document */
};

static const char no_date[] = "its 'context' has no date";

/* A text as a part of a name: it may hold anything, and "" or ".." would lead elsewhere. */
static char *name_part(const char *text, const char *missing, bool dash)
{
    char *part = tb_print("%.*s", longest_part, text && *text ? text : missing);

    for (char *c = part; *c; c++) {
        if (!strchr(TB_NAME_LETTERS, *c) || (c == part && *c == '.') || (*c == '-' && !dash))
            *c = '_';
    }
    return part;
}

char *tb_archive_meant_host(const struct tb_archive *archive, const char *name)
{
    tb_auto(tb_names_finish) struct tb_names hosts = {0};
    tb_autofree char *wanted = tb_archive_host(name);

    for (size_t i = 0; i < archive->count; i++) {
        if (archive->entries[i].kind == TB_ARCHIVED_DOCUMENT)
            (void)tb_names_add(&hosts, archive->entries[i].host);
    }
    if (tb_names_find(&hosts, wanted) < hosts.count)
        return NULL;
    return tb_did_you_mean(wanted, &(struct tb_known_words){hosts.names, hosts.count, "'", "'"},
                           NULL);
}

char *tb_archive_host(const char *name)
{
    return name_part(name, "unknown", true);
}

/* "2026-11-23T01:51:02+01:00" as "20261123T005102Z"; false: it is no time. */
static bool read_time(const char *text, char *ret_stamp, size_t size)
{
    struct tm time = {0};
    const char *end = text ? strptime(text, "%Y-%m-%dT%H:%M:%S%z", &time) : NULL;
    time_t seconds;

    if (text && !end) /* as old versions of Google Benchmark write it, without a zone */
        end = strptime(text, "%Y-%m-%d %H:%M:%S", &time);
    if (!end || *end)
        return false;
    seconds = -time.tm_gmtoff;
    seconds += timegm(&time);
    (void)gmtime_r(&seconds, &time); /* a year that was read has four digits: it is one */
    return strftime(ret_stamp, size, "%Y%m%dT%H%M%SZ", &time) == 16;
}

char *tb_archive_path(const char *folder, const cJSON *context, uint32_t crc32)
{
    const cJSON *ours = tb_json_find(context, "threadbench");
    const char *started = tb_json_text(ours, "started_utc");
    tb_autofree char *mark = tb_print("%08" PRIx32, crc32);
    tb_autofree char *host = tb_archive_host(tb_json_text(context, "host_name"));
    tb_autofree char *commit = name_part(tb_json_text(ours, "revision.commit"), "none", false);
    tb_autofree char *id = name_part(tb_json_text(ours, "run_id"), mark, false);
    tb_autofree char *label = name_part(tb_json_text(ours, "subject.label"), "", true);
    char stamp[32];

    if (!read_time(started ? started : tb_json_text(context, "date"), stamp, sizeof stamp))
        return NULL;
    return tb_print("%s/%s/%s%s/%s-%s%s%s-%s.json", folder, host, commit,
                    tb_json_flag(ours, "revision.dirty") ? "-dirty" : "", stamp, id,
                    *label ? "-" : "", label, mark);
}

static uint32_t checksum(const char *text, size_t size)
{
    return (uint32_t)crc32_z(0, (const Bytef *)text, size);
}

int tb_archive_check(const char *folder, struct tb_error *error)
{
    tb_autofree char *path = tb_print("%s/document", folder);
    int err = tb_file_make_folders(path, strlen(folder));

    if (!err)
        err = tb_file_check(path);
    return err ? tb_file_unwritable("keep documents in", folder, err, error) : 0;
}

/* Where the name is taken: 0 if by the same bytes, else it has been damaged since. */
static int check_same(const char *path, const char *text, size_t size, struct tb_error *error)
{
    tb_autofree char *there = NULL;
    size_t there_size;
    int err = tb_file_read(path, TB_DOCUMENT_LIMIT, &there, &there_size);

    if (err)
        return tb_file_unreadable(path, err, error);
    if (there_size == size && !memcmp(there, text, size))
        return tb_error_set(error, 0, "'%s' is there already", path);
    return tb_failure(error, "'%s' is there already, and damaged: remove it and try again", path);
}

int tb_archive_put(const char *folder, const cJSON *context, const char *text, size_t size,
                   char **ret_path, struct tb_error *error)
{
    tb_autofree char *path = tb_archive_path(folder, context, checksum(text, size));
    int err, code = 0;

    if (!path)
        return tb_failure(error, "%s", no_date);
    err = tb_file_make_folders(path, strlen(folder));
    if (!err)
        err = tb_file_create(path, text, size);
    if (err)
        code = err == EEXIST ? check_same(path, text, size, error)
                             : tb_file_unwritable("write", path, err, error);
    if (!code)
        *ret_path = tb_copy(path);
    return code;
}

/* One part of `text`, made to end there; NULL for an empty one. */
static char *cut(char *text, const regmatch_t *match)
{
    if (match->rm_so == match->rm_eo)
        return NULL;
    text[match->rm_eo] = '\0';
    return text + match->rm_so;
}

void tb_archive_parse(struct tb_archive_entry *entry, const char *path)
{
    static const char pattern[] = "([^/]+)/([^/-]+)(-dirty)?/([0-9]{8}T[0-9]{6}Z)-([^/-]+)"
                                  "(-([^/]+))?-([0-9a-f]{8})\\.json$";
    static regex_t compiled; /* once, for as long as the program runs */
    static bool ready;
    regmatch_t at[9];
    int err;

    *entry = (struct tb_archive_entry){.path = tb_copy(path), .kind = TB_ARCHIVED_FOREIGN};
    if (!ready) {
        err = regcomp(&compiled, pattern, REG_EXTENDED);
        assert(!err); /* of a constant it fails for lack of memory alone, which ends the program */
        ready = true;
    }
    if (regexec(&compiled, path, 9, at, 0))
        return;
    entry->kind = TB_ARCHIVED_DOCUMENT;
    entry->texts = tb_copy(path);
    entry->host = cut(entry->texts, &at[1]);
    entry->dirty = cut(entry->texts, &at[3]) != NULL;
    entry->commit = cut(entry->texts, &at[2]);
    if (!strcmp(entry->commit, "none"))
        entry->commit = NULL;
    entry->time = cut(entry->texts, &at[4]);
    entry->run_id = cut(entry->texts, &at[5]);
    entry->label = cut(entry->texts, &at[7]);
}

void tb_archive_entry_finish(struct tb_archive_entry *entry)
{
    free(entry->path);
    free(entry->texts);
    *entry = (struct tb_archive_entry){0};
}

/* By host, time and path. */
static int by_host_and_time(const void *left, const void *right)
{
    const struct tb_archive_entry *a = left, *b = right;
    int result = strcmp(a->host ? a->host : "", b->host ? b->host : "");

    if (!result)
        result = strcmp(a->time ? a->time : "", b->time ? b->time : "");
    return result ? result : strcmp(a->path, b->path);
}

/* `named`: its path is that of a document. */
static enum tb_archived kind_of(const struct tb_archive_entry *entry, const struct stat *status,
                                bool named)
{
    const char *name = strrchr(entry->path, '/') + 1;

    if (entry->err)
        return TB_ARCHIVED_UNREADABLE;
    if (named)
        return S_ISREG(status->st_mode) && status->st_size ? TB_ARCHIVED_DOCUMENT
                                                           : TB_ARCHIVED_UNREADABLE;
    if (entry->link && tb_is_folder(entry->path))
        return TB_ARCHIVED_UNREADABLE;
    return S_ISREG(status->st_mode) && !strncmp(name, TB_FILE_LEFTOVER, strlen(TB_FILE_LEFTOVER))
               ? TB_ARCHIVED_LEFTOVER
               : TB_ARCHIVED_FOREIGN;
}

const char *tb_archive_reason(const struct tb_archive_entry *entry)
{
    static const char *const reasons[] = {
        [TB_ARCHIVED_DOCUMENT] = "document",
        [TB_ARCHIVED_LEFTOVER] = "leftover of a writer",
        [TB_ARCHIVED_FOREIGN] = "no name of the archive's",
        [TB_ARCHIVED_UNREADABLE] = NULL, /* one of those below */
    };

    if (entry->kind == TB_ARCHIVED_LEFTOVER && tb_ends_with(entry->path, ".json"))
        return "the finished rounds of a run that was killed: 'run --continue' goes on from them, "
               "'archive add' keeps them";
    if (reasons[entry->kind])
        return reasons[entry->kind];
    if (entry->err)
        return strerror(entry->err);
    return entry->link ? "a symbolic link, which is not followed" : "no file, empty or unreadable";
}

static void add(struct tb_archive *archive, const char *path, size_t level,
                const struct stat *status, int err)
{
    struct tb_archive_entry *entry;

    if ((archive->count & (archive->count - 1)) == 0)
        archive->entries =
            tb_grow(archive->entries, 2 * archive->count + 1, sizeof *archive->entries);
    entry = &archive->entries[archive->count++];
    tb_archive_parse(entry, path);
    entry->link = S_ISLNK(status->st_mode);
    entry->err = err;
    entry->kind = kind_of(entry, status, entry->host && level == document_level);
    if (S_ISREG(status->st_mode)) {
        entry->size = (uint64_t)status->st_size;
        entry->changed_ns = status->st_mtim.tv_sec * INT64_C(1000000000) + status->st_mtim.tv_nsec;
    }
}

/* Everything in a folder, on that level below the archive's own, and in its folders for hosts and
 * revisions. Returns 0 or the errno value that the folder could not be read to its end for. */
/* NOLINTNEXTLINE(misc-no-recursion): as deep as documents are */
static int walk(struct tb_archive *archive, const char *folder, size_t level)
{
    tb_autowords char **names = NULL;
    int end = tb_folder_names(folder, &names);

    for (char **name = names; *name; name++) {
        tb_autofree char *path = tb_folder_path(folder, *name);
        struct stat status = {0};
        int err = lstat(path, &status) ? errno : 0;
        bool inner = !err && S_ISDIR(status.st_mode) && level < document_level;

        if (inner)
            err = walk(archive, path, level + 1);
        if (err != ENOENT && (err || !inner)) /* gone meanwhile, as a writer's leftover is */
            add(archive, path, level, &status, err);
    }
    return end;
}

static int refuse_missing(const char *folder, struct tb_error *error)
{
    tb_autofree char *nearest = tb_nearest_path(folder);

    if (nearest)
        return tb_misuse(error, "no archive '%s': did you mean '%s'?", folder, nearest);
    return tb_misuse(error, "no archive '%s' yet: 'threadbench run --archive %s' begins one",
                     folder, folder);
}

int tb_archive_load(struct tb_archive *archive, const char *folder, struct tb_error *error)
{
    int err;

    *archive = (struct tb_archive){.folder = tb_copy(folder)};
    err = walk(archive, folder, 1);
    if (err) {
        tb_archive_finish(archive);
        return err == ENOENT ? refuse_missing(folder, error)
                             : tb_file_unreadable(folder, err, error);
    }
    if (archive->count)
        qsort(archive->entries, archive->count, sizeof *archive->entries, by_host_and_time);
    return 0;
}

void tb_archive_finish(struct tb_archive *archive)
{
    for (size_t i = 0; i < archive->count; i++)
        tb_archive_entry_finish(&archive->entries[i]);
    free(archive->entries);
    free(archive->folder);
    *archive = (struct tb_archive){0};
}

/* Where the checksum stands in a document's name; NULL where there is none. */
static const char *mark_of(const char *path)
{
    static const char ending[] = "-01234567.json";
    size_t size = strlen(path);

    return size < strlen(ending) || !tb_ends_with(path, ".json") ? NULL
                                                                 : path + size - strlen(ending) + 1;
}

static int refuse(const char *path, const char *why, struct tb_error *error)
{
    return tb_failure(error, "'%s' is damaged: %s", path, why);
}

/* Reads the file, and what its bytes sum up to; `shown` is its path in messages. */
static int read_whole(const char *path, const char *shown, struct tb_document *document,
                      uint32_t *ret_crc32, struct tb_error *error)
{
    struct tb_error why;
    char *text;
    size_t size;
    int err = tb_file_read(path, TB_DOCUMENT_LIMIT, &text, &size);

    if (err)
        return tb_file_unreadable(path, err, error);
    *ret_crc32 = checksum(text, size);
    return tb_document_parse("document", text, size, false, document, &why)
               ? refuse(shown, why.text, error)
               : 0;
}

int tb_archive_read(const char *path, struct tb_document *document, struct tb_error *error)
{
    const char *mark = mark_of(path);
    uint32_t crc32 = 0;
    int code = read_whole(path, path, document, &crc32, error);
    tb_autofree char *is = tb_print("%08" PRIx32, crc32);

    if (code)
        return code;
    if (mark && !strncmp(mark, is, strlen(is))) {
        free(document->path);
        document->path = tb_copy(path);
        return 0;
    }
    tb_document_finish(document);
    return refuse(path, "its bytes are not those that its name is for", error);
}

/* Whether the document, of that path, is called as its content says. */
static int check_name(const char *path, const struct tb_document *document, uint32_t crc32,
                      struct tb_error *error)
{
    tb_autofree char *own = tb_archive_path("", document->context, crc32);

    if (!own)
        return tb_failure(error, "%s", no_date);
    return tb_ends_with(path, own)
               ? 0
               : tb_failure(error, "its content belongs to the name '%s'", own + 1);
}

int tb_archive_verify(const char *path, struct tb_error *error)
{
    tb_auto(tb_document_finish) struct tb_document document = {0};
    /* A relative path may lack what its name is checked against. */
    tb_autofree char *real = realpath(path, NULL);
    const char *whole = real ? real : path;
    struct tb_error why;
    uint32_t crc32 = 0;
    int code = read_whole(path, whole, &document, &crc32, error);

    if (!code && check_name(whole, &document, crc32, &why))
        code = refuse(whole, why.text, error);
    return code;
}

char *tb_archive_nearest(void)
{
    tb_autofree char *folder = get_current_dir_name();
    char *slash = folder;

    while (slash) {
        char *path = tb_print("%s/bench-results", folder);

        if (access(path, F_OK) == 0)
            return path;
        free(path);
        slash = strrchr(folder, '/');
        if (slash)
            *slash = '\0';
    }
    return NULL;
}
