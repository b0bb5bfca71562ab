#include "document/digest.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "document/summary.h"
#include "util/json.h"
#include "util/memory.h"
#include "util/strings.h"

/* Of the context, what tells where a document was made. */
static const char *const origin_paths[] = {
    "host_name",
    "library_version",
    "threadbench.host.cpu",
    "threadbench.host.machine",
    "threadbench.host.libc",
    "threadbench.host.kernel.release",
    "threadbench.host.kernel.version",
    "threadbench.subject.loaded",
    "threadbench.build",
    "threadbench.python.version",
    "threadbench.python.implementation",
    "threadbench.python.free_threaded",
    "threadbench.python.debug",
};

/* The member that a path leads to, in objects that are made on the way. */
static void set_at(cJSON *object, const char *path, const cJSON *item)
{
    for (const char *dot; (dot = strchr(path, '.')) != NULL; path = dot + 1) {
        tb_autofree char *key = tb_copy_part(path, (size_t)(dot - path));
        cJSON *inner = tb_json_find(object, key);

        object = inner ? inner : tb_json_set_object(object, key);
    }
    tb_json_set(object, path, cJSON_Duplicate(item, true));
}

static char *origin_text(const cJSON *context)
{
    tb_autojson cJSON *origin = cJSON_CreateObject();

    for (size_t i = 0; i < sizeof origin_paths / sizeof *origin_paths; i++) {
        const cJSON *item = tb_json_find(context, origin_paths[i]);

        if (item && !cJSON_IsNull(item))
            set_at(origin, origin_paths[i], item);
    }
    return cJSON_PrintUnformatted(origin);
}

/* A path without its folder, which is another one for each build. */
static const char *short_path(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash && slash[1] ? slash + 1 : path;
}

/* The same of what was built of the document's commit, and may stand after a launcher: without the
 * folder of that build. */
static const char *short_build(const char *word, const char *commit)
{
    static const char out[] = "/out/";
    tb_autofree char *mark = tb_print("/%s-", commit ? commit : "");
    const char *folder = commit ? strstr(word, mark) : NULL;
    const char *inner = folder ? strstr(folder + strlen(mark), out) : NULL;

    return inner ? inner + strlen(out) : word;
}

static void put_word(FILE *out, const char *word)
{
    tb_autofree char *escaped = tb_escape_word(word);

    (void)fprintf(out, "%s%s", ftell(out) ? " " : "", escaped); /* in memory */
}

/* Of the environment what the subject was handed, but for what only says how it reports, and what
 * is an interpreter's where there is none. */
static void put_environment(FILE *out, const cJSON *ours)
{
    bool is_python = cJSON_IsObject(tb_json_find(ours, "python"));
    const cJSON *item;

    tb_json_each(item, tb_json_find(ours, "subject.environment")) {
        const char *text = cJSON_GetStringValue(item);
        tb_autofree char *word = tb_print("%s=%s", item->string, text ? text : "");

        if (!tb_begins_with(word, "THREADBENCH_") && (is_python || !tb_begins_with(word, "PYTHON")))
            put_word(out, word);
    }
}

/* As it was given; or without the folder that its program is in. */
static char *command_text(const struct tb_document *document, bool whole)
{
    char *const *word = document->subject.words;
    const char *program = *word ? tb_subject_program(&document->subject)
                                : tb_json_text(document->context, "executable");
    char *text;
    size_t size;
    FILE *out = tb_open_text(&text, &size);

    put_environment(out, tb_json_find(document->context, "threadbench"));
    if (!*word)
        put_word(out, !program ? "unknown" : whole ? program : short_path(program));
    for (; *word; word++) {
        if (whole)
            put_word(out, *word);
        else
            put_word(out, *word == program ? short_path(*word)
                                           : short_build(*word, document->revision.commit));
    }
    (void)fclose(out);
    return text;
}

static char *setup_text(const struct tb_document *document)
{
    const struct tb_settings *settings = &document->settings;
    const char *label = document->subject.label;
    tb_autofree char *command = command_text(document, false);
    tb_autofree char *name = label ? tb_print("%s: %s", label, command) : tb_copy(command);

    if (settings->samples)
        return tb_print("%s, %llu samples a process", name, (unsigned long long)settings->samples);
    return settings->time_s > 0 ? tb_print("%s, %g s a process", name, settings->time_s)
                                : tb_copy(name);
}

/* At the usual confidence, as values of several runs stand beside each other. */
static struct tb_summary summary_of(const struct tb_document *document,
                                    const struct tb_record *record)
{
    struct tb_settings settings = document->settings;
    struct tb_result result = document->result;

    settings.alpha = TB_INTERVAL_ALPHA;
    result.settings = &settings;
    return tb_summarise(&result, record);
}

static struct tb_digest_case digest_case(const struct tb_document *document,
                                         const struct tb_record *record, struct tb_texts *texts)
{
    struct tb_summary summary = summary_of(document, record);

    return (struct tb_digest_case){
        .name = tb_texts_keep(texts, record->spec->name),
        .unit = tb_texts_keep(texts, record->spec->unit),
        .statistic = tb_texts_keep(texts, summary.statistic),
        .version = tb_texts_keep(texts, tb_json_text(record->spec->source, "version")),
        .outcome = record->outcome,
        .core = record->spec->core,
        .standard = record->spec->standard,
        .processes = (unsigned)summary.value.count,
        .value = summary.value.median,
        .low = summary.value.low,
        .high = summary.value.high,
        .cv = summary.value.cv,
    };
}

struct tb_digest tb_digest_of(const struct tb_document *document, struct tb_texts *texts)
{
    const struct tb_result *result = &document->result;
    const cJSON *context = document->context;
    const char *started = tb_json_text(context, "threadbench.started_utc");
    const char *host = tb_json_text(context, "host_name");
    tb_autofree char *command = command_text(document, true), *setup = setup_text(document);
    tb_autofree char *origin = origin_text(context);
    struct tb_digest digest = {
        .run_id = tb_texts_keep(texts, result->run_id),
        .started = tb_texts_keep(texts, started ? started : tb_json_text(context, "date")),
        .host = tb_texts_keep(texts, host ? host : "unknown"),
        .commit = tb_texts_keep(texts, document->revision.commit),
        .dirty = document->revision.dirty,
        .state = tb_texts_keep(texts, tb_document_state(context)),
        .rounds = result->finished_rounds,
        .command = tb_texts_keep(texts, command),
        .setup = tb_texts_keep(texts, setup),
        .origin = tb_texts_keep(texts, origin),
        .cases = tb_alloc(result->count, sizeof *digest.cases),
    };

    if (!digest.started)
        digest.started = tb_texts_keep(texts, "");
    for (size_t i = 0; i < result->count; i++) {
        const struct tb_record *record = &result->records[i];

        if (record->role == TB_SELECTED && !tb_is_pending(record))
            digest.cases[digest.count++] = digest_case(document, record, texts);
    }
    return digest;
}

void tb_digest_finish(struct tb_digest *digest)
{
    free(digest->cases);
    *digest = (struct tb_digest){0};
}

/* ---- as bytes: numbers as they are in memory, texts with their size before them ---- */

static void put(FILE *out, const void *value, size_t size)
{
    (void)fwrite(value, 1, size, out); /* in memory */
}

/* A size of 0 is NULL, others count the NUL. */
static void put_text(FILE *out, const char *text)
{
    uint32_t size = text ? (uint32_t)strlen(text) + 1 : 0;

    put(out, &size, sizeof size);
    if (text)
        put(out, text, size);
}

static void put_case(FILE *out, const struct tb_digest_case *item)
{
    const uint32_t whole[] = {item->outcome, item->core, item->standard, item->processes};
    const double real[] = {item->value, item->low, item->high, item->cv};

    put_text(out, item->name);
    put_text(out, item->unit);
    put_text(out, item->statistic);
    put_text(out, item->version);
    put(out, whole, sizeof whole);
    put(out, real, sizeof real);
}

char *tb_digest_bytes(const struct tb_digest *digest, size_t *ret_size)
{
    const char *const texts[] = {digest->run_id, digest->started, digest->host,  digest->commit,
                                 digest->state,  digest->command, digest->setup, digest->origin};
    const uint32_t whole[] = {digest->dirty, digest->rounds, (uint32_t)digest->count};
    char *bytes;
    FILE *out = tb_open_text(&bytes, ret_size);

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        put_text(out, texts[i]);
    put(out, whole, sizeof whole);
    for (size_t i = 0; i < digest->count; i++)
        put_case(out, &digest->cases[i]);
    (void)fclose(out);
    return bytes;
}

/* Bytes that are read, until something is wrong with them. */
struct cursor {
    const char *at;
    size_t left;
    bool wrong;
    struct tb_texts *texts;
};

static void take(struct cursor *cursor, void *ret_value, size_t size)
{
    cursor->wrong |= cursor->left < size;
    if (cursor->wrong)
        return;
    memcpy(ret_value, cursor->at, size);
    cursor->at += size;
    cursor->left -= size;
}

static const char *take_text(struct cursor *cursor, bool needed)
{
    const char *text;
    uint32_t size = 0;

    take(cursor, &size, sizeof size);
    text = cursor->at;
    cursor->wrong |= cursor->left < size || (needed && !size) || (size && text[size - 1]);
    if (cursor->wrong || !size)
        return NULL;
    cursor->at += size;
    cursor->left -= size;
    return tb_texts_keep(cursor->texts, text);
}

static struct tb_digest_case take_case(struct cursor *cursor)
{
    struct tb_digest_case item = {.name = take_text(cursor, true)};
    uint32_t whole[4] = {0};
    double real[4] = {0};

    item.unit = take_text(cursor, true);
    item.statistic = take_text(cursor, true);
    item.version = take_text(cursor, false);
    take(cursor, whole, sizeof whole);
    take(cursor, real, sizeof real);
    cursor->wrong |= whole[0] > TB_FAILED;
    item.outcome = (enum tb_outcome)whole[0];
    item.core = whole[1];
    item.standard = whole[2];
    item.processes = whole[3];
    item.value = real[0];
    item.low = real[1];
    item.high = real[2];
    item.cv = real[3];
    return item;
}

bool tb_digest_read(const char *bytes, size_t size, struct tb_texts *texts,
                    struct tb_digest *ret_digest)
{
    enum { least_case = 60 }; /* bytes, so that no number of cases is believed that cannot be */
    struct cursor cursor = {bytes, size, false, texts};
    struct tb_digest digest = {.run_id = take_text(&cursor, true)};
    uint32_t whole[3] = {0};

    digest.started = take_text(&cursor, true); /* each in its turn: an initialiser has no order */
    digest.host = take_text(&cursor, true);
    digest.commit = take_text(&cursor, false);
    digest.state = take_text(&cursor, true);
    digest.command = take_text(&cursor, true);
    digest.setup = take_text(&cursor, true);
    digest.origin = take_text(&cursor, true);
    take(&cursor, whole, sizeof whole);
    if (cursor.wrong || whole[2] > cursor.left / least_case)
        return false;
    digest.dirty = whole[0];
    digest.rounds = whole[1];
    digest.count = whole[2];
    digest.cases = tb_alloc(digest.count, sizeof *digest.cases);
    for (size_t i = 0; i < digest.count; i++)
        digest.cases[i] = take_case(&cursor);
    if (cursor.wrong || cursor.left) {
        tb_digest_finish(&digest);
        return false;
    }
    *ret_digest = digest;
    return true;
}
