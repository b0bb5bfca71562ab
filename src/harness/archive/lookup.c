#include "archive/lookup.h"

#include <errno.h>
#include <fts.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "archive/archive.h"
#include "run/git.h"
#include "util/memory.h"
#include "util/strings.h"

static int read_document(const char *path, struct tb_source *source, struct tb_error *error)
{
    struct tb_document *document = tb_alloc(1, sizeof *document);
    int code = tb_document_read(path, document, error);

    if (code) {
        free(document);
        return code;
    }
    source->document = tb_grow(source->document, source->count + 1, sizeof(struct tb_document *));
    source->results = tb_grow(source->results, source->count + 1, sizeof(struct tb_result *));
    source->document[source->count] = document;
    source->results[source->count++] = &document->result;
    return 0;
}

static bool is_same_run(const struct tb_document *a, const struct tb_document *b)
{
    return tb_is_same_run(&a->result, &b->result) ||
           (!*a->result.run_id && a->size == b->size && a->crc32 == b->crc32);
}

/* A run that is there twice, as far as it had come and to its end, would be taken for two. */
static void leave_shorter(struct tb_source *source)
{
    struct tb_document *last = source->document[source->count - 1];
    size_t i = 0;

    while (!is_same_run(source->document[i], last))
        i++;
    if (i == source->count - 1)
        return;
    source->count--;
    if (source->document[i]->result.finished_rounds < last->result.finished_rounds) {
        source->document[source->count] = source->document[i];
        source->document[i] = last;
        source->results[i] = &last->result;
        last = source->document[source->count];
    }
    tb_notice("skipped: '%s' is of the same run as '%s'", last->path, source->document[i]->path);
    tb_document_finish(last);
    free(last);
}

static void read_or_tell(const char *path, struct tb_source *source)
{
    struct tb_error error;

    if (read_document(path, source, &error))
        tb_notice("skipped: %s", error.text);
    else
        leave_shorter(source);
}

static int by_name(const FTSENT **a, const FTSENT **b)
{
    return strcmp((*a)->fts_name, (*b)->fts_name);
}

static int read_folder(const char *folder, struct tb_source *source, struct tb_error *error)
{
    tb_autofree char *path = tb_copy(folder);
    FTS *tree =
        fts_open((char *[]){path, NULL}, FTS_PHYSICAL | FTS_COMFOLLOW | FTS_NOCHDIR, by_name);
    FTSENT *entry;

    while (tree && (entry = fts_read(tree)) != NULL) {
        if (entry->fts_info == FTS_F && tb_ends_with(entry->fts_name, ".json"))
            read_or_tell(entry->fts_path, source);
    }
    if (!tree || fts_close(tree))
        return tb_failure(error, "cannot read '%s': %s", folder, strerror(errno));
    return 0;
}

static void read_archived(const struct tb_archive *archive, const char *host, const char *commit,
                          struct tb_source *source)
{
    for (size_t i = 0; i < archive->count; i++) {
        const struct tb_archive_entry *entry = &archive->entries[i];

        if (entry->kind == TB_ARCHIVED_DOCUMENT && entry->commit && !entry->dirty &&
            !strcmp(entry->commit, commit) && !strcmp(entry->host, host))
            read_or_tell(entry->path, source);
    }
}

static int open_archive(const struct tb_places *places, struct tb_archive *archive,
                        struct tb_error *error)
{
    tb_autofree char *folder = places->archive ? tb_copy(places->archive) : tb_archive_nearest();

    if (!folder)
        return tb_misuse(error, "no archive: give --archive DIR, or go where 'bench-results' is");
    if (access(folder, F_OK))
        return tb_failure(error, "no archive '%s' yet: 'threadbench run --archive %s' begins one",
                          folder, folder);
    return tb_archive_load(archive, folder, error);
}

static int refuse(const char *name, const char *repo, struct tb_error *error)
{
    tb_autofree char *why = tb_git_refusal(repo);

    return tb_misuse(error, "'%s': neither a file nor a folder, nor does git know it in '%s'%s%s",
                     name, repo, why ? ": " : "", why ? why : "");
}

static char *this_host(void)
{
    char name[256] = "";

    (void)gethostname(name, sizeof name - 1); /* it was zeroed */
    return tb_archive_host(name);
}

/* Of a revision, or of the nearest of its ancestors that has any. */
static int read_revision(const struct tb_places *places, const char *name, bool ancestor,
                         struct tb_source *source, struct tb_error *error)
{
    const char *repo = places->repo ? places->repo : ".";
    tb_auto(tb_revision_finish) struct tb_revision revision = tb_git_find(repo, name);
    tb_auto(tb_archive_finish) struct tb_archive archive = {0};
    tb_autofree char *host = this_host(), *history = NULL;
    int code;

    if (!revision.commit)
        return refuse(name, repo, error);
    code = open_archive(places, &archive, error);
    if (code)
        return code;
    history = ancestor ? tb_git_history(repo, revision.commit) : tb_copy(revision.commit);
    for (char *line = history ? strtok(history, "\n") : NULL; line && !source->count;
         line = strtok(NULL, "\n")) {
        if (!ancestor || strcmp(line, revision.commit) != 0)
            read_archived(&archive, host, line, source);
        if (source->count) {
            free(source->caption);
            source->caption = tb_print("%.12s", line);
        }
    }
    if (source->count)
        return 0;
    return tb_failure(error,
                      "'%s' has no document of %s%.12s on this host: measure it with "
                      "'threadbench run --archive %s', or use 'threadbench ab'",
                      archive.folder, ancestor ? "any ancestor of " : "", revision.commit,
                      archive.folder);
}

/* With more than one, how many; with one, its revision where it has one. */
static void describe(const char *name, struct tb_source *source)
{
    const char *shown = source->caption ? source->caption : name;
    const struct tb_revision *revision = &source->document[0]->revision;
    const char *label = source->document[0]->subject.label;
    char *caption;

    if (source->count > 1)
        caption = tb_print("%s, %zu documents", shown, source->count);
    else
        caption =
            tb_print("%s%s%s%s%s%s", shown, label ? ", " : "", label ? label : "",
                     revision->describe ? " (" : "", revision->describe ? revision->describe : "",
                     revision->describe ? ")" : "");
    free(source->caption);
    source->caption = caption;
}

static int read_any(const struct tb_places *places, const char *name, bool ancestor,
                    struct tb_source *source, struct tb_error *error)
{
    struct stat status;
    int code;

    if (ancestor && !stat(name, &status))
        return tb_misuse(error, "--ancestor '%s': a file or a folder has none: give a revision",
                         name);
    if (ancestor || stat(name, &status))
        return read_revision(places, name, ancestor, source, error);
    if (!S_ISDIR(status.st_mode))
        return read_document(name, source, error);
    code = read_folder(name, source, error);
    if (!code && !source->count)
        code = tb_failure(error, "no document in '%s'", name);
    return code;
}

int tb_source_read(const struct tb_places *places, const char *name, bool ancestor,
                   struct tb_source *source, struct tb_error *error)
{
    int code = read_any(places, name, ancestor, source, error);

    if (!code)
        describe(name, source);
    return code;
}

void tb_source_finish(struct tb_source *source)
{
    for (size_t i = 0; i < source->count; i++) {
        tb_document_finish(source->document[i]);
        free(source->document[i]);
    }
    free(source->document);
    free(source->results);
    free(source->caption);
    *source = (struct tb_source){0};
}
