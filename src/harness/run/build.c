#include "run/build.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "run/git.h"
#include "run/procstat.h"
#include "run/signals.h"
#include "run/worker.h"
#include "util/file.h"
#include "util/folder.h"
#include "util/memory.h"
#include "util/strings.h"

static const char mark[] = "@rev:", option[] = "--build";

/* Also what a suite needs that is preloaded. */
static const char *const usual_commands[] = {
    "meson setup build -Dtests=false --prefix={out} --libdir=lib",
    "ninja -C build",
    "meson install --quiet -C build",
    NULL,
};
static const char usual_product[] = "bin/threadbench-suite";

/* The folder for a commit and the commands that build it; the caller's, NULL where there is no home
 * for it. */
static char *folder_of(const char *commit, const char *const *commands)
{
    uLong crc = crc32_z(0, NULL, 0);
    tb_autofree char *name = NULL;

    for (size_t i = 0; commands[i]; i++)
        crc = crc32_z(crc, (const Bytef *)commands[i], strlen(commands[i]) + 1);
    name = tb_print("%s-%08lx", commit, crc);
    return tb_file_cached(name);
}

struct build {
    const struct tb_recipe *recipe;
    const char *word; /* "@rev:REVISION" */
    const char *repo, *commit;
    const char *const *commands;
    int access;                                    /* how the product is used */
    char *folder, *tree, *out, *done, *lock, *log; /* the last five are in the first */
    char *product;                                 /* in `out`, which is kept; all owned */
};

/* How it ended, with the first line that calls itself an error in the place of the last one, which
 * of a build mostly says no more than that there was one. The caller's. */
static char *ending_text(const struct tb_ending *ending)
{
    const char *text = ending->written[TB_ERRORS].text, *line = strcasestr(text, "error:");
    tb_autofree char *why = NULL;

    if (ending->end != TB_EXITED || !line)
        return tb_ending_text(ending);
    why = tb_line_at(text, line);
    return tb_print("exit status %d: %s", ending->number, why);
}

/* `what` names it where it fails. */
static int run(const struct build *build, const char *what, const char *const *argv,
               double timeout_s, struct tb_error *error)
{
    const struct tb_job job = {
        .argv = (char *const *)argv, /* execvpe() takes them so but changes nothing */
        .timeout_s = timeout_s,
        .log_limit = 1 << 20,
    };
    tb_auto(tb_ending_finish) struct tb_ending ending = tb_worker_run(&job);
    tb_autofree char *how = NULL;
    struct tb_error ignored;

    if (tb_ending_is_good(&ending))
        return 0;
    if (ending.end == TB_INTERRUPTED)
        return tb_error_set(error, 128 + tb_signals_stopped(), "%s: interrupted", build->word);
    /* What was printed helps to see why it failed, and is a help only. */
    (void)tb_file_write(build->log, ending.written[TB_ERRORS].text, &ignored);
    how = ending_text(&ending);
    return tb_failure(error, "%s: '%s': %s (see %s)", build->word, what, how, build->log);
}

/* The word with the folder in the place of each "{out}"; the caller's. */
static char *fill(const char *word, const char *out)
{
    static const char mark_out[] = "{out}";
    const char *at;
    char *text;
    size_t size;
    FILE *filled = tb_open_text(&text, &size);

    for (; (at = strstr(word, mark_out)) != NULL; word = at + strlen(mark_out))
        (void)fprintf(filled, "%.*s%s", (int)(at - word), word, out); /* into memory, as below */
    (void)fputs(word, filled);
    (void)fclose(filled);
    return text;
}

/* One command of the recipe, in the tree. */
static int run_command(const struct build *build, const char *command, struct tb_error *error)
{
    char env[] = "env", folder[] = "-C";
    tb_autofree char **words = NULL;
    tb_autowords char **argv = NULL;

    if (tb_split(option, command, &words, error))
        return TB_USAGE;
    argv = tb_words_join((char *[]){env, folder, build->tree, NULL}, words);
    for (size_t i = 0; argv[i]; i++) {
        char *word = argv[i];

        argv[i] = fill(word, build->out);
        free(word);
    }
    return run(build, command, (const char *const *)argv, 1800, error);
}

/* As far as that is possible, and whatever else is to end. Twice forced: git holds a tree locked
 * while it makes it. */
static void remove_tree(const struct build *build)
{
    const char *const argv[] = {"git",     "-C",      build->repo, "worktree", "remove",
                                "--force", "--force", build->tree, NULL};
    const struct tb_job job = {
        .argv = (char *const *)argv, /* as above */
        .timeout_s = 60,
        .to_its_end = true,
    };
    tb_auto(tb_ending_finish) struct tb_ending ending = tb_worker_run(&job);

    (void)ending; /* there may be no tree, or none of git's: what is left goes now */
    tb_file_remove_all(build->tree);
}

static int make_tree(const struct build *build, struct tb_error *error)
{
    const char *const add[] = {"git",     "-C",       build->repo, "worktree",    "add", "--force",
                               "--force", "--detach", build->tree, build->commit, NULL};
    int err = tb_file_make_folders(build->product, SIZE_MAX);

    return err ? tb_file_unwritable("make", build->out, err, error)
               : run(build, "git worktree add", add, 60, error);
}

/*
 * What the latest build by the same commands took, of another commit: their folders' names end
 * alike, and the file that marks it as done says it. NaN where there is none.
 */
static double last_s(const struct build *build)
{
    const char *slash = strrchr(build->folder, '/'), *end = strrchr(build->folder, '-');
    tb_autofree char *place = tb_copy_part(build->folder, (size_t)(slash - build->folder));
    struct timespec latest = {0};
    double took_s = NAN;
    tb_autowords char **names = NULL;

    (void)tb_folder_names(place, &names); /* of what cannot be read nothing is known */
    for (char **name = names; *name; name++) {
        tb_autofree char *done = tb_print("%s/%s/done", place, *name), *text = NULL;
        struct stat status;
        size_t size;

        if (!tb_ends_with(*name, end) || stat(done, &status) ||
            status.st_mtim.tv_sec < latest.tv_sec || tb_file_read(done, 64, &text, &size) || !size)
            continue;
        latest = status.st_mtim;
        took_s = strtod(text, NULL);
    }
    return took_s;
}

/* It takes its time. */
static void announce(const struct build *build)
{
    double took_s = last_s(build);

    if (build->recipe->quiet)
        return;
    if (took_s >= 0.5)
        tb_notice("building %s, about %.0f s by the last such build", build->word, took_s);
    else
        tb_notice("building %s", build->word);
}

/* Works in a tree that is removed afterwards. What an interrupted build has left is removed first,
 * and only what was built to its end is marked as done. */
static int make(const struct build *build, struct tb_error *error)
{
    double began_s = tb_now();
    tb_autofree char *took = NULL;
    int code;

    announce(build);
    tb_file_remove_all(build->out);
    remove_tree(build);
    code = make_tree(build, error);
    for (size_t i = 0; !code && build->commands[i]; i++)
        code = run_command(build, build->commands[i], error);
    remove_tree(build);
    took = tb_print("%.1f\n", tb_now() - began_s);
    return code ? code : tb_file_write(build->done, took, error);
}

/*
 * One builder at a time: another one's work is waited for, and then there. The lock ends with the
 * descriptor, or with us. A program of its own waits, so that signals end it; that it gets the lock
 * first is no harm.
 */
static int take_lock(const struct build *build, int *ret_fd, struct tb_error *error)
{
    const char *const wait[] = {"flock", build->lock, "true", NULL};
    int fd = open(build->lock, O_RDWR | O_CREAT | O_CLOEXEC, 0666), code = 0;

    *ret_fd = fd;
    if (fd < 0)
        return tb_file_unwritable("open", build->lock, errno, error);
    while (!code && flock(fd, LOCK_EX | LOCK_NB)) {
        if (errno != EWOULDBLOCK)
            return tb_file_unwritable("lock", build->lock, errno, error);
        if (!build->recipe->quiet)
            tb_notice("waiting for another program that builds %s", build->word);
        code = run(build, "flock", wait, 86400, error);
    }
    return code;
}

static int make_once(const struct build *build, struct tb_error *error)
{
    int err = tb_file_make_folders(build->done, SIZE_MAX);
    int code, fd;

    if (err)
        return tb_file_unwritable("make", build->folder, err, error);
    code = take_lock(build, &fd, error);
    if (!code && access(build->done, F_OK))
        code = make(build, error);
    if (!code && access(build->product, build->access))
        code =
            tb_failure(error, "%s: was built, but has no '%s': name what it makes with --product",
                       build->word, build->product);
    if (fd >= 0)
        (void)close(fd); /* nothing was written */
    return code;
}

/* The places of a commit's build, by a recipe that was checked. */
static void place(struct build *build, const char *product)
{
    build->folder = folder_of(build->commit, build->commands);
    build->tree = tb_print("%s/tree", build->folder);
    build->out = tb_print("%s/out", build->folder);
    build->done = tb_print("%s/done", build->folder);
    build->lock = tb_print("%s/lock", build->folder);
    build->log = tb_print("%s/log", build->folder);
    build->product = tb_print("%s/%s", build->out, product);
}

static void build_finish(struct build *build)
{
    free(build->folder);
    free(build->tree);
    free(build->out);
    free(build->done);
    free(build->lock);
    free(build->log);
    free(build->product);
}

static const char *const *commands_of(const struct tb_recipe *recipe)
{
    return recipe->commands ? (const char *const *)recipe->commands : usual_commands;
}

int tb_recipe_check(const struct tb_recipe *recipe, struct tb_error *error)
{
    const char *const *commands = commands_of(recipe);
    tb_autofree char *folder = folder_of("", commands);

    for (size_t i = 0; commands[i]; i++) {
        tb_autofree char **words = NULL;

        if (tb_split(option, commands[i], &words, error))
            return TB_USAGE;
    }
    return folder ? 0
                  : tb_misuse(error, "nowhere to keep what is built: set HOME or XDG_CACHE_HOME to "
                                     "a path that begins with a slash");
}

static int find_commit(const struct build *build, struct tb_revision *ret_revision,
                       struct tb_error *error)
{
    tb_autofree char *nearest = NULL;
    struct tb_error why;
    int code = tb_git_find(build->repo, build->word + strlen(mark), ret_revision, &why);

    if (code == TB_USAGE)
        return tb_misuse(error, "'%s': git cannot read '%s': %s", build->word, build->repo,
                         why.text);
    if (code)
        return tb_error_set(error, code, "'%s': %s", build->word, why.text);
    if (ret_revision->commit)
        return 0;
    nearest = tb_git_nearest(build->repo, build->word + strlen(mark));
    return tb_misuse(error, "'%s': git finds no such commit in '%s'%s%s%s", build->word,
                     build->repo, nearest ? ": did you mean '@rev:" : "", nearest ? nearest : "",
                     nearest ? "'?" : "");
}

/* Builds what `mark` stands for, "@rev:REVISION"; its product is the caller's. */
static int make_product(const struct tb_recipe *recipe, const char *marked, int access,
                        char **ret_product, struct tb_revision *ret_revision,
                        struct tb_error *error)
{
    tb_auto(build_finish) struct build build = {
        .recipe = recipe,
        .word = marked,
        .repo = recipe->repo ? recipe->repo : ".",
        .commands = commands_of(recipe),
        .access = access,
    };
    tb_auto(tb_revision_finish) struct tb_revision revision = {0};
    int code = find_commit(&build, &revision, error);

    if (!code)
        code = tb_recipe_check(recipe, error); /* before minutes are spent on its first command */
    if (code)
        return code;
    build.commit = revision.commit;
    place(&build, recipe->product ? recipe->product : usual_product);
    code = make_once(&build, error);
    if (code)
        return code;
    *ret_product = tb_copy(build.product);
    tb_revision_finish(ret_revision);
    *ret_revision = revision;
    revision = (struct tb_revision){0};
    return 0;
}

/* The bytes of a mark and its revision: all of a word that begins with them, unless that is a
 * shell's script; else up to what ends a path in a list, or a word in a script. */
static size_t mark_size(const char *word, const char *at)
{
    const char *revision = at + strlen(mark);
    bool whole = at == word && !strpbrk(revision, " \t\n\"'`$;&|()<>");

    return strlen(mark) + (whole ? strlen(revision) : strspn(revision, TB_NAME_LETTERS "/~^@{}+"));
}

/* Whether a mark there would be part of a name, or comes after "LABEL:" without a blank. */
static bool is_misplaced(const char *word, const char *at)
{
    size_t label = strspn(word, TB_NAME_LETTERS);

    return at > word &&
           (strchr(TB_NAME_LETTERS "/@", at[-1]) || (word[label] == ':' && at == word + label + 1));
}

int tb_build_word(const struct tb_recipe *recipe, char **word, struct tb_revision *ret_revision,
                  struct tb_error *error)
{
    char *at;

    for (size_t done = 0; (at = strstr(*word + done, mark)) != NULL;) {
        size_t size = mark_size(*word, at);
        tb_autofree char *marked = tb_copy_part(at, size), *product = NULL, *old = NULL;
        int code;

        if (is_misplaced(*word, at))
            return tb_misuse(
                error,
                "'%s': @rev:REVISION stands for a program: give it as a word by itself, "
                "with a blank before it",
                *word);
        code =
            make_product(recipe, marked, at > *word ? R_OK : X_OK, &product, ret_revision, error);
        if (code)
            return code;
        done = (size_t)(at - *word) + strlen(product);
        old = *word;
        *word = tb_print("%.*s%s%s", (int)(at - old), old, product, at + size);
    }
    return 0;
}
