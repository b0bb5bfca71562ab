#include "report/export/export.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "archive/archive.h"
#include "document/origin.h"
#include "report/export/run.h"
#include "util/json.h"
#include "util/memory.h"
#include "util/suggest.h"

static const struct tb_export_format *const formats[] = {
    &tb_export_rows_csv, &tb_export_rows_ndjson,
    &tb_export_github,   &tb_export_bencher,
    &tb_export_otava,    &tb_export_perfherder,
    &tb_export_asv,      &tb_export_openmetrics,
    &tb_export_google,   NULL,
};

const char *tb_export_name(size_t place)
{
    return formats[place] ? formats[place]->name : NULL;
}

char *tb_export_names(void)
{
    char *list = tb_copy(formats[0]->name);

    for (size_t i = 1; formats[i]; i++) {
        char *more = tb_print("%s%s%s", list, formats[i + 1] ? ", " : " or ", formats[i]->name);

        free(list);
        list = more;
    }
    return list;
}

static const struct tb_export_format *find(const char *name)
{
    size_t i = 0;

    while (formats[i] && strcmp(formats[i]->name, name) != 0)
        i++;
    return formats[i];
}

bool tb_export_knows(const char *name, enum tb_export_takes *ret_takes, bool *ret_folder)
{
    const struct tb_export_format *format = find(name);

    if (format) {
        *ret_takes = format->takes;
        *ret_folder = format->is_folder;
    }
    return format != NULL;
}

static int refuse(const char *name, struct tb_error *error)
{
    const char *words[sizeof formats / sizeof *formats];
    struct tb_known_words known = {.words = words};
    tb_autofree char *names = tb_export_names(), *all = tb_print("give %s", names), *advice = NULL;

    for (; formats[known.count]; known.count++)
        words[known.count] = formats[known.count]->name;
    advice = tb_did_you_mean(name, &known, all);
    return tb_misuse(error, "--format '%s': %s", name, advice);
}

int tb_export_begin(struct tb_export *export, const char *name, struct tb_error *error)
{
    const struct tb_export_format *format = find(name);

    if (!format)
        return refuse(name, error);
    if (export->is_archive && format->takes == TB_EXPORT_ONE)
        return tb_misuse(error,
                         "--format %s is a report of one run: use 'threadbench show --format %s "
                         "DOCUMENT'",
                         name, name);
    if (format->is_folder && !export->folder)
        return tb_misuse(error, "--format %s writes a folder: give --output DIR", name);
    export->format = format;
    if (format->begin)
        format->begin(export);
    return 0;
}

bool tb_export_wants(struct tb_export *export, const struct tb_record *record)
{
    if (export->filter && regexec(export->filter, record->spec->name, 0, NULL, 0))
        return false;
    if (record->outcome == TB_SKIPPED)
        export->left[TB_EXPORT_SKIPPED]++;
    else if (record->outcome == TB_FAILED)
        export->left[TB_EXPORT_FAILED]++;
    else if (!record->count)
        export->left[TB_EXPORT_PENDING]++;
    return record->outcome == TB_OK && record->count;
}

int tb_export_put_kept(struct tb_export *export, struct tb_error *error)
{
    (void)error; /* nothing can go wrong */
    tb_json_put(export->out, export->kept);
    export->kept = NULL;
    return 0;
}

void tb_export_drop_kept(struct tb_export *export)
{
    cJSON_Delete(export->kept);
    export->kept = NULL;
}

static void add_case(struct tb_export_run *run, const struct tb_record *record)
{
    struct tb_summary summary = tb_summarise(run->result, record);
    struct tb_export_case *item = &run->cases[run->count++];
    size_t count;

    *item = (struct tb_export_case){
        .record = record,
        .name = record->spec->name,
        .unit = record->spec->unit ? record->spec->unit : "ns",
        .statistic = summary.statistic,
        .value = summary.value,
        .processes = tb_field_values(record, summary.statistic, &count),
    };
    (void)tb_statistics(item->processes, count); /* sorts them */
}

/* The other cases explain these, and are not what a gate is to watch. */
static void find_cases(struct tb_export *export, struct tb_export_run *run)
{
    run->cases = tb_alloc(run->result->count, sizeof *run->cases);
    for (size_t i = 0; i < run->result->count; i++) {
        const struct tb_record *record = &run->result->records[i];

        if (record->role == TB_SELECTED && tb_export_wants(export, record))
            add_case(run, record);
    }
}

/* As the archive has it in a document's name, where it has been made UTC. */
static void find_time(struct tb_export_run *run)
{
    tb_autofree char *path = tb_archive_path("", run->document->context, 0);
    tb_auto(tb_archive_entry_finish) struct tb_archive_entry entry = {0};
    struct tm time = {0};

    if (path)
        tb_archive_parse(&entry, path);
    if (!entry.time || !strptime(entry.time, "%Y%m%dT%H%M%SZ", &time))
        return;
    run->time = timegm(&time);
    (void)strftime(run->iso, sizeof run->iso, "%Y-%m-%dT%H:%M:%SZ", &time); /* fits */
}

static struct tb_export_run run_of(const struct tb_document *document)
{
    const cJSON *context = document->context;
    const char *libc = tb_loaded_libc(tb_json_find(context, "threadbench.subject.loaded"));
    struct tb_export_run run = {
        .document = document,
        .result = &document->result,
        .host = tb_json_text(context, "host_name"),
        .commit = document->revision.commit,
        .label = document->subject.label,
        .dirty = document->revision.dirty,
        .kernel = tb_json_text(context, "threadbench.host.kernel.release"),
        .machine = tb_json_text(context, "threadbench.host.machine"),
        .cpu = tb_json_text(context, "threadbench.host.cpu"),
        .libc = libc ? libc : tb_json_text(context, "threadbench.host.libc"),
        .compiler = tb_json_text(context, "threadbench.build.compiler"),
        .library = tb_json_text(context, "library_version"),
        .alpha = document->settings.alpha,
    };

    find_time(&run);
    return run;
}

static void run_finish(struct tb_export_run *run)
{
    for (size_t i = 0; i < run->count; i++)
        free(run->cases[i].processes);
    free(run->cases);
}

int tb_export_add(struct tb_export *export, const struct tb_document *document,
                  struct tb_error *error)
{
    const struct tb_export_format *format = export->format;
    tb_auto(run_finish) struct tb_export_run run = run_of(document);

    if (format->takes == TB_EXPORT_ONE && export->documents)
        return tb_misuse(error, "--format %s is a report of one run: give one document",
                         format->name);
    export->documents++;
    if (!format->of_processes)
        find_cases(export, &run);
    return format->add(export, &run, error);
}

char *tb_export_left_out(const struct tb_export *export)
{
    static const char *const reasons[] = {
        "skipped",
        "failed",
        "not measured yet",
        "of a unit, size or name that the format has no place for",
        "that not every run has",
        "without a time, or of no clean commit",
        "in whose place there is a later run",
    };
    char *text = NULL;
    size_t size;
    FILE *out = tb_open_text(&text, &size);
    const char *before = "";

    for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++) {
        if (export->left[i]) {
            (void)fprintf(out, "%s%zu %s", before, export->left[i], reasons[i]); /* in memory */
            before = ", ";
        }
    }
    (void)fclose(out);
    return text;
}

int tb_export_end(struct tb_export *export, struct tb_error *error)
{
    const struct tb_export_format *format = export->format;
    int code = 0;

    if (format->takes == TB_EXPORT_SERIES && export->documents < 2)
        return tb_misuse(error, "--format %s shows runs over time: give two documents at least",
                         format->name);
    if (format->end && (export->values || format->takes != TB_EXPORT_ONE))
        code = format->end(export, error);
    if (!code && !export->values)
        code =
            tb_failure(error, "--format %s: no case has a value that it could take", format->name);
    return code;
}

void tb_export_finish(struct tb_export *export)
{
    if (export->format && export->format->finish)
        export->format->finish(export);
    export->format = NULL;
}
