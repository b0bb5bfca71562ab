#include "report/circumstances.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "document/checks.h"
#include "document/origin.h"
#include "document/summary.h"
#include "document/write.h"
#include "util/json.h"
#include "util/memory.h"
#include "util/strings.h"

static bool is_warning(const cJSON *finding)
{
    return tb_same(tb_json_text(finding, "severity"), "warning");
}

void tb_findings_put(const struct tb_page *page, const cJSON *findings, bool whole)
{
    const cJSON *finding;

    tb_json_each(finding, findings) {
        const char *severity = tb_json_text(finding, "severity");
        enum tb_ink ink = is_warning(finding) ? TB_INK_DOUBT : TB_INK_NONE;

        if (whole || is_warning(finding))
            tb_page_line_in(page, ink, strlen(severity), 9, "%-8s %s: %s", severity,
                            tb_json_text(finding, "id"), tb_json_text(finding, "text"));
        if (whole)
            tb_page_line(page, 9, "%8s %s", "", tb_json_text(finding, "advice"));
    }
}

bool tb_findings_warn(const cJSON *findings)
{
    return is_warning(cJSON_GetArrayItem(findings, 0)); /* they come first */
}

static void put_overhead(const struct tb_page *page, const struct tb_result *result)
{
    struct tb_overhead overhead = tb_overhead(result);
    double cost = tb_json_number(result->subject->catalogue.root, "clock.cost_ns", NAN);

    if (!overhead.cases)
        return;
    tb_page_line(page, 9,
                 "overhead measuring adds %s to a sample, %s readings of the clock of %s each "
                 "(median of %s that %s nothing); it is not subtracted",
                 tb_text_time(page, overhead.median_ns).text,
                 tb_text_number(overhead.median_ns / cost).text, tb_text_time(page, cost).text,
                 tb_text_count(overhead.cases, "case").text, overhead.cases == 1 ? "does" : "do");
}

char *tb_processor_text(const cJSON *host)
{
    const char *cpu = tb_json_text(host, "cpu");
    double cpus = tb_json_number(host, "topology.pus", 0);

    return cpus > 0 ? tb_print("%s%s%.0f CPU%s", cpu ? cpu : "", cpu ? ", " : "", cpus,
                               cpus == 1 ? "" : "s")
                    : tb_copy(cpu);
}

char *tb_host_text(const cJSON *host)
{
    tb_autofree char *processor = tb_processor_text(host);

    return tb_print("%s%s%s%s", tb_or_unknown(tb_json_text(host, "name")), processor ? ", " : "",
                    processor ? processor : "",
                    tb_json_flag(host, "virtualisation.hypervisor") ? ", virtual machine" : "");
}

static void put_host(const struct tb_page *page, const struct tb_result *result)
{
    tb_autofree char *host = tb_host_text(result->host);

    tb_page_line(page, 9, "host     %s", host);
}

static void put_system(const struct tb_page *page, const struct tb_result *result)
{
    const char *libc = tb_loaded_libc(tb_json_find(result->subject->seen, "loaded"));
    const cJSON *host = result->host;

    if (tb_json_find(host, "kernel"))
        tb_page_line(
            page, 9, "system   %s %s %s, %s", tb_or_unknown(tb_json_text(host, "kernel.name")),
            tb_or_unknown(tb_json_text(host, "kernel.release")),
            tb_or_unknown(tb_json_text(host, "machine")), libc ? libc : "C library unknown");
    if (result->revision->commit)
        tb_page_line(page, 9, "revision %s", tb_or_unknown(result->revision->describe));
}

static void put_interpreter(const struct tb_page *page, const struct tb_subject *subject,
                            const cJSON *python)
{
    const char *lock = tb_json_flag(python, "gil_enabled") ? ", its GIL on" : "";

    tb_page_line(page, 9, "subject  %s: %s, %s %s%s%s", tb_or_unknown(subject->label),
                 tb_or_unknown(tb_subject_program(subject)),
                 tb_or_unknown(tb_json_text(python, "implementation")),
                 tb_or_unknown(tb_json_text(python, "version")),
                 tb_json_flag(python, "free_threaded") ? " free-threaded" : "",
                 tb_json_flag(python, "free_threaded") ? lock : "");
}

static void put_subject(const struct tb_page *page, const struct tb_subject *subject)
{
    const cJSON *python = tb_subject_python(subject);
    tb_autofree char *text = NULL;
    size_t size;
    FILE *words;

    if (python) {
        put_interpreter(page, subject, python);
        return;
    }
    words = tb_open_text(&text, &size);
    for (size_t i = 0; subject->words[i]; i++)
        (void)fprintf(words, " %s", subject->words[i]); /* into memory */
    (void)fclose(words);
    tb_page_line(page, 9, "subject  %s:%s", tb_or_unknown(subject->label), text);
}

void tb_loaded_put(const struct tb_page *page, const char *name, const cJSON *loaded)
{
    tb_autofree char *text = tb_loaded_text(loaded);

    tb_page_line(page, 9, "loads    %s: %s", tb_or_unknown(name), text);
}

void tb_subjects_put(const struct tb_page *page, const struct tb_result *results, size_t count)
{
    const cJSON *first = tb_json_find(results->subject->seen, "loaded");
    bool differ = false;

    for (size_t i = 0; i < count; i++) {
        const struct tb_subject *subject = results[i].subject;

        put_subject(page, subject);
        differ |= tb_loaded_differs(first, tb_json_find(subject->seen, "loaded")) != NULL;
    }
    for (size_t i = 0; differ && i < count; i++)
        tb_loaded_put(page, results[i].subject->label,
                      tb_json_find(results[i].subject->seen, "loaded"));
}

void tb_subject_warnings_put(const struct tb_page *page, const struct tb_subject *subject)
{
    tb_autojson cJSON *findings = tb_subject_checks(subject->label, subject->seen);

    tb_findings_put(page, findings, false);
}

/* What on this host and of the subjects disturbs the numbers, in short. */
static void put_warnings(const struct tb_page *page, const struct tb_result *results, size_t count)
{
    tb_autojson cJSON *context = tb_context(results);

    tb_findings_put(page, tb_json_find(context, "threadbench.warnings"), false);
    for (size_t i = 1; i < count; i++)
        tb_subject_warnings_put(page, results[i].subject);
}

/* Of another program's file, which knows neither rounds nor what disturbed them. */
static void put_foreign(const struct tb_page *page, const struct tb_result *result)
{
    const char *date = tb_json_text(result->context, "date");
    const char *version = tb_json_text(result->context, "library_version");

    tb_page_line(page, 9, "run      %s%s%s%s%s, %s; each repetition counts as a process",
                 date ? date : "", date ? ", " : "", "by Google Benchmark", version ? " " : "",
                 version ? version : "", tb_text_count(result->count, "case").text);
}

static void put_run(const struct tb_page *page, const struct tb_result *results, size_t count)
{
    const struct tb_settings *settings = results->settings;

    if (results->subject->label)
        tb_subjects_put(page, results, count);
    tb_page_line(page, 9, "run      %u of %s%s, %s, a fresh process each, seed %" PRIu64,
                 results->finished_rounds, settings->precision ? "at most " : "",
                 tb_text_count(settings->rounds, "round").text,
                 tb_text_count(results->count, "case").text, settings->seed);
    put_overhead(page, results);
    put_warnings(page, results, count);
}

void tb_circumstances_put(const struct tb_page *page, const struct tb_result *results, size_t count)
{
    put_host(page, results);
    put_system(page, results);
    if (*results->run_id)
        put_run(page, results, count);
    else
        put_foreign(page, results);
}
