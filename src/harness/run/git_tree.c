#include "run/git_tree.h"

#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "run/git_ask.h"
#include "run/scratch.h"
#include "util/file.h"
#include "util/folder.h"
#include "util/memory.h"
#include "util/strings.h"

/* Where git has the parts of a repository; all owned, and absolute. */
struct places {
    char *top; /* of the work tree */
    char *own, *index, *objects;
};

static void places_finish(struct places *places)
{
    free(places->top);
    free(places->own);
    free(places->index);
    free(places->objects);
}

/* Cuts the first line off; NULL: there is none. */
static char *cut_line(char **text)
{
    char *line = *text, *end = strchr(line, '\n');

    if (!end)
        return NULL;
    *end = '\0';
    *text = end + 1;
    return line;
}

/* Relative to the folder, so that it is no matter what its own name is made of. TB_USAGE, too,
 * where there is no work tree. */
static int find_places(const char *folder, struct places *places, struct tb_error *error)
{
    static const char outside[] = "false\n";
    static const char *const words[] = {"rev-parse",   "--is-inside-work-tree",
                                        "--show-cdup", "--path-format=relative",
                                        "--git-dir",   "--git-path",
                                        "index",       "--git-path",
                                        "objects",     NULL};
    const struct tb_question question = {.folder = folder, .words = words};
    char **parts[] = {&places->top, &places->own, &places->index, &places->objects};
    tb_autofree char *answer = NULL, *real = NULL;
    int code = tb_git_ask(&question, &answer, error);
    char *rest = answer;

    if (code || !answer)
        return code ? code : tb_git_unusable(words[0], error);
    if (tb_begins_with(answer, outside))
        return tb_misuse(error, "'%s' is in no work tree", folder);
    (void)cut_line(&rest);
    real = realpath(folder, NULL);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        const char *line = cut_line(&rest);

        if (!real || !line)
            return tb_git_unusable(words[0], error);
        *parts[i] = *line == '/' ? tb_copy(line) : tb_print("%s/%s", real, line);
    }
    return 0;
}

/* What the file system of the work tree is like, and how its lines end. */
static int read_settings(const char *folder, char **ret_answer, struct tb_error *error)
{
    static const char *const words[] = {
        "config", "--get-regexp", "^core\\.(filemode|symlinks|ignorecase|autocrlf|eol)$", NULL};

    return tb_git_ask(&(struct tb_question){.folder = folder, .words = words}, ret_answer, error);
}

static bool is_asked(const char *name)
{
    static const char *const names[] = {"core.filemode", "core.symlinks", "core.ignorecase",
                                        "core.autocrlf", "core.eol"};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (!strcmp(name, names[i]))
            return true;
    }
    return false;
}

/* "core.NAME VALUE", the value of letters and digits; anything else is left out: what follows an
 * end of a line within a value may be made to look like a line of git's. */
static void put_setting(FILE *out, char *line)
{
    const char *name = strsep(&line, " "), *value = line;

    if (!value || !is_asked(name))
        return;
    for (const char *at = value; *at; at++) {
        if (!isalnum((unsigned char)*at))
            return;
    }
    (void)fprintf(out, "%s = %s\n", strchr(name, '.') + 1, value); /* into memory, as below */
}

/* The caller's. */
static char *configuration(const char *commit, char *settings)
{
    bool sha256 = strlen(commit) == 64;
    char *text, *line;
    size_t size;
    FILE *out = tb_open_text(&text, &size);

    (void)fprintf(out, "[core]\nrepositoryformatversion = %d\nbare = false\n", sha256);
    while (settings && (line = cut_line(&settings)) != NULL)
        put_setting(out, line);
    if (sha256)
        (void)fputs("[extensions]\nobjectFormat = sha256\n", out);
    (void)fclose(out);
    return text;
}

/* 0 or an errno value. */
static int put_file(const char *folder, const char *name, const char *text)
{
    tb_autofree char *path = tb_print("%s/%s", folder, name);

    return tb_file_create(path, text, strlen(text));
}

/* An index may be split: it is then of use with the files that have its other part alone. Returns 0
 * or an errno value. */
static int link_shared(const char *folder, const char *own)
{
    tb_autowords char **names = NULL;
    int err = tb_folder_names(own, &names);

    for (char **name = names; !err && *name; name++) {
        tb_autofree char *from = tb_folder_path(own, *name), *to = tb_folder_path(folder, *name);

        if (tb_begins_with(*name, "sharedindex.") && symlink(from, to))
            err = errno;
    }
    return err;
}

/* A folder that git takes for a repository's; 0 or an errno value. */
static int make_own(const char *folder, const struct places *places, const char *commit,
                    char *settings)
{
    tb_autofree char *refs = tb_print("%s/refs", folder), *head = tb_print("%s\n", commit);
    tb_autofree char *config = configuration(commit, settings);
    int err = mkdir(folder, 0700) || mkdir(refs, 0700) ? errno : 0;

    if (!err)
        err = put_file(folder, "HEAD", head);
    if (!err)
        err = put_file(folder, "config", config);
    assert(places->own); /* it was found */
    return err ? err : link_shared(folder, places->own);
}

/* "# branch.oid COMMIT" shows that it is an answer; what has changed follows, without a "#". */
static int read_status(char *text, const char *commit, bool *ret_dirty, struct tb_error *error)
{
    static const char mark[] = "# branch.oid ";
    const char *line = cut_line(&text);

    if (!line || !tb_begins_with(line, mark) || strcmp(line + strlen(mark), commit) != 0)
        return tb_git_unusable("status", error);
    while ((line = cut_line(&text)) != NULL)
        *ret_dirty |= *line != '#';
    return 0;
}

static int ask_status(const char *folder, const struct places *places, const char *commit,
                      bool *ret_dirty, struct tb_error *error)
{
    static const char *const words[] = {"status",
                                        "--porcelain=v2",
                                        "--branch",
                                        "--untracked-files=no",
                                        "--ignore-submodules=dirty",
                                        "--no-renames",
                                        NULL};
    tb_autofree char *own = tb_print("GIT_DIR=%s", folder);
    tb_autofree char *top = tb_print("GIT_WORK_TREE=%s", places->top);
    tb_autofree char *index = tb_print("GIT_INDEX_FILE=%s", places->index);
    tb_autofree char *objects = tb_print("GIT_OBJECT_DIRECTORY=%s", places->objects);
    const char *const variables[] = {own, top, index, objects, NULL};
    const struct tb_question question = {.folder = places->top,
                                         .variables = variables,
                                         .words = words,
                                         .timeout_s = 60,
                                         .limit = 64 << 20};
    tb_autofree char *answer = NULL;
    int code = tb_git_ask(&question, &answer, error);

    if (code || !answer)
        return code ? code : tb_git_unusable(words[0], error);
    return read_status(answer, commit, ret_dirty, error);
}

static int look(const char *folder, const char *commit, bool *ret_dirty, struct tb_error *error)
{
    tb_auto(places_finish) struct places places = {0};
    tb_autofree char *settings = NULL, *own = NULL;
    int code = find_places(folder, &places, error), err;

    if (!code)
        code = read_settings(folder, &settings, error);
    if (!code)
        code = tb_scratch_renew(error);
    if (code)
        return code;
    own = tb_scratch_path("git");
    err = make_own(own, &places, commit, settings);
    if (err)
        return tb_file_unwritable("make", own, err, error);
    return ask_status(own, &places, commit, ret_dirty, error);
}

int tb_git_tree_look(const char *folder, const char *commit, bool *ret_dirty,
                     struct tb_error *error)
{
    bool dirty = false;
    int code = look(folder, commit, &dirty, error);

    *ret_dirty = dirty || code == TB_USAGE;
    return code == TB_USAGE ? 0 : code;
}
