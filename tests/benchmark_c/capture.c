#include "capture.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

static struct capture capture;

static bool take_context(struct bm_output *output, const struct bm_context *context, void *user)
{
    (void)output;
    (void)user;
    assert_true(context->num_cpus > 0);
    capture.contexts++;
    return true;
}

static void copy(char *to, size_t size, const char *from)
{
    const int length = snprintf(to, size, "%s", from);

    assert(length >= 0 && (size_t)length < size);
}

#define COPY(field) copy(to->field, sizeof(to->field), from->field)

static void copy_counters(struct captured_run *to, const struct bm_run *from)
{
    assert(from->counter_count <= sizeof(to->counters) / sizeof(*to->counters));
    for (size_t i = 0; i < from->counter_count; i++) {
        copy(to->counters[i].name, sizeof(to->counters[i].name), from->counters[i].name);
        to->counters[i].value = from->counters[i].value;
        to->counters[i].flags = from->counters[i].flags;
    }
    to->counter_count = from->counter_count;
}

static void copy_run(struct captured_run *to, const struct bm_run *from)
{
    to->run = *from;
    COPY(name);
    COPY(function_name);
    COPY(args);
    COPY(min_time);
    COPY(min_warmup_time);
    COPY(iterations_name);
    COPY(repetitions_name);
    COPY(time_type);
    COPY(threads_name);
    COPY(aggregate_name);
    COPY(message);
    COPY(label);
    copy_counters(to, from);
}

static void take_runs(struct bm_output *output, const struct bm_run *runs, size_t count, void *user)
{
    (void)output;
    (void)user;
    for (size_t i = 0; i < count; i++) {
        assert(capture.count < sizeof(capture.runs) / sizeof(*capture.runs));
        copy_run(&capture.runs[capture.count++], &runs[i]);
    }
}

static void take_end(struct bm_output *output, void *user)
{
    (void)output;
    (void)user;
    capture.finalized++;
}

int fresh(void **state)
{
    (void)state;
    bm_unregister_all();
    bm_initialize(NULL, NULL);
    bm_set_filter("");
    return 0;
}

const struct capture *run_all(void)
{
    static const struct bm_reporter reporter = {
        .context = take_context,
        .runs = take_runs,
        .finalize = take_end,
    };

    memset(&capture, 0, sizeof(capture));
    capture.matched = bm_run_specified_with(&reporter, NULL);
    return &capture;
}

const struct captured_run *run_one(void)
{
    const struct capture *all = run_all();

    assert_int_equal(all->count, 1);
    return &all->runs[0];
}

void loop_only(struct bm_state *state, void *user)
{
    (void)user;
    BM_LOOP(state)
    {
    }
}

struct bm_benchmark *subject_of(bm_function *body, void *user)
{
    struct bm_benchmark *benchmark = bm_register("subject", body, user);

    bm_set_iterations(benchmark, 1);
    return benchmark;
}

struct bm_benchmark *subject(void)
{
    return subject_of(loop_only, NULL);
}

void assert_body_fails(bm_function *body, const char *message)
{
    const struct captured_run *entry = NULL;

    bm_unregister_all();
    subject_of(body, NULL);
    entry = run_one();
    assert_int_equal(entry->run.outcome, BM_FAILED);
    assert_string_equal(entry->message, message);
    assert_true(bm_failed());
    assert_non_null(strstr(bm_last_error(), message));
}

const struct captured_counter *counter_named(const struct captured_run *run, const char *name)
{
    for (size_t i = 0; i < run->counter_count; i++)
        if (strcmp(run->counters[i].name, name) == 0)
            return &run->counters[i];
    fail_msg("no counter %s", name);
    return NULL;
}
