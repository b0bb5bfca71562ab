#include "cli/command.h"

#include <stdlib.h>
#include <string.h>

#include "archive/archive.h"
#include "archive/index.h"
#include "cli/export.h"
#include "cli/output.h"
#include "document/read.h"
#include "report/figures.h"
#include "report/page.h"
#include "report/table.h"
#include "util/file.h"
#include "util/json.h"
#include "util/memory.h"
#include "util/strings.h"

/* A file that is no document: none is skipped in silence. Returns 1 for what is damage. */
static size_t put_other(const struct tb_page *page, const struct tb_archive_entry *entry)
{
    if (entry->kind != TB_ARCHIVED_DOCUMENT)
        tb_page_line(page, 4, "skipped %s: %s", entry->path, tb_archive_reason(entry));
    return entry->kind == TB_ARCHIVED_UNREADABLE;
}

static size_t put_others(const struct tb_page *page, const struct tb_archive *archive)
{
    size_t unreadable = 0;

    for (size_t i = 0; i < archive->count; i++)
        unreadable += put_other(page, &archive->entries[i]);
    return unreadable;
}

static bool is_of_host(const char *name, const struct tb_archive_entry *entry)
{
    tb_autofree char *host = tb_archive_host(name);

    return !strcmp(host, entry->host);
}

static bool is_wanted(const struct tb_options *options, const struct tb_archive_entry *entry)
{
    const char *commit = entry->commit ? entry->commit : "none";

    return entry->kind == TB_ARCHIVED_DOCUMENT &&
           (!options->host || is_of_host(options->host, entry)) &&
           (!options->label || tb_same(options->label, entry->label)) &&
           (!options->revision || !strncmp(commit, options->revision, strlen(options->revision)));
}

/* "20261123T005102Z" as ISO 8601 has it at length. */
static char *long_time(const char *time)
{
    return tb_print("%.4s-%.2s-%.2sT%.2s:%.2s:%.2sZ", time, time + 4, time + 6, time + 9, time + 11,
                    time + 13);
}

/* The index knows the state of many; of the others it stands in the head of the document. */
static const char *state_of(const struct tb_archive *archive, const struct tb_digests *digests,
                            size_t at)
{
    tb_autojson cJSON *context = NULL;

    if (digests->there[at])
        return digests->each[at].state;
    context = tb_document_context(archive->entries[at].path);
    return tb_document_state(context);
}

static void put_table(const struct tb_page *page, const struct tb_options *options,
                      const struct tb_archive *archive, const struct tb_digests *digests)
{
    static const char *const columns[] = {"time", "host", "revision", "run", "label", "state"};
    struct libscols_table *table = tb_page_table(page);

    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
        tb_table_column(table, columns[i], i ? SCOLS_FL_TRUNC : 0);
    for (size_t i = 0; i < archive->count; i++) {
        const struct tb_archive_entry *entry = &archive->entries[i];
        struct libscols_line *line =
            is_wanted(options, entry) ? scols_table_new_line(table, NULL) : NULL;
        tb_autofree char *time = line ? long_time(entry->time) : NULL;
        const char *state = line ? state_of(archive, digests, i) : NULL;
        tb_autofree char *revision = tb_print("%.12s%s", entry->commit ? entry->commit : "none",
                                              entry->dirty ? "-dirty" : "");
        const char *const cells[] = {time,          entry->host,  revision,
                                     entry->run_id, entry->label, state};

        for (size_t k = 0; line && k < sizeof cells / sizeof *cells; k++)
            tb_table_set(line, k, cells[k]);
    }
    tb_page_put_table(page, table);
    (void)put_others(page, archive);
}

static cJSON *entry_json(const struct tb_archive *archive, const struct tb_digests *digests,
                         size_t at)
{
    const struct tb_archive_entry *entry = &archive->entries[at];
    cJSON *item = cJSON_CreateObject();
    tb_autofree char *time = NULL;

    tb_json_set_text(item, "path", entry->path);
    if (entry->kind != TB_ARCHIVED_DOCUMENT) {
        tb_json_set_text(item, "reason", tb_archive_reason(entry));
        return item;
    }
    time = long_time(entry->time);
    tb_json_set_text(item, "host", entry->host);
    tb_json_set_text(item, "commit", entry->commit);
    tb_json_set_flag(item, "dirty", entry->dirty);
    tb_json_set_text(item, "started_utc", time);
    tb_json_set_text(item, "run_id", entry->run_id);
    tb_json_set_text(item, "label", entry->label);
    tb_json_set_text(item, "state", state_of(archive, digests, at));
    return item;
}

static void put_json(const struct tb_options *options, const struct tb_archive *archive,
                     const struct tb_digests *digests)
{
    cJSON *root = cJSON_CreateObject();
    cJSON *documents = tb_json_set_array(root, "documents");
    cJSON *others = tb_json_set_array(root, "skipped");

    for (size_t i = 0; i < archive->count; i++) {
        const struct tb_archive_entry *entry = &archive->entries[i];

        if (is_wanted(options, entry) || entry->kind != TB_ARCHIVED_DOCUMENT)
            tb_json_add(entry->kind == TB_ARCHIVED_DOCUMENT ? documents : others,
                        entry_json(archive, digests, i));
    }
    tb_json_put(stdout, root);
}

/* With a '/' behind it that would be the root. */
static int refuse_empty(struct tb_error *error)
{
    return tb_misuse(error, "archive '': give a folder");
}

/* Of the archive that is given, or of the nearest one. */
static int load(struct tb_archive *archive, const struct tb_options *options,
                struct tb_error *error)
{
    const char *given = options->operands[0];
    tb_autofree char *folder = given ? tb_copy(given) : tb_archive_nearest();

    if (!folder)
        return tb_misuse(error, "no folder 'bench-results' here or above: give the archive's");
    return *folder ? tb_archive_load(archive, folder, error) : refuse_empty(error);
}

/* That an option has left nothing over: its argument may be misspelt. */
static void note_nothing(const struct tb_options *options, const struct tb_archive *archive)
{
    tb_autofree char *meant = NULL;

    if (!options->host && !options->revision)
        return;
    for (size_t i = 0; i < archive->count; i++) {
        if (is_wanted(options, &archive->entries[i]))
            return;
    }
    meant = options->host ? tb_archive_meant_host(archive, options->host) : NULL;
    tb_notice("'%s' has no such document: %s", archive->folder,
              meant ? meant : "'threadbench archive list' without --host and --revision shows all");
}

int tb_command_archive_list(struct tb_options *options, struct tb_error *error)
{
    struct tb_page page = tb_page(stdout);
    tb_auto(tb_archive_finish) struct tb_archive archive = {0};
    tb_auto(tb_digests_finish) struct tb_digests digests = {0};
    int code = load(&archive, options, error);

    if (code)
        return code;
    digests = tb_index_peek(&archive);
    note_nothing(options, &archive);
    if (options->json)
        put_json(options, &archive, &digests);
    else
        put_table(&page, options, &archive, &digests);
    return 0;
}

int tb_command_archive_verify(struct tb_options *options, struct tb_error *error)
{
    struct tb_page page = tb_page(stdout);
    size_t whole = 0, damaged;
    tb_auto(tb_archive_finish) struct tb_archive archive = {0};
    int code = load(&archive, options, error);

    if (code)
        return code;
    damaged = put_others(&page, &archive);
    for (size_t i = 0; i < archive.count; i++) {
        struct tb_error why;

        if (archive.entries[i].kind != TB_ARCHIVED_DOCUMENT)
            continue;
        if (tb_archive_verify(archive.entries[i].path, &why)) {
            tb_page_line(&page, 4, "%s", why.text);
            damaged++;
        } else {
            whole++;
        }
    }
    tb_page_line(&page, 4, "%zu whole, %zu damaged", whole, damaged);
    return damaged ? tb_failure(error,
                                "%zu damaged or unreadable: restore them, or remove what is lost",
                                damaged)
                   : 0;
}

/* It is read once: what is checked is what is kept, and it may be a pipe. What `compare` cannot
 * read is refused. */
static int add_file(const char *folder, const char *file, struct tb_error *error)
{
    tb_auto(tb_document_finish) struct tb_document document = {0};
    tb_autofree char *text = NULL, *path = NULL;
    struct tb_error note = {""};
    char *copy;
    size_t size;
    int err = tb_file_read(file, TB_DOCUMENT_LIMIT, &text, &size);
    int code;

    if (err)
        return tb_file_unreadable(file, err, error);
    copy = memcpy(tb_alloc_text(size + 1), text, size + 1); /* with the NUL behind it */
    code = tb_document_parse(file, copy, size, false, &document, error);
    if (code)
        return code;
    code = tb_archive_put(folder, document.context, text, size, &path, &note);
    if (code)
        return tb_error_set(error, code, "%s: %s", file, note.text);
    (void)printf("%s\n", note.text[0] ? note.text : path); /* main asks ferror() */
    return 0;
}

int tb_command_archive_add(struct tb_options *options, struct tb_error *error)
{
    char *const *words = options->operands;
    struct tb_error why;
    int code = *words[0] ? tb_archive_check(words[0], error) : refuse_empty(error);
    bool failed = false;

    for (size_t i = 1; !code && words[i]; i++) {
        if (add_file(words[0], words[i], &why)) {
            tb_notice("%s", why.text);
            failed = true;
        }
    }
    return code ? code : failed;
}

/* Documents on their way out, one after the other. */
struct passing {
    const struct tb_options *options;
    const struct tb_archive *archive;
    struct tb_document *latest; /* not out yet: it may be a part of a run that comes again */
    size_t damaged;             /* files that could not be read */
};

static void drop(struct tb_document *document)
{
    if (document)
        tb_document_finish(document);
    free(document);
}

/* Exports the latest, and has this one in its place; NULL: none. */
static int pass(struct passing *passing, struct tb_document *document, struct tb_export *export,
                struct tb_error *error)
{
    int code = passing->latest ? tb_export_add(export, passing->latest, error) : 0;

    drop(passing->latest);
    passing->latest = document;
    return code;
}

/* Of a run that is there twice, interrupted and to its end, the longer document goes out: their
 * names begin alike, so they follow each other. What cannot be read is skipped, with a notice. */
static int take(struct passing *passing, const char *path, struct tb_export *export,
                struct tb_error *error)
{
    struct tb_document *document = tb_alloc(1, sizeof *document), *latest = passing->latest;
    struct tb_error why;

    if (tb_document_read(path, false, document, &why)) {
        tb_notice("skipped: %s", why.text);
        free(document);
        passing->damaged++;
        return 0;
    }
    if (!latest || !tb_document_is_same_run(latest, document))
        return pass(passing, document, export, error);
    if (latest->result.finished_rounds > document->result.finished_rounds) {
        drop(document);
    } else {
        drop(latest);
        passing->latest = document;
    }
    return 0;
}

static int pass_all(struct tb_export *export, void *user, struct tb_error *error)
{
    struct passing *passing = user;
    int code = 0;

    for (size_t i = 0; !code && i < passing->archive->count; i++) {
        const struct tb_archive_entry *entry = &passing->archive->entries[i];

        if (entry->kind == TB_ARCHIVED_UNREADABLE) {
            tb_notice("skipped: %s: %s", entry->path, tb_archive_reason(entry));
            passing->damaged++;
        } else if (is_wanted(passing->options, entry)) {
            code = take(passing, entry->path, export, error);
        }
    }
    if (!code)
        return pass(passing, NULL, export, error);
    drop(passing->latest);
    return code;
}

int tb_command_archive_export(struct tb_options *options, struct tb_error *error)
{
    tb_auto(tb_archive_finish) struct tb_archive archive = {0};
    struct passing passing = {.options = options, .archive = &archive};
    int code = tb_output_spare("--output", options->output, (char *[]){NULL}, error);

    if (!code)
        code = load(&archive, options, error);
    if (!code)
        code = tb_export_to_output(options, true, pass_all, &passing, error);
    if (!code && passing.damaged)
        code = tb_failure(error, "exported without %s that could not be read: see 'archive verify'",
                          tb_text_count(passing.damaged, "file").text);
    return code;
}
