#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "compare/conclusion.h"
#include "document/breakdown.h"
#include "report/circumstances.h"
#include "report/headline.h"
#include "report/html/report_parts.h"
#include "util/json.h"
#include "util/memory.h"
#include "util/names.h"
#include "util/strings.h"

static void put_verdict(struct tb_writing *writing)
{
    static const char *const classes[] = {
        [TB_CONCLUDE_INCONCLUSIVE] = "unsure",
        [TB_CONCLUDE_NO_REGRESSION] = "good",
        [TB_CONCLUDE_REGRESSION] = "bad",
    };
    const struct tb_comparisons *comparisons = &writing->view->comparisons;
    const struct tb_conclusion conclusion = tb_conclude(comparisons);
    tb_autofree char *text = tb_headline_text(&writing->text, comparisons), *head = NULL;
    const char *colon;

    colon = strchr(text, ':');
    head = tb_copy_part(text, colon ? (size_t)(colon - text) : strlen(text));
    tb_html_put(writing->html, "<p class=\"verdict\"><b class=\"%s\">%s</b>%s</p>\n",
                classes[conclusion.kind], head, colon);
}

/* "call 34 %, start 14 %": shares of a lifecycle that are not nothing; the caller's. */
static char *phases_of(const cJSON *breakdown)
{
    char *text;
    size_t size;
    FILE *out = tb_open_text(&text, &size);
    const cJSON *phase;

    tb_json_each(phase, tb_json_find(breakdown, "phases")) {
        const char *name = tb_json_text(phase, "name");
        double share = tb_json_number(phase, "value_share", NAN);

        if (share >= 0.005)
            (void)fprintf(out, "%s%s\u00a0%.0f\u00a0%%", ftell(out) ? ", " : "", name ? name : "?",
                          100 * share); /* in memory */
    }
    (void)fclose(out); /* likewise */
    return text;
}

/* What the card's case with a breakdown costs; false: there is none. */
static bool put_lifecycle(struct tb_writing *writing, const struct tb_result *result)
{
    for (size_t i = 0; i < result->count; i++) {
        const struct tb_record *record = &result->records[i];
        tb_autojson cJSON *breakdown = record->spec->card ? tb_breakdown(result, record) : NULL;
        tb_autofree char *phases = phases_of(breakdown);

        if (!breakdown)
            continue;
        tb_html_put(
            writing->html, "<p class=\"verdict\"><b>One thread’s lifecycle takes %s</b>: %s</p>\n",
            tb_text_time(&writing->text, tb_json_number(breakdown, "total_ns", NAN)).text, phases);
        tb_html_put(writing->html, "<p class=\"note\">%s</p>\n", record->spec->name);
        return true;
    }
    return false;
}

/* Different cases by what became of them on any side. */
struct counts {
    struct tb_names measured, skipped, failed, pending;
};

static void counts_finish(struct counts *counts)
{
    tb_names_finish(&counts->measured);
    tb_names_finish(&counts->skipped);
    tb_names_finish(&counts->failed);
    tb_names_finish(&counts->pending);
}

static void count(struct counts *counts, const struct tb_record *record)
{
    const char *name = record->spec->name;

    if (record->role != TB_SELECTED)
        return;
    if (record->count)
        (void)tb_names_add(&counts->measured, name);
    if (record->outcome == TB_SKIPPED)
        (void)tb_names_add(&counts->skipped, name);
    if (record->outcome == TB_FAILED)
        (void)tb_names_add(&counts->failed, name);
    if (tb_is_pending(record))
        (void)tb_names_add(&counts->pending, name);
}

static struct counts counts_of(const struct tb_report_view *view)
{
    struct counts counts = {0};

    for (size_t i = 0; i < view->count; i++) {
        for (size_t k = 0; k < view->sides[i].count; k++) {
            const struct tb_result *result = view->sides[i].results[k];

            for (size_t r = 0; r < result->count; r++)
                count(&counts, &result->records[r]);
        }
    }
    return counts;
}

/* "39 cases measured, 2 skipped"; the caller's. */
static char *counts_text(const struct tb_report_view *view)
{
    tb_auto(counts_finish) struct counts counts = counts_of(view);
    char *text;
    size_t size;
    FILE *out = tb_open_text(&text, &size);

    (void)fprintf(out, "%s measured",
                  tb_text_count(counts.measured.count, "case").text); /* in memory */
    if (counts.skipped.count)
        (void)fprintf(out, ", %zu skipped", counts.skipped.count); /* likewise, as below */
    if (counts.failed.count)
        (void)fprintf(out, ", %zu failed", counts.failed.count);
    if (counts.pending.count)
        (void)fprintf(out, ", %zu not yet measured", counts.pending.count);
    (void)fclose(out);
    return text;
}

/* "2026-11-29 15:02 UTC"; NULL where the document does not tell. */
static char *when_of(const struct tb_writing *writing, const struct tb_result *result)
{
    const struct timespec *started = &result->settings->started;
    char text[32];
    struct tm time;

    (void)writing;
    if (started->tv_sec <= 0 || !gmtime_r(&started->tv_sec, &time) ||
        !strftime(text, sizeof text, "%Y-%m-%d %H:%M UTC", &time))
        return NULL;
    return tb_copy(text);
}

static char *host_of(const struct tb_writing *writing, const struct tb_result *result)
{
    (void)writing;
    return tb_host_text(result->host);
}

/* What the comparison calls a side, where the figures have a shorter name for it; else NULL. */
static const char *full_name(const struct tb_report_view *view, size_t side)
{
    const struct tb_comparison *comparison = view->comparisons.each;
    const char *name;

    if (view->comparisons.count != 1 || view->interpreters)
        return NULL;
    name = side ? comparison->new : comparison->old;
    return tb_same(name, view->sides[side].name) ? NULL : name;
}

/* What was run, as a line of a shell; of an interpreter its version, and the interpreter alone. A
 * file of another program's has the program at most. */
static void put_subject(struct tb_writing *writing, const struct tb_result *result)
{
    const struct tb_subject *subject = result->subject;
    const cJSON *python = tb_subject_python(subject);
    const char *program = tb_json_text(result->context, "executable");
    const char *first = subject->words ? subject->words[0] : NULL;
    tb_autofree char *command = first ? tb_report_command(subject->words)
                                      : tb_copy(program ? program : "a Google Benchmark program");

    if (python && first)
        tb_html_put(writing->html, "%s %s, <code>%s</code>",
                    tb_or_unknown(tb_json_text(python, "implementation")),
                    tb_or_unknown(tb_json_text(python, "version")), first);
    else
        tb_html_put(writing->html, "<code>%s</code>", command);
}

/* The label, subject and revision of each side's first result. */
static void put_sides(struct tb_writing *writing)
{
    const struct tb_report_view *view = writing->view;

    for (size_t i = 0; i < view->count; i++) {
        const struct tb_side *side = &view->sides[i];
        const struct tb_revision *revision = side->results[0]->revision;
        const char *full = full_name(view, i);

        tb_html_put(writing->html, "<dt>%s</dt><dd>%s%s", view->count > 1 ? side->name : "subject",
                    full, full ? ": " : "");
        put_subject(writing, side->results[0]);
        if (revision->commit && !full)
            tb_html_put(writing->html, ", revision %s",
                        revision->describe ? revision->describe : revision->commit);
        tb_html_put(writing->html, "</dd>\n");
    }
}

/* "24 rounds, a fresh process each"; NULL: it is another program's file. */
static char *rounds_of(const struct tb_writing *writing, const struct tb_result *result)
{
    (void)writing;
    return result->finished_rounds ? tb_print("%s, a fresh process each",
                                              tb_text_count(result->finished_rounds, "round").text)
                                   : NULL;
}

void tb_report_conclusion(struct tb_writing *writing)
{
    const struct tb_report_view *view = writing->view;
    tb_autofree char *counts = counts_text(view);

    tb_report_section(writing, "conclusion", "Conclusion");
    if (view->comparisons.count && !view->interpreters) {
        put_verdict(writing);
    } else if (view->interpreters || !put_lifecycle(writing, view->sides->results[0])) {
        tb_html_put(writing->html, "<p class=\"verdict\"><b>%s</b></p>\n", counts);
        *counts = '\0'; /* it has been said */
    }
    tb_html_put(writing->html, "<dl class=\"facts\">\n");
    put_sides(writing);
    tb_report_fact(writing, "cases", counts);
    tb_report_facts(writing, "run", rounds_of);
    tb_report_facts(writing, "host", host_of);
    tb_report_facts(writing, "when", when_of);
    tb_html_put(writing->html, "</dl>\n");
}
