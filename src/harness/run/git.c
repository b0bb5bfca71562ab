#include "run/git.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "run/worker.h"
#include "util/memory.h"
#include "util/sanitize.h"

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

static struct tb_ending run_words(const char *const *argv, double timeout_s, size_t limit)
{
    struct tb_job job = {
        .argv = (char *const *)argv, /* execvp() takes them so but changes nothing */
        .timeout_s = timeout_s,
        .output_limit = limit,
    };

    return tb_worker_run(&job);
}

/* In English, as its refusals are read. */
static struct tb_ending run_git(const char *folder, const char *command, const char *option,
                                const char *more)
{
    const char *argv[] = {"env", "LC_ALL=C", "git", "-C", folder, command, option, more, NULL};

    return run_words(argv, 10, 8 << 20);
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

/* Ends the line at `at`, and returns the next one; NULL: there is none. */
static char *end_line(char *at)
{
    char *end = strchr(at, '\n');

    if (!end)
        return NULL;
    *end = '\0';
    return end + 1;
}

/* Two lines for each commit, "commit ID" and ":SUBJECT", as git leaves out empty lines; takes the
 * text. */
static void read_line(char *text, struct tb_git_line *line)
{
    static const char mark[] = "commit ";
    size_t most = 0;
    char *at = text, *subject;

    for (const char *end = text; (end = strchr(end, '\n')) != NULL; end++)
        most++;
    *line = (struct tb_git_line){.text = text};
    line->commits = tb_alloc(most, sizeof *line->commits);
    line->subjects = tb_alloc(most, sizeof *line->subjects);
    while (at && !strncmp(at, mark, strlen(mark)) && (subject = end_line(at)) != NULL) {
        line->commits[line->count] = at + strlen(mark);
        line->subjects[line->count++] = subject + (*subject == ':');
        at = end_line(subject);
    }
    for (size_t i = 0; i < line->count; i++) {
        tb_sanitize_line(line->subjects[i]);
        (void)tb_names_add(&line->names, line->commits[i]); /* which all differ */
    }
}

/* env's own, for a program that it does not find or cannot run. */
static bool is_unstarted(const struct tb_ending *ending)
{
    return ending->end == TB_EXITED && (ending->number == 126 || ending->number == 127);
}

/* Where git could not answer; what it refuses is another matter. */
static int fail(const struct tb_ending *ending, struct tb_error *error)
{
    tb_autofree char *how = tb_ending_text(ending);

    return tb_failure(error, is_unstarted(ending) ? "git cannot be run: %s" : "git rev-list: %s",
                      how);
}

static int refuse(const char *folder, const char *range, struct tb_error *error)
{
    tb_autofree char *why = tb_git_refusal(folder);

    return tb_misuse(error, "'%s': git finds no such revision in '%s'%s%s", range, folder,
                     why ? ": " : "", why ? why : "");
}

int tb_git_line(const char *folder, const char *range, struct tb_git_line *line,
                struct tb_error *error)
{
    const char *const argv[] = {"env",
                                "LC_ALL=C",
                                "GIT_NO_LAZY_FETCH=1",
                                "git",
                                "-C",
                                folder,
                                "rev-list",
                                "--first-parent",
                                "--topo-order",
                                "--reverse",
                                "--format=:%s",
                                "--max-count=100000",
                                "--end-of-options",
                                range,
                                "--",
                                NULL};
    tb_auto(tb_ending_finish) struct tb_ending ending = {0};

    if (strstr(range, "...")) /* which no name of a revision has */
        return tb_misuse(error, "'%s': is two lines of commits, give one: A..B", range);
    ending = run_words(argv, 60, 64 << 20);
    if (!tb_ending_is_good(&ending))
        return ending.end != TB_EXITED || is_unstarted(&ending) ? fail(&ending, error)
                                                                : refuse(folder, range, error);
    read_line(ending.written[TB_OUTPUT].text, line);
    ending.written[TB_OUTPUT].text = NULL;
    return line->count ? 0 : tb_misuse(error, "'%s': no commit is in that range", range);
}

void tb_git_line_finish(struct tb_git_line *line)
{
    tb_names_finish(&line->names);
    free(line->commits);
    free(line->subjects);
    free(line->text);
    *line = (struct tb_git_line){0};
}

/* A whole name: anything else might be an option or a branch. */
static bool is_commit(const char *name)
{
    size_t size = strlen(name);

    return (size == 40 || size == 64) && strspn(name, "0123456789abcdef") == size;
}

/* Those that git prints are there. */
static void mark_known(char *text, const char *const *commits, size_t count, bool *ret_known)
{
    tb_auto(tb_names_finish) struct tb_names names = {0};

    for (char *at = text, *next; at && *at; at = next) {
        next = end_line(at);
        (void)tb_names_add(&names, at);
    }
    for (size_t i = 0; i < count; i++)
        ret_known[i] = tb_names_find(&names, commits[i]) < names.count;
}

/* Of as many commits as a command line holds with ease. */
static int know(const char *folder, const char *const *commits, size_t count, bool *ret_known,
                struct tb_error *error)
{
    const char *const head[] = {"env",      "LC_ALL=C",  "GIT_NO_LAZY_FETCH=1", "git", "-C", folder,
                                "rev-list", "--no-walk", "--ignore-missing"};
    enum { words = sizeof head / sizeof *head };
    tb_autofree const char **argv = tb_alloc(words + count + 2, sizeof(char *));
    tb_auto(tb_ending_finish) struct tb_ending ending = {0};
    size_t used = words;

    memcpy(argv, head, sizeof head);
    for (size_t i = 0; i < count; i++) {
        if (is_commit(commits[i]))
            argv[used++] = commits[i];
    }
    if (used == words)
        return 0;
    argv[used] = "--"; /* a file may be called like a commit */
    ending = run_words(argv, 60, 1 << 20);
    if (!tb_ending_is_good(&ending))
        return fail(&ending, error);
    mark_known(ending.written[TB_OUTPUT].text, commits, count, ret_known);
    return 0;
}

int tb_git_know(const char *folder, const char *const *commits, size_t count, bool *ret_known,
                struct tb_error *error)
{
    enum { most = 1000 };
    int code = 0;

    memset(ret_known, 0, count * sizeof *ret_known);
    for (size_t at = 0; !code && at < count; at += most)
        code = know(folder, commits + at, count - at < most ? count - at : most, ret_known + at,
                    error);
    return code;
}

bool tb_git_is_shallow(const char *folder)
{
    tb_autofree char *answer = ask_line(folder, "rev-parse", "--is-shallow-repository", NULL);

    return answer && !strcmp(answer, "true");
}
