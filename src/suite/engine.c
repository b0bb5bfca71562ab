#include "engine.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "module.h"
#include "room.h"

enum { DEFAULT_WARMUP = 16 };

/* How many turns a series may take for the samples it has: the first of them gets a fair chance of
 * meeting an axis that depends on the scheduler. */
enum { TURNS_PER_SAMPLE = 8, TURNS_BESIDES = 2000 };

static bool made_threads;

bool tb_engine_has_made_threads(void)
{
    return made_threads;
}

void tb_engine_makes_threads(void)
{
    made_threads = true;
}

/* ---- how a body ends early ---- */

enum tb_status tb_fail(struct tb_run *run, const char *what, int err)
{
    struct tb_engine *engine = run->engine;

    engine->status = TB_FAIL;
    (void)snprintf(engine->reason, sizeof(engine->reason), "%s: %s", what, strerror(err));
    if (engine->held)
        engine->held--; /* the newest may not exist, or not be joinable: let it be */
    return TB_FAIL;
}

enum tb_status tb_skip(struct tb_run *run, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    (void)vsnprintf(run->engine->reason, sizeof(run->engine->reason), format, arguments);
    va_end(arguments);
    return run->engine->status = TB_SKIP;
}

enum tb_status tb_no_more(struct tb_run *run, size_t created, int err)
{
    return err == EAGAIN && created
               ? tb_skip(run, "no more than %zu threads at once can be made here", created)
               : tb_fail(run, "create", err);
}

void tb_note(struct tb_run *run, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    (void)vsnprintf(run->engine->note, sizeof(run->engine->note), format, arguments);
    va_end(arguments);
}

enum tb_status tb_broken(struct tb_run *run)
{
    return run->engine->status;
}

int64_t tb_value(const struct tb_run *run, const struct tb_axis *axis)
{
    return tb_bench_case_value(run->engine->running, axis);
}

/* ---- threads ---- */

int tb_threads_prepare(struct tb_run *run, size_t count, struct tb_thread **ret_threads)
{
    struct tb_thread *threads = calloc(count, sizeof(*threads));
    int err = threads ? 0 : ENOMEM;

    for (size_t i = 0; !err && i < count; i++) {
        threads[i].runtime = run->runtime;
        threads[i].stack_bytes = run->engine->stack_bytes;
        threads[i].attributes = run->engine->attributes;
        err = run->runtime->prepare(&threads[i]);
    }
    if (err) {
        tb_threads_release(threads, count);
        return err;
    }
    *ret_threads = threads;
    return 0;
}

void tb_threads_release(struct tb_thread *threads, size_t count)
{
    for (size_t i = 0; threads && i < count && threads[i].runtime; i++)
        threads[i].runtime->release(&threads[i]);
    free(threads);
}

int tb_threads_create(struct tb_thread *threads, size_t count, size_t *ret_created)
{
    int err = 0;

    for (*ret_created = 0; !err && *ret_created < count; *ret_created += !err)
        err = tb_create(&threads[*ret_created]);
    return err;
}

int tb_threads_join(struct tb_thread *threads, size_t count)
{
    int err = 0;

    for (size_t i = 0; i < count; i++) {
        int failed = tb_join(&threads[i]);

        err = err ? err : failed;
    }
    return err;
}

/* The child's stamps can be read: note its CPU with the sample that it belongs to. */
static void settle(struct tb_engine *engine, size_t slot)
{
    const struct tb_task *task = &engine->threads[slot].task;
    size_t sample = engine->samples_of[slot];

    if (sample < engine->series.count && engine->series.samples[sample].child_cpu < 0)
        engine->series.samples[sample].child_cpu = (int16_t)task->cpu;
    if (engine->recording && task->last_cpu >= 0 && task->cpu != task->last_cpu)
        engine->migrations++;
}

static void join_held(struct tb_engine *engine)
{
    while (engine->held) {
        size_t slot = engine->held - 1;
        int err = tb_join(&engine->threads[slot]);

        if (err) {
            (void)tb_fail(&engine->run, "join", err);
            continue;
        }
        settle(engine, slot);
        engine->held--;
    }
}

static int prepare_slots(struct tb_engine *engine)
{
    if (engine->threads)
        return 0;
    engine->samples_of = calloc(engine->most_held, sizeof(*engine->samples_of));
    if (!engine->samples_of)
        return ENOMEM;
    return tb_threads_prepare(&engine->run, engine->most_held, &engine->threads);
}

struct tb_thread *tb_thread_next(struct tb_run *run, void (*task)(struct tb_task *task))
{
    struct tb_engine *engine = run->engine;
    struct tb_thread *thread;
    int err = prepare_slots(engine);

    if (err) {
        (void)tb_fail_or_lack(run, "prepare", err);
        return NULL;
    }
    if (engine->held == engine->most_held)
        join_held(engine);
    if (engine->status != TB_DONE)
        return NULL;
    thread = &engine->threads[engine->held];
    thread->task = (struct tb_task){.run = task, .cpu = -1, .last_cpu = -1};
    engine->samples_of[engine->held++] = engine->recording ? engine->series.count : SIZE_MAX;
    return thread;
}

void tb_joined(struct tb_run *run, struct tb_thread *thread)
{
    struct tb_engine *engine = run->engine;

    settle(engine, (size_t)(thread - engine->threads));
    engine->held--;
}

/* ---- the series ---- */

static void begin_recording(struct tb_engine *engine)
{
    join_held(engine);
    engine->recording = true;
    engine->begin = tb_usage_now();
    engine->begin_ns = tb_clock_ns();
}

static bool accepted(const struct tb_bench_case *c, const struct tb_sample *sample)
{
    for (size_t i = 0; i < TB_MAX_AXES && c->bench->sweeps[i].axis; i++) {
        const struct tb_axis *axis = c->bench->sweeps[i].axis;

        if (axis->accepts && !axis->accepts(c->values[i], sample))
            return false;
    }
    return true;
}

/* Their threads have been joined: where they ran is known. */
static void leave_out_misplaced(struct tb_engine *engine)
{
    struct tb_samples *series = &engine->series;
    size_t kept = 0;

    for (size_t i = 0; i < series->count; i++) {
        if (!accepted(engine->running, &series->samples[i]))
            continue;
        for (size_t k = 0; k < TB_MAX_PHASES && series->phases[k]; k++)
            series->phases[k][kept] = series->phases[k][i];
        series->samples[kept++] = series->samples[i];
    }
    engine->misplaced += series->count - kept;
    series->count = kept;
}

/* Turns for the samples that are missing; for those that went to another place than asked for, more
 * turns follow, up to a limit by what was found so far: what cannot be placed is given up early. */
static size_t plan_turns(struct tb_engine *engine)
{
    size_t limit;

    join_held(engine);
    leave_out_misplaced(engine);
    limit = engine->series.count * TURNS_PER_SAMPLE + TURNS_BESIDES;
    if (engine->series.count + engine->misplaced < engine->turns || engine->turns >= limit)
        return engine->turns; /* a turn gave no sample, or there were enough of them */
    return engine->turns + engine->series.wanted - engine->series.count;
}

/* Then fewer samples than wanted will do, if there are any. */
static bool out_of_patience(const struct tb_engine *engine)
{
    return engine->patience_ns && engine->series.count &&
           tb_clock_ns() - engine->begin_ns > engine->patience_ns;
}

bool tb_next(struct tb_run *run)
{
    struct tb_engine *engine = run->engine;

    engine->marks = 0;
    if (engine->warmup_left) {
        engine->warmup_left--;
        return true;
    }
    if (!engine->recording)
        begin_recording(engine);
    if (engine->turns == engine->planned)
        engine->planned = plan_turns(engine);
    if (out_of_patience(engine))
        return false;
    return engine->turns < engine->planned && engine->status == TB_DONE && ++engine->turns;
}

static void end_phase(struct tb_engine *engine, int64_t ns, bool by_child)
{
    if (engine->marks == TB_MAX_PHASES)
        return;
    engine->by_child[engine->marks] = by_child;
    engine->marks_ns[engine->marks++] = ns;
}

void tb_phase(struct tb_run *run)
{
    end_phase(run->engine, tb_clock_ns(), false);
}

void tb_phase_at(struct tb_run *run, int64_t ns)
{
    end_phase(run->engine, ns, true);
}

static void record_phases(struct tb_engine *engine, int64_t end_ns)
{
    int64_t begin_ns = engine->run.start_ns;

    for (size_t i = 0; i < TB_MAX_PHASES && engine->series.phases[i]; i++) {
        int64_t mark_ns = i < engine->marks ? engine->marks_ns[i] : end_ns;

        engine->series.phases[i][engine->series.count] = mark_ns - begin_ns;
        begin_ns = mark_ns;
    }
}

void tb_record_stamps(struct tb_run *run, int64_t ns, int parent_cpu, int child_cpu)
{
    struct tb_engine *engine = run->engine;
    struct tb_samples *series = &engine->series;
    int cpu = tb_clock_cpu();

    if (!engine->recording || series->count == series->wanted)
        return;
    engine->migrations += cpu != run->start_cpu;
    record_phases(engine, run->start_ns + ns);
    series->samples[series->count++] =
        (struct tb_sample){ns, (int16_t)parent_cpu, (int16_t)child_cpu};
}

void tb_record_ns(struct tb_run *run, int64_t ns)
{
    tb_record_stamps(run, ns, run->start_cpu, -1);
}

/* ---- a case ---- */

static enum tb_status apply_axes(struct tb_engine *engine)
{
    const struct tb_bench_case *c = engine->running;

    while (engine->axes_applied < TB_MAX_AXES && c->bench->sweeps[engine->axes_applied].axis) {
        size_t i = engine->axes_applied++;
        const struct tb_axis *axis = c->bench->sweeps[i].axis;

        if (axis->apply && axis->apply(&engine->run, c->values[i]) != TB_DONE)
            return engine->status;
    }
    return TB_DONE;
}

static enum tb_status prepare(struct tb_engine *engine, size_t samples)
{
    const struct tb_bench *bench = engine->running->bench;
    int err = tb_samples_init(&engine->series, samples, tb_bench_phases(bench));

    if (err)
        return tb_fail(&engine->run, "room for the samples", err);
    if (engine->run.runtime &&
        !tb_room_for(engine->run.runtime, engine->reason, sizeof(engine->reason)))
        return engine->status = TB_SKIP;
    if (engine->run.runtime && engine->run.runtime->enter) {
        err = engine->run.runtime->enter();
        if (err)
            return tb_fail(&engine->run, "enter", err);
        engine->entered = true;
    }
    engine->own = bench->own_bytes ? calloc(1, bench->own_bytes) : NULL;
    if (bench->own_bytes && !engine->own)
        return tb_fail(&engine->run, "room for its state", ENOMEM);
    engine->run.own = engine->own;
    engine->set_up = true;
    err = bench->setup ? bench->setup(&engine->run) : 0;
    return err ? tb_fail_or_lack(&engine->run, "setup", err) : TB_DONE;
}

/* A module is loaded before an axis binds the process to a CPU: as it is where a program is linked
 * to its library. */
static enum tb_status load_runtime(struct tb_engine *engine)
{
    const struct tb_runtime *runtime = engine->run.runtime;
    char why[sizeof(engine->reason)];

    if (tb_bench_case_unavailable(engine->running, engine->reason, sizeof(engine->reason)))
        return engine->status = TB_SKIP;
    if (!runtime)
        return TB_DONE;
    runtime = tb_runtime_load(runtime, why, sizeof(why));
    if (!runtime)
        return tb_skip(&engine->run, "%s: %s", engine->run.runtime->name, why);
    engine->run.runtime = runtime;
    return TB_DONE;
}

enum tb_status tb_engine_open(struct tb_engine *engine, const struct tb_bench_case *c,
                              size_t samples, int64_t patience_ns)
{
    const struct tb_bench *bench = c->bench;

    *engine = (struct tb_engine){
        .running = c,
        .patience_ns = patience_ns,
        .most_held = 1,
        .stack_bytes = bench->stack_bytes,
        .attributes = bench->attributes,
        .warmup_left = (size_t)(bench->warmup ? bench->warmup : DEFAULT_WARMUP),
        .run = {.bench = bench, .runtime = c->runtime, .block = bench->block ? bench->block : 1},
    };
    engine->run.engine = engine;
    tb_engine_makes_threads(); /* one without a runtime may make some by itself, too */
    if (load_runtime(engine) != TB_DONE || apply_axes(engine) != TB_DONE)
        return engine->status;
    return prepare(engine, samples);
}

/* A mean that is not above 0 is no result: Google Benchmark takes none, and nothing takes no time.
 */
static bool is_above_zero(const struct tb_samples *series)
{
    double sum = 0;

    for (size_t i = 0; i < series->count; i++)
        sum += (double)series->samples[i].ns;
    return sum > 0;
}

static void judge(struct tb_engine *engine)
{
    const struct tb_samples *series = &engine->series;

    if (engine->status == TB_DONE && series->count && !is_above_zero(series))
        (void)tb_skip(&engine->run, "what disturbs the samples is larger than what they measure");
    if (engine->status != TB_DONE || series->count == series->wanted || out_of_patience(engine))
        return;
    if (engine->misplaced) {
        (void)tb_skip(&engine->run,
                      "only %zu of %zu samples were taken where they should be, in %zu tries",
                      series->count, series->wanted, engine->turns);
        return;
    }
    engine->status = TB_FAIL;
    (void)snprintf(engine->reason, sizeof(engine->reason),
                   "the body ended after %zu of %zu samples without a reason", series->count,
                   series->wanted);
}

struct body {
    struct tb_run *run;
    enum tb_status end;
};

static void run_body(void *argument)
{
    struct body *body = argument;

    body->end = body->run->bench->run(body->run);
}

static enum tb_status body_within(struct tb_run *run)
{
    struct body body = {.run = run};

    if (run->runtime && run->runtime->within)
        run->runtime->within(run_body, &body);
    else
        run_body(&body);
    return body.end;
}

enum tb_status tb_engine_measure(struct tb_engine *engine)
{
    enum tb_status end;

    if (engine->status != TB_DONE)
        return engine->status;
    end = body_within(&engine->run);
    join_held(engine);
    leave_out_misplaced(engine);
    if (engine->status == TB_DONE)
        engine->status = end; /* a join within tb_next may have failed before */
    engine->wall_ns = tb_clock_ns() - engine->begin_ns;
    engine->used = tb_usage_since(&engine->begin);
    judge(engine);
    return engine->status;
}

void tb_engine_close(struct tb_engine *engine)
{
    const struct tb_bench_case *c = engine->running;

    if (engine->set_up && c->bench->teardown)
        c->bench->teardown(&engine->run);
    free(engine->own);
    engine->own = NULL;
    tb_threads_release(engine->threads, engine->most_held);
    free(engine->samples_of);
    engine->threads = NULL;
    engine->samples_of = NULL;
    if (engine->entered && engine->run.runtime->leave)
        engine->run.runtime->leave();
    while (engine->axes_applied) {
        size_t i = --engine->axes_applied;
        const struct tb_axis *axis = c->bench->sweeps[i].axis;

        if (axis->undo)
            axis->undo(&engine->run, c->values[i]);
    }
}

void tb_engine_finish(struct tb_engine *engine)
{
    tb_samples_finish(&engine->series);
}
