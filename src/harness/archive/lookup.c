#include "archive/lookup.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "run/git.h"
#include "util/file.h"
#include "util/folder.h"
#include "util/memory.h"
#include "util/strings.h"
#include "util/suggest.h"

static void drop(struct tb_document *document)
{
    tb_document_finish(document);
    free(document);
}

static int read_document(const char *path, struct tb_side *side, struct tb_error *error)
{
    struct tb_document *document = tb_alloc(1, sizeof *document);
    int code = tb_document_read(path, false, document, error);

    if (code) {
        free(document);
        return code;
    }
    side->documents = tb_grow(side->documents, side->count + 1, sizeof(struct tb_document *));
    side->documents[side->count++] = document;
    return 0;
}

/* A run that is there twice, interrupted and to its end, would be taken for two. */
static void skip_shorter(struct tb_side *side)
{
    struct tb_document **same = side->documents, *last = side->documents[side->count - 1];
    struct tb_document *shorter = last;

    while (!tb_document_is_same_run(*same, last))
        same++;
    if (*same == last)
        return;
    if ((*same)->result.finished_rounds < last->result.finished_rounds) {
        shorter = *same;
        *same = last;
    }
    tb_notice("skipped: '%s' is of the same run as '%s'", shorter->path, (*same)->path);
    side->count--;
    drop(shorter);
}

static void read_or_skip(const char *path, struct tb_side *side)
{
    struct tb_error error;

    if (!read_document(path, side, &error)) {
        skip_shorter(side);
        return;
    }
    tb_notice("skipped: %s", error.text);
    side->damaged++;
}

static void skip(const char *path, const char *why, struct tb_side *side)
{
    tb_notice("skipped: '%s': %s", path, why);
    side->damaged++;
}

static int read_below(const char *folder, struct tb_side *side);

/* What may be a document, or hide some, is read or reported. */
/* NOLINTNEXTLINE(misc-no-recursion): as deep as a path may be */
static void read_item(const char *path, struct tb_side *side)
{
    bool named = tb_ends_with(path, ".json");
    struct stat status;
    int err = lstat(path, &status) ? errno : 0;

    if (!err && S_ISDIR(status.st_mode))
        err = read_below(path, side);
    else if (!err && S_ISLNK(status.st_mode) && (named || tb_is_folder(path)))
        skip(path, "a symbolic link, which is not followed", side);
    else if (!err && S_ISREG(status.st_mode) && named)
        read_or_skip(path, side);
    else if (!err && named)
        skip(path, "no regular file", side);
    if (err && err != ENOENT) /* gone meanwhile, as a writer's leftover is */
        skip(path, strerror(err), side);
}

/* Returns 0 or the errno value that the folder could not be read to its end for. */
/* NOLINTNEXTLINE(misc-no-recursion): as deep as a path may be */
static int read_below(const char *folder, struct tb_side *side)
{
    tb_autowords char **names = NULL;
    int err = tb_folder_names(folder, &names);

    for (char **name = names; *name; name++) {
        tb_autofree char *path = tb_folder_path(folder, *name);

        read_item(path, side);
    }
    return err;
}

static int read_folder(const char *folder, struct tb_side *side, struct tb_error *error)
{
    int err = read_below(folder, side);

    return err ? tb_file_unreadable(folder, err, error) : 0;
}

/* A path within the archive, as its entries have it, whose folder may end with '/'; the caller's.
 */
static char *path_within(const struct tb_archive *archive, const char *inner)
{
    /* NOLINTNEXTLINE(clang-analyzer-core.NonNullParamChecker): one that was loaded has a folder */
    size_t size = strlen(archive->folder);

    while (size && archive->folder[size - 1] == '/')
        size--;
    return tb_print("%.*s/%s", (int)size, archive->folder, inner);
}

/* Whether it may hide documents of a folder of the archive: it is that, or, with `deep`, in there.
 */
static bool hides(const struct tb_archive_entry *entry, const char *folder, bool deep)
{
    size_t size = strlen(folder);

    return entry->kind == TB_ARCHIVED_UNREADABLE && tb_begins_with(entry->path, folder) &&
           (!entry->path[size] || (deep && entry->path[size] == '/'));
}

/* Reports a host's folder that cannot be read. */
static void check_host(const struct tb_archive *archive, const char *host, struct tb_side *side)
{
    tb_autofree char *folder = path_within(archive, host);

    for (size_t i = 0; i < archive->count; i++) {
        if (hides(&archive->entries[i], folder, false))
            skip(archive->entries[i].path, tb_archive_reason(&archive->entries[i]), side);
    }
}

/* As the archive has it; the caller's. */
static char *host_of(const struct tb_places *places)
{
    char name[256] = "";

    (void)gethostname(name, sizeof name - 1); /* it was zeroed */
    return tb_archive_host(places->host ? places->host : name);
}

/* What the archive has of a commit on a host. */
static void read_commit(const struct tb_archive *archive, const char *host, const char *commit,
                        struct tb_side *side)
{
    tb_autofree char *inner = tb_print("%s/%s", host, commit),
                     *folder = path_within(archive, inner);

    for (size_t i = 0; i < archive->count; i++) {
        const struct tb_archive_entry *entry = &archive->entries[i];

        if (entry->kind == TB_ARCHIVED_DOCUMENT && !entry->dirty &&
            tb_same(entry->commit, commit) && !strcmp(entry->host, host))
            read_or_skip(entry->path, side);
        else if (hides(entry, folder, true))
            skip(entry->path, tb_archive_reason(entry), side);
    }
    if (side->count)
        side->name = tb_print("%.12s", commit);
}

int tb_places_open(const struct tb_places *places, struct tb_archive *archive,
                   struct tb_error *error)
{
    tb_autofree char *folder = places->archive ? tb_copy(places->archive) : tb_archive_nearest();

    if (!folder)
        return tb_misuse(error,
                         "no 'bench-results' in this folder or above it: give --archive DIR");
    return tb_archive_load(archive, folder, error);
}

/* What git says of a name that is no file: no revision either, or why it does not say. */
static int find_revision(const char *repo, const char *name, struct tb_revision *ret_revision,
                         struct tb_error *error)
{
    tb_autofree char *nearest = NULL;
    struct tb_error why;
    int code = tb_git_find(repo, name, ret_revision, &why);

    if (!code && ret_revision->commit)
        return 0;
    if (!code || code == TB_USAGE)
        nearest = tb_nearest_path(name);
    if (!code && !nearest)
        nearest = tb_git_nearest(repo, name);
    if (code == TB_USAGE && !nearest)
        return tb_misuse(error, "'%s': no such file or folder, and git cannot read '%s': %s", name,
                         repo, why.text);
    if (code && !nearest)
        return tb_error_set(error, code, "'%s': no such file or folder, and of revisions: %s", name,
                            why.text);
    return tb_misuse(
        error, "'%s': no such file or folder, and no revision of the repository '%s'%s%s%s", name,
        repo, nearest ? ": did you mean '" : "", nearest ? nearest : "", nearest ? "'?" : "");
}

/* What the archive has of the nearest ancestor of which it has any. */
static int read_ancestor(const struct tb_archive *archive, const char *repo, const char *host,
                         const char *commit, struct tb_side *side, struct tb_error *error)
{
    tb_autofree char *commits = NULL;
    int code = tb_git_history(repo, commit, &commits, error);

    for (char *each = commits ? strtok(commits, "\n") : NULL; each && !side->count;
         each = strtok(NULL, "\n")) {
        if (strcmp(each, commit) != 0)
            read_commit(archive, host, each, side);
    }
    return code;
}

/* Another host on which the commit was measured; NULL: none. */
static const char *find_host(const struct tb_archive *archive, const char *commit)
{
    for (size_t i = 0; i < archive->count; i++) {
        const struct tb_archive_entry *entry = &archive->entries[i];

        if (entry->kind == TB_ARCHIVED_DOCUMENT && !entry->dirty && tb_same(entry->commit, commit))
            return entry->host;
    }
    return NULL;
}

static int refuse_commit(const struct tb_archive *archive, const char *host, const char *commit,
                         bool ancestor, struct tb_error *error)
{
    const char *other = ancestor ? NULL : find_host(archive, commit);

    if (other)
        return tb_failure(error,
                          "'%s' has no document of %.12s on host '%s', but on '%s': give --host "
                          "%s, or measure here with 'threadbench run --archive %s'",
                          archive->folder, commit, host, other, other, archive->folder);
    return tb_failure(error,
                      "'%s' has no document of %s%.12s on host '%s': measure it with "
                      "'threadbench run --archive %s', or use 'threadbench ab'",
                      archive->folder, ancestor ? "any ancestor of " : "", commit, host,
                      archive->folder);
}

/* Of a revision, or of the nearest of its ancestors of which the archive has any. */
static int read_revision(const struct tb_places *places, const char *name, bool ancestor,
                         struct tb_side *side, struct tb_error *error)
{
    const char *repo = places->repo ? places->repo : ".";
    tb_auto(tb_revision_finish) struct tb_revision revision = {0};
    tb_auto(tb_archive_finish) struct tb_archive archive = {0};
    tb_autofree char *host = host_of(places);
    int code = find_revision(repo, name, &revision, error);

    if (!code)
        code = tb_places_open(places, &archive, error);
    if (!code)
        check_host(&archive, host, side);
    if (!code && ancestor)
        code = read_ancestor(&archive, repo, host, revision.commit, side, error);
    else if (!code)
        read_commit(&archive, host, revision.commit, side);
    if (code || side->count)
        return code;
    return refuse_commit(&archive, host, revision.commit, ancestor, error);
}

/* With what a document's subject and revision add to it; the caller's. */
static char *full_name(const char *name, const struct tb_document *document)
{
    const char *label = document->subject.label, *revision = document->revision.describe;
    char *labelled = label ? tb_print("%s, %s", name, label) : tb_copy(name), *full;

    if (!revision)
        return labelled;
    full = tb_print("%s (%s)", labelled, revision);
    free(labelled);
    return full;
}

static int read_any(const struct tb_places *places, const char *name, bool ancestor,
                    struct tb_side *side, struct tb_error *error)
{
    struct stat status;
    int code;

    if (ancestor && !stat(name, &status))
        return tb_misuse(error, "--ancestor '%s': that is a file or a folder: give a revision",
                         name);
    if (ancestor || stat(name, &status))
        return read_revision(places, name, ancestor, side, error);
    if (!S_ISDIR(status.st_mode))
        return read_document(name, side, error);
    code = read_folder(name, side, error);
    if (!code && !side->count)
        code = tb_failure(error, "no document in '%s'", name);
    return code;
}

int tb_side_read(const struct tb_places *places, const char *name, bool ancestor,
                 struct tb_side *side, struct tb_error *error)
{
    int code = read_any(places, name, ancestor, side, error);
    tb_autofree char *commit = side->name;
    const char *shown = commit ? commit : name;

    side->name = NULL;
    if (code)
        return code;
    side->name = side->count > 1 ? tb_print("%s, %zu documents", shown, side->count)
                                 : full_name(shown, side->documents[0]);
    side->results = tb_alloc(side->count, sizeof(struct tb_result *));
    for (size_t i = 0; i < side->count; i++)
        side->results[i] = &side->documents[i]->result;
    return 0;
}

void tb_side_finish(struct tb_side *side)
{
    for (size_t i = 0; i < side->count; i++)
        drop(side->documents[i]);
    free(side->documents);
    free(side->results);
    free(side->name);
    *side = (struct tb_side){0};
}
