#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "compare/conclusion.h"
#include "document/breakdown.h"
#include "report/headline.h"
#include "report/html/report_parts.h"
#include "util/json.h"
#include "util/memory.h"
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

    cJSON_ArrayForEach(phase, tb_json_find(breakdown, "phases")) {
        const char *name = tb_json_text(phase, "name");
        double share = tb_json_number(phase, "value_share", NAN);

        if (share >= 0.005)
            (void)fprintf(out, "%s%s\u00a0%.0f\u00a0%%", ftell(out) ? ", " : "", name ? name : "?",
                          100 * share); /* in memory */
    }
    (void)fclose(out); /* likewise */
    return text;
}

/* What the one case with a breakdown costs; false: there is none. */
static bool put_lifecycle(struct tb_writing *writing, const struct tb_result *result)
{
    for (size_t i = 0; i < result->count; i++) {
        tb_autojson cJSON *breakdown = tb_breakdown(result, &result->records[i]);
        tb_autofree char *phases = phases_of(breakdown);

        if (!breakdown)
            continue;
        tb_html_put(
            writing->html, "<p class=\"verdict\"><b>One thread’s lifecycle takes %s</b>: %s</p>\n",
            tb_text_time(&writing->text, tb_json_number(breakdown, "total_ns", NAN)).text, phases);
        tb_html_put(writing->html, "<p class=\"note\">%s</p>\n", result->records[i].spec->name);
        return true;
    }
    return false;
}

struct counts {
    size_t measured, skipped, failed, pending;
};

static struct counts counts_of(const struct tb_result *result)
{
    struct counts counts = {0};

    for (size_t i = 0; i < result->count; i++) {
        const struct tb_record *record = &result->records[i];

        if (record->role != TB_SELECTED)
            continue;
        counts.measured += record->count > 0;
        counts.skipped += record->outcome == TB_SKIPPED;
        counts.failed += record->outcome == TB_FAILED;
        counts.pending += tb_is_pending(record);
    }
    return counts;
}

static size_t larger(size_t a, size_t b)
{
    return a > b ? a : b;
}

/* All results are of much the same cases: the most that any has of each kind. */
static struct counts most_of(const struct tb_report_view *view)
{
    struct counts most = {0};

    for (size_t i = 0; i < view->count; i++) {
        for (size_t k = 0; k < view->sides[i].count; k++) {
            const struct counts counts = counts_of(view->sides[i].results[k]);

            most.measured = larger(most.measured, counts.measured);
            most.skipped = larger(most.skipped, counts.skipped);
            most.failed = larger(most.failed, counts.failed);
            most.pending = larger(most.pending, counts.pending);
        }
    }
    return most;
}

/* "39 cases measured, 2 skipped"; the caller's. */
static char *counts_text(const struct tb_report_view *view)
{
    const struct counts counts = most_of(view);
    char *text;
    size_t size;
    FILE *out = tb_open_text(&text, &size);

    (void)fprintf(out, "%s measured", tb_text_count(counts.measured, "case").text); /* in memory */
    if (counts.skipped)
        (void)fprintf(out, ", %zu skipped", counts.skipped); /* likewise, as below */
    if (counts.failed)
        (void)fprintf(out, ", %zu failed", counts.failed);
    if (counts.pending)
        (void)fprintf(out, ", %zu not yet measured", counts.pending);
    (void)fclose(out);
    return text;
}

/* "2026-11-29 15:02 UTC"; empty where the document does not tell. */
static struct tb_text when_text(const struct tb_settings *settings)
{
    struct tb_text text = {""};
    struct tm time;

    if (settings->started.tv_sec > 0 && gmtime_r(&settings->started.tv_sec, &time))
        (void)strftime(text.text, sizeof text.text, "%Y-%m-%d %H:%M UTC", &time); /* it has room */
    return text;
}

static const char *or_unknown(const char *text)
{
    return text ? text : "unknown";
}

static void put_host(struct tb_writing *writing, const struct tb_result *result)
{
    const cJSON *host = result->host;
    tb_autofree char *machine =
        tb_print("%s, %s, %.0f CPUs%s", or_unknown(tb_json_text(host, "name")),
                 or_unknown(tb_json_text(host, "cpu")), tb_json_number(host, "topology.pus", 0),
                 tb_json_flag(host, "virtualisation.hypervisor") ? ", virtual machine" : "");

    tb_report_fact(writing, "host", machine);
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
    const cJSON *python = tb_json_find(subject->catalogue.root, "python");
    const char *program = tb_json_text(result->context, "executable");
    const char *first = subject->words ? subject->words[0] : NULL;
    tb_autofree char *command = first ? tb_report_command(subject->words)
                                      : tb_copy(program ? program : "a Google Benchmark program");

    if (python && first)
        tb_html_put(writing->html, "%s %s, <code>%s</code>", tb_json_text(python, "implementation"),
                    tb_json_text(python, "version"), first);
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

void tb_report_conclusion(struct tb_writing *writing)
{
    const struct tb_report_view *view = writing->view;
    const struct tb_result *first = view->sides->results[0];
    tb_autofree char *counts = counts_text(view);
    tb_autofree char *rounds = first->finished_rounds
                                   ? tb_print("%s in %s, a fresh process each", counts,
                                              tb_text_count(first->finished_rounds, "round").text)
                                   : NULL; /* another program's file */

    tb_report_section(writing, "conclusion", "Conclusion");
    if (view->comparisons.count && !view->interpreters)
        put_verdict(writing);
    else if (view->interpreters || !put_lifecycle(writing, first))
        tb_html_put(writing->html, "<p class=\"verdict\"><b>%s</b></p>\n", counts);
    tb_html_put(writing->html, "<dl class=\"facts\">\n");
    put_sides(writing);
    tb_report_fact(writing, "run", rounds);
    put_host(writing, first);
    tb_report_fact(writing, "when", when_text(first->settings).text);
    tb_html_put(writing->html, "</dl>\n");
}
