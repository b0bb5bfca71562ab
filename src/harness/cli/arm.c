#include "cli/arm.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/meant.h"
#include "document/write.h"
#include "run/build.h"
#include "run/object.h"
#include "run/target.h"
#include "util/json.h"
#include "util/memory.h"
#include "util/strings.h"

int tb_arm_init(struct tb_arm *arm, const struct tb_options *options, const char *command,
                const char *label, struct tb_error *error)
{
    const struct tb_recipe recipe = {options->repo, options->builds, options->product,
                                     options->quiet};
    int code = tb_target_init(&arm->subject, command, label, options->settings.timeout_s, error);

    for (size_t i = 0; !code && arm->subject.words[i]; i++)
        code = tb_build_word(&recipe, &arm->subject.words[i], &arm->revision, error);
    return code;
}

int tb_arm_begin(struct tb_arm *arm, const struct tb_options *options, const char *command,
                 const char *label, struct tb_error *error)
{
    int code = tb_arm_init(arm, options, command, label, error);
    tb_autofree char *meant = NULL;
    struct tb_error why;

    if (code)
        return code;
    code = tb_target_list(&arm->subject, error);
    why = *error;
    meant = code == TB_FAILURE ? tb_subject_meant(options, &arm->subject) : NULL;
    if (meant)
        return tb_error_set(error, code, "%s: %s", why.text, meant);
    if (code == TB_FAILURE && arm->revision.commit && !arm->subject.catalogue.count)
        return tb_error_set(error, code, "%s (to have it built anew, remove the folder it is in)",
                            why.text);
    return code;
}

/* Of one session each document, once, and all as far as the first: but for a round, where the
 * program was killed after it had saved some of them. */
static int check_document(const struct tb_arm *arms, size_t index, size_t count,
                          struct tb_error *error)
{
    const struct tb_document *document = &arms[index].document, *first = &arms->document;
    const char *path = document->path;

    if (!document->settings.session[0])
        return tb_misuse(error, "'%s': not a document of threadbench", path);
    if (strcmp(document->settings.session, first->settings.session) != 0)
        return tb_misuse(error, "'%s' and '%s' are of different sessions", first->path, path);
    for (size_t i = 0; i < index; i++) {
        const struct tb_document *other = &arms[i].document;

        if (!strcmp(other->result.run_id, document->result.run_id))
            return tb_misuse(error, "'%s' and '%s' are of the same run", other->path, path);
    }
    if (abs((int)document->result.finished_rounds - (int)first->result.finished_rounds) > 1)
        return tb_misuse(
            error, "--continue: '%s' holds %u rounds and '%s' %u: give documents of one run",
            first->path, first->result.finished_rounds, path, document->result.finished_rounds);
    if (document->settings.subjects > count || document->result.place != index)
        return tb_misuse(error,
                         "'%s' is of subject %zu of %zu: give the documents of all, in that order",
                         path, document->result.place + 1, document->settings.subjects);
    return 0;
}

/* Whether a case has what it should have of the rounds that are finished, and of the next one: each
 * from its first one on, which is a later one where a budget left it out before. */
static bool is_whole(const struct tb_record *record, const struct tb_settings *settings,
                     unsigned finished)
{
    const struct tb_repetition *last = tb_record_last(record);

    if (last &&
        (last->round > finished || last->round - record->repetitions->round != record->count - 1))
        return false;
    return settings->look_share > 0 || record->outcome != TB_OK ||
           (last ? last->round + 1 >= finished : !finished || record->reason);
}

/* Whether some case was measured in the last of the finished rounds, or could not be. */
static bool reaches_end(const struct tb_result *result)
{
    for (size_t i = 0; i < result->count; i++) {
        const struct tb_record *record = &result->records[i];
        const struct tb_repetition *last = tb_record_last(record);

        if (record->outcome != TB_OK || (last && last->round + 1 >= result->finished_rounds))
            return true;
    }
    return !result->finished_rounds;
}

/* What a run cannot go on from, or NULL. */
static const char *find_gap(const struct tb_document *document)
{
    static const char subject[] = "subject.";
    static const char *const paths[] = {
        "seed",   "rounds",    "rounds_finished",     "subjects",     "place", "host",
        "time_s", "timeout_s", "subject.environment", "subject.files"};
    const cJSON *ours = tb_json_find(document->context, "threadbench");
    const struct tb_result *result = &document->result;

    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        if (!tb_json_find(ours, paths[i]))
            return paths[i] + (tb_begins_with(paths[i], subject) ? strlen(subject) : 0);
    }
    if (!document->subject.words[0])
        return "argv";
    if (strspn(result->run_id, "0123456789abcdef") != sizeof result->run_id - 1)
        return "run_id";
    for (size_t i = 0; i < result->count; i++) {
        if (!is_whole(&result->records[i], &document->settings, result->finished_rounds))
            return "entries of all its rounds";
    }
    return reaches_end(result) ? NULL : "entries of its last round";
}

/* The name of a member that is not the same in `b`, which then may lack it; the caller's, or NULL.
 */
static char *other_member(const cJSON *a, const cJSON *b)
{
    const cJSON *item;

    tb_json_each(item, a) {
        if (!cJSON_Compare(item, cJSON_GetObjectItemCaseSensitive(b, item->string), true))
            return tb_copy(item->string);
    }
    return NULL;
}

static char *other_environment(const cJSON *was)
{
    tb_autojson cJSON *is = tb_context_environment();
    char *name;

    tb_json_sanitize(is); /* as the document's is */
    name = other_member(was, is);
    return !name && was ? other_member(is, was) : name;
}

/* Also one that only one of the lists has. */
static char *other_file(const cJSON *was, const cJSON *is)
{
    int count = cJSON_GetArraySize(was), now = cJSON_GetArraySize(is);

    for (int i = 0; i < count || i < now; i++) {
        const cJSON *old = cJSON_GetArrayItem(was, i), *new = cJSON_GetArrayItem(is, i);
        const char *path = tb_json_text(old ? old : new, "path");

        if (!old || !new || tb_json_number(old, "size", 0) != tb_json_number(new, "size", 0) ||
            tb_json_number(old, "crc32", 0) != tb_json_number(new, "crc32", 0))
            return tb_copy(path ? path : "a file");
    }
    return NULL;
}

/* One that is not what was loaded any more; what cannot be read is left out. */
static char *other_object(const cJSON *loaded)
{
    const cJSON *item;

    tb_json_each(item, loaded) {
        const char *path = tb_json_text(item, "path"), *id = tb_json_text(item, "build_id");
        tb_auto(tb_object_finish) struct tb_object is = {0};

        if (path)
            is = tb_object_read(path);
        if (is.build_id && id ? strcmp(is.build_id, id) != 0
                              : is.crc32 && is.crc32 != tb_json_number(item, "crc32", is.crc32))
            return tb_copy(path);
    }
    return NULL;
}

/* That the subject is what was measured before, as far as its document tells. */
static int check_subject(const struct tb_arm *arm, struct tb_error *error)
{
    const cJSON *subject = tb_json_find(arm->document.context, "threadbench.subject");
    tb_autofree char *what = other_environment(tb_json_find(subject, "environment"));

    if (!what)
        what = other_object(tb_json_find(subject, "loaded"));
    if (!what)
        what = other_file(tb_json_find(subject, "files"), arm->subject.files);
    if (!what)
        return 0;
    return tb_failure(error, "'%s': %s has changed since: the run cannot be continued with it",
                      arm->document.path, what);
}

/* Takes over what the document has of each case, if that is still the same case. */
static int take_records(struct tb_arm *arm, struct tb_result *result, struct tb_error *error)
{
    struct tb_result *from = &arm->document.result;
    tb_autofree enum tb_role *roles = tb_alloc(arm->subject.catalogue.count, sizeof *roles);

    for (size_t i = 0; i < from->count; i++) {
        const struct tb_case *was = from->records[i].spec;
        const struct tb_case *is = tb_catalogue_find(&arm->subject.catalogue, was->name);

        if (!is || !tb_is_same_case(was, is))
            return tb_failure(error, "'%s': the subject %s the case '%s'", arm->document.path,
                              is ? "has changed" : "no longer has", was->name);
        roles[is - arm->subject.catalogue.cases] = from->records[i].role;
    }
    tb_result_init(result, &arm->subject, roles);
    tb_result_take(result, from);
    return 0;
}

int tb_arm_read(struct tb_arm *arms, size_t index, size_t count, const char *path,
                struct tb_error *error)
{
    const struct tb_document *document = &arms[index].document;
    int code = tb_document_read(path, true, &arms[index].document, error);

    if (!code)
        code = check_document(arms, index, count, error);
    if (!code && document->settings.look_share > 0 && document->settings.precision == 0)
        code = tb_misuse(
            error, "--continue '%s': ab has spent its alpha on interim looks: measure anew", path);
    if (!code && find_gap(document))
        code = tb_failure(error, "'%s': damaged: it has no %s", path, find_gap(document));
    if (!code && tb_json_flag(document->context, "threadbench.subject.cleaned"))
        code = tb_failure(error,
                          "'%s': the words of its subject are not all in it, as no document can "
                          "hold them: it cannot be continued",
                          path);
    return code;
}

/* What was heard of it stays a warning. */
static void hear_again(const struct tb_arm *arm)
{
    const cJSON *texts = tb_json_find(arm->document.context, "threadbench.subject.stderr"), *text;

    tb_json_each(text, texts)
        tb_subject_note(&arm->subject, "stderr", cJSON_GetStringValue(text));
}

/* As it would be given to a shell, as far as a line has room for it; the caller's. */
static char *command_text(char *const *words)
{
    enum { most = 600 };
    char *text;
    size_t size;
    FILE *out = tb_open_text(&text, &size);

    for (char *const *word = words; *word; word++) {
        tb_autofree char *escaped = tb_escape_word(*word);

        (void)fprintf(out, "%s%s", word == words ? "" : " ", escaped); /* into memory */
    }
    (void)fclose(out);
    if (size > most) {
        tb_autofree char *whole = text;

        text = tb_print("%.*s... (%zu bytes, all of them in its subject.argv)", most, whole, size);
    }
    return text;
}

static int check_trust(const struct tb_arm *arm, bool trusted, struct tb_error *error)
{
    char *const *words = arm->document.subject.words;
    tb_autofree char *command = NULL;

    if (trusted || tb_target_is_suite(words))
        return 0;
    command = command_text(words);
    return tb_misuse(error, "'%s': give --trust to run what it names: %s", arm->document.path,
                     command);
}

int tb_arm_check(struct tb_arm *arm, const struct tb_options *options, struct tb_error *error)
{
    const struct tb_document *document = &arm->document;
    double timeout_s = options->settings.timeout_s;
    int code = check_trust(arm, options->trust, error);

    if (!code)
        code = tb_target_again(&arm->subject, document->subject.words, document->subject.label,
                               timeout_s > 0 ? timeout_s : document->settings.timeout_s, error);
    if (code)
        return code;
    tb_target_read_files(&arm->subject);
    return check_subject(arm, error);
}

int tb_arm_resume(struct tb_arm *arm, struct tb_result *result, struct tb_error *error)
{
    int code = tb_target_list(&arm->subject, error);

    if (code)
        return code;
    hear_again(arm);
    return take_records(arm, result, error);
}

void tb_arm_describe(const struct tb_arm *arm, struct tb_result *result)
{
    const struct tb_document *document = &arm->document;

    memcpy(result->run_id, document->result.run_id, sizeof result->run_id);
    result->place = document->result.place;
    result->revision = &document->revision;
    result->host = cJSON_Duplicate(tb_json_find(document->context, "threadbench.host"), true);
    result->before = cJSON_Duplicate(tb_json_find(document->context, "threadbench.before"), true);
    if (tb_result_tally(result, 1).measured) /* else no worker may have told its own yet */
        result->context = cJSON_Duplicate(document->context, true);
}

void tb_arm_finish(struct tb_arm *arm)
{
    tb_document_finish(&arm->document);
    tb_subject_finish(&arm->subject);
    tb_revision_finish(&arm->revision);
    free(arm->output);
}

void tb_arms_level(struct tb_arm *arms, size_t count)
{
    unsigned least = arms->document.result.finished_rounds;

    for (size_t i = 1; i < count; i++) {
        if (arms[i].document.result.finished_rounds < least)
            least = arms[i].document.result.finished_rounds;
    }
    for (size_t i = 0; i < count; i++)
        arms[i].document.result.finished_rounds = least;
}
