#include "run/git.h"

#include <stdlib.h>
#include <string.h>

#include "run/git_ask.h"
#include "run/git_tree.h"
#include "util/memory.h"
#include "util/sanitize.h"
#include "util/strings.h"
#include "util/suggest.h"

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

/* A whole name: anything else might be an option or a branch. */
static bool is_commit(const char *name)
{
    size_t size = strlen(name);

    return (size == 40 || size == 64) && strspn(name, "0123456789abcdef") == size;
}

/* Its first line, which is not empty; the caller's, NULL where git answers "no". */
static int ask_line(const struct tb_question *question, char **ret_line, struct tb_error *error)
{
    int code = tb_git_ask(question, ret_line, error);

    if (code || !*ret_line)
        return code;
    (*ret_line)[strcspn(*ret_line, "\n")] = '\0';
    if (**ret_line)
        return 0;
    tb_free(ret_line);
    *ret_line = NULL;
    return tb_git_unusable(question->words[0], error);
}

static int find_commit(const char *folder, const char *name, char **ret_commit,
                       struct tb_error *error)
{
    tb_autofree char *wanted = tb_print("%s^{commit}", name), *line = NULL;
    const char *const words[] = {"rev-parse", "--verify", "--quiet", wanted, NULL};
    int code = ask_line(&(struct tb_question){.folder = folder, .words = words}, &line, error);

    /* "^main" is one to git, and no name of a folder. */
    if (code || !line || *line == '^')
        return code;
    if (!is_commit(line))
        return tb_git_unusable(words[0], error);
    *ret_commit = line;
    line = NULL;
    return 0;
}

/* What git calls it; NULL where it refuses, as for a tag that is damaged. */
static int find_name(const char *folder, const char *commit, char **ret_name,
                     struct tb_error *error)
{
    const char *const words[] = {"describe", "--always", commit, NULL};
    const struct tb_question question = {.folder = folder, .words = words, .timeout_s = 60};
    struct tb_error why;
    int code = ask_line(&question, ret_name, &why);

    if (code && code != TB_USAGE)
        *error = why;
    return code == TB_USAGE ? 0 : code;
}

int tb_git_find(const char *folder, const char *name, struct tb_revision *ret_revision,
                struct tb_error *error)
{
    int code;

    *ret_revision = (struct tb_revision){0};
    code = find_commit(folder, name, &ret_revision->commit, error);
    if (!code && ret_revision->commit)
        code = find_name(folder, ret_revision->commit, &ret_revision->describe, error);
    if (code)
        tb_revision_finish(ret_revision);
    return code;
}

int tb_git_describe(const char *folder, struct tb_revision *ret_revision, struct tb_error *error)
{
    int code = tb_git_find(folder, "HEAD", ret_revision, error);

    if (!code && ret_revision->commit)
        code = tb_git_tree_look(folder, ret_revision->commit, &ret_revision->dirty, error);
    if (code)
        tb_revision_finish(ret_revision);
    if (ret_revision->dirty && ret_revision->describe) {
        tb_autofree char *clean = ret_revision->describe;

        ret_revision->describe = tb_print("%s-dirty", clean);
    }
    return code;
}

int tb_git_history(const char *folder, const char *commit, char **ret_commits,
                   struct tb_error *error)
{
    const char *const words[] = {"rev-list", "--max-count=100000", commit, NULL};

    return tb_git_ask(&(struct tb_question){.folder = folder, .words = words, .timeout_s = 60},
                      ret_commits, error);
}

char *tb_git_nearest(const char *folder, const char *revision)
{
    static const char head[] = "HEAD";
    const char *const words[] = {"for-each-ref", "--format=%(refname:short)", NULL};
    size_t size = strcspn(revision, "~^@:"), count = 1;
    tb_autofree char *text = NULL, *name = tb_copy_part(revision, size);
    tb_autofree const char **names = tb_alloc(1, sizeof *names);
    const char *nearest;
    struct tb_error why;

    if (tb_git_ask(&(struct tb_question){.folder = folder, .words = words}, &text, &why))
        return NULL;
    names[0] = head;
    for (char *each = text ? strtok(text, "\n") : NULL; each; each = strtok(NULL, "\n")) {
        names = tb_room(names, count, sizeof *names);
        names[count++] = each;
    }
    nearest = tb_nearest(name, names, count);
    if (!nearest || !strcmp(nearest, name)) /* then it is what follows that is not there */
        return NULL;
    return tb_print("%s%s", nearest, revision + size);
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

/* Two lines for each commit, "commit ID" and "TIME:SUBJECT", as git leaves out empty lines; takes
 * the text. */
static void read_line(char *text, struct tb_git_line *line)
{
    static const char mark[] = "commit ";
    size_t most = 0;
    char *at = text, *subject, *rest;

    for (const char *end = text; (end = strchr(end, '\n')) != NULL; end++)
        most++;
    *line = (struct tb_git_line){.text = text};
    line->commits = tb_alloc(most, sizeof *line->commits);
    line->subjects = tb_alloc(most, sizeof *line->subjects);
    line->times = tb_alloc(most, sizeof *line->times);
    while (at && !strncmp(at, mark, strlen(mark)) && (subject = end_line(at)) != NULL) {
        line->commits[line->count] = at + strlen(mark);
        line->times[line->count] = strtoll(subject, &rest, 10);
        line->subjects[line->count++] = rest + (*rest == ':');
        at = end_line(subject);
    }
    for (size_t i = 0; i < line->count; i++) {
        tb_sanitize_line(line->subjects[i]);
        (void)tb_names_add(&line->names, line->commits[i]); /* which all differ */
    }
}

static int refuse(const char *folder, const char *range, const char *why, struct tb_error *error)
{
    bool said = !*why || tb_begins_with(why, "bad revision");

    return tb_misuse(error, "'%s': git finds no such revision in '%s'%s%s", range, folder,
                     said ? "" : ": ", said ? "" : why);
}

int tb_git_line(const char *folder, const char *range, struct tb_git_line *line,
                struct tb_error *error)
{
    const char *const words[] = {
        "rev-list",           "--first-parent",   "--topo-order", "--reverse", "--format=%ct:%s",
        "--max-count=100000", "--end-of-options", range,          "--",        NULL};
    const struct tb_question question = {
        .folder = folder, .words = words, .timeout_s = 60, .limit = 64 << 20};
    struct tb_error why = {""};
    char *answer;
    int code;

    if (strstr(range, "...")) /* which no name of a revision has */
        return tb_misuse(error, "'%s' is no line of commits: give A..B", range);
    code = tb_git_ask(&question, &answer, &why);
    if (code == TB_USAGE || (!code && !answer))
        return refuse(folder, range, why.text, error);
    if (code)
        return tb_error_set(error, code, "%s", why.text);
    read_line(answer, line);
    return line->count ? 0 : tb_misuse(error, "'%s': no commit is in that range", range);
}

void tb_git_line_finish(struct tb_git_line *line)
{
    tb_names_finish(&line->names);
    free(line->commits);
    free(line->subjects);
    free(line->times);
    free(line->text);
    *line = (struct tb_git_line){0};
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
    static const char *const head[] = {"rev-list", "--no-walk", "--ignore-missing"};
    enum { begin = sizeof head / sizeof *head };
    tb_autofree const char **words = tb_alloc(begin + count + 2, sizeof(char *));
    tb_autofree char *answer = NULL;
    size_t used = begin;
    int code;

    memcpy(words, head, sizeof head);
    for (size_t i = 0; i < count; i++) {
        if (is_commit(commits[i]))
            words[used++] = commits[i];
    }
    if (used == begin)
        return 0;
    words[used] = "--"; /* a file may be called like a commit */
    code = tb_git_ask(&(struct tb_question){.folder = folder, .words = words, .timeout_s = 60},
                      &answer, error);
    if (!code && answer)
        mark_known(answer, commits, count, ret_known);
    return code;
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

int tb_git_is_shallow(const char *folder, bool *ret_shallow, struct tb_error *error)
{
    static const char *const words[] = {"rev-parse", "--is-shallow-repository", NULL};
    tb_autofree char *answer = NULL;
    int code = ask_line(&(struct tb_question){.folder = folder, .words = words}, &answer, error);

    *ret_shallow = answer && !strcmp(answer, "true");
    return code;
}
