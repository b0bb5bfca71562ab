#include "attempt.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "file.h"
#include "json.h"
#include "memory.h"
#include "words.h"

/* A worker's files hold one case. */
enum { file_limit = 256 << 20 };

void tb_attempt_finish(struct tb_attempt *attempt)
{
    tb_reading_finish(&attempt->reading);
    tb_series_finish(&attempt->series);
}

/*
 * How long a worker runs. A subject that knows us takes its number of samples from us: no
 * calibration, one iteration. The plain number is what every version reads: 1.7 ignores "0.1s"
 * without a word, and 1.8 asks for the "s" on stderr, in the middle of what the program says,
 * unless kept quiet. A number of iterations is what 1.8 takes, and later versions.
 */
static char *time_flag(const struct tb_subject *subject, const struct tb_amount *amount)
{
    if (subject->catalogue.known)
        return tb_copy("--benchmark_min_time=0");
    if (amount->samples)
        return tb_print("--benchmark_min_time=%" PRIu64 "x", amount->samples);
    return tb_print("--benchmark_min_time=%g", amount->time_s / amount->repetitions);
}

/* The subject's words with the flags that make it run this one case. */
static char **worker_command(const struct tb_subject *subject, const struct tb_case *item,
                             const struct tb_amount *amount, const char *out)
{
    char *pattern = tb_escape_pattern(item->gb_name);
    char *flags[] = {
        tb_print("--benchmark_filter=^%s$", pattern),
        tb_print("--benchmark_out=%s", out),
        tb_copy("--benchmark_out_format=json"),
        tb_print("--benchmark_repetitions=%u", subject->catalogue.known ? 1 : amount->repetitions),
        time_flag(subject, amount),
        tb_copy("--v=-1"),
        NULL,
    };
    char **argv = tb_words_join(subject->words, flags);

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
static void read_detail(const char *path, const char *name, struct tb_attempt *attempt)
{
    struct tb_error error;
    char *text;
    size_t size;

    attempt->series.wall_ns = NAN;
    if (tb_file_read(path, file_limit, &text, &size))
        return;
    if (size && tb_series_read(text, size, name, &attempt->series, &error)) {
        tb_reading_finish(&attempt->reading);
        attempt->reading = tb_reading_of(TB_FAILED, "its %s", error.text);
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

static struct tb_attempt run_job(const struct tb_job *job, const struct tb_case *item,
                                 const char *out, const char *detail)
{
    struct tb_finish finish = tb_worker_run(job);
    struct tb_attempt attempt = {
        .reading = read_out(out, item->gb_name),
        .wall_s = finish.wall_s,
        .load = finish.load,
        .interrupted = finish.end == TB_INTERRUPTED,
    };

    judge_end(&finish, &attempt.reading);
    if (attempt.reading.outcome == TB_OK)
        read_detail(detail, item->name, &attempt);
    tb_finish_finish(&finish);
    return attempt;
}

struct tb_attempt tb_attempt(const struct tb_subject *subject, const struct tb_case *item,
                             const struct tb_amount *amount)
{
    char *out = tb_subject_path(subject, "result.json");
    char *detail = tb_subject_path(subject, "detail.json");
    char *number = tb_print("%" PRIu64, amount->samples);
    struct tb_variable environment[] = {{"THREADBENCH_DETAIL", detail},
                                        {"THREADBENCH_SAMPLES", amount->samples ? number : NULL},
                                        {NULL, NULL}};
    char **argv = worker_command(subject, item, amount, out);
    struct tb_job job = {
        .argv = argv,
        .environment = environment,
        .deadline_s = subject->deadline_s,
    };
    struct tb_attempt attempt = run_job(&job, item, out, detail);

    tb_words_free(argv);
    (void)unlink(out); /* either may not be there */
    (void)unlink(detail);
    free(number);
    free(detail);
    free(out);
    return attempt;
}

double tb_attempt_operation_ns(const struct tb_attempt *attempt)
{
    double wall = attempt->series.wall_ns / (double)attempt->series.samples;

    return isfinite(wall) && wall > 0 ? wall
                                      : tb_json_number(attempt->reading.entry, "real_time", NAN);
}
