#include "run/git_ask.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "run/signals.h"
#include "run/worker.h"
#include "util/memory.h"
#include "util/strings.h"

enum { usual_timeout_s = 10, usual_limit = 8 << 20 };

/* In English, as its refusals are read. The next two keep it from fetching what a partial clone
 * lacks: not every version knows the first one. */
static const char *const environment[] = {"env", "LC_ALL=C", "GIT_NO_LAZY_FETCH=1",
                                          "GIT_ALLOW_PROTOCOL=", "GIT_OPTIONAL_LOCKS=0"};
static const char *const git[] = {
    "git", "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-C"};

static size_t count_words(const char *const *words)
{
    return words ? tb_words_count((char *const *)words) : 0; /* which changes nothing */
}

/* Behind `used` words of `argv`; how many there are then. */
static size_t append(const char **argv, size_t used, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        argv[used + i] = words[i];
    return used + count;
}

static struct tb_ending run_git(const struct tb_question *question)
{
    enum { own = sizeof environment / sizeof *environment, more = sizeof git / sizeof *git };
    size_t variables = count_words(question->variables), words = count_words(question->words);
    tb_autofree const char **argv = tb_alloc(own + variables + more + 1 + words + 1, sizeof *argv);
    struct tb_job job = {
        .argv = (char *const *)argv, /* execvpe() takes them so but changes nothing */
        .timeout_s = question->timeout_s > 0 ? question->timeout_s : usual_timeout_s,
        .output_limit = question->limit ? question->limit : usual_limit,
    };
    size_t used = append(argv, 0, environment, own);

    used = append(argv, used, question->variables, variables);
    used = append(argv, used, git, more);
    used = append(argv, used, &question->folder, 1);
    (void)append(argv, used, question->words, words); /* NULL ends them: it was zeroed */
    return tb_worker_run(&job);
}

/* From "fatal: " on, error and advice, on one line; the caller's. NULL: there is none. */
static char *refusal_in(const char *text)
{
    static const char mark[] = "fatal: ";
    const char *error = strstr(text, mark);
    char *line, *end;

    if (!error)
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

/* Of one that exited, but not with status 0 or 1. */
static int refuse(const char *command, const struct tb_ending *ending, struct tb_error *error)
{
    tb_autofree char *why = refusal_in(ending->written[TB_ERRORS].text), *how = NULL;

    if (why && tb_begins_with(why, "not a git repository (or any"))
        return 0;
    if (why)
        return tb_misuse(error, "%s", why);
    how = tb_ending_text(ending);
    /* env's own, for a program that it does not find or cannot run. */
    if (ending->number >= 125 && ending->number <= 127)
        return tb_failure(error, "git cannot be run: %s", how);
    return tb_failure(error, "git %s: %s", command, how);
}

static int fail(const char *command, const struct tb_ending *ending, struct tb_error *error)
{
    tb_autofree char *how = tb_ending_text(ending);

    if (ending->end == TB_INTERRUPTED)
        return tb_error_set(error, 128 + tb_signals_stopped(), "git %s: interrupted", command);
    if (ending->end == TB_UNSTARTED)
        return tb_failure(error, "git cannot be run: %s", how);
    return tb_failure(error, "git %s: %s", command, how);
}

int tb_git_ask(const struct tb_question *question, char **ret_answer, struct tb_error *error)
{
    tb_auto(tb_ending_finish) struct tb_ending ending = run_git(question);
    const char *command = question->words[0];

    *ret_answer = NULL;
    if (ending.end != TB_EXITED)
        return fail(command, &ending, error);
    if (ending.number > 1)
        return refuse(command, &ending, error);
    if (ending.number == 0) {
        *ret_answer = ending.written[TB_OUTPUT].text;
        ending.written[TB_OUTPUT].text = NULL;
    }
    return 0;
}

int tb_git_unusable(const char *command, struct tb_error *error)
{
    return tb_failure(error, "git %s: it printed nothing of use", command);
}
