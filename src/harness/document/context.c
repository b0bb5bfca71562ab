#include "document/write.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "document/checks.h"
#include "util/json.h"
#include "util/json_shape.h"
#include "util/memory.h"
#include "util/sanitize.h"
#include "util/strings.h"

static void add_copy(cJSON *object, const char *key, const cJSON *item)
{
    tb_json_set(object, key, item ? cJSON_Duplicate(item, true) : cJSON_CreateNull());
}

static cJSON *words_of(char *const *words)
{
    cJSON *array = cJSON_CreateArray();

    for (; words && *words; words++)
        tb_json_add(array, cJSON_CreateString(*words));
    return array;
}

/* Variables that change what a subject does; others are nobody's business. */
cJSON *tb_context_environment(void)
{
    static const char *const starts[] = {"BENCHMARK_", "GLIBC_TUNABLES=", "LD_",         "MALLOC_",
                                         "OMP_",       "PYTHON",          "THREADBENCH_"};
    cJSON *object = cJSON_CreateObject();

    for (char **variable = environ; variable && *variable; variable++) {
        size_t size = strcspn(*variable, "=");
        tb_autofree char *name = tb_print("%.*s", (int)size, *variable);

        for (size_t i = 0; (*variable)[size] && i < sizeof starts / sizeof *starts; i++) {
            if (tb_begins_with(*variable, starts[i]))
                tb_json_set_text(object, name, *variable + size + 1);
        }
    }
    return object;
}

static void add_subject(const struct tb_result *result, cJSON *ours)
{
    static const char *const seen[] = {"loaded", "stderr", "without_effect"};
    cJSON *subject = tb_json_set_object(ours, "subject");
    char *const *word = result->subject->words;

    tb_json_set_text(subject, "label", result->subject->label);
    tb_json_set(subject, "argv", words_of(word));
    while (word && *word && tb_is_printable(*word))
        word++;
    tb_json_set_flag(subject, "cleaned", word && *word);
    tb_json_set_flag(subject, "knows_threadbench", result->subject->catalogue.known);
    tb_json_set(subject, "environment", tb_context_environment());
    add_copy(subject, "files", result->subject->files);
    for (size_t i = 0; i < sizeof seen / sizeof *seen; i++)
        add_copy(subject, seen[i], tb_json_find(result->subject->seen, seen[i]));
}

static void add_revision(const struct tb_revision *revision, cJSON *ours)
{
    cJSON *object = revision->commit ? cJSON_CreateObject() : cJSON_CreateNull();

    tb_json_set(ours, "revision", object);
    if (!revision->commit)
        return;
    tb_json_set_text(object, "commit", revision->commit);
    tb_json_set_flag(object, "dirty", revision->dirty);
    tb_json_set_text(object, "describe", revision->describe);
}

/* What the subject said of itself, apart from its cases. */
static void add_catalogue(const struct tb_result *result, cJSON *ours)
{
    static const char *const keys[] = {"clock", "build", "stacks_guarded_by", "runtimes", "axes"};
    const cJSON *root = result->subject->catalogue.root;
    const cJSON *python = tb_subject_python(result->subject);

    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        add_copy(ours, keys[i], tb_json_find(root, keys[i]));
    if (python)
        add_copy(ours, "python", python);
}

static void set_time(cJSON *object, const char *key, const char *format, const struct tm *time)
{
    char text[64] = "";

    (void)strftime(text, sizeof text, format, time); /* every format used fits */
    tb_json_set_text(object, key, text);
}

static cJSON *warnings_of(const struct tb_result *result, const cJSON *context)
{
    cJSON *all = tb_subject_checks(result->subject->label, result->subject->seen);
    tb_autojson cJSON *more = tb_checks(context);

    while (more->child)
        tb_json_add(all, cJSON_DetachItemFromArray(more, 0));
    return all;
}

static void add_ours(const struct tb_result *result, cJSON *context)
{
    const struct tb_settings *settings = result->settings;
    cJSON *ours = tb_json_set_object(context, "threadbench");
    struct tm time;

    tb_json_set_text(ours, "schema", TB_DOCUMENT_SCHEMA);
    tb_json_set_number(ours, "version", TB_DOCUMENT_VERSION);
    tb_json_set_text(ours, "program_version", TB_VERSION);
    tb_json_set_text(ours, "run_id", result->run_id);
    tb_json_set_text(ours, "session", settings->session);
    tb_settings_write(settings, ours);
    tb_json_set_flag(ours, "forced", settings->forced);
    tb_json_set_text(ours, "metric", tb_metric_names[settings->metric]);
    tb_json_set_number(ours, "place", (double)result->place);
    set_time(ours, "started_utc", "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&settings->started.tv_sec, &time));
    tb_json_set_number(ours, "rounds_finished", result->finished_rounds);
    tb_json_set_text(ours, "stopped_by", tb_stop_names[result->stop]);
    tb_json_set_flag(ours, "interrupted", result->signal != 0 || result->stop == TB_STOP_RUNNING);
    tb_json_set_text(ours, "signal", result->signal ? sigabbrev_np(result->signal) : NULL);
    tb_json_set(ours, "command", words_of(settings->command));
    tb_json_set_text(ours, "other_run", settings->other_run);
    tb_json_set_text(ours, "other_run_unknown", settings->other_run_unknown);
    add_subject(result, ours);
    add_revision(result->revision, ours);
    add_catalogue(result, ours);
    add_copy(ours, "host", result->host);
    add_copy(ours, "before", result->before);
    add_copy(ours, "after", result->after);
    tb_json_set(ours, "warnings", warnings_of(result, context));
}

/* What clients of such files rely on. */
static const struct tb_shape members[] = {
    {"library_version library_build_type", TB_JSON_TEXT},
    {"num_cpus", TB_JSON_COUNT},
    {"mhz_per_cpu", TB_JSON_NUMBER},
    {"cpu_scaling_enabled", TB_JSON_FLAG},
    {"caches", TB_JSON_OBJECTS},
    {"load_avg", TB_JSON_NUMBERS},
    {NULL},
};

/* The worker's context over what readers of these files rely on. */
static cJSON *inherit(const struct tb_result *result)
{
    const char *library = tb_json_text(result->subject->catalogue.root, "benchmark_library");
    cJSON *context = cJSON_CreateObject();
    const cJSON *item;

    tb_json_set_number(context, "num_cpus", tb_json_number(result->host, "topology.pus", 1));
    tb_json_set_number(context, "mhz_per_cpu", 0);
    tb_json_set_flag(context, "cpu_scaling_enabled", false);
    (void)tb_json_set_array(context, "caches"); /* 1.7 has none or null on some machines */
    add_copy(context, "load_avg", tb_json_find(result->before, "load_avg"));
    if (library)
        tb_json_set_text(context, "library_version", library);
    tb_json_set_text(context, "library_build_type", "unknown");
    tb_json_each(item, result->context) {
        /* What a program calls its context need not be an object. */
        if (item->string && tb_shape_fits(item, members))
            add_copy(context, item->string, item);
    }
    return context;
}

cJSON *tb_context(const struct tb_result *result)
{
    cJSON *context = inherit(result);
    struct tm time;

    set_time(context, "date", "%Y-%m-%dT%H:%M:%S+00:00",
             gmtime_r(&result->settings->started.tv_sec, &time));
    tb_json_set_text(context, "host_name", tb_json_text(result->host, "name"));
    tb_json_set_text(context, "executable", tb_subject_program(result->subject));
    tb_json_set_number(context, "json_schema_version", 1);
    add_ours(result, context);
    return context;
}
