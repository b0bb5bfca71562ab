#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "document/origin.h"
#include "document/summary.h"
#include "report/circumstances.h"
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
    tb_json_each(word, words) {
        const char *value = cJSON_GetStringValue(word);
        tb_autofree char *safe = quoted(value ? value : "");

        seeded |= value && !strncmp(value, "--seed", 6);
        if (!seeded && tb_same(value, "--")) { /* what follows are no options */
            (void)fprintf(out, " --seed %" PRIu64, result->settings->seed);
            seeded = true;
        }
        (void)fprintf(out, "%s%s", ftell(out) ? " " : "", safe); /* in memory, as all here */
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
    size_t count = 0, known;

    tb_html_put(writing->html, "<h3>To repeat it</h3>\n");
    for (size_t i = 0; i < view->count; i++) {
        for (size_t k = 0; k < view->sides[i].count; k++) {
            char *command = command_of(view->sides[i].results[k]);

            if (!command)
                continue;
            known = shown.count;
            kept = tb_grow(kept, count + 2, sizeof *kept);
            kept[count++] = command; /* names are borrowed: it stays until the list goes */
            kept[count] = NULL;
            if (tb_names_add(&shown, command) == known)
                tb_html_put(writing->html, "<pre>%s</pre>\n", command);
        }
    }
    if (!count)
        tb_html_put(writing->html,
                    "<p class=\"note\">The document does not record how it was made.</p>\n");
}

/* A finding, and which sides it is of. */
struct finding {
    const cJSON *item;
    size_t sides, last; /* how many, and the last of them */
    char *names;        /* owned: "old, new" */
};

struct findings {
    struct finding *each;
    size_t count;
};

static void findings_finish(struct findings *findings)
{
    for (size_t i = 0; i < findings->count; i++)
        free(findings->each[i].names);
    free(findings->each);
}

static void add_finding(struct findings *findings, const struct tb_report_view *view, size_t side,
                        const cJSON *item)
{
    struct finding *found;
    size_t at = 0;
    char *before;

    while (at < findings->count && !cJSON_Compare(findings->each[at].item, item, true))
        at++;
    if (at == findings->count) {
        findings->each = tb_grow(findings->each, ++findings->count, sizeof *findings->each);
        findings->each[at] = (struct finding){item, 1, side, tb_copy(view->sides[side].name)};
        return;
    }
    found = &findings->each[at];
    if (found->last == side)
        return;
    before = found->names;
    found->names = tb_print("%s, %s", before, view->sides[side].name);
    found->last = side;
    found->sides++;
    free(before);
}

static bool is_warning(const struct finding *finding)
{
    return tb_same(tb_json_text(finding->item, "severity"), "warning");
}

static void put_finding(struct tb_writing *writing, const struct finding *finding)
{
    const char *severity = tb_json_text(finding->item, "severity");
    bool some = finding->sides < writing->view->count;

    tb_html_put(
        writing->html,
        "<li><span class=\"severity %s\">%s</span> <b>%s</b>%s%s: %s <small>%s</small></li>\n",
        is_warning(finding) ? "warning" : "", severity, tb_json_text(finding->item, "id"),
        some ? ", " : "", some ? finding->names : "", tb_json_text(finding->item, "text"),
        tb_json_text(finding->item, "advice"));
}

/* As the documents have them, warnings first. */
static void put_findings(struct tb_writing *writing)
{
    const struct tb_report_view *view = writing->view;
    tb_auto(findings_finish) struct findings findings = {0};

    for (size_t i = 0; i < view->count; i++) {
        for (size_t k = 0; k < view->sides[i].count; k++) {
            const cJSON *item;

            tb_json_each(item,
                         tb_json_find(view->sides[i].results[k]->context, "threadbench.warnings"))
                add_finding(&findings, view, i, item);
        }
    }
    if (!findings.count)
        return;
    tb_html_put(writing->html, "<ul class=\"findings\">\n");
    for (int pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < findings.count; i++) {
            if (is_warning(&findings.each[i]) == !pass)
                put_finding(writing, &findings.each[i]);
        }
    }
    tb_html_put(writing->html, "</ul>\n");
}

static char *host_of(const struct tb_writing *writing, const struct tb_result *result)
{
    (void)writing;
    return tb_copy(tb_json_text(result->host, "name"));
}

static char *processor_of(const struct tb_writing *writing, const struct tb_result *result)
{
    (void)writing;
    return tb_processor_text(result->host);
}

static char *system_of(const struct tb_writing *writing, const struct tb_result *result)
{
    const char *kernel = tb_json_text(result->host, "kernel.name");
    const char *release = tb_json_text(result->host, "kernel.release");
    const char *machine = tb_json_text(result->host, "machine");

    (void)writing;
    return kernel ? tb_print("%s %s %s", kernel, release ? release : "", machine ? machine : "")
                  : NULL;
}

static char *compiler_of(const struct tb_writing *writing, const struct tb_result *result)
{
    (void)writing;
    return tb_copy(tb_json_text(result->subject->catalogue.root, "build.compiler"));
}

static char *loaded_of(const struct tb_writing *writing, const struct tb_result *result)
{
    const cJSON *loaded = tb_json_find(result->subject->seen, "loaded");

    (void)writing;
    return loaded ? tb_loaded_text(loaded) : NULL;
}

/* Another program's file knows no rounds, nor the seed. */
static char *rounds_of(const struct tb_writing *writing, const struct tb_result *result)
{
    const struct tb_settings *settings = result->settings;

    (void)writing;
    return settings->rounds ? tb_print("%u of at most %u; ended by: %s", result->finished_rounds,
                                       settings->rounds, tb_stop_names[result->stop])
                            : NULL;
}

static char *seed_of(const struct tb_writing *writing, const struct tb_result *result)
{
    (void)writing;
    return result->settings->rounds ? tb_print("%" PRIu64, result->settings->seed) : NULL;
}

static char *time_of(const struct tb_writing *writing, const struct tb_result *result)
{
    (void)writing;
    return result->settings->time_s > 0 ? tb_print("%.3g s", result->settings->time_s) : NULL;
}

static char *overhead_of(const struct tb_writing *writing, const struct tb_result *result)
{
    struct tb_overhead overhead = tb_overhead(result);

    return overhead.cases
               ? tb_print("%s a sample (median of %zu cases that do nothing); it is not subtracted",
                          tb_text_time(&writing->text, overhead.median_ns).text, overhead.cases)
               : NULL;
}

static char *version_of(const struct tb_writing *writing, const struct tb_result *result)
{
    (void)writing;
    return tb_copy(tb_json_text(result->context, "threadbench.program_version"));
}

static char *run_of(const struct tb_writing *writing, const struct tb_result *result)
{
    (void)writing;
    return *result->run_id ? tb_copy(result->run_id) : NULL;
}

static void put_facts(struct tb_writing *writing)
{
    static const struct {
        const char *name;
        char *(*text_of)(const struct tb_writing *writing, const struct tb_result *result);
    } facts[] = {
        {"host", host_of},         {"processor", processor_of},
        {"system", system_of},     {"compiler", compiler_of},
        {"loads", loaded_of},      {"rounds", rounds_of},
        {"seed", seed_of},         {"in each process", time_of},
        {"overhead", overhead_of}, {"threadbench", version_of},
        {"run", run_of},
    };

    tb_html_put(writing->html, "<dl class=\"facts\">\n");
    for (size_t i = 0; i < sizeof facts / sizeof *facts; i++)
        tb_report_facts(writing, facts[i].name, facts[i].text_of);
    tb_html_put(writing->html, "</dl>\n");
}

void tb_report_conditions(struct tb_writing *writing)
{
    tb_report_section(writing, "conditions", "Conditions");
    put_findings(writing);
    put_facts(writing);
    put_commands(writing);
}
