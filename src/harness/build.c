#include "build.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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

struct build {
    const struct tb_options *options;
    const char *what; /* the word as it was given */
    const char *repo, *commit;
    const char *const *commands;
    char *folder, *tree, *out, *log; /* the last three are in the first; `out` is kept */
    char *product;
};

static int run(const struct build *build, char *const *argv, double deadline_s,
               struct tb_error *error)
{
    struct tb_job job = {.argv = argv, .deadline_s = deadline_s, .output_limit = 64 << 20};
    struct tb_finish finish = tb_worker_run(&job);
    struct tb_error ignored;
    int code = 0;

    if (finish.end != TB_EXITED || finish.number) {
        char *how = tb_finish_text(&finish);

        /* What was printed helps to see why it failed: compilers' messages come through ninja's
         * stdout. It is a help only. */
        (void)tb_file_write(build->log, finish.written[TB_OUTPUT].text, &ignored);
        code = tb_error_set(error, TB_FAILURE, "%s: %s (see %s)", build->what, how, build->log);
        free(how);
    }
    tb_finish_finish(&finish);
    return code;
}

/* One command of the recipe, in the tree. */
static int run_command(const struct build *build, const char *command, struct tb_error *error)
{
    char env[] = "env", folder[] = "-C";
    char **words, **argv;
    int code = tb_split(command, &words, error);

    if (code)
        return code;
    argv = tb_words_join((char *[]){env, folder, build->tree, NULL}, words);
    free(words);
    for (size_t i = 0; argv[i]; i++) {
        const char *at = strstr(argv[i], "{out}");
        char *word = argv[i];

        if (!at)
            continue;
        argv[i] = tb_print("%.*s%s%s", (int)(at - word), word, build->out, at + 5);
        free(word);
    }
    code = run(build, argv, 1800, error);
    tb_words_free(argv);
    return code;
}

/* Works in a tree that is removed afterwards. */
static int make(const struct build *build, struct tb_error *error)
{
    const char *add[] = {"git",     "-C",       build->repo, "worktree",    "add",
                         "--force", "--detach", build->tree, build->commit, NULL};
    const char *remove[] = {"git",    "-C",      build->repo, "worktree",
                            "remove", "--force", build->tree, NULL};
    struct tb_error ignored;
    int code = run(build, (char *const *)add, 60, error);

    if (code)
        return code;
    if (!build->options->quiet)
        (void)fprintf(stderr, "threadbench: building %s\n", build->what); /* it takes its time */
    for (size_t i = 0; !code && build->commands[i]; i++)
        code = run_command(build, build->commands[i], error);
    /* A tree that stays is no reason to fail: 'git worktree prune' finds it. */
    (void)run(build, (char *const *)remove, 60, &ignored);
    return code;
}

static int make_once(struct build *build, struct tb_error *error)
{
    int err = tb_file_make_folders(build->product, SIZE_MAX);
    int code = 0;

    if (err)
        return tb_error_set(error, TB_FAILURE, "cannot make '%s': %s", build->folder,
                            strerror(err));
    if (access(build->product, X_OK))
        code = make(build, error);
    if (!code && access(build->product, X_OK))
        code = tb_error_set(error, TB_FAILURE, "%s: was built, but has no '%s'", build->what,
                            build->product);
    return code;
}

int tb_build_word(const struct tb_options *options, char **word, struct tb_revision *ret_revision,
                  struct tb_error *error)
{
    const char *product = options->product ? options->product : "bin/threadbench-suite";
    struct build build = {
        .options = options,
        .what = *word,
        .repo = options->repo ? options->repo : ".",
        .commands = options->builds ? (const char *const *)options->builds : usual_commands,
    };
    struct tb_revision revision;
    int code;

    if (strncmp(*word, mark, strlen(mark)) != 0)
        return 0;
    revision = tb_revision_find(build.repo, *word + strlen(mark));
    if (!revision.commit)
        return tb_error_set(error, TB_USAGE, "'%s': git finds no such commit in '%s'", *word,
                            build.repo);
    build.commit = revision.commit;
    build.folder = folder_of(revision.commit, build.commands);
    /* Trees of equal length, whatever the revision is called, as the environment has its length. */
    build.tree = tb_print("%s/tree-%d", build.folder, (int)getpid());
    build.out = tb_print("%s/out", build.folder);
    build.log = tb_print("%s/log", build.folder);
    build.product = tb_print("%s/%s", build.out, product);
    code = make_once(&build, error);
    free(build.log);
    free(build.out);
    free(build.tree);
    free(build.folder);
    if (code) {
        free(build.product);
        tb_revision_finish(&revision);
        return code;
    }
    free(*word);
    *word = build.product;
    tb_revision_finish(ret_revision);
    *ret_revision = revision;
    return 0;
}
