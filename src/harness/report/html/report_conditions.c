#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "document/checks.h"
#include "document/origin.h"
#include "document/summary.h"
#include "report/html/report_parts.h"
#include "util/json.h"
#include "util/memory.h"
#include "util/names.h"
#include "util/strings.h"

/* A word as a shell takes it; the caller's. */
static char *quoted(const char *word)
{
    char *text;
    size_t size;
    FILE *out;

    if (*word && strspn(word, TB_NAME_LETTERS "/:=@,+%") == strlen(word))
        return tb_copy(word);
    out = tb_open_text(&text, &size);
    (void)fputc('\'', out); /* in memory, as all below */
    for (; *word; word++)
        (void)fprintf(out, *word == '\'' ? "'\\''" : "%c", *word);
    (void)fputc('\'', out);
    (void)fclose(out);
    return text;
}

char *tb_report_command(char *const *words)
{
    char *text;
    size_t size;
    FILE *out = tb_open_text(&text, &size);

    for (size_t i = 0; words && words[i]; i++) {
        tb_autofree char *word = quoted(words[i]);

        (void)fprintf(out, "%s%s", i ? " " : "", word); /* in memory */
    }
    (void)fclose(out); /* likewise */
    return text;
}

/* The command that made a document, with the seed that it did not have to be told; NULL: it does
 * not say. The caller's. */
static char *command_of(const struct tb_result *result)
{
    const cJSON *words = tb_json_find(result->context, "threadbench.command"), *word;
    char *text;
    size_t size;
    bool seeded = false;
    FILE *out;

    if (!cJSON_GetArraySize(words))
        return NULL;
    out = tb_open_text(&text, &size);
    cJSON_ArrayForEach(word, words) {
        const char *value = cJSON_GetStringValue(word);
        tb_autofree char *safe = quoted(value ? value : "");

        seeded |= value && !strncmp(value, "--seed", 6);
        (void)fprintf(out, "%s%s", ftell(out) ? " " : "", safe); /* in memory, as below */
    }
    if (!seeded)
        (void)fprintf(out, " --seed %" PRIu64, result->settings->seed);
    (void)fclose(out);
    return text;
}

static void put_commands(struct tb_writing *writing)
{
    const struct tb_report_view *view = writing->view;
    tb_auto(tb_names_finish) struct tb_names shown = {0};
    tb_autowords char **kept = tb_alloc(1, sizeof *kept);
    size_t count = 0;

    tb_html_put(writing->html, "<h3>To repeat it</h3>\n");
    for (size_t i = 0; i < view->count; i++) {
        for (size_t k = 0; k < view->sides[i].count; k++) {
            char *command = command_of(view->sides[i].results[k]);

            if (!command)
                continue;
            kept = tb_grow(kept, count + 2, sizeof *kept);
            kept[count++] = command; /* names are borrowed: it stays until the list goes */
            kept[count] = NULL;
            if (tb_names_add(&shown, command) + 1 == shown.count && shown.count == count)
                tb_html_put(writing->html, "<pre>%s</pre>\n", command);
        }
    }
    if (!count)
        tb_html_put(writing->html,
                    "<p class=\"note\">The document does not say how it was made.</p>\n");
}

static void put_finding(struct tb_writing *writing, const cJSON *finding)
{
    const char *severity = tb_json_text(finding, "severity");

    tb_html_put(writing->html,
                "<li><span class=\"severity %s\">%s</span> <b>%s</b>: %s <small>%s</small></li>\n",
                tb_same(severity, "warning") ? "warning" : "", severity,
                tb_json_text(finding, "id"), tb_json_text(finding, "text"),
                tb_json_text(finding, "advice"));
}

/* Of the host and the first subject, as the document has them, and of the other subjects. */
static void put_findings(struct tb_writing *writing)
{
    const struct tb_report_view *view = writing->view;
    const cJSON *finding;

    tb_html_put(writing->html, "<ul class=\"findings\">\n");
    cJSON_ArrayForEach(finding,
                       tb_json_find(view->sides->results[0]->context, "threadbench.warnings"))
        put_finding(writing, finding);
    for (size_t i = 1; i < view->count; i++) {
        const struct tb_subject *subject = view->sides[i].results[0]->subject;
        tb_autojson cJSON *others = tb_subject_checks(subject->label, subject->seen);

        cJSON_ArrayForEach(finding, others)
            put_finding(writing, finding);
    }
    tb_html_put(writing->html, "</ul>\n");
}

static void put_system(struct tb_writing *writing, const struct tb_result *result)
{
    const cJSON *host = result->host;
    const char *kernel = tb_json_text(host, "kernel.name");
    const char *release = tb_json_text(host, "kernel.release");
    const char *machine = tb_json_text(host, "machine");
    tb_autofree char *system =
        tb_print("%s %s %s", kernel ? kernel : "", release ? release : "", machine ? machine : "");
    tb_autofree char *cpus =
        tb_print("%s, %.0f CPUs", tb_json_text(host, "cpu") ? tb_json_text(host, "cpu") : "unknown",
                 tb_json_number(host, "topology.pus", 0));

    tb_report_fact(writing, "host", tb_json_text(host, "name"));
    tb_report_fact(writing, "processor", cpus);
    tb_report_fact(writing, "system", kernel ? system : NULL);
    tb_report_fact(writing, "compiler",
                   tb_json_text(result->subject->catalogue.root, "build.compiler"));
}

static void put_loaded(struct tb_writing *writing)
{
    const struct tb_report_view *view = writing->view;
    const cJSON *first = tb_json_find(view->sides->results[0]->subject->seen, "loaded");

    for (size_t i = 0; i < view->count; i++) {
        const cJSON *loaded = tb_json_find(view->sides[i].results[0]->subject->seen, "loaded");
        tb_autofree char *text = tb_loaded_text(loaded);
        tb_autofree char *name =
            view->count > 1 ? tb_print("%s loads", view->sides[i].name) : tb_copy("loads");

        if (loaded && (i == 0 || tb_loaded_differs(first, loaded)))
            tb_report_fact(writing, name, text);
    }
}

static void put_run(struct tb_writing *writing, const struct tb_result *result)
{
    const struct tb_settings *settings = result->settings;
    struct tb_overhead overhead = tb_overhead(result);
    tb_autofree char *seed = tb_print("%" PRIu64, settings->seed);
    tb_autofree char *rounds = tb_print("%u of at most %u; ended by: %s", result->finished_rounds,
                                        settings->rounds, tb_stop_names[result->stop]);
    tb_autofree char *each = tb_print("%.3g s", settings->time_s);
    tb_autofree char *cost =
        tb_print("%s a sample (median of %zu cases that do nothing); it is not subtracted",
                 tb_text_time(&writing->text, overhead.median_ns).text, overhead.cases);

    tb_report_fact(writing, "rounds",
                   settings->rounds ? rounds : NULL); /* else another program's file */
    tb_report_fact(writing, "seed", settings->rounds ? seed : NULL);
    tb_report_fact(writing, "in each process", settings->time_s > 0 ? each : NULL);
    tb_report_fact(writing, "overhead", overhead.cases ? cost : NULL);
    tb_report_fact(writing, "threadbench",
                   tb_json_text(result->context, "threadbench.program_version"));
    tb_report_fact(writing, "run", *result->run_id ? result->run_id : NULL);
}

void tb_report_conditions(struct tb_writing *writing)
{
    const struct tb_result *first = writing->view->sides->results[0];

    tb_report_section(writing, "conditions", "Conditions");
    put_findings(writing);
    tb_html_put(writing->html, "<dl class=\"facts\">\n");
    put_system(writing, first);
    put_loaded(writing);
    put_run(writing, first);
    tb_html_put(writing->html, "</dl>\n");
    put_commands(writing);
}
