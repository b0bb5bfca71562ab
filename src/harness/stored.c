#include "stored.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "memory.h"
#include "words.h"

static const char *name_of(const cJSON *entry)
{
    const char *name = tb_json_text(entry, "run_name");

    return name ? name : tb_json_text(entry, "name");
}

static bool is_aggregate(const cJSON *entry)
{
    const char *type = tb_json_text(entry, "run_type");

    return type && !strcmp(type, "aggregate");
}

/* A case for each name among the entries; repetitions of one stand together. */
static cJSON *cases_of(const cJSON *entries)
{
    cJSON *list = cJSON_CreateArray();
    const char *last = "";
    const cJSON *entry;

    cJSON_ArrayForEach(entry, entries)
    {
        const char *name = name_of(entry);
        cJSON *item;

        if (!name || !strcmp(name, last))
            continue;
        item = cJSON_CreateObject();
        tb_json_set_text(item, "name", name);
        tb_json_set_text(item, "case", name);
        (void)cJSON_AddItemToArray(list, item); /* neither is NULL */
        last = name;
    }
    return list;
}

static char **argv_of(const cJSON *subject)
{
    const cJSON *list = cJSON_GetObjectItemCaseSensitive(subject, "argv"), *word;
    char **words = tb_alloc((size_t)cJSON_GetArraySize(list) + 1, sizeof *words);
    size_t count = 0;

    cJSON_ArrayForEach(word, list)
    {
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

static void read_settings(const cJSON *ours, struct tb_stored *stored)
{
    struct tb_settings *settings = &stored->settings;
    double alpha = tb_json_number(ours, "interval_alpha", 0.05);

    *settings = (struct tb_settings){
        .seed = (uint64_t)tb_json_number(ours, "seed", 0),
        .rounds = (unsigned)tb_json_number(ours, "rounds", 0),
        .resumed = (unsigned)tb_json_number(ours, "resumed", 0),
        .looks = (unsigned)tb_json_number(ours, "looks", 0),
        .precision = tb_json_number(ours, "precision", 0),
        .alpha = alpha,
        .time_s = tb_json_number(ours, "time_s", 0),
        .deadline_s = tb_json_number(ours, "deadline_s", 0),
        .repetitions = (unsigned)tb_json_number(ours, "repetitions", 1),
        .started = time_of(tb_json_text(ours, "started_utc")),
    };
    copy_id(&settings->session, tb_json_text(ours, "session"));
    copy_id(&stored->result.run_id, tb_json_text(ours, "run_id"));
    stored->result.finished_rounds = (unsigned)tb_json_number(ours, "rounds_finished", 0);
}

static void read_subject(const cJSON *ours, struct tb_stored *stored)
{
    const cJSON *subject = cJSON_GetObjectItemCaseSensitive(ours, "subject");
    const cJSON *revision = cJSON_GetObjectItemCaseSensitive(ours, "revision");

    stored->subject.label = tb_copy(tb_json_text(subject, "label"));
    stored->subject.words = argv_of(subject);
    stored->revision.commit = tb_copy(tb_json_text(revision, "commit"));
    stored->revision.describe = tb_copy(tb_json_text(revision, "describe"));
    stored->revision.dirty = tb_json_flag(revision, "dirty");
}

/* What was found before the rounds: a case that ended stays so, whatever its entries. */
static int read_record(struct tb_record *record, struct tb_error *error)
{
    const cJSON *source = record->spec->source;
    const char *outcome = tb_json_text(source, "outcome"), *role = tb_json_text(source, "role");
    struct tb_series series;
    int code = tb_series_from(source, &series, error);

    if (code)
        return code;
    memcpy(record->pooled, series.histograms, sizeof record->pooled);
    record->samples = series.samples;
    record->role = TB_SELECTED;
    for (enum tb_role i = TB_PART_CASE; role && i < TB_SELECTED; i++) {
        if (!strcmp(role, tb_role_name(i)))
            record->role = i;
    }
    for (enum tb_outcome i = TB_SKIPPED; outcome && i <= TB_FAILED; i++) {
        if (!strcmp(outcome, tb_outcome_name(i)))
            tb_record_end(record, i, tb_json_text(source, "reason"));
    }
    return 0;
}

/* As it came from the worker: ours stands in real_time's place, and the mean beside it. */
static void take_entry(struct tb_record *record, cJSON *entry)
{
    struct tb_repetition repetition = {
        .round = (unsigned)tb_json_number(entry, "round", (double)record->count),
        .order = (unsigned)tb_json_number(entry, "order", 0),
        .entry = entry,
        .wall_s = tb_json_number(entry, "wall_ms", NAN) / 1e3,
        .load = {tb_json_number(entry, "cpu_pressure_us", NAN),
                 tb_json_number(entry, "other_cpu_share", NAN),
                 tb_json_number(entry, "steal_share", NAN)},
    };

    if (cJSON_HasObjectItem(entry, "mean"))
        tb_json_set_number(entry, "real_time", tb_json_number(entry, "mean", NAN));
    tb_record_add(record, &repetition, &(struct tb_series){0});
}

/* Takes the entry. */
static void read_entry(struct tb_record *record, cJSON *entry)
{
    struct tb_reading reading = tb_gbench_entry(entry);

    if (reading.outcome == TB_OK)
        take_entry(record, reading.entry);
    else if (record->outcome == TB_OK)
        tb_record_end(record, reading.outcome, reading.reason);
    reading.entry = NULL;
    tb_reading_finish(&reading);
}

/* Takes the entries one by one. */
static int read_entries(const char *what, cJSON *entries, struct tb_result *result,
                        struct tb_error *error)
{
    struct tb_record *record = NULL;
    size_t number = 0;

    for (cJSON *entry = entries->child, *next; entry; entry = next) {
        const char *name = name_of(entry);

        next = entry->next;
        number++;
        if (!name)
            return tb_error_set(error, TB_FAILURE, "%s: entry %zu has no name", what, number);
        if (is_aggregate(entry))
            continue;
        if (!record || strcmp(record->spec->name, name) != 0)
            record = tb_result_find(result, name);
        if (record)
            read_entry(record, cJSON_DetachItemViaPointer(entries, entry));
    }
    return 0;
}

static int read_root(const char *what, cJSON *root, struct tb_stored *stored,
                     struct tb_error *error)
{
    cJSON *entries = cJSON_GetObjectItemCaseSensitive(root, "benchmarks");
    cJSON *list = cJSON_DetachItemFromObjectCaseSensitive(root, "threadbench_cases");
    const cJSON *ours = cJSON_GetObjectItemCaseSensitive(stored->context, "threadbench");
    enum tb_role *roles;
    int code;

    if (!cJSON_IsArray(entries))
        return tb_error_set(error, TB_FAILURE, "%s: no list of benchmarks in it", what);
    code = tb_catalogue_from_list(list ? list : cases_of(entries), list != NULL,
                                  &stored->subject.catalogue, error);
    if (code)
        return code;
    roles = tb_alloc(stored->subject.catalogue.count, sizeof *roles);
    for (size_t i = 0; i < stored->subject.catalogue.count; i++)
        roles[i] = TB_SELECTED;
    tb_result_init(&stored->result, &stored->subject, roles);
    free(roles);
    stored->result.settings = &stored->settings;
    stored->result.revision = &stored->revision;
    read_settings(ours, stored);
    read_subject(ours, stored);
    for (size_t i = 0; !code && i < stored->result.count; i++)
        code = read_record(&stored->result.records[i], error);
    return code ? code : read_entries(what, entries, &stored->result, error);
}

int tb_stored_read(const char *what, const char *text, size_t size, struct tb_stored *stored,
                   struct tb_error *error)
{
    cJSON *root = NULL;
    int code = tb_json_parse(what, text, size, &root, error);

    if (code)
        return code;
    *stored = (struct tb_stored){0};
    stored->context = cJSON_DetachItemFromObjectCaseSensitive(root, "context");
    if (!stored->context)
        stored->context = cJSON_CreateObject();
    code = read_root(what, root, stored, error);
    if (code)
        tb_stored_finish(stored);
    cJSON_Delete(root);
    return code;
}

void tb_stored_finish(struct tb_stored *stored)
{
    tb_result_finish(&stored->result);
    tb_revision_finish(&stored->revision);
    tb_subject_finish(&stored->subject);
    cJSON_Delete(stored->context);
    stored->context = NULL;
}

const char *tb_host_differs(const cJSON *a, const cJSON *b)
{
    static const struct {
        const char *object, *key, *name;
    } members[] = {
        {NULL, "name", "the host"},
        {NULL, "cpu", "the processor"},
        {NULL, "machine", "the architecture"},
        {NULL, "libc", "the C library"},
        {"kernel", "release", "the kernel"},
        {"kernel", "version", "the kernel's build"},
    };

    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
        const char *object = members[i].object;
        const char *x =
            tb_json_text(object ? cJSON_GetObjectItemCaseSensitive(a, object) : a, members[i].key);
        const char *y =
            tb_json_text(object ? cJSON_GetObjectItemCaseSensitive(b, object) : b, members[i].key);

        if (x && y && strcmp(x, y) != 0)
            return members[i].name;
    }
    return NULL;
}
