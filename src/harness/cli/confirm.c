#include "cli/confirm.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "report/figures.h"
#include "run/host.h"
#include "run/procstat.h"
#include "run/scratch.h"
#include "run/signals.h"
#include "util/json.h"
#include "util/memory.h"
#include "util/strings.h"

static const double usual_budget_s = 300; /* of measuring, for one change */
static const double least_s = 2;          /* that another measurement takes to be worth it */
static const double most_margin = 0.02;

/* A change while it is measured again. */
struct trial {
    const struct tb_options *options;
    const struct tb_git_line *line;
    const struct tb_history_series *series;
    struct tb_history_change *change;
    double left_s; /* of its budget */
    bool measured; /* some of it is used */
    int signal;    /* 128 + that which interrupted it; 0: none */
};

/* What two commits came to side by side. */
struct answer {
    enum tb_confirmation state;
    double ratio, low, high; /* NaN: not known */
    char *why;               /* owned; of what was not built or not decided */
};

static void answer_finish(struct answer *answer)
{
    free(answer->why);
}

/* Without its folder. */
static const char *name_of(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}

/* The series' command with the program built from a commit in the place of its own; NULL where it
 * is not the program that is built. */
static char *subject_of(const struct trial *trial, const char *label, size_t commit)
{
    const char *product = trial->options->product ? trial->options->product : "threadbench-suite";
    tb_autofree char **words = NULL;
    struct tb_error ignored;
    char *text;
    size_t size;
    bool found = false;
    FILE *out = tb_open_text(&text, &size);

    (void)fprintf(out, "%s:", label);                             /* in memory, as all here */
    (void)tb_split("", trial->series->command, &words, &ignored); /* the words were escaped */
    for (char **word = words; word && *word; word++) {
        bool is_program = !found && !strcmp(name_of(*word), name_of(product));
        tb_autofree char *escaped = tb_escape_word(*word);

        if (is_program)
            (void)fprintf(out, " @rev:%s", trial->line->commits[commit]);
        else
            (void)fprintf(out, " %s", escaped);
        found |= is_program;
    }
    (void)fclose(out);
    if (!found) {
        free(text);
        return NULL;
    }
    return text;
}

/* Of a change the half at most: what is shown to be the same within it is no such change. */
static double margin_of(const struct tb_history_change *change)
{
    return fmin(most_margin, fabs(change->ratio - 1) / 2);
}

/* The options of an ab that has this one case. */
static int set_options(const struct trial *trial, struct tb_options *ret_again,
                       struct tb_error *error)
{
    tb_autofree char *name = tb_escape_pattern(trial->series->name);
    tb_autofree char *pattern = tb_print("^%s$", name);

    *ret_again = *trial->options;
    ret_again->output = NULL;
    ret_again->archive = NULL;
    ret_again->choice = (struct tb_choice){0};
    ret_again->settings.budget_s = trial->left_s;
    ret_again->demand.margin = margin_of(trial->change);
    return tb_options_filter(ret_again, "case", pattern, error);
}

static struct answer answer_of(const struct trial *trial, const struct tb_comparisons *comparisons)
{
    const struct tb_compared *row = tb_comparison_find(comparisons->each, trial->series->name);
    struct answer answer = {TB_UNBUILT, NAN, NAN, NAN, NULL};
    bool slower = trial->change->ratio > 1;

    assert(row); /* else it would not have been chosen, and nothing measured */
    if (row->reason) {
        answer.why = tb_copy(row->reason);
        return answer;
    }
    answer.ratio = row->test.effect.ratio;
    answer.low = row->test.effect.low;
    answer.high = row->test.effect.high;
    if (row->test.verdict == TB_INCONCLUSIVE) {
        answer.state = TB_AGAIN_INCONCLUSIVE;
        answer.why = tb_copy("the budget is used up");
    } else {
        answer.state =
            row->test.verdict == (slower ? TB_SLOWER : TB_FASTER) ? TB_CONFIRMED : TB_REFUTED;
    }
    return answer;
}

/* Measures as ab does; a code of a failure before the first process. */
static int measure(struct trial *trial, struct tb_options *again, struct answer *answer,
                   struct tb_error *error)
{
    tb_auto(tb_comparisons_finish) struct tb_comparisons comparisons = {0};
    tb_auto(tb_measurement_finish) struct tb_measurement run = tb_ab_measurement(again);
    double began_s;
    int code = tb_measurement_prepare(&run, error);

    if (code)
        return code;
    run.user = &comparisons;
    run.ends_at_alarm = true;
    run.unseen = true; /* each comparison is one line */
    began_s = tb_now();
    tb_measurement_run(&run);
    trial->left_s -= tb_now() - began_s;
    trial->measured = true;
    tb_scratch_end();
    tb_ab_compare(&run);
    *answer = answer_of(trial, &comparisons);
    return run.results->signal ? 128 + run.results->signal : 0;
}

/* Whatever a signal kept from its end: a build, git or a measurement. */
static void interrupt(struct trial *trial, struct answer *answer)
{
    trial->signal = 128 + tb_signals_stopped();
    if (answer->state == TB_CONFIRMED || answer->state == TB_REFUTED)
        return;
    answer->state = TB_AGAIN_INCONCLUSIVE;
    free(answer->why);
    answer->why = tb_copy("interrupted");
}

/* What two commits come to side by side. */
static struct answer ask(struct trial *trial, size_t old, size_t new)
{
    struct answer answer = {TB_UNBUILT, NAN, NAN, NAN, NULL};
    tb_autofree char *before = subject_of(trial, "old", old);
    tb_autofree char *after = subject_of(trial, "new", new);
    char *operands[] = {before, after, NULL};
    struct tb_options again;
    struct tb_error error = {""};
    int code;

    if (!before) /* nor is there an `after`: both are made of the same words */
        answer.why = tb_print("'%s' has no program that is built from a commit: see --product",
                              trial->series->command);
    else if (trial->measured && trial->left_s < least_s)
        answer =
            (struct answer){TB_AGAIN_INCONCLUSIVE, NAN, NAN, NAN, tb_copy("the budget is used up")};
    if (answer.why)
        return answer;
    if (!trial->options->quiet)
        tb_notice("%s: comparing %.12s with %.12s", trial->series->name, trial->line->commits[new],
                  trial->line->commits[old]);
    code = set_options(trial, &again, &error);
    again.operands = operands;
    again.first_python = 2;
    if (!code) {
        code = measure(trial, &again, &answer, &error);
        regfree(&again.filter);
    }
    if (tb_signals_stopped())
        interrupt(trial, &answer);
    else if (code)
        answer.why = tb_copy(error.text);
    return answer;
}

static void keep_answer(struct trial *trial, struct answer *answer)
{
    struct tb_history_change *change = trial->change;

    change->confirmation = answer->state;
    change->again = answer->ratio;
    change->again_low = answer->low;
    change->again_high = answer->high;
    free(change->remark);
    change->remark = answer->why;
    answer->why = NULL;
}

/* The first commit from the middle up that can be measured against `low`, else the first one down;
 * `high` where none can. */
static size_t ask_between(struct trial *trial, size_t low, size_t high, struct answer *answer)
{
    size_t middle = low + (high - low) / 2;

    for (size_t i = 1; i < high - low; i++) {
        size_t at = middle + i - 1 < high ? middle + i - 1 : high - i;

        answer_finish(answer);
        *answer = ask(trial, low, at);
        if (answer->state != TB_UNBUILT) /* interrupted, it is inconclusive */
            return at;
    }
    return high;
}

/* Between two commits that differ: what is the same as the first is before the change. */
static void bisect(struct trial *trial, size_t low, size_t high)
{
    struct tb_history_change *change = trial->change;
    tb_auto(answer_finish) struct answer answer = {0};

    while (high - low > 1 && !trial->signal) {
        size_t at = ask_between(trial, low, high, &answer);

        if (at == high || answer.state == TB_AGAIN_INCONCLUSIVE)
            break;
        if (answer.state == TB_CONFIRMED)
            high = at;
        else
            low = at;
    }
    change->old = change->earliest = low;
    change->new = change->latest = high;
    if (high - low > 1) {
        free(change->remark);
        change->remark = tb_print("where in between: %s", answer.why ? answer.why : "interrupted");
    }
}

/* On both sides of where it is most likely, else of where it is with confidence. */
static void confirm(struct trial *trial)
{
    struct tb_history_change *change = trial->change;
    size_t low = change->old, high = change->new;
    bool wider = change->earliest != low || change->latest != high;
    tb_auto(answer_finish) struct answer answer = {0};

    if (low < high)
        answer = ask(trial, low, high);
    if ((low == high || answer.state == TB_REFUTED) && wider && !trial->signal) {
        low = change->earliest;
        high = change->latest;
        answer_finish(&answer);
        answer = low < high ? ask(trial, low, high) : (struct answer){0};
    }
    if (low == high)
        return;
    keep_answer(trial, &answer);
    if (change->confirmation == TB_CONFIRMED)
        bisect(trial, low, high);
}

/* The last run before what is measured is another thing, or of all; of no dirty tree. */
static const struct tb_digest *last_run(const struct tb_history *history,
                                        const struct tb_history_finding *finding)
{
    const struct tb_history_series *series = finding->series;
    size_t last = series->count - 1;

    for (size_t i = series->split_count; i-- && series->splits[i].at > finding->change->at;)
        last = series->splits[i].at - 1;
    while (tb_history_is_dirty(history, &series->values[last]))
        last--;
    return history->runs[series->values[last].run].digest;
}

/* Whether the change is of this host, as it is; else that is remarked. */
static bool is_of_here(const cJSON *here, const struct tb_history *history,
                       const struct tb_history_finding *finding)
{
    tb_autojson cJSON *there = cJSON_Parse(last_run(history, finding)->origin);
    const char *host = tb_json_text(there, "host_name"), *what = tb_host_differs(here, there);

    if (!what)
        return true;
    free(finding->change->remark);
    if (host && !tb_same(host, tb_json_text(here, "host_name")))
        finding->change->remark = tb_print("it is of host '%s': confirm it there", host);
    else
        finding->change->remark = tb_print(
            "%s is another one than in the last of its runs: it cannot be confirmed here", what);
    return false;
}

/* Those of this host; returns how many. */
static size_t choose(const char *host, const struct tb_history *history,
                     struct tb_history_finding *all)
{
    tb_autojson cJSON *here = tb_host_context(host);
    size_t count = 0;

    for (size_t i = 0; i < history->changes; i++) {
        if (is_of_here(here, history, &all[i]))
            all[count++] = all[i];
    }
    return count;
}

/* The largest first. Returns as tb_confirm() does. */
static int confirm_all(const struct tb_options *options, const struct tb_git_line *line,
                       const struct tb_history *history, struct tb_error *error)
{
    tb_autofree struct tb_history_finding *all = tb_history_findings(history);
    double budget_s = options->settings.budget_s ? options->settings.budget_s : usual_budget_s;
    size_t count = choose(options->host, history, all);

    if (count && !options->quiet)
        tb_notice("measuring %s again, for %g s each at most, builds apart",
                  tb_text_count(count, "change").text, budget_s);
    for (size_t i = 0; i < count; i++) {
        struct trial trial = {options, line, all[i].series, all[i].change, budget_s, false, 0};

        confirm(&trial);
        if (trial.signal)
            return tb_error_set(error, trial.signal, "interrupted: %zu of %zu changes were tried",
                                i, count);
    }
    return 0;
}

int tb_confirm(const struct tb_options *options, const struct tb_git_line *line,
               struct tb_history *history, struct tb_error *error)
{
    int err = tb_signals_catch(), code; /* a build that they end leaves its tree behind */

    if (err)
        return tb_failure(error, "cannot start: %s", strerror(err));
    code = confirm_all(options, line, history, error);
    tb_signals_release(); /* what was found is shown, however they end that */
    return code;
}
