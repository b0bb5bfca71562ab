#include "measure.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "archive.h"
#include "build.h"
#include "context.h"
#include "document.h"
#include "file.h"
#include "host.h"
#include "json.h"
#include "memory.h"
#include "progress.h"
#include "random.h"
#include "summary.h"
#include "words.h"

enum {
    usual_rounds = 12,
    judged_rounds = 30, /* of interpreters, whose ratios have verdicts */
    most_rounds = 200,  /* of a run that ends when it is precise */
    first_look = 9,     /* fewer give no interval at the level of one look */
};
static const double usual_time_s = 0.1;

void tb_measurement_finish(struct tb_measurement *run)
{
    for (size_t i = 0; i < run->count; i++) {
        struct tb_part *part = &run->parts[i];

        tb_result_finish(&run->results[i]);
        tb_stored_finish(&part->stored);
        tb_subject_finish(&part->subject);
        tb_revision_finish(&part->revision);
        free(part->output);
    }
    free(run->parts);
    free(run->results);
    tb_revision_finish(&run->revision);
}

/* Subjects without a name of their own are a, b, c, ...; the only one has none. */
static int init_subject(struct tb_measurement *run, size_t index, const char *command,
                        struct tb_error *error)
{
    struct tb_part *part = &run->parts[index];
    char *label = run->count > 1 ? tb_print("%c", (int)('a' + index % 26)) : NULL;
    int code =
        tb_subject_init(&part->subject, command, label, run->options->settings.deadline_s, error);

    for (size_t i = 0; !code && part->subject.words[i]; i++)
        code = tb_build_word(run->options, &part->subject.words[i], &part->revision, error);
    free(label);
    return code;
}

static int check_label(const struct tb_measurement *run, size_t index, struct tb_error *error)
{
    const char *label = run->parts[index].subject.label;

    for (size_t i = 0; label && i < index; i++) {
        const char *other = run->parts[i].subject.label;

        if (other && !strcmp(other, label))
            return tb_error_set(error, TB_USAGE,
                                "two subjects are called '%s': give one of them another name, "
                                "'NAME: COMMAND'",
                                label);
    }
    return 0;
}

static int select_cases(struct tb_measurement *run, size_t index, struct tb_error *error)
{
    const struct tb_subject *subject = &run->parts[index].subject;
    enum tb_role *roles = tb_alloc(subject->catalogue.count, sizeof *roles);
    struct tb_choice choice = run->options->choice;
    struct tb_result *result = &run->results[index];
    bool any;

    choice.alone = run->alone;
    any = tb_plan_select(&subject->catalogue, &choice, roles) > 0;
    if (any)
        tb_result_init(result, subject, roles);
    free(roles);
    if (!any)
        return tb_error_set(
            error, TB_USAGE, "no case%s%s matches --filter and --set: 'threadbench list' shows all",
            subject->label ? " of subject " : "", subject->label ? subject->label : "");
    for (size_t i = 0; i < result->count; i++) {
        if (result->records[i].spec->twice)
            tb_record_end(&result->records[i], TB_SKIPPED,
                          "its program has several of that name, which no filter tells apart");
    }
    return 0;
}

static int list_subject(struct tb_part *part, struct tb_error *error)
{
    int code = tb_subject_list(&part->subject, error);
    struct tb_error why = *error;

    if (code == TB_FAILURE && part->revision.commit)
        return tb_error_set(error, code, "%s (to have it built anew, remove the folder it is in)",
                            why.text);
    return code;
}

static int begin_subject(struct tb_measurement *run, size_t index, struct tb_error *error)
{
    int code = init_subject(run, index, run->options->operands[index], error);

    if (!code)
        code = check_label(run, index, error);
    if (!code)
        code = list_subject(&run->parts[index], error);
    if (!code)
        code = select_cases(run, index, error);
    /* What the revisions are compared with stays wrong for each of them. */
    return code == TB_FAILURE && run->options->bisect && !index ? TB_USAGE : code;
}

/* A name, and for the settings a seed. */
static int draw(uint64_t *ret_value, struct tb_error *error)
{
    if (getrandom(ret_value, sizeof *ret_value, 0) != (ssize_t)sizeof *ret_value)
        return tb_error_set(error, TB_FAILURE, "cannot draw a number: %s", strerror(errno));
    return 0;
}

static int draw_id(char (*ret_id)[17], struct tb_error *error)
{
    uint64_t drawn = 0;
    int code = draw(&drawn, error);

    (void)snprintf(*ret_id, sizeof *ret_id, "%016llx", (unsigned long long)drawn); /* fits */
    return code;
}

static int read_revision(struct tb_measurement *run, struct tb_error *error)
{
    const char *folder = run->options->repo;

    run->revision = tb_revision_read(folder ? folder : ".");
    if (folder && !run->revision.commit)
        return tb_error_set(error, TB_USAGE, "--repo '%s': git finds no commit there", folder);
    return 0;
}

static unsigned usual_rounds_of(const struct tb_options *options)
{
    if (options->settings.precision)
        return most_rounds;
    if (options->settings.budget_s)
        return TB_MOST_ROUNDS; /* it ends when its time is up */
    return options->pythons > 1 ? judged_rounds : usual_rounds;
}

static int settle(struct tb_measurement *run, struct tb_error *error)
{
    struct tb_settings *settings = &run->settings;
    uint64_t drawn = 0;
    int code = draw(&drawn, error);

    *settings = run->options->settings;
    if (settings->seed == TB_SEED_LIMIT)
        settings->seed = drawn % TB_SEED_LIMIT;
    if (!settings->rounds)
        settings->rounds = usual_rounds_of(run->options);
    if (!settings->time_s)
        settings->time_s = usual_time_s;
    return code ? code : draw_id(&settings->session, error);
}

/* Intervals that are looked at again and again share the chance of missing. */
static void plan_looks(struct tb_measurement *run)
{
    struct tb_settings *settings = &run->settings;

    if (run->first_look)
        settings->first_look = run->first_look;
    else if (settings->precision)
        settings->first_look = first_look;
    else
        return;
    settings->looks = tb_plan_looks(&(struct tb_looks){settings->first_look, settings->rounds});
    if (settings->precision)
        settings->alpha = 0.05 / settings->looks;
}

/* What the results say of their circumstances, known before the first worker. */
static int describe(struct tb_measurement *run, struct tb_error *error)
{
    cJSON *host = tb_host_probe(), *before = tb_host_moment();
    int code = read_revision(run, error);

    run->settings.subjects = run->count;
    (void)clock_gettime(CLOCK_REALTIME, &run->settings.started); /* cannot fail for this clock */
    for (size_t i = 0; !code && i < run->count; i++) {
        struct tb_result *result = &run->results[i];

        code = draw_id(&result->run_id, error);
        result->revision = run->parts[i].revision.commit ? &run->parts[i].revision : &run->revision;
        result->host = cJSON_Duplicate(host, true);
        result->before = cJSON_Duplicate(before, true);
    }
    cJSON_Delete(host);
    cJSON_Delete(before);
    return code;
}

/* FILE, or with several subjects FILE with "-LABEL" before its ending. */
static char *output_of(const char *file, const char *label)
{
    const char *slash = strrchr(file, '/'), *dot = strrchr(file, '.');

    if (!label)
        return tb_copy(file);
    if (!dot || dot < slash)
        return tb_print("%s-%s", file, label);
    return tb_print("%.*s-%s%s", (int)(dot - file), file, label, dot);
}

/* That the documents can be written is made sure before minutes are spent on them. */
static int check_targets(struct tb_measurement *run, struct tb_error *error)
{
    const struct tb_options *options = run->options;
    int code = 0;

    for (size_t i = 0; !code && i < run->count; i++) {
        struct tb_part *part = &run->parts[i];

        if (options->output && !strcmp(options->output, "-"))
            code =
                tb_error_set(error, TB_USAGE, "--output -: give a file; --format json prints it");
        else if (options->output) {
            part->output = output_of(options->output, part->subject.label);
            code = tb_file_check(part->output, error);
        }
    }
    if (!code && options->archive)
        code = tb_archive_check(options->archive, error);
    return code;
}

static int make_parts(struct tb_measurement *run, struct tb_error *error)
{
    size_t count = tb_words_count(run->options->operands);

    if (!count && run->options->resume)
        return tb_error_set(error, TB_USAGE, "--continue: give the documents of the run");
    run->count = count ? count : 1;
    run->parts = tb_alloc(run->count, sizeof *run->parts);
    run->results = tb_alloc(run->count, sizeof *run->results);
    return 0;
}

/* Of one session each document, once, and all as far as the first. */
static int check_document(const struct tb_measurement *run, size_t index, struct tb_error *error)
{
    const struct tb_stored *stored = &run->parts[index].stored, *first = &run->parts->stored;
    const char *path = stored->path;

    if (!stored->settings.session[0])
        return tb_error_set(error, TB_USAGE, "'%s': not a document of threadbench", path);
    if (strcmp(stored->settings.session, first->settings.session) != 0)
        return tb_error_set(error, TB_USAGE, "'%s' and '%s' are of different sessions", first->path,
                            path);
    for (size_t i = 0; i < index; i++) {
        const struct tb_stored *other = &run->parts[i].stored;

        if (!strcmp(other->result.run_id, stored->result.run_id))
            return tb_error_set(error, TB_USAGE, "'%s' and '%s' are of the same run", other->path,
                                path);
    }
    if (stored->result.finished_rounds != first->result.finished_rounds)
        return tb_error_set(error, TB_USAGE,
                            "'%s' and '%s' have not come equally far: give what was written "
                            "together",
                            first->path, path);
    if (stored->settings.subjects > tb_words_count(run->options->operands))
        return tb_error_set(error, TB_USAGE,
                            "'%s': its session has %zu subjects: give the "
                            "documents of all",
                            path, stored->settings.subjects);
    if (!stored->subject.words[0])
        return tb_error_set(error, TB_FAILURE, "'%s': damaged: it does not say what was measured",
                            path);
    return 0;
}

/* The name of a member that is not the same in `b`, which then may lack it; the caller's, or NULL.
 */
static char *other_member(const cJSON *a, const cJSON *b)
{
    const cJSON *item;

    cJSON_ArrayForEach(item, a)
    {
        if (!cJSON_Compare(item, cJSON_GetObjectItemCaseSensitive(b, item->string), true))
            return tb_copy(item->string);
    }
    return NULL;
}

static char *other_environment(const cJSON *was)
{
    cJSON *is = tb_context_environment();
    char *name;

    tb_json_clean(is); /* as the document's is */
    name = other_member(was, is);
    if (!name && was)
        name = other_member(is, was);
    cJSON_Delete(is);
    return name;
}

static char *other_file(const cJSON *was, const cJSON *is)
{
    const cJSON *file;
    int index = 0;

    cJSON_ArrayForEach(file, was)
    {
        const cJSON *now = cJSON_GetArrayItem(is, index++);
        const char *path = tb_json_text(file, "path");

        if (tb_json_number(file, "size", 0) != tb_json_number(now, "size", 0) ||
            tb_json_number(file, "crc32", 0) != tb_json_number(now, "crc32", 0))
            return tb_copy(path ? path : "a file");
    }
    return NULL;
}

/* That the subject is what was measured before, as far as its document tells. */
static int check_subject(const struct tb_part *part, struct tb_error *error)
{
    const cJSON *ours = cJSON_GetObjectItemCaseSensitive(part->stored.context, "threadbench");
    const cJSON *subject = cJSON_GetObjectItemCaseSensitive(ours, "subject");
    char *what = other_environment(cJSON_GetObjectItemCaseSensitive(subject, "environment"));
    int code = 0;

    if (!what)
        what = other_file(cJSON_GetObjectItemCaseSensitive(subject, "files"), part->subject.files);
    if (what)
        code = tb_error_set(error, TB_FAILURE,
                            "'%s': %s is not what it was: it cannot be continued with that",
                            part->stored.path, what);
    free(what);
    return code;
}

/* Takes over what the document has of each case, if that is still the same case. */
static int take_records(struct tb_measurement *run, size_t index, struct tb_error *error)
{
    struct tb_part *part = &run->parts[index];
    struct tb_result *from = &part->stored.result;
    enum tb_role *roles = tb_alloc(part->subject.catalogue.count, sizeof *roles);
    int code = 0;

    for (size_t i = 0; !code && i < from->count; i++) {
        const struct tb_case *was = from->records[i].spec;
        const struct tb_case *is = tb_catalogue_find(&part->subject.catalogue, was->name);

        if (is && tb_is_same_case(was, is))
            roles[is - part->subject.catalogue.cases] = from->records[i].role;
        else
            code = tb_error_set(error, TB_FAILURE, "'%s': the subject %s the case '%s'",
                                run->options->operands[index], is ? "has changed" : "no longer has",
                                was->name);
    }
    if (!code)
        tb_result_init(&run->results[index], &part->subject, roles);
    free(roles);
    if (!code)
        tb_result_take(&run->results[index], from);
    return code;
}

static int resume_subject(struct tb_measurement *run, size_t index, struct tb_error *error)
{
    struct tb_part *part = &run->parts[index];
    int code = tb_stored_read(run->options->operands[index], &part->stored, error);

    if (!code)
        code = check_document(run, index, error);
    if (!code)
        code =
            tb_subject_again(&part->subject, part->stored.subject.words, part->stored.subject.label,
                             run->options->settings.deadline_s, error);
    if (!code)
        code = tb_subject_list(&part->subject, error);
    if (!code)
        code = check_subject(part, error);
    return code ? code : take_records(run, index, error);
}

/* What was settled when the run began, but for what may be asked anew: how long it goes on. */
static void resettle(struct tb_measurement *run)
{
    const struct tb_settings *asked = &run->options->settings;
    struct tb_settings *settings = &run->settings;

    *settings = run->parts->stored.settings;
    settings->resumed++;
    settings->deadline_s = asked->deadline_s;
    if (asked->rounds || asked->budget_s)
        settings->budget_s = asked->budget_s;
    if (asked->rounds)
        settings->rounds = asked->rounds;
    if (asked->precision)
        settings->precision = asked->precision;
}

/* A kernel or a libc that was changed meanwhile would be taken for the subject. */
static int check_host(const struct tb_stored *stored, struct tb_error *error)
{
    const cJSON *ours = cJSON_GetObjectItemCaseSensitive(stored->context, "threadbench");
    cJSON *host = tb_host_probe();
    const char *why = tb_host_differs(cJSON_GetObjectItemCaseSensitive(ours, "host"), host);

    cJSON_Delete(host);
    if (!why)
        return 0;
    return tb_error_set(error, TB_FAILURE,
                        "'%s': %s is not what it was: it cannot be continued here", stored->path,
                        why);
}

static cJSON *copy_of(const cJSON *object, const char *key)
{
    return cJSON_Duplicate(cJSON_GetObjectItemCaseSensitive(object, key), true);
}

/* The circumstances stay those in which it began. */
static void describe_again(struct tb_measurement *run)
{
    for (size_t i = 0; i < run->count; i++) {
        const struct tb_stored *stored = &run->parts[i].stored;
        const cJSON *ours = cJSON_GetObjectItemCaseSensitive(stored->context, "threadbench");
        struct tb_result *result = &run->results[i];

        memcpy(result->run_id, stored->result.run_id, sizeof result->run_id);
        result->revision = &stored->revision;
        result->host = copy_of(ours, "host");
        result->before = copy_of(ours, "before");
        if (result->finished_rounds) /* else no worker may have told its own yet */
            result->context = cJSON_Duplicate(stored->context, true);
    }
}

/* An interpreter that cannot be measured is named and passed over, if another subject is left. */
static bool pass_over(struct tb_measurement *run, size_t index, struct tb_error *error)
{
    char **operands = run->options->operands;

    if (index < run->options->first_python || run->count < 2)
        return false;
    (void)fprintf(stderr, "threadbench: passed over: %s\n", error->text); /* no more to do */
    *error = (struct tb_error){0};
    tb_subject_finish(&run->parts[index].subject);
    free(operands[index]);
    memmove(&operands[index], &operands[index + 1], (run->count - index) * sizeof *operands);
    run->count--;
    return true;
}

static int begin(struct tb_measurement *run, struct tb_error *error)
{
    int code = settle(run, error);

    return code ? code : describe(run, error);
}

static int resume(struct tb_measurement *run, struct tb_error *error)
{
    int code = check_host(&run->parts->stored, error);

    resettle(run);
    describe_again(run);
    return code;
}

int tb_measurement_prepare(struct tb_measurement *run, struct tb_error *error)
{
    bool again = run->options->resume;
    int code = make_parts(run, error);

    for (size_t i = 0; !code && i < run->count;) {
        code = (again ? resume_subject : begin_subject)(run, i, error);
        if (!code)
            i++;
        else if (code == TB_FAILURE && pass_over(run, i, error))
            code = 0;
    }
    if (!code)
        code = (again ? resume : begin)(run, error);
    if (code)
        return code;
    plan_looks(run);
    run->settings.command = run->options->settings.command;
    for (size_t i = 0; i < run->count; i++)
        run->results[i].settings = &run->settings;
    return check_targets(run, error);
}

/* Whether some subject does not know the case as closely as was asked for. */
static bool is_imprecise(void *asked, const char *name)
{
    const struct tb_measurement *run = asked;

    for (size_t i = 0; i < run->count; i++) {
        const struct tb_record *record = tb_result_find(&run->results[i], name);

        if (record && record->outcome == TB_OK && !tb_is_precise(&run->results[i], record))
            return true;
    }
    return false;
}

void tb_measurement_run(struct tb_measurement *run)
{
    struct tb_progress progress = tb_progress(run->options->quiet);
    struct tb_session session = {
        .results = run->results,
        .count = run->count,
        .begin = run->begin,
        .is_open = run->is_open              ? run->is_open
                   : run->settings.precision ? is_imprecise
                                             : NULL,
        .asked = run,
        .tell = tb_progress_tell,
        .user = &progress,
    };

    tb_session_run(&session);
    for (size_t i = 0; i < run->count; i++)
        run->results[i].after = tb_host_moment();
    tb_progress_end(&progress);
}

/* Minutes of measuring are not lost to a full disk: the document goes where there may be room. */
static int rescue(const struct tb_measurement *run, size_t index, const char *document,
                  struct tb_error *error)
{
    const char *const folders[] = {getenv("TMPDIR"), "/tmp", "/var/tmp"};
    struct tb_error why = *error, ignored;

    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        char *path;
        int code;

        if (!folders[i] || !*folders[i])
            continue;
        path = tb_print("%s/threadbench-%s.json", folders[i], run->results[index].run_id);
        code = tb_file_write(path, document, &ignored);
        if (!code)
            (void)tb_error_set(error, TB_FAILURE, "%s; what was measured is in %s", why.text, path);
        free(path);
        if (!code)
            return TB_FAILURE;
    }
    return tb_error_set(error, TB_FAILURE, "%s; what was measured is lost", why.text);
}

/* Writes one document wherever it is wanted; the first error is the one to tell. */
static int deliver(const struct tb_measurement *run, size_t index, struct tb_error *error)
{
    const struct tb_part *part = &run->parts[index];
    char *document = tb_document(&run->results[index]);
    struct tb_error ignored;
    char *archived = NULL;
    int code = 0;

    if (part->output)
        code = tb_file_write(part->output, document, error);
    if (run->options->archive && tb_archive_put(run->options->archive, document, strlen(document),
                                                &archived, code ? &ignored : error))
        code = TB_FAILURE;
    free(archived);
    if (code)
        code = rescue(run, index, document, error);
    free(document);
    return code;
}

int tb_measurement_keep(const struct tb_measurement *run, struct tb_error *error)
{
    struct tb_error ignored;
    int code = 0;

    for (size_t i = 0; i < run->count; i++) {
        if (deliver(run, i, code ? &ignored : error))
            code = TB_FAILURE;
    }
    if (!code && run->results->signal)
        code = 128 + run->results->signal;
    return code;
}
