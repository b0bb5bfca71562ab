#include "run/trial.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "document/series.h"
#include "run/launcher.h"
#include "run/loaded.h"
#include "run/scratch.h"
#include "run/signals.h"
#include "run/worker.h"
#include "util/file.h"
#include "util/json.h"
#include "util/memory.h"
#include "util/strings.h"

enum { drawing_limit = 1 << 20 };

void tb_trial_finish(struct tb_trial *trial)
{
    tb_reading_finish(&trial->reading);
    tb_series_finish(&trial->series);
    free(trial->drawing);
}

/*
 * How long a worker runs. A suite of ours takes its number of samples from us: no calibration, one
 * iteration. A number of iterations ("7x") is known from Google Benchmark 1.8 on. A time is a plain
 * number: 1.7 ignores "0.1s" in silence, and 1.8 asks on stderr for the missing "s", unless kept
 * quiet by --v.
 */
static char *time_flag(const struct tb_result *result, uint64_t samples)
{
    const struct tb_settings *settings = result->settings;

    if (result->subject->catalogue.known)
        return tb_copy("--benchmark_min_time=0");
    if (samples)
        return tb_print("--benchmark_min_time=%" PRIu64 "x", samples);
    return tb_print("--benchmark_min_time=%g", settings->time_s / settings->repetitions);
}

/*
 * The subject's words with the flags that make it run this one case. A suite of ours repeats
 * nothing: all its samples are one series. Nobody reads stdout, which is JSON for this reason
 * alone: the heading of the console format goes to stderr in some sixty pieces, each of which would
 * wake us beside the worker.
 */
static char **worker_command(const struct tb_result *result, const struct tb_case *item,
                             uint64_t samples, unsigned repeated, const char *out)
{
    char format[] = "--benchmark_out_format=json", shown[] = "--benchmark_format=json";
    char quiet[] = "--v=-1";
    tb_autofree char *pattern = tb_escape_pattern(item->gb_name);
    tb_autofree char *filter = tb_print("--benchmark_filter=^%s$", pattern);
    tb_autofree char *file = tb_print("--benchmark_out=%s", out);
    tb_autofree char *repetitions = tb_print("--benchmark_repetitions=%u", repeated);
    tb_autofree char *time = time_flag(result, samples);

    return tb_words_join(result->subject->words,
                         (char *[]){filter, file, format, shown, repetitions, time, quiet, NULL});
}

/* Adds what the sidecar holds; that there is none is no failure. */
static void read_sidecar(const struct tb_capture *sidecar, const char *name, struct tb_trial *trial)
{
    struct tb_error error;

    trial->series.wall_ns = NAN;
    if (sidecar->size &&
        tb_series_read(sidecar->text, sidecar->size, name, &trial->series, &error)) {
        tb_reading_finish(&trial->reading);
        trial->reading = tb_reading_of(TB_FAILED, "its %s", error.text);
    }
}

/* What came of the process: an entry, or why there is none. An error that stands in the result file
 * says more than the exit status that goes with it. */
static struct tb_reading reading_of(const struct tb_ending *ending, const char *name)
{
    const struct tb_capture *result = &ending->written[TB_RESULT];
    tb_autofree char *text = tb_ending_text(ending);

    if (ending->end == TB_EXITED) {
        struct tb_reading reading = tb_gbench_read(result->text, result->size, name);

        if (ending->number == 0 ? reading.context || !ending->left
                                : reading.outcome != TB_OK && reading.context)
            return reading;
        tb_reading_finish(&reading);
    }
    return tb_reading_of(TB_FAILED, "%s", tb_ending_is_good(ending) ? tb_launcher_parted : text);
}

/* A case that was asked for draws, not those measured beside it. */
static bool draws(const struct tb_result *result, const struct tb_case *item)
{
    const struct tb_record *record = tb_result_find(result, item->name);

    return result->settings->draws && record && record->role == TB_SELECTED;
}

/* That there is none is no failure: most cases have no phases. */
static char *read_drawing(const char *path)
{
    char *text = NULL;
    size_t size;

    return tb_file_read(path, drawing_limit, &text, &size) ? NULL : text;
}

/* A worker that has no group of its own yet is ended by what ends us. */
static bool is_interrupted(const struct tb_ending *ending)
{
    return ending->end == TB_INTERRUPTED ||
           (ending->end == TB_KILLED && tb_signals_shared(ending->number));
}

static struct tb_trial run(const struct tb_result *result, const struct tb_case *item,
                           uint64_t samples, double ends)
{
    tb_autofree char *out = tb_scratch_path("result.json");
    tb_autofree char *sidecar = tb_scratch_path("detail.json");
    tb_autofree char *drawing = tb_scratch_path("lifecycle.json");
    unsigned repeated = result->subject->catalogue.known ? 1 : result->settings->repetitions;
    tb_autowords char **argv = worker_command(result, item, samples, repeated, out);
    tb_auto(tb_glimpse_finish) struct tb_glimpse glimpse = {0};
    bool unseen = !tb_json_find(result->subject->seen, "loaded");
    tb_auto(tb_ending_finish) struct tb_ending ending = tb_worker_run(&(struct tb_job){
        .argv = argv,
        .glimpse = unseen ? &glimpse : NULL,
        .timeout_s = result->subject->timeout_s,
        .ends = ends,
        .result = out,
        .sidecar = sidecar,
        .trace = draws(result, item) ? drawing : NULL,
        .samples = samples,
    });
    struct tb_trial trial = {
        .reading = reading_of(&ending, item->gb_name),
        .wall_s = ending.wall_s,
        .load = ending.load,
        .interrupted = is_interrupted(&ending),
    };

    if (tb_ending_is_good(&ending))
        tb_subject_hear(result->subject, ending.written[TB_ERRORS].text);
    tb_loaded_note(result->subject, &glimpse);
    if (tb_ending_is_good(&ending) && draws(result, item))
        trial.drawing = read_drawing(drawing);
    if (trial.reading.outcome == TB_OK)
        read_sidecar(&ending.written[TB_SIDECAR], item->name, &trial);
    return trial;
}

struct tb_trial tb_trial(const struct tb_result *result, const struct tb_case *item,
                         uint64_t samples, double ends)
{
    struct tb_error error;

    if (tb_scratch_renew(&error))
        return (struct tb_trial){.reading = tb_reading_of(TB_FAILED, "%s", error.text)};
    return run(result, item, samples, ends);
}

static struct tb_trial count(const struct tb_result *result, const struct tb_case *item,
                             uint64_t samples, const struct tb_counter *counter, double *ret_count)
{
    tb_autofree char *out = tb_scratch_path("result.json");
    tb_autowords char **argv = worker_command(result, item, samples, 1, out);
    tb_auto(tb_ending_finish) struct tb_ending ending =
        tb_counter_run(counter,
                       &(struct tb_job){
                           .argv = argv,
                           .timeout_s = result->subject->timeout_s,
                           .result = out,
                           .samples = samples,
                           .counted = true,
                       },
                       ret_count);
    struct tb_trial trial = {.reading = reading_of(&ending, item->gb_name),
                             .interrupted = is_interrupted(&ending)};

    if (trial.reading.outcome == TB_OK && isnan(*ret_count)) {
        tb_reading_finish(&trial.reading);
        trial.reading = tb_reading_of(TB_FAILED, "it has left no count");
    }
    return trial;
}

struct tb_trial tb_trial_count(const struct tb_result *result, const struct tb_case *item,
                               uint64_t samples, const struct tb_counter *counter,
                               double *ret_count)
{
    struct tb_error error;

    *ret_count = NAN;
    if (tb_scratch_renew(&error))
        return (struct tb_trial){.reading = tb_reading_of(TB_FAILED, "%s", error.text)};
    return count(result, item, samples, counter, ret_count);
}
