#include "build.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "file.h"
#include "memory.h"
#include "words.h"
#include "worker.h"

static const char mark[] = "@rev:";

/* Also what a suite needs that is preloaded. */
static const char *const usual_commands[] = {
    "meson setup build -Dtests=false --prefix={out} --libdir=lib",
    "ninja -C build",
    "meson install --quiet -C build",
    NULL,
};

/* The folder for a commit and the commands that build it; the caller's. */
static char *folder_of(const char *commit, const char *const *commands)
{
    const char *cache = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
    uLong crc = crc32_z(0, NULL, 0);

    for (size_t i = 0; commands[i]; i++)
        crc = crc32_z(crc, (const Bytef *)commands[i], strlen(commands[i]) + 1);
    if (cache && *cache == '/')
        return tb_print("%s/threadbench/%s-%08lx", cache, commit, crc);
    return tb_print("%s/.cache/threadbench/%s-%08lx", home && *home ? home : "/tmp", commit, crc);
}

/* What was printed helps to see why a build failed: compilers' messages come through ninja's
 * stdout. */
static void keep_log(const struct tb_finish *finish, const char *log)
{
    struct tb_error ignored;

    (void)tb_file_write(log, finish->written[TB_OUTPUT].text, &ignored); /* it is a help only */
}

static int run(char *const *argv, double deadline_s, const char *what, const char *log,
               struct tb_error *error)
{
    struct tb_job job = {.argv = argv, .deadline_s = deadline_s, .output_limit = 64 << 20};
    struct tb_finish finish = tb_worker_run(&job);
    int code = 0;
    char *how;

    if (finish.end != TB_EXITED || finish.number) {
        keep_log(&finish, log);
        how = tb_finish_text(&finish);
        code = tb_error_set(error, TB_FAILURE, "%s: %s (see %s)", what, how, log);
        free(how);
    }
    tb_finish_finish(&finish);
    return code;
}

/* One command of the recipe, in the tree. */
static int run_command(const char *command, const char *tree, const char *out, const char *what,
                       const char *log, struct tb_error *error)
{
    char env[] = "env", folder[] = "-C";
    char **words, **argv;
    int code = tb_split(command, &words, error);

    if (code)
        return code;
    argv = tb_words_join((char *[]){env, folder, (char *)tree, NULL}, words);
    free(words);
    for (size_t i = 0; argv[i]; i++) {
        char *at = strstr(argv[i], "{out}");
        char *whole = at ? tb_print("%.*s%s%s", (int)(at - argv[i]), argv[i], out, at + 5) : NULL;

        if (!whole)
            continue;
        free(argv[i]);
        argv[i] = whole;
    }
    code = run(argv, 1800, what, log, error);
    tb_words_free(argv);
    return code;
}

static int make_tree(const struct tb_recipe *recipe, const char *commit, const char *tree,
                     bool there, const char *what, const char *log, struct tb_error *error)
{
    const char *add[] = {"git",     "-C",       recipe->repo, "worktree", "add",
                         "--force", "--detach", tree,         commit,     NULL};
    const char *remove[] = {"git", "-C", recipe->repo, "worktree", "remove", "--force", tree, NULL};

    return run((char *const *)(there ? add : remove), 60, what, log, error);
}

static int build(const struct tb_recipe *recipe, const char *const *commands, const char *commit,
                 const char *folder, const char *what, struct tb_error *error)
{
    /* Trees of equal length, whatever the revision is called, as the environment has its length. */
    char *tree = tb_print("%s/tree-%d", folder, (int)getpid());
    char *out = tb_print("%s/out", folder), *log = tb_print("%s/log", folder);
    struct tb_error ignored;
    int code = make_tree(recipe, commit, tree, true, what, log, error);

    if (!code) {
        if (!recipe->quiet)
            (void)fprintf(stderr, "threadbench: building %s\n", what); /* it takes its time */
        for (size_t i = 0; !code && commands[i]; i++)
            code = run_command(commands[i], tree, out, what, log, error);
        /* A tree that stays is no reason to fail: 'git worktree prune' finds it. */
        (void)make_tree(recipe, commit, tree, false, what, log, &ignored);
    }
    free(log);
    free(out);
    free(tree);
    return code;
}

static int make_folders(const char *path)
{
    char *copy = tb_copy(path);
    int err = 0;

    for (char *slash = copy; !err && (slash = strchr(slash + 1, '/')) != NULL;) {
        *slash = '\0';
        err = mkdir(copy, 0777) && errno != EEXIST ? errno : 0;
        *slash = '/';
    }
    free(copy);
    return err;
}

int tb_build_word(const struct tb_recipe *recipe, char **word, struct tb_revision *ret_revision,
                  struct tb_error *error)
{
    const char *const *commands =
        recipe->commands ? (const char *const *)recipe->commands : usual_commands;
    const char *name = *word + strlen(mark);
    struct tb_revision revision;
    char *folder, *product;
    int code = 0, err;

    if (strncmp(*word, mark, strlen(mark)) != 0)
        return 0;
    revision = tb_revision_find(recipe->repo, name);
    if (!revision.commit)
        return tb_error_set(error, TB_USAGE, "'%s': git finds no such commit in '%s'", *word,
                            recipe->repo);
    folder = folder_of(revision.commit, commands);
    product =
        tb_print("%s/out/%s", folder, recipe->product ? recipe->product : "bin/threadbench-suite");
    err = make_folders(product);
    if (err)
        code = tb_error_set(error, TB_FAILURE, "cannot make '%s': %s", folder, strerror(err));
    else if (access(product, X_OK))
        code = build(recipe, commands, revision.commit, folder, *word, error);
    if (!code && access(product, X_OK))
        code = tb_error_set(error, TB_FAILURE, "%s: was built, but has no '%s'", *word, product);
    free(folder);
    if (code) {
        free(product);
        tb_revision_finish(&revision);
        return code;
    }
    free(*word);
    *word = product;
    tb_revision_finish(ret_revision);
    *ret_revision = revision;
    return 0;
}
