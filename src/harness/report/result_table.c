#include "report/result_table.h"

#include <inttypes.h>
#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "document/checks.h"
#include "document/origin.h"
#include "document/summary.h"
#include "document/write.h"
#include "util/json.h"
#include "util/memory.h"
#include "util/strings.h"

/* Columns of the table, in their order. */
enum column { NAME, SUBJECT, VALUE, STATISTIC, INTERVAL, CV, P99, SWITCHES, RATIO };

/* Several results, told apart by a column for the subject; of one, the table has none. */
struct view {
    const struct tb_page *page;
    const struct tb_result *results;
    size_t count;
    struct libscols_table *table;
};

static bool is_warning(const cJSON *finding)
{
    return tb_same(tb_json_text(finding, "severity"), "warning");
}

void tb_findings_put(const struct tb_page *page, const cJSON *findings, bool whole)
{
    const cJSON *finding;

    cJSON_ArrayForEach(finding, findings) {
        if (whole || is_warning(finding))
            tb_page_line(page, 9, "%-8s %s: %s", tb_json_text(finding, "severity"),
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
                 "(median of %zu cases that do nothing); it is not subtracted",
                 tb_text_time(page, overhead.median_ns).text,
                 tb_text_number(overhead.median_ns / cost).text, tb_text_time(page, cost).text,
                 overhead.cases);
}

static const char *or_unknown(const char *text)
{
    return text ? text : "unknown";
}

static void put_host(const struct tb_page *page, const struct tb_result *result)
{
    const char *libc = tb_loaded_libc(tb_json_find(result->subject->seen, "loaded"));
    const cJSON *host = result->host;

    tb_page_line(page, 9, "host     %s, %s, %.0f CPUs%s", or_unknown(tb_json_text(host, "name")),
                 or_unknown(tb_json_text(host, "cpu")), tb_json_number(host, "topology.pus", 0),
                 tb_json_flag(host, "virtualisation.hypervisor") ? ", virtual machine" : "");
    tb_page_line(page, 9, "system   %s %s %s, %s", or_unknown(tb_json_text(host, "kernel.name")),
                 or_unknown(tb_json_text(host, "kernel.release")),
                 or_unknown(tb_json_text(host, "machine")), libc ? libc : "C library unknown");
    if (result->revision->commit)
        tb_page_line(page, 9, "revision %s", or_unknown(result->revision->describe));
}

static void put_subject(const struct tb_page *page, const struct tb_subject *subject)
{
    tb_autofree char *text = NULL;
    size_t size;
    FILE *words = tb_open_text(&text, &size);

    for (size_t i = 0; subject->words[i]; i++)
        (void)fprintf(words, " %s", subject->words[i]); /* into memory */
    (void)fclose(words);
    tb_page_line(page, 9, "subject  %s:%s", subject->label, text);
}

void tb_loaded_put(const struct tb_page *page, const char *name, const cJSON *loaded)
{
    tb_autofree char *text = tb_loaded_text(loaded);

    tb_page_line(page, 9, "loads    %s: %s", name, text);
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

static void put_head(const struct tb_page *page, const struct tb_result *results, size_t count)
{
    const struct tb_settings *settings = results->settings;

    put_host(page, results);
    if (results->subject->label)
        tb_subjects_put(page, results, count);
    tb_page_line(page, 9, "run      %u of %s%s, %s, a fresh process each, seed %" PRIu64,
                 results->finished_rounds, settings->precision ? "at most " : "",
                 tb_text_count(settings->rounds, "round").text,
                 tb_text_count(results->count, "case").text, settings->seed);
    put_overhead(page, results);
    put_warnings(page, results, count);
}

/* The half-width, marked where it is not what was asked for. */
static struct tb_text half_of(const struct tb_result *result, const struct tb_statistics *value)
{
    double precision = result->settings->precision, half = tb_half_width(value);
    struct tb_text text = tb_text_percent(half);

    if (precision && !(half <= precision))
        strcat(text.text, "*"); /* a percentage is far shorter than its buffer */
    return text;
}

static void fill_line(const struct view *view, const struct tb_result *result,
                      const struct tb_record *record)
{
    struct libscols_line *line = scols_table_new_line(view->table, NULL);
    struct tb_summary summary = tb_summarise(result, record);

    tb_table_set(line, NAME, record->spec->name);
    tb_table_set(line, SUBJECT, result->subject->label ? result->subject->label : "");
    if (!record->count) {
        tb_table_set(line, VALUE, tb_outcome_names[record->outcome]);
        return;
    }
    tb_table_set(line, VALUE,
                 tb_text_value(view->page, record->spec->unit, summary.value.median).text);
    tb_table_set(line, STATISTIC, summary.statistic);
    tb_table_set(line, INTERVAL, half_of(result, &summary.value).text);
    tb_table_set(line, CV, tb_text_percent(summary.value.cv).text);
    tb_table_set(line, P99, tb_text_value(view->page, record->spec->unit, summary.p99).text);
    tb_table_set(line, SWITCHES, tb_text_number(summary.switches).text);
    tb_table_set(line, RATIO, tb_text_number(summary.floor_ratio).text);
}

static void fill_phases(const struct view *view, const struct tb_result *result,
                        const struct tb_record *record)
{
    for (size_t i = 0; record->count && i < tb_phase_count(record); i++) {
        struct libscols_line *line = scols_table_new_line(view->table, NULL);
        struct tb_statistics value = tb_phase_value(result, record, i);
        tb_autofree char *name = tb_print("  %s", tb_phase_name(record, i));

        tb_table_set(line, NAME, name);
        tb_table_set(line, VALUE, tb_text_value(view->page, record->spec->unit, value.median).text);
        tb_table_set(line, STATISTIC, "mean");
        tb_table_set(line, INTERVAL, tb_text_percent(tb_half_width(&value)).text);
        tb_table_set(line, CV, tb_text_percent(value.cv).text);
        for (size_t column = P99; column <= RATIO; column++)
            tb_table_set(line, column, "-");
    }
}

static void fill_case(const struct view *view, const char *name)
{
    for (size_t i = 0; i < view->count; i++) {
        const struct tb_record *record = tb_result_find(&view->results[i], name);

        if (!record || record->role != TB_SELECTED || tb_is_pending(record))
            continue;
        fill_line(view, &view->results[i], record);
        fill_phases(view, &view->results[i], record);
    }
}

/* Whether an earlier result has the case too, and so has shown it. */
static bool is_shown(const struct view *view, size_t result, const char *name)
{
    for (size_t i = 0; i < result; i++) {
        if (tb_result_find(&view->results[i], name))
            return true;
    }
    return false;
}

static void put_rows(struct view *view)
{
    bool several = view->results->subject->label != NULL;

    tb_table_column(view->table, "case", SCOLS_FL_WRAP);
    tb_table_column(view->table, "subject", several ? 0 : SCOLS_FL_HIDDEN);
    tb_table_column(view->table, "value", SCOLS_FL_RIGHT);
    tb_table_column(view->table, "statistic", 0);
    tb_table_column(view->table, view->page->utf8 ? "\u00b1 95 % CI" : "+/- 95 % CI",
                    SCOLS_FL_RIGHT);
    tb_table_column(view->table, "CV", SCOLS_FL_RIGHT);
    tb_table_column(view->table, "p99", SCOLS_FL_RIGHT);
    tb_table_column(view->table, "switches", SCOLS_FL_RIGHT);
    tb_table_column(view->table, view->page->utf8 ? "\u00d7 floor" : "x floor", SCOLS_FL_RIGHT);
    for (size_t i = 0; i < view->count; i++) {
        for (size_t k = 0; k < view->results[i].count; k++) {
            const char *name = view->results[i].records[k].spec->name;

            if (!is_shown(view, i, name))
                fill_case(view, name);
        }
    }
    tb_page_put_table(view->page, view->table);
}

static const char *const ends[] = {
    [TB_STOP_ROUNDS] = "all rounds are done",
    [TB_STOP_DECIDED] = "every case is precise enough",
    [TB_STOP_BUDGET] = "the budget is used up",
    [TB_STOP_SIGNAL] = "interrupted",
    [TB_STOP_RUNNING] = "not yet",
};

/* What the marks and columns mean, and why no more rounds followed. */
static void put_notes(const struct tb_page *page, const struct tb_result *results, size_t count)
{
    const struct tb_result *result = results;
    const struct tb_settings *settings = result->settings;
    bool starred = false;

    for (size_t i = 0; i < count; i++)
        starred |= !tb_result_is_precise(&results[i]);
    tb_page_line(page, 4, "switches: of the whole process, for one operation with what sets it up");
    if (settings->precision)
        tb_page_line(page, 4, "%s %.4g %%, the precision asked for; stopped: %s",
                     starred ? "* not within" : "all are within", 100 * settings->precision,
                     ends[result->stop]);
}

/* What had no turn at all: all that was asked for by name. */
static void put_waiting(const struct tb_page *page, const struct tb_result *results, size_t count)
{
    size_t waiting = tb_result_tally(results, count).pending, size;
    tb_autofree char *names = NULL;
    FILE *list = tb_open_text(&names, &size);

    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < results[i].count; k++) {
            const struct tb_record *record = &results[i].records[k];
            const char *label = results[i].subject->label;

            if (record->role == TB_SELECTED && tb_is_pending(record))
                (void)fprintf(list, "%s%s%s%s", ftell(list) ? ", " : "", label ? label : "",
                              label ? ": " : "", record->spec->name); /* into memory */
        }
    }
    (void)fclose(list);
    if (waiting)
        tb_page_line(page, 4, "not yet measured: %s%s%s; %s ('run --continue' goes on)",
                     tb_text_count(waiting, "case").text, size ? ", of these " : "", names,
                     results->signal ? "interrupted" : "the budget does not hold them");
}

/* Every case without a full result, its companions included: none is left out in silence. */
static void put_reasons(const struct tb_page *page, const struct tb_result *result)
{
    const char *label = result->subject->label;

    for (size_t i = 0; i < result->count; i++) {
        const struct tb_record *record = &result->records[i];
        bool selected = record->role == TB_SELECTED;

        if (record->outcome == TB_OK)
            continue;
        tb_page_line(page, 4, "%s%s%s %s%s%s%s: %s", label ? label : "", label ? ": " : "",
                     tb_outcome_names[record->outcome], record->spec->name, selected ? "" : " (",
                     selected ? "" : tb_role_names[record->role], selected ? "" : ")",
                     record->reason);
    }
}

void tb_result_table_put(const struct tb_page *page, const struct tb_result *results, size_t count)
{
    struct view view = {page, results, count, tb_page_table(page)};

    put_head(page, results, count);
    (void)fputc('\n', page->out); /* the caller asks ferror() */
    put_rows(&view);
    put_notes(page, results, count);
    for (size_t i = 0; i < count; i++)
        put_reasons(page, &results[i]);
    put_waiting(page, results, count);
    if (results->signal)
        tb_page_line(page, 4, "interrupted by SIG%s: this is what was measured until then",
                     or_unknown(sigabbrev_np(results->signal)));
}
