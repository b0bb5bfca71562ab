#include "session.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "file.h"
#include "json.h"
#include "memory.h"
#include "random.h"
#include "words.h"

/* A worker's files hold one case. */
enum { file_limit = 256 << 20 };

/* All that one process gave. */
struct outcome {
    struct tb_reading reading;
    struct tb_series series;
    double wall_s;
    struct tb_load load;
    bool interrupted;
};

static void outcome_finish(struct outcome *outcome)
{
    tb_reading_finish(&outcome->reading);
    tb_series_finish(&outcome->series);
}

/* The subject's words with the flags that make it run this one case. */
static char **worker_command(const struct tb_session *session, const struct tb_case *item,
                             const char *out)
{
    char *pattern = tb_escape_pattern(item->gb_name);
    /* A subject that knows us takes its number of samples from us: no calibration, one iteration.
     * The plain number is what every version reads: 1.7 ignores "0.1s" without a word, and 1.8
     * asks for the "s" on stderr, in the middle of what the program says, unless kept quiet. */
    double time_s = session->subject->catalogue.known ? 0 : session->result->time_s;
    char *flags[] = {
        tb_print("--benchmark_filter=^%s$", pattern),
        tb_print("--benchmark_out=%s", out),
        tb_copy("--benchmark_out_format=json"),
        tb_copy("--benchmark_repetitions=1"),
        tb_print("--benchmark_min_time=%g", time_s),
        tb_copy("--v=-1"),
        NULL,
    };
    char **argv = tb_words_join(session->subject->words, flags);

    for (size_t i = 0; flags[i]; i++)
        free(flags[i]);
    free(pattern);
    return argv;
}

static struct tb_reading read_out(const char *path, const char *name)
{
    struct tb_reading reading;
    char *text;
    size_t size;
    int err = tb_file_read(path, file_limit, &text, &size);

    if (err == ENOENT)
        return tb_reading_of(TB_FAILED, "it wrote no result file");
    if (err)
        return tb_reading_of(TB_FAILED, "its result file: %s", strerror(err));
    reading = tb_gbench_read(text, size, name);
    free(text);
    return reading;
}

/* Adds what the subject says beside the result file; that it says nothing is no failure. */
static void read_detail(const char *path, const char *name, struct outcome *outcome)
{
    struct tb_error error;
    char *text;
    size_t size;

    outcome->series.wall_ns = NAN;
    if (tb_file_read(path, file_limit, &text, &size))
        return;
    if (size && tb_series_read(text, size, name, &outcome->series, &error)) {
        tb_reading_finish(&outcome->reading);
        outcome->reading = tb_reading_of(TB_FAILED, "its %s", error.text);
    }
    free(text);
}

/* An error of the case that stands in the file says more than the exit status that goes with it. */
static void judge_end(const struct tb_finish *finish, struct tb_reading *reading)
{
    bool told = reading->outcome != TB_OK && reading->context;
    char *text;

    if (finish->end == TB_EXITED && (finish->number == 0 || told))
        return;
    text = tb_finish_text(finish);
    tb_reading_finish(reading);
    *reading = tb_reading_of(TB_FAILED, "%s", text);
    free(text);
}

static struct outcome run_job(const struct tb_job *job, const struct tb_case *item, const char *out,
                              const char *detail)
{
    struct tb_finish finish = tb_worker_run(job);
    struct outcome outcome = {
        .reading = read_out(out, item->gb_name),
        .wall_s = finish.wall_s,
        .load = finish.load,
        .interrupted = finish.end == TB_INTERRUPTED,
    };

    judge_end(&finish, &outcome.reading);
    if (outcome.reading.outcome == TB_OK)
        read_detail(detail, item->name, &outcome);
    tb_finish_finish(&finish);
    return outcome;
}

/* Runs one case in one process. */
static struct outcome run_case(const struct tb_session *session, const struct tb_case *item,
                               uint64_t samples)
{
    char *out = tb_subject_path(session->subject, "result.json");
    char *detail = tb_subject_path(session->subject, "detail.json");
    char *number = tb_print("%" PRIu64, samples);
    struct tb_variable environment[] = {{"THREADBENCH_DETAIL", detail},
                                        {"THREADBENCH_SAMPLES", samples ? number : NULL},
                                        {NULL, NULL}};
    char **argv = worker_command(session, item, out);
    struct tb_job job = {
        .argv = argv,
        .environment = environment,
        .deadline_s = session->result->deadline_s,
    };
    struct outcome outcome = run_job(&job, item, out, detail);

    tb_words_free(argv);
    (void)unlink(out); /* either may not be there */
    (void)unlink(detail);
    free(number);
    free(detail);
    free(out);
    return outcome;
}

/* What one operation takes, set-up included; NaN where it cannot be told. */
static double operation_ns(const struct outcome *outcome)
{
    double wall = outcome->series.wall_ns / (double)outcome->series.samples;

    return isfinite(wall) && wall > 0 ? wall
                                      : tb_json_number(outcome->reading.entry, "real_time", NAN);
}

static void tell(const struct tb_session *session, const struct tb_step *step)
{
    if (session->tell)
        session->tell(session->user, step);
}

static void keep_context(struct tb_result *result, struct tb_reading *reading)
{
    if (result->context)
        return;
    result->context = reading->context;
    reading->context = NULL;
}

/* Learns what one operation takes; false where it was skipped, failed or interrupted. */
static bool try_out(const struct tb_session *session, struct tb_record *record, uint64_t samples,
                    double *ret_ns)
{
    struct outcome outcome = run_case(session, record->spec, samples);
    bool ok = outcome.reading.outcome == TB_OK;

    if (ok)
        *ret_ns = operation_ns(&outcome);
    else if (!outcome.interrupted)
        tb_record_end(record, outcome.reading.outcome, outcome.reading.reason);
    outcome_finish(&outcome);
    return ok;
}

/* Finds the number of samples, or that the case cannot be run. */
static void pilot(const struct tb_session *session, struct tb_record *record)
{
    const struct tb_case *item = record->spec;
    double ns = NAN;
    uint64_t second;

    if (!try_out(session, record, tb_plan_pilot(item, NAN), &ns))
        return;
    second = tb_plan_pilot(item, ns);
    if (!second || try_out(session, record, second, &ns))
        record->samples = tb_plan_samples(item, session->result->time_s * 1e9, ns);
}

static void repeat(const struct tb_session *session, struct tb_record *record, unsigned round,
                   unsigned order)
{
    struct outcome outcome = run_case(session, record->spec, record->samples);
    struct tb_repetition repetition = {.round = round,
                                       .order = order,
                                       .entry = outcome.reading.entry,
                                       .wall_s = outcome.wall_s,
                                       .load = outcome.load};

    if (outcome.reading.outcome == TB_OK) {
        tb_record_add(record, &repetition, &outcome.series);
        outcome.reading.entry = NULL;
        keep_context(session->result, &outcome.reading);
    } else if (!outcome.interrupted) {
        tb_record_end(record, outcome.reading.outcome, outcome.reading.reason);
    }
    outcome_finish(&outcome);
}

/* Gives each case its number of samples; false if it was told to stop. */
static bool prepare(const struct tb_session *session)
{
    struct tb_result *result = session->result;
    bool known = session->subject->catalogue.known;

    for (size_t i = 0; i < result->count && !tb_worker_stopped(); i++) {
        struct tb_record *record = &result->records[i];
        uint64_t most = record->spec->max_samples;

        tell(session, &(struct tb_step){0, result->rounds, i, result->count, record->spec->name});
        if (known && !session->samples)
            pilot(session, record);
        else if (known)
            record->samples = most && session->samples > most ? most : session->samples;
    }
    return !tb_worker_stopped();
}

/* The caller's. */
static size_t *groups_of(const struct tb_result *result)
{
    const struct tb_case **cases = tb_alloc(result->count, sizeof *cases);
    size_t *groups = tb_alloc(result->count, sizeof *groups);

    for (size_t i = 0; i < result->count; i++)
        cases[i] = result->records[i].spec;
    tb_plan_groups(cases, result->count, groups);
    free(cases);
    return groups;
}

/* One round; false if it was told to stop. The order depends on nothing but seed and plan. */
static bool run_round(const struct tb_session *session, unsigned round, const size_t *groups,
                      uint64_t *state)
{
    struct tb_result *result = session->result;
    size_t *order = tb_alloc(result->count, sizeof *order);
    size_t total = result->rounds * result->count;

    tb_round_order(state, groups, order, result->count);
    for (size_t i = 0; i < result->count && !tb_worker_stopped(); i++) {
        struct tb_record *record = &result->records[order[i]];

        if (record->outcome != TB_OK)
            continue;
        tell(session, &(struct tb_step){round + 1, result->rounds, round * result->count + i, total,
                                        record->spec->name});
        repeat(session, record, round, (unsigned)i);
    }
    free(order);
    return !tb_worker_stopped();
}

void tb_session_run(const struct tb_session *session)
{
    struct tb_result *result = session->result;
    size_t *groups = groups_of(result);
    uint64_t state = result->seed;
    bool going = prepare(session);

    while (going && result->finished_rounds < result->rounds) {
        going = run_round(session, result->finished_rounds, groups, &state);
        result->finished_rounds += going;
    }
    free(groups);
    result->signal = tb_worker_stopped();
}
