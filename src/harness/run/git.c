#include "run/git.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "run/worker.h"
#include "util/memory.h"

void tb_git_init(void)
{
    /* As 'git rev-parse --local-env-vars' lists them. */
    static const char *const names[] = {
        "GIT_ALTERNATE_OBJECT_DIRECTORIES",
        "GIT_COMMON_DIR",
        "GIT_CONFIG",
        "GIT_CONFIG_COUNT",
        "GIT_CONFIG_PARAMETERS",
        "GIT_DIR",
        "GIT_GRAFT_FILE",
        "GIT_IMPLICIT_WORK_TREE",
        "GIT_INDEX_FILE",
        "GIT_INTERNAL_SUPER_PREFIX",
        "GIT_NO_REPLACE_OBJECTS",
        "GIT_OBJECT_DIRECTORY",
        "GIT_PREFIX",
        "GIT_REPLACE_REF_BASE",
        "GIT_SHALLOW_FILE",
        "GIT_WORK_TREE",
    };

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        (void)unsetenv(names[i]); /* fails only for what is no name */
}

/* In English, as its refusals are read. */
static struct tb_ending run_git(const char *folder, const char *command, const char *option,
                                const char *more)
{
    const char *argv[] = {"env", "LC_ALL=C", "git", "-C", folder, command, option, more, NULL};
    struct tb_job job = {
        .argv = (char *const *)argv, /* execvp() takes them so but changes nothing */
        .timeout_s = 10,
        .output_limit = 8 << 20,
    };

    return tb_worker_run(&job);
}

/* What git prints; NULL if it fails. */
static char *ask(const char *folder, const char *command, const char *option, const char *more)
{
    tb_auto(tb_ending_finish) struct tb_ending ending = run_git(folder, command, option, more);

    return tb_ending_is_good(&ending) ? tb_copy(ending.written[TB_OUTPUT].text) : NULL;
}

/* Up to the end of the line. */
static char *ask_line(const char *folder, const char *command, const char *option, const char *more)
{
    char *text = ask(folder, command, option, more);

    if (text)
        text[strcspn(text, "\n")] = '\0';
    return text;
}

struct tb_revision tb_git_describe(const char *folder)
{
    struct tb_revision revision = {.commit = ask_line(folder, "rev-parse", "--verify", "HEAD")};
    char *mark;

    if (!revision.commit)
        return revision;
    /* A tag may end with "-dirty", and none has a tilde in it. */
    revision.describe = ask_line(folder, "describe", "--always", "--dirty=~dirty");
    mark = revision.describe ? strchr(revision.describe, '~') : NULL;
    revision.dirty = !revision.describe || mark;
    if (mark)
        *mark = '-';
    return revision;
}

struct tb_revision tb_git_find(const char *folder, const char *name)
{
    tb_autofree char *commit = tb_print("%s^{commit}", name);
    struct tb_revision revision = {.commit = ask_line(folder, "rev-parse", "--verify", commit)};

    /* "^main" is one to git, and no name of a folder. */
    if (revision.commit && revision.commit[strspn(revision.commit, "0123456789abcdef")])
        tb_revision_finish(&revision);
    if (revision.commit)
        revision.describe = ask_line(folder, "describe", "--always", revision.commit);
    return revision;
}

/* From "fatal: " on, error and advice, on one line. What git warns of before is another matter. */
static char *refusal_in(const char *text)
{
    static const char mark[] = "fatal: ", absent[] = "not a git repository (or any";
    const char *error = strstr(text, mark);
    char *line, *end;

    if (!error || strstr(error, absent))
        return NULL;
    line = end = tb_copy(error + strlen(mark));
    for (const char *at = line; *at; at++) {
        if (!isspace((unsigned char)*at))
            *end++ = *at;
        else if (at[1] && !isspace((unsigned char)at[1]))
            *end++ = ' ';
    }
    *end = '\0';
    return line;
}

char *tb_git_refusal(const char *folder)
{
    tb_auto(tb_ending_finish) struct tb_ending ending =
        run_git(folder, "rev-parse", "--git-dir", NULL);
    bool refused = ending.end == TB_EXITED && ending.number;

    return refused ? refusal_in(ending.written[TB_ERRORS].text) : NULL;
}

char *tb_git_history(const char *folder, const char *commit)
{
    return ask(folder, "rev-list", "--max-count=100000", commit);
}
