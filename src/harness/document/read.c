#include "document/read.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "document/parse.h"
#include "document/series.h"
#include "stats/shuffle.h"
#include "util/file.h"
#include "util/json.h"
#include "util/memory.h"
#include "util/strings.h"

static const char schema[] = "threadbench-result"; /* of documents of ours */

/* The caller's, a text; NULL for what is none. */
static cJSON *decode(const struct tb_span *name)
{
    struct tb_scan scan = tb_scan_of(name->text, name->size);

    return tb_scan_tree(&scan);
}

/* A case for each name among the entries; repetitions of one stand together. */
static cJSON *cases_of(const struct tb_draft *draft)
{
    cJSON *list = cJSON_CreateArray();

    for (size_t i = 0; i < draft->entry_count; i++) {
        const struct tb_entry *entry = &draft->entries[i];
        cJSON *item;

        if (i && tb_entry_is_like(entry, entry - 1))
            continue;
        item = tb_json_add_object(list);
        tb_json_set(item, "name", decode(&entry->name));
        tb_json_set(item, "case", decode(&entry->name));
    }
    return list;
}

static char **words_of(const cJSON *list)
{
    const cJSON *word;
    char **words = tb_alloc((size_t)cJSON_GetArraySize(list) + 1, sizeof *words);
    size_t count = 0;

    cJSON_ArrayForEach(word, list) {
        if (cJSON_IsString(word))
            words[count++] = tb_copy(word->valuestring);
    }
    return words;
}

static void copy_id(char (*id)[17], const char *text)
{
    if (text)
        (void)strncat(*id, text, sizeof *id - 1); /* it was zeroed */
}

static struct timespec time_of(const char *text)
{
    struct tm time = {0};
    struct timespec moment = {0};

    if (text && strptime(text, "%Y-%m-%dT%H:%M:%S", &time))
        moment.tv_sec = timegm(&time);
    return moment;
}

struct limits {
    const cJSON *ours;
    const char *wrong; /* the first member that is not within its limits; NULL: all are */
};

/* A number from `low` to `high`, if it is there. */
static double take(struct limits *limits, const char *key, double low, double high, double fallback)
{
    double value = tb_json_number(limits->ours, key, NAN);

    if (!tb_json_find(limits->ours, key))
        return fallback;
    if (value >= low && value <= high)
        return value;
    if (!limits->wrong)
        limits->wrong = key;
    return fallback;
}

static int check_version(const char *what, const cJSON *ours, struct tb_error *error)
{
    const char *kind = tb_json_text(ours, "schema");
    tb_autofree char *version = cJSON_PrintUnformatted(tb_json_find(ours, "version"));

    if (ours && (!kind || strcmp(kind, schema) != 0))
        return tb_failure(error, "%s: damaged: its 'schema' is not %s", what, schema);
    if (ours && tb_json_number(ours, "version", 0) != 1)
        return tb_failure(error,
                          "%s: a document of version %s, of which only 1 is known here: use a "
                          "newer threadbench",
                          what, version ? version : "null");
    return 0;
}

/* What cannot be is damage: whoever continues the run would believe it. */
static int check_limits(const char *what, const struct limits *limits, struct tb_error *error)
{
    tb_autofree char *wrong = NULL;

    if (!limits->wrong)
        return 0;
    wrong = cJSON_PrintUnformatted(tb_json_find(limits->ours, limits->wrong));
    return tb_failure(error, "%s: damaged: its '%s' cannot be %s", what, limits->wrong, wrong);
}

static int read_settings(const char *what, const cJSON *ours, struct tb_document *document,
                         struct tb_error *error)
{
    struct tb_settings *settings = &document->settings;
    struct limits limits = {ours, NULL};
    int code = check_version(what, ours, error);

    *settings = (struct tb_settings){
        .seed = (uint64_t)take(&limits, "seed", 0, TB_SEED_LIMIT - 1, 0),
        .rounds = (unsigned)take(&limits, "rounds", 1, TB_MOST_ROUNDS, 0),
        .subjects = (size_t)take(&limits, "subjects", 1, 1e6, 0),
        .resumed = (unsigned)take(&limits, "resumed", 0, 1e6, 0),
        .looks = (unsigned)take(&limits, "looks", 0, TB_MOST_ROUNDS, 0),
        .precision = take(&limits, "precision", 0, 1, 0),
        .alpha = take(&limits, "interval_alpha", DBL_MIN, 0.05, 0.05),
        .budget_s = take(&limits, "budget_s", 0, 86400, 0),
        .time_s = take(&limits, "time_s", DBL_MIN, 3600, 0),
        .samples = (uint64_t)take(&limits, "samples", 0, TB_MOST_SAMPLES, 0),
        .timeout_s = take(&limits, "deadline_s", DBL_MIN, 86400, 0),
        .repetitions = (unsigned)take(&limits, "repetitions", 1, 1000, 1),
        .started = time_of(tb_json_text(ours, "started_utc")),
    };
    document->result.place = (size_t)take(&limits, "place", 0, 1e6, 0);
    copy_id(&settings->session, tb_json_text(ours, "session"));
    copy_id(&document->result.run_id, tb_json_text(ours, "run_id"));
    document->result.finished_rounds =
        (unsigned)take(&limits, "rounds_finished", 0, TB_MOST_ROUNDS, 0);
    return code ? code : check_limits(what, &limits, error);
}

static void read_subject(const cJSON *ours, struct tb_document *document)
{
    document->subject.label = tb_copy(tb_json_text(ours, "subject.label"));
    document->subject.words = words_of(tb_json_find(ours, "subject.argv"));
    document->revision.commit = tb_copy(tb_json_text(ours, "revision.commit"));
    document->revision.describe = tb_copy(tb_json_text(ours, "revision.describe"));
    document->revision.dirty = tb_json_flag(ours, "revision.dirty");
}

/* What was found before the rounds: a case that ended stays so, whatever its entries. Takes the
 * series. */
static void read_record(struct tb_record *record, struct tb_series *series)
{
    const cJSON *source = record->spec->source;
    const char *outcome = tb_json_text(source, "outcome"), *role = tb_json_text(source, "role");

    memcpy(record->pooled, series->histograms, sizeof record->pooled);
    record->samples = series->samples;
    *series = (struct tb_series){0};
    record->role = TB_SELECTED;
    for (enum tb_role i = TB_PART_CASE; role && i < TB_SELECTED; i++) {
        if (!strcmp(role, tb_role_names[i]))
            record->role = i;
    }
    for (enum tb_outcome i = TB_SKIPPED; outcome && i <= TB_FAILED; i++) {
        if (!strcmp(outcome, tb_outcome_names[i]))
            tb_record_end(record, i, tb_json_text(source, "reason"));
    }
}

/* Both are in the order of the list, of which the catalogue leaves out what has a name again. */
static void read_records(struct tb_result *result, const struct tb_draft *draft, const cJSON *list)
{
    const cJSON *item;
    size_t at = 0, record = 0;

    cJSON_ArrayForEach(item, list) {
        struct tb_series none = {0};
        struct tb_series *series = at < draft->case_count ? &draft->series[at++] : &none;

        if (record < result->count && result->records[record].spec->source == item)
            read_record(&result->records[record++], series);
    }
}

/* From its tree: in another unit, or none at all. */
static void add_unusual(struct tb_record *record, struct tb_repetition *repetition)
{
    tb_auto(tb_reading_finish) struct tb_reading reading =
        tb_gbench_entry(decode(&repetition->entry));

    if (reading.outcome == TB_OK) {
        struct tb_repetition read = tb_repetition_of(reading.entry);

        repetition->entry = read.entry;
        repetition->owned = read.owned;
        if (!cJSON_HasObjectItem(reading.entry, "mean"))
            repetition->mean_ns = read.mean_ns;
        tb_record_add(record, repetition, &(struct tb_series){0});
    } else if (record->outcome == TB_OK) {
        tb_record_end(record, reading.outcome, reading.reason);
    }
}

/* The record that an entry belongs to; it mostly is the last one's. */
static struct tb_record *find_record(struct tb_result *result, const struct tb_entry *entry)
{
    tb_autojson cJSON *name = decode(&entry->name);

    return tb_result_find(result, cJSON_GetStringValue(name));
}

/* Rounds of a record ascend: so pairs are found. False where this one is not the next. */
static bool add_entry(struct tb_record *record, struct tb_entry *entry, bool ours)
{
    const struct tb_repetition *last = tb_record_last(record);

    if (ours && entry->is_measured && !(entry->has_round && entry->is_plain))
        return false;
    if (!entry->has_round)
        entry->repetition.round = (unsigned)record->count;
    if (last && entry->repetition.round <= last->round)
        return false;
    if (entry->is_plain)
        tb_record_add(record, &entry->repetition, &(struct tb_series){0});
    else
        add_unusual(record, &entry->repetition);
    return true;
}

/* Each to its case. */
static int take_entries(const char *what, struct tb_result *result, const struct tb_draft *draft,
                        bool ours, struct tb_error *error)
{
    struct tb_record *record = NULL;

    for (size_t i = 0; i < draft->entry_count; i++) {
        struct tb_entry *entry = &draft->entries[i];

        if (!i || !tb_entry_is_like(entry, entry - 1))
            record = find_record(result, entry);
        if (record && !entry->is_aggregate && !add_entry(record, entry, ours))
            return tb_failure(error,
                              "%s: damaged: entry %zu is no measurement of a later round "
                              "than the one before it of '%s'",
                              what, i + 1, record->spec->name);
    }
    return 0;
}

/* Of a file that was told to hold nothing else. */
static void tell_aggregates(struct tb_result *result)
{
    for (size_t i = 0; i < result->count; i++) {
        if (!result->records[i].count && result->records[i].outcome == TB_OK)
            tb_record_end(&result->records[i], TB_SKIPPED,
                          "only aggregates in the file: leave out "
                          "--benchmark_report_aggregates_only");
    }
}

/* Takes the list of cases. */
static int build(const char *what, struct tb_draft *draft, struct tb_document *document,
                 struct tb_error *error)
{
    const cJSON *ours = tb_json_find(document->context, "threadbench");
    cJSON *list = draft->cases ? draft->cases : cases_of(draft);
    bool known = draft->cases != NULL;
    enum tb_role *roles;
    int code;

    draft->cases = NULL;
    code = tb_catalogue_from_list(what, list, known, &document->subject.catalogue, error);
    if (code)
        return code;
    roles = tb_alloc(document->subject.catalogue.count, sizeof *roles);
    for (size_t i = 0; i < document->subject.catalogue.count; i++)
        roles[i] = TB_SELECTED;
    tb_result_init(&document->result, &document->subject, roles);
    free(roles);
    document->result.settings = &document->settings;
    document->result.revision = &document->revision;
    code = read_settings(what, ours, document, error);
    read_subject(ours, document);
    read_records(&document->result, draft, list);
    if (!code)
        code = take_entries(what, &document->result, draft, ours != NULL, error);
    if (!code && !known)
        tell_aggregates(&document->result);
    return code;
}

int tb_document_parse(const char *path, char *text, size_t size, struct tb_document *document,
                      struct tb_error *error)
{
    tb_auto(tb_draft_finish) struct tb_draft draft = {0};
    int code;

    *document = (struct tb_document){.path = tb_copy(path), .text = text};
    if (!memmem(document->text, size, schema, strlen(schema)))
        tb_json_forgive(document->text, size); /* another program's */
    code = tb_draft_read(path, document->text, size, &draft, error);
    document->context = draft.context ? draft.context : cJSON_CreateObject();
    draft.context = NULL;
    if (!code)
        code = build(path, &draft, document, error);
    if (code)
        tb_document_finish(document);
    return code;
}

static int read_text(const char *path, char **ret_text, size_t *ret_size, struct tb_error *error)
{
    int err = tb_file_read(path, TB_DOCUMENT_LIMIT, ret_text, ret_size);

    return err ? tb_file_refused("read", path, err, error) : 0;
}

int tb_document_read(const char *path, struct tb_document *document, struct tb_error *error)
{
    char *text;
    size_t size;
    int code = read_text(path, &text, &size, error);

    return code ? code : tb_document_parse(path, text, size, document, error);
}

void tb_document_finish(struct tb_document *document)
{
    tb_result_finish(&document->result);
    tb_revision_finish(&document->revision);
    tb_subject_finish(&document->subject);
    cJSON_Delete(document->context);
    free(document->text);
    free(document->path);
    document->context = NULL;
    document->text = NULL;
    document->path = NULL;
}

/* The value of "context" where all of it is there; it mostly comes first. */
static cJSON *find_context(const char *text, size_t size)
{
    struct tb_scan scan = tb_scan_of(text, size);
    struct tb_span key;

    for (bool first = true; tb_scan_member(&scan, &first, &key);) {
        if (tb_span_is(&key, "context"))
            return tb_scan_tree(&scan);
        (void)tb_scan_skip(&scan);
    }
    return NULL;
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

const char *tb_origin_differs(struct tb_origin *origin, const cJSON *context)
{
    static const char *const members[TB_ORIGIN_MEMBERS][2] = {
        {"host_name", "the host"},
        {"library_version", "the benchmark library"},
        {"threadbench.host.cpu", "the processor"},
        {"threadbench.host.machine", "the architecture"},
        {"threadbench.host.libc", "the C library"},
        {"threadbench.host.kernel.release", "the kernel"},
        {"threadbench.host.kernel.version", "the kernel's build"},
    };
    const char *what = NULL;

    for (size_t i = 0; !what && i < TB_ORIGIN_MEMBERS; i++) {
        const char *text = tb_json_text(context, members[i][0]);

        if (text && !origin->texts[i])
            origin->texts[i] = text;
        else if (text && strcmp(text, origin->texts[i]) != 0)
            what = members[i][1];
    }
    return what;
}
