#include "program.h"

#include <benchmark_c.h>
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cases.h"
#include "engine.h"
#include "number.h"
#include "report.h"
#include "respawn.h"
#include "sidecar.h"
#include "trace.h"

enum { MOST_SAMPLES = 1 << 27 };

enum { EXIT_FINE = 0, EXIT_FAILED = 1, EXIT_USAGE = 2 };

static struct {
    struct tb_bench_case *all;
    struct tb_bench_case *cases; /* of them, those that may be asked for: */
    size_t count;
    long long samples; /* in a series that is one iteration; 0: an iteration is an operation */
    struct tb_suite_sidecar *sidecar;
    const char *sidecar_path; /* NULL: none is wanted, here and below */
    const char *trace_path;
    bool counted;
} suite;

/* Google Benchmark calls again, with more iterations, until their time is enough for it: the time
 * of the samples alone, which may be a thousandth of what it takes to set them up. So without a
 * number from outside a series is limited in samples and in time; its mean stands for all
 * iterations. */
enum { MOST_UNASKED = 100000 };
static const int64_t patience_ns = 1000000000;

static size_t samples_wanted(const struct bm_state *state, const struct tb_bench_case *c)
{
    size_t block = c->bench->block ? (size_t)c->bench->block : 1;
    size_t wanted = ((size_t)bm_iterations(state) + block - 1) / block;
    size_t most = (size_t)tb_bench_case_max_samples(c);

    if (suite.samples)
        wanted = (size_t)bm_iterations(state) * (size_t)suite.samples;
    else if (wanted > MOST_UNASKED)
        wanted = MOST_UNASKED;
    return most && wanted > most ? most : wanted;
}

static void measure(struct tb_engine *engine, const struct tb_bench_case *c, size_t samples)
{
    if (samples > MOST_SAMPLES) {
        *engine = (struct tb_engine){.running = c, .run.engine = engine};
        (void)tb_fail(&engine->run, "too many samples for one process: ask for less time", ENOMEM);
    } else if (tb_respawn_wanted(c)) {
        (void)tb_respawn(engine, c, samples);
    } else {
        (void)tb_engine_open(engine, c, samples, suite.samples ? 0 : patience_ns);
        if (!tb_respawn_is_ready(c))
            (void)tb_fail(&engine->run,
                          "what was to be preloaded is not there (a space in its path?)", ENOEXEC);
        (void)tb_engine_measure(engine);
        tb_engine_close(engine);
        tb_respawn_hand_over(engine);
    }
}

static void write_trace(struct tb_engine *engine)
{
    int err = suite.trace_path ? tb_trace_write(engine, suite.trace_path) : 0;

    if (err)
        (void)tb_fail(&engine->run, suite.trace_path, err);
}

/* Statistics take instructions that depend on the samples' values: what is counted has none, and
 * any time. */
static int report_series(struct tb_engine *engine, struct bm_state *state, double *ret_mean_ns)
{
    if (suite.counted) {
        *ret_mean_ns = 1;
        return 0;
    }
    if (tb_report(engine, state, ret_mean_ns))
        return ENOMEM;
    return suite.sidecar_path ? tb_suite_sidecar_add(suite.sidecar, engine) : 0;
}

static void report_end(struct tb_engine *engine, struct bm_state *state)
{
    double mean_ns = 0;

    if (engine->status == TB_DONE && report_series(engine, state, &mean_ns))
        (void)tb_fail(&engine->run, "report", ENOMEM);
    if (engine->status == TB_DONE)
        write_trace(engine);
    if (engine->status == TB_SKIP)
        bm_skip(state, engine->reason);
    if (engine->status == TB_FAIL)
        bm_skip_with_error(state, engine->reason);
    if (engine->status == TB_DONE)
        bm_set_iteration_time(state, mean_ns * 1e-9 * (double)bm_iterations(state));
}

/* The whole series is taken within the first iteration, so that Google Benchmark's own clocks see
 * it too; its real time is the one given here: the mean of the samples. */
static void run_case(struct bm_state *state, void *user)
{
    const struct tb_bench_case *c = user;
    struct tb_engine engine = {0};
    bool taken = false;

    BM_LOOP(state)
    {
        if (!taken) {
            taken = true;
            measure(&engine, c, samples_wanted(state, c));
            report_end(&engine, state);
        }
    }
    tb_engine_finish(&engine);
}

static bool register_case(struct tb_bench_case *c)
{
    struct bm_benchmark *benchmark = bm_register(c->name, run_case, c);
    int64_t most = tb_bench_case_max_samples(c);

    if (!benchmark)
        return false;
    bm_use_manual_time(benchmark);
    bm_set_unit(benchmark, BM_NANOSECOND);
    if (most)
        bm_set_iterations(benchmark, most);
    return true;
}

static int complain(const char *what, const char *why)
{
    (void)fprintf(stderr, "threadbench-suite: %s: %s\n", what, why);
    return EXIT_FAILED;
}

static bool read_environment(void)
{
    const char *samples = getenv(TB_SAMPLES_VARIABLE);

    suite.sidecar_path = getenv(TB_SIDECAR_VARIABLE);
    suite.trace_path = getenv(TB_TRACE_VARIABLE);
    suite.counted = getenv(TB_COUNTED_VARIABLE) != NULL;
    if (!samples || tb_parse_number(samples, 1, MOST_SAMPLES, &suite.samples))
        return true;
    (void)fprintf(stderr,
                  "threadbench-suite: " TB_SAMPLES_VARIABLE "=%s: expected a whole number "
                  "from 1 to %d\n",
                  samples, MOST_SAMPLES);
    return false;
}

/* The name that a filter of the form ^NAME$ lets through, its punctuation escaped or harmless;
 * false if it may let through more. */
static bool only_name(const char *filter, char *name, size_t size)
{
    size_t used = 0;

    if (*filter++ != '^')
        return false;
    for (; *filter && strcmp(filter, "$") != 0 && used + 1 < size; filter++) {
        if (*filter == '\\' && ispunct((unsigned char)filter[1]))
            filter++;
        else if (!isalnum((unsigned char)*filter) && !strchr("/:_-", *filter))
            return false;
        name[used++] = *filter;
    }
    name[used] = '\0';
    return !strcmp(filter, "$");
}

static bool narrow(const char *wanted)
{
    char name[256];

    for (size_t i = 0; i < suite.count; i++) {
        tb_bench_case_registered_name(&suite.all[i], name, sizeof(name));
        if (!strcmp(name, wanted)) {
            suite.cases = &suite.all[i];
            suite.count = 1;
            return true;
        }
    }
    return false;
}

/* Where one case is asked for by its name, as by the harness, there is no other: to make, to
 * register and to describe them all takes longer than many a series. */
static int find_cases(void)
{
    char wanted[256];
    int err;

    if (only_name(bm_filter(), wanted, sizeof(wanted))) {
        err = tb_bench_cases_create(wanted, &suite.all, &suite.count);
        if (err || narrow(wanted))
            return err;
        free(suite.all);
        suite.all = NULL;
    }
    err = tb_bench_cases_create(NULL, &suite.all, &suite.count);
    suite.cases = suite.all;
    return err;
}

static int set_up(const char *about)
{
    int err = find_cases();

    if (err)
        return complain("the registry", strerror(err));
    if (suite.count == 1)
        err = tb_respawn_in_place(suite.cases);
    if (err)
        return complain("cannot start again", strerror(err));
    for (size_t i = 0; i < suite.count; i++)
        if (!register_case(&suite.cases[i]))
            return complain(suite.cases[i].name, "cannot be registered");
    if (suite.sidecar_path)
        suite.sidecar = tb_suite_sidecar_create(suite.cases, suite.count, about);
    if (suite.sidecar_path && !suite.sidecar)
        return complain(suite.sidecar_path, strerror(ENOMEM));
    return EXIT_FINE;
}

static int write_sidecar(void)
{
    int err = suite.sidecar ? tb_suite_sidecar_write(suite.sidecar, suite.sidecar_path) : 0;

    return err ? complain(suite.sidecar_path, strerror(err)) : EXIT_FINE;
}

int tb_program(int argc, char **argv, const char *about)
{
    int status;

    if (!read_environment())
        return EXIT_USAGE;
    tb_clock_init();
    bm_initialize(&argc, argv);
    if (bm_report_unrecognized_arguments(argc, argv)) {
        (void)complain("unknown argument", "--help shows all");
        return EXIT_USAGE;
    }
    status = set_up(about);
    if (status == EXIT_FINE) {
        size_t matched = bm_run_specified();

        status = write_sidecar();
        if (!matched)
            status = complain("no case matches --benchmark_filter", bm_filter());
        if (bm_failed())
            status = EXIT_FAILED;
    }
    bm_shutdown();
    tb_suite_sidecar_destroy(suite.sidecar);
    free(suite.all);
    return status;
}
