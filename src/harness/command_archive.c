#include "command.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "archive.h"
#include "file.h"
#include "json.h"
#include "memory.h"
#include "stored.h"
#include "text.h"

static const char *const kinds[] = {"document", "leftover of a writer", "no name of the archive's",
                                    "empty or unreadable"};

/* Every file that is no document: none is passed over in silence. */
static size_t put_others(const struct tb_page *page, const struct tb_archive *archive)
{
    size_t unreadable = 0;

    for (size_t i = 0; i < archive->count; i++) {
        const struct tb_archive_entry *entry = &archive->entries[i];

        if (entry->kind != TB_ARCHIVED_DOCUMENT)
            tb_page_line(page, 4, "passed over %s: %s", entry->path, kinds[entry->kind]);
        unreadable += entry->kind == TB_ARCHIVED_UNREADABLE;
    }
    return unreadable;
}

static bool is_wanted(const struct tb_options *options, const struct tb_archive_entry *entry)
{
    const char *commit = entry->commit ? entry->commit : "none";

    return entry->kind == TB_ARCHIVED_DOCUMENT &&
           (!options->host || !strcmp(options->host, entry->host)) &&
           (!options->revision || !strncmp(commit, options->revision, strlen(options->revision)));
}

/* "20261123T005102Z" as ISO 8601 has it at length. */
static char *long_time(const char *time)
{
    return tb_print("%.4s-%.2s-%.2sT%.2s:%.2s:%.2sZ", time, time + 4, time + 6, time + 9, time + 11,
                    time + 13);
}

static void put_table(const struct tb_page *page, const struct tb_options *options,
                      const struct tb_archive *archive)
{
    static const char *const columns[] = {"time", "host", "revision", "run", "label"};
    struct libscols_table *table = tb_page_table(page);

    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
        tb_table_column(table, columns[i], i ? SCOLS_FL_TRUNC : 0);
    for (size_t i = 0; i < archive->count; i++) {
        const struct tb_archive_entry *entry = &archive->entries[i];
        struct libscols_line *line =
            is_wanted(options, entry) ? scols_table_new_line(table, NULL) : NULL;
        char *time = line ? long_time(entry->time) : NULL;
        char *revision = tb_print("%.12s%s", entry->commit ? entry->commit : "none",
                                  entry->dirty ? "-dirty" : "");
        const char *const cells[] = {time, entry->host, revision, entry->run_id, entry->label};

        for (size_t k = 0; line && k < sizeof cells / sizeof *cells; k++)
            tb_table_set(line, k, cells[k]);
        free(revision);
        free(time);
    }
    tb_page_put_table(page, table);
    (void)put_others(page, archive);
}

static cJSON *entry_json(const struct tb_archive_entry *entry)
{
    cJSON *item = cJSON_CreateObject();
    char *time = entry->time ? long_time(entry->time) : NULL;

    tb_json_set_text(item, "path", entry->path);
    if (entry->kind != TB_ARCHIVED_DOCUMENT) {
        tb_json_set_text(item, "reason", kinds[entry->kind]);
    } else {
        tb_json_set_text(item, "host", entry->host);
        tb_json_set_text(item, "commit", entry->commit);
        tb_json_set_flag(item, "dirty", entry->dirty);
        tb_json_set_text(item, "started_utc", time);
        tb_json_set_text(item, "run_id", entry->run_id);
        tb_json_set_text(item, "label", entry->label);
    }
    free(time);
    return item;
}

static void put_json(const struct tb_options *options, const struct tb_archive *archive)
{
    cJSON *root = cJSON_CreateObject();
    cJSON *documents = tb_json_set_array(root, "documents");
    cJSON *others = tb_json_set_array(root, "passed_over");
    char *text;

    for (size_t i = 0; i < archive->count; i++) {
        const struct tb_archive_entry *entry = &archive->entries[i];

        if (is_wanted(options, entry) || entry->kind != TB_ARCHIVED_DOCUMENT)
            (void)cJSON_AddItemToArray(entry->kind == TB_ARCHIVED_DOCUMENT ? documents : others,
                                       entry_json(entry)); /* neither is NULL */
    }
    text = cJSON_Print(root);
    (void)puts(text); /* the caller of the command asks ferror() */
    free(text);
    cJSON_Delete(root);
}

/* Of the archive that is given, or of the nearest one. */
static int load(struct tb_archive *archive, const struct tb_options *options,
                struct tb_error *error)
{
    const char *given = options->operands[0];
    char *folder = given ? tb_copy(given) : tb_archive_nearest();
    int code;

    if (!folder)
        return tb_error_set(error, TB_USAGE,
                            "no folder 'bench-results' here or above: give the archive's");
    code = tb_archive_load(archive, folder, error);
    free(folder);
    return code;
}

int tb_command_archive_list(struct tb_options *options, struct tb_error *error)
{
    struct tb_page page = tb_page(stdout);
    struct tb_archive archive = {0};
    int code = load(&archive, options, error);

    if (code)
        return code;
    if (options->json)
        put_json(options, &archive);
    else
        put_table(&page, options, &archive);
    tb_archive_finish(&archive);
    return 0;
}

/* Whether it is what was kept, and can be read. */
static int verify(const char *path, struct tb_error *error)
{
    struct tb_stored stored = {0};
    int code = tb_archive_verify(path, error);

    if (!code)
        code = tb_stored_read(path, &stored, error);
    tb_stored_finish(&stored);
    return code;
}

int tb_command_archive_verify(struct tb_options *options, struct tb_error *error)
{
    struct tb_page page = tb_page(stdout);
    size_t whole = 0, damaged;
    struct tb_archive archive = {0};
    int code = load(&archive, options, error);

    if (code)
        return code;
    damaged = put_others(&page, &archive);
    for (size_t i = 0; i < archive.count; i++) {
        struct tb_error why;

        if (archive.entries[i].kind != TB_ARCHIVED_DOCUMENT)
            continue;
        if (verify(archive.entries[i].path, &why)) {
            tb_page_line(&page, 4, "%s", why.text);
            damaged++;
        } else {
            whole++;
        }
    }
    tb_archive_finish(&archive);
    tb_page_line(&page, 4, "%zu whole, %zu damaged", whole, damaged);
    return damaged ? tb_error_set(error, TB_FAILURE, "%zu damaged: remove them, or restore them",
                                  damaged)
                   : 0;
}

static int by_path(const void *left, const void *right)
{
    const struct tb_archive_entry *a = left, *b = right;

    return strcmp(a->path, b->path);
}

/* Whether two entries are of the same host and revision: in the same folder. */
static bool are_together(const struct tb_archive_entry *a, const struct tb_archive_entry *b)
{
    size_t size = (size_t)(strrchr(a->path, '/') + 1 - a->path);

    return !strncmp(a->path, b->path, size) && !strchr(b->path + size, '/');
}

static int remove_entry(const struct tb_page *page, const struct tb_archive_entry *entry,
                        bool dry_run, struct tb_error *error)
{
    struct tb_error why;

    if (!dry_run && unlink(entry->path)) {
        (void)tb_file_failed("remove", entry->path, errno,
                             &why); /* returns what is returned here */
        tb_page_line(page, 4, "%s", why.text);
        return tb_error_set(error, TB_FAILURE, "not everything could be removed");
    }
    tb_page_line(page, 4, "%s %s", dry_run ? "would remove" : "removed", entry->path);
    return 0;
}

int tb_command_archive_prune(struct tb_options *options, struct tb_error *error)
{
    struct tb_page page = tb_page(stdout);
    const struct tb_archive_entry *last = NULL;
    uint64_t newer = 0;
    time_t hour_ago = time(NULL) - 3600;
    struct tb_archive archive = {0};
    int code = load(&archive, options, error);

    if (archive.count) /* else there is no array */
        qsort(archive.entries, archive.count, sizeof *archive.entries, by_path);
    for (size_t i = archive.count; i-- > 0;) {
        const struct tb_archive_entry *entry = &archive.entries[i];
        bool document = entry->kind == TB_ARCHIVED_DOCUMENT;

        if (document) {
            newer = last && are_together(last, entry) ? newer + 1 : 0;
            last = entry;
        }
        if (document ? newer >= options->keep || (options->dirty && entry->dirty)
                     : entry->kind == TB_ARCHIVED_LEFTOVER && entry->changed < hour_ago)
            code |= remove_entry(&page, entry, options->dry_run, error);
    }
    tb_archive_finish(&archive);
    return code;
}

static int add_file(const char *folder, const char *file, struct tb_error *error)
{
    struct tb_error note = {""};
    char *text = NULL, *path = NULL;
    size_t size;
    int err = tb_file_read(file, 1 << 30, &text, &size);
    int code;

    if (err)
        return tb_file_failed("read", file, err, error);
    code = tb_archive_put(folder, text, size, &path, &note);
    if (code)
        (void)tb_error_set(error, code, "%s: %s", file, note.text);
    else
        (void)printf("%s\n", note.text[0] ? note.text : path); /* main asks ferror() */
    free(path);
    free(text);
    return code;
}

int tb_command_archive_add(struct tb_options *options, struct tb_error *error)
{
    char *const *words = options->operands;
    struct tb_error why;
    int code = tb_archive_check(words[0], error);
    bool failed = false;

    for (size_t i = 1; !code && words[i]; i++) {
        if (add_file(words[0], words[i], &why)) {
            (void)fprintf(stderr, "threadbench: %s\n", why.text); /* nowhere else to tell it */
            failed = true;
        }
    }
    return code ? code : failed;
}
