#include "report/history_view.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "document/origin.h"
#include "util/memory.h"
#include "util/names.h"

struct tb_text tb_history_commit(const struct tb_history_view *view, size_t commit)
{
    return tb_text_print(true, "%.12s", view->line->commits[commit]);
}

char *tb_history_where(const struct tb_history_view *view, size_t old, size_t new)
{
    struct tb_text before = tb_history_commit(view, old), after = tb_history_commit(view, new);

    if (old == new)
        return tb_print("within %s", after.text);
    if (new - old == 1)
        return tb_print("at %s", after.text);
    return tb_print("between %s and %s, %zu commits", before.text, after.text, new - old);
}

char *tb_history_subject(const struct tb_history_view *view, const struct tb_history_change *change)
{
    return tb_print("%s%s", change->new - change->old > 1 ? "until: " : "",
                    view->line->subjects[change->new]);
}

struct tb_text tb_history_change_text(double ratio)
{
    return tb_text_change_within(ratio, NAN, NAN);
}

struct tb_text tb_history_value_text(const struct tb_history_series *series, double value)
{
    const struct tb_page page = {.utf8 = true};

    return tb_text_value(&page, series->unit, value);
}

/* The largest of the changes, confirmed ones or not. */
static void put_findings(FILE *out, const struct tb_history_view *view)
{
    enum { most = 3 };
    const struct tb_history *history = view->history;
    tb_autofree struct tb_history_finding *all = tb_history_findings(history);

    for (size_t i = 0; i < history->changes && i < most; i++) {
        const struct tb_history_change *change = all[i].change;
        tb_autofree char *where = tb_history_where(view, change->old, change->new);

        (void)fprintf(out, "%s%s %s %s", i ? "; " : ": ", all[i].series->name,
                      tb_text_change_within(change->ratio, change->low, change->high).text,
                      where); /* in memory, as all here */
    }
    (void)fputs(history->changes > most ? "; ..." : "", out);
}

static size_t count_confirmed(const struct tb_history *history)
{
    size_t count = 0;

    for (size_t i = 0; i < history->count; i++) {
        for (size_t k = 0; k < history->series[i].change_count; k++)
            count += history->series[i].changes[k].confirmation == TB_CONFIRMED;
    }
    return count;
}

/* Of a case between two splits. */
static size_t most_runs(const struct tb_history *history)
{
    size_t longest = 0;

    for (size_t i = 0; i < history->count; i++) {
        if (history->series[i].longest > longest)
            longest = history->series[i].longest;
    }
    return longest;
}

/* "5 cases", or where a case has several series, as of several hosts, "5 cases, 10 series". */
static struct tb_text cases_text(const struct tb_history *history)
{
    struct tb_names names = {0};
    struct tb_text text;

    for (size_t i = 0; i < history->count; i++)
        (void)tb_names_add(&names, history->series[i].name); /* once for each name */
    text = tb_text_count(names.count, "case");
    if (names.count < history->count)
        text = tb_text_print(true, "%s, %zu series", tb_text_count(names.count, "case").text,
                             history->count);
    tb_names_finish(&names);
    return text;
}

static bool drifts(const struct tb_history_series *series)
{
    static const double much = 0.5; /* of what the next run shows this one has shown */

    return series->correlation >= much;
}

char *tb_history_drifts(const struct tb_history_view *view)
{
    enum { most = 8 };
    const struct tb_history *history = view->history;
    size_t count = 0, size;
    char *text;
    FILE *out = tb_open_text(&text, &size);

    for (size_t i = 0; i < history->count; i++) {
        if (drifts(&history->series[i]) && count++ < most)
            (void)fprintf(out, "%s%s", count > 1 ? ", " : "", history->series[i].name);
    }
    if (count > most)
        (void)fprintf(out, " and %zu more", count - most);
    if (count)
        (void)fprintf(out, ": each run is near to the one before it, so only large changes can be "
                           "told from a drift");
    (void)fclose(out);
    return text;
}

static size_t count_drifting(const struct tb_history *history)
{
    size_t count = 0;

    for (size_t i = 0; i < history->count; i++)
        count += drifts(&history->series[i]);
    return count;
}

static void put_conclusion(FILE *out, const struct tb_history_view *view)
{
    const struct tb_history *history = view->history;
    struct tb_text cases = cases_text(history);
    struct tb_text commits = tb_text_count(view->measured, "commit");

    if (history->changes) {
        (void)fprintf(out, "%s in %s over %s", tb_text_count(history->changes, "change").text,
                      cases.text, commits.text);
        if (view->tried)
            (void)fprintf(out, ", %zu confirmed", count_confirmed(history));
        put_findings(out, view);
    } else if (history->parts > history->blind) {
        (void)fprintf(out, "NO CHANGE in %s over %s", cases.text, commits.text);
        if (count_drifting(history))
            (void)fprintf(out, ", but %zu of %zu drift", count_drifting(history), history->count);
    } else {
        (void)fprintf(out,
                      "TOO FEW RUNS to see a change in %s over %s: a case needs %zu between two "
                      "splits, and has %zu at most",
                      cases.text, commits.text, history->needed, most_runs(history));
    }
}

char *tb_history_headline(const struct tb_history_view *view)
{
    char *text;
    size_t size;
    FILE *out = tb_open_text(&text, &size);

    put_conclusion(out, view);
    (void)fclose(out);
    return text;
}

void tb_history_each_left_out(const struct tb_history_view *view,
                              void (*put)(void *user, const char *sentence), void *user)
{
    const struct tb_history_left_out *left = &view->left_out;
    tb_autofree char *unknown = tb_print(
        "of %s that git does not know%s", tb_text_count(left->unknown_commits, "commit").text,
        left->shallow ? ", as the repository is shallow: 'git fetch --unshallow' gets all" : "");
    tb_autofree char *beside =
        tb_print("of %s not on the first-parent line of '%s': --range gives "
                 "another one",
                 tb_text_count(left->beside_commits, "commit").text, view->range);
    const struct {
        size_t count;
        const char *why;
    } reasons[] = {
        {left->without_commit, "without a commit"},
        {left->unknown, unknown},
        {left->beside, beside},
        {left->damaged, "damaged: 'threadbench archive verify' names them"},
        {left->twice, "of a run of which another document has more rounds"},
    };

    for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++) {
        tb_autofree char *sentence =
            tb_print("%s %s", tb_text_count(reasons[i].count, "document").text, reasons[i].why);

        if (reasons[i].count)
            put(user, sentence);
    }
}

static size_t count_splits(const struct tb_history_series *series, const char *what)
{
    size_t count = 0;

    for (size_t i = 0; i < series->split_count; i++)
        count += !strcmp(series->splits[i].what, what);
    return count;
}

/* One is replaced now and then; the host's name, or NULL. */
static const char *host_of_many(const struct tb_history *history, size_t *ret_times)
{
    enum { usual = 1 };
    const char *host = NULL;

    *ret_times = usual;
    for (size_t i = 0; i < history->count; i++) {
        size_t times = count_splits(&history->series[i], TB_ORIGIN_PROCESSOR);

        if (times > *ret_times) {
            host = history->series[i].host;
            *ret_times = times;
        }
    }
    return host;
}

void tb_history_each_doubt(const struct tb_history_view *view,
                           void (*put)(void *user, const char *sentence), void *user)
{
    size_t times;
    const char *host = host_of_many(view->history, &times);
    tb_autofree char *early =
        tb_print("%s of a time before %s commit: a clock was wrong",
                 tb_text_count(view->early, "run").text, view->early == 1 ? "its" : "their");
    tb_autofree char *late =
        tb_print("%s of a time to come: a clock was wrong", tb_text_count(view->late, "run").text);
    tb_autofree char *many =
        tb_print("host '%s' has had another processor %zu times: if several hosts are called so, "
                 "give each its own name by 'run --host'",
                 host ? host : "", times);

    if (view->early)
        put(user, early);
    if (view->late)
        put(user, late);
    if (host)
        put(user, many);
}

static int by_commit(const void *left, const void *right)
{
    const struct tb_history_break *a = left, *b = right;

    if (a->commit != b->commit)
        return a->commit < b->commit ? -1 : 1;
    return strcmp(a->what, b->what);
}

struct tb_history_break *tb_history_breaks(const struct tb_history *history, size_t *ret_count)
{
    struct tb_history_break *all = NULL;
    size_t count = 0, left = 0;

    for (size_t i = 0; i < history->count; i++) {
        const struct tb_history_series *series = &history->series[i];

        all = tb_grow(all, count + series->split_count + 1, sizeof *all);
        for (size_t k = 0; k < series->split_count; k++) {
            size_t run = series->values[series->splits[k].at].run;

            all[count++] = (struct tb_history_break){history->runs[run].commit,
                                                     series->splits[k].what, series, 1};
        }
    }
    if (count)
        qsort(all, count, sizeof *all, by_commit);
    for (size_t i = 0; i < count; i++) {
        if (left && !by_commit(&all[left - 1], &all[i]))
            all[left - 1].cases++;
        else
            all[left++] = all[i];
    }
    *ret_count = left;
    return all;
}

const struct tb_history_value *tb_history_last(const struct tb_history *history,
                                               const struct tb_history_series *series)
{
    for (size_t i = series->count; i-- > 0;) {
        if (!tb_history_is_dirty(history, &series->values[i]))
            return &series->values[i];
    }
    return NULL;
}

bool tb_history_begins_group(const struct tb_history *history, size_t series)
{
    const struct tb_history_series *this = &history->series[series], *before = this - 1;

    return !series || before->host != this->host || before->setup != this->setup;
}
