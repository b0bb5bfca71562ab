#include "consume.h"

#include <assert.h>
#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "cli/arm.h"
#include "compare/compare.h"
#include "document/origin.h"
#include "document/read.h"
#include "document/recall.h"
#include "document/summary.h"
#include "document/write.h"
#include "exported.h"
#include "report/compare_table.h"
#include "report/export/export.h"
#include "report/listing.h"
#include "report/session_page.h"
#include "run/plan.h"
#include "util/file.h"
#include "util/json.h"
#include "util/memory.h"
#include "util/strings.h"

/* Enough for an interval, and to be read one after the other. */
enum { rounds_of_document = 6, rounds_to_read = 2, most_bytes = 1 << 20 };

const struct tb_consumed tb_consumed[4] = {
    {"catalogue", tb_consume_catalogue},
    {"series", tb_consume_series},
    {"plain", tb_consume_plain},
    {"document", tb_consume_document},
};

FILE *tb_documents;

/* The files of a subject, each good unless it is the one in question. */
struct files {
    const char *catalogue, *series, *plain;
    size_t catalogue_size, series_size, plain_size;
    unsigned rounds;
    bool lists;    /* its cases are printed, too */
    bool is_quiet; /* what comes of it is written and read, but not shown */
};

static char subject_word[] = "subject",
            host_text[] = "{\"name\":\"host\",\"topology\":{\"pus\":2}}";
static const char seen[] =
    "{\"loaded\":[{\"role\":\"libc\",\"path\":\"/lib/libc.so.6\",\"version\":\"glibc "
    "2.36\",\"build_id\":\"01ab\",\"crc32\":7},"
    "{\"role\":\"loader\",\"path\":\"/lib/"
    "ld.so\",\"version\":null,\"build_id\":null,\"crc32\":8},{\"role\":\"preloaded\",\"path\":\"./"
    "x.so\"}],"
    "\"stderr\":[\"a line\"],\"without_effect\":[\"a setting\"]}";
static char *subject_words[] = {subject_word, NULL};

static FILE *nowhere(void)
{
    static FILE *file;

    if (!file)
        file = fopen("/dev/null", "w");
    assert(file);
    return file;
}

static const struct tb_settings settings = {
    .session = "00000000000000aa",
    .subjects = 1,
    .rounds = rounds_of_document,
    .look_share = 1,
    .precision = 0.01,
    .alpha = 0.05,
    .time_s = 0.1,
    .timeout_s = 30,
    .repetitions = 1,
    .command = subject_words,
};

char *tb_seed_file(const char *name)
{
    tb_autofree char *path = tb_print("%s/%s/good.json", SEEDS, name);
    char *text;
    size_t size;
    int err = tb_file_read(path, most_bytes, &text, &size);

    assert(!err);
    return text;
}

static struct files good_files(void)
{
    static char *catalogue, *series, *plain;

    if (!catalogue) {
        catalogue = tb_seed_file("catalogue");
        series = tb_seed_file("series");
        plain = tb_seed_file("plain");
    }
    return (struct files){.catalogue = catalogue,
                          .series = series,
                          .plain = plain,
                          .catalogue_size = strlen(catalogue),
                          .series_size = strlen(series),
                          .plain_size = strlen(plain),
                          .rounds = rounds_to_read};
}

/* A terminal's; the flag has to be as the locale is. */
static struct tb_page page(void)
{
    bool utf8 = setlocale(LC_CTYPE, "C.UTF-8") != NULL;

    return (struct tb_page){.out = nowhere(), .width = 100, .table_width = 100, .utf8 = utf8};
}

static void show(const struct tb_result *results, size_t count)
{
    const struct tb_page shown = page(), markdown = tb_page_markdown(nowhere());
    char *csv = tb_csv(results, count);

    free(csv);
    tb_figures_put(&shown, results, count);
    tb_figures_put(&markdown, results, count);
}

static void list(const struct tb_catalogue *catalogue, const enum tb_role *roles)
{
    struct tb_page shown = page();

    tb_listing_put(&shown, catalogue, roles);
    tb_json_put(nowhere(), tb_listing(catalogue, roles));
}

/* As a worker's process that has ended well would be recorded. */
static int record_process(struct tb_result *result, struct tb_record *record, unsigned round,
                          const struct files *files, struct tb_error *error)
{
    struct tb_series series = {.wall_ns = NAN};
    int code =
        tb_series_read(files->series, files->series_size, record->spec->name, &series, error);
    tb_auto(tb_reading_finish) struct tb_reading reading = {.outcome = TB_FAILED};

    if (!code)
        reading = tb_gbench_read(files->plain, files->plain_size, record->spec->gb_name);
    if (reading.outcome != TB_OK || code) {
        tb_record_end(record, code ? TB_FAILED : reading.outcome,
                      code ? error->text : reading.reason);
    } else {
        struct tb_repetition repetition;

        tb_json_set_number(reading.entry, "round", round);
        repetition = tb_repetition_of(record, reading.entry, cJSON_PrintUnformatted(reading.entry),
                                      tb_json_number(reading.entry, "real_time", NAN), true);
        repetition.round = round;
        tb_record_add(record, &repetition, &series);
    }
    if (!result->context) {
        result->context = reading.context;
        reading.context = NULL;
    }
    tb_series_finish(&series);
    return code;
}

static int record_rounds(struct tb_result *result, const struct files *files,
                         struct tb_error *error)
{
    int code = 0;

    result->settings = &settings;
    result->host = cJSON_Parse(host_text);
    result->before = cJSON_CreateObject();
    tb_json_set_array(result->before, "load_avg");
    result->after = cJSON_Duplicate(result->before, true);
    result->finished_rounds = files->rounds;
    (void)strcpy(result->run_id, "00000000000000bb");
    for (unsigned round = 0; round < files->rounds; round++) {
        for (size_t i = 0; i < result->count; i++) {
            if (result->records[i].outcome == TB_OK)
                code |= record_process(result, &result->records[i], round, files, error);
        }
    }
    return code ? TB_FAILURE : 0;
}

/* What was written by us is read by us, and means the same. */
static void read_back(const struct tb_result *result)
{
    char *text = tb_document_text(result);
    tb_autojson cJSON *root = cJSON_Parse(text);
    struct tb_document document;
    struct tb_error error;
    int code;

    assert(root);
    if (tb_documents)
        (void)fwrite(text, strlen(text) + 1, 1, tb_documents);
    code = tb_document_parse("document", text, strlen(text), true, &document, &error);
    if (code)
        (void)fprintf(stderr, "what was written cannot be read: %s\n", error.text);
    assert(!code);
    assert(document.result.count == result->count);
    for (size_t i = 0; i < result->count; i++)
        assert(document.result.records[i].count == result->records[i].count);
    tb_document_finish(&document);
}

static int consume_files(const struct files *files, struct tb_error *error)
{
    static const struct tb_revision none;
    const struct tb_choice choice = {.set = TB_SET_FULL};
    struct tb_subject subject = {.label = NULL, .words = subject_words};
    tb_auto(tb_result_finish) struct tb_result result = {0};
    enum tb_role *roles;
    int code =
        tb_catalogue_read(files->catalogue, files->catalogue_size, &subject.catalogue, error);

    if (code)
        return code;
    subject.files = cJSON_CreateArray();
    subject.seen = cJSON_Parse(seen);
    roles = tb_alloc(subject.catalogue.count, sizeof *roles);
    for (size_t i = 0; subject.catalogue.has_core && !subject.catalogue.cases[i].core; i++)
        assert(i + 1 < subject.catalogue.count);
    if (tb_plan_select(&subject.catalogue, &choice, roles)) {
        if (files->lists)
            list(&subject.catalogue, roles);
        tb_result_init(&result, &subject, roles);
        result.revision = &none;
        code = record_rounds(&result, files, error);
        if (!code && !files->is_quiet)
            show(&result, 1);
        if (!code)
            read_back(&result);
    }
    free(roles);
    cJSON_Delete(subject.files);
    cJSON_Delete(subject.seen);
    tb_catalogue_finish(&subject.catalogue);
    return code;
}

int tb_consume_catalogue(const char *text, size_t size, struct tb_error *error)
{
    struct files files = good_files();

    files.catalogue = text;
    files.catalogue_size = size;
    files.lists = true;
    return consume_files(&files, error);
}

int tb_consume_series(const char *text, size_t size, struct tb_error *error)
{
    struct files files = good_files();

    files.series = text;
    files.series_size = size;
    return consume_files(&files, error);
}

/* Of which nothing but a line and a column is told. */
static bool is_no_json(const char *text, size_t size)
{
    tb_auto(tb_reading_finish) struct tb_reading reading = tb_gbench_read(text, size, "case");

    return reading.outcome == TB_FAILED && tb_begins_with(reading.reason, "its result file, line ");
}

int tb_consume_plain(const char *text, size_t size, struct tb_error *error)
{
    struct files files = good_files();
    int code = tb_consume_document(text, size, error);

    if (code && is_no_json(text, size))
        return code;
    files.plain = text;
    files.plain_size = size;
    files.is_quiet = code != 0;
    return consume_files(&files, error) ? TB_FAILURE : code;
}

static char *copy_of(const char *text, size_t size)
{
    char *copy = tb_alloc_text(size + 1);

    memcpy(copy, text, size);
    copy[size] = '\0';
    return copy;
}

static void compare(const struct tb_document *old, const struct tb_document *new, bool pair,
                    enum tb_metric metric)
{
    const struct tb_result *olds[] = {&old->result}, *news[] = {&new->result};
    const struct tb_side one = {olds, 1, old->path}, other = {news, 1, new->path};
    const struct tb_demand demand = {
        .margin = 0.02, .alpha = 0.001, .metric = metric, .pair = pair};
    struct tb_comparison comparison = tb_compare(&one, &other, &demand);
    struct tb_page shown = page();

    tb_comparison_put(&shown, &comparison);
    tb_json_put(nowhere(), tb_comparison_json(&comparison));
    tb_comparison_finish(&comparison);
}

/* What a run that is continued asks of its document, which has to be a file. */
static void resume(const char *text, size_t size)
{
    struct tb_arm arm = {0};
    struct tb_error error;
    int fd = memfd_create("document", MFD_CLOEXEC);
    tb_autofree char *path = tb_print("/proc/self/fd/%d", fd);

    assert(fd >= 0);
    assert(write(fd, text, size) == (ssize_t)size);
    (void)tb_arm_read(&arm, 0, 1, path, &error); /* it may well be refused */
    tb_arm_finish(&arm);
    (void)close(fd);
}

/* What is left out is no error, and nothing may be left. */
static void export_to(FILE *out, const char *format, const struct tb_document *old,
                      const struct tb_document *other)
{
    struct tb_export export = {.out = out};
    struct tb_error error; /* it may well be refused */

    if (!tb_export_begin(&export, format, &error) && !tb_export_add(&export, old, &error) &&
        (!other || !tb_export_add(&export, other, &error)))
        (void)tb_export_end(&export, &error);
    free(tb_export_left_out(&export));
    tb_export_finish(&export);
}

/* In each format that writes no files. */
static void export_both(const struct tb_document *old, const struct tb_document *new)
{
    for (size_t i = 0; tb_export_name(i); i++) {
        tb_autofree char *text = NULL;
        enum tb_export_takes takes;
        bool is_folder;
        size_t size;
        FILE *out;

        if (!tb_export_knows(tb_export_name(i), &takes, &is_folder) || is_folder)
            continue;
        out = tb_open_text(&text, &size);
        export_to(out, tb_export_name(i), old, takes == TB_EXPORT_ONE ? NULL : new);
        (void)fclose(out); /* in memory */
        assert(strlen(text) == size);
        if (size)
            tb_check_exported(tb_export_name(i), text);
    }
}

int tb_consume_document(const char *text, size_t size, struct tb_error *error)
{
    struct tb_document old, new;
    struct tb_origin origin = {0};
    int code = tb_document_parse("document", copy_of(text, size), size, false, &old, error);

    if (code)
        return code;
    code = tb_document_parse("document", copy_of(text, size), size, false, &new, error);
    assert(!code); /* the first time it was none */
    (void)tb_document_state(old.context);
    (void)tb_origin_differs(&origin, old.context);
    (void)tb_origin_loads_other(&origin, old.context);
    (void)tb_origin_loads_other(&origin, new.context);
    free(tb_loaded_text(tb_json_find(old.context, "threadbench.subject.loaded")));
    compare(&old, &new, false, TB_TIME);
    compare(&old, &new, true, TB_TIME);
    for (size_t metric = TB_TIME + 1; metric < TB_METRICS; metric++)
        compare(&old, &new, true, (enum tb_metric)metric);
    show(&old.result, 1);
    export_both(&old, &new);
    tb_document_recall(&old);
    show(&old.result, 1);
    if (old.settings.session[0])
        resume(text, size);
    tb_document_finish(&old);
    tb_document_finish(&new);
    return 0;
}

char *tb_seed(const char *name)
{
    struct files files = good_files();
    FILE *elsewhere = tb_documents;
    struct tb_error error;
    char *text;
    size_t size;
    int code;

    if (strcmp(name, "document") != 0)
        return tb_seed_file(name);
    files.rounds = rounds_of_document;
    tb_documents = tb_open_text(&text, &size);
    code = consume_files(&files, &error);
    assert(!code);
    (void)fclose(tb_documents);
    tb_documents = elsewhere;
    return text;
}
