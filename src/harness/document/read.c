#include "document/read.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "document/counts.h"
#include "document/entries.h"
#include "document/schema.h"
#include "document/series.h"
#include "document/write.h"
#include "util/file.h"
#include "util/json.h"
#include "util/json_scan.h"
#include "util/json_shape.h"
#include "util/memory.h"
#include "util/strings.h"

/* Of a document's "threadbench", what is no number with limits of its own. */
static const struct tb_shape file_members[] = {
    {"path", TB_JSON_TEXT}, {"size crc32", TB_JSON_COUNT}, {NULL}};
static const struct tb_shape loaded_members[] = {
    {"role path version build_id", TB_JSON_TEXT}, {"crc32", TB_JSON_COUNT}, {NULL}};
static const struct tb_shape subject_members[] = {
    {"label", TB_JSON_TEXT},
    {"argv", TB_JSON_TEXTS},
    {"stderr without_effect", TB_JSON_TEXTS, NULL, 1000},
    {"cleaned knows_threadbench", TB_JSON_FLAG},
    {"environment", TB_JSON_SCALARS},
    {"files", TB_JSON_OBJECTS, file_members},
    {"loaded", TB_JSON_OBJECTS, loaded_members, 1000},
    {NULL},
};
static const struct tb_shape revision_members[] = {
    {"commit describe", TB_JSON_TEXT}, {"dirty", TB_JSON_FLAG}, {NULL}};
static const struct tb_shape kernel_members[] = {{"release version", TB_JSON_TEXT}, {NULL}};
static const struct tb_shape host_members[] = {
    {"name machine libc cpu", TB_JSON_TEXT}, {"kernel", TB_JSON_OBJECT, kernel_members}, {NULL}};
static const struct tb_shape run_members[] = {
    {"run_id session started_utc", TB_JSON_TEXT}, {"interrupted", TB_JSON_FLAG},
    {"subject", TB_JSON_OBJECT, subject_members}, {"revision", TB_JSON_OBJECT, revision_members},
    {"host", TB_JSON_OBJECT, host_members},       {NULL},
};
static const struct tb_shape context_members[] = {{"host_name library_version", TB_JSON_TEXT},
                                                  {NULL}};

/* A file while it is read. */
struct reading {
    const char *path;
    struct tb_entries entries;
    cJSON *cases;  /* owned; NULL: it has no list of them */
    bool upgraded; /* it is of an older version */
};

static void reading_finish(struct reading *reading)
{
    tb_entries_finish(&reading->entries);
    cJSON_Delete(reading->cases);
}

static char **words_of(const cJSON *list)
{
    const cJSON *word;
    char **words = tb_alloc((size_t)cJSON_GetArraySize(list) + 1, sizeof *words);
    size_t count = 0;

    tb_json_each(word, list)
        words[count++] = tb_copy(word->valuestring); /* they are texts */
    return words;
}

static void copy_id(char (*id)[17], const char *text)
{
    (void)snprintf(*id, sizeof *id, "%s", text ? text : ""); /* cut to fit */
}

static struct timespec time_of(const char *text)
{
    struct tm time = {0};
    struct timespec moment = {0};

    if (text && strptime(text, "%Y-%m-%dT%H:%M:%S", &time))
        moment.tv_sec = timegm(&time);
    return moment;
}

/* The place of a word in a list of them, `fallback` where there is none; `count` for another one.
 */
static size_t place_of(const char *word, const char *const *list, size_t count, size_t fallback)
{
    size_t at = 0;

    if (!word)
        return fallback;
    while (at < count && strcmp(word, list[at]) != 0)
        at++;
    return at;
}

/* What cannot be is damage: whoever continues the run would believe it. */
static int read_settings(const char *path, const cJSON *ours, struct tb_document *document,
                         struct tb_error *error)
{
    struct tb_settings *settings = &document->settings;
    struct tb_result *result = &document->result;
    const char *wrong = tb_settings_read(settings, ours);
    tb_autofree char *value = NULL;

    settings->started = time_of(tb_json_text(ours, "started_utc"));
    copy_id(&settings->session, tb_json_text(ours, "session"));
    copy_id(&result->run_id, tb_json_text(ours, "run_id"));
    result->place = (size_t)tb_settings_take(ours, "place", true, 0, 1e6, 0, &wrong);
    result->finished_rounds =
        (unsigned)tb_settings_take(ours, "rounds_finished", true, 0, TB_MOST_ROUNDS, 0, &wrong);
    if (!wrong)
        return 0;
    value = cJSON_PrintUnformatted(tb_json_find(ours, wrong));
    return tb_failure(error, "%s: damaged: its '%s' cannot be %s", path, wrong, value);
}

static void read_subject(const cJSON *ours, struct tb_document *document)
{
    document->subject.label = tb_copy(tb_json_text(ours, "subject.label"));
    document->subject.words = words_of(tb_json_find(ours, "subject.argv"));
    document->subject.files = cJSON_Duplicate(tb_json_find(ours, "subject.files"), true);
    document->revision.commit = tb_copy(tb_json_text(ours, "revision.commit"));
    document->revision.describe = tb_copy(tb_json_text(ours, "revision.describe"));
    document->revision.dirty = tb_json_flag(ours, "revision.dirty");
}

/* Takes the case. Its samples go to its entries; those of a name that is there again do not count.
 */
static int read_case(struct reading *reading, cJSON *item, struct tb_error *error)
{
    tb_auto(tb_series_finish) struct tb_series series;
    int code = tb_series_take(reading->path, item, &series, error);
    const char *name = tb_json_text(item, "case");
    struct tb_group *group = name ? tb_entries_group(&reading->entries, name) : NULL;

    if (group && !group->listed) {
        memcpy(group->record.pooled, series.histograms, sizeof series.histograms);
        group->record.samples = series.samples;
        group->listed = true;
        series = (struct tb_series){0};
    }
    tb_json_add(reading->cases, item);
    return code;
}

static int read_cases(struct reading *reading, struct tb_scan *scan, struct tb_error *error)
{
    int code = 0;

    reading->cases = cJSON_CreateArray();
    for (bool first = true; !code && tb_scan_item(scan, &first);) {
        cJSON *item = tb_scan_value(scan);

        tb_json_sanitize(item);
        if (reading->upgraded)
            tb_schema_upgrade(item);
        if (item)
            code = read_case(reading, item, error);
    }
    return code;
}

/* Of a document of ours alone is the list of cases one, as a member of that name may be anything.
 */
static int read_member(struct reading *reading, struct tb_scan *scan, const char *key,
                       struct tb_error *error)
{
    bool is_list = *scan->at == '[';
    bool is_cases = !strcmp(key, "threadbench_cases") && reading->entries.ours;

    if (!strcmp(key, "benchmarks") && is_list)
        return tb_entries_read(&reading->entries, scan, error);
    if (is_cases && is_list)
        return read_cases(reading, scan, error);
    if (is_cases && *scan->at != 'n')
        return tb_failure(error, "%s: damaged: its 'threadbench_cases' is not a list",
                          reading->path);
    tb_scan_skip(scan);
    return 0;
}

/* Blanks what a program has printed before its JSON, which begins a line: its standard output was
 * saved as a file. Lines stay where they are. */
static void blank_banner(char *text, size_t size)
{
    const char *start = memmem(text, size, "\n{", 2);
    static const char mark[] = "\xef\xbb\xbf"; /* of UTF-8 */
    const char *first = text + (tb_begins_with(text, mark) ? strlen(mark) : 0);

    if (first[strspn(first, " \t\r\n")] == '{' || !start)
        return;
    for (char *at = text; at < start; at++) {
        if (*at != '\n')
            *at = ' ';
    }
}

/* The same of what it has printed behind, on lines of its own. */
static void leave_banner(struct tb_scan *scan)
{
    const char *at = scan->at;

    while (at > scan->text && strchr(" \t\r", at[-1]))
        at--;
    if (!scan->why && at > scan->text && at[-1] == '\n' && !strchr("{[", *scan->at))
        scan->end = scan->at;
}

/* Both lists, whichever comes first; what other programs have put beside them is left out. */
static int read_lists(struct reading *reading, const char *text, size_t size,
                      struct tb_error *error)
{
    static const char *const names[] = {"context", "benchmarks", "threadbench_cases"};
    struct tb_scan scan = tb_scan_of(text, size);
    char key[TB_SCAN_KEY];
    bool seen[4] = {false}; /* the last is any other */
    int code = 0;

    for (bool first = true; !code && tb_scan_member(&scan, &first, key);) {
        size_t at = place_of(key, names, 3, 3);

        code = at < 3 && seen[at] ? tb_failure(error, "%s: '%s' is there twice", reading->path, key)
                                  : read_member(reading, &scan, key, error);
        seen[at] = true;
    }
    if (!reading->entries.ours)
        leave_banner(&scan);
    if (!code)
        code = tb_scan_end(&scan, reading->path, error);
    if (!code && !reading->entries.listed)
        code = tb_failure(error, "%s: no list of benchmarks in it", reading->path);
    return code;
}

/* A case for each name among the entries, of a file that has no list of its cases. */
static cJSON *cases_of(const struct tb_entries *entries)
{
    cJSON *list = cJSON_CreateArray();

    for (size_t i = 0; i < entries->names.count; i++)
        tb_catalogue_add_name(list, entries->groups[i]->name);
    return list;
}

/* What was found before the rounds: a case that ended stays so, whatever its entries. */
static int read_record(const char *path, struct tb_record *record, struct tb_error *error)
{
    const cJSON *source = record->spec->source;
    const char *outcome = tb_json_text(source, "outcome"), *role = tb_json_text(source, "role");
    size_t why = place_of(role, tb_role_names, TB_SELECTED + 1, TB_SELECTED);
    size_t end = place_of(tb_same(outcome, "pending") ? NULL : outcome, tb_outcome_names,
                          TB_FAILED + 1, TB_OK);

    if (why == TB_LEFT_OUT || why > TB_SELECTED)
        return tb_failure(error, "%s: damaged: the role of '%s' cannot be '%s'", path,
                          record->spec->name, role);
    if (end > TB_FAILED)
        return tb_failure(error, "%s: damaged: the outcome of '%s' cannot be '%s'", path,
                          record->spec->name, outcome);
    record->role = (enum tb_role)why;
    tb_counts_read(record, source);
    if (end != TB_OK)
        tb_record_end(record, (enum tb_outcome)end, tb_json_text(source, "reason"));
    else if (!record->reason) /* of a foreign file's entries; else of a budget that left it out */
        record->reason = tb_copy(tb_json_text(source, "reason"));
    return 0;
}

/* What the list says of each case, and its entries; the groups keep nothing of them. */
static int read_records(struct tb_result *result, struct reading *reading, struct tb_error *error)
{
    int code = 0;

    for (size_t i = 0; !code && i < result->count; i++) {
        const struct tb_case *spec = result->records[i].spec;
        struct tb_group *group = tb_entries_group(&reading->entries, spec->name);

        result->records[i] = group->record;
        result->records[i].spec = spec;
        group->record = (struct tb_record){0};
        code = read_record(reading->path, &result->records[i], error);
    }
    return code;
}

/* What stands among the entries and not in the list of cases would be lost. */
static int check_groups(const struct reading *reading, struct tb_error *error)
{
    for (size_t i = 0; i < reading->entries.names.count; i++) {
        const struct tb_group *group = reading->entries.groups[i];

        if (group->record.count || group->record.outcome != TB_OK)
            return tb_failure(error, "%s: damaged: its 'threadbench_cases' lacks '%s'",
                              reading->path, group->name);
    }
    return 0;
}

/* Of a file that was told to hold nothing else. */
static void skip_aggregates(struct tb_result *result)
{
    for (size_t i = 0; i < result->count; i++) {
        if (!result->records[i].count && result->records[i].outcome == TB_OK)
            tb_record_end(&result->records[i], TB_SKIPPED, tb_only_aggregates);
    }
}

/* Takes the list of cases. */
static int build(struct reading *reading, struct tb_document *document, struct tb_error *error)
{
    bool listed = reading->cases != NULL;
    cJSON *list = listed ? reading->cases : cases_of(&reading->entries);
    struct tb_catalogue *catalogue = &document->subject.catalogue;
    int code;

    reading->cases = NULL;
    code = tb_catalogue_from_list(reading->path, list, reading->entries.known, catalogue, error);
    if (code)
        return code;
    tb_result_init(&document->result, &document->subject, NULL);
    document->result.settings = &document->settings;
    document->result.revision = &document->revision;
    code = read_records(&document->result, reading, error);
    if (!listed)
        skip_aggregates(&document->result);
    return code ? code : check_groups(reading, error);
}

/* The value of "context" where all of it is there; it mostly comes first. */
static cJSON *find_context(const char *text, size_t size)
{
    struct tb_scan scan = tb_scan_of(text, size);
    char key[TB_SCAN_KEY];

    for (bool first = true; tb_scan_member(&scan, &first, key);) {
        if (!strcmp(key, "context")) {
            cJSON *value = tb_scan_value(&scan);

            tb_json_sanitize(value);
            return value;
        }
        tb_scan_skip(&scan);
    }
    return NULL;
}

static int parse(struct tb_document *document, const char *text, size_t size, bool whole,
                 struct tb_error *error)
{
    cJSON *ours = tb_json_find(document->context, "threadbench");
    tb_auto(reading_finish) struct reading reading = {
        .path = document->path,
        .entries = {.what = document->path,
                    .ours = ours != NULL,
                    .known = tb_json_flag(ours, "subject.knows_threadbench"),
                    .kept = whole},
        .upgraded = tb_json_number(ours, "version", 0) == 1,
    };
    int code = tb_schema_check(document->path, ours, error);
    tb_autofree char *wrong = tb_shape_wrong(document->context, context_members);

    if (!wrong)
        wrong = tb_shape_wrong(ours, run_members);
    if (!code && wrong)
        code = tb_failure(error, "%s: damaged: its %s", document->path, wrong);
    if (!code && reading.upgraded)
        tb_schema_upgrade(ours);
    tb_schema_share_looks(ours);
    if (!code)
        code = read_lists(&reading, text, size, error);
    if (!code)
        code = build(&reading, document, error);
    if (!code)
        code = read_settings(document->path, ours, document, error);
    if (!code)
        read_subject(ours, document);
    return code;
}

int tb_document_parse(const char *path, char *text, size_t size, bool whole,
                      struct tb_document *document, struct tb_error *error)
{
    tb_autofree char *taken = text;
    int code;

    if (!memmem(taken, size, TB_DOCUMENT_SCHEMA, strlen(TB_DOCUMENT_SCHEMA))) {
        blank_banner(taken, size); /* another program's */
        tb_json_forgive(taken, size);
    }
    *document = (struct tb_document){
        .path = tb_copy(path),
        .size = size,
        .context = find_context(taken, size),
    };
    if (!document->context)
        document->context = cJSON_CreateObject();
    if (!cJSON_IsObject(document->context)) {
        tb_document_finish(document);
        return tb_failure(error, "%s: its 'context' is not an object", path);
    }
    if (!tb_json_find(document->context, "threadbench"))
        document->crc32 = (uint32_t)crc32_z(0, (const Bytef *)taken, size);
    code = parse(document, taken, size, whole, error);
    if (code)
        tb_document_finish(document);
    return code;
}

int tb_document_read(const char *path, bool whole, struct tb_document *document,
                     struct tb_error *error)
{
    char *text;
    size_t size;
    int err = tb_file_read(path, TB_DOCUMENT_LIMIT, &text, &size);

    if (err)
        return tb_file_unreadable(path, err, error);
    return tb_document_parse(path, text, size, whole, document, error);
}

void tb_document_finish(struct tb_document *document)
{
    tb_result_finish(&document->result);
    tb_revision_finish(&document->revision);
    tb_subject_finish(&document->subject);
    cJSON_Delete(document->context);
    free(document->path);
    *document = (struct tb_document){0};
}

bool tb_document_is_same_run(const struct tb_document *a, const struct tb_document *b)
{
    return tb_is_same_run(&a->result, &b->result) ||
           (!*a->result.run_id && a->size == b->size && a->crc32 == b->crc32);
}

cJSON *tb_document_context(const char *path)
{
    cJSON *context = NULL;
    size_t size, most = 32 << 10;

    do {
        tb_autofree char *text = NULL;

        most *= 2;
        if (tb_file_read_head(path, most, &text, &size))
            return NULL;
        context = find_context(text, size);
    } while (!context && size == most && most < TB_DOCUMENT_LIMIT);
    return context;
}

const char *tb_document_state(const cJSON *context)
{
    if (!context)
        return "damaged";
    if (tb_json_number(context, "threadbench.rounds_finished", 1) < 1)
        return "no round finished";
    return tb_json_flag(context, "threadbench.interrupted") ? "interrupted" : "";
}
