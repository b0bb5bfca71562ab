#include "cli/measure.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "archive/archive.h"
#include "cli/counting.h"
#include "cli/exit_code.h"
#include "cli/label.h"
#include "cli/meant.h"
#include "cli/output.h"
#include "document/origin.h"
#include "document/read.h"
#include "document/summary.h"
#include "run/git.h"
#include "run/host.h"
#include "run/plan.h"
#include "run/session.h"
#include "run/signals.h"
#include "stats/shuffle.h"
#include "util/file.h"
#include "util/json.h"
#include "util/memory.h"
#include "util/strings.h"

enum {
    usual_rounds = 12,
    judged_rounds = 30, /* at most, of interpreters, whose ratios have verdicts */
    most_rounds = 200,  /* of a run that ends when it is precise */
};
static const double usual_time_s = 0.1;

/* Of interpreters: within three minutes, however many there are. */
static const double judged_time_s = 0.02, judged_budget_s = 150;

void tb_measurement_finish(struct tb_measurement *run)
{
    for (size_t i = 0; i < run->room; i++) {
        tb_result_finish(&run->results[i]);
        tb_arm_finish(&run->arms[i]);
    }
    free(run->arms);
    free(run->results);
    for (size_t i = 0; i < TB_METRICS; i++)
        free(run->lacks[i]);
    tb_words_free(run->kept);
    tb_revision_finish(&run->revision);
    tb_host_lock_finish(&run->lock);
}

/* Whether it is one of several interpreters, of which ratios are shown, and no floor. */
static bool are_judged(const struct tb_measurement *run, size_t index)
{
    const struct tb_subject *subject = &run->arms[index].subject;

    return run->options->pythons > 1 && tb_subject_python(subject);
}

/* As it was given; NULL for an operand that is none. */
static const char *interpreter_of(const struct tb_measurement *run, size_t operand)
{
    const struct tb_options *options = run->options;
    bool is_one = options->pythons && operand >= options->first_python;

    return is_one ? options->interpreters[operand - options->first_python] : NULL;
}

static int select_cases(struct tb_measurement *run, size_t index, size_t operand,
                        struct tb_error *error)
{
    const struct tb_subject *subject = &run->arms[index].subject;
    tb_autofree enum tb_role *roles = tb_alloc(subject->catalogue.count, sizeof *roles);
    struct tb_choice choice = run->options->choice;
    struct tb_result *result = &run->results[index];

    choice.alone = run->paired || are_judged(run, index);
    choice.own = are_judged(run, index) && choice.set == TB_SET_DEFAULT && !choice.filter;
    if (!tb_plan_select(&subject->catalogue, &choice, roles)) {
        const struct tb_names *names = &subject->catalogue.names;
        tb_autofree char *advice =
            tb_list_advice(run->options->operands[operand], interpreter_of(run, operand));
        tb_autofree char *meant = tb_filter_meant(run->options, names->names, names->count, advice);

        return tb_misuse(error, "no case%s%s matches --filter and --set: %s",
                         subject->label ? " of subject " : "", subject->label ? subject->label : "",
                         meant);
    }
    tb_result_init(result, subject, roles);
    for (size_t i = 0; i < result->count; i++) {
        if (result->records[i].spec->duplicated)
            tb_record_end(&result->records[i], TB_SKIPPED,
                          "its program has several of that name, which no filter tells apart");
    }
    return 0;
}

/* The next one; without operands the suite. */
static int begin_subject(struct tb_measurement *run, size_t operand, bool labelled,
                         struct tb_error *error)
{
    const char *command = run->options->operands[operand];
    size_t index = run->count;
    tb_autofree char *label = labelled ? tb_label_usual(index) : NULL;
    int code = tb_arm_begin(&run->arms[index], run->options, command, label, error);

    if (!code)
        code = tb_label_check(run->arms, index, interpreter_of(run, operand), error);
    if (code) /* with the first one each revision is compared */
        return index ? code : tb_lasting(run->options, code);
    code = select_cases(run, index, operand, error);
    /* A revision may well lack a case that the first one has. */
    return index && code && run->options->bisect ? TB_FAILURE : code;
}

/* A name, and for the settings a seed. */
static int draw(uint64_t *ret_value, struct tb_error *error)
{
    if (getrandom(ret_value, sizeof *ret_value, 0) != (ssize_t)sizeof *ret_value)
        return tb_failure(error, "cannot draw a number: %s", strerror(errno));
    return 0;
}

static int draw_id(char (*ret_id)[17], struct tb_error *error)
{
    uint64_t drawn = 0;
    int code = draw(&drawn, error);

    (void)snprintf(*ret_id, sizeof *ret_id, "%016llx", (unsigned long long)drawn); /* fits */
    return code;
}

/* None need be there where none was asked for. */
static int read_revision(struct tb_measurement *run, struct tb_error *error)
{
    const char *given = run->options->repo, *folder = given ? given : ".";
    struct tb_error why = {""};
    int code = tb_git_describe(folder, &run->revision, &why);

    if (run->revision.commit)
        return 0;
    if (code > 128)
        return tb_error_set(error, code, "%s", why.text);
    if (given && code == TB_FAILURE)
        return tb_failure(error, "--repo '%s': %s", given, why.text);
    if (given)
        return tb_misuse(error, "--repo '%s': git finds no commit there%s%s", given,
                         code ? ": " : "", why.text);
    if (code)
        tb_notice("no revision is recorded: %s", why.text);
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

/* Where interpreters are asked for and nothing else. */
static bool has_usual_budget(const struct tb_measurement *run)
{
    const struct tb_options *options = run->options;
    bool chosen = options->choice.filter || options->choice.set > TB_SET_CORE;

    return options->pythons > 1 && !run->paired && !chosen && !options->settings.rounds &&
           !options->settings.budget_s && !options->settings.precision;
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
    if (has_usual_budget(run))
        settings->budget_s = judged_budget_s;
    if (!settings->time_s)
        settings->time_s = run->options->pythons > 1 ? judged_time_s : usual_time_s;
    settings->margin = run->options->demand.margin;
    settings->alarm_alpha = run->paired ? run->options->demand.alpha : 0;
    settings->forced = run->options->demand.force;
    settings->metric = run->options->demand.metric;
    settings->count_rounds = run->count_rounds;
    settings->look_share = run->look || settings->precision ? 1 : 0; /* until there is a look */
    return code ? code : draw_id(&settings->session, error);
}

/* What the results say of their circumstances, known before the first worker. */
static int describe(struct tb_measurement *run, struct tb_error *error)
{
    tb_autojson cJSON *host = tb_host_probe(run->options->host), *before = tb_host_moment();
    int code = read_revision(run, error);

    run->settings.subjects = run->count;
    (void)clock_gettime(CLOCK_REALTIME, &run->settings.started); /* cannot fail for this clock */
    for (size_t i = 0; !code && i < run->count; i++) {
        struct tb_result *result = &run->results[i];

        code = draw_id(&result->run_id, error);
        result->revision = run->arms[i].revision.commit ? &run->arms[i].revision : &run->revision;
        result->place = i;
        result->host = cJSON_Duplicate(host, true);
        result->before = cJSON_Duplicate(before, true);
    }
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

/* What is written over its table, or into it, spoils both. */
static int check_output(const char *given, const char *path, struct tb_error *error)
{
    int err;

    if (!strcmp(given, "-") || tb_file_is_stdout(given) || tb_file_is_stdout(path))
        return tb_misuse(error, "--output %s: give a file; --format json prints it", given);
    err = tb_file_check(path);
    return err ? tb_file_unwritable("write", path, err, error) : 0;
}

/* That the documents can be written is made sure before minutes are spent on them. */
static int check_targets(struct tb_measurement *run, struct tb_error *error)
{
    const struct tb_options *options = run->options;
    int code = 0;

    for (size_t i = 0; !code && i < run->count; i++) {
        struct tb_arm *arm = &run->arms[i];

        if (options->output) {
            arm->output = output_of(options->output, run->room > 1 ? arm->subject.label : NULL);
            code = check_output(options->output, arm->output, error);
            if (!code)
                code = tb_output_spare("--output", arm->output, arm->subject.words, error);
        }
    }
    if (!code && options->archive)
        code = tb_archive_check(options->archive, error);
    return code;
}

/* What was set when the run began, but for what may be asked anew: how long it goes on. */
static void resettle(struct tb_measurement *run)
{
    const struct tb_settings *asked = &run->options->settings;
    struct tb_settings *settings = &run->settings;

    *settings = run->arms->document.settings;
    settings->resumed++;
    settings->other_run = tb_json_text(run->arms->document.context, "threadbench.other_run");
    settings->metric =
        tb_metric_of(tb_json_text(run->arms->document.context, "threadbench.metric"));
    settings->timeout_s = run->arms->subject.timeout_s;
    if (run->count_rounds)
        settings->count_rounds = run->count_rounds;
    if (asked->rounds || asked->budget_s)
        settings->budget_s = asked->budget_s;
    if (asked->rounds)
        settings->rounds = asked->rounds;
    if (asked->precision)
        settings->precision = asked->precision;
}

/* A kernel that was changed meanwhile would be taken for the subject. */
static int check_host(const char *name, const struct tb_document *document, struct tb_error *error)
{
    tb_autojson cJSON *here = tb_host_context(name);
    const char *why = tb_host_differs(here, document->context);
    const char *own = tb_json_text(here, "host_name");
    const char *other = tb_json_text(document->context, "host_name");

    if (!why)
        return 0;
    if (other && !tb_same(own, other))
        return tb_failure(error,
                          "'%s' was begun on the host '%s', and this is '%s': give --host '%s' if "
                          "that is what this host is called",
                          document->path, other, tb_or_unknown(own), other);
    return tb_failure(error, "'%s': %s has changed since: the run cannot be continued here",
                      document->path, why);
}

static void make_arms(struct tb_measurement *run, size_t count)
{
    run->room = count;
    run->arms = tb_alloc(count, sizeof *run->arms);
    run->results = tb_alloc(count, sizeof *run->results);
}

/* An interpreter that cannot be measured is named and skipped, if another subject is left; where
 * they are compared the first one is, too, with which all are. */
static bool skip_interpreter(struct tb_measurement *run, size_t operand, size_t left,
                             struct tb_error *error)
{
    if (operand < run->options->first_python || run->count + left < (run->paired ? 2 : 1) ||
        (run->paired && operand == 0))
        return false;
    tb_notice("skipped: %s", error->text);
    *error = (struct tb_error){0};
    tb_arm_finish(&run->arms[run->count]);
    run->arms[run->count] = (struct tb_arm){0};
    return true;
}

/* That each subject has a case to be compared with the first one's. */
static int check_common(const struct tb_measurement *run, struct tb_error *error)
{
    for (size_t i = 1; i < run->count; i++) {
        const struct tb_result *result = &run->results[i];
        bool common = false;

        for (size_t k = 0; k < result->count; k++) /* all of them are chosen: none has companions */
            common |= tb_result_find(run->results, result->records[k].spec->name) != NULL;
        if (!common)
            return tb_failure(error, "subjects %s and %s have none of the chosen cases in common",
                              run->arms->subject.label, run->arms[i].subject.label);
    }
    return 0;
}

/* A new run, of the subjects that are given, or of the suite. */
static int begin(struct tb_measurement *run, struct tb_error *error)
{
    size_t given = tb_words_count(run->options->operands), subjects = given ? given : 1;
    int code;

    make_arms(run, subjects);
    for (size_t i = 0; i < subjects; i++) {
        code = begin_subject(run, i, subjects > 1, error);
        if (!code)
            run->count++;
        else if (code != TB_FAILURE || !skip_interpreter(run, i, subjects - i - 1, error))
            return code;
    }
    code = run->paired ? check_common(run, error) : 0;
    return code ? code : settle(run, error);
}

/* Nothing is run before all that the documents tell of host and subjects has been checked. Signals
 * are answered from the first subject on: so all documents, which may be slow to read, are read
 * before. */
static int check_documents(struct tb_measurement *run, struct tb_error *error)
{
    const struct tb_options *options = run->options;
    int code = 0;

    for (; !code && run->count < run->room; run->count++)
        code = tb_arm_read(run->arms, run->count, run->room, options->operands[run->count], error);
    if (!code)
        code = check_host(run->options->host, &run->arms->document, error);
    for (size_t i = 0; !code && i < run->count; i++)
        code = tb_arm_check(&run->arms[i], options, error);
    return code;
}

/* The run goes on whose documents are given. */
static int resume(struct tb_measurement *run, struct tb_error *error)
{
    size_t count = tb_words_count(run->options->operands);
    int code;

    if (!count)
        return tb_misuse(error, "--continue: give the documents of the run");
    make_arms(run, count);
    code = check_documents(run, error);
    if (!code)
        tb_arms_level(run->arms, count);
    for (size_t i = 0; !code && i < count; i++)
        code = tb_arm_resume(&run->arms[i], &run->results[i], error);
    if (code)
        return code;
    resettle(run);
    if (run->settings.rounds <= run->results->finished_rounds && !tb_counting_is_left(run))
        return tb_misuse(error, "'%s': %u rounds are finished: give a larger number of --rounds",
                         run->arms->document.path, run->results->finished_rounds);
    for (size_t i = 0; i < count; i++)
        tb_arm_describe(&run->arms[i], &run->results[i]);
    return 0;
}

int tb_measurement_prepare(struct tb_measurement *run, struct tb_error *error)
{
    bool again = run->options->resume;
    int code = again ? resume(run, error) : begin(run, error);

    tb_host_lock_open(&run->lock);
    if (!code && run->options->wait)
        code = tb_host_lock_wait(&run->lock, error);
    if (!code && !again)
        code = describe(run, error);
    if (code)
        return code;
    run->settings.command = run->options->settings.command;
    run->settings.draws = run->options->trace != NULL;
    for (size_t i = 0; i < run->count; i++)
        run->results[i].settings = &run->settings;
    return check_targets(run, error);
}

/* Intervals that are looked at again and again share the chance of missing. */
static void look(void *asked, double share)
{
    struct tb_measurement *run = asked;

    run->settings.look_share = share;
    if (run->look)
        run->look(run);
    else
        run->settings.alpha = TB_INTERVAL_ALPHA * share;
}

/* Whether some subject does not know the case as closely as was asked for. */
static bool is_imprecise(const struct tb_measurement *run, const char *name)
{
    for (size_t i = 0; i < run->count; i++) {
        const struct tb_record *record = tb_result_find(&run->results[i], name);

        if (record && record->outcome == TB_OK && !tb_is_precise(&run->results[i], record))
            return true;
    }
    return false;
}

static bool is_open(void *asked, const char *name)
{
    const struct tb_measurement *run = asked;

    return run->is_open ? run->is_open(run, name) : is_imprecise(run, name);
}

/* Whether another run disturbs this one. */
static void look_around(struct tb_measurement *run)
{
    if (tb_host_lock_look(&run->lock))
        tb_notice("another threadbench measures on this host (%s), which disturbs both: --wait "
                  "waits until it has ended",
                  run->lock.other);
    if (run->lock.other)
        run->settings.other_run = run->lock.other;
    run->settings.other_run_unknown = run->lock.refused;
}

static void finish_round(void *asked)
{
    look_around(asked);
    tb_measurement_save(asked);
}

void tb_measurement_run(struct tb_measurement *run)
{
    bool looks = run->look || run->settings.precision;
    struct tb_session session = {
        .results = run->results,
        .count = run->count,
        .look = looks ? look : NULL,
        .alpha = run->alpha ? run->alpha(run) : TB_INTERVAL_ALPHA,
        .is_open = is_open,
        .paired = run->paired,
        .save = finish_round,
        .asked = run,
        .progress = &run->progress,
        .announces = run->options->pythons > 1,
    };

    run->progress = tb_progress(run->options->quiet || run->unseen);
    look_around(run);
    tb_session_run(&session);
    tb_counting_run(run);
    look_around(run);
    for (size_t i = 0; i < run->count; i++) {
        cJSON_Delete(run->results[i].after); /* of what was saved last */
        run->results[i].after = tb_host_moment();
    }
    tb_progress_end(&run->progress);
}
